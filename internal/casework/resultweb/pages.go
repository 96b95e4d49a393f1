package resultweb

import (
	"context"
	"database/sql"
	"embed"
	"net/http"
	"strconv"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/casework"
	_ "tidewaiter/internal/casework/caseweb" // says the words of cases
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
	Reference *reference.Directory // names and positions of places
	Raw       Raw                  // nil: case files come without the raw messages
}

// Raw gives bytes of a file as it came, or fault.NotFound.
type Raw interface {
	Excerpt(ctx context.Context, scope cargo.ScopeID, importID, offset int64, length int) ([]byte, error)
}

// Pages are the pages of results.
type Pages struct {
	Options
	found found
}

// New returns the pages.
func New(o Options) *Pages { return &Pages{Options: o} }

// Routes registers the pages; require wraps a handler for those who may do the action.
func (p *Pages) Routes(site *web.Site, require func(identity.Action, web.Handler) web.Handler) {
	see := identity.SeeQueue
	site.Get("/results", require(see, p.results))
	site.Get("/results/goods", require(see, p.goods))
	site.Get("/results.csv", require(see, p.examinationsCSV))
	site.Get("/results-goods.csv", require(see, p.goodsCSV))
	site.Get("/results.xlsx", require(see, p.workbook))
	site.Get("/cases/{id}/file.pdf", require(see, p.filePDF))
	site.Get("/cases/{id}/file.zip", require(see, p.fileZIP))
}

const iconResults = "chart-bar" // icon of the menu

// Nav returns the menu item of the results; nothing for someone who may not see them.
func Nav(ctx context.Context) []web.NavItem {
	v, ok := identity.From(ctx)
	if !ok || !v.Can(identity.SeeQueue) {
		return nil
	}
	return []web.NavItem{{ID: "results", Icon: iconResults, Label: web.T(ctx, "result.nav"), Href: "/results"}}
}

// Exports returns where the file of a case can be had, for the page of the case.
func Exports(ctx context.Context, c *casework.Case) []web.Link {
	href := "/cases/" + strconv.FormatInt(c.ID, 10) + "/file"
	links := []web.Link{{Label: web.T(ctx, "result.file.pdf"), Href: href + ".pdf"}, {Label: web.T(ctx, "result.file.zip"), Href: href + ".zip"}}
	for _, a := range c.Attachments {
		if a.Thumb != "" { // there are photos, which say when and where they were taken
			return append(links, web.Link{Label: web.T(ctx, "result.file.zip.strip"), Href: href + ".zip?metadata=strip"})
		}
	}
	return links
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

// record puts what is about to be handed out on the trail.
func (p *Pages) record(ctx context.Context, e identity.Entry) error {
	return p.Cases.DB.InTx(ctx, func(tx *sql.Tx) error { return p.Cases.Audit.Record(ctx, tx, e) })
}

// caseOf returns the case in the address, when it is of the viewer's traffic.
func (p *Pages) caseOf(r *http.Request) (identity.Viewer, *casework.Case, error) {
	ctx := r.Context()
	viewer, scope, err := enter(ctx)
	if err != nil {
		return viewer, nil, err
	}
	none := fault.New(fault.NotFound, "%s", web.T(ctx, "result.file.none")).WithHint("%s", web.T(ctx, "result.file.none.hint"))
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return viewer, nil, none
	}
	c, err := p.Cases.Case(ctx, scope, id)
	if fault.Is(err, fault.NotFound) {
		err = none
	}
	return viewer, c, err
}
