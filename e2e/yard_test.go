package e2e_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/web/webtest"
)

// An officer examines a container where no network reaches: she fills in two items of
// the checklist, one with three photos, closes the tab and opens it again. When the
// network is back everything arrives, in order and once.
func TestExaminationWithoutNetwork(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a browser")
	}
	axe := webtest.Axe(t)
	browser := webtest.Browser(t)
	base, dsn := startDemo(t, 150)
	link := newLink(t, strings.TrimPrefix(base, "http://"))
	d := &desk{t: t, axe: axe, base: "http://" + link.address, dsn: dsn, browser: browser}
	d.width(390)
	d.signIn("aigul")
	id := d.openCase()
	page := fmt.Sprintf("/cases/%d/examination", id)

	closeTab := d.newTab()
	d.open(page)
	d.await(`caches.match("` + page + `", {cacheName: "pages", ignoreVary: true}).then(Boolean)`)
	d.open(page)
	d.inspect()
	link.off()
	d.online(false)
	d.await(`document.querySelector("offline-form").dataset.ready !== undefined`)
	d.fillItem(1, "not-in-order", "Болт пломбы спилен и приклеен", photographs(t, 3))
	d.await(`document.querySelector("offline-outbox").dataset.waiting === "1"`)
	d.fillItem(2, "in-order", "", nil)
	d.await(`document.querySelector("offline-outbox").dataset.waiting === "2"`)
	closeTab()

	d.browser = browser
	d.newTab()
	d.online(false)
	d.do("open the kept page", chromedp.Navigate(d.base+page))
	d.await(`document.querySelector("offline-outbox")?.dataset.waiting === "2"`)
	link.on()
	d.online(true)
	d.await(`document.querySelector("offline-outbox").dataset.waiting === "0"`)
	d.checkArrival(id)
}

// checkArrival demands that both items and the three photos are in the case, once.
func (d *desk) checkArrival(id int64) {
	t := d.t
	t.Helper()
	ctx, a, _, scope := openUnit(t, d.dsn, "KGOSS-PCU")
	defer a.Close()
	c, err := a.Cases.Case(ctx, scope.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	items := c.Examination.Items
	if len(items) < 2 || items[0].State() != casework.ItemNotInOrder || items[1].State() != casework.ItemInOrder {
		t.Fatalf("the checklist says %+v", items[:min(len(items), 2)])
	}
	if n, m := len(items[0].Entries), len(items[1].Entries); n != 1 || m != 1 || !strings.Contains(items[0].Entries[0].Words, "спилен") {
		t.Errorf("%d and %d entries, %+v", n, m, items[0].Entries)
	}
	if items[0].Entries[0].Seq > items[1].Entries[0].Seq {
		t.Error("the entries came in another order than they were made")
	}
	hashes := map[string]bool{}
	for _, at := range c.Attachments {
		hashes[at.Hash] = true
	}
	if len(c.Attachments) != 3 || len(hashes) != 3 {
		t.Errorf("%d attachments, %d different ones; want the three photos", len(c.Attachments), len(hashes))
	}
}

// signIn signs in at the page.
func (d *desk) signIn(username string) {
	d.t.Helper()
	d.open("/sign-in")
	d.do("sign in", chromedp.SendKeys(chromedp.CSS("#username"), username), chromedp.SendKeys(chromedp.CSS("#password"), "tide-and-time\r"))
	d.await(`location.pathname !== "/sign-in"`)
}

// openCase opens a case with the first of the queue that is in none, sends it to be
// examined, plans the examination, and returns its id.
func (d *desk) openCase() int64 {
	d.t.Helper()
	d.open("/queue")
	href := d.script(`(async () => {
		const fields = (page, more) => {
			const form = new URLSearchParams(more);
			form.set("version", page.querySelector('input[name="version"]').value);
			form.set("key", crypto.randomUUID());
			return form;
		};
		const load = async (path) => new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
		for (const box of document.querySelectorAll('input[name="consignment"]')) {
			const answer = await fetch("/cases", {method: "POST", body: new URLSearchParams({consignment: box.value})});
			if (!/\/cases\/\d+/.test(answer.url)) continue;
			const path = new URL(answer.url).pathname;
			let page = await load(path);
			if (!page.querySelector('form[action="' + path + '/examine"]')) continue;
			await fetch(path + "/examine", {method: "POST", body: fields(page, {})});
			page = await load(path + "/plan");
			await fetch(path + "/plan", {method: "POST", body: fields(page, {"plan-place": "Терминал, ряд 7"})});
			return path;
		}
		return "";
	})()`)
	id, err := strconv.ParseInt(strings.TrimPrefix(href, "/cases/"), 10, 64)
	if err != nil {
		d.t.Fatalf("no case could be opened: %q", href)
	}
	return id
}

// fillItem fills in the n-th item of the checklist and saves it.
func (d *desk) fillItem(n int, state, words string, photos []string) {
	d.t.Helper()
	item := fmt.Sprintf("#item-%d", n)
	d.script(`document.querySelector("` + item + `").open = true, document.querySelector('` + item + ` input[value="` + state + `"]').click(), 0`)
	if words != "" {
		d.do("write", chromedp.SendKeys(chromedp.CSS(item+" textarea"), words))
	}
	if photos != nil {
		d.do("choose photos", chromedp.SetUploadFiles(chromedp.CSS(item+` input[type="file"]`), photos))
		d.await(fmt.Sprintf(`document.querySelectorAll("%s .photo").length === %d`, item, len(photos)))
	}
	if state == "in-order" { // a seal is in order when all was done
		d.script(`document.querySelectorAll('` + item + ` input[type="checkbox"]').forEach((box) => box.checked || box.click()), 0`)
	}
	d.click(item + ` button[type="submit"]`)
}

// newTab opens a tab in which the desk goes on, and returns what closes it.
func (d *desk) newTab() func() {
	d.t.Helper()
	tab, stop := chromedp.NewContext(d.browser)
	if err := chromedp.Do(tab); err != nil {
		d.t.Fatalf("open a tab: %v", err)
	}
	d.t.Cleanup(stop)
	d.browser = tab
	d.width(d.screen)
	return stop
}

// online tells the browser whether it has a network; the link is cut by itself.
func (d *desk) online(on bool) {
	d.t.Helper()
	d.do("switch the network", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: !on, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	}))
}

// photographs writes n different pictures.
func photographs(t *testing.T, n int) []string {
	t.Helper()
	paths := make([]string, n)
	for i := range paths {
		picture := image.NewRGBA(image.Rect(0, 0, 640, 480))
		for x := range 640 {
			for y := range 480 {
				picture.Set(x, y, color.RGBA{uint8(x / 3), uint8(y / 2), uint8(80 * i), 255})
			}
		}
		paths[i] = filepath.Join(t.TempDir(), fmt.Sprintf("пломба %d.jpg", i+1))
		f, err := os.Create(paths[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := jpeg.Encode(f, picture, nil); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	return paths
}

// link is a network between the browser and the program that can be cut.
type link struct {
	t       *testing.T
	address string // of the near end
	far     string
	mu      sync.Mutex
	near    net.Listener
	open    []net.Conn
}

func newLink(t *testing.T, far string) *link {
	l := &link{t: t, address: "127.0.0.1:0", far: far}
	l.on()
	t.Cleanup(l.off)
	return l
}

func (l *link) on() {
	l.t.Helper()
	near, err := net.Listen("tcp", l.address)
	if err != nil {
		l.t.Fatal(err)
	}
	l.mu.Lock()
	l.near, l.address = near, near.Addr().String()
	l.mu.Unlock()
	go func() {
		for {
			c, err := near.Accept()
			if err != nil {
				return
			}
			go l.carry(c)
		}
	}()
}

func (l *link) carry(c net.Conn) {
	far, err := net.Dial("tcp", l.far)
	if err != nil {
		c.Close()
		return
	}
	l.mu.Lock()
	l.open = append(l.open, c, far)
	l.mu.Unlock()
	go func() {
		io.Copy(far, c)
		far.Close()
	}()
	io.Copy(c, far)
	c.Close()
}

func (l *link) off() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.near.Close()
	for _, c := range l.open {
		c.Close()
	}
	l.open = nil
}
