package web

import (
	"embed"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// dist is what the bundler (internal/web/bundle) made: files with a hash in their name,
// each also as .br and .gz where that helps, manifest.json and icons.json. It is empty
// in a checkout that has not been bundled; pages then work without styles and scripts.
//
//go:embed all:static/dist
var dist embed.FS

// assets is the bundle, opened once.
type assets struct {
	files    fs.FS
	manifest map[string]string // logical name, such as app.css, to the hashed one
	icons    map[string]string // icon name to the inside of its <svg>
}

var bundled = sync.OnceValue(func() *assets {
	files, err := fs.Sub(dist, "static/dist")
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return openAssets(files)
})

func openAssets(files fs.FS) *assets {
	a := &assets{files: files, manifest: map[string]string{}, icons: map[string]string{}}
	for name, into := range map[string]any{"manifest.json": &a.manifest, "icons.json": &a.icons} {
		if raw, err := fs.ReadFile(files, name); err == nil {
			_ = json.Unmarshal(raw, into) // our own bundler wrote it; an unreadable one counts as not built
		}
	}
	return a
}

// Bundled reports whether the styles and scripts are built into the program.
func Bundled() bool { return bundled().manifest["app.css"] != "" }

// Asset returns the address of a bundled file by its logical name, such as "app.css"
// or "route-map.js"; empty when it is not built.
func Asset(name string) string {
	if hashed := bundled().manifest[name]; hashed != "" {
		return "/static/" + hashed
	}
	return ""
}

// Static serves the bundle under /static/. A file's name changes with its content, so a
// browser may keep it for ever.
func Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { bundled().ServeHTTP(w, r) })
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/static/")
	info, err := fs.Stat(a.files, name)
	if err != nil || info.IsDir() || !a.published(name) {
		Fail(w, r, statusError{http.StatusNotFound, "web.error.notfound"})
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", contentType(name))
	h.Set("Vary", "Accept-Encoding")
	body, encoding := a.variant(name, r.Header.Get("Accept-Encoding"))
	if body == nil {
		Fail(w, r, statusError{http.StatusNotFound, "web.error.notfound"})
		return
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the person may have left
	}
}

// published reports whether a file was made to be asked for: one that the manifest names.
func (a *assets) published(name string) bool {
	for _, hashed := range a.manifest {
		if hashed == name {
			return true
		}
	}
	return false
}

// variant returns the smallest form of a file that the browser accepts.
func (a *assets) variant(name, accept string) (body []byte, encoding string) {
	for _, v := range []struct{ coding, ext string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}} {
		if v.coding != "" && !accepts(accept, v.coding) {
			continue
		}
		if raw, err := fs.ReadFile(a.files, name+v.ext); err == nil {
			return raw, v.coding
		}
	}
	return nil, ""
}

// accepts reports whether an Accept-Encoding names the coding with a weight above zero
// (RFC 9110 §12.5.3).
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q, weighed := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !weighed || err != nil || weight > 0
	}
	return false
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".json", ".map":
		return "application/json"
	default:
		if t := mime.TypeByExtension(path.Ext(name)); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}
