package exerciseweb

import (
	"context"
	"embed"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/web"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }

// Options are what the pages work on.
type Options struct {
	Exercises *exercise.Exercises
	Cargo     *cargo.Consignments
	Officers  *identity.Officers
	Schemes   []string // that can be planted
	Secure    bool     // behind TLS: the cookie is bound to it
}

// Pages are the pages of exercises.
type Pages struct{ Options }

// New returns the pages.
func New(o Options) *Pages { return &Pages{o} }

// Routes registers the pages; require wraps a handler for those who may do the action.
func (p *Pages) Routes(site *web.Site, require func(identity.Action, web.Handler) web.Handler) {
	learn, teach := identity.Learn, identity.Teach
	site.Get("/exercises", require(learn, p.list))
	site.Get("/exercises/tasks/{key}", require(learn, p.task))
	site.Post("/exercises/tasks/{key}", require(learn, p.start))
	site.Get("/exercises/runs/{id}", require(learn, p.run))
	site.Post("/exercises/runs/{id}/enter", require(learn, p.enter))
	site.Post("/exercises/runs/{id}/select", require(learn, p.selectOne))
	site.Post("/exercises/runs/{id}/unselect", require(learn, p.unselect))
	site.Post("/exercises/runs/{id}/hand-in", require(learn, p.handIn))
	site.Get("/exercises/runs/{id}/debrief", require(learn, p.debrief))
	site.Post("/exercises/leave", require(learn, p.leave))
	site.Get("/exercises/new", require(teach, p.form))
	site.Post("/exercises/new", require(teach, p.make))
	site.Get("/exercises/cohorts", require(teach, p.cohorts))
	site.Post("/exercises/tasks/{key}/assign", require(teach, p.assign))
	site.Get("/exercises/cohorts/{id}", require(teach, p.cohort))
}

// Nav returns the menu item of these pages; nothing for who may not learn.
func Nav(ctx context.Context) []web.NavItem {
	v, ok := identity.From(ctx)
	if !ok || !v.Can(identity.Learn) {
		return nil
	}
	return []web.NavItem{{ID: "exercises", Icon: "target-arrow", Label: web.T(ctx, "exercise.nav"), Href: "/exercises"}}
}

// CourseFragment leads from a course to its exercise.
func (p *Pages) CourseFragment(_ context.Context, course string) templ.Component {
	return courseFragment(taskHref(exercise.CourseKey(course)))
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

func runHref(id int64) string    { return "/exercises/runs/" + idText(id) }
func taskHref(key string) string { return "/exercises/tasks/" + key }
func cohortHref(id int64) string { return "/exercises/cohorts/" + idText(id) }

// pathID returns the id in the address, or fault.NotFound.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, notFound(r.Context())
	}
	return id, nil
}

func notFound(ctx context.Context) error {
	return fault.New(fault.NotFound, "%s", web.T(ctx, "exercise.none")).WithHint("%s", web.T(ctx, "exercise.none.hint"))
}

// orNotFound says a fault.NotFound of the core in the person's language.
func orNotFound(ctx context.Context, err error) error {
	if fault.Is(err, fault.NotFound) {
		return notFound(ctx)
	}
	return err
}

// teaches reports whether the viewer gives exercises to others.
func teaches(ctx context.Context) bool {
	v, ok := identity.From(ctx)
	return ok && v.Can(identity.Teach)
}
