package courseweb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/xuri/excelize/v2"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/table"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/learning/study"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// learnersView are the unit's officers and what they study, with the forms to enrol them.
type learnersView struct {
	Shelf    study.Shelf
	Learners []study.Learner
	Cohorts  []study.Cohort
	Rules    []study.Rule
	Form     string // that was refused
	Typed    map[string][]string
	Errors   []c.FieldError
}

func (v learnersView) typed(form, name string) string {
	if v.Form == form && len(v.Typed[name]) > 0 {
		return v.Typed[name][0]
	}
	return ""
}

// field is a field of one of the page's forms.
func (v learnersView) field(form, name, label string) c.FieldInfo {
	info := c.FieldInfo{Name: form + "-" + name, Label: label, Value: v.typed(form, form+"-"+name)}
	if v.Form == form {
		info = info.With(v.Errors)
	}
	return info
}

// courseOptions are the courses to choose from.
func (v learnersView) courseOptions(ctx context.Context) (out []c.Option) {
	for _, one := range v.Shelf {
		out = append(out, c.Option{Value: one.ID, Label: one.Title.In(lang(ctx))})
	}
	return out
}

func (v learnersView) title(ctx context.Context, courseID string) string {
	one, err := v.Shelf.Course(courseID)
	if err != nil {
		return courseID
	}
	return one.Title.In(lang(ctx))
}

func (p *Pages) learnersView(ctx context.Context) (v learnersView, err error) {
	v.Shelf = p.Studies.Shelf()
	var errs [3]error
	v.Learners, errs[0] = p.Studies.Learners(ctx)
	v.Cohorts, errs[1] = p.Studies.Cohorts(ctx)
	v.Rules, errs[2] = p.Studies.Rules(ctx)
	return v, errors.Join(errs[:]...)
}

func (p *Pages) learners(w http.ResponseWriter, r *http.Request) error {
	v, err := p.learnersView(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, learnersPage(v))
}

// answer ends a form of the page: it is shown again with what is wrong, or it is done.
func (p *Pages) answer(w http.ResponseWriter, r *http.Request, form, name, done string, err error) error {
	ctx := r.Context()
	if !fault.Is(err, fault.Invalid) {
		if err != nil {
			return err
		}
		web.AddFlash(w, r, web.Good, web.T(ctx, done))
		return web.Redirect(w, r, "/learners")
	}
	v, viewErr := p.learnersView(ctx)
	if viewErr != nil {
		return viewErr
	}
	v.Form, v.Typed = form, r.PostForm
	v.Errors = []c.FieldError{{Field: form + "-" + name, Text: web.Explain(ctx, err)}}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, learnersPage(v))
}

var errNoDate = fault.New(fault.Invalid, "this is not a date").WithHint("write it as 2026-11-30")

// dueOf reads a due date: the end of that day in the viewer's zone. Empty is none.
func dueOf(ctx context.Context, text string) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, web.Zone(ctx))
	if err != nil {
		return day, errNoDate
	}
	return day.AddDate(0, 0, 1).Add(-time.Minute), nil
}

func (p *Pages) assign(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	due, err := dueOf(ctx, r.PostFormValue("assign-due"))
	if err != nil {
		return p.answer(w, r, "assign", "due", "", err)
	}
	var officers []int64
	for _, s := range r.PostForm["assign-officer"] {
		officers = append(officers, number(s))
	}
	err = p.Studies.Assign(ctx, r.PostFormValue("assign-course"), officers, 0, due)
	return p.answer(w, r, "assign", "officer", "study.assigned", err)
}

func (p *Pages) openCohort(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	due, err := dueOf(ctx, r.PostFormValue("cohort-due"))
	if err != nil {
		return p.answer(w, r, "cohort", "due", "", err)
	}
	_, err = p.Studies.OpenCohort(ctx, study.Cohort{Course: r.PostFormValue("cohort-course"), Title: r.PostFormValue("cohort-title"), Due: due})
	return p.answer(w, r, "cohort", "title", "study.cohort.opened", err)
}

func (p *Pages) closeCohort(w http.ResponseWriter, r *http.Request) error {
	return p.answer(w, r, "cohort", "title", "study.cohort.closed", p.Studies.CloseCohort(r.Context(), pathNumber(r, "id")))
}

func (p *Pages) addRule(w http.ResponseWriter, r *http.Request) error {
	days, err := strconv.Atoi(strings.TrimSpace(r.PostFormValue("rule-days")))
	if err != nil && r.PostFormValue("rule-days") != "" {
		days = -1 // the core says what is possible
	}
	err = p.Studies.AddRule(r.Context(), study.Rule{Course: r.PostFormValue("rule-course"), Role: identity.Role(r.PostFormValue("rule-role")), Days: days})
	return p.answer(w, r, "rule", "days", "study.rule.added", err)
}

func (p *Pages) endRule(w http.ResponseWriter, r *http.Request) error {
	return p.answer(w, r, "rule", "days", "study.rule.ended", p.Studies.EndRule(r.Context(), pathNumber(r, "id")))
}

func (p *Pages) report(w http.ResponseWriter, r *http.Request) error {
	rep, err := p.Studies.Report(r.Context(), r.PathValue("course"))
	if err != nil {
		return err
	}
	return web.Render(w, r, reportPage(rep))
}

// sheetRow is a learner in an export.
func sheetRow(ctx context.Context, rep *study.Report, l study.Learner) []string {
	e := l.Enrolments[0]
	done, all := e.Steps(rep.Course)
	score := func(m course.Moment) string {
		s, ok := e.Best(m)
		if !ok {
			return ""
		}
		return strconv.FormatFloat(math.Round(s.Score*1000)/10, 'f', -1, 64)
	}
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(web.Zone(ctx)).Format(time.DateOnly)
	}
	exercise := ""
	if !e.ExerciseAt.IsZero() {
		exercise = strconv.FormatFloat(math.Round(e.ExerciseScore*1000)/10, 'f', -1, 64)
	}
	return []string{l.Name, l.Username, web.T(ctx, "study.origin."+string(e.Origin)), day(e.At), day(e.Due), fmt.Sprintf("%d/%d", done, all),
		score(course.Before), score(course.After), exercise, day(e.Completed)}
}

// sheetHeading names the columns of sheetRow.
func sheetHeading(ctx context.Context) (out []string) {
	for _, id := range []string{"officer", "username", "origin", "enrolled", "due", "steps", "before", "after", "exercise", "completed"} {
		out = append(out, web.T(ctx, "study.column."+id))
	}
	return out
}

// export answers with the course's learners as learners.csv or learners.xlsx.
func (p *Pages) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	file := r.PathValue("file")
	write, ok := map[string]func(io.Writer, [][]string) error{"learners.csv": writeCSV, "learners.xlsx": writeXLSX}[file]
	if !ok {
		return fault.New(fault.NotFound, "there is no such file")
	}
	rep, err := p.Studies.Report(ctx, r.PathValue("course"))
	if err != nil {
		return err
	}
	rows := [][]string{sheetHeading(ctx)}
	for _, l := range rep.Learners {
		rows = append(rows, sheetRow(ctx, rep, l))
	}
	if err := p.Studies.Exported(ctx, rep.Course.ID, file); err != nil {
		return err
	}
	w.Header().Set("Content-Type", map[string]string{
		"learners.csv": "text/csv; charset=utf-8", "learners.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	}[file])
	w.Header().Set("Content-Disposition", `attachment; filename="`+rep.Course.ID+"-"+file+`"`)
	return write(w, rows)
}

func writeCSV(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // a spreadsheet then knows that it is UTF-8
		return err
	}
	for _, row := range rows {
		for i := range row {
			row[i] = table.Defuse(row[i])
		}
	}
	return table.WriteCSV(w, ',', rows[0], slices.Values(rows[1:]))
}

func writeXLSX(w io.Writer, rows [][]string) error {
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		cells := make([]any, len(row))
		for k, text := range row {
			cells[k] = text
			if x, err := strconv.ParseFloat(text, 64); err == nil && i > 0 {
				cells[k] = x
			}
		}
		if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &cells); err != nil {
			return err
		}
	}
	return f.Write(w)
}

func roleOptions(ctx context.Context) (out []c.Option) {
	for _, role := range identity.Roles {
		out = append(out, c.Option{Value: string(role), Label: web.T(ctx, "identity.role."+string(role))})
	}
	return out
}

func dateField(f c.FieldInfo) c.FieldInfo {
	f.Type, f.Width, f.Optional = "date", "medium", true
	return f
}

func daysField(f c.FieldInfo) c.FieldInfo {
	f.Width, f.Optional, f.Attrs = "short", true, templ.Attributes{"inputmode": "numeric"}
	return f
}

// completed counts the courses that a learner has completed.
func completed(l study.Learner) (n int) {
	for _, e := range l.Enrolments {
		if !e.Completed.IsZero() {
			n++
		}
	}
	return n
}

// steps says how far an officer is in a course.
func steps(shelf study.Shelf, e *study.Enrolment) string {
	one, err := shelf.Course(e.Course)
	if err != nil {
		return "–"
	}
	done, all := e.Steps(one)
	return fmt.Sprintf("%d/%d", done, all)
}

// lineOf is a course with what an officer did in it; nil: they are not enrolled.
func lineOf(one *course.Course, e *study.Enrolment) courseLine {
	line := courseLine{Course: one, Mine: e}
	if e != nil {
		line.Done, line.All = e.Steps(one)
	}
	return line
}

// gainText is the mean gain in percentage points.
func gainText(ctx context.Context, g course.Gain) string {
	if g.Learners == 0 {
		return "–"
	}
	return web.Signed(ctx, g.Mean*100, 1)
}

// fewLearners is below how many no interval is told: it would reach beyond all possible gains.
const fewLearners = 5

// gainNote is its interval, or a plain word where there is none.
func gainNote(ctx context.Context, g course.Gain) string {
	if g.Learners < fewLearners || math.IsNaN(g.Low) {
		return web.T(ctx, "study.report.gain.few")
	}
	return web.T(ctx, "study.report.gain.note", "Low", web.Signed(ctx, g.Low*100, 1), "High", web.Signed(ctx, g.High*100, 1), "Count", g.Learners)
}

func medianText(ctx context.Context, d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return web.Duration(ctx, d)
}
