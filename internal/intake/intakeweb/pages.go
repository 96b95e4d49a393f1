package intakeweb

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/store"
	"tidewaiter/internal/web"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }

// Pages are the pages and the API of intake.
type Pages struct {
	Imports *intake.Imports
	Cargo   *cargo.Consignments
	Audit   *identity.Audit
	DB      *store.DB // where acts are recorded

	// Poll is how often a page in sight asks how far a reading is; 0 is half a second.
	Poll time.Duration
}

// maxUpload is the body of a form with files: the largest file and what goes with it.
const maxUpload = evidence.MaxFile + 1<<20

// maxMend is the body of a form with the text of a record, which may be 1 MiB and be
// three times as long when it is encoded.
const maxMend = 4 << 20

// Register adds the pages to the site. Their menu item is "imports".
func (p *Pages) Register(site *web.Site) {
	site.Get("/imports", p.list)
	site.Post("/imports", p.upload, web.MaxBody(maxUpload))
	site.Get("/imports/{id}", p.show)
	site.Get("/imports/{id}/events", p.events)
	site.Get("/imports/{id}/download", p.download)
	site.Get("/imports/{id}/raw", p.raw)
	site.Get("/imports/{id}/mapping", p.mapping)
	site.Post("/imports/{id}/mapping", p.confirm)
	site.Post("/imports/{id}/cancel", p.cancel)
	site.Post("/imports/{id}/resume", p.resume)
	site.Get("/imports/{id}/quarantine", p.quarantine)
	site.Get("/quarantine", p.quarantine)
	site.Get("/quarantine/{id}", p.held)
	site.Post("/quarantine/{id}", p.mend, web.MaxBody(maxMend))
	site.Post("/quarantine/{id}/dismiss", p.dismiss)
}

// enter returns who asks and in which traffic, when they may do the action.
func enter(ctx context.Context, a identity.Action) (identity.Viewer, cargo.ScopeID, error) {
	viewer, err := identity.May(ctx, a)
	if err != nil {
		return viewer, 0, err
	}
	scope, err := cargoweb.ScopeOf(ctx)
	return viewer, scope.ID, err
}

// pathID returns the number in the address.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.New(fault.NotFound, "there is nothing under %.40q", r.PathValue("id"))
	}
	return id, nil
}

// importOf returns the import that the address names.
func (p *Pages) importOf(r *http.Request, a identity.Action) (identity.Viewer, *intake.Import, error) {
	viewer, scope, err := enter(r.Context(), a)
	if err != nil {
		return viewer, nil, err
	}
	id, err := pathID(r)
	if err != nil {
		return viewer, nil, err
	}
	im, err := p.Imports.Get(r.Context(), scope, id)
	return viewer, im, err
}

// noteDownload records on the trail that a raw file has left the program.
func (p *Pages) noteDownload(ctx context.Context, im *intake.Import) error {
	err := p.Audit.Record(ctx, p.DB.Write, identity.Entry{Act: "import.downloaded", ObjectKind: "import", ObjectID: strconv.FormatInt(im.ID, 10),
		Detail: map[string]any{"name": im.Name, "sha256": im.Hash, "sender": im.Sender}})
	if err != nil {
		return fmt.Errorf("record the download: %w", err)
	}
	return nil
}
