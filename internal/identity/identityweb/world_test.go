package identityweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/identity/identityweb"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
	"tidewaiter/internal/web"
)

const password = "vessel-anchor-rope"

// desk is a served site over a registry with two units and an officer of each role.
type desk struct {
	t        *testing.T
	registry *identity.Registry
	server   *httptest.Server
	console  context.Context
	osh      identity.Unit
	port     identity.Unit
	ids      map[string]identity.Officer
}

func newDesk(t *testing.T, demo ...identityweb.DemoAccount) *desk {
	t.Helper()
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	quiet := slog.New(slog.DiscardHandler)
	d := &desk{t: t, ids: map[string]identity.Officer{}}
	d.registry = identity.Open(db, quiet, identity.WithCost(identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}))
	d.console = identity.With(context.Background(), identity.Console(identity.Unit{}))
	d.osh = d.unit("KGOSS-PCU", "Osh Port Control Unit", "KG", "KGOSS", "Asia/Bishkek")
	d.port = d.unit("EGALY-PCU", "Alexandria Port Control Unit", "EG", "EGALY", "Africa/Cairo")
	d.officer("aigul", d.osh.ID, identity.RoleOfficer)
	d.officer("bakyt", d.osh.ID, identity.RoleHead)
	d.officer("chinara", d.osh.ID, identity.RoleAdministrator)
	d.officer("root", identity.SystemUnit, identity.RoleAdministrator)
	d.officer("farid", d.port.ID, identity.RoleHead)

	pages := identityweb.New(d.registry, identityweb.Options{Logger: quiet, Demo: demo})
	site := web.NewSite(web.Options{Logger: quiet, Frame: identityweb.Frame})
	site.Use(pages.Middleware)
	pages.Routes(site)
	site.Get("/{$}", pages.Require(identity.SeeQueue, func(w http.ResponseWriter, r *http.Request) error {
		v, _ := identity.From(r.Context())
		_, err := io.WriteString(w, "queue of "+v.Unit.Code+" for "+v.Officer.Username)
		return err
	}))
	d.server = httptest.NewServer(site.Handler())
	t.Cleanup(d.server.Close)
	return d
}

func (d *desk) unit(code, name, country, place, zone string) identity.Unit {
	d.t.Helper()
	u, err := d.registry.Units.Add(d.console, identity.Unit{Code: code, Name: name, Country: country, Place: place, Timezone: zone, Language: "ru"})
	if err != nil {
		d.t.Fatal(err)
	}
	return u
}

func (d *desk) officer(username string, unit int64, role identity.Role) {
	d.t.Helper()
	o, _, err := d.registry.Officers.Add(d.console, unit, identity.NewOfficer{
		Username: username, Name: "Name of " + username, Language: "en", Role: role, Password: password})
	if err != nil {
		d.t.Fatal(err)
	}
	d.ids[username] = o
}

// browser is a person's browser: it keeps cookies and does not follow redirects.
type browser struct {
	d      *desk
	client *http.Client
	header http.Header
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	body string
}

func (d *desk) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return &browser{d: d, header: http.Header{}, client: &http.Client{Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (b *browser) do(method, path string, form url.Values) answer {
	b.d.t.Helper()
	r, err := http.NewRequest(method, b.d.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.d.t.Fatal(err)
	}
	for k, v := range b.header {
		r.Header[k] = v
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.d.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.d.t.Fatal(err)
	}
	return answer{res, string(body)}
}

func (b *browser) get(path string) answer { b.d.t.Helper(); return b.do("GET", path, nil) }

// post sends the form of pairs of name and value.
func (b *browser) post(path string, pairs ...string) answer {
	b.d.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do("POST", path, form)
}

// as returns a browser in which the officer is signed in.
func (d *desk) as(username string) *browser {
	d.t.Helper()
	b := d.browser()
	if a := b.post("/sign-in", "username", username, "password", password); a.StatusCode != http.StatusSeeOther {
		d.t.Fatalf("%s cannot sign in: %d %s", username, a.StatusCode, a.body)
	}
	return b
}

func (a answer) want(t *testing.T, what string, status int, words ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s: got status %d (to %q), want %d", what, a.StatusCode, a.Header.Get("Location"), status)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			t.Errorf("%s: the answer lacks %q", what, w)
		}
	}
}

func (a answer) wantRedirect(t *testing.T, what, to string) {
	t.Helper()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != to {
		t.Errorf("%s: got status %d to %q, want 303 to %q", what, a.StatusCode, a.Header.Get("Location"), to)
	}
}
