package app

import (
	"context"
	"time"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/learning/study"
)

// demoStudies say how far the officers of the demo are with which course: the officer's
// place among the accounts, the lessons read, and what they knew before.
var demoStudies = []struct {
	officer int
	course  string
	days    int // ago, when they began
	lessons int
	before  float64 // share of right answers
	tested  bool
}{
	{0, "risk-management", 24, 3, 0.5, false},
	{0, "shipping-documents", 40, allLessons, 0.45, true},
	{1, "shipping-documents", 35, allLessons, 0.6, true},
	{1, "risk-management", 12, 1, 0.7, false},
}

// allLessons is more than any course has.
const allLessons = 99

// study lets the officers have learned something: a rule enrols whoever works on cargo,
// and a cohort is open.
func (s *shift) study(today time.Time) error {
	s.turn(today.AddDate(0, 0, -45))
	head := s.officers[1]
	if err := s.Studies.AddRule(head, study.Rule{Role: identity.RoleOfficer, Course: "risk-management", Days: 60}); err != nil {
		return err
	}
	if _, err := s.Studies.OpenCohort(head, study.Cohort{Course: "shipping-documents", Title: "Osh, autumn", Due: today.AddDate(0, 1, 0)}); err != nil {
		return err
	}
	for _, d := range demoStudies {
		s.turn(today.AddDate(0, 0, -d.days).Add(5 * time.Hour))
		if err := s.takeCourse(s.officers[d.officer], d.course, d.lessons, d.before, d.tested); err != nil {
			return err
		}
	}
	return s.Bus.Drain(head, func(int) {})
}

// takeCourse goes through a course as a learner does.
func (s *shift) takeCourse(ctx context.Context, id string, lessons int, knows float64, tested bool) error {
	one, err := s.Studies.Shelf().Course(id)
	if err != nil {
		return err
	}
	if _, err := s.Studies.Enrol(ctx, id); err != nil {
		return err
	}
	if err := s.takeTest(ctx, one, course.Before, knows); err != nil {
		return err
	}
	for i, l := range one.Lessons[:min(lessons, len(one.Lessons))] {
		s.tick(25)
		answers := s.answer(one.Ask(l.ID, course.Practice), uint64(i), knows)
		if _, err := s.Studies.Practise(ctx, id, l.ID, uint64(i), 1, answers); err != nil {
			return err
		}
		if err := s.Studies.Read(ctx, id, l.ID); err != nil {
			return err
		}
	}
	if !tested {
		return nil
	}
	return s.takeTest(ctx, one, course.After, 0.9)
}

func (s *shift) takeTest(ctx context.Context, one *course.Course, when course.Moment, knows float64) error {
	sheet, err := s.Studies.Start(ctx, one.ID, when)
	if err != nil {
		return err
	}
	s.tick(15)
	var asked []*course.Question
	for _, id := range sheet.Questions {
		if q, ok := one.Question(id); ok {
			asked = append(asked, q)
		}
	}
	_, err = s.Studies.HandIn(ctx, one.ID, sheet.ID, s.answer(asked, sheet.Seed, knows), time.Time{})
	return err
}

// answer answers a share of the questions rightly, and the others with the first place.
func (s *shift) answer(asked []*course.Question, sheet uint64, knows float64) map[string]course.Answer {
	answers := map[string]course.Answer{}
	for _, q := range asked {
		answers[q.ID] = course.Answer{"0"}
		if s.dice.Float64() < knows {
			answers[q.ID] = q.Solve(sheet)
		}
	}
	return answers
}
