package exerciseweb

import (
	"context"

	"github.com/a-h/templ"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// Over returns what riskweb shows of work: the live work on duty, and in an exercise what
// its learner has selected.
func (p *Pages) Over(live riskweb.Work) riskweb.Work { return over{p, live} }

type over struct {
	pages *Pages
	live  riskweb.Work
}

// Marks marks what is selected.
func (o over) Marks(ctx context.Context, scope cargo.ScopeID, ids []int64) (map[int64]riskweb.Mark, error) {
	run, ok := entered(ctx)
	if !ok {
		return o.live.Marks(ctx, scope, ids)
	}
	picks, err := o.pages.Exercises.Picks(ctx, run.ID)
	if err != nil {
		return nil, err
	}
	out := map[int64]riskweb.Mark{}
	for _, pick := range picks {
		out[pick.Consignment] = riskweb.Mark{Label: web.T(ctx, "exercise.selected"), Tone: web.Info, Href: runHref(run.ID) + "#selected"}
	}
	return out, nil
}

// Panel is the form by which a consignment is selected.
func (o over) Panel(ctx context.Context, cons *cargo.Consignment) (templ.Component, error) {
	run, ok := entered(ctx)
	if !ok {
		return o.live.Panel(ctx, cons)
	}
	return o.pages.panel(ctx, run, cons.ID, reasonForm{})
}

// Summary is the task at a glance.
func (o over) Summary(ctx context.Context, scope cargo.ScopeID) (templ.Component, error) {
	run, ok := entered(ctx)
	if !ok {
		return o.live.Summary(ctx, scope)
	}
	return summary(run), nil
}

// reasonForm is what was typed in the form of a reason, when it comes back.
type reasonForm struct {
	exercise.Reason
	Errors []c.FieldError
}

// panelView is a consignment as its learner sees it.
type panelView struct {
	Run         exercise.Run
	Consignment int64
	Picked      bool
	Pick        exercise.Pick
	Full        bool // no further one can be selected
	Form        reasonForm
}

func (p *Pages) panel(ctx context.Context, run exercise.Run, consignment int64, form reasonForm) (templ.Component, error) {
	picks, err := p.Exercises.Picks(ctx, run.ID)
	if err != nil {
		return nil, err
	}
	v := panelView{Run: run, Consignment: consignment, Full: len(picks) >= run.Task.Select, Form: form}
	for _, pick := range picks {
		if pick.Consignment == consignment {
			v.Picked, v.Pick = true, pick
		}
	}
	return panel(v), nil
}

// indicatorOptions are the reasons that the engine knows.
func indicatorOptions(ctx context.Context) []c.Option {
	out := []c.Option{{Label: web.T(ctx, "exercise.indicator.none")}}
	for _, in := range risk.Indicators() {
		if in.Weight > 0 {
			out = append(out, c.Option{Value: in.ID, Label: in.ID + " · " + riskweb.IndicatorTitle(ctx, in.ID)})
		}
	}
	return out
}

// reasonText says a reason in one line.
func reasonText(ctx context.Context, r exercise.Reason) string {
	s := ""
	add := func(text string) {
		if text != "" && s != "" {
			s += " · "
		}
		s += text
	}
	if r.Indicator != "" {
		add(riskweb.IndicatorTitle(ctx, r.Indicator))
	}
	if r.Field != "" {
		add(fieldName(ctx, r.Field))
	}
	add(r.Words)
	return s
}
