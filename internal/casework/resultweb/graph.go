package resultweb

import (
	"context"
	"math"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/web"
)

// Size of a chart in its own units, as of the charts in web/components.
const (
	graphWidth  = 720.0
	graphHeight = 180.0
	graphLeft   = 44.0
	graphBottom = 22.0
	graphTop    = 8.0
)

// graph places shares over weeks or months.
type graph struct {
	top   float64 // share at the upper line
	step  float64 // units between two periods
	every int     // how many periods share one label
}

func (v view) rateGraph() graph {
	g := graph{top: scale(rates(v.Periods, func(r casework.PeriodResult) casework.Rate { return r.Rate })...)}
	g.step = (graphWidth - graphLeft) / math.Max(1, float64(len(v.Periods)))
	g.every = max(1, int(math.Ceil(48/g.step)))
	return g
}

func (g graph) at(share float64) float64 {
	return graphHeight - graphBottom - min(1, share/g.top)*(graphHeight-graphBottom-graphTop)
}

func (g graph) y(share float64) string    { return svg(g.at(share)) }
func (g graph) text(share float64) string { return svg(g.at(share) + 4) }
func (g graph) x(i int) string            { return svg(graphLeft + g.step*(float64(i)+0.5)) }

// says tells a period in a sentence.
func (v view) says(ctx context.Context, p casework.PeriodResult) string {
	return says(ctx, startText(ctx, v.Step, p.Start), p.Rate)
}

// was says what a figure was in the period before.
func (v view) was(ctx context.Context, figure string) string {
	if !v.HasBefore {
		return ""
	}
	return web.T(ctx, "result.before", "Was", figure)
}

// liftLead says what the table of selections is held against, or why it is not.
func (v view) liftLead(ctx context.Context) string {
	switch random := v.random(); {
	case random.Examined == 0:
		return web.T(ctx, "result.draw.none")
	case few(random):
		return web.T(ctx, "result.draw.few", "Count", random.Examined)
	default:
		return web.T(ctx, "result.draw", "Count", random.Examined)
	}
}

// periodTabs are the periods of one click.
func periodTabs(ctx context.Context, q query, path string) []web.Tab {
	tabs := make([]web.Tab, len(periods))
	for i, period := range periods {
		other := q.with(func(q *query) { q.Period, q.Step = period, "" })
		tabs[i] = web.Tab{Label: web.T(ctx, "result.period."+period), Href: other.href(path), Current: q.Period == period}
	}
	return tabs
}
