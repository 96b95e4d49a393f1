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
	Path      string // of the page
	Query     query
	Before    casework.Tally // of the period before
	HasBefore bool
	Begin     time.Time                  // of the unit's results, where they do not reach over the period before
	Hauls     map[casework.Category]haul // nil: too many to sum up here
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
	v.Path, v.Query, v.Place = "/results", q, p.placeName
	if v.Tally, err = p.Cases.Results(ctx, scope, q.filter()); err != nil {
		return v, err
	}
	if err := p.addBefore(ctx, scope, &v); err != nil {
		return v, err
	}
	if v.withGoods() <= fewHauls {
		rows, err := p.rowsWithGoods(ctx, scope, q, v.Categories)
		if err != nil {
			return v, err
		}
		goods, err := p.goodsOf(ctx, scope, rows)
		if err != nil {
			return v, err
		}
		v.Hauls = hauls(rows, goods)
	}
	v.Map = p.mapOf(ctx, v.Tally)
	return v, nil
}

// addBefore adds the period before, where the unit's results reach over the whole of it.
func (p *Pages) addBefore(ctx context.Context, scope cargo.ScopeID, v *view) error {
	f, has := v.Query.before()
	if !has {
		return nil
	}
	all, err := p.Cases.Results(ctx, scope, casework.ResultsFilter{Step: casework.Weeks})
	if err != nil || len(all.Periods) == 0 {
		return err
	}
	if begin := inZone(all.Periods[0].Start, v.Query.today.Location()); f.From.Before(begin) {
		v.Begin = begin
		return nil
	}
	v.HasBefore = true
	v.Before, err = p.Cases.Results(ctx, scope, f)
	return err
}

// empty reports that nothing was examined and nothing released.
func (v view) empty() bool { return v.All.Examined == 0 && len(v.Waits) == 0 }

// withGoods counts the consignments in which goods were found, those with goods of
// several categories more than once.
func (v view) withGoods() (n int) {
	for _, c := range v.Categories {
		n += c.Cases
	}
	return n
}

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

// spanBefore says what the period is compared with, or why with nothing.
func (v view) spanBefore(ctx context.Context) string {
	if !v.Begin.IsZero() {
		return web.T(ctx, "result.span.partial", "Day", web.Date(ctx, v.Begin))
	}
	if f, has := v.Query.before(); has && v.HasBefore {
		span := web.T(ctx, "result.span", "From", web.Date(ctx, f.From), "To", web.Date(ctx, f.To.AddDate(0, 0, -1)))
		return web.T(ctx, "result.span.before", "Span", span)
	}
	return ""
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
