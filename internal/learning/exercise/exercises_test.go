package exercise

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

func TestRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		ctx := s.as("aigul")
		r, err := s.Start(ctx, CourseKey("drugs"), Usual)
		s.must(err)
		if again, err := s.Start(ctx, CourseKey("drugs"), Usual); err != nil || again.ID != r.ID {
			t.Errorf("a second start gives %d, %v; the open run is %d", again.ID, err, r.ID)
		}
		storetest.Drain(t, s.bus)
		s.wants(s.Select(ctx, r.ID, 101001, Reason{Words: "why"}), fault.Conflict, "selected before entering")
		r, err = s.Enter(ctx, r.ID)
		s.must(err)
		if r.State != Working || r.Scope != 101 || !r.Begun.Equal(s.now) || r.Done != 1 || r.Total != 2 {
			t.Fatalf("run %+v", r)
		}
		_, err = s.HandIn(ctx, r.ID)
		s.wants(err, fault.Invalid, "handed in empty")
		s.selecting(ctx, r)
		s.now = s.now.Add(25 * time.Minute)
		result, err := s.HandIn(ctx, r.ID)
		s.must(err)
		if x := result.Learner; x.Selected != 3 || x.Hits != 2 || x.Caught != 2 || x.Recall != 0.5 || math.Abs(x.Score-4.0/7) > 1e-12 {
			t.Errorf("%+v", x)
		}
		if result.Duration != 25*time.Minute || result.Right != 1 || result.Judged != 2 || result.Reasons != 4 {
			t.Errorf("%v, %d of %d of %d reasons", result.Duration, result.Right, result.Judged, result.Reasons)
		}
		storetest.Drain(t, s.bus)
		if m := <-s.marked; m.Run != r.ID || m.Officer != r.Officer || m.Course != "drugs" || m.Score != result.Learner.Score || !m.At.Equal(s.now) {
			t.Errorf("announced %+v", m)
		}
		_, err = s.HandIn(ctx, r.ID)
		s.wants(err, fault.Conflict, "handed in twice")
		s.wants(s.Select(ctx, r.ID, 101001, Reason{Words: "late"}), fault.Conflict, "selected after the end")
		s.wants(s.Unselect(ctx, r.ID, 101001), fault.Conflict, "taken back after the end")
		if kept, got, err := s.Result(ctx, r.ID); err != nil || kept.State != HandedIn || got.Learner != result.Learner || len(got.Items) != len(result.Items) {
			t.Errorf("kept %+v %+v, %v", kept, got.Learner, err)
		}
		if list, err := s.Ratings(ctx); err != nil || len(list) != 2 || list[0].Skill != "drugs" || list[0].Runs != 1 || list[0].Rating <= FirstRating {
			t.Errorf("ratings %+v, %v: a score above expectation raises both skills", list, err)
		}
	})
}

// selecting selects three, one of them wrong, and tries what must not be.
func (s *school) selecting(ctx context.Context, r Run) {
	s.Helper()
	at := func(n int64) int64 { return r.Scope*1000 + n }
	s.wants(s.Select(ctx, r.ID, 5, Reason{Words: "why"}), fault.Invalid, "a consignment of another time")
	s.wants(s.Select(ctx, r.ID, at(1), Reason{Words: "  "}), fault.Invalid, "no reason")
	s.wants(s.Select(ctx, r.ID, at(1), Reason{Field: "truth"}), fault.Invalid, "an unknown field")
	s.must(s.Select(ctx, r.ID, at(1), Reason{Field: "parties.email"}))
	s.must(s.Select(ctx, r.ID, at(1), Reason{Field: "parties.email"})) // again says nothing new
	s.must(s.Select(ctx, r.ID, at(1), Reason{Words: "a mailbox that anybody has"}))
	s.must(s.Select(ctx, r.ID, at(2), Reason{Words: "a feeling"}))
	s.must(s.Select(ctx, r.ID, at(9), Reason{Indicator: "S01"}))
	s.must(s.Select(ctx, r.ID, at(10), Reason{Words: "x"}))
	s.wants(s.Select(ctx, r.ID, at(11), Reason{Words: "x"}), fault.Invalid, "one too many")
	s.must(s.Unselect(ctx, r.ID, at(10)))
	s.must(s.Unselect(ctx, r.ID, at(10)))
	if r, err := s.Exercises.Run(ctx, r.ID); err != nil || r.Selected != 3 {
		s.Errorf("%d selected, %v", r.Selected, err)
	}
}

// TestRunsArePrivate: nobody but the learner works in a run, who teaches in the unit looks
// on, and the result is told at the end.
func TestRunsArePrivate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		r := s.begun("aigul")
		for _, name := range []string{"bakyt", "stranger"} {
			_, err := s.Exercises.Run(s.as(name), r.ID)
			s.wants(err, fault.NotFound, name+" looks at the run")
			_, err = s.Picks(s.as(name), r.ID)
			s.wants(err, fault.NotFound, name+" looks at the selection")
			_, _, err = s.Result(s.as(name), r.ID)
			s.wants(err, fault.NotFound, name+" looks at the result")
		}
		for _, name := range []string{"bakyt", "stranger", "head"} {
			_, err := s.Own(s.as(name), r.ID)
			s.wants(err, fault.NotFound, name+" takes the run for her own")
			_, err = s.Enter(s.as(name), r.ID)
			s.wants(err, fault.NotFound, name+" enters")
			s.wants(s.Select(s.as(name), r.ID, 101001, Reason{Words: "x"}), fault.NotFound, name+" selects")
			_, err = s.HandIn(s.as(name), r.ID)
			s.wants(err, fault.NotFound, name+" hands in")
		}
		if _, err := s.Exercises.Run(s.as("head"), r.ID); err != nil {
			t.Errorf("who teaches cannot look on: %v", err)
		}
		for _, name := range []string{"aigul", "head"} {
			_, _, err := s.Result(s.as(name), r.ID)
			s.wants(err, fault.Conflict, name+" wants the truth before the end")
		}
		_, err := s.Make(s.as("aigul"), Task{})
		s.wants(err, fault.Denied, "an officer makes a task")
		_, err = s.Assign(s.as("aigul"), CourseKey("drugs"), Usual, nil)
		s.wants(err, fault.Denied, "an officer gives an exercise")
		_, err = s.Cohorts(s.as("aigul"))
		s.wants(err, fault.Denied, "an officer sees cohorts")
	})
}

// TestWorlds: officers share the traffic of a turn, a further turn and another level have
// their own, and the seed of a course, which is public, does not make its world.
func TestWorlds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		first, second := s.begun("aigul"), s.begun("bakyt")
		if first.World != second.World || len(s.traffic.orders) != 1 {
			t.Errorf("worlds %d and %d, %d made", first.World, second.World, len(s.traffic.orders))
		}
		o := s.traffic.orders[0]
		if o.Seed == 7 || o.Planted != 3 || o.Twins != 4 || o.Consignments != 60 || !o.Month.Equal(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("ordered %+v", o)
		}
		s.must(s.Select(s.as("aigul"), first.ID, first.Scope*1000+1, Reason{Words: "x"}))
		_, err := s.HandIn(s.as("aigul"), first.ID)
		s.must(err)
		again := s.begun("aigul")
		if again.World == first.World {
			t.Error("the second turn is at traffic whose truth was told")
		}
		// Who is behind in turns does not meet the traffic of a cohort once more.
		cohort, err := s.Assign(s.as("head"), CourseKey("drugs"), Usual, []int64{first.Officer, s.views["chyngyz"].Officer.ID})
		s.must(err)
		k, err := s.Cohort(s.as("head"), cohort)
		s.must(err)
		if w := k.Members[0].World; w == first.World || w == again.World {
			t.Error("a cohort gets traffic that one of it has seen")
		}
		storetest.Drain(t, s.bus)
		mine := k.Members[1]
		for range 4 {
			mine, err = s.Enter(s.as("chyngyz"), mine.ID)
			s.must(err)
			s.must(s.Select(s.as("chyngyz"), mine.ID, mine.Scope*1000+1, Reason{Words: "x"}))
			_, err = s.HandIn(s.as("chyngyz"), mine.ID)
			s.must(err)
			mine, err = s.Start(s.as("chyngyz"), CourseKey("drugs"), Usual)
			s.must(err)
			storetest.Drain(t, s.bus)
		}
		runs, err := s.Runs(s.as("chyngyz"))
		s.must(err)
		worlds := map[int64]bool{}
		for _, r := range runs {
			worlds[r.World] = true
		}
		if len(runs) != 5 || len(worlds) != len(runs) {
			t.Errorf("%d runs in %d worlds", len(runs), len(worlds))
		}
		hard, err := s.Start(s.as("bakyt"), CourseKey("drugs"), Hard)
		s.must(err)
		if hard.World == second.World {
			t.Error("two levels share a world")
		}
		other, err := s.Start(s.as("stranger"), CourseKey("drugs"), Usual)
		s.must(err)
		if other.World == second.World {
			t.Error("two units share a world")
		}
		s.traffic.Lock()
		s.traffic.refused = true
		s.traffic.Unlock()
		storetest.Drain(t, s.bus)
	})
}

// TestWorldThatCannotBeMade: the learner is told, and may try again.
func TestWorldThatCannotBeMade(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		s.traffic.refused = true
		r, err := s.Start(s.as("aigul"), CourseKey("drugs"), Usual)
		s.must(err)
		storetest.Drain(t, s.bus)
		if r, err = s.Exercises.Run(s.as("aigul"), r.ID); err != nil || r.State != Failed {
			t.Fatalf("%s, %v", r.State, err)
		}
		_, err = s.Enter(s.as("aigul"), r.ID)
		s.wants(err, fault.Conflict, "entered what is not there")
		if again := s.begun("aigul"); again.ID != r.ID || again.State != Working {
			t.Errorf("tried again: %+v", again)
		}
	})
}

func TestCohort(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		head := s.as("head")
		task := Task{Title: map[string]string{"en": "Ours"}, Seed: 99, Consignments: 80, Select: 5, Schemes: []string{"front_company"}}
		key, err := s.Make(head, task)
		s.must(err)
		if _, err := s.Offer(s.as("stranger"), key); !fault.Is(err, fault.NotFound) {
			t.Errorf("another unit sees the task: %v", err)
		}
		id := func(name string) int64 { return s.views[name].Officer.ID }
		for _, wrong := range [][]int64{nil, {id("stranger")}, {id("aigul"), id("aigul")}, {12}} {
			_, err := s.Assign(head, key, Hard, wrong)
			var at *FieldError
			if !errors.As(err, &at) || at.Field != "officer" {
				t.Errorf("%v: %v", wrong, err)
			}
		}
		cohort, err := s.Assign(head, key, Hard, []int64{id("aigul"), id("chyngyz")})
		s.must(err)
		storetest.Drain(t, s.bus)
		if o := s.traffic.orders[0]; o.Seed != 99 || o.Planted != 3 || o.Twins != 10 {
			t.Errorf("ordered %+v: a unit's own seed is taken as it is", o)
		}
		k, err := s.Cohort(head, cohort)
		s.must(err)
		if len(k.Members) != 2 || k.Members[0].Officer != id("aigul") || k.Members[0].World != k.Members[1].World || k.Members[0].State != Ready {
			t.Errorf("%+v", k.Members)
		}
		run := k.Members[1]
		_, err = s.Enter(s.as("chyngyz"), run.ID)
		s.must(err)
		s.must(s.Select(s.as("chyngyz"), run.ID, run.Scope*1000+1, Reason{Words: "x"}))
		if k, err = s.Cohort(head, cohort); err != nil || k.Members[1].Selected != 1 || k.Members[1].State != Working || k.HandedInCount() != 0 {
			t.Errorf("progress %+v, %v", k.Members, err)
		}
		_, err = s.HandIn(s.as("chyngyz"), run.ID)
		s.must(err)
		if list, err := s.Cohorts(head); err != nil || len(list) != 1 || list[0].HandedInCount() != 1 || list[0].Cohort != cohort {
			t.Errorf("%+v, %v", list, err)
		}
		if _, _, err := s.Result(head, run.ID); err != nil {
			t.Errorf("who teaches cannot see the result: %v", err)
		}
		_, err = s.Cohort(s.as("stranger"), cohort)
		s.wants(err, fault.NotFound, "another unit looks at the cohort")
	})
}

// TestTogether: of many acts at once none is lost, and no more is selected than may be.
func TestTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		r := s.begun("aigul")
		ctx := s.as("aigul")
		var wait sync.WaitGroup
		var mu sync.Mutex
		taken := 0
		for n := range int64(12) {
			wait.Go(func() {
				if err := s.Select(ctx, r.ID, r.Scope*1000+n, Reason{Words: "x"}); err == nil {
					mu.Lock()
					taken++
					mu.Unlock()
				} else if !fault.Is(err, fault.Invalid) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if list, err := s.Picks(ctx, r.ID); err != nil || len(list) != r.Task.Select || taken != r.Task.Select {
			t.Errorf("%d selected, %d were told so, %d may be (%v)", len(list), taken, r.Task.Select, err)
		}
		ended := 0
		for range 5 {
			wait.Go(func() {
				if _, err := s.HandIn(ctx, r.ID); err == nil {
					mu.Lock()
					ended++
					mu.Unlock()
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		storetest.Drain(t, s.bus)
		if ended != 1 || len(s.marked) != 1 {
			t.Errorf("handed in %d times, announced %d times", ended, len(s.marked))
		}
	})
}

func TestTaskChecks(t *testing.T) {
	good := Task{Title: map[string]string{"en": "T"}, Consignments: 120, Select: 8, Schemes: []string{"a"}, Skill: []string{"seals"}}
	if err := good.check([]string{"a", "b"}); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*Task){
		"title":        func(x *Task) { x.Title = nil },
		"text":         func(x *Task) { x.Text = map[string]string{"ru": string(make([]byte, mostText+1))} },
		"consignments": func(x *Task) { x.Consignments = MostConsignments + 1 },
		"select":       func(x *Task) { x.Select = 16 },
		"schemes":      func(x *Task) { x.Schemes = []string{"c"} },
		"skill":        func(x *Task) { x.Skill = []string{"juggling"} },
	} {
		bad := good
		spoil(&bad)
		var at *FieldError
		if err := bad.check([]string{"a", "b"}); !errors.As(err, &at) || at.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
