package riskweb

import (
	"context"
	"embed"
	"net/http"
	"strconv"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
)

//go:embed locale/*.json
var messages embed.FS

func init() {
	web.AddMessages(messages)
	web.AddMessages(risk.Locale)
}

// Options are what the pages work on.
type Options struct {
	Assessments *risk.Assessments
	Cargo       *cargo.Consignments
	Reference   *reference.Directory
	Audit       Audit
	Officers    Officers // nil: changes are shown without names
	Raw         Raw      // nil: no raw messages
	Intake      Intake   // nil: the home page says nothing of imports
	Work        Work     // nil: the pages say nothing of what is done

	Now func() time.Time // nil: time.Now
}

// Audit is the trail of who saw and changed what.
type Audit interface {
	Saw(ctx context.Context, kind string, ids ...string) error
	Record(ctx context.Context, e identity.Entry) error
}

// Officers tells the names of those who changed settings.
type Officers interface {
	Get(ctx context.Context, id int64) (identity.Officer, error)
}

// Raw gives the bytes of a file as it came.
type Raw interface {
	Excerpt(ctx context.Context, scope cargo.ScopeID, importID, offset int64, length int) ([]byte, error)
}

// Intake sums up what came in, for the home page.
type Intake interface {
	OpenProblems(ctx context.Context, scope cargo.ScopeID) (int, error)
	LastImports(ctx context.Context, scope cargo.ScopeID, limit int) ([]ImportNote, error)
}

// ImportNote is one import in few words.
type ImportNote struct {
	ID       int64
	Name     string // of the file
	Sender   string
	Received time.Time
	Records  int
	Problems int // records in quarantine
	State    string
}

// Pages are the pages of risk.
type Pages struct {
	Options
}

// New returns the pages.
func New(o Options) *Pages {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Pages{o}
}

// Routes registers the pages; require wraps a handler for those who may do the action.
func (p *Pages) Routes(site *web.Site, require func(identity.Action, web.Handler) web.Handler) {
	see, edit := identity.SeeQueue, identity.EditLists
	site.Get("/{$}", require(see, p.home))
	site.Get("/queue", require(see, p.queue))
	site.Get("/queue.csv", require(see, p.export))
	site.Post("/queue/views", require(see, p.saveView))
	site.Post("/queue/views/{id}/delete", require(see, p.dropView))
	site.Get("/search", require(see, p.search))
	site.Get("/consignments/{id}", require(see, p.consignment))
	site.Get("/consignments/{id}/print", require(see, p.print))
	site.Get("/parties/{id}", require(see, p.party))
	site.Get("/indicators", require(see, p.indicators))
	site.Get("/indicators/{id}", require(see, p.indicator))
	site.Get("/settings/targeting", require(see, p.targeting))
	site.Post("/settings/targeting", require(edit, p.saveTargeting))
	site.Get("/results/indicators", require(see, p.worth))
	site.Get("/settings/weights", require(see, p.weights))
	site.Post("/settings/weights", require(edit, p.estimate))
	site.Get("/settings/weights/{id}", require(see, p.weights))
	site.Post("/settings/weights/{id}/adopt", require(edit, p.adopt))
	site.Post("/settings/weights/{id}/decline", require(edit, p.decline))
	site.Get("/lists", require(see, p.lists))
	site.Get("/lists/{id}", require(see, p.list))
	site.Post("/lists/{id}", require(edit, p.saveList), web.MaxBody(maxListBody))
}

// Nav returns the menu items of these pages, in the language of ctx; nothing for someone
// who may not see the queue.
func Nav(ctx context.Context) []web.NavItem {
	v, ok := identity.From(ctx)
	if !ok || !v.Can(identity.SeeQueue) {
		return nil
	}
	return []web.NavItem{
		{ID: "home", Icon: "layout-dashboard", Label: web.T(ctx, "risk.nav.home"), Href: "/"},
		{ID: "queue", Icon: "list-search", Label: web.T(ctx, "risk.nav.queue"), Href: "/queue"},
	}
}

// SettingsNav returns the menu items of what the queue is made by.
func SettingsNav(ctx context.Context) []web.NavItem {
	v, ok := identity.From(ctx)
	if !ok || !v.Can(identity.SeeQueue) {
		return nil
	}
	return []web.NavItem{
		{ID: "indicators", Icon: "flag", Label: web.T(ctx, "risk.nav.indicators"), Href: "/indicators", Apart: true},
		{ID: "lists", Icon: "list-details", Label: web.T(ctx, "risk.nav.lists"), Href: "/lists"},
		{ID: "worth", Icon: "target", Label: web.T(ctx, "risk.nav.worth"), Href: "/results/indicators"},
		{ID: "weights", Icon: "scale", Label: web.T(ctx, "risk.nav.weights"), Href: "/settings/weights"},
		{ID: "targeting", Icon: "adjustments", Label: web.T(ctx, "risk.nav.targeting"), Href: "/settings/targeting"},
	}
}

// Search is the search field for the frame.
func Search(ctx context.Context) web.Search {
	v, ok := identity.From(ctx)
	if !ok || !v.Can(identity.SeeQueue) {
		return web.Search{}
	}
	return web.Search{Action: "/search", Hint: web.T(ctx, "risk.search.hint")}
}

// pathID returns the id in the address, or fault.NotFound in the person's language.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, notFound(r.Context(), "risk.none.page")
	}
	return id, nil
}

func notFound(ctx context.Context, id string) error {
	return fault.New(fault.NotFound, "%s", web.T(ctx, id)).WithHint("%s", web.T(ctx, "risk.none.hint"))
}

// orNotFound says a fault.NotFound of a core in the person's language.
func orNotFound(ctx context.Context, err error, id string) error {
	if fault.Is(err, fault.NotFound) {
		return notFound(ctx, id)
	}
	return err
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// today returns the day of now in the zone of the unit, as midnight UTC: the board counts
// days in UTC.
func (p *Pages) today(ctx context.Context) time.Time {
	y, m, d := p.Now().In(web.Zone(ctx)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// dayText writes a day of the board.
func dayText(ctx context.Context, day time.Time) string {
	return web.Date(web.SetZone(ctx, time.UTC), day)
}
