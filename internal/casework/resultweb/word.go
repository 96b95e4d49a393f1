package resultweb

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// hundred writes a share as so many of a hundred.
func hundred(ctx context.Context, share float64) string { return web.Decimal(ctx, 100*share, 1) }

// interval writes the ends of an interval of a share.
func interval(ctx context.Context, r casework.Rate) string {
	return web.Decimal(ctx, 100*r.Low, 0) + "–" + web.Decimal(ctx, 100*r.High, 0)
}

// timesText writes a lift with its interval.
func timesText(ctx context.Context, l lift) string {
	switch {
	case math.IsNaN(l.Times), math.IsInf(l.Times, 0) && l.Low == 0:
		return web.Missing
	case math.IsInf(l.Times, 0), math.IsInf(l.High, 0):
		return web.T(ctx, "result.lift.least", "Low", web.Decimal(ctx, l.Low, 1))
	}
	return "× " + web.Decimal(ctx, l.Times, 1)
}

// timesSpan writes the interval of a lift, where it has two ends.
func timesSpan(ctx context.Context, l lift) string {
	if math.IsNaN(l.Times) || math.IsInf(l.Times, 0) || math.IsInf(l.High, 0) {
		return ""
	}
	return web.Decimal(ctx, l.Low, 1) + "–" + web.Decimal(ctx, l.High, 1)
}

func verdictText(ctx context.Context, v verdict) string {
	return web.T(ctx, "result.verdict."+string(v))
}

func verdictTone(v verdict) web.Tone {
	switch v {
	case higher:
		return web.Good
	case lower:
		return web.Warning
	}
	return web.Neutral
}

func selectionName(ctx context.Context, s casework.Selection) string {
	return web.T(ctx, "result.selection."+string(s))
}

func categoryName(ctx context.Context, k casework.Category) string {
	return web.T(ctx, "case.category."+string(k))
}

// channelName says the channel; goods that nobody assessed have none.
func channelName(ctx context.Context, ch risk.Channel) string {
	if ch == "" {
		return ""
	}
	return web.T(ctx, "risk.channel."+string(ch))
}

// dollars writes a value in whole US dollars.
func dollars(ctx context.Context, usd float64) string {
	return web.Number(ctx, math.Round(usd))
}

// quantities writes what was found in each unit, in the order of the units.
func (h haul) quantities(ctx context.Context) []string {
	var out []string
	for _, u := range casework.Units {
		if n := h.Quantities[u]; n > 0 {
			out = append(out, web.T(ctx, "case.quantity."+string(u), "Count", int64(n), "Number", web.Number(ctx, math.Round(n*1000)/1000)))
		}
	}
	return out
}

func hours(ctx context.Context, h float64) string { return web.Decimal(ctx, h, 1) }

// monthName names a month by itself.
func monthName(ctx context.Context, t time.Time) string {
	return strings.Fields(web.T(ctx, "result.months"))[t.Month()-1]
}

// shortStart labels a bar.
func shortStart(ctx context.Context, step casework.Step, start time.Time) string {
	if step == casework.Months {
		return monthName(ctx, start)
	}
	return start.Format("02.01")
}

// trend is the examinations of each week or month, parted by what they came to.
func (v view) trend(ctx context.Context) c.ChartInfo {
	chart := c.ChartInfo{Title: web.T(ctx, "result.trend"), Series: []c.Series{
		{Label: web.T(ctx, "result.found"), Tone: web.Bad}, {Label: web.T(ctx, "result.nothing"), Tone: web.Neutral},
	}}
	for _, p := range v.Periods {
		chart.Days = append(chart.Days, c.ChartDay{
			Label: shortStart(ctx, v.Step, p.Start), Title: startText(ctx, v.Step, p.Start),
			Values: []float64{float64(p.Found), float64(p.Examined - p.Found)}, Href: v.Query.period(v.Step, p.Start).href("/results"),
		})
	}
	return chart
}

// period returns the query for one week or month.
func (q query) period(step casework.Step, start time.Time) query {
	q.Period, q.Step = "", ""
	q.From = time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, q.today.Location())
	if q.To = q.From.AddDate(0, 0, 6); step == casework.Months {
		q.To = q.From.AddDate(0, 1, -1)
	}
	return q
}

// options offer the values of a list after a choice for all of them.
func options[S ~string](ctx context.Context, values []S, name func(context.Context, S) string) []c.Option {
	out := []c.Option{{Label: web.T(ctx, "result.any")}}
	for _, v := range values {
		out = append(out, c.Option{Value: string(v), Label: name(ctx, v)})
	}
	return out
}

// indicatorOptions offer the indicators that fired in what is shown, and the chosen one.
func (v view) indicatorOptions(ctx context.Context) []c.Option {
	var ids []string
	for _, in := range v.Indicators {
		ids = append(ids, in.Indicator)
	}
	if q := v.Query.Indicator; q != "" && !slices.Contains(ids, q) {
		ids = append(ids, q)
	}
	slices.Sort(ids)
	return options(ctx, ids, func(ctx context.Context, id string) string { return id + " " + riskweb.IndicatorTitle(ctx, id) })
}

// countryOptions offer the countries at one end of the corridors, and the chosen place.
func (v view) countryOptions(ctx context.Context, chosen string, end func(casework.CorridorResult) string) []c.Option {
	codes := []string{}
	for _, r := range v.Corridors {
		if code := end(r); code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	if chosen != "" && !slices.Contains(codes, chosen) {
		codes = append(codes, chosen)
	}
	out := options(ctx, codes, func(ctx context.Context, code string) string {
		if len(code) == 2 {
			return countryName(ctx, code)
		}
		return v.Place(code)
	})
	slices.SortStableFunc(out[1:], func(a, b c.Option) int { return strings.Compare(a.Label, b.Label) })
	return out
}
