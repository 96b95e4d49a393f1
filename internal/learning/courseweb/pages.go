// Package courseweb holds the pages of courses: the catalogue, lessons, tests, the
// learner's own record, and what those who teach see and do.
package courseweb

import (
	"context"
	"embed"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/learning/study"
	"tidewaiter/internal/web"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }

// Options are what the pages work on.
type Options struct {
	Studies *study.Studies
	// Certificate returns where the viewer's certificate of a completed course is; empty: none.
	Certificate func(ctx context.Context, courseID string) string
	// Exercise shows where the viewer begins the exercise of a course, or goes on with it;
	// nil: exercises are not to be had.
	Exercise func(ctx context.Context, courseID string) templ.Component
}

// Pages are the pages of courses.
type Pages struct{ Options }

// New returns the pages.
func New(o Options) *Pages { return &Pages{o} }

// maxForm bounds a form of answers.
const maxForm = 1 << 20

// Routes registers the pages; require wraps a handler for those who may do the action.
func (p *Pages) Routes(site *web.Site, require func(identity.Action, web.Handler) web.Handler) {
	learn, teach := identity.Learn, identity.Teach
	site.Get("/courses", require(learn, p.catalogue))
	site.Post("/courses/join", require(learn, p.join))
	site.Get("/courses/{course}", require(learn, p.course))
	site.Post("/courses/{course}/enrol", require(learn, p.enrol))
	site.Get("/courses/{course}/pictures/{name}", require(learn, p.picture))
	site.Get("/courses/{course}/lessons/{lesson}", require(learn, p.lesson))
	site.Post("/courses/{course}/lessons/{lesson}/read", require(learn, p.read), web.MaxBody(maxForm))
	site.Post("/courses/{course}/lessons/{lesson}/practice", require(learn, p.practise), web.MaxBody(maxForm))
	site.Post("/courses/{course}/tests/{moment}", require(learn, p.start))
	site.Get("/courses/{course}/sheets/{sheet}", require(learn, p.sheet))
	site.Post("/courses/{course}/sheets/{sheet}", require(learn, p.handIn), web.MaxBody(maxForm))
	site.Get("/transcript", require(learn, p.transcript))
	site.Get("/learners", require(teach, p.learners))
	site.Post("/learners/assign", require(teach, p.assign))
	site.Post("/learners/cohorts", require(teach, p.openCohort))
	site.Post("/learners/cohorts/{id}/close", require(teach, p.closeCohort))
	site.Post("/learners/rules", require(teach, p.addRule))
	site.Post("/learners/rules/{id}/end", require(teach, p.endRule))
	site.Get("/learners/courses/{course}", require(teach, p.report))
	site.Get("/learners/courses/{course}/{file}", require(teach, p.export))
}

// Nav are the menu items of learning.
func Nav(ctx context.Context) []web.NavItem {
	viewer, ok := identity.From(ctx)
	if !ok || !viewer.Can(identity.Learn) {
		return nil
	}
	items := []web.NavItem{{ID: "courses", Icon: "school", Label: web.T(ctx, "study.nav.courses"), Href: "/courses", Apart: true}}
	if viewer.Can(identity.Teach) {
		items = append(items, web.NavItem{ID: "learners", Icon: "users-group", Label: web.T(ctx, "study.nav.learners"), Href: "/learners"})
	}
	return items
}

func lang(ctx context.Context) string { return string(web.LanguageOf(ctx)) }

func courseHref(id string) string { return "/courses/" + url.PathEscape(id) }

func lessonHref(courseID, lesson string) string {
	return courseHref(courseID) + "/lessons/" + url.PathEscape(lesson)
}

func sheetHref(courseID string, sheet int64) string {
	return courseHref(courseID) + "/sheets/" + strconv.FormatInt(sheet, 10)
}

// courseOf returns the course in the address.
func (p *Pages) courseOf(r *http.Request) (*course.Course, error) {
	return p.Studies.Shelf().Course(r.PathValue("course"))
}

func pathNumber(r *http.Request, name string) int64 {
	n, _ := strconv.ParseInt(r.PathValue(name), 10, 64)
	return n // what is no number is found nowhere
}

// picture answers with a picture of the course in the address.
func (p *Pages) picture(w http.ResponseWriter, r *http.Request) error {
	c, err := p.courseOf(r)
	if err != nil {
		return err
	}
	name := "pictures/" + r.PathValue("name")
	raw, err := c.Picture(name)
	if err != nil {
		return errNoPicture
	}
	w.Header().Set("Cache-Control", "private, max-age=3600")
	web.KeepOffline(w, r)
	return Picture(w, name, raw)
}

// Picture answers with a picture of a course. Nothing in it can run.
func Picture(w http.ResponseWriter, name string, raw []byte) error {
	if course.MediaType(name) == "" || len(raw) == 0 {
		return errNoPicture
	}
	w.Header().Set("Content-Type", course.MediaType(name))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	_, err := w.Write(raw)
	return err
}
