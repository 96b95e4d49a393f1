package identityweb

import (
	"net/http"
	"net/url"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// accountForm is one's own account as it is shown.
type accountForm struct {
	Viewer   identity.Viewer
	Name     string
	Language string
	Errors   []c.FieldError
	Sessions []identity.Session
}

func (p *Pages) showAccount(w http.ResponseWriter, r *http.Request) error {
	v, _ := identity.From(r.Context())
	return p.renderAccount(w, r, http.StatusOK, accountForm{Viewer: v, Name: v.Officer.Name, Language: v.Officer.Language})
}

func (p *Pages) renderAccount(w http.ResponseWriter, r *http.Request, status int, form accountForm) error {
	var err error
	if form.Sessions, err = p.registry.Sessions.OfViewer(r.Context()); err != nil {
		return err
	}
	return web.RenderStatus(w, r, status, accountPage(form))
}

func (p *Pages) saveAccount(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, _ := identity.From(ctx)
	form := accountForm{Viewer: v, Name: r.PostFormValue("name"), Language: r.PostFormValue("language")}
	err := p.registry.Officers.ChangeProfile(ctx, form.Name, form.Language)
	if form.Errors = fieldErrors(ctx, err); len(form.Errors) > 0 {
		return p.renderAccount(w, r, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	// The choice made here is newer than the one that this browser remembers.
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	web.AddFlash(w, r, web.Good, web.T(web.SetLanguage(ctx, web.Language(form.Language)), "identity.account.saved"))
	return web.Redirect(w, r, "/account")
}

func (p *Pages) showPassword(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, passwordPage(nil))
}

func (p *Pages) savePassword(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	fresh := r.PostFormValue("password")
	var errs []c.FieldError
	if fresh != r.PostFormValue("repeat") {
		errs = append(errs, c.FieldError{Field: "repeat", Text: web.T(ctx, "identity.problem.password-repeat")})
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, passwordPage(errs))
	}
	err := p.registry.Officers.ChangePassword(ctx, r.PostFormValue("current"), fresh)
	if text := throttled(ctx, w, err); text != "" {
		return web.RenderStatus(w, r, http.StatusTooManyRequests, passwordPage([]c.FieldError{{Field: "current", Text: text}}))
	}
	if errs = fieldErrors(ctx, err); len(errs) > 0 {
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, passwordPage(errs))
	}
	if err != nil {
		return err
	}
	if err := p.sessions.RenewToken(ctx); err != nil { // all sessions have ended; this one goes on
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "identity.password.changed"))
	return web.Redirect(w, r, "/account")
}

func (p *Pages) endSession(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := p.registry.Sessions.Revoke(r.Context(), id); err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(r.Context(), "identity.session.ended"))
	return web.Redirect(w, r, "/account")
}

func (p *Pages) signOutEverywhere(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.registry.Sessions.Revoke(ctx, 0); err != nil {
		return err
	}
	if err := p.sessions.Destroy(ctx); err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "identity.signed-out.everywhere"))
	return web.Redirect(w, r, "/sign-in")
}

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

func queryEscape(s string) string { return url.QueryEscape(s) }
