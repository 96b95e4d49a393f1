package web_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tidewaiter/internal/format/picture"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

// atWork starts a yard and a browser in which Aida has the examination open.
func atWork(t *testing.T, path string) (*yard, context.Context, *phone) {
	t.Helper()
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	browser := webtest.Browser(t)
	y := newYard(t)
	p := y.tab(browser)
	p.open(path)
	p.signIn("aida")
	p.await("the form is ready", `document.querySelector("offline-form")?.dataset.ready !== undefined`)
	p.keeps(path)
	p.keeps("/photo.jpg")
	return y, browser, p
}

// TestOfflineExamination: the network is off, an examination with three photos is filled
// in, the tab is closed and opened, another is filled in, the network is back: everything
// arrives once, in order.
func TestOfflineExamination(t *testing.T) {
	y, browser, p := atWork(t, "/examination")
	p.keeps("/next") // which was only asked for
	y.off()
	p.network(false)
	paths, contents := photos(t, 3)
	p.do("photos", chromedp.SetUploadFiles("#box", paths[:1]), chromedp.SetUploadFiles("#box", paths[1:2]), chromedp.SetUploadFiles("#seal", paths[2:]),
		chromedp.Click("input[value=tug]"), chromedp.Click("input[value=verify]"))
	p.write("Пломба цела", 3)
	p.close()

	p = y.tab(browser)
	p.network(false)
	p.open("/next")
	if got := p.text("#next"); got != "TGHU 307031-0" {
		t.Errorf("a page that was kept ahead says %q", got)
	}
	p.open("/examination")
	p.await("the photos are back", `document.querySelectorAll(".photo").length === 3 && document.querySelector("#box").files.length === 2`)
	webtest.Inspect(t, p.tab, webtest.Axe(t), "a draft that is back")
	p.await("an earlier photo is seen", `document.querySelector("img").naturalWidth === 40`)
	p.send()
	p.waiting(1, 0)
	p.write("Второй ящик", 3)
	p.send()
	p.waiting(2, 0)
	webtest.Inspect(t, p.tab, webtest.Axe(t), "an outbox")
	p.close()

	p = y.tab(browser)
	p.network(false)
	p.open("/examination")
	p.waiting(2, 0)
	if n := len(y.arrived()); n != 0 {
		t.Fatalf("%d entries arrived without a network", n)
	}
	before := time.Now()
	y.on()
	p.network(true)
	p.waiting(0, 0)
	p.await("it says so", `document.querySelector(".outbox-state").innerText === "Everything is sent."`)
	got := y.arrived()
	if len(got) != 2 || got[0].notes != "Пломба цела" || got[1].notes != "Второй ящик" {
		t.Fatalf("arrived: %+v", got)
	}
	if got[0].seals != "tug  finish 3" || got[1].seals != "verify  finish 3" {
		t.Errorf("boxes and hidden fields: %q and %q", got[0].seals, got[1].seals)
	}
	if len(got[0].photos) != 3 || len(got[1].photos) != 0 {
		t.Fatalf("%d and %d photos, want 3 and 0", len(got[0].photos), len(got[1].photos))
	}
	for i, raw := range got[0].photos {
		if !bytes.Equal(raw, contents[i]) {
			t.Errorf("photo %d is another one: %d bytes, want %d", i, len(raw), len(contents[i]))
		}
	}
	if !got[0].at.Before(got[1].at) || !got[1].at.Before(before) {
		t.Errorf("times %v and %v are not those of the device before %v", got[0].at, got[1].at, before)
	}
	y.wantOnce()
}

// wantOnce demands that nothing was sent twice.
func (y *yard) wantOnce() {
	y.t.Helper()
	y.Lock()
	defer y.Unlock()
	for key, n := range y.attempts {
		if n != 1 {
			y.t.Errorf("%s was sent %d times", key, n)
		}
	}
}

// With the network, a form goes through the same way, and leads on.
func TestOnlineFormLeadsOn(t *testing.T) {
	y, _, p := atWork(t, "/examination")
	p.write("all well", 0)
	p.send()
	p.await("the next page", `location.pathname === "/done"`)
	if got := y.arrived(); len(got) != 1 || got[0].notes != "all well" || got[0].who != "aida" {
		t.Errorf("arrived: %+v", got)
	}
	p.open("/examination")
	if p.text(".offline-note") != "" {
		t.Error("a draft is left of what was sent")
	}
}

// A photo that is made smaller keeps what the camera wrote, but for the orientation: it is
// drawn upright.
func TestSmallerPhotoKeepsItsTime(t *testing.T) {
	y, _, p := atWork(t, "/examination?side=300")
	path := filepath.Join(t.TempDir(), "IMG_0001.jpg")
	if err := os.WriteFile(path, turnedPhoto(t, 800), 0o600); err != nil {
		t.Fatal(err)
	}
	p.do("a photo", chromedp.SetUploadFiles("#box", []string{path}))
	p.write("with a photo", 1)
	p.send()
	p.await("the next page", `location.pathname === "/done"`)
	got := y.arrived()
	if len(got) != 1 || len(got[0].photos) != 1 {
		t.Fatalf("arrived: %+v", got)
	}
	f, err := picture.Read(bytes.NewReader(got[0].photos[0]), picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	if f.Width != 150 || f.Height != 300 || f.Meta.Orientation != 1 || f.Meta.Taken.Format(time.DateTime) != "2026-11-20 14:05:33" {
		t.Errorf("the photo arrived as %+v", f.Info)
	}
}

// turnedPhoto is a JPEG whose camera was held upright, on 20 November 2026.
func turnedPhoto(t *testing.T, side int) []byte {
	t.Helper()
	raw := photo(t, 90, side)
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00" +
		"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00" + "\x32\x01\x02\x00\x14\x00\x00\x00\x26\x00\x00\x00" +
		"\x00\x00\x00\x002026:11:20 14:05:33\x00")
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return slices.Concat(raw[:2], segment, raw[2:])
}

// Without scripts it is a plain form.
func TestOfflineFormWithoutScripts(t *testing.T) {
	y, browser, _ := atWork(t, "/examination")
	p := y.tab(browser)
	p.do("no scripts", noScripts())
	p.do("fill in", chromedp.Navigate("http://"+y.address+"/examination"), chromedp.SendKeys("#notes", "by hand"), chromedp.Click("#send"), chromedp.WaitVisible("#home"))
	if got := y.arrived(); len(got) != 1 || got[0].notes != "by hand" || time.Since(got[0].at) > time.Hour {
		t.Errorf("arrived: %+v", got)
	}
}

// A refused entry stays, says why, and holds back the later ones of its order; changed, it
// goes, and they follow.
func TestRefusedEntryStays(t *testing.T) {
	y, _, p := atWork(t, "/examination")
	p.write("wrong", 0)
	p.send()
	p.waiting(0, 1)
	if got := p.text(".outbox-entry .field-error"); got != "Say what you saw." {
		t.Errorf("the reason is %q", got)
	}
	p.write("the second", 0)
	p.send()
	p.waiting(1, 1)
	webtest.Inspect(t, p.tab, webtest.Axe(t), "a refused entry")
	p.do("change it", chromedp.Click(".outbox-entry[data-state=refused] button"))
	p.await("it is in the form", `document.querySelector("offline-form")?.dataset.ready !== undefined && document.querySelector("#notes").value === "wrong"`)
	p.await("the later one went", `document.querySelector("offline-outbox").dataset.waiting === "0"`)
	p.do("correct it", chromedp.Evaluate[chromedp.Void](`document.querySelector("#notes").value = ""`))
	p.write("taken by another", 0)
	p.send()
	p.waiting(0, 1)
	if got := p.text(".outbox-entry"); !contains(got, "The case was concluded at 14:05.", "Write an addendum.", "Send again") {
		t.Errorf("the conflict reads %q", got)
	}
	p.do("discard it", chromedp.Click(".outbox-entry p:last-child button:last-child"), chromedp.Click(".btn-danger"))
	p.waiting(0, 0)
	if got := y.arrived(); len(got) != 1 || got[0].notes != "the second" {
		t.Errorf("arrived: %+v", got)
	}
}

// An answer that is lost on the way makes no double.
func TestLostAnswer(t *testing.T) {
	y, _, p := atWork(t, "/examination")
	y.lose = 1
	p.write("once", 0)
	p.send()
	// A browser may send again by itself what it sent over a connection that it had kept.
	p.await("sent in the end", `location.pathname === "/done" || document.querySelector(".outbox-state")?.innerText === "Everything is sent."`)
	got := y.arrived()
	if len(got) != 1 || y.attempts[got[0].key] != 2 {
		t.Errorf("arrived: %+v after %v attempts", got, y.attempts)
	}
}

// Two tabs do not send the same entry.
func TestOneTabSends(t *testing.T) {
	y, browser, p := atWork(t, "/examination")
	y.hold = make(chan struct{})
	p.write("slow", 0)
	p.send()
	p.waiting(1, 0)
	other := y.tab(browser)
	other.open("/examination")
	other.write("from the other tab", 0)
	other.send()
	other.waiting(2, 0)
	close(y.hold)
	other.await("all sent", `location.pathname === "/done"`)
	if got := y.arrived(); len(got) != 2 || got[0].notes != "slow" {
		t.Errorf("arrived: %+v", got)
	}
	y.wantOnce()
}

// A tab that goes on to another page while it sends lets go, and that page sends.
func TestLeavingWhileSending(t *testing.T) {
	y, _, p := atWork(t, "/examination")
	y.hold = make(chan struct{})
	p.write("on the way", 0)
	p.send()
	p.await("it is being sent", `document.querySelector(".outbox-state").innerText.startsWith("Sending")`)
	p.open("/")
	p.waiting(1, 0)
	close(y.hold)
	p.waiting(0, 0)
	if got := y.arrived(); len(got) != 1 {
		t.Errorf("arrived: %+v", got)
	}
}

// A session that ended: she signs in again and it goes on. Somebody else who signs in
// neither sees nor sends what she entered.
func TestEndedSession(t *testing.T) {
	y, browser, p := atWork(t, "/examination")
	p.write("aida's", 0)
	p.do("the session ends", clearCookies())
	p.send()
	p.await("asked to sign in", `document.querySelector(".outbox-state a") !== null`)
	p.keeps("/examination") // she may be without a network again
	other := y.tab(browser)
	other.open("/examination")
	other.signIn("bakyt")
	other.await("the form is ready", `document.querySelector("offline-form")?.dataset.ready !== undefined`)
	if n := other.text(".outbox-list"); n != "" {
		t.Errorf("another officer sees %q", n)
	}
	p.do("back online", chromedp.Evaluate[chromedp.Void](`window.dispatchEvent(new Event("online"))`))
	p.await("told who must sign in", `document.querySelector(".outbox-state").innerText.includes("as the officer who entered this")`)
	if got := y.arrived(); len(got) != 0 {
		t.Errorf("sent in another's name: %+v", got)
	}
	other.do("sign out", chromedp.Evaluate[chromedp.Void](`document.querySelector("form[action='/sign-out']").submit()`), chromedp.WaitVisible("#who"))
	p.open("/examination")
	p.signIn("aida")
	p.waiting(0, 0)
	if got := y.arrived(); len(got) != 1 || got[0].who != "aida" {
		t.Errorf("arrived: %+v", got)
	}
}

// After signing out, the device shows nothing that it kept; neither when she signs out
// without the network, where the server hears of it before anybody sees a page.
func TestSignOutForgets(t *testing.T) {
	y, _, p := atWork(t, "/examination")
	signOut := chromedp.Evaluate[chromedp.Void](`document.querySelector("form[action='/sign-out']").submit()`)
	p.do("sign out", signOut, chromedp.WaitVisible("#who"))
	y.off()
	p.open("/examination")
	if got := p.text("main"); !contains(got, "No network", "not kept on this device") || contains(got, "Examination") {
		t.Errorf("after signing out the device shows %q", got)
	}
	webtest.Inspect(t, p.tab, webtest.Axe(t), "no network")

	y.on()
	p.open("/examination")
	p.signIn("aida")
	p.keeps("/examination")
	p.await("the form is ready", `document.querySelector("offline-form")?.dataset.ready !== undefined`)
	y.off()
	p.do("sign out in the yard", signOut)
	p.await("no network", `document.title.startsWith("No network")`)
	p.open("/examination")
	if got := p.text("main"); contains(got, "Notes") || !contains(got, "No network") {
		t.Errorf("after signing out without the network the device shows %q", got)
	}
	y.on()
	p.open("/examination")
	p.do("asked who she is", chromedp.WaitVisible("#who"))
	if y.signOuts != 2 {
		t.Errorf("the server heard of %d sign-outs, want 2", y.signOuts)
	}
}

// A form that is filled in once is gone while its entry waits.
func TestOnceOnly(t *testing.T) {
	y, browser, p := atWork(t, "/examination?once=yes")
	y.off()
	p.write("once", 0)
	p.send()
	p.waiting(1, 0)
	p.close()
	p = y.tab(browser)
	p.open("/examination?once=yes")
	p.await("the form is hidden", `document.querySelector("#notes").checkVisibility() === false`)
	p.do("change it", chromedp.Click(".outbox-acts button"))
	p.await("the form is back", `document.querySelector("#notes")?.checkVisibility() && document.querySelector("#notes").value === "once"`)
}

// What is kept is marked; a page that is not has its substitute, which lists the others.
func TestUnmarkedPageIsNotKept(t *testing.T) {
	y, _, p := atWork(t, "/examination")
	p.open("/")
	p.keeps("/next")
	y.off()
	p.open("/")
	p.await("the kept pages", `[...document.querySelectorAll("offline-pages a")].map((a) => a.textContent).sort().join() === "Examination · Tidewaiter,The next container · Tidewaiter"`)
}

// contains reports whether all the words stand in a text.
func contains(text string, words ...string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func clearCookies() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.ClearBrowserCookies, cdp.Empty{})
		return err
	})
}

func noScripts() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
}
