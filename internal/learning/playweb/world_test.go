package playweb_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake/intakeweb"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/learningweb"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/learning/play"
	"tidewaiter/internal/learning/playweb"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
	"tidewaiter/internal/web"
)

// school is a served site with its record store, and the content on an origin of its own.
type school struct {
	*testing.T
	*play.Player
	views          map[string]identity.Viewer
	pages, content *httptest.Server
	name, secret   string // of a client that may read all statements
}

func newSchool(t *testing.T, db *store.DB) *school {
	t.Helper()
	s := &school{T: t, views: map[string]identity.Viewer{}, name: "reader"}
	log := slog.New(slog.DiscardHandler)
	reg := identity.Open(db, log, identity.WithCost(identity.Cost{MemoryKiB: 8, Passes: 1, Lanes: 1}))
	files := evidence.NewFiles(db)
	records := learning.NewRecords(db, files, learning.Options{})
	storetest.StartBus(t, db, func(b *bus.Bus) {
		s.Player = play.New(play.Needs{DB: db, Bus: b, Files: files, Records: records, Audit: reg.Audit, Home: "https://home.example"})
	})
	s.people(reg)
	var err error
	_, s.secret, err = records.Clients.Add(t.Context(), s.name, []learning.Scope{learning.ReadAll}, "")
	s.ok(err)
	site := web.NewSite(web.Options{Logger: log, Programs: []string{learningweb.Root + "/"}})
	site.Use(s.signIn)
	p := playweb.New(playweb.Options{Player: s.Player, Officers: reg.Officers,
		Origin: func(*http.Request) string { return s.pages.URL }, ContentOrigin: func(*http.Request) string { return s.contentURL() }})
	p.Routes(site, require)
	p.RegisterAPI(intakeweb.NewAPI(site, intakeweb.APIOptions{Large: map[string]int64{playweb.ImportPattern: play.MaxPackage}}))
	learningweb.Mount(site, records, log)
	s.pages, s.content = httptest.NewServer(site.Handler()), httptest.NewServer(p.Content(log))
	t.Cleanup(s.pages.Close)
	t.Cleanup(s.content.Close)
	return s
}

// contentURL has another host than the pages, as on a machine that serves both.
func (s *school) contentURL() string {
	return strings.Replace(s.content.URL, "127.0.0.1", "localhost", 1)
}

func (s *school) people(reg *identity.Registry) {
	console := identity.With(s.Context(), identity.Console(identity.Unit{}))
	for code, officers := range map[string]map[string]identity.Role{
		"KGOSS-PCU": {"head": identity.RoleHead, "aigul": identity.RoleOfficer}, "KGFRU-PCU": {"stranger": identity.RoleHead},
	} {
		unit, err := reg.Units.Ensure(console, identity.Unit{Code: code, Name: code, Country: "KG", Timezone: "Asia/Bishkek", Language: "en"})
		s.ok(err)
		for name, role := range officers {
			o, err := reg.Officers.Ensure(identity.With(s.Context(), identity.Console(unit)), unit.ID,
				identity.NewOfficer{Username: name, Name: strings.ToUpper(name), Language: "en", Role: role, Password: "tide-and-time"})
			s.ok(err)
			s.views[name], err = reg.Officers.Viewer(console, o.ID, unit.ID)
			s.ok(err)
		}
	}
}

// signIn believes the cookie officer, which no script can read.
func (s *school) signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("officer"); err == nil {
			if v, ok := s.views[c.Value]; ok {
				r = r.WithContext(web.SetZone(identity.With(r.Context(), v), v.Unit.Location()))
			}
		}
		next.ServeHTTP(w, r)
	})
}

func require(a identity.Action, h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := identity.May(r.Context(), a); err != nil {
			return err
		}
		return h(w, r)
	}
}

func (s *school) as(name string) context.Context {
	return identity.With(context.Background(), s.views[name])
}

func (s *school) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// answer is what a server said.
type answer struct {
	status int
	body   string
	header http.Header
}

func (s *school) send(r *http.Request) answer {
	s.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	s.ok(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	s.ok(err)
	return answer{res.StatusCode, string(body), res.Header}
}

// ask asks for a page, or sends a form of names and values in turns, as an officer.
func (s *school) ask(officer, method, path string, form ...string) answer {
	s.Helper()
	values := url.Values{}
	for i := 0; i < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	r, err := http.NewRequest(method, s.pages.URL+path, strings.NewReader(values.Encode()))
	s.ok(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "officer", Value: officer})
	return s.send(r)
}

// upload sends a package by the form.
func (s *school) upload(officer, name string, body []byte) answer {
	s.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	s.ok(err)
	part.Write(body)
	s.ok(form.Close())
	r, err := http.NewRequest(http.MethodPost, s.pages.URL+"/packages", &b)
	s.ok(err)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "officer", Value: officer})
	return s.send(r)
}

// bring brings a package in and returns the path of its page.
func (s *school) bring(files ...string) string {
	s.Helper()
	a := s.upload("head", "seals.zip", archive(files...))
	if a.status != http.StatusSeeOther {
		s.Fatalf("import: %d\n%s", a.status, a.body)
	}
	return a.header.Get("Location")
}

// archive makes a zip archive of names and contents in turns.
func archive(files ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			panic(err)
		}
	}
	z.Close()
	return b.Bytes()
}

// manifest12 is a manifest of SCORM 1.2 with one unit.
const manifest12 = `<manifest identifier="M"><metadata><schemaversion>1.2</schemaversion></metadata>
<organizations><organization identifier="O"><title>Bolt seals</title>
<item identifier="I1" identifierref="R1"><title>How they close</title><masteryscore>70</masteryscore></item></organization></organizations>
<resources><resource identifier="R1" scormtype="sco" href="index.html"/></resources></manifest>`

const manifest2004 = `<manifest identifier="M"><metadata><schemaversion>2004 4th Edition</schemaversion></metadata>
<organizations><organization identifier="O"><title>Cable seals</title>
<item identifier="I1" identifierref="R1"><title>One</title></item><item identifier="I2" identifierref="R1"><title>Two</title></item></organization></organizations>
<resources><resource identifier="R1" scormType="sco" href="index.html"/></resources></manifest>`

// courseOf is a course structure of cmi5 with one unit.
func courseOf(url, attrs string) string {
	const words = `<title><langstring lang="en">Electronic seals</langstring></title><description><langstring lang="en">Words</langstring></description>`
	return fmt.Sprintf(`<courseStructure xmlns=%q><course id="https://example.org/course">%s</course>
<block id="https://example.org/block">%s<au id="https://example.org/au" %s>%s<url>%s</url><launchParameters>p</launchParameters></au></block></courseStructure>`,
		pack.CourseStructure, words, words, attrs, words, url)
}
