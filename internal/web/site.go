package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"tidewaiter/internal/fault"
)

// Options says how a Site behaves. The zero value is a working site.
type Options struct {
	Logger  *slog.Logger // nil: slog.Default()
	Secure  bool         // served over TLS: cookies are Secure, and HSTS is sent
	MaxBody int64        // bytes of a request's body unless the route says otherwise; 0: 1 MiB

	// Programs are patterns of paths that programs use, with credentials of their own and
	// never by a session: pages of other origins may send requests there.
	Programs []string

	// Frame returns what stands around a page; it is asked once for each whole page, not
	// for fragments. Nil: a bare shell.
	Frame func(ctx context.Context) Frame
}

// Site is a set of routes behind the middleware that every page needs: recovery,
// request id and access log, security headers, cross-origin protection, compression,
// language and theme. Register everything before the first request.
type Site struct {
	options Options
	mux     *http.ServeMux
	use     []func(http.Handler) http.Handler
	handler http.Handler
}

// NewSite returns a site with its static files and the language and theme forms.
func NewSite(o Options) *Site {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.MaxBody == 0 {
		o.MaxBody = 1 << 20
	}
	s := &Site{options: o, mux: http.NewServeMux()}
	s.Mount("GET /static/", Static())
	s.Mount("GET /sw.js", http.HandlerFunc(s.serveWorker))
	s.Get("/offline", s.showOffline)
	s.Post("/language", s.chooseLanguage)
	s.Post("/theme", s.chooseTheme)
	return s
}

// Route changes how one route behaves.
type Route func(*route)

type route struct{ maxBody int64 }

// MaxBody lets a route take bodies of up to n bytes.
func MaxBody(n int64) Route { return func(r *route) { r.maxBody = n } }

// Get registers a page: path is a pattern of http.ServeMux without the method.
func (s *Site) Get(path string, h Handler, opts ...Route) { s.Mount("GET "+path, h, opts...) }

// Post registers what a form does.
func (s *Site) Post(path string, h Handler, opts ...Route) { s.Mount("POST "+path, h, opts...) }

// Handle registers a handler for a whole pattern, such as "PUT /api/v1/x".
func (s *Site) Handle(pattern string, h Handler, opts ...Route) { s.Mount(pattern, h, opts...) }

// Mount registers any http.Handler for a pattern, such as an API or the metrics.
func (s *Site) Mount(pattern string, h http.Handler, opts ...Route) {
	rt := route{maxBody: s.options.MaxBody}
	for _, o := range opts {
		o(&rt)
	}
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, rt.maxBody)
		if ofOther(r) {
			Fail(w, r, statusError{http.StatusUnauthorized, "web.offline.other"})
			return
		}
		h.ServeHTTP(w, r)
	})
}

// Use adds middleware between the site's own and the routes, such as the session; the
// first added is the outermost. It can call Fail and T.
func (s *Site) Use(mw ...func(http.Handler) http.Handler) { s.use = append(s.use, mw...) }

// Handler returns the site as one handler. Routes may still be added before the first
// request, middleware may not.
func (s *Site) Handler() http.Handler {
	var h http.Handler = http.HandlerFunc(s.dispatch)
	for _, mw := range slices.Backward(s.use) {
		h = mw(h)
	}
	return s.ground(h)
}

// dispatch finds the route. What the mux would answer in plain text when there is
// none, a person gets as a page.
func (s *Site) dispatch(w http.ResponseWriter, r *http.Request) {
	h, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	var rec statusOnly
	h.ServeHTTP(&rec, r)
	if rec.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", rec.Header().Get("Allow"))
		Fail(w, r, statusError{rec.status, "web.error.method"})
		return
	}
	Fail(w, r, fault.New(fault.NotFound, "%s", T(r.Context(), "web.error.notfound.detail")))
}

// statusOnly is a response writer that keeps the status and headers of the mux's own answer.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header {
	if s.header == nil {
		s.header = http.Header{}
	}
	return s.header
}
func (s *statusOnly) WriteHeader(status int)      { s.status = status }
func (s *statusOnly) Write(b []byte) (int, error) { return len(b), nil }
