package webtest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Browser starts Debian's chromium until the test ends, and returns the context of its
// first tab. It skips the test in short mode and where there is no chromium.
func Browser(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here; make setup installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	tab, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return tab
}

// Screen sets the width of a tab's screen in pixels, and cookies for the site at url.
func Screen(url string, width int64, cookies map[string]string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
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

// Shot saves a picture of the whole page, named for the test, where SHOTS names a folder.
func Shot(t *testing.T) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		dir := os.Getenv("SHOTS")
		if dir == "" {
			return nil
		}
		raw, err := chromedp.FullScreenshot(100)(ctx, target)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "_")+".png"), raw, 0o600)
	})
}

// Axe returns the source of axe-core, and skips the test where npm has not fetched it.
func Axe(t *testing.T) string {
	t.Helper()
	for dir, up := ".", 0; up < 6; dir, up = filepath.Join("..", dir), up+1 {
		if raw, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js")); err == nil {
			return string(raw)
		}
	}
	t.Skip("axe-core is not here; make assets fetches it")
	return ""
}

const runAxe = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
	.filter(v => v.impact === "serious" || v.impact === "critical")
	.map(v => v.id + ": " + v.nodes.map(n => n.target + " " + n.failureSummary).join(" | ")))`

// tooWide lists what stands beyond the right edge of the screen and in nothing that
// scrolls: a phone makes its whole page wider instead.
const tooWide = `[...document.querySelectorAll("main *")].filter((e) => {
	if (!e.checkVisibility() || e.getBoundingClientRect().right <= document.documentElement.clientWidth + 1) {
		return false;
	}
	for (let p = e; p && p !== document.body; p = p.parentElement) {
		if (getComputedStyle(p).overflowX !== "visible") {
			return false;
		}
	}
	return true;
}).slice(0, 5).map((e) => e.tagName + "." + e.className + " " + e.getBoundingClientRect().right)`

// Inspect demands of the page in the tab that axe-core finds no serious fault, and that
// it is no wider than the screen. page names it in failures.
func Inspect(t *testing.T, tab context.Context, axe, page string) {
	t.Helper()
	faults, err := chromedp.Run(tab, chromedp.Evaluate[[]string](axe+";"+runAxe, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: axe-core: %v", page, err)
	}
	for _, fault := range faults {
		t.Errorf("%s: axe-core: %s", page, fault)
	}
	over, err := chromedp.Run(tab, chromedp.Evaluate[float64](`document.documentElement.scrollWidth - Math.max(innerWidth, document.documentElement.clientWidth)`))
	if err != nil || over > 0 {
		t.Errorf("%s: %v px wider than the screen (%v)", page, over, err)
	}
	wide, err := chromedp.Run(tab, chromedp.Evaluate[[]string](tooWide))
	if err != nil || len(wide) > 0 {
		t.Errorf("%s: wider than the screen: %q (%v)", page, wide, err)
	}
}
