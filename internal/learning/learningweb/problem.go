package learningweb

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/web"
)

// status is an error with an HTTP status that fault has no kind for.
type status struct {
	code int
	text string
}

func (s *status) Error() string { return s.text }

// refuse returns what is answered by 400.
func refuse(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, format, args...)
}

// problemOf says an error in the statuses of the standard (§3.2).
func problemOf(r *http.Request, err error) web.Problem {
	var tooLarge *http.MaxBytesError
	var known *status
	var f *fault.Error
	code := http.StatusInternalServerError
	p := web.Problem{}
	switch {
	case errors.As(err, &tooLarge):
		code, p.Detail = http.StatusRequestEntityTooLarge, "the request is too large"
	case errors.As(err, &known):
		code, p.Detail = known.code, known.text
	case errors.Is(err, learning.ErrPrecondition):
		code = http.StatusPreconditionFailed
	case fault.Is(err, fault.Invalid):
		code = http.StatusBadRequest
	case fault.KindOf(err) != fault.Failure:
		code = fault.Status(err)
	}
	if errors.As(err, &f) && code < http.StatusInternalServerError {
		p.Detail, p.Hint = f.Text, f.Hint
	}
	if code == http.StatusInternalServerError {
		p.Detail, p.Reference = "this is a failure of the record store; it has been logged", web.RequestID(r.Context())
	}
	p.Status, p.Title = code, http.StatusText(code)
	return p
}

// fail answers an error as problem+json (RFC 9457).
func (a *API) fail(w http.ResponseWriter, c *call, err error) {
	p := problemOf(c.Request, err)
	if p.Status >= http.StatusInternalServerError {
		a.log.ErrorContext(c.Context(), "xapi request failed", slog.String("error", err.Error()),
			slog.String("method", c.Method), slog.String("path", c.URL.Path), slog.String("reference", p.Reference))
	}
	h := w.Header()
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Basic realm="xapi", charset="UTF-8"`)
	}
	body, err := json.Marshal(p)
	if err != nil {
		body = nil
	}
	h.Del("ETag")
	h.Del("Last-Modified")
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	w.Write(body)
}

// readBody reads a body of at most so many bytes; a longer one is answered by 413.
func readBody(r io.Reader, most int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, most+1))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge), err == nil && int64(len(body)) > most:
		return nil, &http.MaxBytesError{Limit: most}
	case err != nil:
		return nil, refuse("the body of the request ends too early: %v", err)
	}
	return body, nil
}
