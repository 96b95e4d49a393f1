package certificateweb_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/certificate"
	"tidewaiter/internal/learning/certificate/badge"
	"tidewaiter/internal/learning/certificateweb"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

func TestMessages(t *testing.T) { webtest.Messages(t, os.DirFS(".")) }

// desk is two units and their certificates behind a served site.
type desk struct {
	*testing.T
	certs  *certificate.Certificates
	people map[string]identity.Viewer // head, officer, colleague of the first unit, and a stranger, head of another
	server *httptest.Server

	mu      sync.Mutex
	at      time.Time
	address string
}

func newDesk(t *testing.T, home badge.Home) *desk {
	t.Helper()
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	d := &desk{T: t, people: map[string]identity.Viewer{}, at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), address: "192.0.2.1"}
	db.SetClock(d.now)
	reg := identity.Open(db, slog.New(slog.DiscardHandler), identity.WithCost(identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}))
	d.certs = certificate.New(certificate.Needs{DB: db, Audit: reg.Audit, Home: home})
	console := identity.With(context.Background(), identity.Console(identity.Unit{}))
	for _, u := range []identity.Unit{{Code: "KGOSS-PCU", Name: "Ош порт көзөмөл бөлүмү", Country: "KG"}, {Code: "EGALY-PCU", Name: "Alexandria", Country: "EG"}} {
		u.Timezone, u.Language = "Asia/Bishkek", "en"
		unit, err := reg.Units.Add(console, u)
		d.ok(err)
		for name, role := range map[string]identity.Role{"head": identity.RoleHead, "officer": identity.RoleOfficer, "colleague": identity.RoleOfficer} {
			if u.Country == "EG" {
				name = "strange-" + name
			}
			o, _, err := reg.Officers.Add(console, unit.ID, identity.NewOfficer{Username: name, Name: "Айгүл Өмүрова (" + name + ")", Language: "en", Role: role, Password: "vessel-anchor-rope"})
			d.ok(err)
			d.people[name], err = reg.Officers.Viewer(console, o.ID, unit.ID)
			d.ok(err)
		}
	}
	d.serve(reg)
	return d
}

func (d *desk) serve(reg *identity.Registry) {
	site := web.NewSite(web.Options{Logger: slog.New(slog.DiscardHandler)})
	site.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := web.SetZone(r.Context(), time.FixedZone("Asia/Bishkek", 6*3600))
			who := r.Header.Get("X-Officer")
			if cookie, err := r.Cookie("officer"); err == nil { // of a browser
				who = cookie.Value
			}
			if v, known := d.people[who]; known {
				ctx = identity.With(ctx, v)
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	})
	pages := certificateweb.New(certificateweb.Options{Certificates: d.certs, Audit: reg.Audit, Address: func(*http.Request) string { return d.address }})
	pages.Routes(site, func(a identity.Action, h web.Handler) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			v, ok := identity.From(r.Context())
			if !ok {
				return fault.New(fault.Denied, "sign in")
			}
			if err := v.May(a); err != nil {
				return err
			}
			return h(w, r)
		}
	})
	d.server = httptest.NewServer(site.Handler())
	d.Cleanup(d.server.Close)
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) ok(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// issue issues a certificate of the course on seals.
func (d *desk) issue(name string) certificate.Certificate {
	d.Helper()
	v := d.people[name]
	c, err := d.certs.Issue(context.Background(), certificate.Award{
		Officer: v.Officer.ID, Name: v.Officer.Name, Unit: v.Unit.Name, UnitID: v.Unit.ID, Course: "seals", Version: "1.2", Score: 0.925, Minutes: 250,
		At:    time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC), // the 23rd in Bishkek
		Title: map[string]string{"en": "Seals and their manipulation", "ru": "Пломбы и их подделка", "ky": "Мөөрлөр жана аларды бурмалоо"},
	})
	d.ok(err)
	return c
}

// reply is an answer with its body read.
type reply struct {
	*http.Response
	body string
}

func (d *desk) do(who, method, path, contentType string, body io.Reader) reply {
	d.Helper()
	r, err := http.NewRequest(method, d.server.URL+path, body)
	d.ok(err)
	if who != "" {
		r.Header.Set("X-Officer", who)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	d.ok(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	d.ok(err)
	return reply{res, string(raw)}
}

func (d *desk) get(who, path string) reply { d.Helper(); return d.do(who, "GET", path, "", nil) }

func (d *desk) post(who, path string, pairs ...string) reply {
	d.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return d.do(who, "POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// upload sends a badge file to be checked.
func (d *desk) upload(file string) reply {
	d.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("badge", "badge.jwt")
	d.ok(err)
	_, err = io.WriteString(part, file)
	d.ok(err)
	d.ok(form.Close())
	return d.do("", "POST", "/verify/badge", form.FormDataContentType(), &b)
}

// want checks status and words of an answer.
func (r reply) want(t *testing.T, what string, status int, words ...string) {
	t.Helper()
	if r.StatusCode != status {
		t.Errorf("%s: status %d, want %d", what, r.StatusCode, status)
	}
	for _, w := range words {
		if !strings.Contains(r.body, w) {
			t.Errorf("%s: the answer lacks %q", what, w)
		}
	}
}

// lacks checks that words do not stand in an answer.
func (r reply) lacks(t *testing.T, what string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(r.body, w) {
			t.Errorf("%s: the answer has %q", what, w)
		}
	}
}
