package study

import (
	"context"
	"crypto/rand"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// Cohort is a group that takes a course together; whoever knows its code may join.
type Cohort struct {
	ID     int64
	Unit   int64
	Course string
	Title  string
	Code   string    // 8 letters and digits
	Due    time.Time // zero: none
	By     int64
	At     time.Time
	Closed time.Time // zero: open
}

// Rule enrols every officer of the unit who has the role.
type Rule struct {
	ID     int64
	Unit   int64
	Role   identity.Role
	Course string
	Days   int // from enrolment to the due date; 0: none
	By     int64
	At     time.Time
	Ended  time.Time // zero: in force
}

// maxTitle bounds the title of a cohort, in bytes; mostDays a due date.
const (
	maxTitle = 200
	mostDays = 1000
)

// codeLetters leave out what is easily mistaken for something else.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

func newCode() string {
	raw := make([]byte, 8)
	_, _ = rand.Read(raw) // never fails
	for i := range raw {
		raw[i] = codeLetters[int(raw[i])%len(codeLetters)]
	}
	return string(raw)
}

// OpenCohort opens a cohort of a course and returns it with its code. It needs
// identity.Teach.
func (s *Studies) OpenCohort(ctx context.Context, c Cohort) (Cohort, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return c, err
	}
	if _, err := s.Shelf().Course(c.Course); err != nil {
		return c, err
	}
	if c.Title = strings.TrimSpace(store.Text(c.Title)); c.Title == "" || len(c.Title) > maxTitle {
		return c, fault.New(fault.Invalid, "a cohort has a title of at most %d bytes", maxTitle)
	}
	c.ID, c.Unit, c.By, c.At, c.Code = store.NewID(), v.Unit.ID, v.Officer.ID, s.DB.Now(), newCode()
	return c, s.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertCohort(ctx, tx, c); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, identity.Entry{Act: "study.cohort-opened", ObjectKind: "course", ObjectID: c.Course, Detail: map[string]any{"title": c.Title}})
	})
}

// CloseCohort lets nobody join any more.
func (s *Studies) CloseCohort(ctx context.Context, id int64) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *sql.Tx) error {
		list, err := selectCohorts(ctx, tx, `unit_id = $1 AND id = $2`, v.Unit.ID, id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.New(fault.NotFound, "there is no such cohort in this unit")
		}
		if !list[0].Closed.IsZero() {
			return nil
		}
		if err := closeCohort(ctx, tx, id, s.DB.Now()); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, identity.Entry{Act: "study.cohort-closed", ObjectKind: "course", ObjectID: list[0].Course, Detail: map[string]any{"title": list[0].Title}})
	})
}

// Cohorts returns the cohorts of the viewer's unit, the newest first.
func (s *Studies) Cohorts(ctx context.Context) ([]Cohort, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return nil, err
	}
	return selectCohorts(ctx, s.DB.Read, `unit_id = $1`, v.Unit.ID)
}

// Join enrols the viewer by a cohort's code, of whichever unit, and returns the course.
// Case, spaces and hyphens of the code do not matter.
func (s *Studies) Join(ctx context.Context, code string) (string, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return "", err
	}
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.ToUpper(code))
	list, err := selectCohorts(ctx, s.DB.Read, `code = $1 AND closed_at IS NULL`, code)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return "", fault.New(fault.NotFound, "no open cohort has this code").WithHint("ask whoever gave you the code whether the cohort is still open")
	}
	c := list[0]
	return c.Course, s.enrol(ctx, v, c.Course, []int64{v.Officer.ID}, admission{ByCode, c.ID, c.Due})
}

// Assign enrols officers of the viewer's unit. due may be zero; cohort 0. It needs
// identity.Teach; an officer of another unit is a fault.Denied.
func (s *Studies) Assign(ctx context.Context, courseID string, officers []int64, cohort int64, due time.Time) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	members, err := s.Officers.OfUnit(ctx, v.Unit.ID)
	if err != nil {
		return err
	}
	if len(officers) == 0 {
		return fault.New(fault.Invalid, "choose at least one officer")
	}
	for _, id := range officers {
		if !slices.ContainsFunc(members, func(m identity.Member) bool { return m.ID == id }) {
			return fault.New(fault.Denied, "officer %d is not of this unit", id)
		}
	}
	if cohort != 0 {
		list, err := selectCohorts(ctx, s.DB.Read, `unit_id = $1 AND id = $2 AND course_id = $3`, v.Unit.ID, cohort, courseID)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.New(fault.NotFound, "there is no such cohort in this unit")
		}
		if due.IsZero() {
			due = list[0].Due
		}
	}
	return s.enrol(ctx, v, courseID, officers, admission{ByCoordinator, cohort, due})
}

// AddRule puts a rule in force, and enrols whom it meets. It needs identity.Teach.
func (s *Studies) AddRule(ctx context.Context, r Rule) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	if _, err := s.Shelf().Course(r.Course); err != nil {
		return err
	}
	if !slices.Contains(identity.Roles, r.Role) || r.Days < 0 || r.Days > mostDays {
		return fault.New(fault.Invalid, "a rule names a role, and 0 to %d days", mostDays)
	}
	r.ID, r.Unit, r.By, r.At = store.NewID(), v.Unit.ID, v.Officer.ID, s.DB.Now()
	err = s.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertRule(ctx, tx, r); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, identity.Entry{Act: "study.rule-added", ObjectKind: "course", ObjectID: r.Course, Detail: map[string]any{"role": r.Role, "days": strconv.Itoa(r.Days)}})
	})
	if err != nil {
		return err
	}
	members, err := s.Officers.OfUnit(ctx, v.Unit.ID)
	if err != nil {
		return err
	}
	return s.applyRules(ctx, v, members)
}

// EndRule puts a rule out of force; those it has enrolled stay.
func (s *Studies) EndRule(ctx context.Context, id int64) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *sql.Tx) error {
		ended, err := endRule(ctx, tx, v.Unit.ID, id, s.DB.Now())
		if err != nil || !ended {
			return err
		}
		return s.Audit.Record(ctx, tx, identity.Entry{Act: "study.rule-ended", ObjectKind: "rule", ObjectID: strconv.FormatInt(id, 10)})
	})
}

// Rules returns the rules of the viewer's unit that are in force.
func (s *Studies) Rules(ctx context.Context) ([]Rule, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return nil, err
	}
	return selectRules(ctx, s.DB.Read, v.Unit.ID)
}

// applyRules enrols those members whom a rule of the unit meets and who are not enrolled.
func (s *Studies) applyRules(ctx context.Context, v identity.Viewer, members []identity.Member) error {
	if v.Unit.ID == 0 {
		return nil
	}
	rules, err := selectRules(ctx, s.DB.Read, v.Unit.ID)
	if err != nil || len(rules) == 0 {
		return err
	}
	have, err := selectPlaces(ctx, s.DB.Read, v.Unit.ID)
	if err != nil {
		return err
	}
	for _, r := range rules {
		var met []int64
		for _, m := range members {
			if m.Role == r.Role && m.Active && !have[taken{m.ID, r.Course}] {
				met = append(met, m.ID)
			}
		}
		if len(met) == 0 {
			continue
		}
		a := admission{origin: ByRule}
		if r.Days > 0 {
			a.due = s.DB.Now().AddDate(0, 0, r.Days)
		}
		by := v
		by.Officer.ID = r.By
		if err := s.enrol(ctx, by, r.Course, met, a); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
