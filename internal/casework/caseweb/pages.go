package caseweb

import (
	"context"
	"crypto/rand"
	"embed"
	"net/http"
	"strconv"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/web"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }

// Options are what the pages work on.
type Options struct {
	Cases     *casework.Cases
	Reference *reference.Directory // names of places

	// Exports returns where the case file can be had, as links with their names in the
	// person's language; nil: nowhere.
	Exports func(ctx context.Context, c *casework.Case) []web.Link
}

// Pages are the pages of casework.
type Pages struct {
	Options
}

// New returns the pages.
func New(o Options) *Pages { return &Pages{o} }

// maxForm bounds a form of words and figures: an outcome of a hundred lines of goods.
const maxForm = 1 << 20

// Routes registers the pages; require wraps a handler for those who may do the action.
func (p *Pages) Routes(site *web.Site, require func(identity.Action, web.Handler) web.Handler) {
	see, decide := identity.SeeQueue, identity.Decide
	site.Get("/cases", require(see, p.list))
	site.Get("/cases/board", require(see, p.board))
	site.Get("/cases/new", require(decide, p.byHand))
	site.Post("/cases/new", require(decide, p.openByHand))
	site.Post("/cases", require(decide, p.open))
	site.Get("/cases/{id}", require(see, p.show))
	for path, do := range p.acts() {
		site.Post("/cases/{id}/"+path, require(decide, p.act(path, do)), web.MaxBody(maxForm))
	}
	site.Get("/cases/{id}/plan", require(decide, p.plan))
	site.Post("/cases/{id}/plan", require(decide, p.savePlan))
	site.Get("/cases/{id}/examination", require(see, p.examination))
	site.Post("/cases/{id}/examination/items", require(decide, p.check), web.MaxBody(maxUpload))
	site.Get("/cases/{id}/outcomes/{consignment}", require(see, p.outcome))
	site.Post("/cases/{id}/outcomes/{consignment}", require(decide, p.saveOutcome), web.MaxBody(maxForm))
	site.Get("/cases/units", require(see, p.units))
	site.Post("/cases/{id}/attachments", require(decide, p.attach), web.MaxBody(maxUpload))
	site.Get("/cases/{id}/attachments/{seq}", require(see, p.download))
	site.Get("/cases/{id}/attachments/{seq}/thumbnail", require(see, p.thumbnail))
	site.Post("/releases", require(decide, p.release), web.MaxBody(maxForm))
	site.Get("/settings/case-rules", require(see, p.rules))
	site.Post("/settings/case-rules", require(identity.EditLists, p.saveRules))
}

// enter returns who asks and in which traffic.
func enter(ctx context.Context) (identity.Viewer, cargo.ScopeID, error) {
	viewer, err := identity.May(ctx, identity.SeeQueue)
	if err != nil {
		return viewer, 0, err
	}
	scope, err := cargoweb.ScopeOf(ctx)
	return viewer, scope.ID, err
}

// pathNumber returns a number in the address, or fault.NotFound.
func pathNumber(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, notFound(r.Context())
	}
	return n, nil
}

func notFound(ctx context.Context) error {
	return fault.New(fault.NotFound, "%s", web.T(ctx, "case.none")).WithHint("%s", web.T(ctx, "case.none.hint"))
}

// orNotFound says a fault.NotFound of the core in the person's language.
func orNotFound(ctx context.Context, err error) error {
	if fault.Is(err, fault.NotFound) {
		return notFound(ctx)
	}
	return err
}

// caseOf returns the case in the address, when it is of the viewer's traffic.
func (p *Pages) caseOf(r *http.Request) (identity.Viewer, *casework.Case, error) {
	viewer, scope, err := enter(r.Context())
	if err != nil {
		return viewer, nil, err
	}
	id, err := pathNumber(r, "id")
	if err != nil {
		return viewer, nil, err
	}
	k, err := p.Cases.Case(r.Context(), scope, id)
	return viewer, k, orNotFound(r.Context(), err)
}

func (p *Pages) saw(ctx context.Context, id int64) error {
	return p.Cases.Audit.Saw(ctx, "case", idText(id))
}

func idText[N ~int | ~int64](id N) string { return strconv.FormatInt(int64(id), 10) }

func caseHref(id int64) string { return "/cases/" + idText(id) }

// newKey draws the key of a form.
func newKey() string { return rand.Text() }
