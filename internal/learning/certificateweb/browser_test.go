package certificateweb_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

// complaints collects what the browser says against a page.
type complaints struct {
	sync.Mutex
	list []string
}

func (c *complaints) hear(event any) {
	c.Lock()
	defer c.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "status of 4") {
			c.list = append(c.list, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		c.list = append(c.list, e.ExceptionDetails.Text)
	}
}

// The pages in a real browser: axe-core finds nothing serious, the policy forbids nothing,
// and nothing is wider than the screen.
func TestBrowser(t *testing.T) {
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	browser := webtest.Browser(t)
	axe := webtest.Axe(t)
	d := newDesk(t, home)
	good, bad := d.issue("officer"), d.issue("colleague")
	d.ok(d.certs.Revoke(with(d.people["head"]), bad.ID, "the answers of a colleague were copied in the test after the course"))
	page := func(id int64) string { return fmt.Sprintf("/certificates/%d", id) }
	for i, c := range []struct {
		who, path string
		width     int64
		lang      string
		theme     web.Theme
	}{
		{"officer", "/certificates", 1360, "en", web.Light},
		{"officer", "/certificates", 390, "ky", web.Dark},
		{"officer", page(good.ID), 390, "ru", web.Light},
		{"head", page(good.ID), 1360, "ky", web.Dark},
		{"head", page(bad.ID), 390, "en", web.Light},
		{"head", "/certificates/unit", 390, "ru", web.Dark},
		{"head", "/certificates/unit?q=zzz", 1360, "ky", web.Light},
		{"", "/verify", 390, "ky", web.Light},
		{"", "/verify/" + good.Number, 1360, "ru", web.Light},
		{"", "/verify/" + bad.Number, 390, "en", web.Dark},
		{"", "/verify/222222222222", 390, "ru", web.Light},
	} {
		t.Run(fmt.Sprintf("%d %s %d", i, c.lang, c.width), func(t *testing.T) {
			tab, done := chromedp.NewContext(browser)
			defer done()
			if err := chromedp.Do(tab); err != nil {
				t.Fatalf("open a tab: %v", err)
			}
			tab, cancel := context.WithTimeout(tab, 60*time.Second)
			defer cancel()
			var heard complaints
			if err := chromedp.Listen(tab, heard.hear); err != nil {
				t.Fatal(err)
			}
			url := d.server.URL + c.path
			err := chromedp.Do(tab, webtest.Screen(url, c.width, map[string]string{"theme": string(c.theme), "lang": c.lang, "officer": c.who}),
				chromedp.Navigate(url), chromedp.WaitVisible("#content"),
				chromedp.Evaluate[chromedp.Void](`document.fonts.ready`, chromedp.EvalAwaitPromise), webtest.Shot(t))
			if err != nil {
				t.Fatalf("visit %s: %v", url, err)
			}
			webtest.Inspect(t, tab, axe, url)
			for _, c := range heard.list {
				t.Errorf("browser: %s", c)
			}
		})
	}
}
