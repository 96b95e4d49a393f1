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
	"slices"
	"strings"
	"testing"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/risk"
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

// TestTruthOfAnExerciseIsKept: before the end no page, export or answer of the API tells
// it, from within the exercise or from outside; afterwards the debrief does.
func TestTruthOfAnExerciseIsKept(t *testing.T) {
	s := newAcademy(t)
	run, secrets := s.prepared(6)
	aigul := s.as("aigul")
	home := "/exercises/runs/" + fmt.Sprint(run.ID)
	watch := func(where string) func(path, body string) {
		return func(path, body string) {
			if secret := leak(body, secrets); secret != "" {
				t.Errorf("%s: %s tells %q", where, path, secret)
			}
		}
	}
	start := []string{"/", "/queue", "/queue.csv", "/imports", "/quarantine", "/cases", "/results", "/search?q=CMR", "/exercises", home, home + "/debrief", "/courses"}
	outside := aigul.crawl(start, watch("outside"))
	if _, body, landed := aigul.post(home + "/enter"); landed != "/queue" || !strings.Contains(body, "The December exercise") {
		t.Fatalf("entered and came to %s", landed)
	}
	inside := aigul.crawl(start, watch("inside"))
	if inside < 80 {
		t.Errorf("only %d pages were seen inside", inside)
	}
	t.Logf("%d pages outside, %d inside", outside, inside)
	s.mustNotLeakByAPI(secrets)
	ids := s.consignments(run.Scope)
	aigul.post(home+"/select", "consignment", ids[0], "words", "a feeling")
	if _, _, landed := aigul.post(home + "/hand-in"); landed != home+"/debrief" {
		t.Errorf("handed in and came to %s", landed)
	}
	if body := aigul.page(home + "/debrief"); leak(body, secrets) == "" {
		t.Error("the debrief tells nothing: the search would not have found a leak")
	}
}

// consignments returns ids of the month of an exercise, in decimal.
func (s *academy) consignments(scope int64) (ids []string) {
	s.Helper()
	rows, err := s.DB.Read.QueryContext(s.ctx, `SELECT t.consignment_id FROM exercise_truths t JOIN exercise_worlds w ON w.id = t.world_id WHERE w.scope_id = $1 ORDER BY 1`, scope)
	s.must(err)
	defer rows.Close()
	for rows.Next() {
		var id int64
		s.must(rows.Scan(&id))
		ids = append(ids, fmt.Sprint(id))
	}
	s.must(rows.Err())
	return ids
}

// mustNotLeakByAPI asks the API by a token of the unit's.
func (s *academy) mustNotLeakByAPI(secrets []string) {
	s.Helper()
	_, token, err := s.Identity.Tokens.Add(s.ctx, s.unit.ID, "test")
	s.must(err)
	for _, path := range []string{"/api/v1/imports", "/openapi.json", "/api/openapi.json"} {
		r, err := http.NewRequest(http.MethodGet, s.server.URL+path, nil)
		s.must(err)
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(r)
		s.must(err)
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		s.must(err)
		if secret := leak(string(body), secrets); secret != "" {
			s.Errorf("%s tells %q", path, secret)
		}
		if strings.Contains(string(body), ".edi") {
			s.Errorf("%s speaks of an exercise's files: %s", path, body)
		}
	}
}

// TestExerciseAndDutyAreApart: live traffic shows nothing of the exercise, the exercise
// nothing of live traffic, and within the exercise nothing outside of it can be changed.
func TestExerciseAndDutyAreApart(t *testing.T) {
	s := newAcademy(t)
	run, _ := s.prepared(6)
	home := "/exercises/runs/" + fmt.Sprint(run.ID)
	ids := s.consignments(run.Scope)
	aigul, bakyt := s.as("aigul"), s.as("bakyt")
	own := "/consignments/" + ids[0]
	if status, _, _ := aigul.get(own); status != http.StatusNotFound {
		t.Errorf("live traffic shows a consignment of the exercise: %d", status)
	}
	if cases := aigul.page("/cases"); strings.Contains(cases, "/cases/1") || strings.Contains(cases, `class="code" href="/cases/`) {
		t.Error("a case was proposed for an exercise")
	}
	aigul.post(home + "/enter")
	body := aigul.page(own)
	for _, want := range []string{"The December exercise", home + "/select", "/exercises/leave"} {
		if !strings.Contains(body, want) {
			t.Errorf("the consignment's page lacks %q", want)
		}
	}
	if strings.Contains(body, `action="/cases"`) {
		t.Error("a case can be opened from within an exercise")
	}
	for _, path := range []string{"/cases", "/cases/new", "/releases", "/imports", "/settings/targeting", "/settings/weights", "/settings/case-rules", "/lists/brands"} {
		if status, _, _ := aigul.post(path, "consignment", ids[0], "reason", "x"); status != http.StatusForbidden {
			t.Errorf("POST %s within an exercise: %d", path, status)
		}
	}
	// The cookie of somebody else's run lets nobody in.
	bakyt.client.Jar.SetCookies(must(url.Parse(s.server.URL)), []*http.Cookie{{Name: "exercise", Value: fmt.Sprint(run.ID), Path: "/"}})
	if status, _, _ := bakyt.get(own); status != http.StatusNotFound {
		t.Errorf("another officer sees the exercise by its cookie: %d", status)
	}
	for _, path := range []string{home, home + "/debrief"} {
		if status, _, _ := bakyt.get(path); status != http.StatusNotFound {
			t.Errorf("another officer sees %s: %d", path, status)
		}
	}
	for _, path := range []string{"/enter", "/select", "/unselect", "/hand-in"} {
		if status, _, _ := bakyt.post(home+path, "consignment", ids[0], "words", "x"); status != http.StatusNotFound {
			t.Errorf("another officer acts at %s: %d", path, status)
		}
	}
	aigul.post("/exercises/leave")
	if status, body, _ := aigul.get(own); status != http.StatusNotFound || strings.Contains(body, "/exercises/leave") {
		t.Errorf("after leaving: %d", status)
	}
	counts, err := s.Cases.Marks(s.ctx, cargo.ScopeID(run.Scope), nil)
	if err != nil || len(counts) != 0 {
		t.Errorf("%v, %v", counts, err)
	}
	if page := s.as("head").page("/"); strings.Contains(page, ids[0]) {
		t.Error("the unit's home page speaks of the exercise")
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestSelectingAndHandingIn is a learner's way without scripts, with its errors, and the
// coordinator's look at it.
func TestSelectingAndHandingIn(t *testing.T) {
	s := newAcademy(t)
	run, _ := s.prepared(2)
	home := "/exercises/runs/" + fmt.Sprint(run.ID)
	ids := s.consignments(run.Scope)
	aigul := s.as("aigul")
	if status, body, _ := aigul.post(home + "/hand-in"); status != http.StatusConflict {
		t.Errorf("handed in before it began: %d %s", status, body)
	}
	aigul.post(home + "/enter")
	page, err := s.Assessments.Board(cargo.ScopeID(run.Scope)).Page(s.ctx, risk.Filter{From: run.Month, To: run.Month.AddDate(0, 1, -1)}, 0, 0)
	if err != nil || page.Counts.Total != len(ids) || len(ids) != 80 {
		t.Errorf("%d consignments arrive in the month, %d can be selected (%v)", page.Counts.Total, len(ids), err)
	}
	if status, body, _ := aigul.post(home + "/hand-in"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "error-summary") {
		t.Errorf("handed in empty: %d", status)
	}
	if status, body, _ := aigul.post(home+"/select", "consignment", ids[0], "words", " "); status != http.StatusUnprocessableEntity || !strings.Contains(body, `id="words-error"`) {
		t.Errorf("selected without a reason: %d", status)
	}
	for _, id := range ids[:2] {
		if _, body, landed := aigul.post(home+"/select", "consignment", id, "indicator", "S01", "field", "equipment.seals", "words", "no seal"); landed != "/consignments/"+id || !strings.Contains(body, "no seal") {
			t.Errorf("selected and came to %s", landed)
		}
	}
	if status, _, _ := aigul.post(home+"/select", "consignment", ids[2], "words", "x"); status != http.StatusUnprocessableEntity {
		t.Errorf("one too many: %d", status)
	}
	if queue := aigul.page("/queue"); strings.Count(queue, ">Selected<") < 1 && !strings.Contains(queue, "2 of 2 selected") {
		t.Error("the queue does not show what is selected")
	}
	aigul.post(home+"/unselect", "consignment", ids[1], "back", "run")
	if page := aigul.page(home); !strings.Contains(page, "Selected: 1 of 2") {
		t.Error("the run's page does not list the selection")
	}
	head := s.as("head")
	if page := head.page(home); !strings.Contains(page, "aigul") || strings.Contains(page, "/hand-in") {
		t.Error("who teaches sees whose run it is, and cannot end it")
	}
	aigul.post(home + "/hand-in")
	for _, b := range []*surfer{aigul, head} {
		page := b.page(home + "/debrief")
		for _, want := range []string{"Precision", "The engine", "Missed", "What gives it away"} {
			if !strings.Contains(page, want) {
				t.Errorf("the debrief lacks %q", want)
			}
		}
	}
	for _, lang := range []string{"ru", "ky"} {
		aigul.post("/language", "lang", lang, "back", home+"/debrief")
		page := aigul.page(home + "/debrief")
		if i := strings.Index(page, "exercise.trace."); i >= 0 {
			t.Errorf("%s: %s has no words", lang, page[i:i+60])
		}
		if !slices.Contains([]bool{strings.Contains(page, "Точность"), strings.Contains(page, "Тактык")}, true) {
			t.Errorf("%s: the debrief is not in that language", lang)
		}
	}
}

// TestWorldsHoldWhatIsOrdered: for each level and every course-like choice of schemes.
func TestWorldsHoldWhatIsOrdered(t *testing.T) {
	if testing.Short() {
		t.Skip("makes many months of traffic")
	}
	for _, schemes := range [][]string{
		{"precursor_diversion", "front_company"}, {"rip_on_rip_off"}, {"strategic_goods_third_country", "revived_dormant_importer"},
		{"counterfeit_brands", "circuitous_route"}, {"switched_bill", "undeclared_weight", "bad_check_digit"}, {"split_consignments", "front_company"},
	} {
		for _, o := range []exercise.Order{
			{Seed: 1, Consignments: 120, Planted: 8, Twins: 4, Traces: 1.6, Schemes: schemes},
			{Seed: 2, Consignments: 100, Planted: 6, Twins: 8, Traces: 1, Schemes: schemes},
			{Seed: 3, Consignments: 120, Planted: 4, Twins: 16, Traces: 0.6, Schemes: schemes},
		} {
			w, err := makeWorld(o)
			if err != nil {
				t.Errorf("%v: %v", schemes, err)
				continue
			}
			planted, twins, kinds := 0, 0, map[string]bool{}
			for _, x := range w.truth {
				if x.Planted {
					planted++
					kinds[x.Scheme] = true
				}
				if x.Twin {
					twins++
				}
			}
			t.Logf("%v: %d of %d planted, %d of %d twins, %d schemes", schemes, planted, o.Planted, twins, o.Twins, len(kinds))
			if planted < o.Planted/2 || planted > o.Planted || len(kinds) < min(len(schemes), 2) {
				t.Errorf("%v: %d of %d planted of %d schemes", schemes, planted, o.Planted, len(kinds))
			}
		}
	}
}
