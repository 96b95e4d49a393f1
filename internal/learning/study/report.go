package study

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/store"
)

// Learner is an officer of the unit with what they study.
type Learner struct {
	identity.Member
	Enrolments []*Enrolment
}

// Report is how a course goes in a unit.
type Report struct {
	Course    *course.Course
	Learners  []Learner // those enrolled, each with this enrolment
	Completed int
	Overdue   int
	Gain      course.Gain   // of those who took both tests
	Items     []course.Item // of the tests, over all units: how a question works is no secret of a unit
	Median    time.Duration // from enrolment to completion; 0 without any
}

// Learners returns the officers of the viewer's unit with all their enrolments, by name.
// It needs identity.Teach.
func (s *Studies) Learners(ctx context.Context) ([]Learner, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return nil, err
	}
	members, err := s.Officers.OfUnit(ctx, v.Unit.ID)
	if err != nil {
		return nil, err
	}
	if err := s.applyRules(ctx, v, members); err != nil {
		return nil, err
	}
	ids := make([]any, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	var all []*Enrolment
	if len(ids) > 0 {
		if all, err = selectEnrolments(ctx, s.DB.Read, `officer_id IN `+store.In(1, len(ids)), ids...); err != nil {
			return nil, err
		}
	}
	byOfficer := map[int64][]*Enrolment{}
	for _, e := range all {
		byOfficer[e.Officer] = append(byOfficer[e.Officer], e)
	}
	list := make([]Learner, 0, len(members))
	for _, m := range members {
		list = append(list, Learner{m, byOfficer[m.ID]})
	}
	slices.SortFunc(list, func(a, b Learner) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Report returns how a course goes in the viewer's unit. It needs identity.Teach.
func (s *Studies) Report(ctx context.Context, courseID string) (*Report, error) {
	c, err := s.Shelf().Course(courseID)
	if err != nil {
		return nil, err
	}
	all, err := s.Learners(ctx)
	if err != nil {
		return nil, err
	}
	r := &Report{Course: c}
	var before, after []float64
	var took []time.Duration
	for _, l := range all {
		i := slices.IndexFunc(l.Enrolments, func(e *Enrolment) bool { return e.Course == courseID })
		if i < 0 {
			continue
		}
		e := l.Enrolments[i]
		r.Learners = append(r.Learners, Learner{l.Member, []*Enrolment{e}})
		if !e.Completed.IsZero() {
			r.Completed++
			took = append(took, e.Completed.Sub(e.At))
		} else if !e.Due.IsZero() && e.Due.Before(s.DB.Now()) {
			r.Overdue++
		}
		if pre, post, ok := e.pair(); ok {
			before, after = append(before, pre), append(after, post)
		}
	}
	r.Gain = course.GainOf(before, after)
	if slices.Sort(took); len(took) > 0 {
		r.Median = took[len(took)/2]
	}
	sheets, err := selectMarked(ctx, s.DB.Read, courseID)
	if err != nil {
		return nil, err
	}
	r.Items = c.Analyse(sheets)
	return r, nil
}

// pair returns the score before a course and that of the first attempt after it: a second
// attempt would count practice with the test as knowledge.
func (e *Enrolment) pair() (before, after float64, ok bool) {
	pre, post := e.Of(course.Before), e.Of(course.After)
	if len(pre) == 0 || len(post) == 0 || pre[0].Open() || post[0].Open() || pre[0].Late || post[0].Late {
		return 0, 0, false
	}
	return pre[0].Score, post[0].Score, true
}

// Due is an enrolment to be reminded of.
type Due struct {
	Enrolment int64
	Officer   int64
	Course    string
	Due       time.Time
}

// DueBefore returns enrolments that are not completed and due before an instant, by due
// date, over all units. It is for the program's reminders and asks for no permission.
func (s *Studies) DueBefore(ctx context.Context, at time.Time) ([]Due, error) {
	return selectDue(ctx, s.DB.Read, at)
}

// Exported records that the viewer took a course's report with them.
func (s *Studies) Exported(ctx context.Context, courseID, file string) error {
	if _, err := identity.May(ctx, identity.Teach); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *sql.Tx) error {
		return s.Audit.Record(ctx, tx, identity.Entry{Act: "study.exported", ObjectKind: "course", ObjectID: courseID, Detail: map[string]any{"file": file}})
	})
}
