package identityweb

import (
	"context"
	"net/http"
	"strconv"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

func (p *Pages) listUnits(w http.ResponseWriter, r *http.Request) error {
	units, err := p.registry.Units.All(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, unitsPage(units))
}

// unitForm is a unit's form as it is shown.
type unitForm struct {
	Unit   identity.Unit
	Errors []c.FieldError
}

func (p *Pages) newUnit(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, unitPage(unitForm{Unit: identity.Unit{Language: string(web.LanguageOf(r.Context()))}}))
}

func (p *Pages) showUnit(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	u, err := p.registry.Units.Get(r.Context(), id)
	if err != nil {
		return err
	}
	return web.Render(w, r, unitPage(unitForm{Unit: u}))
}

// unitOf reads the form. A version that is no number is an old one.
func unitOf(r *http.Request) identity.Unit {
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	return identity.Unit{
		Code: r.PostFormValue("code"), Name: r.PostFormValue("name"), Country: r.PostFormValue("country"),
		Place: r.PostFormValue("place"), Timezone: r.PostFormValue("timezone"), Language: r.PostFormValue("language"),
		Version: version,
	}
}

func (p *Pages) addUnit(w http.ResponseWriter, r *http.Request) error {
	u := unitOf(r)
	_, err := p.registry.Units.Add(r.Context(), u)
	return p.unitSaved(w, r, u, err)
}

func (p *Pages) saveUnit(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	u := unitOf(r)
	u.ID = id
	_, err = p.registry.Units.Change(r.Context(), u)
	return p.unitSaved(w, r, u, err)
}

func (p *Pages) unitSaved(w http.ResponseWriter, r *http.Request, u identity.Unit, err error) error {
	ctx := r.Context()
	if errs := fieldErrors(ctx, err); len(errs) > 0 {
		return web.RenderStatus(w, r, fault.Status(err), unitPage(unitForm{u, errs}))
	}
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "identity.unit.saved", "Name", u.Name))
	return web.Redirect(w, r, "/units")
}

func unitTitle(ctx context.Context, u identity.Unit) string {
	if u.ID == 0 {
		return web.T(ctx, "identity.unit.add")
	}
	return web.T(ctx, "identity.unit.change")
}

func unitAction(u identity.Unit) string {
	if u.ID == 0 {
		return "/units"
	}
	return "/units/" + idText(u.ID)
}

// commonZones are offered while one types; any IANA name is taken.
var commonZones = []string{
	"Africa/Cairo", "Africa/Dakar", "Africa/Lagos", "Africa/Nairobi", "America/Guayaquil", "America/Lima", "America/Panama",
	"Asia/Almaty", "Asia/Ashgabat", "Asia/Baku", "Asia/Bishkek", "Asia/Dushanbe", "Asia/Karachi", "Asia/Kathmandu",
	"Asia/Manila", "Asia/Samarkand", "Asia/Tashkent", "Asia/Tbilisi", "Asia/Ulaanbaatar", "Europe/Chisinau", "Europe/Kyiv", "UTC",
}
