package playweb

import (
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/web"
)

// fetchPath is where units of cmi5 trade their token, below the record store's path, which
// is open to other origins.
const fetchPath = "/xapi/cmi5/fetch"

// fetch trades the token of a launch for credentials (cmi5 §8.2): it is answered by 200
// in any case.
func (p *Pages) fetch(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "POST, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Authorization")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "no-store")
	switch r.Method {
	case http.MethodOptions:
		w.WriteHeader(http.StatusNoContent)
		return
	case http.MethodPost:
	default:
		h.Set("Allow", "POST, OPTIONS")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	answer := map[string]string{}
	token, err := p.Player.Fetch(r.Context(), r.PathValue("token"))
	switch {
	case err == nil:
		answer["auth-token"] = token
	case fault.Is(err, fault.Conflict):
		answer["error-code"], answer["error-text"] = "1", "Already in Use"
	case fault.Is(err, fault.Denied):
		answer["error-code"], answer["error-text"] = "2", "Security Error"
	default:
		slog.ErrorContext(r.Context(), "fetch failed", "error", err)
		answer["error-code"], answer["error-text"] = "3", "Application Error"
	}
	_ = web.JSON(w, r, http.StatusOK, answer) // who has gone needs no answer
}

// frameOf returns the address of the frame around a unit, from the unit's own:
// https://host/files/SECRET/… to https://host/frame/SECRET.
func frameOf(content string) string {
	at, err := url.Parse(content)
	if err != nil {
		return ""
	}
	parts := strings.SplitN(at.Path, "/", 4)
	return (&url.URL{Scheme: at.Scheme, Host: at.Host, Path: "/frame/" + parts[2]}).String()
}

// Content serves the files of packages, and the frame around units of SCORM: for a
// listener of its own, so that their origin is not the pages'. There are no cookies, and
// nothing without the secret of a session.
func (p *Pages) Content(log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /static/", web.Static())
	mux.Handle("GET /frame/{secret}", p.contentPage(log, p.frame))
	mux.Handle("GET /files/{secret}/{path...}", p.contentPage(log, p.file))
	return mux
}

// contentPage answers errors without a page of ours: this origin has none.
func (p *Pages) contentPage(log *slog.Logger, answer web.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		err := answer(w, r)
		if err == nil {
			return
		}
		status := fault.Status(err)
		if status >= http.StatusInternalServerError {
			log.ErrorContext(r.Context(), "content failed", "error", err)
		}
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		http.Error(w, http.StatusText(status), status)
	})
}

// sandbox is what foreign content may do at all: it has an origin of its own, so that its
// own frames may see each other, and neither leads the page away nor asks for devices.
const sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-modals"

// frame is the page around a unit of SCORM.
func (p *Pages) frame(w http.ResponseWriter, r *http.Request) error {
	origin, err := p.Player.Origin(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "+
		"frame-ancestors "+origin+"; sandbox "+sandbox)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return framePage(origin).Render(r.Context(), w)
}

// file is a file of a package.
func (p *Pages) file(w http.ResponseWriter, r *http.Request) error {
	c, err := p.Player.Content(r.Context(), r.PathValue("secret"), path.Clean(r.PathValue("path")))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", fmt.Sprintf("default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "+
		"connect-src 'self' %s; frame-ancestors 'self' %s; sandbox %s", c.Origin, c.Origin, sandbox))
	h.Set("Content-Type", mediaType(c.Path))
	h.Set("Cache-Control", "private, max-age=3600")
	http.ServeContent(w, r, "", p.Player.DB.Now(), c)
	return nil
}

// types are media types of what packages hold, whatever the machine knows.
var types = map[string]string{
	".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript",
	".json": "application/json", ".xml": "application/xml", ".xsd": "application/xml", ".txt": "text/plain", ".vtt": "text/vtt", ".svg": "image/svg+xml",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".wav": "audio/wav", ".mp4": "video/mp4", ".m4v": "video/mp4",
	".webm": "video/webm", ".ogv": "video/ogg", ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf", ".pdf": "application/pdf",
	".wasm": "application/wasm",
}

// mediaType returns the type by the name of a file; what nobody knows is bytes.
func mediaType(name string) string {
	ext := strings.ToLower(path.Ext(name))
	if t := types[ext]; t != "" {
		return t
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}
