package exerciseweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/web"
)

// cookie names the run that the officer has entered in this browser. It is no secret:
// it counts only for the run's owner.
const cookie = "exercise"

type enteredKey struct{}

// entered is the run whose traffic the request works in.
func entered(ctx context.Context) (exercise.Run, bool) {
	r, ok := ctx.Value(enteredKey{}).(exercise.Run)
	return r, ok
}

// Entered reports whether the request works in an exercise.
func Entered(ctx context.Context) bool {
	_, ok := entered(ctx)
	return ok
}

// In returns a context that works in the traffic of a run.
func In(ctx context.Context, r exercise.Run) context.Context {
	ctx = cargoweb.WithScope(ctx, cargo.Scope{ID: cargo.ScopeID(r.Scope), Kind: cargo.Exercise, Unit: r.Unit, Title: title(ctx, r.Task)})
	return context.WithValue(ctx, enteredKey{}, r)
}

// Middleware lets requests of an officer who has entered a run work in its traffic. It
// belongs behind what puts the live traffic into the context.
func (p *Pages) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		run, ok, err := p.enteredRun(r)
		switch {
		case err != nil:
			web.Fail(w, r, err)
			return
		case !ok:
			next.ServeHTTP(w, r)
			return
		}
		ctx := In(r.Context(), run)
		if !allowed(r) {
			web.Fail(w, r, fault.New(fault.Denied, "%s", web.T(ctx, "exercise.only")).WithHint("%s", web.T(ctx, "exercise.only.hint")))
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// enteredRun returns the run that the cookie names, when it is the viewer's own and there
// is traffic to work in.
func (p *Pages) enteredRun(r *http.Request) (exercise.Run, bool, error) {
	v, signedIn := identity.From(r.Context())
	c, err := r.Cookie(cookie)
	if err != nil || !signedIn || v.Officer.MustChange || strings.HasPrefix(r.URL.Path, "/static/") {
		return exercise.Run{}, false, nil
	}
	id, err := strconv.ParseInt(c.Value, 10, 64)
	if err != nil {
		return exercise.Run{}, false, nil
	}
	run, err := p.Exercises.Own(r.Context(), id)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Denied) {
		return run, false, nil
	}
	return run, err == nil && (run.State == exercise.Working || run.State == exercise.HandedIn), err
}

// writable are the first parts of paths at which something may be changed from within an
// exercise: nothing that the unit's traffic or settings consist of.
var writable = map[string]bool{
	"exercises": true, "courses": true, "learning": true, "packages": true, "certificates": true, "xapi": true,
	"sign-in": true, "sign-out": true, "account": true, "language": true, "theme": true, "unit": true,
}

// allowed reports whether a request may be answered within an exercise.
func allowed(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return writable[first] || first == "queue" && strings.HasPrefix(rest, "views")
}

func (p *Pages) enter(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	run, err := p.Exercises.Enter(r.Context(), id)
	if err != nil {
		return orNotFound(r.Context(), err)
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: idText(run.ID), Path: "/", HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteLaxMode})
	if run.State == exercise.HandedIn {
		return web.Redirect(w, r, runHref(run.ID)+"/debrief")
	}
	return web.Redirect(w, r, queueHref(run))
}

func (p *Pages) leave(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteLaxMode})
	to := "/exercises"
	if run, ok := entered(r.Context()); ok {
		to = runHref(run.ID)
	}
	return web.Redirect(w, r, to)
}

// queueHref is the queue of what arrives in the month of a run.
func queueHref(r exercise.Run) string {
	return "/queue?arrival=between&from=" + r.Month.Format(time.DateOnly) + "&to=" + r.Month.AddDate(0, 1, -1).Format(time.DateOnly)
}

// QueueHref is the queue that an exercise is about, where the request works in one; else
// the whole queue.
func QueueHref(ctx context.Context) string {
	if r, ok := entered(ctx); ok {
		return queueHref(r)
	}
	return "/queue"
}

// Band stands over every page of an officer who has entered a run; nil otherwise.
func (p *Pages) Band(ctx context.Context) templ.Component {
	run, ok := entered(ctx)
	if !ok {
		return nil
	}
	return band(run, p.Exercises.Now())
}
