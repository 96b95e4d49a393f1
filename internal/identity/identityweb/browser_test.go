package identityweb_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/identity/identityweb"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
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
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	browser, axe := webtest.Browser(t), webtest.Axe(t)
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
				visit(t, browser, d.server.URL, p, l, cookies, axe)
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

func visit(t *testing.T, browser context.Context, server string, p page, l look, cookies map[string]string, axe string) {
	tab, done := chromedp.NewContext(browser)
	defer done()
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	tab, cancel := context.WithTimeout(tab, 60*time.Second)
	defer cancel()
	err := chromedp.Do(tab, clearCookies(), webtest.Screen(server, l.width, cookies), chromedp.Navigate(server+p.path), chromedp.WaitVisible("main"))
	if err == nil && p.do != "" {
		err = chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](p.do), chromedp.WaitVisible(p.then))
	}
	if err == nil {
		err = chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](`document.fonts.ready.then(() => 0)`, chromedp.EvalAwaitPromise),
			webtest.Shot(t))
	}
	if err != nil {
		t.Fatalf("visit %s: %v", p.path, err)
	}
	webtest.Inspect(t, tab, axe, p.path)
}

// clearCookies forgets who was signed in at the page before.
func clearCookies() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.ClearBrowserCookies, cdp.Empty{})
		return err
	})
}
