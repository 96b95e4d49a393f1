package identityweb

import (
	"embed"
	"log/slog"
	"net"
	"net/http"

	"github.com/alexedwards/scs/v2"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }

// Options says how the pages behave. The zero value is fit for plain HTTP.
type Options struct {
	Secure bool // served over TLS: the cookie is Secure, and bound to the host by its name
	Logger *slog.Logger

	// Demo lists accounts that the sign-in page offers with their passwords. Only a
	// demo with made-up data may set it.
	Demo []DemoAccount

	// Address tells where a request came from. Nil: the connection's address, which
	// behind a reverse proxy is the proxy's.
	Address func(*http.Request) string

	// ObjectHref returns the address of an object of another domain on the trail, or "".
	ObjectHref func(kind, id string) string
}

// DemoAccount is an account that the demo's sign-in page offers.
type DemoAccount struct {
	Username string
	Password string
	Name     string
	Role     identity.Role
	Unit     string // what it is called; empty: the whole system
}

// Pages are the pages of identity.
type Pages struct {
	registry *identity.Registry
	sessions *scs.SessionManager
	options  Options
}

// New returns the pages over the registry.
func New(registry *identity.Registry, o Options) *Pages {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Address == nil {
		o.Address = remoteAddress
	}
	m := scs.New()
	m.Store = registry.Sessions
	m.Codec = registry.Sessions
	m.Lifetime = identity.SessionLifetime
	m.IdleTimeout = identity.SessionIdle
	m.Cookie.Name = "session"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = false // ends with the browser, or with the lifetime
	m.Cookie.Secure = o.Secure
	if o.Secure {
		m.Cookie.Name = "__Host-session"
	}
	p := &Pages{registry: registry, sessions: m, options: o}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { web.Fail(w, r, err) }
	return p
}

// Routes registers the pages.
func (p *Pages) Routes(site *web.Site) {
	site.Get("/sign-in", p.showSignIn)
	site.Post("/sign-in", p.signIn)
	site.Post("/sign-out", p.signOut)

	site.Get("/unit", p.RequireViewer(p.chooseUnit))
	site.Post("/unit", p.RequireViewer(p.switchUnit))

	site.Get("/account", p.RequireViewer(p.showAccount))
	site.Post("/account", p.RequireViewer(p.saveAccount))
	site.Get("/account/password", p.requireSession(p.showPassword))
	site.Post("/account/password", p.requireSession(p.savePassword))
	site.Post("/account/sessions/{id}/end", p.RequireViewer(p.endSession))
	site.Post("/account/sign-out-everywhere", p.RequireViewer(p.signOutEverywhere))

	site.Get("/officers", p.Require(identity.ManageOfficers, p.listOfficers))
	site.Get("/officers/new", p.Require(identity.ManageOfficers, p.newOfficer))
	site.Post("/officers", p.Require(identity.ManageOfficers, p.addOfficer))
	site.Post("/officers/join", p.Require(identity.ManageUnits, p.joinOfficer))
	site.Get("/officers/{id}", p.Require(identity.ManageOfficers, p.showOfficer))
	site.Post("/officers/{id}/role", p.Require(identity.ManageOfficers, p.saveRole))
	site.Post("/officers/{id}/reset", p.Require(identity.ManageOfficers, p.resetOfficer))
	site.Post("/officers/{id}/close", p.Require(identity.ManageOfficers, p.closeOfficer))
	site.Post("/officers/{id}/open", p.Require(identity.ManageOfficers, p.openOfficer))
	site.Post("/officers/{id}/leave", p.Require(identity.ManageOfficers, p.removeOfficer))

	site.Get("/units", p.Require(identity.ManageUnits, p.listUnits))
	site.Get("/units/new", p.Require(identity.ManageUnits, p.newUnit))
	site.Post("/units", p.Require(identity.ManageUnits, p.addUnit))
	site.Get("/units/{id}", p.Require(identity.ManageUnits, p.showUnit))
	site.Post("/units/{id}", p.Require(identity.ManageUnits, p.saveUnit))

	site.Get("/audit", p.Require(identity.SeeAudit, p.showAudit))
	site.Get("/audit/chain", p.Require(identity.SeeAudit, p.showChain))
}

// remoteAddress is the address of the connection without its port.
func remoteAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// noStore keeps a page with a secret out of every cache.
func noStore(w http.ResponseWriter) { w.Header().Set("Cache-Control", "no-store") }

var _ scs.CtxStore = (*identity.Sessions)(nil)
var _ scs.Codec = (*identity.Sessions)(nil)
