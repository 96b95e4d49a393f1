package resultweb

import (
	"context"
	"net/http"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
)

// view is everything that the page of results shows.
type view struct {
	casework.Tally
	Query     query
	Before    casework.Tally // of the period before
	HasBefore bool
	Hauls     map[casework.Category]haul
	Map       outcomeMap
	Place     func(code string) string // name of a place
}

// results answers with what the unit's work came to.
func (p *Pages) results(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, scope, err := enter(ctx)
	if err != nil {
		return err
	}
	v, err := p.view(ctx, scope, parseQuery(ctx, r.URL.Query(), p.Cases.Now()))
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(v.Query.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.RenderStatus(w, r, status, resultsPage(v))
}

func (p *Pages) view(ctx context.Context, scope cargo.ScopeID, q query) (v view, err error) {
	v.Query, v.Place = q, p.placeName
	if v.Tally, err = p.Cases.Results(ctx, scope, q.filter()); err != nil {
		return v, err
	}
	if f, has := q.before(); has {
		if v.Before, err = p.Cases.Results(ctx, scope, f); err != nil {
			return v, err
		}
		v.HasBefore = v.Before.All.Examined > 0 || len(v.Before.Waits) > 0
	}
	if v.Hauls, err = p.hauls(ctx, scope, q, v.Categories); err != nil {
		return v, err
	}
	v.Map = p.mapOf(ctx, v.Tally)
	return v, nil
}

// empty reports that nothing was examined and nothing released.
func (v view) empty() bool { return v.All.Examined == 0 && len(v.Waits) == 0 }

// random is the rate of the random draw: what examining without any choice finds.
func (v view) random() casework.Rate { return selected(v.Tally, casework.AtRandom) }

func selected(t casework.Tally, s casework.Selection) casework.Rate {
	for _, r := range t.Selections {
		if r.Selection == s {
			return r.Rate
		}
	}
	return casework.Rate{High: 1}
}

// waited returns how long goods of a channel waited in the period before, or false.
func (v view) waited(ch risk.Channel) (casework.WaitResult, bool) {
	for _, w := range v.Before.Waits {
		if w.Channel == ch {
			return w, true
		}
	}
	return casework.WaitResult{}, false
}

// rates collects the rates of a table, for the scale of its bars.
func rates[R any](rows []R, of func(R) casework.Rate) []casework.Rate {
	out := make([]casework.Rate, len(rows))
	for i, r := range rows {
		out[i] = of(r)
	}
	return out
}

// span says the period in words.
func (v view) span(ctx context.Context) string {
	q := v.Query
	switch {
	case q.From.IsZero() && q.To.IsZero():
		return web.T(ctx, "result.span.all")
	case q.From.IsZero():
		return web.T(ctx, "result.span.to", "To", web.Date(ctx, q.To))
	case q.To.IsZero():
		return web.T(ctx, "result.span.from", "From", web.Date(ctx, q.From))
	}
	return web.T(ctx, "result.span", "From", web.Date(ctx, q.From), "To", web.Date(ctx, q.To))
}

// spanBefore says the period before in words.
func (v view) spanBefore(ctx context.Context) string {
	f, has := v.Query.before()
	if !has {
		return ""
	}
	return web.T(ctx, "result.span", "From", web.Date(ctx, f.From), "To", web.Date(ctx, f.To.AddDate(0, 0, -1)))
}

// startText writes the first day of a week or month. Periods are counted in days without
// a zone.
func startText(ctx context.Context, step casework.Step, start time.Time) string {
	ctx = web.SetZone(ctx, time.UTC)
	if step == casework.Months {
		return web.T(ctx, "result.month", "Month", monthName(ctx, start), "Year", start.Format("2006"))
	}
	return web.T(ctx, "result.week", "Day", web.Date(ctx, start))
}
