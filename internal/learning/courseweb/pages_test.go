package courseweb_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/author"
	"tidewaiter/internal/learning/authorweb"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/learning/courseweb"
	"tidewaiter/internal/learning/study"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

func TestMessages(t *testing.T) {
	webtest.Messages(t, os.DirFS("."))
	webtest.Messages(t, os.DirFS("../authorweb"))
}

// school is two units, the sample course and its pages.
type school struct {
	*testing.T
	studies *study.Studies
	people  map[string]identity.Viewer
	site    *httptest.Server
}

func newSchool(t *testing.T) *school {
	t.Helper()
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	s := &school{T: t, people: map[string]identity.Viewer{}}
	reg := identity.Open(db, slog.New(slog.DiscardHandler), identity.WithCost(identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}))
	sample, err := course.Read(os.DirFS("../course/testdata/sample"), "sample")
	s.ok(err)
	s.studies = study.New(study.Needs{
		DB: db, Bus: storetest.StartBus(t, db, func(*bus.Bus) {}), Shelf: func() study.Shelf { return study.Shelf{sample} },
		Officers: reg.Officers, Audit: reg.Audit,
	})
	for i, code := range []string{"KGOSS-PCU", "EGALY-PCU"} {
		unit := identity.Unit{Code: code, Name: code, Country: code[:2], Timezone: "Asia/Bishkek", Language: "en"}
		unit, err := reg.Units.Ensure(identity.With(context.Background(), identity.Console(unit)), unit)
		s.ok(err)
		console := identity.With(context.Background(), identity.Console(unit))
		for _, role := range []identity.Role{identity.RoleHead, identity.RoleOfficer} {
			name := string(role) + strconv.Itoa(i)
			o, err := reg.Officers.Ensure(console, unit.ID, identity.NewOfficer{Username: name, Name: "=Айгүл " + name, Language: "en", Role: role, Password: "tide-and-time"})
			s.ok(err)
			s.people[name], err = reg.Officers.Viewer(console, o.ID, unit.ID)
			s.ok(err)
		}
	}
	s.serve(&author.Desk{DB: db, Audit: reg.Audit})
	return s
}

func (s *school) serve(desk *author.Desk) {
	site := web.NewSite(web.Options{Logger: slog.New(slog.DiscardHandler)})
	site.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := r.Context()
			if v, known := s.people[r.Header.Get("X-Officer")]; known {
				ctx = identity.With(ctx, v)
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	})
	require := func(a identity.Action, h web.Handler) web.Handler {
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
	}
	courseweb.New(courseweb.Options{Studies: s.studies}).Routes(site, require)
	authorweb.New(authorweb.Options{Desk: desk, Shelf: s.studies.Shelf}).Routes(site, require)
	s.site = httptest.NewServer(site.Handler())
	s.Cleanup(s.site.Close)
}

func (s *school) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// ask sends a request as an officer and returns the status, where it leads, and the body.
func (s *school) ask(who, method, path string, form url.Values) (status int, to, body string) {
	s.Helper()
	r, err := http.NewRequest(method, s.site.URL+path, strings.NewReader(form.Encode()))
	s.ok(err)
	r.Header.Set("X-Officer", who)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	s.ok(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	s.ok(err)
	return res.StatusCode, res.Header.Get("Location"), string(raw)
}

func (s *school) get(who, path string) (int, string) {
	s.Helper()
	status, _, body := s.ask(who, "GET", path, nil)
	return status, body
}

const key = "7d444840-9dc0-11d1-b245-5ffdce74fad2"

// Who may not see or do a thing learns nothing of it.
func TestWhoMay(t *testing.T) {
	s := newSchool(t)
	for _, path := range []string{"/learners", "/learners/courses/sample", "/learners/courses/sample/learners.csv", "/authoring", "/authoring/sample"} {
		if status, _ := s.get("officer0", path); status != http.StatusForbidden {
			t.Errorf("an officer gets %d for %s", status, path)
		}
	}
	if status, to, _ := s.ask("officer0", "POST", "/courses/sample/enrol", nil); status != http.StatusSeeOther || to != "/courses/sample" {
		t.Fatalf("enrolment: %d to %s", status, to)
	}
	_, sheet, _ := s.ask("officer0", "POST", "/courses/sample/tests/pre", nil)
	if status, _ := s.get("officer0", sheet); status != http.StatusOK {
		t.Fatalf("%d for one's own sheet %q", status, sheet)
	}
	for _, who := range []string{"officer1", "head0", ""} {
		if status, _ := s.get(who, sheet); status == http.StatusOK {
			t.Errorf("%q sees the sheet of somebody else", who)
		}
		if status, _, _ := s.ask(who, "POST", sheet, url.Values{"key": {key}}); status < 400 {
			t.Errorf("%q hands in the sheet of somebody else: %d", who, status)
		}
	}
	if status, body := s.get("head1", "/learners"); status != http.StatusOK || strings.Contains(body, "officer0") {
		t.Errorf("the head of another unit gets %d, and sees the officer", status)
	}
	for _, path := range []string{"/courses/none", "/courses/sample/lessons/none", "/courses/sample/pictures/..%2fcourse.toml", "/courses/sample/pictures/none.svg", "/courses/sample/sheets/1", "/courses/sample/sheets/x"} {
		if status, _ := s.get("officer0", path); status != http.StatusNotFound {
			t.Errorf("%d for %s", status, path)
		}
	}
}

// A test's page holds nothing from which the right answers could be told; the review of a
// failed one shows none either.
func TestSheetHidesTheTruth(t *testing.T) {
	s := newSchool(t)
	s.ask("officer0", "POST", "/courses/sample/enrol", nil)
	for _, lesson := range []string{"01-door", "02-seal"} {
		status, to, _ := s.ask("officer0", "POST", "/courses/sample/lessons/"+lesson+"/practice", url.Values{"key": {key}, "seed": {"5"}, "attempt": {"1"}, "q.numeric": {"16,2"}})
		if status != http.StatusSeeOther || !strings.HasSuffix(to, "#practice") {
			t.Fatalf("practice: %d to %s", status, to)
		}
	}
	if _, body := s.get("officer0", "/courses/sample/lessons/01-door"); !strings.Contains(body, "Because numeric") || !strings.Contains(body, "Ёлка MSCU") {
		t.Error("practice does not show why and what is right")
	}
	_, sheet, _ := s.ask("officer0", "POST", "/courses/sample/tests/post", nil)
	_, open := s.get("officer0", sheet)
	_, _, _ = s.ask("officer0", "POST", sheet, url.Values{"key": {key}})
	_, failed := s.get("officer0", sheet)
	for name, body := range map[string]string{"the open test": open, "the failed one": failed} {
		if !strings.Contains(body, "Question ") {
			t.Fatalf("%s asks nothing:\n%s", name, body)
		}
		for _, truth := range []string{"Because", "data-right", "right = true"} {
			if strings.Contains(body, truth) {
				t.Errorf("%s says %q", name, truth)
			}
		}
	}
}

// A cohort's code lets in, and a wrong one is said beside its field.
func TestJoin(t *testing.T) {
	s := newSchool(t)
	ctx := identity.With(context.Background(), s.people["head0"])
	c, err := s.studies.OpenCohort(ctx, study.Cohort{Course: "sample", Title: "Autumn"})
	s.ok(err)
	if status, _, body := s.ask("officer1", "POST", "/courses/join", url.Values{"code": {"WRONG<b>"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "code-error") || strings.Contains(body, "WRONG<b>") {
		t.Errorf("a wrong code: %d", status)
	}
	if status, to, _ := s.ask("officer1", "POST", "/courses/join", url.Values{"code": {strings.ToLower(c.Code)}}); status != http.StatusSeeOther || to != "/courses/sample" {
		t.Errorf("the right code: %d to %s", status, to)
	}
}

// Exports hold what the page shows; a name that begins with = is a text in a spreadsheet.
func TestExports(t *testing.T) {
	s := newSchool(t)
	ctx := identity.With(context.Background(), s.people["head0"])
	s.ok(s.studies.Assign(ctx, "sample", []int64{s.people["officer0"].Officer.ID}, 0, s.studies.DB.Now().AddDate(0, 1, 0)))
	status, body := s.get("head0", "/learners/courses/sample/learners.csv")
	if status != http.StatusOK || !strings.Contains(body, "'=Айгүл officer0") || !strings.HasPrefix(body, "\ufeff") {
		t.Errorf("%d: %q", status, body)
	}
	_, body = s.get("head0", "/learners/courses/sample/learners.xlsx")
	f, err := excelize.OpenReader(bytes.NewReader([]byte(body)))
	s.ok(err)
	defer f.Close()
	if name, err := f.GetCellValue("Sheet1", "A2"); err != nil || name != "=Айгүл officer0" {
		t.Errorf("the sheet says %q, %v", name, err)
	}
	if formula, err := f.GetCellFormula("Sheet1", "A2"); err != nil || formula != "" {
		t.Errorf("the sheet holds the formula %q, %v", formula, err)
	}
}

// A course is written in the browser: begun, flawed, mended.
func TestAuthoring(t *testing.T) {
	s := newSchool(t)
	if status, to, _ := s.ask("head0", "POST", "/authoring", url.Values{"id": {"reefers"}, "from": {"sample"}}); status != http.StatusSeeOther || to != "/authoring/reefers" {
		t.Fatalf("begun: %d to %s", status, to)
	}
	if status, _, body := s.ask("head0", "POST", "/authoring", url.Values{"id": {"Reefers!"}, "from": {"sample"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "id-error") {
		t.Errorf("a bad name: %d", status)
	}
	file := "/authoring/reefers/file?path=lessons%2F02-seal.en.md"
	edit := url.Values{"path": {"lessons/02-seal.en.md"}, "version": {"1"}, "text": {"# Seal\n\n**new** <script>alert(1)</script> [@nobody]\n"}}
	preview := url.Values{"preview": {"1"}}
	for k, v := range edit {
		preview[k] = v
	}
	if status, _, body := s.ask("head0", "POST", file, preview); status != http.StatusOK || !strings.Contains(body, "<strong>new</strong>") || strings.Contains(body, "<script>alert") {
		t.Errorf("preview: %d\n%s", status, body)
	}
	if status, _, _ := s.ask("head0", "POST", file, edit); status != http.StatusSeeOther {
		t.Errorf("saved: %d", status)
	}
	if status, _, body := s.ask("head0", "POST", file, edit); status != http.StatusConflict || !strings.Contains(body, "text-error") {
		t.Errorf("saved over a newer version: %d", status)
	}
	if _, body := s.get("head0", "/authoring/reefers"); !strings.Contains(body, "there is no source of this id") || strings.Contains(body, "/publish") {
		t.Errorf("the flaw is not listed, or the draft can be published:\n%s", body)
	}
	edit.Set("version", "2")
	edit.Set("text", "# Seal\n\nTug. [@iso-17712]\n")
	s.ask("head0", "POST", file, edit)
	if status, to, _ := s.ask("head0", "POST", "/authoring/reefers/publish", nil); status != http.StatusSeeOther || to != "/authoring/reefers" {
		t.Errorf("published: %d to %s", status, to)
	}
	if _, body := s.get("head0", "/authoring"); !strings.Contains(body, "pill-good") {
		t.Error("it is not shown as published")
	}
}
