package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

// Render answers with the component and status 200. It is rendered to memory first, so
// that an error in it becomes an error page and not half a page.
func Render(w http.ResponseWriter, r *http.Request, c templ.Component) error {
	return RenderStatus(w, r, http.StatusOK, c)
}

// RenderStatus answers with the component and the status, such as 422 for a form that
// is shown again with its errors.
func RenderStatus(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := c.Render(r.Context(), buf); err != nil {
		return fmt.Errorf("render %s: %w", r.URL.Path, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	h.Add("Vary", "HX-Request, Cookie, Accept-Language")
	if !IsHTMX(r) {
		clearFlash(w, r)
	}
	w.WriteHeader(status)
	_, err := w.Write(buf.Bytes())
	return abandoned(err)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// JSON answers with v as JSON.
func JSON(w http.ResponseWriter, _ *http.Request, status int, v any) error {
	return writeJSON(w, status, "application/json", v)
}

func writeJSON(w http.ResponseWriter, status int, contentType string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n'))
	return abandoned(err)
}

// abandoned drops the error of a write to a person who has gone: nobody's fault, and
// there is nobody left to tell.
func abandoned(error) error { return nil }

// Redirect sends the person on to a path of this site after a form was accepted
// (303 See Other; htmx is told to load the whole page).
func Redirect(w http.ResponseWriter, r *http.Request, path string) error {
	path = localPath(path)
	if IsHTMX(r) {
		w.Header().Set("HX-Redirect", path)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// localPath keeps redirects within the site: "//evil" and "/\evil" are other hosts to
// a browser.
func localPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// IsHTMX reports whether htmx asks for a fragment. A handler then may render only the
// part that changed; a boosted link or a restored history entry wants the whole page.
func IsHTMX(r *http.Request) bool {
	h := r.Header
	return h.Get("HX-Request") == "true" && h.Get("HX-Boosted") != "true" && h.Get("HX-History-Restore-Request") != "true"
}

// WantsJSON reports whether the client asks for JSON rather than a page.
func WantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}
