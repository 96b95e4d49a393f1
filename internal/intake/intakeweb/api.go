package intakeweb

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/web"
)

// APIOptions say how programs are let in.
type APIOptions struct {
	Version string // of the program

	// Authenticate tells who asks, where no session does: it returns the request's
	// context with the viewer and the scope. Nil: only sessions are let in.
	Authenticate func(r *http.Request) (context.Context, error)

	// Large are the bytes that bodies may have, by the pattern of an operation of another
	// domain, where 1 MiB is too little.
	Large map[string]int64
}

// NewAPI returns an HTTP API on the site's own mux, described at /api/v1/openapi.json.
// Other domains may add their operations to it.
func NewAPI(site *web.Site, o APIOptions) huma.API {
	config := huma.DefaultConfig("Tidewaiter", firstOf(o.Version, "dev"))
	config.OpenAPIPath = "/api/v1/openapi"
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil // no links to schemas in the answers
	config.Info.Description = "Files that come in, and what became of them. Errors are problem+json (RFC 9457)."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A token that the unit's administrator gives out. A browser's session does as well."},
	}
	config.Security = []map[string][]string{{"token": {}}}
	return humago.New(&siteMux{site: site, authenticate: o.Authenticate, large: o.Large}, config)
}

// siteMux lets huma register its routes on a site.
type siteMux struct {
	site         *web.Site
	authenticate func(r *http.Request) (context.Context, error)
	large        map[string]int64
}

// HandleFunc registers a route of the API. Its description is open to everybody.
func (m *siteMux) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	limit := int64(1 << 20)
	if pattern == "POST /api/v1/imports" {
		limit = maxUpload
	} else if n := m.large[pattern]; n > 0 {
		limit = n
	}
	public := false
	for _, p := range []string{".json", ".yaml", "-3.0.json", "-3.0.yaml"} {
		public = public || pattern == "GET /api/v1/openapi"+p
	}
	m.site.Mount(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		viewer, signedIn := identity.From(r.Context())
		if signedIn && viewer.Officer.MustChange && !public { // a one-time password opens one page only
			unauthorized(w, r)
			return
		}
		if !signedIn && !public {
			ctx, err := m.who(r)
			if err != nil {
				unauthorized(w, r)
				return
			}
			r = r.WithContext(ctx)
		}
		h(w, r)
	}), web.MaxBody(limit))
}

func (m *siteMux) who(r *http.Request) (context.Context, error) {
	if m.authenticate == nil {
		return nil, identity.ErrNobody
	}
	ctx, err := m.authenticate(r)
	if err != nil {
		return nil, err
	}
	if _, ok := identity.From(ctx); !ok {
		return nil, identity.ErrNobody
	}
	return ctx, nil
}

// ServeHTTP is asked for by huma and never used: the site serves.
func (m *siteMux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.site.Handler().ServeHTTP(w, r)
}

var errUnauthorized = fault.New(fault.Denied, "this needs a bearer token or a session").
	WithHint("send the header Authorization: Bearer <token>")

// unauthorized answers without a word on why: a wrong token is told from none by nobody.
func unauthorized(w http.ResponseWriter, r *http.Request) {
	p := web.ProblemOf(r.Context(), errUnauthorized)
	p.Status = http.StatusUnauthorized
	h := w.Header()
	h.Set("WWW-Authenticate", `Bearer realm="tidewaiter"`)
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Language", string(web.LanguageOf(r.Context())))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the program may have left
}

// RegisterAPI adds the operations of intake to an API that NewAPI returned.
func (p *Pages) RegisterAPI(api huma.API) {
	file := &huma.Schema{Type: "string", Format: "binary"}
	huma.Register(api, huma.Operation{
		OperationID: "sendImport", Method: http.MethodPost, Path: "/api/v1/imports", DefaultStatus: http.StatusAccepted,
		Summary: "Send a file",
		Description: "The body is the file itself, or a form with one field that is a file. The file is kept as evidence and read behind the answer; " +
			"follow the import until its state is done. The same file again returns the earlier import with known set. " +
			"A table whose columns nobody has confirmed for this sender waits in the state mapping, unless accept is set.",
		Errors: []int{401, 403, 413, 422},
	}, p.apiSend)
	// Described behind the registration: huma would read a body that it knows into memory.
	api.OpenAPI().Paths["/api/v1/imports"].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: file},
		"multipart/form-data":      {Schema: &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{"file": file}, Required: []string{"file"}}},
	}}
	huma.Register(api, huma.Operation{
		OperationID: "getImport", Method: http.MethodGet, Path: "/api/v1/imports/{id}", Summary: "What became of a file", Errors: []int{401, 403, 404},
	}, p.apiGet)
	huma.Register(api, huma.Operation{
		OperationID: "listImports", Method: http.MethodGet, Path: "/api/v1/imports", Summary: "Files that came in, newest first", Errors: []int{401, 403, 422},
	}, p.apiList)
}

// sendInput is the request that brings a file; its body is read as it arrives.
type sendInput struct {
	Sender string `query:"sender" maxLength:"200" doc:"Whose file it is. A mapping of columns is remembered for each sender."`
	Name   string `query:"name" maxLength:"200" doc:"The file's name; a form brings its own."`
	Accept bool   `query:"accept" doc:"Read a table by the proposed mapping without asking."`

	contentType string
	body        io.Reader
}

// Resolve keeps the body for streaming: huma itself would read it into memory.
func (in *sendInput) Resolve(ctx huma.Context) []error {
	in.contentType, in.body = ctx.Header("Content-Type"), ctx.BodyReader()
	return nil
}

type importOutput struct {
	Location string `header:"Location"`
	Body     *intake.Import
}

func (p *Pages) apiSend(ctx context.Context, in *sendInput) (*importOutput, error) {
	viewer, scope, err := enter(ctx, identity.Import)
	if err != nil {
		return nil, apiError(ctx, err)
	}
	up := intake.Upload{Scope: scope, Name: in.Name, Sender: senderName(in.Sender), Via: intake.ViaAPI, Officer: viewer.Officer.ID, Accept: in.Accept}
	kind, params, _ := mime.ParseMediaType(in.contentType)
	if kind != "multipart/form-data" {
		im, err := p.take(ctx, up, in.body)
		if err != nil {
			return nil, apiError(ctx, err)
		}
		return p.accepted(im), nil
	}
	taken, err := p.takeParts(ctx, multipart.NewReader(in.body, params["boundary"]), up, "sender")
	switch {
	case err != nil:
		return nil, apiError(ctx, err)
	case len(taken) != 1:
		return nil, apiError(ctx, fault.New(fault.Invalid, "the form holds %d files, and one is taken", len(taken)).WithHint("send one request for each file"))
	}
	return p.accepted(taken[0]), nil
}

func (p *Pages) accepted(im *intake.Import) *importOutput {
	return &importOutput{Location: fmt.Sprintf("/api/v1/imports/%d", im.ID), Body: im}
}

type getInput struct {
	ID int64 `path:"id"`
}

type getOutput struct{ Body *intake.Import }

func (p *Pages) apiGet(ctx context.Context, in *getInput) (*getOutput, error) {
	_, scope, err := enter(ctx, identity.SeeQueue)
	if err != nil {
		return nil, apiError(ctx, err)
	}
	im, err := p.Imports.Get(ctx, scope, in.ID)
	if err != nil {
		return nil, apiError(ctx, err)
	}
	return &getOutput{Body: im}, nil
}

type listInput struct {
	Before time.Time `query:"before" doc:"Only imports received before this moment."`
	Limit  int       `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type listOutput struct {
	Body struct {
		Imports []*intake.Import `json:"imports"`
	}
}

func (p *Pages) apiList(ctx context.Context, in *listInput) (*listOutput, error) {
	_, scope, err := enter(ctx, identity.SeeQueue)
	if err != nil {
		return nil, apiError(ctx, err)
	}
	if in.Before.IsZero() {
		in.Before = time.Now().Add(time.Hour)
	}
	out := &listOutput{}
	out.Body.Imports, err = p.Imports.Recent(ctx, scope, in.Before, in.Limit)
	if err != nil {
		return nil, apiError(ctx, err)
	}
	if out.Body.Imports == nil {
		out.Body.Imports = []*intake.Import{}
	}
	return out, nil
}

// apiError says an error as every page does, in the language that the program asks for. A
// failure of ours is logged and not told.
func apiError(ctx context.Context, err error) error {
	p := web.ProblemOf(ctx, err)
	if p.Status >= http.StatusInternalServerError {
		slog.ErrorContext(ctx, "request failed", "error", err, "reference", p.Reference)
	}
	return huma.ErrorWithHeaders(&apiProblem{p}, http.Header{"Content-Language": {string(web.LanguageOf(ctx))}})
}

// apiProblem is a web.Problem that huma can send.
type apiProblem struct{ web.Problem }

// Error returns what is wrong.
func (p *apiProblem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *apiProblem) GetStatus() int { return p.Status }

// ContentType returns that of RFC 9457.
func (p *apiProblem) ContentType(string) string { return "application/problem+json" }
