package learningweb

import (
	"embed"
	"log/slog"
	"net/http"
	"net/url"

	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/web"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }

// Root is the path that all resources stand under.
const Root = "/xapi"

// The largest bodies of requests, in bytes: of statements, and of statements with
// attachments.
const (
	maxStatements = 16 << 20
	maxRequest    = 256 << 20
)

// API answers for the record store.
type API struct {
	records *learning.Records
	log     *slog.Logger
}

// Mount puts the record store on a site. Requests below Root must reach it without a
// session, and from other origins.
func Mount(site *web.Site, records *learning.Records, log *slog.Logger) {
	site.Mount(Root+"/", New(records, log), web.MaxBody(maxRequest))
}

// New returns the record store as a handler of the paths below Root.
func New(records *learning.Records, log *slog.Logger) http.Handler {
	a := &API{records: records, log: log}
	mux := http.NewServeMux()
	for path, methods := range map[string]map[string]handler{
		"/statements":         {"GET": a.getStatements, "POST": a.postStatements, "PUT": a.putStatement},
		"/activities":         {"GET": a.getActivity},
		"/agents":             {"GET": a.getAgent},
		"/activities/state":   a.documents(state),
		"/activities/profile": a.documents(activityProfile),
		"/agents/profile":     a.documents(agentProfile),
		"/about":              {"GET": a.getAbout},
	} {
		mux.Handle(Root+path, a.resource(path, methods))
	}
	return mux
}

// call is a request that has been let in.
type call struct {
	*http.Request
	client  learning.Client
	version xapi.Version
	query   url.Values
}

// handler answers a call, or says why not.
type handler func(w http.ResponseWriter, c *call) error

// resource answers the methods of one resource.
func (a *API) resource(path string, methods map[string]handler) http.Handler {
	allow := "OPTIONS"
	for _, m := range []string{"GET", "HEAD", "POST", "PUT", "DELETE"} {
		if methods[m] != nil || m == "HEAD" && methods["GET"] != nil {
			allow += ", " + m
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		openToPages(w.Header())
		if r.Method == http.MethodOptions {
			w.Header().Set("Allow", allow)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		c := &call{Request: r, version: xapi.V200}
		if version, ok := xapi.ParseVersion(r.Header.Get(versionHeader)); ok {
			c.version = version
		}
		if err := a.answer(w, c, path, methods, allow); err != nil {
			a.fail(w, c, err)
		}
	})
}

func (a *API) answer(w http.ResponseWriter, c *call, path string, methods map[string]handler, allow string) error {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set(versionHeader, string(c.version))
	if path == "/statements" {
		through, err := a.records.ConsistentThrough(c.Context())
		if err != nil {
			return err
		}
		h.Set("X-Experience-API-Consistent-Through", xapi.FormatTime(through))
	}
	var err error
	if c.query, err = url.ParseQuery(c.URL.RawQuery); err != nil {
		return refuse("the query of the address can not be read: %v", err)
	}
	if err := c.unwrap(); err != nil {
		return err
	}
	if path != "/about" {
		if err := a.letIn(c); err != nil {
			return err
		}
		h.Set(versionHeader, string(c.version))
		if err := c.speak(); err != nil {
			return err
		}
		h.Set(versionHeader, string(c.version))
	}
	method := c.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	answer := methods[method]
	if answer == nil {
		h.Set("Allow", allow)
		return &status{http.StatusMethodNotAllowed, "this resource does not take " + method}
	}
	return answer(w, c)
}

// openToPages lets scripts of other origins use the record store: courses run on origins
// of their own, and who they are their credentials say, not the browser.
func openToPages(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, If-None-Match, Accept-Language, "+versionHeader)
	h.Set("Access-Control-Expose-Headers", "ETag, Last-Modified, "+versionHeader+", X-Experience-API-Consistent-Through, X-Experience-API-Hash")
	h.Set("Access-Control-Max-Age", "600")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}
