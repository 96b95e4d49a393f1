package resultweb

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/web"
)

// goodsView is everything that the page of goods found shows.
type goodsView struct {
	view
	Hidden []tally // by concealment
	Spots  []tally // by position
	Latest []line  // of goods
	Lines  int     // of goods
	Cut    bool    // of some category only the latest are counted
}

// tally counts lines of goods under a word.
type tally struct {
	Word  string
	Lines int
}

// latestGoods is how many lines of goods the page lists; a spreadsheet has all.
const latestGoods = 50

// goods answers with what was found, how much of it, and how it was hidden.
func (p *Pages) goods(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, scope, err := enter(ctx)
	if err != nil {
		return err
	}
	v := goodsView{view: view{Path: "/results/goods", Query: parseQuery(ctx, r.URL.Query(), p.Cases.Now()), Place: p.placeName}}
	if v.Tally, err = p.Cases.Results(ctx, scope, v.Query.filter()); err != nil {
		return err
	}
	if err := p.fillGoods(ctx, scope, &v); err != nil {
		return err
	}
	status := http.StatusOK
	if len(v.Query.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.RenderStatus(w, r, status, goodsPage(v))
}

func (p *Pages) fillGoods(ctx context.Context, scope cargo.ScopeID, v *goodsView) error {
	rows, err := p.rowsWithGoods(ctx, scope, v.Query, v.Categories)
	if err != nil {
		return err
	}
	found, err := p.goodsOf(ctx, scope, rows)
	if err != nil {
		return err
	}
	v.Hauls = hauls(rows, found)
	for _, c := range v.Categories {
		v.Cut = v.Cut || v.Hauls[c.Category].Counted < c.Cases
	}
	hidden, spots := map[string]int{}, map[string]int{}
	for _, r := range rows {
		for _, g := range found[r.Case][r.Consignment] {
			v.Lines++
			hidden[listed(ctx, "case.concealment.", string(g.Concealment))]++
			spots[listed(ctx, "case.position.", string(g.Position))]++
		}
	}
	v.Hidden, v.Spots = talliesOf(hidden), talliesOf(spots)
	return p.latest(ctx, scope, rows, v)
}

// latest lists the goods of the latest examinations.
func (p *Pages) latest(ctx context.Context, scope cargo.ScopeID, rows []casework.ResultRow, v *goodsView) error {
	slices.SortStableFunc(rows, func(a, b casework.ResultRow) int { return b.ConcludedAt.Compare(a.ConcludedAt) })
	part := make([]line, 0, latestGoods)
	for _, r := range rows[:min(latestGoods, len(rows))] {
		part = append(part, line{ResultRow: r})
	}
	if err := p.complete(ctx, scope, part); err != nil {
		return err
	}
	v.Latest = goodsLines(part)
	v.Latest = v.Latest[:min(latestGoods, len(v.Latest))]
	return nil
}

// listed says a value of a list; what nobody said is said to be so.
func listed(ctx context.Context, prefix, value string) string {
	if value == "" {
		return web.T(ctx, "result.unsaid")
	}
	return web.T(ctx, prefix+value)
}

// talliesOf orders counts, the most frequent first.
func talliesOf(counts map[string]int) []tally {
	out := make([]tally, 0, len(counts))
	for _, word := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, tally{word, counts[word]})
	}
	slices.SortStableFunc(out, func(a, b tally) int { return cmp.Compare(b.Lines, a.Lines) })
	return out
}
