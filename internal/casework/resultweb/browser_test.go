package resultweb_test

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

	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
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
		if e.Entry.Level == log.EntryLevelError {
			c.list = append(c.list, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		c.list = append(c.list, e.ExceptionDetails.Text)
	}
}

// The pages in a real browser: the map is drawn, axe-core finds nothing serious, the
// policy forbids nothing, and nothing is wider than the screen.
func TestBrowser(t *testing.T) {
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	browser := webtest.Browser(t)
	axe := webtest.Axe(t)
	d := newDesk(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	d.months(70)
	for _, c := range []struct {
		path  string
		width int64
		lang  string
		theme web.Theme
		wait  string
	}{
		{"/results?period=365", 1360, "en", web.Light, "outcome-map circle"},
		{"/results?step=month", 390, "ky", web.Dark, "outcome-map circle"},
		{"/results/goods", 1360, "ru", web.Dark, "#latest"},
		{"/results/goods", 390, "en", web.Light, "#latest"},
	} {
		t.Run(fmt.Sprintf("%s %s %d", strings.Trim(c.path, "/"), c.lang, c.width), func(t *testing.T) {
			tab, done := chromedp.NewContext(browser)
			defer done()
			if err := chromedp.Do(tab); err != nil {
				t.Fatalf("open a tab: %v", err)
			}
			tab, cancel := context.WithTimeout(tab, 30*time.Second)
			defer cancel()
			var heard complaints
			if err := chromedp.Listen(tab, heard.hear); err != nil {
				t.Fatal(err)
			}
			url := d.server.URL + c.path
			err := chromedp.Do(tab, webtest.Screen(url, c.width, map[string]string{"theme": string(c.theme), "lang": c.lang, "unit": "0"}),
				chromedp.Navigate(url), chromedp.WaitVisible(c.wait),
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
