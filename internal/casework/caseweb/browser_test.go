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

// tooWide lists what stands beyond the right edge of a screen and cannot be scrolled to
// within the page. A phone would make its whole page wider instead.
const tooWide = `[...document.querySelectorAll("main *")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > %d + 1
	&& !e.closest(".board, .tabs, .raw, .table-wrap, .visually-hidden")).slice(0, 5).map((e) => e.tagName + "." + e.className + " " + e.getBoundingClientRect().right)`

// TestPagesInABrowser holds every page to what axe-core finds, and to the width of a desk
// and of a phone, light and dark, in each language.
func TestPagesInABrowser(t *testing.T) {
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	browser := webtest.Browser(t)
	axe := webtest.Axe(t)
	d := busy(t)
	path := d.worked()
	d.open("bakyt", "CASE0003", "CASE0004")
	d.open("aigul", "CASE0005")
	done := d.open("bakyt", "CASE0006")
	k := d.load(done)
	if _, err := d.Conclude(d.as("bakyt"), casework.Ref{Scope: k.Scope, Case: k.ID, Saw: k.Version},
		casework.Conclusion{Ending: casework.Referred, ReferredTo: "ГКНБ", Reason: casework.Reason{Code: "investigation", Words: "They asked for it in writing"}}); err != nil {
		t.Fatal(err)
	}
	pages := []struct{ name, path, officer, open string }{
		{"list", "/cases?state=all", "aigul", ""},
		{"empty", "/cases?state=held", "aigul", ""},
		{"board", "/cases/board", "aigul", ""},
		{"case", path, "aigul", ""},
		{"steps", path + "?do=released", "aigul", "#attachments details, #tasks details"},
		{"concluded", done, "aigul", "#reopen"},
		{"plan", path + "/plan", "aigul", ""},
		{"examination", path + "/examination", "aigul", ".item"},
		{"outcome", path + "/outcomes/" + d.id("CASE0001"), "aigul", ""},
		{"new", "/cases/new?q=CASE000", "aigul", ""},
		{"rules", "/settings/case-rules", "head", ""},
		{"consignment", "/consignments/" + d.id("CASE0004"), "aigul", ""},
		{"home", "/", "aigul", ""},
	}
	looks := []look{{1280, "light", "en"}, {390, "dark", "ky"}}
	if os.Getenv("SHOTS") != "" {
		looks = append(looks, []look{{390, "light", "ru"}, {1600, "dark", "ru"}}...)
	}
	for _, p := range pages {
		for _, look := range looks {
			t.Run(fmt.Sprintf("%s-%d-%s-%s", p.name, look.width, look.theme, look.lang), func(t *testing.T) {
				tab, close := chromedp.NewContext(browser)
				defer close()
				if err := chromedp.Do(tab); err != nil {
					t.Fatal(err)
				}
				tab, cancel := context.WithTimeout(tab, time.Minute)
				defer cancel()
				at := d.server.URL + p.path
				if err := chromedp.Do(tab, webtest.Screen(at, look.width, map[string]string{"officer": p.officer, "theme": look.theme, "lang": look.lang}),
					chromedp.Navigate(at), chromedp.WaitReady("main")); err != nil {
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
				wide, err := chromedp.Run(tab, chromedp.Evaluate[[]string](fmt.Sprintf(tooWide, look.width)))
				if err != nil || len(wide) > 0 {
					t.Errorf("%s: wider than the screen: %q, %v", at, wide, err)
				}
			})
		}
	}
}
