package e2e_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tidewaiter/internal/web/webtest"
)

// desk is a person at a browser, before a running demo.
type desk struct {
	t       *testing.T
	browser context.Context
	axe     string
	base    string
	dsn     string
	screen  int64 // its width in pixels
}

// newDesk starts a demo of n consignments as a process of its own, and a browser.
func newDesk(t *testing.T, n int) *desk {
	t.Helper()
	axe := webtest.Axe(t)
	browser := webtest.Browser(t)
	base, dsn := startDemo(t, n)
	d := &desk{t: t, axe: axe, base: base, dsn: dsn, browser: browser}
	d.width(1280)
	return d
}

// bring imports a file at the command line, whatever becomes of it.
func (d *desk) bring(name, content string) {
	d.t.Helper()
	path := filepath.Join(d.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
	out, err := withDatabase(exec.Command(program, "import", "--json", path), d.dsn).CombinedOutput()
	if !strings.Contains(string(out), name) {
		d.t.Fatalf("import %s: %v\n%s", name, err, out)
	}
}

// do runs actions in the tab, at most for a minute.
func (d *desk) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.browser, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		d.t.Fatalf("%s: %v\nat %s", what, err, d.script("location.href"))
	}
}

// script runs a script, or waits for its promise, and returns its value as text.
func (d *desk) script(js string) string {
	d.t.Helper()
	text, err := d.try(js)
	if err != nil {
		d.t.Fatalf("%s: %v", js, err)
	}
	return text
}

// try is script for a page that may be replaced by another while the script runs.
func (d *desk) try(js string) (string, error) {
	ctx, cancel := context.WithTimeout(d.browser, time.Minute)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[json.RawMessage](js, chromedp.EvalAwaitPromise))
	if err != nil {
		return "", err
	}
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text, nil
	}
	return string(value), nil
}

// open goes to a page of the program. By a script, as a page in sight may be about to
// load itself again, which ends a navigation from outside.
func (d *desk) open(path string) {
	d.t.Helper()
	if !strings.HasPrefix(d.script("location.href"), d.base) {
		d.do("open "+path, chromedp.Navigate(d.base+path))
	} else {
		d.try(`document.querySelector("main")?.remove(), location.assign("` + path + `"), 0`)
	}
	d.await(`document.querySelector("main") !== null`)
}

// await waits until a script says true.
func (d *desk) await(js string) {
	d.t.Helper()
	for range 300 {
		if is, err := d.try(`Promise.resolve(` + js + `).then(Boolean)`); err == nil && is == "true" {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	d.t.Fatalf("waited in vain for %s at %s:\n%s", js, d.script("location.href"), d.script(`document.querySelector("main")?.innerText.slice(0, 2000) ?? ""`))
}

// click clicks the first element of the selector, as a mouse would.
func (d *desk) click(selector string) {
	d.t.Helper()
	d.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// cookie sets a cookie for the program.
func (d *desk) cookie(name, value string) {
	d.t.Helper()
	d.do("set a cookie", webtest.Screen(d.base, d.screen, map[string]string{name: value}))
}

// width sets the width of the screen.
func (d *desk) width(pixels int64) {
	d.t.Helper()
	d.screen = pixels
	d.do("set the width", webtest.Screen(d.base, pixels, nil))
}

// inspect demands of the page in sight that axe-core finds no serious fault, that it is
// no wider than the screen, that nothing on it is left untranslated, and that it obeys
// its own policy.
func (d *desk) inspect() {
	d.t.Helper()
	page := d.script(`location.pathname + " " + document.documentElement.lang + " " + innerWidth`)
	webtest.Inspect(d.t, d.browser, d.axe, page)
	if inline := d.script(`document.querySelectorAll("[style], style, script:not([src]):not([type='application/json'])").length`); inline != "0" {
		d.t.Errorf("%s: %s inline styles or scripts", page, inline)
	}
	if ids := d.script(`(document.querySelector("main").innerText.match(/\b(risk|cargo|intake|identity|web|indicator|note|list)\.[a-z][a-z.-]+[a-z]\b/g) ?? []).join(" ")`); ids != "" {
		d.t.Errorf("%s: messages without a text: %s", page, ids)
	}
}
