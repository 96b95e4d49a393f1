package playweb

import (
	"context"
	"embed"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/cmi5"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/learning/play"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }

// Options are what the pages work on.
type Options struct {
	Player   *play.Player
	Officers *identity.Officers
	// Origin and ContentOrigin say where the pages and the files of packages are reached
	// by whoever asks, such as https://tidewaiter.example.kg.
	Origin, ContentOrigin func(r *http.Request) string
}

// Pages are the pages of packages.
type Pages struct{ Options }

// New returns the pages.
func New(o Options) *Pages { return &Pages{o} }

// maxCommit bounds what a unit says of itself at once.
const maxCommit = 4 << 20

// Routes registers the pages; require wraps a handler for those who may do the action.
func (p *Pages) Routes(site *web.Site, require func(identity.Action, web.Handler) web.Handler) {
	learn, teach := identity.Learn, identity.Teach
	site.Get("/packages", require(learn, p.list))
	site.Post("/packages", require(teach, p.bring), web.MaxBody(play.MaxPackage+1<<20))
	site.Get("/packages/{id}", require(learn, p.show))
	site.Post("/packages/{id}/remove", require(teach, p.remove))
	site.Post("/packages/{id}/units/{unit}/launch", require(learn, p.launch))
	site.Post("/packages/{id}/waive", require(teach, p.waive))
	site.Get("/packages/{id}/play/{session}", require(learn, p.play))
	site.Post("/packages/{id}/play/{session}/state", require(learn, p.state), web.MaxBody(maxCommit))
	site.Post("/packages/{id}/play/{session}/leave", require(learn, p.leave))
	site.Mount(fetchPath+"/{token}", http.HandlerFunc(p.fetch))
}

// Nav is the menu item of packages.
func Nav(ctx context.Context) []web.NavItem {
	viewer, ok := identity.From(ctx)
	if !ok || !viewer.Can(identity.Learn) {
		return nil
	}
	return []web.NavItem{{ID: "packages", Icon: "package", Label: web.T(ctx, "play.nav"), Href: "/packages"}}
}

func lang(ctx context.Context) string { return string(web.LanguageOf(ctx)) }

func packageHref(id int64) string { return "/packages/" + strconv.FormatInt(id, 10) }

func unitHref(id int64, unit int) string {
	return packageHref(id) + "/units/" + strconv.Itoa(unit+1) + "/launch"
}

func playHref(id int64, session string) string {
	return packageHref(id) + "/play/" + url.PathEscape(session)
}

func pathID(r *http.Request) int64 {
	n, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	return n // what is no number is found nowhere
}

// places says where a unit that this request launches finds things.
func (p *Pages) places(r *http.Request) play.Places {
	origin := p.Origin(r)
	return play.Places{Origin: origin, Endpoint: origin + "/xapi", Fetch: origin + fetchPath, Content: p.ContentOrigin(r) + "/files"}
}

// listView are the packages of the unit.
type listView struct {
	Packages []line
	MayTeach bool
	Errors   []c.FieldError
}

// line is a package with what the viewer did in it.
type line struct {
	*play.Package
	Mine      *play.Registration // nil: not begun
	Done, All int
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	v, err := p.listView(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, listPage(v))
}

func (p *Pages) listView(ctx context.Context) (v listView, err error) {
	viewer, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return v, err
	}
	v.MayTeach = viewer.Can(identity.Teach)
	all, err := p.Player.All(ctx)
	if err != nil {
		return v, err
	}
	for _, one := range all {
		l := line{Package: one, All: len(one.Units)}
		if l.Mine, err = p.Player.Mine(ctx, one.ID); err != nil {
			return v, err
		}
		l.Done = done(one, l.Mine)
		v.Packages = append(v.Packages, l)
	}
	return v, nil
}

func done(one *play.Package, r *play.Registration) (count int) {
	for i := range one.Units {
		if r != nil && r.Progress[i].Done() {
			count++
		}
	}
	return count
}

// bring brings a package in, from a form with one file.
func (p *Pages) bring(w http.ResponseWriter, r *http.Request) error {
	form, err := r.MultipartReader()
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the request is no form with a file")
	}
	part, err := firstFile(form)
	if err != nil {
		return err
	}
	if part == nil {
		return p.notBrought(w, r, web.T(r.Context(), "play.import.none"))
	}
	one, err := p.Player.Import(r.Context(), part.FileName(), part)
	if fault.Is(err, fault.Invalid) {
		return p.notBrought(w, r, web.Explain(r.Context(), err))
	}
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(r.Context(), "play.imported"))
	return web.Redirect(w, r, packageHref(one.ID))
}

// firstFile returns the part of a form that is a file; nil when none was chosen.
func firstFile(form *multipart.Reader) (*multipart.Part, error) {
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "the request is no form with a file")
		}
		if part.FileName() != "" {
			return part, nil
		}
	}
}

// notBrought shows the form again with why.
func (p *Pages) notBrought(w http.ResponseWriter, r *http.Request, why string) error {
	v, err := p.listView(r.Context())
	if err != nil {
		return err
	}
	v.Errors = []c.FieldError{{Field: "file", Text: why}}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, listPage(v))
}

func (p *Pages) remove(w http.ResponseWriter, r *http.Request) error {
	if err := p.Player.Remove(r.Context(), pathID(r)); err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(r.Context(), "play.removed"))
	return web.Redirect(w, r, "/packages")
}

func (p *Pages) launch(w http.ResponseWriter, r *http.Request) error {
	unit, err := strconv.Atoi(r.PathValue("unit"))
	if err != nil {
		return fault.New(fault.NotFound, "there is no such unit")
	}
	places := p.places(r)
	places.Return = places.Origin + packageHref(pathID(r))
	launched, err := p.Player.Launch(r.Context(), play.Order{Package: pathID(r), Unit: unit - 1, Mode: cmi5.Mode(r.PostFormValue("mode")), Places: places})
	if err != nil {
		return err
	}
	one, err := p.Player.Get(r.Context(), pathID(r))
	if err != nil {
		return err
	}
	if one.Standard != pack.CMI5 {
		return web.Redirect(w, r, playHref(one.ID, launched.Session))
	}
	// The policy of forms allows no redirect to another origin: the page leads on.
	w.Header().Set("Refresh", "0; url="+launched.URL)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	return web.Render(w, r, openingPage(one, one.Units[unit-1], launched.URL))
}
