package riskweb

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// worthView is what outcomes say about what the unit looks for.
type worthView struct {
	risk.Study
	From, To time.Time
	Span     int // months
	Sort     string
	Desc     bool
	Quiet    []string // indicators that never fired in the time
	Scale    float64  // the share at the right end of all bars
}

// spans are the lengths of time that can be asked for, in months.
var spans = []int{3, 6, 12, 24}

const usualSpan = 12

// mostEntries is how many list entries are shown, those that were tested most.
const mostEntries = 60

func (p *Pages) worth(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	v := worthView{Span: usualSpan, Sort: r.FormValue("sort"), Desc: r.FormValue("order") != "up"}
	if n, err := strconv.Atoi(r.FormValue("months")); err == nil && slices.Contains(spans, n) {
		v.Span = n
	}
	if v.Sort == "" {
		v.Sort = "share"
	}
	v.From, v.To = lastMonths(p.today(ctx), v.Span)
	if v.Study, err = p.Assessments.Study(ctx, scope.ID, v.From, v.To); err != nil {
		return err
	}
	v.arrange()
	return web.Render(w, r, worthPage(v))
}

// lastMonths are the days of this month so far and of the months before it, so many in
// all.
func lastMonths(today time.Time, n int) (from, to time.Time) {
	return time.Date(today.Year(), today.Month()-time.Month(n-1), 1, 0, 0, 0, 0, time.UTC), today
}

// arrange parts what never fired from the rest, and sorts.
func (v *worthView) arrange() {
	v.Indicators = slices.DeleteFunc(v.Indicators, func(w risk.Worth) bool {
		if w.Fired == 0 && w.Right.N == 0 {
			v.Quiet = append(v.Quiet, w.ID)
			return true
		}
		return false
	})
	slices.SortFunc(v.Entries, func(a, b risk.Worth) int {
		return cmp.Or(cmp.Compare(b.Right.N, a.Right.N), cmp.Compare(a.ID, b.ID))
	})
	v.Entries = v.Entries[:min(len(v.Entries), mostEntries)]
	for _, all := range [][]risk.Worth{v.Indicators, v.Entries} {
		slices.SortStableFunc(all, v.before)
		for _, w := range all {
			if w.Right.N >= 5 {
				v.Scale = max(v.Scale, w.Right.Interval().High)
			}
		}
	}
	v.Scale = min(max(v.Scale, v.Random.Interval().High, 0.1), 1)
}

func (v *worthView) before(a, b risk.Worth) int {
	key := map[string]func(risk.Worth) float64{
		"fired":    func(w risk.Worth) float64 { return float64(w.Fired) },
		"examined": func(w risk.Worth) float64 { return float64(w.Right.N) },
		"right":    func(w risk.Worth) float64 { return float64(w.Right.K) },
		"share":    func(w risk.Worth) float64 { return w.Right.Interval().Low },
	}[v.Sort]
	out := 0
	if key != nil {
		out = cmp.Compare(key(a), key(b))
	}
	if v.Desc {
		out = -out
	}
	return cmp.Or(out, cmp.Compare(b.Right.N, a.Right.N), cmp.Compare(a.ID, b.ID))
}

// sorted is the address of the page sorted otherwise.
func (v worthView) sorted(key string, desc bool) string {
	q := url.Values{"sort": {key}, "months": {strconv.Itoa(v.Span)}}
	if !desc {
		q.Set("order", "up")
	}
	return "/results/indicators?" + q.Encode()
}

func spanOptions(ctx context.Context) []c.Option {
	var out []c.Option
	for _, n := range spans {
		out = append(out, c.Option{Value: strconv.Itoa(n), Label: web.T(ctx, "risk.worth.months", "Count", n)})
	}
	return out
}

// lead says in a sentence how much the figures rest on.
func (v worthView) lead(ctx context.Context) string {
	return web.T(ctx, "risk.worth.lead", "From", dayText(ctx, v.From), "To", dayText(ctx, v.To),
		"Assessed", web.Number(ctx, v.Assessed), "Examined", web.Number(ctx, v.Examined.N))
}

// missedText says what the score lets pass, as far as anybody can.
func (v worthView) missedText(ctx context.Context) string {
	m := v.Missed
	if m.Drawn == 0 {
		return web.T(ctx, "risk.missed.none")
	}
	return web.T(ctx, "risk.missed."+string(m.Certainty), "Drawn", web.Number(ctx, m.Drawn), "Found", web.Number(ctx, m.Found),
		"Low", web.Number(ctx, math.Floor(m.Interval.Low)), "High", web.Number(ctx, math.Ceil(m.Interval.High)),
		"Passed", web.Number(ctx, m.Passed))
}

// about rounds a number to two digits: an estimate of 4,382 is none.
func about(ctx context.Context, x float64) string {
	if x < 10 {
		return web.Number(ctx, math.Round(x))
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return web.Number(ctx, math.Round(x/unit)*unit)
}

// shareText writes a share with its interval.
func shareText(ctx context.Context, s risk.Share) string {
	in := s.Interval()
	return web.T(ctx, "risk.worth.percents", "Low", hundredths(ctx, in.Low), "High", hundredths(ctx, in.High))
}

// hundredths writes a share without its sign of per cent.
func hundredths(ctx context.Context, share float64) string { return web.Decimal(ctx, 100*share, 1) }

// rate is the share itself; nothing of nothing is missing.
func rate(ctx context.Context, s risk.Share) string {
	if s.N == 0 {
		return web.Missing
	}
	return web.Percent(ctx, s.Rate())
}

func liftText(ctx context.Context, w risk.Worth) string {
	if math.IsNaN(w.Lift) {
		return ""
	}
	return web.T(ctx, "risk.worth.times", "Times", web.Decimal(ctx, w.Lift, 1))
}

func liftRange(ctx context.Context, w risk.Worth) string {
	if math.IsNaN(w.Lift) || math.IsInf(w.Of.High, 0) {
		return ""
	}
	return web.T(ctx, "risk.worth.interval", "Low", web.Decimal(ctx, w.Of.Low, 1), "High", web.Decimal(ctx, w.Of.High, 1))
}

// verdictTone is the colour of a verdict beside its word.
func verdictTone(v risk.Verdict) web.Tone {
	switch v {
	case risk.Strong:
		return web.Good
	case risk.Weak:
		return web.Warning
	case risk.Nothing:
		return web.Bad
	}
	return web.Neutral
}

// entryName says a list entry: the list's title, and the entry.
func entryName(ctx context.Context, id string) (list, title, entry string) {
	list, entry, _ = strings.Cut(id, "/")
	return list, listTitle(ctx, risk.List{ID: list, Title: list}), entry
}

// monthName is a month in a few letters, with the year where it begins.
func monthName(ctx context.Context, m risk.Month) string {
	at := m.First()
	return strings.Fields(web.T(ctx, "risk.months"))[at.Month()-1] + " " + at.Format("2006")
}

// trend is the share that proved right, month by month; a month without examinations
// keeps the one before.
func trend(months []risk.WorthMonth) []float64 {
	var out []float64
	last := math.NaN()
	for _, m := range months {
		if m.Right.N > 0 {
			last = m.Right.Rate()
		}
		if !math.IsNaN(last) {
			out = append(out, last)
		}
	}
	return out
}

// trendText reads the trend aloud.
func trendText(ctx context.Context, months []risk.WorthMonth) string {
	var parts []string
	for _, m := range months {
		if m.Right.N > 0 {
			parts = append(parts, web.T(ctx, "risk.worth.month", "Month", monthName(ctx, m.Month), "Right", m.Right.K, "Examined", m.Right.N))
		}
	}
	return strings.Join(parts, "; ")
}

// indicatorWorth returns what outcomes say about one indicator, over the usual span.
func (p *Pages) indicatorWorth(ctx context.Context, id string) (risk.Worth, risk.Study, error) {
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return risk.Worth{}, risk.Study{}, err
	}
	from, to := lastMonths(p.today(ctx), usualSpan)
	s, err := p.Assessments.Study(ctx, scope.ID, from, to)
	for _, w := range s.Indicators {
		if w.ID == id {
			return w, s, err
		}
	}
	return risk.Worth{}, s, err
}

// rightLabel heads the column of what proved right: of who chose, what was found.
func rightLabel(ctx context.Context, kind string) string {
	if kind == "selection" {
		return web.T(ctx, "risk.worth.found")
	}
	return web.T(ctx, "risk.worth.right")
}

func worthColumns(ctx context.Context, v worthView, kind string) c.TableInfo {
	t := c.TableInfo{Caption: web.T(ctx, map[string]string{"selection": "risk.worth.selections", "indicator": "risk.worth.indicators", "entry": "risk.worth.entries"}[kind]), Tight: true, Columns: []c.Column{{Label: web.T(ctx, "risk.worth."+kind)}}}
	sortable := func(key string) string {
		if kind == "indicator" {
			return key
		}
		return ""
	}
	if kind == "indicator" {
		t.Sort, t.Desc, t.Link = v.Sort, v.Desc, v.sorted
		t.Columns = append(t.Columns, c.Column{Label: web.T(ctx, "risk.indicator.fired"), Key: "fired", Numeric: true})
	}
	t.Columns = append(t.Columns,
		c.Column{Label: web.T(ctx, "risk.worth.examined"), Key: sortable("examined"), Numeric: true},
		c.Column{Label: rightLabel(ctx, kind), Key: sortable("right"), Numeric: true},
		c.Column{Label: web.T(ctx, "risk.worth.share"), Key: sortable("share")},
		c.Column{Label: web.T(ctx, "risk.worth.lift"), Numeric: true},
		c.Column{Label: web.T(ctx, "risk.worth.trend")},
		c.Column{Label: web.T(ctx, "risk.worth.verdict")})
	return t
}
