package identityweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
)

// Middleware loads the session and puts the Viewer, the unit's time zone and the
// officer's language into the context. It belongs on the whole site, by Site.Use.
func (p *Pages) Middleware(next http.Handler) http.Handler {
	inner := p.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := p.viewer(r)
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if sessionless(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// sessionless paths are the same for everybody and must not cost a look at the database.
func sessionless(path string) bool {
	return strings.HasPrefix(path, "/static/") || path == "/healthz" || path == "/metrics"
}

// viewer returns the request's context with who is asking. A session whose officer has
// left or was closed is destroyed.
func (p *Pages) viewer(r *http.Request) (context.Context, error) {
	ctx := r.Context()
	officer := p.number(ctx, identity.SessionOfficer)
	if officer == 0 {
		return ctx, nil
	}
	v, err := p.registry.Officers.Viewer(ctx, officer, p.number(ctx, identity.SessionUnit))
	if fault.Is(err, fault.Denied) || fault.Is(err, fault.NotFound) {
		return ctx, p.sessions.Destroy(ctx)
	}
	if err != nil {
		return ctx, err
	}
	v.Address = p.options.Address(r)
	if v.Session, err = p.registry.Sessions.IDOf(ctx, p.sessions.Token(ctx)); err != nil {
		return ctx, err
	}
	ctx = identity.With(ctx, v)
	ctx = web.SetOwner(ctx, idText(v.Officer.ID)+"-"+idText(v.Unit.ID))
	ctx = web.SetZone(ctx, zone(v.Unit.Timezone))
	if _, err := r.Cookie(languageCookie); err != nil {
		ctx = web.SetLanguage(ctx, web.Language(v.Officer.Language))
	}
	return ctx, nil
}

// languageCookie is where web keeps the language chosen in this browser; it comes before
// the officer's own.
const languageCookie = "lang"

// number returns a session's value that is a number, or 0.
func (p *Pages) number(ctx context.Context, key string) int64 {
	n, _ := strconv.ParseInt(p.sessions.GetString(ctx, key), 10, 64)
	return n
}

var zones sync.Map // name to *time.Location: reading one costs more than a query

func zone(name string) *time.Location {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location)
	}
	z := identity.Unit{Timezone: name}.Location()
	zones.Store(name, z)
	return z
}

// RequireViewer lets only a signed-in officer through; others are sent to sign in, and
// an officer with a one-time password to choose another.
func (p *Pages) RequireViewer(h web.Handler) web.Handler {
	return p.requireSession(func(w http.ResponseWriter, r *http.Request) error {
		if v, _ := identity.From(r.Context()); v.Officer.MustChange {
			if web.WantsJSON(r) {
				return fault.New(fault.Denied, "%s", web.T(r.Context(), "identity.password.must"))
			}
			return web.Redirect(w, r, "/account/password")
		}
		return h(w, r)
	})
}

// Require is RequireViewer for those who may do the action.
func (p *Pages) Require(a identity.Action, h web.Handler) web.Handler {
	return p.RequireViewer(func(w http.ResponseWriter, r *http.Request) error {
		if _, err := identity.May(r.Context(), a); err != nil {
			return err
		}
		return h(w, r)
	})
}

func (p *Pages) requireSession(h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, ok := identity.From(r.Context()); ok {
			return h(w, r)
		}
		if web.WantsJSON(r) {
			return identity.ErrNobody
		}
		next := "/"
		if r.Method == http.MethodGet && !web.IsHTMX(r) {
			next = r.URL.RequestURI()
		}
		return web.Redirect(w, r, signInAddress(next))
	}
}

func signInAddress(next string) string {
	if next = localNext(next); next == "/" {
		return "/sign-in"
	}
	return "/sign-in?next=" + url.QueryEscape(next)
}

// localNext returns the path when it is one of this site that a person can be sent to
// after signing in, else "/".
func localNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || len(next) > 2000 {
		return "/"
	}
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsFunc(next, unsafeInPath) {
		return "/"
	}
	if strings.HasPrefix(u.Path, "//") || u.Path == "/sign-in" || u.Path == "/sign-out" {
		return "/"
	}
	return next
}

// unsafeInPath: browsers read a backslash as a slash, and drop control characters.
func unsafeInPath(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }
