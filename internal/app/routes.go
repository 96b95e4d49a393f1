package app

import (
	"context"
	"database/sql"
	"net/http"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework/caseweb"
	"tidewaiter/internal/casework/resultweb"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/identity/identityweb"
	"tidewaiter/internal/intake/intakeweb"
	"tidewaiter/internal/learning/authorweb"
	"tidewaiter/internal/learning/certificateweb"
	"tidewaiter/internal/learning/courseweb"
	"tidewaiter/internal/learning/exerciseweb"
	"tidewaiter/internal/learning/learningweb"
	"tidewaiter/internal/learning/play"
	"tidewaiter/internal/learning/playweb"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
)

// routes registers the pages of all domains.
func (a *App) routes(site *web.Site, accounts *identityweb.Pages, packages *playweb.Pages) {
	a.casePages = caseweb.New(caseweb.Options{Cases: a.Cases, Reference: a.Reference, Exports: resultweb.Exports})
	a.casePages.Routes(site, accounts.Require)
	resultweb.New(resultweb.Options{Cases: a.Cases, Reference: a.Reference, Raw: a.Imports}).Routes(site, accounts.Require)
	riskweb.New(riskweb.Options{
		Assessments: a.Assessments, Cargo: a.Cargo, Reference: a.Reference, Audit: trail{a}, Officers: a.Identity.Officers,
		Raw: a.Imports, Intake: arrivals{a}, Work: a.exercisePages.Over(a.casePages),
	}).Routes(site, accounts.Require)

	imports := &intakeweb.Pages{Imports: a.Imports, Cargo: a.Cargo, Audit: a.Identity.Audit, DB: a.DB}
	imports.Register(site)
	api := intakeweb.NewAPI(site, intakeweb.APIOptions{Version: Version, Authenticate: a.authenticate, Large: map[string]int64{playweb.ImportPattern: play.MaxPackage}})
	imports.RegisterAPI(api)
	packages.Routes(site, accounts.Require)
	packages.RegisterAPI(api)
	a.exercisePages.Routes(site, accounts.Require)
	learningweb.Mount(site, a.Records, a.Log)
	courseweb.New(courseweb.Options{Studies: a.Studies, Exercise: a.exercisePages.CourseFragment, Certificate: a.certificateOf}).Routes(site, accounts.Require)
	authorweb.New(authorweb.Options{Desk: a.Authors, Shelf: a.Studies.Shelf}).Routes(site, accounts.Require)
}

// Version is the program's, set by cmd.
var Version = "development"

// frame is what stands around a page: the menu of the domains, then identity's own.
func (a *App) frame(ctx context.Context) web.Frame {
	f := identityweb.Frame(ctx)
	viewer, ok := identity.From(ctx)
	if !ok || viewer.Officer.MustChange {
		return f
	}
	if exerciseweb.Entered(ctx) {
		return a.exerciseFrame(ctx, f)
	}
	nav := append(append(riskweb.Nav(ctx), a.casePages.Nav(ctx)...), resultweb.Nav(ctx)...)
	if viewer.Can(identity.Import) {
		nav = append(nav, web.NavItem{ID: "imports", Icon: "file-import", Label: web.T(ctx, "intake.imports"), Href: "/imports"})
	}
	nav = append(append(append(append(nav, courseweb.Nav(ctx)...), playweb.Nav(ctx)...), exerciseweb.Nav(ctx)...), certificateweb.Nav(ctx)...)
	nav = append(append(nav, riskweb.SettingsNav(ctx)...), caseweb.SettingsNav(ctx)...)
	f.Nav = append(nav, f.Nav...)
	f.Search = riskweb.Search(ctx)
	return f
}

// public are the first parts of paths that nobody has to sign in for; each of them
// answers for itself.
var public = map[string]bool{"sign-in": true, "sign-out": true, "static": true, "sw.js": true, "offline": true, "language": true, "theme": true, "healthz": true, "metrics": true, "api": true, "xapi": true, "verify": true, "badges": true, ".well-known": true}

// gate lets nobody pass who has not signed in, except to what is public, so that a page
// that forgets to ask shows nothing to a stranger.
func gate(accounts *identityweb.Pages) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		guarded := accounts.RequireViewer(func(w http.ResponseWriter, r *http.Request) error {
			next.ServeHTTP(w, r)
			return nil
		})
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
			if public[first] || r.URL.Path == "/account/password" { // which asks for a session by itself
				next.ServeHTTP(w, r)
				return
			}
			guarded.ServeHTTP(w, r)
		})
	}
}

// authenticate lets a program in by its token.
func (a *App) authenticate(r *http.Request) (context.Context, error) {
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, fault.New(fault.Denied, "this address needs a token").WithHint("send it as Authorization: Bearer TOKEN")
	}
	viewer, err := a.Identity.Tokens.Viewer(r.Context(), strings.TrimSpace(secret))
	if err != nil {
		return nil, err
	}
	return a.inScope(identity.With(r.Context(), viewer))
}

// trail records what the pages of risk saw and changed.
type trail struct{ *App }

// Saw notes that the viewer saw objects.
func (t trail) Saw(ctx context.Context, kind string, ids ...string) error {
	return t.Identity.Audit.Saw(ctx, kind, ids...)
}

// Record notes an act.
func (t trail) Record(ctx context.Context, e identity.Entry) error {
	return t.DB.InTx(ctx, func(tx *sql.Tx) error { return t.Identity.Audit.Record(ctx, tx, e) })
}

// arrivals tells the home page what came in.
type arrivals struct{ *App }

// OpenProblems returns how many quarantined problems wait.
func (a arrivals) OpenProblems(ctx context.Context, scope cargo.ScopeID) (int, error) {
	return a.Imports.OpenProblems(ctx, scope)
}

// LastImports returns the newest imports in few words.
func (a arrivals) LastImports(ctx context.Context, scope cargo.ScopeID, limit int) ([]riskweb.ImportNote, error) {
	recent, err := a.Imports.Recent(ctx, scope, farFuture, limit)
	if err != nil {
		return nil, err
	}
	var notes []riskweb.ImportNote
	for _, im := range recent {
		notes = append(notes, riskweb.ImportNote{
			ID: im.ID, Name: im.Name, Sender: im.Sender, Received: im.Received, Records: im.Records, Problems: im.Quarantined, State: string(im.State),
		})
	}
	return notes, nil
}
