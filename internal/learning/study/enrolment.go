package study

import (
	"slices"
	"time"

	"tidewaiter/internal/learning/course"
)

// Origin says who enrolled the officer.
type Origin string

// The origins.
const (
	BySelf        Origin = "self"
	ByCoordinator Origin = "coordinator"
	ByCode        Origin = "code"
	ByRule        Origin = "rule"
)

// Enrolment is one officer in one course, with all that they did there.
type Enrolment struct {
	ID        int64
	Officer   int64
	Unit      int64
	Course    string
	Version   string // of the course when the officer was enrolled
	Origin    Origin
	Cohort    int64 // 0: none
	At        time.Time
	By        int64     // who enrolled
	Due       time.Time // zero: none
	Seed      uint64
	Completed time.Time
	Score     float64 // of the passed test after the course, 0 to 1

	ExerciseAt    time.Time // when the exercise was handed in
	ExerciseScore float64

	Reads  map[string]time.Time // lessons by id
	Sheets []Sheet              // by moment, lesson and attempt
}

// Sheet is one test of one officer: what was asked, and what was answered.
type Sheet struct {
	ID        int64
	Enrolment int64
	Moment    course.Moment
	Lesson    string // of practice
	Attempt   int
	Seed      uint64
	Questions []string
	Started   time.Time
	Due       time.Time // zero: no limit
	HandedIn  time.Time
	Late      bool // it came after its time; it is marked, but passes nothing
	Answers   map[string]course.Answer
	Marks     map[string]float64
	Score     float64 // mean mark, 0 to 1
}

// Open reports that the sheet has not been handed in.
func (s Sheet) Open() bool { return s.HandedIn.IsZero() }

// Of returns the sheets of a moment, in the order of attempts.
func (e *Enrolment) Of(m course.Moment) (list []Sheet) {
	for _, s := range e.Sheets {
		if s.Moment == m {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b Sheet) int { return a.Attempt - b.Attempt })
	return list
}

// Best returns the best sheet of a moment that was handed in, in time before late.
func (e *Enrolment) Best(m course.Moment) (best Sheet, found bool) {
	for _, s := range e.Of(m) {
		if s.Open() {
			continue
		}
		if !found || s.Late == best.Late && s.Score > best.Score || best.Late && !s.Late {
			best, found = s, true
		}
	}
	return best, found
}

// PassedTest reports that the test after the course is passed, or that there is none.
func (e *Enrolment) PassedTest(c *course.Course) bool {
	if c.Posttest.PerLesson == 0 {
		return true
	}
	return slices.ContainsFunc(e.Of(course.After), func(s Sheet) bool {
		return !s.Open() && !s.Late && c.Posttest.Passed(s.Score)
	})
}

// Steps returns how many of the course's steps are done, and how many there are: the test
// before, each lesson, the exercise, the test after. The test before counts as done once
// a lesson is read without it.
func (e *Enrolment) Steps(c *course.Course) (done, all int) {
	step := func(is bool) {
		all++
		if is {
			done++
		}
	}
	for _, l := range c.Lessons {
		_, read := e.Reads[l.ID]
		step(read)
	}
	if c.Exercise.Consignments > 0 {
		step(!e.ExerciseAt.IsZero())
	}
	if c.Posttest.PerLesson > 0 {
		step(e.PassedTest(c))
	}
	return done, all
}

// Finished reports that every step is done.
func (e *Enrolment) Finished(c *course.Course) bool {
	done, all := e.Steps(c)
	return done == all
}

// ReviewAll reports that the right answers of a sheet may be shown: of practice and of the
// test before at once when it is handed in; after an attempt at the test after only when it
// is passed or no attempt is left, as the next one may ask the same.
func (e *Enrolment) ReviewAll(c *course.Course, s Sheet) bool {
	switch {
	case s.Open():
		return false
	case s.Moment == course.During, s.Moment == course.Before && len(e.Of(course.After)) == 0:
		return true
	}
	return e.PassedTest(c) || e.Left(c) == 0
}

// Left is how many attempts at the test after the course are left; one that is open counts
// until it is handed in.
func (e *Enrolment) Left(c *course.Course) int {
	tried := 0
	for _, s := range e.Of(course.After) {
		if !s.Open() {
			tried++
		}
	}
	return max(0, c.Posttest.Tries()-tried)
}
