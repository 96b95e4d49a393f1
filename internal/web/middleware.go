package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"tidewaiter/internal/fault"
)

// Policy is the Content-Security-Policy of every answer.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// ground wraps h in what every request passes. Compression is outermost, so that the
// recorder inside sees whether a handler has begun its answer, not when the compressor
// lets go of it.
func (s *Site) ground(h http.Handler) http.Handler {
	h = s.crossOrigin(h)
	h = s.visit(h)
	h = s.headers(h)
	h = s.accessLog(h)
	// Static files are compressed when they are bundled; event streams must not wait in
	// a buffer. gzhttp leaves answers alone that have a Content-Encoding already.
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(5),
		gzhttp.ExceptContentTypes([]string{"text/event-stream", "font/woff2", "image/png", "image/jpeg", "application/zip", "application/gzip"}))
	if err != nil {
		panic(fmt.Sprintf("web: compression: %v", err)) // a mistake in the line above
	}
	return compress(h)
}

// headers sets what a browser must enforce for us.
func (s *Site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		if s.options.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// visit notes who asks in which language, and where, for T, Page and Fail.
func (s *Site) visit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{
			id: w.Header().Get("X-Request-Id"), log: s.options.Logger, lang: languageFor(r), theme: themeFor(r),
			path: returnPath(r), flashes: flashesOf(r), frame: s.options.Frame, secure: s.options.Secure,
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
	})
}

// returnPath is the page to come back to after changing the language or theme. After a
// form that was shown again with errors, that is the form.
func returnPath(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return r.URL.Path
	}
	return r.URL.Path + "?" + r.URL.RawQuery
}

// crossOrigin refuses forms that another site submits, by the browser's own word
// (Sec-Fetch-Site, Origin); no tokens are needed.
func (s *Site) crossOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	for _, pattern := range s.options.Programs {
		protection.AddInsecureBypassPattern(pattern)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := protection.Check(r); err != nil {
			Fail(w, r, fault.Wrap(fault.Denied, err, "%s", T(r.Context(), "web.error.origin")))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// accessLog gives the request its id, writes one line when it is done, and turns a
// panic into an error page.
func (s *Site) accessLog(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, id := time.Now(), strings.ToLower(rand.Text()[:12])
		rec := &recorder{ResponseWriter: w}
		w.Header().Set("X-Request-Id", id)
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.options.Logger.Error("panic", slog.Any("panic", p), slog.String("reference", id), slog.String("stack", string(debug.Stack())))
				ctx := context.WithValue(r.Context(), visitKey{}, &visit{id: id, log: s.options.Logger, lang: languageFor(r), theme: themeFor(r), path: "/"})
				Fail(rec, r.WithContext(ctx), fmt.Errorf("panic: %v", p))
			}
			level := slog.LevelInfo
			if strings.HasPrefix(r.URL.Path, "/static/") || r.URL.Path == "/healthz" || r.URL.Path == "/metrics" {
				level = slog.LevelDebug
			}
			s.options.Logger.Log(r.Context(), level, "request", slog.String("id", id), slog.String("method", r.Method),
				slog.String("path", r.URL.Path), slog.Int("status", rec.code()), slog.Int64("bytes", rec.bytes), slog.Duration("took", time.Since(start)))
		}()
		next.ServeHTTP(rec, r)
	})
}

// recorder remembers whether an answer has begun, its status and its size.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

func (w *recorder) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// begun reports whether an answer has been begun on w.
func begun(w http.ResponseWriter) bool {
	for {
		if rec, ok := w.(*recorder); ok {
			return rec.status != 0
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return false
		}
		w = u.Unwrap()
	}
}
