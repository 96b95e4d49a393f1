package playweb

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/learning/play"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// showView is a package with what the viewer did in it, and for those who teach what
// everybody did.
type showView struct {
	*play.Package
	Mine     *play.Registration // nil: not begun
	MayTeach bool
	Learners []learner
	Errors   []c.FieldError
}

// learner is somebody's registration.
type learner struct {
	*play.Registration
	Name string
	Done int
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	v, err := p.showView(r.Context(), pathID(r))
	if err != nil {
		return err
	}
	return web.Render(w, r, showPage(v))
}

func (p *Pages) showView(ctx context.Context, id int64) (v showView, err error) {
	viewer, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return v, err
	}
	if v.Package, err = p.Player.Get(ctx, id); err != nil {
		return v, err
	}
	if v.Mine, err = p.Player.Mine(ctx, id); err != nil {
		return v, err
	}
	if v.MayTeach = viewer.Can(identity.Teach); !v.MayTeach {
		return v, nil
	}
	all, err := p.Player.Registrations(ctx, id)
	if err != nil {
		return v, err
	}
	for _, one := range all {
		l := learner{Registration: one, Name: one.Account, Done: done(v.Package, one)}
		if one.Officer != 0 {
			officer, err := p.Officers.Get(ctx, one.Officer)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return v, err
			}
			l.Name = officer.Name
		}
		v.Learners = append(v.Learners, l)
	}
	return v, nil
}

// offered reports whether the viewer may launch a unit now.
func (v showView) offered(unit int) bool { return play.Offered(&v.Package.Package, v.Mine, unit) }

// progress returns what the viewer did in a unit; nil for nothing.
func (v showView) progress(unit int) *play.Progress {
	if v.Mine == nil {
		return nil
	}
	return v.Mine.Progress[unit]
}

// launchWord is what the button of a unit says.
func launchWord(ctx context.Context, g *play.Progress) string {
	switch {
	case g == nil:
		return web.T(ctx, "play.launch")
	case g.Suspended || !g.Done():
		return web.T(ctx, "play.resume")
	}
	return web.T(ctx, "play.again")
}

// standardName is how a standard is called, which is the same in every language.
func standardName(p *pack.Package) string {
	switch p.Standard {
	case pack.SCORM12:
		return "SCORM 1.2"
	case pack.CMI5:
		return "cmi5"
	}
	if p.Edition != "" && p.Edition != "CAM 1.3" {
		return "SCORM " + p.Edition
	}
	return "SCORM 2004"
}

// minutes says how long somebody was in a unit.
func minutes(ctx context.Context, g *play.Progress) string {
	return web.T(ctx, "play.minutes", "Count", int((g.Seconds+59)/60))
}

// reasons for which a unit of cmi5 is waived (cmi5 §9.5.5.2).
var reasons = []string{"Tested Out", "Equivalent AU", "Equivalent Outside Activity", "Administrative"}

func reasonOptions(ctx context.Context) []c.Option {
	return []c.Option{
		{Value: reasons[0], Label: web.T(ctx, "play.waive.tested")}, {Value: reasons[1], Label: web.T(ctx, "play.waive.unit")},
		{Value: reasons[2], Label: web.T(ctx, "play.waive.outside")}, {Value: reasons[3], Label: web.T(ctx, "play.waive.administrative")},
	}
}

func (v showView) unitOptions(ctx context.Context) (list []c.Option) {
	for i, u := range v.Units {
		list = append(list, c.Option{Value: strconv.Itoa(i), Label: u.Title.In(lang(ctx))})
	}
	return list
}

func (v showView) learnerOptions() (list []c.Option) {
	for _, l := range v.Learners {
		list = append(list, c.Option{Value: l.Key, Label: l.Name})
	}
	return list
}

// waive says that a learner need not take a unit.
func (p *Pages) waive(w http.ResponseWriter, r *http.Request) error {
	unit, err := strconv.Atoi(r.PostFormValue("unit"))
	reason := r.PostFormValue("reason")
	if err != nil || !slices.Contains(reasons, reason) {
		return fault.New(fault.Invalid, "choose a unit and a reason")
	}
	if err := p.Player.Waive(r.Context(), r.PostFormValue("registration"), unit, reason); err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(r.Context(), "play.waived"))
	return web.Redirect(w, r, packageHref(pathID(r)))
}

// playView is the page that plays a unit of SCORM.
type playView struct {
	*play.Run
	Origin         string // of the content
	Frame, Content string // addresses of the frame, and of the unit in it
	Previous, Next int    // units before and behind; -1 for none
}

// settings are what the frame's run time is told.
type settings struct {
	Standard  pack.Standard   `json:"standard"`
	Suspended json.RawMessage `json:"suspended"`
	Said      json.RawMessage `json:"said"`
	Href      string          `json:"href"`
	Asset     bool            `json:"asset"`
}

func (v playView) settings() (string, error) {
	b, err := json.Marshal(settings{Standard: v.Package.Standard, Suspended: v.Suspended, Said: v.Said, Href: v.Content, Asset: v.Unit.Asset})
	return string(b), err
}

func (p *Pages) play(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	viewer, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return err
	}
	run, err := p.Player.Play(ctx, r.PathValue("session"), viewer.Officer.Name)
	if err != nil {
		return err
	}
	if run.Package.ID != pathID(r) || run.Package.Standard == pack.CMI5 {
		return fault.New(fault.NotFound, "there is no such session")
	}
	if !run.Session.Ended.IsZero() {
		return web.Redirect(w, r, packageHref(run.Package.ID))
	}
	if run.Unit.Asset {
		if err := p.Player.Seen(ctx, run.Session.Key); err != nil {
			return err
		}
	}
	v := playView{Run: run, Content: run.Session.Launch.URL, Origin: p.ContentOrigin(r)}
	v.Frame = frameOf(v.Content)
	v.Previous, v.Next = neighbour(run, -1), neighbour(run, 1)
	w.Header().Set("Content-Security-Policy", web.Policy+"; frame-src "+v.Origin)
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, playPage(v))
}

func neighbour(run *play.Run, places int) int {
	return play.Neighbour(&run.Package.Package, run.Session.Unit, places)
}

// state keeps what a unit has said of itself.
func (p *Pages) state(w http.ResponseWriter, r *http.Request) error {
	var commit play.Commit
	if err := json.NewDecoder(r.Body).Decode(&commit); err != nil {
		return fault.Wrap(fault.Invalid, err, "the unit's data can not be read")
	}
	g, err := p.Player.Commit(r.Context(), r.PathValue("session"), commit)
	if err != nil {
		return err
	}
	return web.JSON(w, r, http.StatusOK, map[string]any{"done": g.Done()})
}

// leave ends a session: the player has saved before. It works without scripts, too.
func (p *Pages) leave(w http.ResponseWriter, r *http.Request) error {
	if err := p.Player.Abandon(r.Context(), r.PathValue("session")); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	return web.Redirect(w, r, packageHref(pathID(r)))
}
