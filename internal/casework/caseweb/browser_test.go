package caseweb_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

// look is how a page is looked at.
type look struct {
	width       int64
	theme, lang string
}

// inspected is a page that a browser looks at.
type inspected struct {
	name, path, officer string
	open                string   // details to unfold first
	post                []string // sent as a form, in pairs, where the page is an answer
}

// inspected fills the desk and returns its pages.
func (d *desk) inspected() []inspected {
	d.Helper()
	path := d.worked()
	d.open("bakyt", "CASE0003", "CASE0004")
	d.open("aigul", "CASE0005")
	done := d.open("bakyt", "CASE0006")
	k := d.load(done)
	if _, err := d.Conclude(d.as("bakyt"), casework.Ref{Scope: k.Scope, Case: k.ID, Saw: k.Version},
		casework.Conclusion{Ending: casework.Referred, ReferredTo: "ГКНБ", Reason: casework.Reason{Code: "investigation", Words: "They asked for it in writing"}}); err != nil {
		d.Fatal(err)
	}
	release := []string{"consignment", d.id("CASE0001"), "consignment", d.id("CASE0007"), "consignment", d.id("CASE0008")}
	return []inspected{
		{"list", "/cases?state=all", "aigul", "", nil},
		{"empty", "/cases?state=held", "aigul", "", nil},
		{"board", "/cases/board", "aigul", "", nil},
		{"case", path, "aigul", "", nil},
		{"steps", path + "?do=released", "aigul", "#attachments details, #tasks details", nil},
		{"concluded", done, "aigul", "#reopen", nil},
		{"plan", path + "/plan", "aigul", "", nil},
		{"examination", path + "/examination", "aigul", ".item", nil},
		{"outcome", path + "/outcomes/" + d.id("CASE0001"), "aigul", "", nil},
		{"new", "/cases/new?q=CASE000", "aigul", "", nil},
		{"rules", "/settings/case-rules", "head", "", nil},
		{"consignment", "/consignments/" + d.id("CASE0004"), "aigul", "", nil},
		{"home", "/", "aigul", "", nil},
		{"release", "/releases", "aigul", "", release},
		{"taken", "/cases", "aigul", "", release},
		{"conflict", path + "/hold", "bakyt", "", []string{"version", "2", "hold-reason", "suspicion"}},
		{"wrong", path + "/outcomes/" + d.id("CASE0001"), "aigul", "", []string{"version", d.version(path), "outcome-method", "full", "outcome-result", "seizure",
			"outcome-goods.0.category", "cocaine", "outcome-goods.0.quantity", "x"}},
	}
}

// TestPagesInABrowser holds every page to what axe-core finds, and to the width of a desk
// and of a phone, light and dark, in each language.
func TestPagesInABrowser(t *testing.T) {
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	browser := webtest.Browser(t)
	axe := webtest.Axe(t)
	d := busy(t)
	pages := d.inspected()
	looks := []look{{1280, "light", "en"}, {390, "dark", "ky"}}
	if os.Getenv("SHOTS") != "" {
		looks = append(looks, []look{{390, "light", "ru"}, {1600, "dark", "ru"}}...)
	}
	for _, p := range pages {
		for _, look := range looks {
			t.Run(fmt.Sprintf("%s-%d-%s-%s", p.name, look.width, look.theme, look.lang), func(t *testing.T) {
				tab, cancel := context.WithTimeout(browser, time.Minute)
				defer cancel()
				at := d.server.URL + p.path
				show := chromedp.Navigate(at)
				if p.post != nil {
					show = submit(d.server.URL, p.path, p.post)
				}
				if err := chromedp.Do(tab, webtest.Screen(at, look.width, map[string]string{"officer": p.officer, "theme": look.theme, "lang": look.lang}),
					show, chromedp.WaitReady("main")); err != nil {
					t.Fatal(err)
				}
				if p.open != "" {
					unfold := fmt.Sprintf(`[...document.querySelectorAll(%q)].slice(0, 4).forEach((e) => e.open = true)`, p.open)
					if _, err := chromedp.Run(tab, chromedp.Evaluate[any](unfold)); err != nil && !strings.Contains(err.Error(), "undefined") {
						t.Fatal(err)
					}
				}
				if err := chromedp.Do(tab, webtest.Shot(t)); err != nil {
					t.Fatal(err)
				}
				webtest.Inspect(t, tab, axe, at)
			})
		}
	}
}

// submit sends a form as a page of the site would, and shows the answer.
func submit(site, path string, pairs []string) chromedp.Action[chromedp.Void] {
	var fields strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&fields, `form.append(Object.assign(document.createElement("input"), {type: "hidden", name: %q, value: %q}));`, pairs[i], pairs[i+1])
	}
	script := fmt.Sprintf(`{const form = Object.assign(document.createElement("form"), {method: "post", action: %q}); %s document.body.append(form); form.submit()}`, path, fields.String())
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := chromedp.Navigate(site+"/cases/board")(ctx, target); err != nil {
			return err
		}
		if _, err := chromedp.Evaluate[any](script)(ctx, target); err != nil && !strings.Contains(err.Error(), "undefined") {
			return err
		}
		_, err := chromedp.WaitReady("main:not(:has(.board))")(ctx, target)
		return err
	})
}

// TestUnitsFollowTheCategory chooses a category, and is offered its units only.
func TestUnitsFollowTheCategory(t *testing.T) {
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	tab := webtest.Browser(t)
	d := busy(t)
	at := d.server.URL + d.open("aigul", "CASE0001") + "/outcomes/" + d.id("CASE0001")
	tab, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()
	if err := chromedp.Do(tab, webtest.Screen(at, 1280, map[string]string{"officer": "aigul"}), chromedp.Navigate(at), chromedp.WaitReady("main")); err != nil {
		t.Fatal(err)
	}
	choose := `{const s = document.getElementById("outcome-goods.0.category"); s.value = "stolen-vehicles"; s.dispatchEvent(new Event("change", {bubbles: true}))} 0`
	units := `[...document.getElementById("outcome-goods.0.unit").options].map((o) => o.value).join(" ")`
	if got, err := chromedp.Run(tab, chromedp.Evaluate[string](units)); err != nil || got != "kg litre piece stick tablet" {
		t.Errorf("before: %q, %v", got, err)
	}
	if _, err := chromedp.Run(tab, chromedp.Evaluate[int](choose)); err != nil {
		t.Fatal(err)
	}
	got := ""
	for range 100 {
		var err error
		if got, err = chromedp.Run(tab, chromedp.Evaluate[string](units)); err != nil {
			t.Fatal(err)
		}
		if got == "piece" {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("after the choice the units are %q, want piece", got)
}
