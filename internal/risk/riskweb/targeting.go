package riskweb

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// targetingView is the form of what a unit sets, with what was typed.
type targetingView struct {
	Settings risk.UnitSettings
	Typed    url.Values // nil: as the settings are
	Errors   []c.FieldError
	MayEdit  bool
	Stale    bool // somebody else has saved a version since the form was loaded
	History  []risk.SettingsNote
	Names    map[int64]string
}

func (p *Pages) targeting(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	v, err := p.targetingView(ctx, scope.ID)
	if err != nil {
		return err
	}
	return web.Render(w, r, targetingPage(v))
}

func (p *Pages) targetingView(ctx context.Context, scope cargo.ScopeID) (targetingView, error) {
	var v targetingView
	viewer, _ := identity.From(ctx)
	v.MayEdit = viewer.Can(identity.EditLists)
	var err error
	if v.Settings, err = p.Assessments.Settings(ctx, scope); err != nil {
		return v, err
	}
	if v.History, err = p.Assessments.SettingsHistory(ctx, scope, 30); err != nil {
		return v, err
	}
	var officers []int64
	for _, n := range v.History {
		officers = append(officers, n.Officer)
	}
	v.Names, err = p.names(ctx, officers)
	return v, err
}

// names returns the names of officers; those that are no more have none.
func (p *Pages) names(ctx context.Context, officers []int64) (map[int64]string, error) {
	out := map[int64]string{}
	for _, id := range officers {
		if _, known := out[id]; known || id == 0 || p.Officers == nil {
			continue
		}
		officer, err := p.Officers.Get(ctx, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		out[id] = officer.Name
	}
	return out, nil
}

func (p *Pages) saveTargeting(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	v, err := p.targetingView(ctx, scope.ID)
	if err != nil {
		return err
	}
	before := v.Settings
	v.Typed = r.PostForm
	form := settingsForm{ctx: ctx, typed: r.PostForm}
	next := form.settings(before)
	next.Officer = officerID(ctx)
	if v.Errors = form.errors; len(v.Errors) > 0 {
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, targetingPage(v))
	}
	saved, err := p.Assessments.SaveSettings(ctx, scope.ID, next)
	switch {
	case fault.Is(err, fault.Conflict):
		v.Stale = true
		return web.RenderStatus(w, r, http.StatusConflict, targetingPage(v))
	case fault.Is(err, fault.Invalid):
		v.Errors = []c.FieldError{{Text: web.Explain(ctx, err)}}
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, targetingPage(v))
	case err != nil:
		return err
	}
	err = p.Audit.Record(ctx, identity.Entry{Act: "targeting.changed", ObjectKind: "targeting", ObjectID: strconv.Itoa(saved.Version),
		Detail: settingsDetail(before, saved)})
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "risk.settings.saved", "Version", strconv.Itoa(saved.Version)))
	return web.Redirect(w, r, "/settings/targeting")
}

func officerID(ctx context.Context) int64 {
	viewer, _ := identity.From(ctx)
	return viewer.Officer.ID
}

// settingsForm reads the form and collects what is wrong with it.
type settingsForm struct {
	ctx    context.Context
	typed  url.Values
	errors []c.FieldError
}

func (f *settingsForm) fail(field, id string, args ...any) {
	f.errors = append(f.errors, c.FieldError{Field: field, Text: web.T(f.ctx, id, args...)})
}

// settings returns the settings as typed, on top of those in force: lists and base are
// not in this form.
func (f *settingsForm) settings(now risk.UnitSettings) risk.UnitSettings {
	s := now
	s.Version, _ = strconv.Atoi(f.typed.Get("version"))
	s.Capacity.Examine = f.count("examine", "risk.settings.examine")
	s.Capacity.Look = f.count("look", "risk.settings.look")
	s.Capacity.ExamineFloor = f.points("examine_floor", web.T(f.ctx, "risk.settings.examine-floor"), -20, 20)
	s.Capacity.LookFloor = f.points("look_floor", web.T(f.ctx, "risk.settings.look-floor"), -20, 20)
	if share, ok := decimal(f.typed.Get("share")); !ok || share < 0 || share > 100 {
		f.fail("share", "risk.settings.bad-share")
	} else {
		s.Draw.Share = share / 100
	}
	if f.typed.Get("new_seed") != "" {
		s.Draw.Seed = risk.NewSeed()
	}
	s.Engine.Weights = map[string]risk.LogOdds{}
	for _, in := range risk.Indicators() {
		name := weightField(in.ID)
		if _, sent := f.typed[name]; !sent {
			if w, set := now.Engine.Weights[in.ID]; set {
				s.Engine.Weights[in.ID] = w
			}
			continue
		}
		if w := f.points(name, IndicatorTitle(f.ctx, in.ID), -20, 20); w != in.Weight {
			s.Engine.Weights[in.ID] = w
		}
	}
	var errs []c.FieldError
	s.Reason, errs = typedReason(f.ctx, f.typed)
	f.errors = append(f.errors, errs...)
	return s
}

// typedReason reads the reason of a change, and says what is wrong with it.
func typedReason(ctx context.Context, typed url.Values) (reason string, errs []c.FieldError) {
	reason = strings.TrimSpace(typed.Get("reason"))
	switch {
	case reason == "":
		errs = []c.FieldError{{Field: "reason", Text: web.T(ctx, "risk.settings.no-reason")}}
	case len(reason) > 1000:
		errs = []c.FieldError{{Field: "reason", Text: web.T(ctx, "risk.settings.long-reason")}}
	}
	return reason, errs
}

func (f *settingsForm) count(name, label string) int {
	n, err := strconv.Atoi(strings.TrimSpace(f.typed.Get(name)))
	if err != nil || n < 0 || n > 100_000 {
		f.fail(name, "risk.settings.bad-count", "Label", web.T(f.ctx, label))
	}
	return n
}

// points reads a number of points, a multiple of risk.Step.
func (f *settingsForm) points(name, label string, least, most float64) risk.LogOdds {
	x, ok := decimal(f.typed.Get(name))
	if !ok || x < least || x > most || float64(risk.Round(x)) != x {
		f.fail(name, "risk.settings.bad-points", "Label", label)
	}
	return risk.LogOdds(x)
}

// decimal reads a number with a point or a comma, and with a true minus.
func decimal(s string) (float64, bool) {
	s = strings.NewReplacer(",", ".", "−", "-", "\u00a0", "", " ", "").Replace(strings.TrimSpace(s))
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && x == x
}

// weightField is the name of the field of an indicator's weight.
func weightField(indicator string) string { return "weight-" + indicator }

// value is what a field shows: what was typed, else what is set.
func (v targetingView) value(name, set string) string {
	if v.Typed != nil {
		return v.Typed.Get(name)
	}
	return set
}

func (v targetingView) weightValue(in risk.Indicator) string {
	w := in.Weight
	if own, set := v.Settings.Engine.Weights[in.ID]; set {
		w = own
	}
	return v.value(weightField(in.ID), pointsText(w))
}

// version is the one that the form was loaded with; after a conflict the newest, so that
// saving again is a decision.
func (v targetingView) version() string { return strconv.Itoa(v.Settings.Version) }

func pointsText(w risk.LogOdds) string { return strconv.FormatFloat(float64(w), 'f', -1, 64) }

func (v targetingView) wrong(field string) bool {
	for _, e := range v.Errors {
		if e.Field == field {
			return true
		}
	}
	return false
}

// settingsDetail is what a change of settings leaves on the trail.
func settingsDetail(was, is risk.UnitSettings) map[string]any {
	d := map[string]any{"reason": is.Reason}
	if was.Capacity != is.Capacity {
		d["capacity"] = fmt.Sprintf("%+v -> %+v", was.Capacity, is.Capacity)
	}
	if was.Draw != is.Draw {
		d["draw"] = fmt.Sprintf("%+v -> %+v", was.Draw, is.Draw)
	}
	if !maps.Equal(was.Engine.Weights, is.Engine.Weights) {
		d["weights"] = is.Engine.Weights
	}
	return d
}
