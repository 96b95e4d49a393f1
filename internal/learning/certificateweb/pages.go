package certificateweb

import (
	"context"
	"embed"
	"net/http"
	"strconv"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/certificate"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }

// Options are what the pages work on.
type Options struct {
	Certificates *certificate.Certificates
	Audit        *identity.Audit
	Secure       bool                       // the pages are reached over TLS
	Address      func(*http.Request) string // where a request came from
}

// Pages are the pages of certificates.
type Pages struct{ Options }

// New returns the pages.
func New(o Options) *Pages { return &Pages{o} }

// maxBadge bounds the form with a badge file.
const maxBadge = 128 << 10

// Routes registers the pages; require wraps a handler for those who may do the action.
func (p *Pages) Routes(site *web.Site, require func(identity.Action, web.Handler) web.Handler) {
	site.Get("/certificates", require(identity.Learn, p.mine))
	site.Get("/certificates/unit", require(identity.Teach, p.ofUnit))
	site.Get("/certificates/{id}", require(identity.Learn, p.show))
	site.Get("/certificates/{id}/paper", require(identity.Learn, p.paper))
	site.Get("/certificates/{id}/badge", require(identity.Learn, p.badge))
	site.Get("/certificates/{id}/badge.svg", require(identity.Learn, p.picture))
	site.Post("/certificates/{id}/revoke", require(identity.Teach, p.revoke))
	site.Post("/certificates/{id}/reissue", require(identity.Teach, p.reissue))

	site.Get("/verify", p.ask)
	site.Get("/verify/{number}", p.verify)
	site.Post("/verify/badge", p.verifyBadge, web.MaxBody(maxBadge))
	site.Get("/.well-known/did.json", p.document)
	site.Get("/badges/status/{list}", p.statusList)
}

// Nav is the menu item of the viewer in ctx.
func Nav(ctx context.Context) []web.NavItem {
	v, ok := identity.From(ctx)
	if !ok || !v.Can(identity.Learn) {
		return nil
	}
	return []web.NavItem{{ID: "certificates", Icon: "certificate", Label: web.T(ctx, "certificate.nav"), Href: "/certificates"}}
}

// tabs lead between one's own certificates and the unit's.
func tabs(ctx context.Context, unit bool) []web.Tab {
	v, _ := identity.From(ctx)
	if !v.Can(identity.Teach) {
		return nil
	}
	return []web.Tab{
		{Label: web.T(ctx, "certificate.mine"), Href: "/certificates", Current: !unit},
		{Label: web.T(ctx, "certificate.unit"), Href: "/certificates/unit", Current: unit},
	}
}

func (p *Pages) mine(w http.ResponseWriter, r *http.Request) error {
	list, err := p.Certificates.Mine(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, minePage(list))
}

// perPage is how many certificates of a unit stand on a page.
const perPage = 50

// unitList is the list of a unit's certificates as it is shown.
type unitList struct {
	certificate.Page
	Words string
	Later bool // this is not the first page
}

func (p *Pages) ofUnit(w http.ResponseWriter, r *http.Request) error {
	before, _ := strconv.ParseInt(r.FormValue("before"), 10, 64) // what is no id asks for the first page
	words := clip(r.FormValue("q"), 200)
	page, err := p.Certificates.OfUnit(r.Context(), words, before, perPage)
	if err != nil {
		return err
	}
	return web.Render(w, r, unitPage(unitList{Page: page, Words: words, Later: before > 0}))
}

func clip(s string, most int) string {
	letters := []rune(s)
	return string(letters[:min(len(letters), most)])
}

// certificateOf returns the certificate in the address, when the viewer may see it, and
// notes it where it is somebody else's.
func (p *Pages) certificateOf(r *http.Request) (certificate.Certificate, error) {
	ctx := r.Context()
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return certificate.Certificate{}, fault.New(fault.NotFound, "%s", web.T(ctx, "certificate.none"))
	}
	one, err := p.Certificates.Get(ctx, id)
	if err != nil {
		return one, err
	}
	if v, _ := identity.From(ctx); v.Officer.ID != one.Officer {
		err = p.Audit.Saw(ctx, "certificate", idText(one.ID))
	}
	return one, err
}

// sheet is a certificate's page as it is shown.
type sheet struct {
	certificate.Certificate
	MayChange bool
	Verify    string // address that says whether it is good

	Reason       string // of the form to revoke
	RevokeErrors []c.FieldError
	NewName      string // of the form to issue anew
	NewReason    string
	NewErrors    []c.FieldError
}

func (p *Pages) sheetOf(r *http.Request) (sheet, error) {
	one, err := p.certificateOf(r)
	if err != nil {
		return sheet{}, err
	}
	return sheet{Certificate: one, MayChange: one.State() == certificate.Valid && p.Certificates.MayChange(r.Context(), one),
		Verify: p.verifyAddress(r, one), NewName: one.Name}, nil
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	s, err := p.sheetOf(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, certificatePage(s))
}

func (p *Pages) revoke(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s, err := p.sheetOf(r)
	if err != nil {
		return err
	}
	s.Reason = r.PostFormValue("reason")
	err = p.Certificates.Revoke(ctx, s.ID, s.Reason)
	if fault.Is(err, fault.Invalid) {
		s.RevokeErrors = []c.FieldError{{Field: "reason", Text: web.Explain(ctx, err)}}
		return web.RenderStatus(w, r, fault.Status(err), certificatePage(s))
	}
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "certificate.revoke.done", "Name", s.Name))
	return web.Redirect(w, r, "/certificates/"+idText(s.ID))
}

func (p *Pages) reissue(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s, err := p.sheetOf(r)
	if err != nil {
		return err
	}
	s.NewName, s.NewReason = r.PostFormValue("name"), r.PostFormValue("new-reason")
	next, err := p.Certificates.Reissue(ctx, s.ID, s.NewName, s.NewReason)
	if fault.Is(err, fault.Invalid) {
		field := "new-reason"
		if len(s.NewReason) > 0 && !certificate.IsName(s.NewName) {
			field = "name"
		}
		s.NewErrors = []c.FieldError{{Field: field, Text: web.Explain(ctx, err)}}
		return web.RenderStatus(w, r, fault.Status(err), certificatePage(s))
	}
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "certificate.reissue.done", "Number", certificate.Spaced(next.Number)))
	return web.Redirect(w, r, "/certificates/"+idText(next.ID))
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// tones of the states, for their badges.
var tones = map[certificate.State]web.Tone{certificate.Valid: web.Good, certificate.Revoked: web.Bad, certificate.Replaced: web.Warning}
