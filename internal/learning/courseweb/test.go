package courseweb

import (
	"net/http"

	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/learning/study"
	"tidewaiter/internal/web"
)

// start begins a test and leads to its sheet.
func (p *Pages) start(w http.ResponseWriter, r *http.Request) error {
	one, err := p.courseOf(r)
	if err != nil {
		return err
	}
	sheet, err := p.Studies.Start(r.Context(), one.ID, course.Moment(r.PathValue("moment")))
	if err != nil {
		return err
	}
	return web.Redirect(w, r, sheetHref(one.ID, sheet.ID))
}

// sheetView is a test, to be answered or reviewed.
type sheetView struct {
	Course *course.Course
	Mine   *study.Enrolment
	Sheet  study.Sheet
	Paper  paper
	Passed bool
	Left   int // attempts
}

func (p *Pages) sheet(w http.ResponseWriter, r *http.Request) error {
	one, err := p.courseOf(r)
	if err != nil {
		return err
	}
	v := sheetView{Course: one}
	if v.Sheet, v.Mine, err = p.Studies.Sheet(r.Context(), one.ID, pathNumber(r, "sheet")); err != nil {
		return err
	}
	v.Paper = paper{
		Course: one, Questions: questionsOf(one, v.Sheet.Questions), Seed: v.Sheet.Seed, Answers: v.Sheet.Answers, Marks: v.Sheet.Marks,
		Review: !v.Sheet.Open(), Whole: v.Mine.ReviewAll(one, v.Sheet),
	}
	v.Passed = !v.Sheet.Open() && !v.Sheet.Late && one.Posttest.Passed(v.Sheet.Score)
	v.Left = v.Mine.Left(one)
	web.KeepOffline(w, r)
	return web.Render(w, r, sheetPage(v))
}

// handIn marks a test; one that waited on the device for the network came in time when it
// was handed in there in time.
func (p *Pages) handIn(w http.ResponseWriter, r *http.Request) error {
	entry, err := web.EntryOf(r)
	if err != nil {
		return err
	}
	one, err := p.courseOf(r)
	if err != nil {
		return err
	}
	id := pathNumber(r, "sheet")
	sheet, _, err := p.Studies.Sheet(r.Context(), one.ID, id)
	if err != nil {
		return err
	}
	answers := answersOf(r, questionsOf(one, sheet.Questions))
	if _, err := p.Studies.HandIn(r.Context(), one.ID, id, answers, entry.At); err != nil {
		return err
	}
	return web.Accepted(w, r, sheetHref(one.ID, id))
}

// transcriptView is all that the viewer has learned.
type transcriptView struct{ Lines []courseLine }

func (p *Pages) transcript(w http.ResponseWriter, r *http.Request) error {
	record, err := p.Studies.Record(r.Context())
	if err != nil {
		return err
	}
	var v transcriptView
	for _, e := range record {
		one, err := p.Studies.Shelf().Course(e.Course)
		if err != nil {
			one = &course.Course{ID: e.Course, Title: course.Text{"en": e.Course}} // it is not offered any more
		}
		v.Lines = append(v.Lines, lineOf(one, e))
	}
	return web.Render(w, r, transcriptPage(v))
}
