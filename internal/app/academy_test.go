package app

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/simulate"
	"tidewaiter/internal/web"
)

// academy is the whole program at work, with a head and two officers of a unit.
type academy struct {
	*testing.T
	*App
	ctx    context.Context
	unit   identity.Unit
	live   cargo.ScopeID
	server *httptest.Server
}

const academyPassword = "vessel-anchor-rope"

func newAcademy(t *testing.T) *academy {
	t.Helper()
	if testing.Short() {
		t.Skip("makes and assesses a month of traffic")
	}
	ctx := context.Background()
	a, err := Open(ctx, Config{Database: filepath.Join(t.TempDir(), "tidewaiter.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	s := &academy{T: t, App: a}
	unit, scope, err := a.AddUnit(ctx, demoUnit)
	s.must(err)
	s.unit, s.live, s.ctx = unit, scope.ID, identity.With(ctx, identity.Console(unit))
	for name, role := range map[string]identity.Role{"head": identity.RoleHead, "aigul": identity.RoleOfficer, "bakyt": identity.RoleOfficer} {
		_, _, err := a.Identity.Officers.Add(s.ctx, unit.ID, identity.NewOfficer{Username: name, Name: name, Language: "en", Role: role, Password: academyPassword})
		s.must(err)
	}
	s.must(a.Start(ctx))
	s.server = httptest.NewServer(a.site(ServeConfig{}, proxies{}).Handler())
	t.Cleanup(s.server.Close)
	return s
}

func (s *academy) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// as returns a browser of the officer.
func (s *academy) as(name string) *surfer {
	s.Helper()
	jar, err := cookiejar.New(nil)
	s.must(err)
	b := &surfer{academy: s, client: &http.Client{Jar: jar}}
	b.post("/sign-in", "username", name, "password", academyPassword)
	return b
}

// surfer is somebody's browser without scripts.
type surfer struct {
	*academy
	client *http.Client
}

func (b *surfer) send(r *http.Request) (int, string, string) {
	b.Helper()
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := b.client.Do(r)
	b.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	b.must(err)
	return res.StatusCode, string(body), res.Request.URL.Path
}

func (b *surfer) get(path string) (status int, body, landed string) {
	b.Helper()
	r, err := http.NewRequest(http.MethodGet, b.server.URL+path, nil)
	b.must(err)
	return b.send(r)
}

func (b *surfer) post(path string, fields ...string) (status int, body, landed string) {
	b.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r, err := http.NewRequest(http.MethodPost, b.server.URL+path, strings.NewReader(form.Encode()))
	b.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

// page demands an answer of 200.
func (b *surfer) page(path string) string {
	b.Helper()
	status, body, _ := b.get(path)
	if status != http.StatusOK {
		b.Fatalf("GET %s: %d\n%s", path, status, body)
	}
	return body
}

var hrefs = regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)

// crawl follows every link below start, and shows each page; addresses that only differ in
// what is asked of the queue are followed a few times.
func (b *surfer) crawl(start []string, visit func(path, body string)) int {
	b.Helper()
	queue, seen, asked := start, map[string]bool{}, map[string]int{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		bare, _, isQuery := strings.Cut(path, "?")
		if seen[path] || strings.HasPrefix(path, "/static/") || isQuery && asked[bare] > 4 {
			continue
		}
		seen[path] = true
		asked[bare]++
		status, body, _ := b.get(path)
		if status >= 500 {
			b.Errorf("GET %s: %d", path, status)
		}
		visit(path, body)
		for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
			queue = append(queue, html.UnescapeString(m[1]))
		}
	}
	return len(seen)
}

// prepared is a unit's own exercise, made and waiting for aigul, and what is true in it.
func (s *academy) prepared(select_ int) (exercise.Run, []string) {
	s.Helper()
	head := s.as("head")
	fields := []string{"title", "The December exercise", "text", "Find what is wrong.", "consignments", "80", "select", fmt.Sprint(select_), "skill", "documents", "seed", "4711"}
	for _, name := range simulate.Schemes() {
		fields = append(fields, "schemes", name)
	}
	_, _, task := head.post("/exercises/new", fields...)
	if !strings.HasPrefix(task, "/exercises/tasks/task-") {
		s.Fatalf("after making an exercise the head is at %s", task)
	}
	aigul := s.as("aigul")
	aigul.post(task, "level", "usual")
	s.must(s.Bus.Drain(s.ctx, nil))
	o, err := s.Identity.Officers.ByUsername(s.ctx, "aigul")
	s.must(err)
	v, err := s.Identity.Officers.Viewer(s.ctx, o.ID, s.unit.ID)
	s.must(err)
	runs, err := s.Exercises.Runs(identity.With(s.ctx, v))
	s.must(err)
	if len(runs) != 1 || runs[0].State != exercise.Ready {
		s.Fatalf("runs %+v", runs)
	}
	return runs[0], s.secrets(runs[0])
}

// secrets are what a page must not say before the end.
func (s *academy) secrets(run exercise.Run) []string {
	s.Helper()
	secrets := simulate.Schemes()
	for _, lang := range web.Languages {
		ctx := web.SetLanguage(s.ctx, lang)
		for _, name := range simulate.Schemes() {
			secrets = append(secrets, web.T(ctx, "exercise.scheme-text."+name))
		}
	}
	rows, err := s.DB.Read.QueryContext(s.ctx, `SELECT note FROM exercise_truths WHERE world_id = $1 AND note LIKE '%; %'`, run.World)
	s.must(err)
	defer rows.Close()
	notes := 0
	for rows.Next() {
		var note string
		s.must(rows.Scan(&note))
		secrets = append(secrets, note)
		notes++
	}
	s.must(rows.Err())
	if notes < 1 {
		s.Fatalf("only %d notes of several traces: the search would see nothing", notes)
	}
	return secrets
}

// leak returns the first secret that a text tells.
func leak(body string, secrets []string) string {
	text := html.UnescapeString(body)
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			return secret
		}
	}
	return ""
}
