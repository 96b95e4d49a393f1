package riskweb

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// weightsView is a proposal of weights, and all that were made before.
type weightsView struct {
	Shown    *risk.Proposal // nil: there is none yet
	All      []risk.Proposal
	MayEdit  bool
	Lessons  int  // examinations that weights are learned from
	Stale    bool // the settings have changed since the shown one was made
	Reason   string
	Errors   []c.FieldError
	Names    map[int64]string // of officers
	Document map[int64]string // of the examples, by consignment
}

// shownProposals is how many proposals are listed.
const shownProposals = 50

func (p *Pages) weights(w http.ResponseWriter, r *http.Request) error {
	v, err := p.weightsView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, weightsPage(v))
}

// weightsView loads the proposal that the address names, or else the newest.
func (p *Pages) weightsView(r *http.Request) (weightsView, error) {
	ctx := r.Context()
	var v weightsView
	viewer, _ := identity.From(ctx)
	v.MayEdit = viewer.Can(identity.EditLists)
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return v, err
	}
	if v.All, err = p.Assessments.Proposals(ctx, scope.ID, shownProposals); err != nil {
		return v, err
	}
	if r.PathValue("id") != "" {
		id, err := pathID(r)
		if err != nil {
			return v, err
		}
		shown, err := p.Assessments.Proposal(ctx, scope.ID, id)
		if err != nil {
			return v, orNotFound(ctx, err, "risk.none.proposal")
		}
		v.Shown = &shown
	} else if len(v.All) > 0 {
		v.Shown = &v.All[0]
	}
	return v, p.aroundProposal(ctx, scope.ID, &v)
}

// aroundProposal loads what stands beside the shown proposal.
func (p *Pages) aroundProposal(ctx context.Context, scope cargo.ScopeID, v *weightsView) error {
	lessons, err := p.Assessments.Lessons(ctx, scope)
	if err != nil {
		return err
	}
	v.Lessons = len(risk.Examples(lessons))
	var officers []int64
	for _, x := range v.All {
		officers = append(officers, x.Officer, x.DecidedBy)
	}
	if v.Names, err = p.names(ctx, officers); err != nil || v.Shown == nil {
		return err
	}
	set, err := p.Assessments.Settings(ctx, scope)
	if err != nil {
		return err
	}
	v.Stale = v.Shown.State == risk.ProposalOpen && set.Version != v.Shown.Settings
	var ids []int64
	for _, part := range []risk.Chosen{v.Shown.Effect.Only, v.Shown.Effect.Other} {
		for _, x := range part.Examples {
			ids = append(ids, x.Consignment)
		}
	}
	current, err := p.Cargo.Current(ctx, scope, ids)
	v.Document = map[int64]string{}
	for id, cons := range current {
		v.Document[id] = cons.Document.Number
	}
	return err
}

func (p *Pages) estimate(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	made, err := p.Assessments.Propose(ctx, scope.ID, officerID(ctx))
	if err != nil {
		return err
	}
	err = p.Audit.Record(ctx, identity.Entry{Act: "weights.proposed", ObjectKind: "weights", ObjectID: idText(made.ID),
		Detail: map[string]any{"examples": made.Fit.Examples, "found": made.Fit.Found, "supported": made.Fit.Supported}})
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/weights")
}

func (p *Pages) adopt(w http.ResponseWriter, r *http.Request) error {
	return p.decide(w, r, "weights.adopted", func(ctx context.Context, scope cargo.ScopeID, id, officer int64, reason string) error {
		set, err := p.Assessments.Adopt(ctx, scope, id, officer, reason)
		if err == nil {
			web.AddFlash(w, r, web.Good, web.T(ctx, "risk.settings.saved", "Version", idText(int64(set.Version))))
		}
		return err
	})
}

func (p *Pages) decline(w http.ResponseWriter, r *http.Request) error {
	return p.decide(w, r, "weights.declined", func(ctx context.Context, scope cargo.ScopeID, id, officer int64, reason string) error {
		err := p.Assessments.Decline(ctx, scope, id, officer, reason)
		if err == nil {
			web.AddFlash(w, r, web.Info, web.T(ctx, "risk.weights.declined"))
		}
		return err
	})
}

// decide does what the form of a proposal asks for, and records it.
func (p *Pages) decide(w http.ResponseWriter, r *http.Request, act string, do func(ctx context.Context, scope cargo.ScopeID, id, officer int64, reason string) error) error {
	ctx := r.Context()
	v, err := p.weightsView(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	if v.Reason, v.Errors = typedReason(ctx, r.PostForm); len(v.Errors) > 0 {
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, weightsPage(v))
	}
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	err = do(ctx, scope.ID, v.Shown.ID, officerID(ctx), v.Reason)
	switch {
	case fault.Is(err, fault.Conflict):
		v.Errors = []c.FieldError{{Text: web.T(ctx, "risk.weights.conflict")}}
		return web.RenderStatus(w, r, http.StatusConflict, weightsPage(v))
	case err != nil:
		return err
	}
	err = p.Audit.Record(ctx, identity.Entry{Act: act, ObjectKind: "weights", ObjectID: idText(v.Shown.ID), Detail: map[string]any{"reason": v.Reason}})
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/weights")
}

// changes are the estimates that would change a weight, the greatest change first; rest
// are the others.
func (v weightsView) changes() (changed, rest []risk.Estimate) {
	for _, e := range v.Shown.Fit.Estimates {
		if e.Weight != e.Current && v.Shown.Fit.Supported {
			changed = append(changed, e)
		} else {
			rest = append(rest, e)
		}
	}
	slices.SortStableFunc(changed, func(a, b risk.Estimate) int {
		if (a.Indicator == "") != (b.Indicator == "") { // the base first: it is of another kind
			return cmp.Compare(a.Indicator, b.Indicator)
		}
		return cmp.Compare(math.Abs(float64(b.Weight-b.Current)), math.Abs(float64(a.Weight-a.Current)))
	})
	return changed, rest
}

// decidable reports whether the shown proposal waits for the viewer.
func (v weightsView) decidable() bool {
	return v.Shown != nil && v.Shown.State == risk.ProposalOpen && v.MayEdit && !v.Stale
}

// basis says what a proposal rests on.
func (v weightsView) basis(ctx context.Context) string {
	f := v.Shown.Fit
	return web.T(ctx, "risk.weights.basis", "At", web.DateTime(ctx, v.Shown.At), "Examples", web.Number(ctx, f.Examples),
		"Found", web.Number(ctx, f.Found), "Version", idText(int64(v.Shown.Settings)))
}

// proof says how the weights did on outcomes that they had not seen.
func (v weightsView) proof(ctx context.Context) string {
	x := v.Shown.Fit.Validation
	if x.Examples == 0 {
		return web.T(ctx, "risk.weights.untested")
	}
	of := func(share float64) string { return web.Decimal(ctx, 100*share, 1) }
	return web.T(ctx, "risk.weights.proof", "Examples", web.Number(ctx, x.Examples), "Before", of(x.Before), "After", of(x.After),
		"Low", web.Signed(ctx, 100*x.Gain.Low, 1), "High", web.Signed(ctx, 100*x.Gain.High, 1))
}

// effectSpan says of which traffic the effect was tried.
func (v weightsView) effectSpan(ctx context.Context) string {
	e := v.Shown.Effect
	return web.T(ctx, "risk.weights.effect.text", "Count", web.Number(ctx, e.Of), "From", dayText(ctx, risk.DayTime(e.From)), "To", dayText(ctx, risk.DayTime(e.To)))
}

// stateTone is the colour of what became of a proposal beside its word.
func stateTone(s risk.ProposalState) web.Tone {
	switch s {
	case risk.ProposalOpen:
		return web.Info
	case risk.ProposalAdopted:
		return web.Good
	}
	return web.Neutral
}

// estimateName names what is weighed.
func estimateName(ctx context.Context, indicator string) string {
	if indicator == "" {
		return web.T(ctx, "web.score.base")
	}
	return IndicatorTitle(ctx, indicator)
}

// weightScale is where the bars of weights end: a weight beyond is cut.
const weightScale = 5.0

// stretch is a part of a bar, from 0 to 160.
type stretch struct{ From, Width float64 }

// stretchOf places an interval of a weight on a bar from 0 to weightScale, whatever the
// weight's sign; what lies on the other side of 0 is cut.
func stretchOf(low, high float64) stretch {
	if low < 0 && high <= 0 || -low > high {
		low, high = -high, -low
	}
	low, high = min(max(low, 0), weightScale), min(max(high, 0), weightScale)
	return stretch{160 * low / weightScale, max(160*(high-low)/weightScale, 1)}
}

// point places one weight on a bar.
func point(w float64) float64 { return 160 * min(math.Abs(w), weightScale) / weightScale }
