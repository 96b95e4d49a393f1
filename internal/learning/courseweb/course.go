package courseweb

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/learning/study"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

var errNoPicture = fault.New(fault.NotFound, "there is no such picture in this course")

// catalogueView are all courses with what the viewer did in them.
type catalogueView struct {
	Courses []courseLine
	Code    c.FieldInfo
	Errors  []c.FieldError
}

// courseLine is a course in the catalogue.
type courseLine struct {
	*course.Course
	Mine      *study.Enrolment // nil: not enrolled
	Done, All int
}

func (p *Pages) catalogue(w http.ResponseWriter, r *http.Request) error {
	v, err := p.catalogueView(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, cataloguePage(v))
}

func (p *Pages) catalogueView(ctx context.Context) (v catalogueView, err error) {
	record, err := p.Studies.Record(ctx)
	if err != nil {
		return v, err
	}
	mine := map[string]*study.Enrolment{}
	for _, e := range record {
		mine[e.Course] = e
	}
	for _, one := range p.Studies.Shelf() {
		v.Courses = append(v.Courses, lineOf(one, mine[one.ID]))
	}
	v.Code = c.FieldInfo{Name: "code", Label: web.T(ctx, "study.code"), Hint: web.T(ctx, "study.code.hint"), Width: "medium",
		Attrs: templ.Attributes{"autocomplete": "off", "autocapitalize": "characters", "maxlength": "20"}}
	return v, nil
}

// join enrols by a code.
func (p *Pages) join(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	code := r.PostFormValue("code")
	id, err := p.Studies.Join(ctx, code)
	if fault.Is(err, fault.NotFound) {
		v, viewErr := p.catalogueView(ctx)
		if viewErr != nil {
			return viewErr
		}
		v.Code.Value = code
		v.Errors = []c.FieldError{{Field: "code", Text: web.Explain(ctx, err)}}
		v.Code = v.Code.With(v.Errors)
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, cataloguePage(v))
	}
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "study.enrolled"))
	return web.Redirect(w, r, courseHref(id))
}

// courseView is a course with what the viewer did in it.
type courseView struct {
	*course.Course
	Mine        *study.Enrolment // nil: not enrolled
	Missing     []*course.Course // to be completed before
	Certificate string
	Exercise    templ.Component
	Offline     []string // pages that a device keeps
}

func (p *Pages) course(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, err := p.courseOf(r)
	if err != nil {
		return err
	}
	v := courseView{Course: one}
	if v.Mine, err = p.Studies.Mine(ctx, one.ID); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if v.Missing, err = p.Studies.Missing(ctx, one); err != nil {
		return err
	}
	if v.Mine != nil {
		if p.Certificate != nil && !v.Mine.Completed.IsZero() {
			v.Certificate = p.Certificate(ctx, one.ID)
		}
		if p.Exercise != nil && one.Exercise.Consignments > 0 {
			v.Exercise = p.Exercise(ctx, one.ID)
		}
		for _, l := range one.Lessons {
			v.Offline = append(v.Offline, lessonHref(one.ID, l.ID))
		}
		web.KeepOffline(w, r)
	}
	return web.Render(w, r, coursePage(v))
}

func (p *Pages) enrol(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Studies.Enrol(r.Context(), r.PathValue("course"))
	if err != nil {
		return err
	}
	return web.Redirect(w, r, courseHref(e.Course))
}

// lessonView is a lesson with its questions.
type lessonView struct {
	Course        *course.Course
	Lesson        course.Lesson
	Page          course.Page
	Mine          *study.Enrolment
	Before, After course.Lesson
	Missing       []*course.Course
	Paper         paper
	Done          study.Sheet // the last practice; zero: none
}

func (p *Pages) lesson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, err := p.courseOf(r)
	if err != nil {
		return err
	}
	l, ok := one.Lesson(r.PathValue("lesson"))
	if !ok {
		return fault.New(fault.NotFound, "there is no lesson %q in this course", r.PathValue("lesson"))
	}
	v := lessonView{Course: one, Lesson: l}
	if v.Mine, err = p.Studies.Mine(ctx, one.ID); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if v.Missing, err = p.Studies.Missing(ctx, one); err != nil {
		return err
	}
	if v.Page, err = one.Render(l, lang(ctx), courseHref(one.ID)+"/"); err != nil {
		return err
	}
	v.Before, v.After = one.Neighbours(l.ID)
	if v.Mine != nil {
		p.practice(&v, r)
		web.KeepOffline(w, r)
	}
	return web.Render(w, r, lessonPage(v))
}

// practice puts the questions at the end of the lesson, or how they were answered.
func (p *Pages) practice(v *lessonView, r *http.Request) {
	tries := 0
	for _, s := range v.Mine.Of(course.During) {
		if s.Lesson == v.Lesson.ID {
			tries++
			v.Done = s
		}
	}
	again := r.URL.Query().Has("again") || tries == 0
	v.Paper = paper{Course: v.Course, Seed: uint64(v.Mine.ID) + uint64(tries), Attempt: tries + 1}
	if !again {
		v.Paper.Seed, v.Paper.Answers, v.Paper.Marks, v.Paper.Review = v.Done.Seed, v.Done.Answers, v.Done.Marks, true
		v.Paper.Whole = true
	}
	v.Paper.Questions = v.Course.Ask(v.Lesson.ID, course.Practice)
}

func (p *Pages) read(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.EntryOf(r); err != nil {
		return err
	}
	one, err := p.courseOf(r)
	if err != nil {
		return err
	}
	lesson := r.PathValue("lesson")
	if err := p.Studies.Read(r.Context(), one.ID, lesson); err != nil {
		return err
	}
	if _, after := one.Neighbours(lesson); after.ID != "" {
		return web.Accepted(w, r, lessonHref(one.ID, after.ID))
	}
	return web.Accepted(w, r, courseHref(one.ID))
}

// practise marks the questions at the end of a lesson, which is read with that.
func (p *Pages) practise(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.EntryOf(r); err != nil {
		return err
	}
	one, err := p.courseOf(r)
	if err != nil {
		return err
	}
	lesson := r.PathValue("lesson")
	seed, attempt := number(r.FormValue("seed")), number(r.FormValue("attempt"))
	answers := answersOf(r, one.Ask(lesson, course.Practice))
	if _, err := p.Studies.Practise(r.Context(), one.ID, lesson, uint64(seed), int(attempt), answers); err != nil {
		return err
	}
	if err := p.Studies.Read(r.Context(), one.ID, lesson); err != nil {
		return err
	}
	// Another address than the one where the form is, or a script would only scroll.
	return web.Accepted(w, r, fmt.Sprintf("%s?answered=%d#practice", lessonHref(one.ID, lesson), attempt))
}

// sourceLine is how a source is cited.
func sourceLine(s course.Source) string {
	return strings.Join([]string{s.Publisher, s.Title, strconv.Itoa(s.Year)}, ". ") + "."
}

// overdue reports that an enrolment's due date is over.
func overdue(e *study.Enrolment) bool { return !e.Due.IsZero() && e.Due.Before(time.Now()) }

// best is the best score of a moment in per cent.
func best(ctx context.Context, e *study.Enrolment, m course.Moment) string {
	s, ok := e.Best(m)
	if !ok {
		return "–"
	}
	return web.Percent(ctx, s.Score)
}

// testTime says how long a test takes; nothing where there is no limit.
func testTime(ctx context.Context, t course.Test) string {
	if t.Minutes == 0 {
		return ""
	}
	return web.T(ctx, "study.test.minutes", "Count", t.Minutes)
}
