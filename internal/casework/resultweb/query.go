package resultweb

import (
	"context"
	"net/url"
	"slices"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// query is which results are asked for, as it stands in the address of the page.
type query struct {
	Period    string    // one of periods; "" for days of one's own
	From, To  time.Time // first and last day, midnights in the unit's zone; zero: without bound
	Step      casework.Step
	Channel   risk.Channel
	Selection casework.Selection
	Category  casework.Category
	Indicator string
	Loading   string
	Unloading string

	Errors []c.FieldError
	today  time.Time
}

// periods are the choices of one click, in the order in which they are offered.
var periods = []string{"30", "90", "365", "year", "all"}

const usualPeriod = "90"

// days returns the first and the last day of a period; zero times are without bound.
func days(period string, today time.Time) (from, to time.Time) {
	switch period {
	case "30":
		return today.AddDate(0, 0, -29), today
	case "365":
		return today.AddDate(-1, 0, 1), today
	case "year":
		return time.Date(today.Year(), 1, 1, 0, 0, 0, 0, today.Location()), today
	case "all":
		return time.Time{}, time.Time{}
	}
	return today.AddDate(0, 0, -89), today
}

// parseQuery reads the address. What cannot be read falls back to the usual, and a day
// that is none is told beside its field.
func parseQuery(ctx context.Context, v url.Values, now time.Time) query {
	y, m, d := now.In(web.Zone(ctx)).Date()
	q := query{
		today: time.Date(y, m, d, 0, 0, 0, 0, web.Zone(ctx)),
		Step:  oneOf(v.Get("step"), []casework.Step{casework.Weeks, casework.Months}), Channel: oneOf(v.Get("channel"), risk.Channels),
		Selection: oneOf(v.Get("selection"), casework.Selections), Category: oneOf(v.Get("category"), casework.Categories),
		Indicator: known(v.Get("indicator")), Loading: place(v.Get("loading")), Unloading: place(v.Get("unloading")),
	}
	if v.Has("from") || v.Has("to") {
		q.readDays(ctx, v)
	} else if q.Period = v.Get("period"); !slices.Contains(periods, q.Period) {
		q.Period = usualPeriod
	}
	if len(q.Errors) > 0 {
		q.Period = usualPeriod
	}
	if q.Period != "" {
		q.From, q.To = days(q.Period, q.today)
	}
	return q
}

// readDays reads days of one's own; those of a period are that period.
func (q *query) readDays(ctx context.Context, v url.Values) {
	q.From, q.To = q.readDay(ctx, "from", v.Get("from")), q.readDay(ctx, "to", v.Get("to"))
	if len(q.Errors) == 0 && !q.From.IsZero() && !q.To.IsZero() && q.To.Before(q.From) {
		q.Errors = append(q.Errors, c.FieldError{Field: "to", Text: web.T(ctx, "result.wrong.order")})
	}
	for _, period := range periods {
		if from, to := days(period, q.today); from.Equal(q.From) && to.Equal(q.To) {
			q.Period = period
			return
		}
	}
}

func (q *query) readDay(ctx context.Context, field, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(time.DateOnly, text, q.today.Location())
	if err != nil || t.Year() < 2000 || t.Year() > 2199 {
		q.Errors = append(q.Errors, c.FieldError{Field: field, Text: web.T(ctx, "result.wrong.day")})
		return time.Time{}
	}
	return t
}

func (q query) errorOf(field string) string {
	return c.FieldInfo{Name: field}.With(q.Errors).Error
}

// oneOf returns the text as one of the values, or none.
func oneOf[S ~string](text string, all []S) S {
	if slices.Contains(all, S(text)) {
		return S(text)
	}
	return ""
}

// place reads the code of a country or a place.
func place(text string) string {
	if len(text) != 2 && len(text) != 5 {
		return ""
	}
	for i := range len(text) {
		if b := text[i]; (b < 'A' || b > 'Z') && (i < 2 || b < '0' || b > '9') {
			return ""
		}
	}
	return text
}

// known returns the id of an indicator that there is.
func known(id string) string {
	for _, in := range risk.Indicators() {
		if in.ID == id {
			return id
		}
	}
	return ""
}

// filter is what is asked of casework.
func (q query) filter() casework.ResultsFilter {
	f := casework.ResultsFilter{
		From: q.From, Step: q.Step, Channel: q.Channel, Selection: q.Selection, Category: q.Category,
		Indicator: q.Indicator, Loading: q.Loading, Unloading: q.Unloading,
	}
	if !q.To.IsZero() {
		f.To = q.To.AddDate(0, 0, 1)
	}
	return f
}

// before is the period of the same length that ended when this one began, and false when
// this one has no beginning.
func (q query) before() (casework.ResultsFilter, bool) {
	f := q.filter()
	if f.From.IsZero() {
		return f, false
	}
	end := f.To
	if end.IsZero() {
		end = q.today.AddDate(0, 0, 1)
	}
	length := int(end.Sub(f.From).Round(24*time.Hour) / (24 * time.Hour)) // clocks may change on the way
	if length <= 0 {
		return f, false
	}
	f.From, f.To = f.From.AddDate(0, 0, -length), f.From
	return f, true
}

// values writes the query as the parameters of an address; the usual is left out.
func (q query) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	switch q.Period {
	case "":
		v.Set("from", dayField(q.From))
		v.Set("to", dayField(q.To))
	case usualPeriod:
	default:
		v.Set("period", q.Period)
	}
	set("step", string(q.Step))
	set("channel", string(q.Channel))
	set("selection", string(q.Selection))
	set("category", string(q.Category))
	set("indicator", q.Indicator)
	set("loading", q.Loading)
	set("unloading", q.Unloading)
	return v
}

// href is the address of a page with the query.
func (q query) href(path string) string {
	if v := q.values(); len(v) > 0 {
		return path + "?" + v.Encode()
	}
	return path
}

// with returns the query changed by fn.
func (q query) with(fn func(*query)) query {
	fn(&q)
	return q
}

// narrowed reports whether something but the period is asked for.
func (q query) narrowed() bool {
	return q.Channel != "" || q.Selection != "" || q.Category != "" || q.Indicator != "" || q.Loading != "" || q.Unloading != ""
}

// all returns the query with nothing but its period.
func (q query) all() query { return query{Period: q.Period, From: q.From, To: q.To, today: q.today} }

func dayField(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
