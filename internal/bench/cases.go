package main

import (
	"context"
	"math/rand/v2"
	"net/url"
	"strconv"
	"time"

	"tidewaiter/internal/app"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/risk"
)

// filterCase is one way to look at the queue.
type filterCase struct {
	name     string
	query    url.Values
	where    string // the same in SQL
	args     []any
	offset   int
	ids      []int64 // that the plain query finds, in its order
	baseline float64 // milliseconds, the median of the plain query
}

func (f *filterCase) path() string {
	if len(f.query) == 0 {
		return "/queue"
	}
	return "/queue?" + f.query.Encode()
}

// findCase is a way to find one consignment; each path another.
type findCase struct {
	name     string
	paths    []string
	target   float64
	base     string
	baseline float64
}

// cases are what is asked of a database of one size.
type cases struct {
	filters []*filterCase
	finds   []*findCase
	pages   []namedPath
}

type namedPath struct{ name, path string }

// choose looks for filters that find something in this database, and measures the
// baselines.
func (b *bench) choose(ctx context.Context, path string) (*cases, error) {
	a, err := app.Open(ctx, app.Config{Database: path})
	if err != nil {
		return nil, err
	}
	defer a.DB.Close() // deliveries were not started
	ctx, _, scope, err := a.Unit(ctx, benchUnit.Code)
	if err != nil {
		return nil, err
	}
	board := a.Assessments.Board(scope.ID)
	all, err := board.Page(ctx, risk.Filter{}, 0, 0)
	if err != nil {
		return nil, err
	}
	total := all.Counts.Total
	middle, err := board.Page(ctx, risk.Filter{}, total/50, 50)
	if err != nil {
		return nil, err
	}
	c := &cases{filters: filters(typical(middle.Rows), total)}
	for _, f := range c.filters {
		if err := f.measure(ctx, a.DB, scope.ID, b.Quick); err != nil {
			return nil, err
		}
	}
	ids, err := sampleIDs(ctx, board, total, b.requests())
	if err != nil {
		return nil, err
	}
	known, err := a.Cargo.Current(ctx, scope.ID, ids)
	if err != nil {
		return nil, err
	}
	c.finds = finds(ids, known)
	c.pages = []namedPath{{"home page", "/"}, {"queue page", "/queue"}, {"consignment page", "/consignments/" + strconv.FormatInt(ids[0], 10)}}
	return c, c.measureFinds(ctx, a, scope.ID, ids, known)
}

// typical returns a row of the queue that has all by which one filters.
func typical(rows []risk.Row) risk.Row {
	for _, r := range rows {
		if r.Consignee != 0 && r.Unloading != "" && len(r.Indicators) > 1 {
			return r
		}
	}
	if len(rows) == 0 {
		return risk.Row{}
	}
	return rows[0]
}

// filters are the ways to look that are measured: each filter alone, some together,
// and some that match nothing.
func filters(r risk.Row, total int) []*filterCase {
	var out []*filterCase
	add := func(name string, where string, args []any, query ...string) *filterCase {
		f := &filterCase{name: name, query: url.Values{}, where: where, args: args}
		for i := 0; i+1 < len(query); i += 2 {
			f.query.Add(query[i], query[i+1])
		}
		out = append(out, f)
		return f
	}
	day := func(d int) string { return risk.DayTime(d).Format(time.DateOnly) }
	add("no filter", "", nil)
	for _, m := range cargo.Modes {
		add("mode "+m.String(), " AND mode = $2", []any{int(m)}, "mode", m.String())
	}
	for _, ch := range risk.Channels {
		add("channel "+string(ch), " AND channel = $2", []any{string(ch)}, "channel", string(ch))
	}
	add("a week of arrivals", " AND day BETWEEN $2 AND $3", []any{r.Day - 3, r.Day + 3}, "from", day(r.Day-3), "to", day(r.Day+3))
	add("a place", " AND (loading = $2 OR unloading = $2)", []any{r.Unloading}, "place", r.Unloading)
	one, two := indicatorPair(r)
	has := func(n string) string { return " AND ' ' || indicators || ' ' LIKE $" + n }
	add("one indicator", has("2"), []any{"% " + one + " %"}, "indicator", one)
	add("two indicators", has("2")+has("3"), []any{"% " + one + " %", "% " + two + " %"}, "indicator", one, "indicator", two)
	party := strconv.FormatInt(r.Consignee, 10)
	isParty := func(n string) string {
		return " AND (consignor = $" + n + " OR consignee = $" + n + " OR notify = $" + n + ")"
	}
	add("a party", isParty("2"), []any{r.Consignee}, "party", party)
	add("mode, channel and indicator", " AND mode = $2 AND channel = $3"+has("4"), []any{int(r.Mode), string(r.Channel), "% " + one + " %"},
		"mode", r.Mode.String(), "channel", string(r.Channel), "indicator", one)
	add("place, indicator and week", " AND (loading = $2 OR unloading = $2) AND day BETWEEN $3 AND $4"+has("5"),
		[]any{r.Unloading, r.Day - 3, r.Day + 3, "% " + one + " %"}, "place", r.Unloading, "from", day(r.Day-3), "to", day(r.Day+3), "indicator", one)
	add("a party in another year (nothing)", isParty("2")+" AND day BETWEEN $3 AND $4", []any{r.Consignee, r.Day - 9000, r.Day - 8990},
		"party", party, "from", day(r.Day-9000), "to", day(r.Day-8990))
	add("a place that never occurs (nothing)", " AND (loading = $2 OR unloading = $2)", []any{"AQMCM"}, "place", "AQMCM")
	pages := max(1, (total+49)/50)
	deep, last := add("a page in the middle", "", nil, "page", strconv.Itoa(max(1, pages/2))), add("the last page", "", nil, "page", strconv.Itoa(pages))
	deep.offset, last.offset = (max(1, pages/2)-1)*50, (pages-1)*50
	return out
}

func indicatorPair(r risk.Row) (one, two string) {
	switch len(r.Indicators) {
	case 0:
		return "C01", "C02"
	case 1:
		return r.Indicators[0], r.Indicators[0]
	}
	return r.Indicators[0], r.Indicators[1]
}

// sampleIDs draws consignments from all over the queue, always the same.
func sampleIDs(ctx context.Context, board *risk.Board, total, n int) ([]int64, error) {
	dice := rand.New(rand.NewPCG(1, uint64(total)))
	var ids []int64
	for len(ids) < min(n, total) {
		page, err := board.Page(ctx, risk.Filter{}, dice.IntN(total), 10)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			ids = append(ids, r.Consignment)
		}
	}
	return ids, nil
}
