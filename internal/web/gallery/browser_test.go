package gallery_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tidewaiter/internal/web"
	"tidewaiter/internal/web/gallery"
)

// TestBrowser opens the gallery in a real browser, light and dark, on a desk and on a
// phone: axe-core must find nothing serious, the browser must not complain of anything
// that the policy forbids, and nothing may be wider than the screen. With SHOTS=DIR it
// also saves pictures to look at.
func TestBrowser(t *testing.T) {
	browser := newBrowser(t)
	axe := axeSource(t)
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

// newBrowser starts Debian's chromium, or skips where there is none.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here")
	}
	if !web.Bundled() {
		t.Skip("the bundle is not built")
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

func axeSource(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Skip("axe-core is not installed: run npm ci")
	}
	return string(raw)
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

const runAxe = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
	.filter(v => v.impact === "serious" || v.impact === "critical")
	.map(v => v.id + ": " + v.nodes.map(n => n.target + " " + n.failureSummary).join(" | ")))`

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
	err := chromedp.Do(tab, prepare(url, theme, width), chromedp.Navigate(url), chromedp.WaitVisible("#content"),
		chromedp.Evaluate[chromedp.Void](`document.fonts.ready.then(() => new Promise(r => setTimeout(r, 400)))`, chromedp.EvalAwaitPromise),
		chromedp.Evaluate[chromedp.Void](axe), shot(t))
	if err != nil {
		t.Fatalf("visit %s: %v", url, err)
	}
	violations, err := chromedp.Run(tab, chromedp.Evaluate[[]string](runAxe, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("axe on %s: %v", url, err)
	}
	for _, v := range violations {
		t.Errorf("axe: %s", v)
	}
	over, err := chromedp.Run(tab, chromedp.Evaluate[float64](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	if err != nil || over > 0 {
		t.Errorf("the page is %v px wider than the screen (%v)", over, err)
	}
	heard.Lock()
	defer heard.Unlock()
	for _, c := range heard.list {
		t.Errorf("browser: %s", c)
	}
}

// TestHands: the menu opens on a phone, and the keys of a list lead into its rows.
func TestHands(t *testing.T) {
	browser := newBrowser(t)
	site := web.NewSite(web.Options{Logger: slog.New(slog.DiscardHandler)})
	gallery.Mount(site)
	server := httptest.NewServer(site.Handler())
	defer server.Close()
	tab, cancel := context.WithTimeout(browser, 30*time.Second)
	defer cancel()
	url := server.URL + "/_gallery/queue"
	err := chromedp.Do(tab, prepare(url, web.Light, 390), chromedp.Navigate(url), chromedp.WaitNotVisible("#menu"),
		chromedp.Click(".topbar-menu"), chromedp.WaitVisible("#menu"), shot(t))
	if err != nil {
		t.Fatalf("the menu on a phone: %v", err)
	}
	err = chromedp.Do(tab, prepare(url, web.Light, 1280), chromedp.Navigate(url), chromedp.WaitVisible("#rows"),
		chromedp.KeyEvent("?"), chromedp.WaitVisible("#keys-title"), chromedp.KeyEvent(kb.Escape), chromedp.WaitNotVisible("#keys-title"),
		chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("k"), chromedp.WaitVisible("tr[data-here]:first-child"),
		chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#why"))
	if err != nil {
		t.Errorf("the keys of the queue: %v", err)
	}
}

// prepare sets the theme's cookie and the size of the screen.
func prepare(url string, theme web.Theme, width int64) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: "theme", Value: string(theme), URL: url}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: width, Height: 900, DeviceScaleFactor: 1})
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
		return os.WriteFile(filepath.Join(dir, strings.NewReplacer("/", "_").Replace(name)+".png"), raw, 0o644)
	})
}
