package gallery_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tidewaiter/internal/web"
	"tidewaiter/internal/web/gallery"
	"tidewaiter/internal/web/webtest"
)

// TestBrowser opens the gallery in a real browser, light and dark, on a desk and on a
// phone: axe-core must find nothing serious, the browser must not complain of anything
// that the policy forbids, and nothing may be wider than the screen. With SHOTS=DIR it
// also saves pictures to look at.
func TestBrowser(t *testing.T) {
	browser := bundledBrowser(t)
	axe := webtest.Axe(t)
	site := web.NewSite(web.Options{Logger: slog.New(slog.DiscardHandler)})
	gallery.Mount(site)
	server := httptest.NewServer(site.Handler())
	defer server.Close()
	for _, path := range []string{"/_gallery", "/_gallery/queue", "/_gallery/consignment", "/_gallery/bare", "/_gallery/error"} {
		for _, theme := range []web.Theme{web.Light, web.Dark} {
			for _, width := range []int64{1280, 390} {
				t.Run(fmt.Sprintf("%s %s %d", path, theme, width), func(t *testing.T) {
					visit(t, browser, server.URL+path, theme, width, axe)
				})
			}
		}
	}
}

// bundledBrowser is a browser for pages whose styles and scripts are built.
func bundledBrowser(t *testing.T) context.Context {
	t.Helper()
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	return webtest.Browser(t)
}

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
		if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "422") {
			c.list = append(c.list, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		c.list = append(c.list, e.ExceptionDetails.Text)
	}
}

func visit(t *testing.T, browser context.Context, url string, theme web.Theme, width int64, axe string) {
	tab, done := chromedp.NewContext(browser)
	defer done()
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	tab, cancel := context.WithTimeout(tab, 15*time.Second)
	defer cancel()
	var heard complaints
	if err := chromedp.Listen(tab, heard.hear); err != nil {
		t.Fatalf("listen: %v", err)
	}
	err := chromedp.Do(tab, webtest.Screen(url, width, map[string]string{"theme": string(theme)}), chromedp.Navigate(url), chromedp.WaitVisible("#content"),
		chromedp.Evaluate[chromedp.Void](`document.fonts.ready.then(() => new Promise(r => setTimeout(r, 400)))`, chromedp.EvalAwaitPromise),
		webtest.Shot(t))
	if err != nil {
		t.Fatalf("visit %s: %v", url, err)
	}
	webtest.Inspect(t, tab, axe, url)
	heard.Lock()
	defer heard.Unlock()
	for _, c := range heard.list {
		t.Errorf("browser: %s", c)
	}
}

// TestHands: the menu opens on a phone, and the keys of a list lead into its rows.
func TestHands(t *testing.T) {
	browser := bundledBrowser(t)
	site := web.NewSite(web.Options{Logger: slog.New(slog.DiscardHandler)})
	gallery.Mount(site)
	server := httptest.NewServer(site.Handler())
	defer server.Close()
	tab, cancel := context.WithTimeout(browser, 30*time.Second)
	defer cancel()
	url := server.URL + "/_gallery/queue"
	err := chromedp.Do(tab, webtest.Screen(url, 390, map[string]string{"theme": "light"}), chromedp.Navigate(url), chromedp.WaitNotVisible("#menu"),
		chromedp.Click(".topbar-menu"), chromedp.WaitVisible("#menu"), webtest.Shot(t))
	if err != nil {
		t.Fatalf("the menu on a phone: %v", err)
	}
	err = chromedp.Do(tab, webtest.Screen(url, 1280, map[string]string{"theme": "light"}), chromedp.Navigate(url), chromedp.WaitVisible("#rows"),
		chromedp.KeyEvent("?"), chromedp.WaitVisible("#keys-title"), chromedp.KeyEvent(kb.Escape), chromedp.WaitNotVisible("#keys-title"),
		chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("k"), chromedp.WaitVisible("tr[data-here]:first-child"),
		chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#why"))
	if err != nil {
		t.Errorf("the keys of the queue: %v", err)
	}
}
