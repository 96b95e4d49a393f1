package study

import (
	"context"
	"log/slog"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// school is a unit with a head and two officers, the course of the tests, and what was
// announced.
type school struct {
	*Studies
	t        *testing.T
	bus      *bus.Bus
	unit     identity.Unit
	people   map[string]identity.Viewer
	mu       sync.Mutex
	deeds    []Deed
	finished []Completed
	now      time.Time
}

func newSchool(t *testing.T, db *store.DB) *school {
	t.Helper()
	s := &school{t: t, people: map[string]identity.Viewer{}, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	db.SetClock(func() time.Time { return s.now })
	t.Cleanup(func() { db.SetClock(nil) })
	registry := identity.Open(db, slog.New(slog.DiscardHandler), identity.WithCost(identity.Cost{MemoryKiB: 8, Passes: 1, Lanes: 1}), identity.WithClock(db.Now))
	s.bus = storetest.StartBus(t, db, func(b *bus.Bus) {
		bus.Subscribe(b, "test", "deed", func(_ context.Context, d Deed) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.deeds = append(s.deeds, d)
			return nil
		})
		bus.Subscribe(b, "test", "completed", func(_ context.Context, c Completed) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.finished = append(s.finished, c)
			return nil
		})
	})
	sample, err := course.Read(os.DirFS("../course/testdata/sample"), "sample")
	if err != nil {
		t.Fatal(err)
	}
	further, err := course.Read(os.DirFS("../course/testdata/sample"), "further")
	if err != nil {
		t.Fatal(err)
	}
	further.Requires = []string{"sample"}
	s.Studies = New(Needs{DB: db, Bus: s.bus, Shelf: func() Shelf { return Shelf{sample, further} }, Officers: registry.Officers, Audit: registry.Audit})
	for i, unit := range []identity.Unit{
		{Code: "KGOSS-PCU", Name: "Osh", Country: "KG", Timezone: "Asia/Bishkek", Language: "en"},
		{Code: "KGFRU-PCU", Name: "Bishkek", Country: "KG", Timezone: "Asia/Bishkek", Language: "en"},
	} {
		console := identity.With(t.Context(), identity.Console(unit))
		u, err := registry.Units.Ensure(console, unit)
		if err != nil {
			t.Fatal(err)
		}
		console = identity.With(t.Context(), identity.Console(u))
		for _, role := range []identity.Role{identity.RoleHead, identity.RoleOfficer} {
			name := string(role) + strconv.Itoa(i)
			o, err := registry.Officers.Ensure(console, u.ID, identity.NewOfficer{Username: name, Name: name, Language: "en", Role: role, Password: "tide-and-time"})
			if err != nil {
				t.Fatal(err)
			}
			v, err := registry.Officers.Viewer(console, o.ID, u.ID)
			if err != nil {
				t.Fatal(err)
			}
			s.people[name] = v
		}
		if i == 0 {
			s.unit = u
		}
	}
	return s
}

func (s *school) as(name string) context.Context {
	v, ok := s.people[name]
	if !ok {
		s.t.Fatalf("there is no %s", name)
	}
	return identity.With(s.t.Context(), v)
}

func (s *school) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// answers answers a sheet: all of it right, or none.
func (s *school) answers(sheet Sheet, right bool) map[string]course.Answer {
	c, _ := s.Shelf().Course("sample")
	out := map[string]course.Answer{}
	for _, id := range sheet.Questions {
		q, _ := c.Question(id)
		a := q.Solve(sheet.Seed)
		if !right {
			a = course.Answer{"x"}
		}
		out[id] = a
	}
	return out
}

// A learner goes through a course; everything is announced once.
func TestCourse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		ctx := s.as("officer0")
		if _, err := s.Start(ctx, "sample", course.Before); !fault.Is(err, fault.NotFound) {
			t.Fatalf("a test before enrolment: %v", err)
		}
		for range 2 {
			_, err := s.Enrol(ctx, "sample")
			s.must(err)
		}
		s.testBefore(ctx)
		s.readAll(ctx)
		s.failAndPass(ctx)
		storetest.Drain(t, s.bus)
		if len(s.finished) != 1 || s.finished[0].Officer != s.people["officer0"].Officer.ID || s.finished[0].Score != 1 {
			t.Errorf("announced %+v", s.finished)
		}
		count := map[Verb]int{}
		for _, d := range s.deeds {
			count[d.Verb]++
		}
		// 3 tests of 2 questions; done: 2 lessons, the test before, the course.
		for verb, want := range map[Verb]int{Registered: 1, Attempted: 3, Answered: 6, Failed: 1, Passed: 1, Done: 4} {
			if count[verb] != want {
				t.Errorf("%s was announced %d times, want %d", verb, count[verb], want)
			}
		}
	})
}

// testBefore takes the test before the course, once.
func (s *school) testBefore(ctx context.Context) {
	s.t.Helper()
	pre, err := s.Start(ctx, "sample", course.Before)
	s.must(err)
	again, err := s.Start(ctx, "sample", course.Before)
	if err != nil || again.ID != pre.ID {
		s.t.Fatalf("an open sheet is not gone on with: %v, %v", again.ID, err)
	}
	pre, err = s.HandIn(ctx, "sample", pre.ID, s.answers(pre, false), time.Time{})
	if err != nil || pre.Score != 0 {
		s.t.Fatalf("score %v, %v", pre.Score, err)
	}
	if _, err := s.Start(ctx, "sample", course.Before); !fault.Is(err, fault.Conflict) {
		s.t.Errorf("the test before, again: %v", err)
	}
}

// readAll reads the lessons, one of them twice.
func (s *school) readAll(ctx context.Context) {
	s.t.Helper()
	if err := s.Read(ctx, "further", "01-door"); !fault.Is(err, fault.NotFound) {
		s.t.Errorf("read in a course without being enrolled: %v", err)
	}
	if _, err := s.Start(ctx, "sample", course.After); !fault.Is(err, fault.Conflict) {
		s.t.Errorf("the test after, before the lessons: %v", err)
	}
	for _, lesson := range []string{"01-door", "02-seal", "02-seal"} {
		s.must(s.Read(ctx, "sample", lesson))
	}
	if err := s.Read(ctx, "sample", "03"); !fault.Is(err, fault.NotFound) {
		s.t.Errorf("a lesson that is not there: %v", err)
	}
}

// failAndPass fails the test after the course, and passes it.
func (s *school) failAndPass(ctx context.Context) {
	t := s.t
	t.Helper()
	post, err := s.Start(ctx, "sample", course.After)
	s.must(err)
	_, err = s.HandIn(ctx, "sample", post.ID, s.answers(post, false), time.Time{})
	s.must(err)
	e, err := s.Mine(ctx, "sample")
	s.must(err)
	c, _ := s.Shelf().Course("sample")
	if e.ReviewAll(c, e.Of(course.After)[0]) || !e.Completed.IsZero() || e.Left(c) != 1 {
		t.Errorf("the right answers are shown while the test can be taken again, or it is completed, or %d attempts are left", e.Left(c))
	}
	second, err := s.Start(ctx, "sample", course.After)
	s.must(err)
	first, err := s.HandIn(ctx, "sample", second.ID, s.answers(second, true), time.Time{})
	s.must(err)
	twice, err := s.HandIn(ctx, "sample", second.ID, nil, time.Time{})
	if err != nil || first.Score != 1 || twice.Score != 1 {
		t.Fatalf("handed in twice: %v and %v, %v", first.Score, twice.Score, err)
	}
	if e, err = s.Mine(ctx, "sample"); err != nil || e.Completed.IsZero() || e.Score != 1 {
		t.Fatalf("completed %v with %v, %v", e.Completed, e.Score, err)
	}
}

// Time runs out for those who hand in late, but not for a sheet that waited on a device
// for the network.
func TestTimeLimit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		for name, tc := range map[string]struct {
			wait    time.Duration
			entered time.Duration // after the start; 0: by the server's clock
			late    bool
		}{
			"officer0": {4 * time.Minute, 0, false},
			"head0":    {30 * time.Minute, 0, true},
			"officer1": {10 * time.Hour, 3 * time.Minute, false},
			"head1":    {10 * time.Hour, 20 * time.Minute, true},
		} {
			ctx := s.as(name)
			_, err := s.Enrol(ctx, "sample")
			s.must(err)
			s.must(s.Read(ctx, "sample", "01-door"))
			s.must(s.Read(ctx, "sample", "02-seal"))
			sheet, err := s.Start(ctx, "sample", course.After)
			s.must(err)
			start := s.now
			s.now = s.now.Add(tc.wait)
			entered := time.Time{}
			if tc.entered > 0 {
				entered = start.Add(tc.entered)
			}
			sheet, err = s.HandIn(ctx, "sample", sheet.ID, s.answers(sheet, true), entered)
			e, errMine := s.Mine(ctx, "sample")
			if err != nil || errMine != nil || sheet.Late != tc.late || sheet.Score != 1 || e.Completed.IsZero() != tc.late {
				t.Errorf("%s: late %v, score %v, completed %v, %v", name, sheet.Late, sheet.Score, e.Completed, err)
			}
		}
	})
}

// Attempts run out, also those that are never handed in.
func TestAttempts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		ctx := s.as("officer0")
		_, err := s.Enrol(ctx, "sample")
		s.must(err)
		s.must(s.Read(ctx, "sample", "01-door"))
		s.must(s.Read(ctx, "sample", "02-seal"))
		for range 2 {
			_, err := s.Start(ctx, "sample", course.After)
			s.must(err)
			s.now = s.now.Add(time.Hour)
		}
		if _, err := s.Start(ctx, "sample", course.After); !fault.Is(err, fault.Conflict) {
			t.Errorf("a third attempt of two: %v", err)
		}
	})
}

func TestPractice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		ctx := s.as("officer0")
		_, err := s.Enrol(ctx, "sample")
		s.must(err)
		answers := map[string]course.Answer{"numeric": {"16,2"}, "single": {"0"}}
		first, err := s.Practise(ctx, "sample", "01-door", 5, 1, answers)
		s.must(err)
		same, err := s.Practise(ctx, "sample", "01-door", 5, 1, nil)
		if err != nil || first.ID != same.ID || first.Score != 0.5 || len(first.Marks) != 2 {
			t.Errorf("%+v and %+v, %v", first, same, err)
		}
		if _, ok := first.Marks["single"]; ok {
			t.Error("a question of the tests was marked in practice")
		}
		second, err := s.Practise(ctx, "sample", "01-door", 6, 2, map[string]course.Answer{"numeric": {"16.2"}, "short": {"hasp"}})
		if err != nil || second.Score != 1 {
			t.Errorf("%+v, %v", second, err)
		}
	})
}

func TestPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		head, officer, stranger := s.as("head0"), s.as("officer0"), s.as("officer1")
		id := func(name string) int64 { return s.people[name].Officer.ID }
		for what, err := range map[string]error{
			"assign":  s.Assign(officer, "sample", []int64{id("officer0")}, 0, time.Time{}),
			"another": s.Assign(head, "sample", []int64{id("officer1")}, 0, time.Time{}),
			"rule":    s.AddRule(officer, Rule{Role: identity.RoleOfficer, Course: "sample"}),
		} {
			if !fault.Is(err, fault.Denied) {
				t.Errorf("%s: %v", what, err)
			}
		}
		due := s.now.AddDate(0, 0, 7)
		s.must(s.Assign(head, "sample", []int64{id("officer0")}, 0, due))
		e, err := s.Mine(officer, "sample")
		if err != nil || !e.Due.Equal(due) || e.Origin != ByCoordinator || e.By != id("head0") {
			t.Errorf("%+v, %v", e, err)
		}
		c, err := s.OpenCohort(head, Cohort{Course: "sample", Title: "  Autumn  "})
		s.must(err)
		if got, err := s.Join(stranger, c.Code[:4]+"-"+c.Code[4:]); err != nil || got != "sample" {
			t.Errorf("joined %q, %v", got, err)
		}
		if e, err = s.Mine(stranger, "sample"); err != nil || e.Cohort != c.ID || e.Origin != ByCode {
			t.Errorf("by code: %+v, %v", e, err)
		}
		if err := s.CloseCohort(s.as("head1"), c.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("closed by another unit: %v", err)
		}
		s.must(s.CloseCohort(head, c.ID))
		if _, err := s.Join(s.as("head1"), c.Code); !fault.Is(err, fault.NotFound) {
			t.Errorf("joined a closed cohort: %v", err)
		}
		s.must(s.AddRule(head, Rule{Role: identity.RoleOfficer, Course: "further", Days: 30}))
		if e, err = s.Mine(officer, "further"); err != nil || e.Origin != ByRule || !e.Due.Equal(s.now.AddDate(0, 0, 30)) {
			t.Errorf("by rule: %+v, %v", e, err)
		}
		if err := s.Read(officer, "further", "01-door"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a course whose prerequisite is missing: %v", err)
		}
		dues, err := s.DueBefore(t.Context(), s.now.AddDate(0, 0, 10))
		if err != nil || len(dues) != 1 || dues[0].Officer != id("officer0") || dues[0].Course != "sample" {
			t.Errorf("due %+v, %v", dues, err)
		}
	})
}

func TestReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		for _, name := range []string{"head0", "officer0"} {
			ctx := s.as(name)
			_, err := s.Enrol(ctx, "sample")
			s.must(err)
			pre, err := s.Start(ctx, "sample", course.Before)
			s.must(err)
			_, err = s.HandIn(ctx, "sample", pre.ID, s.answers(pre, name == "head0"), time.Time{})
			s.must(err)
			s.must(s.Read(ctx, "sample", "01-door"))
			s.must(s.Read(ctx, "sample", "02-seal"))
			s.now = s.now.AddDate(0, 0, 2)
			post, err := s.Start(ctx, "sample", course.After)
			s.must(err)
			_, err = s.HandIn(ctx, "sample", post.ID, s.answers(post, true), time.Time{})
			s.must(err)
		}
		r, err := s.Report(s.as("head0"), "sample")
		s.must(err)
		if len(r.Learners) != 2 || r.Completed != 2 || r.Gain.Learners != 2 || r.Gain.Mean != 0.5 || r.Median != 48*time.Hour || len(r.Items) == 0 {
			t.Errorf("%+v", r)
		}
		if r, err = s.Report(s.as("head1"), "sample"); err != nil || len(r.Learners) != 0 {
			t.Errorf("another unit sees %d learners, %v", len(r.Learners), err)
		}
		if _, err := s.Report(s.as("officer0"), "sample"); !fault.Is(err, fault.Denied) {
			t.Errorf("an officer sees the report: %v", err)
		}
	})
}

// An exercise counts for those who are enrolled, and its best run stands.
func TestExercised(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		officer := s.people["officer0"].Officer.ID
		s.must(s.Exercised(t.Context(), officer, "sample", 0.4, s.now))
		_, err := s.Enrol(s.as("officer0"), "sample")
		s.must(err)
		for _, score := range []float64{0.5, 0.75, 0.25} {
			s.must(s.Exercised(t.Context(), officer, "sample", score, s.now))
		}
		if e, err := s.Mine(s.as("officer0"), "sample"); err != nil || e.ExerciseScore != 0.75 {
			t.Errorf("%+v, %v", e, err)
		}
		var n int
		s.must(db.Read.QueryRow(`SELECT count(*) FROM study_enrolments`).Scan(&n))
		if n != 1 {
			t.Errorf("%d enrolments", n)
		}
	})
}
