package study

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"strings"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/store"
)

// grace is how long after its time a sheet may still arrive, for a slow line.
const grace = 2 * time.Minute

// Start begins the test before or after a course and returns its sheet, or the one that is
// open. The test before is for those who have not read a lesson; the one after for those
// who have read all. Errors: fault.Conflict where it may not be taken now.
func (s *Studies) Start(ctx context.Context, courseID string, when course.Moment) (Sheet, error) {
	var sheet Sheet
	err := s.within(ctx, courseID, func(tx *sql.Tx, c *course.Course, e *Enrolment) error {
		if err := s.demand(ctx, c); err != nil {
			return err
		}
		for _, old := range e.Of(when) {
			if old.Open() && (old.Due.IsZero() || s.DB.Now().Before(old.Due.Add(grace))) {
				sheet = old
				return nil
			}
			if old.Open() {
				if err := s.expire(ctx, tx, c, e, old); err != nil {
					return err
				}
			}
		}
		if err := mayStart(c, e, when); err != nil {
			return err
		}
		sheet = s.draw(c, e, when)
		if err := insertSheet(ctx, tx, sheet); err != nil {
			return err
		}
		return s.announce(ctx, tx, e, identity.Entry{}, Deed{Verb: Attempted, Part: "tests/" + string(when), Attempt: sheet.Attempt})
	})
	return sheet, err
}

// expire hands in an open sheet whose time is over, as it is: without answers.
func (s *Studies) expire(ctx context.Context, tx *sql.Tx, c *course.Course, e *Enrolment, sheet Sheet) error {
	sheet.Late = true
	return s.mark(ctx, tx, c, e, sheet, nil)
}

func mayStart(c *course.Course, e *Enrolment, when course.Moment) error {
	switch when {
	case course.Before:
		if c.Pretest.PerLesson == 0 {
			return fault.New(fault.NotFound, "this course has no such test")
		}
		if len(e.Of(when)) > 0 {
			return fault.New(fault.Conflict, "the test before the course is taken once")
		}
		if len(e.Reads) > 0 {
			return fault.New(fault.Conflict, "the test before the course is for those who have not begun it")
		}
	case course.After:
		if c.Posttest.PerLesson == 0 {
			return fault.New(fault.NotFound, "this course has no such test")
		}
		if len(e.Reads) < len(c.Lessons) {
			return fault.New(fault.Conflict, "read all lessons before the test")
		}
		if e.PassedTest(c) {
			return fault.New(fault.Conflict, "you have passed this test")
		}
		if e.Left(c) == 0 {
			return fault.New(fault.Conflict, "no attempt at this test is left").WithHint("ask whoever enrolled you")
		}
	default:
		return fault.New(fault.NotFound, "this course has no such test")
	}
	return nil
}

// draw makes the next sheet of a test.
func (s *Studies) draw(c *course.Course, e *Enrolment, when course.Moment) Sheet {
	sheet := Sheet{
		ID: store.NewID(), Enrolment: e.ID, Moment: when, Attempt: len(e.Of(when)) + 1, Seed: uint64(rand.Int64()), Started: s.DB.Now(),
	}
	test := c.Posttest
	if when == course.Before {
		test = c.Pretest
	}
	sheet.Questions = c.Draw(when, e.Seed, sheet.Attempt)
	if test.Minutes > 0 {
		sheet.Due = sheet.Started.Add(time.Duration(test.Minutes) * time.Minute)
	}
	return sheet
}

// Sheet returns a sheet of the viewer's with its enrolment, or a fault.NotFound.
func (s *Studies) Sheet(ctx context.Context, courseID string, id int64) (Sheet, *Enrolment, error) {
	e, err := s.Mine(ctx, courseID)
	if err != nil {
		return Sheet{}, nil, err
	}
	for _, sheet := range e.Sheets {
		if sheet.ID == id {
			return sheet, e, nil
		}
	}
	return Sheet{}, nil, errNoSheet
}

var errNoSheet = fault.New(fault.NotFound, "there is no such sheet")

// HandIn marks a sheet. entered is when the learner handed it in by the clock of their
// device, for one that waited there for the network; zero: now. A sheet is handed in
// once: a second time changes nothing and answers the same.
func (s *Studies) HandIn(ctx context.Context, courseID string, id int64, answers map[string]course.Answer, entered time.Time) (Sheet, error) {
	var sheet Sheet
	err := s.within(ctx, courseID, func(tx *sql.Tx, c *course.Course, e *Enrolment) error {
		at := -1
		for i := range e.Sheets {
			if e.Sheets[i].ID == id {
				at = i
			}
		}
		if at < 0 {
			return errNoSheet
		}
		if sheet = e.Sheets[at]; !sheet.Open() {
			return nil
		}
		now := s.DB.Now()
		if entered.IsZero() || entered.After(now) || entered.Before(sheet.Started) {
			entered = now
		}
		sheet.Late = !sheet.Due.IsZero() && entered.After(sheet.Due.Add(grace))
		if err := s.mark(ctx, tx, c, e, sheet, answers); err != nil {
			return err
		}
		sheet = e.Sheets[at]
		return nil
	})
	return sheet, err
}

// Practise marks the questions at the end of a lesson. attempt is the number of the try,
// which the form carries, so that one that is sent twice counts once.
func (s *Studies) Practise(ctx context.Context, courseID, lesson string, seed uint64, attempt int, answers map[string]course.Answer) (Sheet, error) {
	var sheet Sheet
	err := s.within(ctx, courseID, func(tx *sql.Tx, c *course.Course, e *Enrolment) error {
		asked := c.Ask(lesson, course.Practice)
		if len(asked) == 0 {
			return fault.New(fault.NotFound, "there is no lesson %q in this course", lesson)
		}
		if err := s.demand(ctx, c); err != nil {
			return err
		}
		tries := 0
		for _, old := range e.Of(course.During) {
			if old.Lesson == lesson {
				tries++
				if old.Attempt == attempt {
					sheet = old
					return nil
				}
			}
		}
		sheet = Sheet{
			ID: store.NewID(), Enrolment: e.ID, Moment: course.During, Lesson: lesson, Attempt: tries + 1, Seed: seed, Started: s.DB.Now(),
		}
		for _, q := range asked {
			sheet.Questions = append(sheet.Questions, q.ID)
		}
		if err := insertSheet(ctx, tx, sheet); err != nil {
			return err
		}
		e.Sheets = append(e.Sheets, sheet)
		if err := s.mark(ctx, tx, c, e, sheet, answers); err != nil {
			return err
		}
		sheet = e.Sheets[len(e.Sheets)-1]
		return nil
	})
	return sheet, err
}

// mark keeps the answers and marks of a sheet and announces them. Questions that the
// course has lost since count nothing.
func (s *Studies) mark(ctx context.Context, tx *sql.Tx, c *course.Course, e *Enrolment, sheet Sheet, answers map[string]course.Answer) error {
	sheet.HandedIn = s.DB.Now()
	sheet.Answers, sheet.Marks = map[string]course.Answer{}, map[string]float64{}
	part := "tests/" + string(sheet.Moment)
	if sheet.Moment == course.During {
		part = "lessons/" + sheet.Lesson
	}
	var deeds []Deed
	sum := 0.0
	for _, id := range sheet.Questions {
		q, ok := c.Question(id)
		if !ok {
			continue
		}
		answer := clip(answers[id])
		mark := q.Mark(sheet.Seed, answer)
		sum += mark
		sheet.Marks[id] = mark
		if !answer.Empty() {
			sheet.Answers[id] = answer
			deeds = append(deeds, Deed{Verb: Answered, Part: part + "/" + id, Attempt: sheet.Attempt, Score: &mark, Answer: strings.Join(answer, "[,]")})
		}
	}
	sheet.Score = sum / float64(max(1, len(sheet.Marks)))
	for i := range e.Sheets {
		if e.Sheets[i].ID == sheet.ID {
			e.Sheets[i] = sheet
		}
	}
	if err := updateSheet(ctx, tx, sheet); err != nil {
		return err
	}
	if sheet.Moment != course.During {
		verb := Done
		if sheet.Moment == course.After {
			verb = Failed
			if !sheet.Late && c.Posttest.Passed(sheet.Score) {
				verb = Passed
			}
		}
		deeds = append(deeds, Deed{Verb: verb, Part: part, Attempt: sheet.Attempt, Score: &sheet.Score})
	}
	return s.announce(ctx, tx, e, identity.Entry{}, deeds...)
}

// Most parts and bytes of an answer.
const (
	mostAnswers = 12
	maxAnswer   = 400
)

// clip bounds what was answered.
func clip(a course.Answer) course.Answer {
	out := make(course.Answer, 0, min(len(a), mostAnswers))
	for _, s := range a[:min(len(a), mostAnswers)] {
		out = append(out, store.Text(s[:min(len(s), maxAnswer)]))
	}
	return out
}
