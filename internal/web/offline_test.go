package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/web"
)

// offlineSite has a page that is kept and a form that is sent from the outbox; owner is
// who is signed in.
func offlineSite(owner string) http.Handler {
	site := web.NewSite(web.Options{})
	site.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(web.SetOwner(r.Context(), owner)))
		})
	})
	site.Get("/kept", func(w http.ResponseWriter, r *http.Request) error {
		web.KeepOffline(w, r)
		return web.Render(w, r, web.Page(web.PageInfo{Title: "Kept"}))
	})
	site.Post("/entry", func(w http.ResponseWriter, r *http.Request) error {
		e, err := web.EntryOf(r)
		if err != nil {
			return err
		}
		w.Header().Set("X-Entry", fmt.Sprint(e.Key, " ", e.At.Format(time.RFC3339Nano), " ", e.Later))
		return web.Accepted(w, r, "/done")
	})
	return site.Handler()
}

func TestEntryOf(t *testing.T) {
	const key = "0b8f4a52-9a51-4c1d-8d2a-7f3b9c1e5a10"
	later := time.Now().Add(time.Hour).Format(time.RFC3339)
	for _, c := range []struct {
		what, key, at, owner string
		status               int
		want                 string // of the entry; "now" stands for a time of this minute
		location, body       string
	}{
		{"a plain form", key, "", "", 303, key + " now false", "/done", ""},
		{"from the outbox", key, "2026-11-20T08:15:30.123456789+06:00", "7-1", 200, key + " 2026-11-20T02:15:30.123456Z true", "", `{"href":"/done"}`},
		{"a clock that is fast", key, later, "7-1", 200, key + " now true", "", `{"href":"/done"}`},
		{"no time at all", key, "yesterday", "7-1", 200, key + " now true", "", `{"href":"/done"}`},
		{"no key", "", "", "", 422, "", "", "has no key"},
		{"a key that is none", "17; DROP", "", "7-1", 422, "", "", `"detail":"The form has no key`},
		{"somebody else's", key, "", "8-1", 401, "", "", `"title":"Sign in as the officer`},
	} {
		r := post("/entry", url.Values{"key": {c.key}, "at": {c.at}}.Encode())
		if c.owner != "" {
			r.Header.Set("X-Offline-Owner", c.owner)
		}
		w := httptest.NewRecorder()
		offlineSite("7-1").ServeHTTP(w, r)
		got := w.Header().Get("X-Entry")
		if parts := strings.Fields(got); len(parts) == 3 && strings.Contains(c.want, "now") {
			if at, err := time.Parse(time.RFC3339Nano, parts[1]); err == nil && time.Since(at).Abs() < time.Minute {
				got = parts[0] + " now " + parts[2]
			}
		}
		if w.Code != c.status || got != c.want || w.Header().Get("Location") != c.location || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("%s: status %d, entry %q, on to %q, want %d %q %q %q in:\n%s", c.what, w.Code, got, w.Header().Get("Location"), c.status, c.want, c.location, c.body, w.Body)
		}
	}
}

func TestKeepOffline(t *testing.T) {
	for _, owner := range []string{"", "7-1"} {
		r := get(offlineSite(owner), "/kept")
		if got := r.Header.Get("X-Offline-Owner"); got != owner {
			t.Errorf("%q: the page is marked as %q's", owner, got)
		}
		if got := strings.Contains(body(t, r), `<meta name="owner" content="7-1">`); got != (owner != "") {
			t.Errorf("%q: the page names an owner: %v", owner, got)
		}
	}
	text := body(t, get(offlineSite("7-1"), "/offline"))
	if strings.Contains(text, "7-1") || !strings.Contains(text, "offline-pages") {
		t.Errorf("the page that everybody may see names somebody, or lists nothing:\n%s", text)
	}
}

func TestServiceWorker(t *testing.T) {
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	r := get(offlineSite(""), "/sw.js")
	text := body(t, r)
	if r.Header.Get("Cache-Control") != "no-cache" || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("headers %v", r.Header)
	}
	if !strings.Contains(web.Policy, "worker-src 'self'") {
		t.Error("the policy allows no worker")
	}
	for _, name := range []string{"app.css", "app.js", "offline-form.js", "favicon.svg"} {
		if !strings.Contains(text, `"`+web.Asset(name)+`"`) {
			t.Errorf("the shell lacks %s", name)
		}
	}
	if strings.Contains(text, "/static/service-worker") {
		t.Error("the worker would keep itself")
	}
}
