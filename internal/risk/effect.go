package risk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"tidewaiter/internal/cargo"
)

// Effect is what other weights would have done to the examinations of the last months,
// with the same capacity: the same days divided twice.
type Effect struct {
	From  int    `json:"from"` // first day; see Day
	To    int    `json:"to"`
	Of    int    `json:"of"`    // consignments that arrived
	Both  Chosen `json:"both"`  // examined under either
	Only  Chosen `json:"only"`  // examined under the weights in force alone
	Other Chosen `json:"other"` // examined under the proposed weights alone
}

// Chosen are consignments that weights would choose.
type Chosen struct {
	Count    int      `json:"count"`
	Examined int      `json:"examined"` // of which is known what they were
	Found    int      `json:"found"`
	Examples []Change `json:"examples,omitempty"` // those whose score changes most
}

// Change is one consignment that changes sides.
type Change struct {
	Consignment int64   `json:"consignment"`
	Day         int     `json:"day"`
	Before      LogOdds `json:"before"`
	After       LogOdds `json:"after"`
}

// What is tried out, at most.
const (
	effectDays  = 92
	effectMost  = 40_000
	effectShown = 8
)

// candidate is a consignment weighed twice.
type candidate struct {
	Change
	known, found bool
}

// tryOut weighs the consignments of the last months anew, by the weights in force and by
// others, and divides each day by either.
func (s *Assessments) tryOut(ctx context.Context, scope cargo.ScopeID, current, other Weights, capacity Capacity, lessons []Lesson) (Effect, error) {
	to := Day(s.db.Now())
	days := map[int][]candidate{}
	var ids []int64
	dayOf := map[int64]int{}
	err := selectRecent(ctx, s.db.Read, scope, to-effectDays, to, effectMost, func(id int64, day int) {
		ids, dayOf[id] = append(ids, id), day
	})
	if err != nil {
		return Effect{}, err
	}
	known := make(map[int64]bool, len(lessons))
	for i := range lessons {
		if lessons[i].Examined {
			known[lessons[i].Consignment] = lessons[i].Found
		}
	}
	if len(ids) == effectMost { // the earliest day is not whole
		last := dayOf[ids[len(ids)-1]]
		ids = slices.DeleteFunc(ids, func(id int64) bool { return dayOf[id] == last })
	}
	versions := weightsByVersion{scope: scope}
	was, is := weigher{Weights: current}, weigher{Weights: other}
	for part := range slices.Chunk(ids, batchSize) {
		kept, err := selectNewest(ctx, s.db.Read, part)
		if err != nil {
			return Effect{}, err
		}
		for _, id := range part {
			k, assessed := kept[id]
			if !assessed {
				continue
			}
			w, err := versions.of(ctx, s.db.Read, k.Settings)
			if err != nil {
				return Effect{}, err
			}
			fired := w.Fired(k.Findings)
			c := candidate{Change: Change{id, dayOf[id], was.score(fired, true), is.score(fired, true)}}
			c.found, c.known = known[id]
			days[c.Day] = append(days[c.Day], c)
		}
	}
	return effectOf(days, capacity), nil
}

// effectOf divides each day twice and compares.
func effectOf(days map[int][]candidate, capacity Capacity) Effect {
	var e Effect
	var lost, won []candidate
	for day, all := range days {
		if e.Of == 0 || day < e.From {
			e.From = day
		}
		if e.Of == 0 || day > e.To {
			e.To = day
		}
		e.Of += len(all)
		was := divideBy(all, capacity, func(c candidate) LogOdds { return c.Before })
		is := divideBy(all, capacity, func(c candidate) LogOdds { return c.After })
		for i, c := range all {
			switch {
			case was[i] == Examine && is[i] == Examine:
				e.Both.add(c)
			case was[i] == Examine:
				e.Only.add(c)
				lost = append(lost, c)
			case is[i] == Examine:
				e.Other.add(c)
				won = append(won, c)
			}
		}
	}
	e.Only.Examples, e.Other.Examples = foremost(lost), foremost(won)
	return e
}

func (c *Chosen) add(x candidate) {
	c.Count++
	if x.known {
		c.Examined++
		if x.found {
			c.Found++
		}
	}
}

func divideBy(all []candidate, capacity Capacity, score func(candidate) LogOdds) []Channel {
	scored := make([]Scored, len(all))
	for i, c := range all {
		scored[i] = Scored{Key: fmt.Sprint(c.Consignment), Score: score(c)}
	}
	return Divide(scored, capacity)
}

// foremost are those whose score changes most, the greatest change first.
func foremost(all []candidate) []Change {
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare((b.After-b.Before).abs(), (a.After-a.Before).abs()), cmp.Compare(b.Consignment, a.Consignment))
	})
	var out []Change
	for _, c := range all[:min(len(all), effectShown)] {
		out = append(out, c.Change)
	}
	return out
}

func (x LogOdds) abs() LogOdds { return max(x, -x) }
