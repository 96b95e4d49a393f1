package identityweb

import (
	"net/http"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
)

// signInForm is the sign-in page as it is shown.
type signInForm struct {
	Username string
	Next     string
	Error    string
	Demo     []DemoAccount
}

func (p *Pages) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := localNext(r.FormValue("next"))
	if _, ok := identity.From(r.Context()); ok {
		return web.Redirect(w, r, next)
	}
	return web.Render(w, r, signInPage(signInForm{Next: next, Demo: p.options.Demo}))
}

func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form := signInForm{Username: r.PostFormValue("username"), Next: localNext(r.PostFormValue("next")), Demo: p.options.Demo}
	o, err := p.registry.Officers.SignIn(ctx, form.Username, r.PostFormValue("password"), p.options.Address(r))
	var v identity.Viewer
	if err == nil {
		v, err = p.registry.Officers.Viewer(ctx, o.ID, 0)
	}
	if err != nil {
		if fault.KindOf(err) == fault.Failure {
			return err
		}
		if form.Error = throttled(ctx, w, err); form.Error == "" {
			form.Error = web.Explain(ctx, err)
		}
		noStore(w)
		status := http.StatusUnprocessableEntity
		if fault.Is(err, fault.TooMany) {
			status = http.StatusTooManyRequests
		}
		return web.RenderStatus(w, r, status, signInPage(form))
	}
	if err := p.open(r, o); err != nil {
		return err
	}
	if len(v.Units) > 1 && !o.MustChange {
		return web.Redirect(w, r, "/unit?next="+queryEscape(form.Next))
	}
	return web.Redirect(w, r, form.Next)
}

// open begins a session of the officer under a new token, whatever token the browser
// came with: a token that somebody else has planted is worth nothing.
func (p *Pages) open(r *http.Request, o identity.Officer) error {
	ctx := r.Context()
	if err := p.sessions.Clear(ctx); err != nil {
		return err
	}
	if err := p.sessions.RenewToken(ctx); err != nil {
		return err
	}
	p.sessions.Put(ctx, identity.SessionOfficer, idText(o.ID))
	p.sessions.Put(ctx, identity.SessionAddress, p.options.Address(r))
	p.sessions.Put(ctx, identity.SessionAgent, clip(r.UserAgent(), 300))
	return nil
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.registry.Officers.SignedOut(ctx); err != nil {
		return err
	}
	if err := p.sessions.Destroy(ctx); err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "identity.signed-out"))
	return web.Redirect(w, r, "/sign-in")
}

func (p *Pages) chooseUnit(w http.ResponseWriter, r *http.Request) error {
	v, _ := identity.From(r.Context())
	return web.Render(w, r, unitChoice(v, localNext(r.FormValue("next"))))
}

func (p *Pages) switchUnit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, _ := identity.From(ctx)
	for _, u := range v.Units {
		if idText(u.ID) == r.PostFormValue("unit") {
			p.sessions.Put(ctx, identity.SessionUnit, idText(u.ID))
			return web.Redirect(w, r, localNext(r.PostFormValue("next")))
		}
	}
	return identity.ErrOtherUnit
}
