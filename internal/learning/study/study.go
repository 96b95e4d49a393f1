package study

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/store"
)

// Shelf is where courses are found.
type Shelf []*course.Course

// Course returns a course by its id, or a fault.NotFound.
func (s Shelf) Course(id string) (*course.Course, error) {
	i := slices.IndexFunc(s, func(c *course.Course) bool { return c.ID == id })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "there is no course %q", id)
	}
	return s[i], nil
}

// Needs are what Studies work with.
type Needs struct {
	DB       *store.DB
	Bus      *bus.Bus
	Shelf    func() Shelf // what is offered now
	Officers *identity.Officers
	Audit    *identity.Audit
}

// Studies are the use-cases of learners and of those who teach them.
type Studies struct{ Needs }

// New returns the use-cases.
func New(n Needs) *Studies { return &Studies{n} }

var errNotEnrolled = fault.New(fault.NotFound, "you are not enrolled in this course").WithHint("enrol on the course's page")

// entry is an entry of the audit trail about an enrolment.
func entry(act string, e *Enrolment) identity.Entry {
	return identity.Entry{Act: act, ObjectKind: "course", ObjectID: e.Course, Detail: map[string]any{
		"officer": strconv.FormatInt(e.Officer, 10), "origin": e.Origin,
	}}
}

// Enrol enrols the viewer. Who is enrolled already stays so.
func (s *Studies) Enrol(ctx context.Context, courseID string) (*Enrolment, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, err
	}
	if err := s.enrol(ctx, v, courseID, []int64{v.Officer.ID}, admission{origin: BySelf}); err != nil {
		return nil, err
	}
	return s.Mine(ctx, courseID)
}

// admission says how officers come into a course.
type admission struct {
	origin Origin
	cohort int64
	due    time.Time
}

// enrol enrols officers of the viewer's unit who are not enrolled yet. One who enrolled by
// themselves gets the cohort and due date of a coordinator.
func (s *Studies) enrol(ctx context.Context, v identity.Viewer, courseID string, officers []int64, a admission) error {
	c, err := s.Shelf().Course(courseID)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *sql.Tx) error {
		for _, officer := range officers {
			e := &Enrolment{
				ID: store.NewID(), Officer: officer, Unit: v.Unit.ID, Course: c.ID, Version: c.Version, Origin: a.origin,
				Cohort: a.cohort, At: s.DB.Now(), By: v.Officer.ID, Due: a.due, Seed: uint64(rand.Int64()),
			}
			fresh, err := insertEnrolment(ctx, tx, e)
			if err != nil {
				return err
			}
			if !fresh {
				if err := updateAdmission(ctx, tx, e); err != nil {
					return err
				}
				continue
			}
			if err := s.announce(ctx, tx, e, entry("study.enrolled", e), Deed{Verb: Registered}); err != nil {
				return err
			}
		}
		return nil
	})
}

// announce records an act and announces what was done, in the act's transaction.
func (s *Studies) announce(ctx context.Context, tx *sql.Tx, e *Enrolment, act identity.Entry, deeds ...Deed) error {
	if act.Act != "" {
		if err := s.Audit.Record(ctx, tx, act); err != nil {
			return err
		}
	}
	for _, d := range deeds {
		d.Enrolment, d.Officer, d.Course = e.ID, e.Officer, e.Course
		if d.At.IsZero() {
			d.At = s.DB.Now()
		}
		if err := s.Bus.Announce(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}

// Mine returns the viewer's enrolment in a course, whole; fault.NotFound without one.
func (s *Studies) Mine(ctx context.Context, courseID string) (*Enrolment, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, err
	}
	return s.enrolment(ctx, s.DB.Read, v.Officer.ID, courseID)
}

// enrolment returns an officer's enrolment, whole.
func (s *Studies) enrolment(ctx context.Context, q store.Querier, officer int64, courseID string) (*Enrolment, error) {
	list, err := selectEnrolments(ctx, q, `officer_id = $1 AND course_id = $2`, officer, courseID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errNotEnrolled
	}
	return list[0], nil
}

// Record returns all enrolments of the viewer, the newest first: their transcript.
func (s *Studies) Record(ctx context.Context) ([]*Enrolment, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, err
	}
	if err := s.applyRules(ctx, v, []identity.Member{{Officer: v.Officer, Role: v.Role}}); err != nil {
		return nil, err
	}
	return selectEnrolments(ctx, s.DB.Read, `officer_id = $1`, v.Officer.ID)
}

// within changes the viewer's enrolment in a course: fn sees it whole, and nobody else
// changes it meanwhile. Afterwards the course is completed if nothing is left to do.
func (s *Studies) within(ctx context.Context, courseID string, fn func(tx *sql.Tx, c *course.Course, e *Enrolment) error) error {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return err
	}
	return s.change(ctx, v.Officer.ID, courseID, fn)
}

func (s *Studies) change(ctx context.Context, officer int64, courseID string, fn func(tx *sql.Tx, c *course.Course, e *Enrolment) error) error {
	c, err := s.Shelf().Course(courseID)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := lockEnrolment(ctx, tx, officer, courseID); err != nil {
			return err
		}
		e, err := s.enrolment(ctx, tx, officer, courseID)
		if err != nil {
			return err
		}
		if err := fn(tx, c, e); err != nil {
			return err
		}
		return s.complete(ctx, tx, c, e)
	})
}

// complete announces that the course is completed when it now is.
func (s *Studies) complete(ctx context.Context, tx *sql.Tx, c *course.Course, e *Enrolment) error {
	if !e.Completed.IsZero() || !e.Finished(c) {
		return nil
	}
	best, _ := e.Best(course.After)
	e.Completed, e.Score = s.DB.Now(), best.Score
	if err := updateCompleted(ctx, tx, e); err != nil {
		return err
	}
	if err := s.announce(ctx, tx, e, entry("study.completed", e), Deed{Verb: Done, Score: &e.Score}); err != nil {
		return err
	}
	return s.Bus.Announce(ctx, tx, Completed{
		Enrolment: e.ID, Officer: e.Officer, Unit: e.Unit, Course: e.Course, Version: c.Version, Score: e.Score, Minutes: c.Minutes, At: e.Completed,
	})
}

// Missing returns the courses that the viewer has to complete before this one.
func (s *Studies) Missing(ctx context.Context, c *course.Course) (list []*course.Course, err error) {
	for _, id := range c.Requires {
		before, err := s.Shelf().Course(id)
		if err != nil {
			continue // a course that is not here cannot be demanded
		}
		e, err := s.Mine(ctx, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if err != nil || e.Completed.IsZero() {
			list = append(list, before)
		}
	}
	return list, nil
}

// demand refuses while courses that come before are not completed.
func (s *Studies) demand(ctx context.Context, c *course.Course) error {
	missing, err := s.Missing(ctx, c)
	if err != nil || len(missing) == 0 {
		return err
	}
	return fault.New(fault.Conflict, "complete the course %s first", missing[0].ID)
}

// Read notes that the viewer has read a lesson; again is the same as once.
func (s *Studies) Read(ctx context.Context, courseID, lesson string) error {
	return s.within(ctx, courseID, func(tx *sql.Tx, c *course.Course, e *Enrolment) error {
		if _, ok := c.Lesson(lesson); !ok {
			return fault.New(fault.NotFound, "there is no lesson %q in this course", lesson)
		}
		if err := s.demand(ctx, c); err != nil {
			return err
		}
		if _, read := e.Reads[lesson]; read {
			return nil
		}
		e.Reads[lesson] = s.DB.Now()
		if err := insertRead(ctx, tx, e.ID, lesson, e.Reads[lesson]); err != nil {
			return err
		}
		return s.announce(ctx, tx, e, identity.Entry{}, Deed{Verb: Done, Part: "lessons/" + lesson})
	})
}

// Exercised notes that an officer has handed in the course's exercise, with its score 0 to
// 1; of several the best one stands. An officer who is not enrolled did it for practice.
func (s *Studies) Exercised(ctx context.Context, officer int64, courseID string, score float64, at time.Time) error {
	err := s.change(ctx, officer, courseID, func(tx *sql.Tx, _ *course.Course, e *Enrolment) error {
		if !e.ExerciseAt.IsZero() && e.ExerciseScore >= score {
			return nil
		}
		e.ExerciseAt, e.ExerciseScore = at, score
		if err := updateExercise(ctx, tx, e); err != nil {
			return err
		}
		return s.announce(ctx, tx, e, identity.Entry{}, Deed{Verb: Done, Part: "exercise", Score: &score, At: at})
	})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
