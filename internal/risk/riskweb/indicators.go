package riskweb

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
)

// indicatorsView is everything that the unit looks for.
type indicatorsView struct {
	Settings risk.UnitSettings
	Counts   map[string]int
	Total    int
}

func (p *Pages) indicatorsView(ctx context.Context) (indicatorsView, error) {
	var v indicatorsView
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return v, err
	}
	if v.Settings, err = p.Assessments.Settings(ctx, scope.ID); err != nil {
		return v, err
	}
	board := p.Assessments.Board(scope.ID)
	if v.Counts, err = board.IndicatorCounts(ctx, risk.Filter{}); err != nil {
		return v, err
	}
	page, err := board.Page(ctx, risk.Filter{}, 0, 0)
	v.Total = page.Counts.Total
	return v, err
}

func (p *Pages) indicators(w http.ResponseWriter, r *http.Request) error {
	v, err := p.indicatorsView(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, indicatorsPage(v))
}

func (p *Pages) indicator(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, ok := indicatorByID[r.PathValue("id")]
	if !ok {
		return notFound(ctx, "risk.none.indicator")
	}
	v, err := p.indicatorsView(ctx)
	if err != nil {
		return err
	}
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	page, err := p.Assessments.Board(scope.ID).Page(ctx, risk.Filter{Indicators: []string{in.ID}}, 0, 10)
	if err != nil {
		return err
	}
	lines, err := p.lines(ctx, scope.ID, page.Rows)
	if err != nil {
		return err
	}
	worth, study, err := p.indicatorWorth(ctx, in.ID)
	if err != nil {
		return err
	}
	return web.Render(w, r, indicatorPage(v, in, lines, indicatorOutcomes(worth, study)))
}

// weight is what an indicator adds in this unit when it speaks plainly.
func (v indicatorsView) weight(in risk.Indicator) risk.LogOdds {
	if w, ok := v.Settings.Engine.Weights[in.ID]; ok {
		return w
	}
	return in.Weight
}

// share says how often an indicator has spoken.
func (v indicatorsView) share(ctx context.Context, id string) string {
	if v.Total == 0 {
		return ""
	}
	return web.Percent(ctx, float64(v.Counts[id])/float64(v.Total))
}

func ofGroup(g risk.Group) []risk.Indicator {
	return slices.DeleteFunc(risk.Indicators(), func(in risk.Indicator) bool { return in.Group != g })
}

func leftOut() []string { return slices.Sorted(maps.Keys(risk.LeftOut)) }
