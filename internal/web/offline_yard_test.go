package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/components"
	"tidewaiter/internal/web/webtest"
)

// arrival is an entry as the server accepted it.
type arrival struct {
	who, key, notes, seals string
	at                     time.Time
	photos                 [][]byte // in the order of the fields
}

// yard is a small site with one examination, whose server can be switched off.
type yard struct {
	t       *testing.T
	site    http.Handler
	address string
	server  *http.Server

	sync.Mutex
	accepted []arrival
	attempts map[string]int // by key
	signOuts int
	lose     int           // so many answers are lost after the entry was accepted
	hold     chan struct{} // where set, an entry waits here before it is accepted
}

func newYard(t *testing.T) *yard {
	t.Helper()
	y := &yard{t: t, attempts: map[string]int{}}
	site := web.NewSite(web.Options{Logger: slog.New(slog.DiscardHandler), MaxBody: 32 << 20})
	site.Use(y.gate)
	site.Get("/sign-in", y.showSignIn)
	site.Post("/sign-in", func(w http.ResponseWriter, r *http.Request) error {
		http.SetCookie(w, &http.Cookie{Name: "who", Value: r.FormValue("who"), Path: "/", HttpOnly: true})
		return web.Redirect(w, r, r.FormValue("next"))
	})
	site.Post("/sign-out", func(w http.ResponseWriter, r *http.Request) error {
		y.Lock()
		defer y.Unlock()
		y.signOuts++
		http.SetCookie(w, &http.Cookie{Name: "who", Path: "/", MaxAge: -1})
		return web.Redirect(w, r, "/sign-in")
	})
	site.Get("/", y.home)
	site.Get("/done", y.home)
	site.Get("/examination", y.show)
	site.Get("/next", func(w http.ResponseWriter, r *http.Request) error {
		web.KeepOffline(w, r)
		return web.Render(w, r, shown("The next container", templ.Raw(`<p id="next">TGHU 307031-0</p>`)))
	})
	site.Get("/photo.jpg", func(w http.ResponseWriter, r *http.Request) error {
		web.KeepOffline(w, r)
		w.Header().Set("Content-Type", "image/jpeg")
		_, err := w.Write(photo(t, 1, 40))
		return err
	})
	site.Post("/examination", y.accept)
	y.site = site.Handler()
	t.Cleanup(y.off)
	y.on()
	return y
}

// gate puts the person of the cookie into the context and sends strangers to sign in.
func (y *yard) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("who")
		public := strings.HasPrefix(r.URL.Path, "/static/") || slices.Contains([]string{"/sign-in", "/sign-out", "/sw.js", "/offline"}, r.URL.Path)
		if err != nil && !public {
			_ = web.Redirect(w, r, "/sign-in?next="+url.QueryEscape(r.URL.RequestURI()))
			return
		}
		if err == nil {
			ctx := web.SetOwner(r.Context(), c.Value)
			r = r.WithContext(web.SetFrame(ctx, web.Frame{Officer: c.Value, SignOut: "/sign-out"}))
		}
		next.ServeHTTP(w, r)
	})
}

func (y *yard) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := templ.EscapeString(r.FormValue("next"))
	return web.Render(w, r, webBare("Sign in", `<form method="post" action="/sign-in"><input id="who" name="who" aria-label="Who"><input type="hidden" name="next" value="`+
		next+`"><button id="enter">Sign in</button></form>`))
}

func webBare(title, html string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return web.Bare(web.PageInfo{Title: title}).Render(templ.WithChildren(ctx, templ.Raw(html)), w)
	})
}

// shown is a page that works offline.
func shown(title string, inside ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		page := web.Page(web.PageInfo{Title: title, Islands: []string{"offline-form"}})
		return page.Render(templ.WithChildren(ctx, templ.Join(inside...)), w)
	})
}

func (y *yard) home(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, shown("Start", components.Outbox(), templ.Raw(`<p id="home"><a href="/examination">Examination</a></p>`)))
}

const fields = `
<input type="hidden" name="version" value="3">
<label>Notes <textarea id="notes" name="notes" required></textarea></label>
<label><input type="checkbox" name="seal" value="view"> View</label>
<label><input type="checkbox" name="seal" value="verify" checked> Verify</label>
<label><input type="checkbox" name="seal" value="tug"> Tug</label>
<label><input type="checkbox" name="seal" value="twist"> Twist</label>
<label>Doors <select name="seal"><option value="">–</option><option value="doors">closed</option></select></label>
<label>Container <input type="file" id="box" name="box" accept="image/*" multiple></label>
<label>Seal <input type="file" id="seal" name="sealphoto" accept="image/*"></label>
<button id="send" name="act" value="finish">Send</button>`

func (y *yard) show(w http.ResponseWriter, r *http.Request) error {
	web.KeepOffline(w, r)
	return web.Render(w, r, shown("Examination", y.form(r, nil), templ.Raw(`<img src="/photo.jpg" alt="An earlier photo">`)))
}

func (y *yard) form(r *http.Request, wrong []components.FieldError) templ.Component {
	side, _ := strconv.Atoi(r.URL.Query().Get("side"))
	inside := templ.Join(components.ErrorSummary(wrong), components.OfflineKey(), templ.Raw(fields))
	form := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, `<form class="form" method="post" enctype="multipart/form-data" action="/examination">`)
		if err := inside.Render(ctx, w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "</form>")
		return err
	})
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		info := components.OfflineInfo{Label: "Examination of MSCU 123456-5", Once: r.URL.Query().Has("once"), MaxSide: side, Keep: []string{"/next", "/"}}
		return components.OfflineForm(info).Render(templ.WithChildren(ctx, form), w)
	})
}

// accept takes an entry once. Notes that begin with "wrong" or "taken" are refused.
func (y *yard) accept(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseMultipartForm(16 << 20); err != nil {
		return err
	}
	e, err := web.EntryOf(r)
	if err != nil {
		return err
	}
	y.Lock()
	y.attempts[e.Key]++
	hold := y.hold
	y.Unlock()
	if hold != nil {
		<-hold
	}
	notes := r.FormValue("notes")
	switch {
	case strings.HasPrefix(notes, "wrong"):
		wrong := []components.FieldError{{Field: "notes", Text: "Say what you saw."}}
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, shown("Examination", y.form(r, wrong)))
	case strings.HasPrefix(notes, "taken"):
		return fault.New(fault.Conflict, "The case was concluded at 14:05.").WithHint("Write an addendum.")
	}
	a := arrival{who: web.OwnerOf(r.Context()), key: e.Key, at: e.At, notes: notes,
		seals: strings.Join(append(r.Form["seal"], r.FormValue("act"), r.FormValue("version")), " ")}
	for _, field := range []string{"box", "sealphoto"} {
		for _, part := range r.MultipartForm.File[field] {
			f, err := part.Open()
			if err != nil {
				return err
			}
			raw, err := io.ReadAll(f)
			if err != nil {
				return err
			}
			a.photos = append(a.photos, raw)
		}
	}
	y.Lock()
	defer y.Unlock()
	if !slices.ContainsFunc(y.accepted, func(b arrival) bool { return b.key == a.key }) {
		y.accepted = append(y.accepted, a)
	}
	if y.lose > 0 {
		y.lose--
		panic(http.ErrAbortHandler)
	}
	return web.Accepted(w, r, "/done")
}

// arrived returns what was accepted so far.
func (y *yard) arrived() []arrival {
	y.Lock()
	defer y.Unlock()
	return slices.Clone(y.accepted)
}

func (y *yard) on() {
	y.t.Helper()
	if y.address == "" {
		y.address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", y.address)
	if err != nil {
		y.t.Fatal(err)
	}
	y.address = listener.Addr().String()
	y.server = &http.Server{Handler: y.site, ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	go y.server.Serve(listener)
}

func (y *yard) off() { _ = y.server.Close() }

// phone is one tab of a browser at the yard's site.
type phone struct {
	t     *testing.T
	yard  *yard
	tab   context.Context
	close func()
}

// tab opens a tab. Tabs of one browser share what the device keeps.
func (y *yard) tab(browser context.Context) *phone {
	y.t.Helper()
	tab, cancel := chromedp.NewContext(browser)
	if err := chromedp.Do(tab); err != nil {
		y.t.Fatalf("open a tab: %v", err)
	}
	p := &phone{t: y.t, yard: y, tab: tab, close: cancel}
	y.t.Cleanup(cancel)
	p.do("a phone's screen", webtest.Screen("http://"+y.address, 390, map[string]string{"theme": "light"}))
	return p
}

func (p *phone) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v\n%s", what, err, p.text("main"))
	}
}

// network says to the browser whether it is online; the server is switched by itself.
func (p *phone) network(on bool) {
	p.t.Helper()
	p.do("switch the network", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: !on, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	}))
}

func (p *phone) eval(js string) (string, error) {
	ctx, cancel := context.WithTimeout(p.tab, time.Minute)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[json.RawMessage](js, chromedp.EvalAwaitPromise))
	if err != nil {
		return "", err
	}
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text, nil
	}
	return string(value), nil
}

// text returns what stands in the element.
func (p *phone) text(selector string) string {
	p.t.Helper()
	text, _ := p.eval(`document.querySelector(` + quoted(selector) + `)?.innerText ?? ""`)
	return text
}

func quoted(s string) string {
	raw, _ := json.Marshal(s) // a string always can
	return string(raw)
}

// await waits until a script says true.
func (p *phone) await(what, js string) {
	p.t.Helper()
	var last string
	for range 300 {
		var err error
		if last, err = p.eval(js); err == nil && last == "true" {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	where, _ := p.eval("location.href")
	p.t.Fatalf("waited in vain: %s (%s is %s)\nat %s:\n%s", what, js, last, where, p.text("main"))
}

// open goes to a page and waits until its form is ready.
func (p *phone) open(path string) {
	p.t.Helper()
	p.do("open "+path, chromedp.Navigate("http://"+p.yard.address+path))
	p.await("the page "+path, `document.readyState === "complete" && (!document.querySelector("offline-form") || document.querySelector("offline-form").dataset.ready !== undefined)`)
}

// signIn signs in on the page in sight.
func (p *phone) signIn(who string) {
	p.t.Helper()
	p.do("sign in", chromedp.WaitVisible("#who"), chromedp.SendKeys("#who", who), chromedp.Click("#enter"))
	p.await("signed in", `document.querySelector("meta[name=owner]")?.content === `+quoted(who))
}

// keeps waits until the device keeps an address.
func (p *phone) keeps(path string) {
	p.t.Helper()
	p.await("the device keeps "+path, `caches.match(`+quoted(path)+`, {cacheName: "pages", ignoreVary: true}).then(Boolean)`)
}

// stored waits until the draft on the device has the notes, and so many photos are stored.
func (p *phone) stored(notes string, photos int) {
	p.t.Helper()
	p.await("the draft is stored", `new Promise((resolve) => {
		const request = indexedDB.open("offline");
		request.onsuccess = () => {
			const tx = request.result.transaction(["drafts", "photos"]);
			const drafts = tx.objectStore("drafts").getAll(), photos = tx.objectStore("photos").count();
			tx.oncomplete = () => {
				request.result.close();
				resolve(photos.result === `+quotedInt(photos)+` && drafts.result.some((d) => d.parts.some((p) => p.value === `+quoted(notes)+`)));
			};
		};
	})`)
}

func quotedInt(n int) string {
	raw, _ := json.Marshal(n)
	return string(raw)
}

// write fills in the notes and waits until they are stored, with so many photos.
func (p *phone) write(notes string, photos int) {
	p.t.Helper()
	p.do("write", chromedp.SendKeys("#notes", notes))
	p.stored(notes, photos)
}

func (p *phone) send() {
	p.t.Helper()
	p.do("send", chromedp.Click("#send"))
}

// waiting waits until so many entries wait and so many are refused.
func (p *phone) waiting(waiting, refused int) {
	p.t.Helper()
	p.await("entries wait", `document.querySelector("offline-outbox")?.dataset.waiting === "`+quotedInt(waiting)+`" && document.querySelector("offline-outbox").dataset.refused === "`+quotedInt(refused)+`"`)
}

// photo returns a JPEG of one colour.
func photo(t *testing.T, shade uint8, side int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, side, side/2))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// photos writes n different photos and returns their paths and contents.
func photos(t *testing.T, n int) (paths []string, contents [][]byte) {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		path := filepath.Join(dir, "IMG_000"+quotedInt(i+1)+".jpg")
		raw := photo(t, uint8(50+40*i), 200)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		paths, contents = append(paths, path), append(contents, raw)
	}
	return paths, contents
}
