package resultweb

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
)

// found keeps what goods were found in a case, which only its acts say, for as long as
// nothing is done to the case: the page of results would replay the same cases again and
// again. A case is known unchanged by the time of its last act, which one query returns
// for many of them.
type found struct {
	mu sync.Mutex
	of map[int64]foundIn // by case
}

// foundIn is what was found in a case up to an act.
type foundIn struct {
	at    time.Time
	goods map[int64][]casework.FoundGoods // by consignment
}

// maxKept bounds how many cases are kept, some hundred bytes each.
const maxKept = 20_000

func (f *found) get(id int64) (foundIn, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	in, known := f.of[id]
	return in, known
}

func (f *found) put(id int64, in foundIn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == nil || len(f.of) >= maxKept {
		f.of = map[int64]foundIn{}
	}
	f.of[id] = in
}

// goodsFound is what was found, by case and consignment.
type goodsFound map[int64]map[int64][]casework.FoundGoods

// goodsOf returns what was found in the cases of the rows, as the newest version of each
// outcome says.
func (p *Pages) goodsOf(ctx context.Context, scope cargo.ScopeID, rows []casework.ResultRow) (goodsFound, error) {
	consignments := map[int64]bool{}
	for _, r := range rows {
		if r.Case != 0 && r.Categories != "" {
			consignments[r.Consignment] = true
		}
	}
	marks, err := p.Cases.Marks(ctx, scope, slices.Sorted(maps.Keys(consignments)))
	if err != nil {
		return nil, err
	}
	out := goodsFound{}
	for _, r := range rows {
		if r.Case == 0 || r.Categories == "" || out[r.Case] != nil {
			continue
		}
		in, known := p.found.get(r.Case)
		if m := marks[r.Consignment]; !known || m.Case != r.Case || !m.At.Equal(in.at) {
			c, err := p.Cases.Case(ctx, scope, r.Case)
			if err != nil {
				return nil, err
			}
			in = foundOf(c)
			p.found.put(r.Case, in)
		}
		out[r.Case] = in.goods
	}
	return out, nil
}

func foundOf(c *casework.Case) foundIn {
	in := foundIn{at: c.ChangedAt, goods: map[int64][]casework.FoundGoods{}}
	for _, o := range c.Outcomes { // in the order of recording: the newest is the last
		in.goods[o.Consignment] = o.Goods
	}
	return in
}

// haul is what was found of one category.
type haul struct {
	Quantities map[casework.Unit]float64
	Arrests    int // where goods of the category were found
	Counted    int // consignments whose quantities are summed
}

// Bounds of how many consignments with goods are summed up: every case of them is
// replayed when it is looked at for the first time. The page of results says how much was
// found only where few cases are to be looked at; else the page of goods does.
const (
	fewHauls = 150
	maxHauls = 3000
)

// latestOf is how many consignments of each of n categories are summed up.
func latestOf(n int) int { return maxHauls / max(1, n) }

// hauls sums up what was found, by category.
func hauls(rows []casework.ResultRow, goods goodsFound) map[casework.Category]haul {
	out := map[casework.Category]haul{}
	for _, c := range casework.Categories {
		out[c] = haul{Quantities: map[casework.Unit]float64{}}
	}
	for _, r := range rows {
		for name := range strings.FieldsSeq(r.Categories) {
			h := out[casework.Category(name)]
			h.Counted++
			h.Arrests += r.Arrests
			out[casework.Category(name)] = h
		}
		for _, g := range goods[r.Case][r.Consignment] {
			out[g.Category].Quantities[g.Unit] += g.Quantity
		}
	}
	return out
}

// rowsWithGoods returns the examinations that found goods, each once; of each
// category the latest.
func (p *Pages) rowsWithGoods(ctx context.Context, scope cargo.ScopeID, q query, categories []casework.CategoryResult) (rows []casework.ResultRow, err error) {
	seen := map[[2]int64]bool{}
	for _, c := range categories {
		f := q.filter()
		if f.Category != "" && f.Category != c.Category {
			continue // found beside it, in rows that are here already
		}
		f.Category = c.Category
		more, err := p.Cases.ResultRows(ctx, scope, f, latestOf(len(categories)))
		if err != nil {
			return nil, err
		}
		for _, r := range more {
			if key := [2]int64{r.Case, r.Consignment}; r.Examined && !seen[key] {
				seen[key] = true
				rows = append(rows, r)
			}
		}
	}
	return rows, nil
}
