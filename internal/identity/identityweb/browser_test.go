package identityweb_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/identity/identityweb"
	"tidewaiter/internal/web"
)

// look is one way to look at the pages.
type look struct {
	lang  web.Language
	theme web.Theme
	width int64
}

// page is a page to look at; do is a script that submits a form of it, and then is what
// must appear. A telling one is worth looking at in every language.
type page struct {
	name, path, do, then string
	telling              bool
}

const submitFirst = `(() => { const f = document.querySelector("main form"); f.noValidate = true; f.submit() })()`

// TestBrowser opens every page in a real browser: axe-core must find nothing serious,
// and nothing may be wider than the screen. With SHOTS=DIR it saves pictures in all
// languages to look at.
func TestBrowser(t *testing.T) {
	browser := newBrowser(t)
	axe, err := os.ReadFile("../../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Skip("axe-core is not installed: run npm ci")
	}
	d := newDesk(t, identityweb.DemoAccount{Username: "aigul", Password: password, Name: "Айгүл Сыдыкова", Role: identity.RoleOfficer, Unit: "Osh"},
		identityweb.DemoAccount{Username: "root", Password: password, Name: "Root", Role: identity.RoleAdministrator})
	token := d.furnish()
	looks := []look{{web.English, web.Light, 1280}, {web.Russian, web.Dark, 390}, {web.Kyrgyz, web.Light, 390}}
	if os.Getenv("SHOTS") != "" {
		looks = append(looks, look{web.English, web.Dark, 390}, look{web.Russian, web.Dark, 1280}, look{web.Kyrgyz, web.Light, 1280})
	}
	for i, l := range looks {
		for _, p := range d.pages() {
			if i > 0 && !p.telling && os.Getenv("SHOTS") == "" {
				continue
			}
			t.Run(fmt.Sprintf("%s %s %s %d", p.name, l.lang, l.theme, l.width), func(t *testing.T) {
				cookies := map[string]string{"lang": string(l.lang), "theme": string(l.theme)}
				if !strings.HasPrefix(p.path, "/sign-in") {
					cookies["session"] = token
				}
				visit(t, browser, d.server.URL, p, l, cookies, string(axe))
			})
		}
	}
}

// furnish makes something to see, and returns the token of the system's administrator.
func (d *desk) furnish() string {
	d.browser().post("/sign-in", "username", "aigul", "password", "wrong-password-1")
	head := d.as("bakyt")
	head.post("/officers", "username", "meerim.toktogulova@customs.example.kg", "name", "Мээрим Токтогулова", "language", "ky", "role", "officer")
	head.post("/officers/" + itoa(d.ids["aigul"].ID) + "/close")
	if err := d.registry.Audit.Flush(d.console); err != nil {
		d.t.Fatal(err)
	}
	root := d.browser()
	signedIn := root.post("/sign-in", "username", "root", "password", password)
	root.post("/unit", "unit", itoa(d.osh.ID))
	for _, c := range signedIn.Cookies() {
		if c.Name == "session" && signedIn.StatusCode == http.StatusSeeOther {
			return c.Value
		}
	}
	d.t.Fatal("no session")
	return ""
}

func (d *desk) pages() []page {
	officer := "/officers/" + itoa(d.ids["chinara"].ID)
	wrong := `(() => { document.querySelector("#username").value = "x"; document.querySelector("#password").value = "y"; ` +
		`document.querySelector("main form").submit() })()`
	return []page{
		{"sign-in", "/sign-in", "", "", false}, {"sign-in refused", "/sign-in", wrong, ".error-summary", true},
		{"account", "/account", "", "", true}, {"password", "/account/password", "", "", false}, {"password refused", "/account/password", submitFirst, ".error-summary", false},
		{"officers", "/officers", "", "", true}, {"new officer", "/officers/new", "", "", false}, {"new officer refused", "/officers/new", submitFirst, ".error-summary", true},
		{"officer", officer, "", "", false}, {"one-time", officer, `document.querySelector("form[action$=reset]").submit()`, "#one-time", false},
		{"units", "/units", "", "", false}, {"unit", "/units/" + itoa(d.osh.ID), "", "", false}, {"choice", "/unit", "", "", false},
		{"audit", "/audit", "", "", true}, {"audit empty", "/audit?from=2099-01-01", "", "", false}, {"chain", "/audit/chain", "", "", false},
	}
}

// newBrowser starts Debian's chromium, or skips where there is none.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here")
	}
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return ctx
}

const runAxe = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
	.filter(v => v.impact === "serious" || v.impact === "critical")
	.map(v => v.id + ": " + v.nodes.map(n => n.target + " " + n.failureSummary).join(" | ")))`

func visit(t *testing.T, browser context.Context, server string, p page, l look, cookies map[string]string, axe string) {
	tab, done := chromedp.NewContext(browser)
	defer done()
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	tab, cancel := context.WithTimeout(tab, 60*time.Second)
	defer cancel()
	err := chromedp.Do(tab, prepare(server, l.width, cookies), chromedp.Navigate(server+p.path), chromedp.WaitVisible("main"))
	if err == nil && p.do != "" {
		err = chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](p.do), chromedp.WaitVisible(p.then))
	}
	if err == nil {
		err = chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](`document.fonts.ready.then(() => 0)`, chromedp.EvalAwaitPromise),
			chromedp.Evaluate[chromedp.Void](axe), shot(t))
	}
	if err != nil {
		t.Fatalf("visit %s: %v", p.path, err)
	}
	violations, err := chromedp.Run(tab, chromedp.Evaluate[[]string](runAxe, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("axe on %s: %v", p.path, err)
	}
	for _, v := range violations {
		t.Errorf("axe: %s", v)
	}
	over, err := chromedp.Run(tab, chromedp.Evaluate[float64](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	if err != nil || over > 0 {
		t.Errorf("the page is %v px wider than the screen (%v)", over, err)
	}
}

// prepare sets the cookies, and no others, and the size of the screen.
func prepare(url string, width int64, cookies map[string]string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
			return err
		}
		for name, value := range cookies {
			if _, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: url}); err != nil {
				return err
			}
		}
		_, err := cdp.Call(ctx, target, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 800})
		return err
	})
}

// shot saves a picture of the whole page when SHOTS names a directory.
func shot(t *testing.T) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		dir := os.Getenv("SHOTS")
		if dir == "" {
			return nil
		}
		raw, err := chromedp.FullScreenshot(100)(ctx, target)
		if err != nil {
			return err
		}
		_, name, _ := strings.Cut(t.Name(), "/")
		return os.WriteFile(filepath.Join(dir, name+".png"), raw, 0o600)
	})
}
