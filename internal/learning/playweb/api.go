package playweb

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/cmi5"
	"tidewaiter/internal/learning/play"
	"tidewaiter/internal/web"
)

// ImportPattern is the operation that takes bodies as large as packages.
const ImportPattern = "POST /api/v1/packages"

// RegisterAPI adds the operations of packages to an API.
func (p *Pages) RegisterAPI(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "importPackage", Method: http.MethodPost, Path: "/api/v1/packages", DefaultStatus: http.StatusCreated,
		Summary: "Bring in a package of learning content",
		Description: "The body is the package itself (a zip of SCORM 1.2, SCORM 2004 or cmi5, or a cmi5.xml), or a form with one field that is a file. " +
			"A package that breaks a rule of its standard is answered by 422 with the file, line and element.",
		Errors: []int{401, 403, 413, 422},
	}, p.apiImport)
	binary := &huma.Schema{Type: "string", Format: "binary"}
	api.OpenAPI().Paths["/api/v1/packages"].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/zip": {Schema: binary}, "text/xml": {Schema: binary},
		"multipart/form-data": {Schema: &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{"file": binary}, Required: []string{"file"}}},
	}}
	huma.Register(api, huma.Operation{
		OperationID: "removePackage", Method: http.MethodDelete, Path: "/api/v1/packages/{id}", Summary: "Take a package away from learners",
		DefaultStatus: http.StatusNoContent, Errors: []int{401, 403, 404},
	}, p.apiRemove)
	huma.Register(api, huma.Operation{
		OperationID: "launchUnit", Method: http.MethodPost, Path: "/api/v1/packages/{id}/units/{unit}/launch", Summary: "Launch a unit for a learner",
		Description: "Returns the address that launches the unit. The learner is an agent of xAPI with an account of another system. Units count from 1.",
		Errors:      []int{401, 403, 404, 409, 422},
	}, p.apiLaunch)
	huma.Register(api, huma.Operation{
		OperationID: "waiveUnit", Method: http.MethodPost, Path: "/api/v1/registrations/{registration}/units/{unit}/waive", Summary: "Say that a learner need not take a unit",
		DefaultStatus: http.StatusNoContent, Errors: []int{401, 403, 404, 409, 422},
	}, p.apiWaive)
	huma.Register(api, huma.Operation{
		OperationID: "abandonSession", Method: http.MethodPost, Path: "/api/v1/sessions/{session}/abandon", Summary: "End a session whose unit will not do so any more",
		DefaultStatus: http.StatusNoContent, Errors: []int{401, 403, 404, 409},
	}, p.apiAbandon)
}

// importInput brings a package; its body is read as it arrives.
type importInput struct {
	Name string `query:"name" maxLength:"200" doc:"The file's name; a form brings its own."`

	contentType string
	body        io.Reader
}

// Resolve keeps the body for streaming: huma itself would read it into memory.
func (in *importInput) Resolve(ctx huma.Context) []error {
	in.contentType, in.body = ctx.Header("Content-Type"), ctx.BodyReader()
	return nil
}

type packageOutput struct {
	Location string `header:"Location"`
	Body     struct {
		ID       string   `json:"id"`
		Standard string   `json:"standard"`
		Title    string   `json:"title"`
		Units    []string `json:"units" doc:"Titles, in their order."`
	}
}

func (p *Pages) apiImport(ctx context.Context, in *importInput) (*packageOutput, error) {
	name, body := in.Name, in.body
	if kind, params, _ := mime.ParseMediaType(in.contentType); kind == "multipart/form-data" {
		part, err := firstFile(multipart.NewReader(in.body, params["boundary"]))
		if err == nil && part == nil {
			err = fault.New(fault.Invalid, "the form holds no file")
		}
		if err != nil {
			return nil, apiError(ctx, err)
		}
		name, body = part.FileName(), part
	}
	one, err := p.Player.Import(ctx, name, body)
	if err != nil {
		return nil, apiError(ctx, err)
	}
	out := &packageOutput{Location: "/api/v1/packages/" + strconv.FormatInt(one.ID, 10)}
	out.Body.ID, out.Body.Standard, out.Body.Title = strconv.FormatInt(one.ID, 10), string(one.Standard), titleOf(ctx, one)
	out.Body.Units = []string{}
	for _, u := range one.Units {
		out.Body.Units = append(out.Body.Units, u.Title.In(lang(ctx)))
	}
	return out, nil
}

type packageInput struct {
	ID int64 `path:"id"`
}

func (p *Pages) apiRemove(ctx context.Context, in *packageInput) (*struct{}, error) {
	if err := p.Player.Remove(ctx, in.ID); err != nil {
		return nil, apiError(ctx, err)
	}
	return nil, nil
}

// launchInput says who launches what.
type launchInput struct {
	ID   int64 `path:"id"`
	Unit int   `path:"unit" minimum:"1"`
	Body struct {
		Actor        json.RawMessage `json:"actor" doc:"Agent of xAPI with an account."`
		Registration string          `json:"registration,omitempty" doc:"Of the actor in this package; empty: the one there is, or a new one."`
		Mode         string          `json:"mode,omitempty" enum:"Normal,Browse,Review"`
		ReturnURL    string          `json:"returnUrl,omitempty" format:"uri" doc:"Where the unit leads the learner at its end."`
	}

	request *http.Request
}

// Resolve keeps what the request says of where the program is reached.
func (in *launchInput) Resolve(ctx huma.Context) []error {
	at := ctx.URL()
	in.request = &http.Request{Host: ctx.Host(), URL: &at, Header: http.Header{}}
	return nil
}

type launchOutput struct {
	Body struct {
		URL          string `json:"url"`
		Registration string `json:"registration"`
		Session      string `json:"session"`
	}
}

func (p *Pages) apiLaunch(ctx context.Context, in *launchInput) (*launchOutput, error) {
	places := p.places(in.request)
	places.Return = in.Body.ReturnURL
	launched, err := p.Player.Launch(ctx, play.Order{
		Package: in.ID, Unit: in.Unit - 1, Mode: cmi5.Mode(in.Body.Mode), Places: places, Actor: in.Body.Actor, Registration: in.Body.Registration,
	})
	if err != nil {
		return nil, apiError(ctx, err)
	}
	out := &launchOutput{}
	out.Body.URL, out.Body.Registration, out.Body.Session = launched.URL, launched.Registration, launched.Session
	return out, nil
}

type waiveInput struct {
	Registration string `path:"registration"`
	Unit         int    `path:"unit" minimum:"1"`
	Body         struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

func (p *Pages) apiWaive(ctx context.Context, in *waiveInput) (*struct{}, error) {
	if err := p.Player.Waive(ctx, in.Registration, in.Unit-1, in.Body.Reason); err != nil {
		return nil, apiError(ctx, err)
	}
	return nil, nil
}

type abandonInput struct {
	Session string `path:"session"`
}

func (p *Pages) apiAbandon(ctx context.Context, in *abandonInput) (*struct{}, error) {
	if err := p.Player.Abandon(ctx, in.Session); err != nil {
		return nil, apiError(ctx, err)
	}
	return nil, nil
}

// apiError says an error as every page does, in the language that the program asks for. A
// failure of ours is logged and not told.
func apiError(ctx context.Context, err error) error {
	p := web.ProblemOf(ctx, err)
	if p.Status >= http.StatusInternalServerError {
		slog.ErrorContext(ctx, "request failed", "error", err, "reference", p.Reference)
	}
	return huma.ErrorWithHeaders(&apiProblem{p}, http.Header{"Content-Language": {lang(ctx)}})
}

// apiProblem is a web.Problem that huma can send.
type apiProblem struct{ web.Problem }

// Error returns what is wrong.
func (p *apiProblem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *apiProblem) GetStatus() int { return p.Status }

// ContentType returns that of RFC 9457.
func (p *apiProblem) ContentType(string) string { return "application/problem+json" }
