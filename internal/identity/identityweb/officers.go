package identityweb

import (
	"context"
	"net/http"
	"net/url"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// desk is whose officers a page is about: the viewer's unit, or the system.
type desk struct {
	Viewer identity.Viewer
	Unit   int64
}

// deskOf reads ?system=1, which only the system's administrator may say.
func deskOf(r *http.Request) desk {
	v, _ := identity.From(r.Context())
	if v.System && (r.FormValue("system") == "1" || v.Unit.ID == 0) {
		return desk{v, identity.SystemUnit}
	}
	return desk{v, v.Unit.ID}
}

func (d desk) system() bool { return d.Unit == identity.SystemUnit }

// at returns the path on this desk.
func (d desk) at(path string) string {
	if d.system() {
		return path + "?system=1"
	}
	return path
}

// roles are those that can be given on this desk.
func (d desk) roles() []identity.Role {
	if d.system() {
		return []identity.Role{identity.RoleAdministrator}
	}
	return d.Viewer.Grantable()
}

func (p *Pages) listOfficers(w http.ResponseWriter, r *http.Request) error {
	d := deskOf(r)
	members, err := p.registry.Officers.OfUnit(r.Context(), d.Unit)
	if err != nil {
		return err
	}
	return web.Render(w, r, officersPage(d, members))
}

// officerForm is the form for a new officer as it is shown.
type officerForm struct {
	Desk     desk
	Username string
	Name     string
	Language string
	Role     string
	Errors   []c.FieldError

	JoinUsername string
	JoinRole     string
	JoinErrors   []c.FieldError
}

func (p *Pages) newOfficer(w http.ResponseWriter, r *http.Request) error {
	d := deskOf(r)
	form := officerForm{Desk: d, Language: d.Viewer.Unit.Language, Role: string(d.roles()[0]), JoinRole: string(d.roles()[0])}
	if form.Language == "" {
		form.Language = string(web.LanguageOf(r.Context()))
	}
	return web.Render(w, r, newOfficerPage(form))
}

func (p *Pages) addOfficer(w http.ResponseWriter, r *http.Request) error {
	ctx, d := r.Context(), deskOf(r)
	form := officerForm{
		Desk: d, Username: r.PostFormValue("username"), Name: r.PostFormValue("name"),
		Language: r.PostFormValue("language"), Role: r.PostFormValue("role"), JoinRole: string(d.roles()[0]),
	}
	o, oneTime, err := p.registry.Officers.Add(ctx, d.Unit, identity.NewOfficer{
		Username: form.Username, Name: form.Name, Language: form.Language, Role: identity.Role(form.Role),
	})
	if form.Errors = fieldErrors(ctx, err); len(form.Errors) > 0 {
		return web.RenderStatus(w, r, fault.Status(err), newOfficerPage(form))
	}
	if err != nil {
		return err
	}
	noStore(w)
	return web.Render(w, r, oneTimePage(d, o, oneTime))
}

// joinOfficer makes an officer of another unit a member here, too.
func (p *Pages) joinOfficer(w http.ResponseWriter, r *http.Request) error {
	ctx, d := r.Context(), deskOf(r)
	form := officerForm{
		Desk: d, Language: string(web.LanguageOf(ctx)), Role: string(d.roles()[0]),
		JoinUsername: r.PostFormValue("join-username"), JoinRole: r.PostFormValue("join-role"),
	}
	o, err := p.registry.Officers.ByUsername(ctx, form.JoinUsername)
	if err == nil {
		err = p.registry.Officers.Join(ctx, identity.Membership{Officer: o.ID, Unit: d.Unit, Role: identity.Role(form.JoinRole)})
	}
	switch fault.KindOf(err) {
	case fault.NotFound:
		form.JoinErrors = []c.FieldError{{Field: "join-username", Text: web.T(ctx, "identity.join.unknown")}}
	case fault.Conflict:
		form.JoinErrors = []c.FieldError{{Field: "join-username", Text: web.T(ctx, "identity.join.twice")}}
	case fault.Invalid:
		form.JoinErrors = []c.FieldError{{Field: "join-role", Text: web.T(ctx, "identity.problem.role-unknown")}}
	default:
		if err != nil {
			return err
		}
		web.AddFlash(w, r, web.Good, web.T(ctx, "identity.join.done", "Name", o.Name))
		return web.Redirect(w, r, d.at("/officers"))
	}
	return web.RenderStatus(w, r, fault.Status(err), newOfficerPage(form))
}

// member returns the officer of the desk that the address names.
func (p *Pages) member(r *http.Request, d desk) (identity.Member, error) {
	id, err := pathID(r)
	if err != nil {
		return identity.Member{}, err
	}
	members, err := p.registry.Officers.OfUnit(r.Context(), d.Unit)
	for _, m := range members {
		if m.ID == id {
			return m, nil
		}
	}
	if err == nil {
		err = identity.ErrNotMember
	}
	return identity.Member{}, err
}

func (p *Pages) showOfficer(w http.ResponseWriter, r *http.Request) error {
	d := deskOf(r)
	m, err := p.member(r, d)
	if err != nil {
		return err
	}
	return web.Render(w, r, officerPage(d, m))
}

// change runs what a button on an officer's page does, and comes back to the page.
func (p *Pages) change(w http.ResponseWriter, r *http.Request, back, said string, do func(context.Context, desk, identity.Member) error) error {
	ctx, d := r.Context(), deskOf(r)
	m, err := p.member(r, d)
	if err != nil {
		return err
	}
	if err := do(ctx, d, m); err != nil {
		return err
	}
	if back == "" {
		back = "/officers/" + url.PathEscape(idText(m.ID))
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, said, "Name", m.Name))
	return web.Redirect(w, r, d.at(back))
}

func (p *Pages) saveRole(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "", "identity.officer.role-saved", func(ctx context.Context, d desk, m identity.Member) error {
		return p.registry.Officers.SetRole(ctx, identity.Membership{Officer: m.ID, Unit: d.Unit, Role: identity.Role(r.PostFormValue("role"))})
	})
}

func (p *Pages) closeOfficer(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "", "identity.officer.closed", func(ctx context.Context, _ desk, m identity.Member) error {
		return p.registry.Officers.SetActive(ctx, m.ID, false)
	})
}

func (p *Pages) openOfficer(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "", "identity.officer.opened", func(ctx context.Context, _ desk, m identity.Member) error {
		return p.registry.Officers.SetActive(ctx, m.ID, true)
	})
}

func (p *Pages) removeOfficer(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "/officers", "identity.officer.left", func(ctx context.Context, d desk, m identity.Member) error {
		return p.registry.Officers.Leave(ctx, m.ID, d.Unit)
	})
}

func (p *Pages) resetOfficer(w http.ResponseWriter, r *http.Request) error {
	d := deskOf(r)
	m, err := p.member(r, d)
	if err != nil {
		return err
	}
	oneTime, err := p.registry.Officers.ResetPassword(r.Context(), m.ID)
	if err != nil {
		return err
	}
	noStore(w)
	return web.Render(w, r, oneTimePage(d, m.Officer, oneTime))
}
