package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

func TestOwnMessages(t *testing.T) { webtest.Messages(t, os.DirFS(".")) }

// newSite returns a site with a route for each way to end, and its log.
func newSite(o web.Options) (http.Handler, *bytes.Buffer) {
	var log bytes.Buffer
	o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	site := web.NewSite(o)
	fail := func(path string, err error) {
		site.Get(path, func(http.ResponseWriter, *http.Request) error { return err })
	}
	fail("/missing", fault.New(fault.NotFound, "There is no consignment MEDUTZ094518.").WithHint("Look in the archive."))
	fail("/broken", errors.New("disk is on fire"))
	site.Get("/panic", func(http.ResponseWriter, *http.Request) error { panic("at the disco") })
	site.Get("/half", func(w http.ResponseWriter, _ *http.Request) error {
		_, _ = w.Write([]byte("half"))
		return errors.New("too late")
	})
	site.Get("/page", func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, web.Page(web.PageInfo{Title: strings.Repeat("A long title ", 200)}))
	})
	site.Post("/form", func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return err
		}
		web.AddFlash(w, r, web.Good, "Сохранено: <b>")
		return web.Redirect(w, r, "/page")
	}, web.MaxBody(100))
	site.Get("/events", func(w http.ResponseWriter, r *http.Request) error {
		source := make(chan web.Event, 1)
		source <- web.Event{Name: "progress", Data: map[string]int{"value": 1}}
		close(source)
		return web.Events(w, r, source)
	})
	return site.Handler(), &log
}

func get(h http.Handler, path string, headers ...string) *http.Response {
	return send(h, httptest.NewRequest(http.MethodGet, path, nil), headers...)
}

func send(h http.Handler, r *http.Request, headers ...string) *http.Response {
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestErrors(t *testing.T) {
	h, log := newSite(web.Options{})
	for _, c := range []struct {
		path, accept, htmx string
		status             int
		has, hasNot        string
	}{
		{"/missing", "text/html", "", 404, "Look in the archive.", "disk"},
		{"/missing", "text/html", "true", 404, "notice-bad", "<html"},
		{"/missing", "application/json", "", 404, `"hint":"Look in the archive."`, "<"},
		{"/broken", "text/html", "", 500, "Reference number", "on fire"},
		{"/panic", "text/html", "", 500, "Reference number", "disco"},
		{"/nowhere", "text/html", "", 404, "no page at this address", ""},
		{"/form", "text/html", "", 405, "does not take such a request", ""},
		{"/half", "text/html", "", 200, "half", "Reference"},
	} {
		r := get(h, c.path, "Accept", c.accept, "HX-Request", c.htmx)
		text := body(t, r)
		if r.StatusCode != c.status || !strings.Contains(text, c.has) || c.hasNot != "" && strings.Contains(text, c.hasNot) {
			t.Errorf("%s (%s): status %d, want %d; has %q, has not %q in:\n%s", c.path, c.accept, r.StatusCode, c.status, c.has, c.hasNot, text)
		}
		if r.Header.Get("Content-Security-Policy") != web.Policy {
			t.Errorf("%s: has no policy", c.path)
		}
	}
	for _, want := range []string{"disk is on fire", "at the disco", "too late", "reference="} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
}

// TestReference: the number that the person reads is the one in the log.
func TestReference(t *testing.T) {
	h, log := newSite(web.Options{})
	var p web.Problem
	if err := json.Unmarshal([]byte(body(t, get(h, "/broken", "Accept", "application/json"))), &p); err != nil {
		t.Fatal(err)
	}
	if p.Reference == "" || !strings.Contains(log.String(), "reference="+p.Reference) {
		t.Errorf("reference %q is not in the log:\n%s", p.Reference, log)
	}
}

func TestNoInlineCode(t *testing.T) {
	h, _ := newSite(web.Options{})
	text := body(t, get(h, "/page"))
	for _, bad := range []string{" style=", "<style", " onclick=", "javascript:", "<script>"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %q, which its policy forbids", bad)
		}
	}
}

func TestLanguages(t *testing.T) {
	h, _ := newSite(web.Options{})
	for _, c := range []struct{ cookie, accept, want string }{
		{"", "", `lang="en"`}, {"", "ky-KG,ru;q=0.8", `lang="ky"`}, {"", "de, ru;q=0.5", `lang="ru"`},
		{"lang=ru", "ky", `lang="ru"`}, {"lang=xx", "ky", `lang="ky"`}, {"", ";;;", `lang="en"`},
	} {
		if text := body(t, get(h, "/page", "Cookie", c.cookie, "Accept-Language", c.accept)); !strings.Contains(text, "<html "+c.want) {
			t.Errorf("cookie %q, Accept-Language %q: want %s", c.cookie, c.accept, c.want)
		}
	}
}

func post(path, form string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestChoices(t *testing.T) {
	h, _ := newSite(web.Options{Secure: true})
	for _, c := range []struct{ path, form, cookie, to string }{
		{"/language", "lang=ky&back=/queue%3Fa%3D1", "lang=ky", "/queue?a=1"},
		{"/theme", "theme=dark&back=//evil.example", "theme=dark", "/"},
		{"/theme", "theme=pink&back=/", "", "/"},
	} {
		r := send(h, post(c.path, c.form))
		if r.StatusCode != 303 || r.Header.Get("Location") != c.to || !strings.HasPrefix(r.Header.Get("Set-Cookie"), c.cookie) {
			t.Errorf("%s %s: %d to %q with %q", c.path, c.form, r.StatusCode, r.Header.Get("Location"), r.Header.Get("Set-Cookie"))
		}
		if set := r.Header.Get("Set-Cookie"); set != "" && (!strings.Contains(set, "Secure") || !strings.Contains(set, "HttpOnly")) {
			t.Errorf("the cookie %q is not kept safe", set)
		}
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	h, _ := newSite(web.Options{})
	if r := send(h, post("/form", "a=b"), "Sec-Fetch-Site", "cross-site"); r.StatusCode != 403 {
		t.Errorf("a form of another site got %d", r.StatusCode)
	}
	if r := send(h, post("/form", "a=b"), "Sec-Fetch-Site", "same-origin"); r.StatusCode != 303 {
		t.Errorf("our own form got %d", r.StatusCode)
	}
}

func TestBodyLimit(t *testing.T) {
	h, _ := newSite(web.Options{})
	r := send(h, post("/form", "a="+strings.Repeat("b", 200)))
	if text := body(t, r); r.StatusCode != 413 || !strings.Contains(text, "At most 100") {
		t.Errorf("a long form got %d:\n%s", r.StatusCode, text)
	}
}

// TestFlash: a message is shown on the next page, once, as text.
func TestFlash(t *testing.T) {
	h, _ := newSite(web.Options{})
	cookie, _, _ := strings.Cut(send(h, post("/form", "a=b")).Header.Get("Set-Cookie"), ";")
	r := get(h, "/page", "Cookie", cookie)
	if text := body(t, r); !strings.Contains(text, "Сохранено: &lt;b&gt;") {
		t.Errorf("the message is not shown:\n%s", text)
	}
	if set := r.Header.Get("Set-Cookie"); !strings.Contains(set, "flash=;") || !strings.Contains(set, "Max-Age=0") {
		t.Errorf("the message is not forgotten: %q", set)
	}
	if r := get(h, "/page", "Cookie", "flash=%%%"); r.StatusCode != 200 {
		t.Errorf("a broken cookie got %d", r.StatusCode)
	}
}

func TestCompression(t *testing.T) {
	h, _ := newSite(web.Options{})
	if r := get(h, "/page", "Accept-Encoding", "gzip"); r.Header.Get("Content-Encoding") != "gzip" {
		t.Error("a page is not compressed")
	}
	r := get(h, "/events", "Accept-Encoding", "gzip")
	if text := body(t, r); r.Header.Get("Content-Encoding") != "" || text != "event: progress\ndata: {\"value\":1}\n\n" {
		t.Errorf("events arrive as %q %q", r.Header.Get("Content-Encoding"), text)
	}
}

func TestStatic(t *testing.T) {
	h, _ := newSite(web.Options{})
	for _, path := range []string{"/static/none.css", "/static/manifest.json", "/static/", "/static/../static.go", "/static/.keep"} {
		if r := get(h, path); r.StatusCode == 200 {
			t.Errorf("%s is served", path)
		}
	}
	if !web.Bundled() {
		t.Skip("the bundle is not built")
	}
	r := get(h, web.Asset("app.css"), "Accept-Encoding", "gzip, br")
	if r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || r.Header.Get("Content-Encoding") != "br" || r.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("app.css comes with %v", r.Header)
	}
}

func TestFrame(t *testing.T) {
	asked := 0
	h, _ := newSite(web.Options{Frame: func(context.Context) web.Frame {
		asked++
		return web.Frame{Officer: "Айзада", Banner: "Exercise", Nav: []web.NavItem{{ID: "q", Icon: "x", Label: "Queue", Href: "/q", Badge: 4812}}}
	}})
	text := body(t, get(h, "/missing"))
	for _, want := range []string{"Айзада", "Exercise", "4,812", `href="#content"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the error page lacks %q", want)
		}
	}
	asked = 0
	get(h, "/missing", "HX-Request", "true")
	if asked != 0 {
		t.Error("a fragment asked for the frame")
	}
}
