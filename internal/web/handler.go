package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"tidewaiter/internal/fault"
)

// Handler answers a request or returns why it cannot. A fault (package fault) is shown
// to the person with its sentence and hint, in her language; any other error is logged,
// and the person gets a reference number to quote.
type Handler func(w http.ResponseWriter, r *http.Request) error

// ServeHTTP runs the handler and renders its error by Fail.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		Fail(w, r, err)
	}
}

// Fail renders err: as problem+json (RFC 9457) for a client that asks for JSON, as a
// fragment for htmx, else as a page. Middleware that is no Handler calls it directly.
// Where the answer has begun already, err is only logged.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(r.Context(), err)
	if p.Status >= http.StatusInternalServerError {
		logger(r.Context()).ErrorContext(r.Context(), "request failed", slog.String("error", err.Error()),
			slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("reference", p.Reference))
	}
	if r.Context().Err() != nil || begun(w) {
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	if renderErr := renderProblem(w, r, p); renderErr != nil {
		http.Error(w, p.Title, p.Status)
	}
}

func renderProblem(w http.ResponseWriter, r *http.Request, p Problem) error {
	switch {
	case WantsJSON(r) || r.Header.Get(ownerHeader) != "":
		w.Header().Set("Content-Language", string(LanguageOf(r.Context())))
		return writeJSON(w, p.Status, "application/problem+json", p)
	case IsHTMX(r):
		// htmx leaves the page as it is on an error status unless told where to put the
		// answer; the shell has a place for it.
		w.Header().Set("HX-Retarget", "#messages")
		w.Header().Set("HX-Reswap", "innerHTML show:window:top")
		return RenderStatus(w, r, p.Status, problemNotice(p))
	default:
		return RenderStatus(w, r, p.Status, problemPage(p))
	}
}

// Problem is an error as a person or a program reads it, in the members of RFC 9457.
type Problem struct {
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail,omitempty"`
	Hint      string `json:"hint,omitempty"`
	Reference string `json:"reference,omitempty"` // the request's id, where the log has more
}

// statusError is an error whose HTTP status fault has no kind for.
type statusError struct {
	status int
	id     string // message id of the title
}

func (e statusError) Error() string { return http.StatusText(e.status) }

// ProblemOf says err in the language of ctx. An error that is a failure of ours is not
// told: the caller logs it with the Reference.
func ProblemOf(ctx context.Context, err error) Problem {
	var tooLarge *http.MaxBytesError
	var status statusError
	switch {
	case errors.As(err, &tooLarge):
		return Problem{Title: T(ctx, "web.error.large"), Status: http.StatusRequestEntityTooLarge,
			Detail: T(ctx, "web.error.large.detail", "Limit", Bytes(ctx, tooLarge.Limit))}
	case errors.As(err, &status):
		return Problem{Title: T(ctx, status.id), Status: status.status}
	case fault.KindOf(err) != fault.Failure:
		return Problem{Title: T(ctx, titles[fault.KindOf(err)]), Status: fault.Status(err), Detail: Sentence(ctx, err), Hint: Hint(ctx, err)}
	default:
		return Problem{Title: T(ctx, "web.error.failure"), Status: http.StatusInternalServerError,
			Detail: T(ctx, "web.error.failure.detail"), Reference: RequestID(ctx)}
	}
}

var titles = map[fault.Kind]string{
	fault.NotFound: "web.error.notfound",
	fault.Invalid:  "web.error.invalid",
	fault.Conflict: "web.error.conflict",
	fault.Denied:   "web.error.denied",
	fault.TooMany:  "web.error.toomany",
}
