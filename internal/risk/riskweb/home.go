package riskweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// homeView is the unit at a glance.
type homeView struct {
	Empty    bool // the unit has no traffic yet
	Today    time.Time
	From, To time.Time // the days that the figures are of
	Chart    c.ChartInfo
	Counts   risk.Counts
	Top      []line
	Fired    []fired
	Capacity risk.Capacity
	Problems int
	Imports  []ImportNote
	Intake   bool
	Work     templ.Component // the unit's work at a glance; may be nil
}

// fired is an indicator and how often it speaks.
type fired struct {
	ID    string
	Count int
	Share float64 // of the most frequent one
	Href  string
}

// The chart shows two weeks to either side of the day that matters; one day more before
// it puts a label under that day.
const chartDays = 14

// How far back and ahead the home page looks for traffic.
const (
	lookBack  = 3000
	lookAhead = 600
)

func (p *Pages) home(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	v := homeView{Today: p.today(ctx)}
	if err := p.homeTraffic(ctx, scope.ID, &v); err != nil {
		return err
	}
	if p.Intake != nil {
		v.Intake = true
		if v.Problems, err = p.Intake.OpenProblems(ctx, scope.ID); err != nil {
			return err
		}
		if v.Imports, err = p.Intake.LastImports(ctx, scope.ID, 5); err != nil {
			return err
		}
	}
	if p.Work != nil {
		if v.Work, err = p.Work.Summary(ctx, scope.ID); err != nil {
			return err
		}
	}
	return web.Render(w, r, homePage(v))
}

func (p *Pages) homeTraffic(ctx context.Context, scope cargo.ScopeID, v *homeView) error {
	board := p.Assessments.Board(scope)
	days, err := board.Days(ctx, risk.Filter{From: v.Today.AddDate(0, 0, -lookBack), To: v.Today.AddDate(0, 0, lookAhead)})
	if err != nil {
		return err
	}
	focus, ahead, any := focusOf(days, risk.Day(v.Today))
	if !any {
		v.Empty = true
		return nil
	}
	v.From, v.To = focus, focus.AddDate(0, 0, 6)
	if !ahead {
		v.From, v.To = focus.AddDate(0, 0, -6), focus
	}
	v.Chart = chartOf(ctx, days, focus, v.Today)
	f := risk.Filter{From: v.From, To: v.To}
	page, err := board.Page(ctx, f, 0, 0)
	if err != nil {
		return err
	}
	v.Counts = page.Counts
	f.Channels = []risk.Channel{risk.Examine}
	top, err := board.Page(ctx, f, 0, 10)
	if err != nil {
		return err
	}
	if v.Top, err = p.lines(ctx, scope, top.Rows); err != nil {
		return err
	}
	f.Channels = nil
	counts, err := board.IndicatorCounts(ctx, f)
	if err != nil {
		return err
	}
	v.Fired = v.mostFired(counts)
	set, err := p.Assessments.Settings(ctx, scope)
	v.Capacity = set.Capacity
	return err
}

// focusOf is the day that the home page is about: today while something arrives from
// today on, else the last day on which something arrived.
func focusOf(days []risk.DayCounts, today int) (focus time.Time, ahead, any bool) {
	last := 0
	for _, d := range days {
		if d.Channels != [3]int{} {
			any = true
			last = max(last, d.Day)
		}
	}
	if last >= today {
		return risk.DayTime(today), true, any
	}
	return risk.DayTime(last), false, any
}

func chartOf(ctx context.Context, days []risk.DayCounts, focus, today time.Time) c.ChartInfo {
	chart := c.ChartInfo{Title: web.T(ctx, "risk.home.chart"), Series: []c.Series{}}
	for _, ch := range risk.Channels {
		chart.Series = append(chart.Series, c.Series{Label: channelName(ctx, ch), Tone: channelTone(ch)})
	}
	first, last := risk.Day(focus)-chartDays-1, risk.Day(focus)+chartDays
	for _, d := range days {
		if d.Day < first || d.Day > last {
			continue
		}
		at := risk.DayTime(d.Day)
		label := strconv.Itoa(at.Day())
		if at.Equal(today) {
			label = web.T(ctx, "risk.home.today")
		}
		chart.Days = append(chart.Days, c.ChartDay{
			Label: label, Title: dayText(ctx, at), Href: dayQuery(at, at).href(),
			Values: []float64{float64(d.Channels[0]), float64(d.Channels[1]), float64(d.Channels[2])},
		})
	}
	return chart
}

// dayQuery asks for what arrives from one day to another.
func dayQuery(from, to time.Time) query {
	return query{Arrival: arrivesBetween, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)}
}

// asking is the query for the days of the figures, changed by change.
func (v homeView) asking(change func(*query)) string {
	q := dayQuery(v.From, v.To)
	change(&q)
	return q.href()
}

func (v homeView) mostFired(counts map[string]int) []fired {
	var out []fired
	for id, n := range counts {
		if n > 0 {
			out = append(out, fired{ID: id, Count: n, Href: v.asking(func(q *query) { q.Indicators = []string{id} })})
		}
	}
	slices.SortFunc(out, func(a, b fired) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID)) })
	out = out[:min(len(out), 10)]
	for i := range out {
		out[i].Share = float64(out[i].Count) / float64(out[0].Count)
	}
	return out
}

// span says the days of the figures.
func (v homeView) span(ctx context.Context) string {
	return web.T(ctx, "risk.arrival.span", "From", dayText(ctx, v.From), "To", dayText(ctx, v.To))
}

// lead says whether the figures are of what comes or of what came last.
func (v homeView) lead(ctx context.Context) string {
	if v.From.Equal(v.Today) {
		return web.T(ctx, "risk.home.ahead", "Span", v.span(ctx))
	}
	return web.T(ctx, "risk.home.past", "Span", v.span(ctx))
}
