package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/identity/identityweb"
	"tidewaiter/internal/learning/learningweb"
	"tidewaiter/internal/learning/post"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
)

// ServeConfig says where and how the pages are served.
type ServeConfig struct {
	Listen        string        // host:port
	Secure        bool          // behind TLS: cookies are bound to it
	ContentListen string        // host:port for the files of packages; empty: the port behind Listen's
	ContentOrigin string        // where they are reached, such as https://content.example.kg; empty: the same host
	Proxies       []string      // addresses or networks of reverse proxies whose X-Forwarded-For is believed
	Mail          post.Settings // without a server no reminders are sent
	Demo          []identityweb.DemoAccount
	Ready         func(address string) // called once, when the pages can be opened; may be nil
}

// Serve serves the pages and the API and does the jobs until ctx ends, then lets
// requests and jobs that are under way end.
func (a *App) Serve(ctx context.Context, c ServeConfig) error {
	trusted, err := parseProxies(c.Proxies)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "cannot listen on %s", c.Listen).WithHint("say another address: --listen 127.0.0.1:8081")
	}
	content, err := listenForContent(c.ContentListen, listener.Addr())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	c.ContentListen = content.Addr().String()
	remind, err := a.reminders(c.Mail)
	if err != nil {
		return errors.Join(err, listener.Close(), content.Close())
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := a.Identity.Run(background); err != nil && !errors.Is(err, context.Canceled) {
			a.Log.Error("housekeeping of accounts ended", "error", err)
		}
	})
	wait.Go(func() { a.warm(background) })
	wait.Go(func() { remind(background) })
	if n, err := a.Files.Sweep(ctx); err != nil {
		a.Log.Error("sweep of unfinished uploads", "error", err)
	} else if n > 0 {
		a.Log.Info("pieces of unfinished uploads deleted", "pieces", n)
	}
	server := &http.Server{
		Handler:           a.site(c, trusted).Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return background },
	}
	files := a.contentServer(a.packagePages(c))
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(listener) }()
	go func() { failed <- files.Serve(content) }()
	if c.Ready != nil {
		c.Ready("http://" + listener.Addr().String())
	}
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = shutDown(server)
	}
	err = errors.Join(err, files.Close())
	stop()
	wait.Wait()
	return err
}

// warm loads the queues of all units, so that nobody waits for the first look.
func (a *App) warm(ctx context.Context) {
	units, err := a.Identity.Units.All(ctx)
	for _, unit := range units {
		var scope cargo.Scope
		if scope, err = a.Cargo.LiveScope(ctx, unit.ID); err == nil {
			_, err = a.Assessments.Board(scope.ID).Page(ctx, risk.Filter{}, 0, 0)
			_, lessons := a.Assessments.Lessons(ctx, scope.ID)
			err = errors.Join(err, lessons, a.Cases.Warm(ctx, scope.ID))
		}
	}
	if err != nil && ctx.Err() == nil {
		a.Log.Error("load the queues", "error", err)
	}
}

// farFuture is after everything that has come in.
var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// shutDown gives requests ten seconds to end; those that do not, such as live pages,
// are cut.
func shutDown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}

// site returns all pages.
func (a *App) site(c ServeConfig, trusted proxies) *web.Site {
	accounts := identityweb.New(a.Identity, identityweb.Options{
		Secure: c.Secure, Logger: a.Log, Demo: c.Demo, ObjectHref: objectHref, Address: trusted.address,
	})
	site := web.NewSite(web.Options{Logger: a.Log, Secure: c.Secure, Frame: a.frame, Programs: []string{learningweb.Root + "/"}})
	meter := newMeter(a)
	a.exercisePages = a.openExercisePages(c.Secure)
	site.Use(meter.middleware, accounts.Middleware, gate(accounts), a.withScope, a.exercisePages.Middleware)
	accounts.Routes(site)
	a.routes(site, accounts, a.packagePages(c))
	a.certificatePages(c.Secure, trusted.address).Routes(site, accounts.Require)
	site.Get("/healthz", a.health)
	site.Mount("GET /metrics", meter.handler(trusted))
	return site
}

// withScope puts the traffic of the viewer's unit into the context.
func (a *App) withScope(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") {
			next.ServeHTTP(w, r)
			return
		}
		ctx, err := a.inScope(r.Context())
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// inScope returns a context that works in the live traffic of the viewer's unit; a
// unit's traffic is opened when somebody works there for the first time.
func (a *App) inScope(ctx context.Context) (context.Context, error) {
	viewer, ok := identity.From(ctx)
	if !ok || viewer.Unit.ID == 0 {
		return ctx, nil
	}
	a.scopes.Lock()
	scope, known := a.live[viewer.Unit.ID]
	a.scopes.Unlock()
	if !known {
		var err error
		if scope, err = a.Cargo.LiveScope(ctx, viewer.Unit.ID); err != nil {
			return ctx, err
		}
		if err := a.Assessments.SetUp(ctx, scope.ID, viewer.Unit.Country); err != nil {
			return ctx, err
		}
		a.scopes.Lock()
		a.live[viewer.Unit.ID] = scope
		a.scopes.Unlock()
	}
	return cargoweb.WithScope(ctx, scope), nil
}

// liveScopes remembers the live traffic of each unit; it never changes.
type liveScopes struct {
	scopes sync.Mutex
	live   map[int64]cargo.Scope
}

// health answers whether the program can do its work: the database answers, and how
// many jobs wait.
func (a *App) health(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	load, err := a.Bus.Load(ctx)
	if err != nil {
		a.Log.Error("health", "error", err)
		return web.JSON(w, r, http.StatusServiceUnavailable, map[string]any{"status": "failing"})
	}
	return web.JSON(w, r, http.StatusOK, map[string]any{
		"status": "ok", "pending_jobs": load.Waiting + load.Retrying, "retrying_jobs": load.Retrying, "refused_jobs": load.Refused,
	})
}

// objectHref returns the page of an object that the audit trail names.
func objectHref(kind, id string) string {
	switch kind {
	case "consignment", "import", "party", "case", "certificate":
		return fmt.Sprintf("/%ss/%s", strings.Replace(kind, "party", "partie", 1), id)
	case "exercise":
		return "/exercises/runs/" + id
	case "exercise-task":
		return "/exercises/tasks/" + id
	case "list":
		return "/lists/" + id
	case "package":
		return "/packages/" + id
	case "course":
		return "/courses/" + id
	case "weights":
		return "/settings/weights/" + id
	}
	return ""
}
