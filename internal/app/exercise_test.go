package app

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/risk"
)

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
