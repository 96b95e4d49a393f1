package casework

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
)

// Concluded is announced in the transaction that concludes a case, or that corrects an
// outcome of a concluded one.
type Concluded struct {
	Scope        cargo.ScopeID       `json:"scope"`
	Case         int64               `json:"case"`
	Number       string              `json:"number"`
	Version      int                 `json:"version"`   // of the case
	Corrected    bool                `json:"corrected"` // the consignments have been announced before
	At           time.Time           `json:"at"`        // of the act
	Consignments []ConsignmentResult `json:"consignments"`
}

// EventName is casework.concluded.
func (Concluded) EventName() string { return "casework.concluded" }

// ConsignmentResult is what a case came to for one consignment. A listener that has
// heard of a Revision leaves lower ones alone.
type ConsignmentResult struct {
	Consignment int64        `json:"consignment"`
	Version     int          `json:"version"`  // of the consignment, as it was assessed
	Revision    int          `json:"revision"` // 1 for the first conclusion, counted in the case
	Ending      Ending       `json:"ending"`
	Examined    bool         `json:"examined"` // the goods were looked at, not only the papers
	Method      Method       `json:"method"`   // "" without an outcome
	Result      Result       `json:"result"`   // "" without an outcome
	Selection   Selection    `json:"selection"`
	Inclusion   float64      `json:"inclusion"` // probability of being chosen by the random draw, whoever chose
	Channel     risk.Channel `json:"channel"`
	Score       risk.LogOdds `json:"score"`
	Indicators  []string     `json:"indicators"` // that fired
	Right       []string     `json:"right"`      // indicators that proved right
	Wrong       []string     `json:"wrong"`
	Categories  []Category   `json:"categories"`
	Value       float64      `json:"value"` // of what was found, US dollars by the unit's rates
	Arrests     int          `json:"arrests"`
	Loading     string       `json:"loading"`
	Unloading   string       `json:"unloading"`
	Arrival     time.Time    `json:"arrival,omitzero"`
	Received    time.Time    `json:"received"`
	ConcludedAt time.Time    `json:"concluded"`
}

// Hours returns how long the goods waited for the decision: from their arrival, or from
// the message when that came later, to the conclusion. What was decided before the goods
// came waited for 0 hours.
func (r ConsignmentResult) Hours() float64 {
	from := r.Received
	if r.Arrival.After(from) {
		from = r.Arrival
	}
	return max(0, r.ConcludedAt.Sub(from).Hours())
}

// result returns what the case came to for a consignment.
func (c *Case) result(m Member) ConsignmentResult {
	b := m.Basis
	o, has := c.Outcome(m.Consignment)
	if has {
		b = o.Basis
	}
	r := ConsignmentResult{
		Consignment: m.Consignment, Version: b.Version, Ending: c.Conclusion.Ending, Selection: m.Selection, Inclusion: b.Inclusion,
		Channel: b.Channel, Score: b.Score, Indicators: b.Indicators, Loading: b.Loading, Unloading: b.Unloading,
		Arrival: b.Arrival, Received: b.Received, ConcludedAt: c.ConcludedAt,
	}
	if !has {
		return r
	}
	r.Method, r.Examined, r.Result, r.Value, r.Arrests = o.Method, o.Method.Physical(), o.Result, o.Dollars, o.Arrests
	for indicator, v := range o.Verdicts {
		switch v {
		case ProvedRight:
			r.Right = append(r.Right, indicator)
		case ProvedWrong:
			r.Wrong = append(r.Wrong, indicator)
		}
	}
	slices.Sort(r.Right)
	slices.Sort(r.Wrong)
	for _, g := range o.Goods {
		if !slices.Contains(r.Categories, g.Category) {
			r.Categories = append(r.Categories, g.Category)
		}
	}
	return r
}

// follow does what follows from an act: a conclusion and a corrected outcome are counted
// and announced.
func (s *Cases) follow(ctx context.Context, tx *sql.Tx, unit identity.Unit, c *Case, a Act, d deed) error {
	if a.Kind != ActConcluded && a.Kind != ActOutcomeCorrected {
		return nil
	}
	feed, err := nextFeed(ctx, tx, c.Scope)
	if err != nil {
		return err
	}
	news := Concluded{Scope: c.Scope, Case: c.ID, Number: c.Number, Version: c.Version, At: a.At}
	switch d := d.(type) {
	case *concluded:
		news.Corrected = c.Reopenings > 0
		if err := retireResults(ctx, tx, feed, c.ID, 0); err != nil {
			return err
		}
		for _, m := range c.Present() {
			news.Consignments = append(news.Consignments, c.result(m))
		}
	case *outcomeCorrected:
		news.Corrected = true
		m, _ := c.Member(d.Outcome.Consignment)
		if err := retireResults(ctx, tx, feed, c.ID, m.Consignment); err != nil {
			return err
		}
		news.Consignments = []ConsignmentResult{c.result(m)}
	}
	if err := s.count(ctx, tx, feed, unit, c.Scope, c.ID, news.Consignments); err != nil {
		return err
	}
	return s.Bus.Announce(ctx, tx, news)
}

// count numbers the results and saves them for the statistics.
func (s *Cases) count(ctx context.Context, tx *sql.Tx, feed int64, unit identity.Unit, scope cargo.ScopeID, id int64, results []ConsignmentResult) error {
	ids := make([]int64, len(results))
	for i, r := range results {
		ids[i] = r.Consignment
	}
	earlier, err := countResults(ctx, tx, id, ids)
	if err != nil {
		return err
	}
	if err := retireReleases(ctx, tx, feed, ids); err != nil {
		return err
	}
	rows := make([]resultRow, len(results))
	for i := range results {
		results[i].Revision = earlier[results[i].Consignment] + 1
		day := localDay(results[i].ConcludedAt, unit.Location())
		rows[i] = resultRow{ID: store.NewID(), Scope: scope, Case: id, Day: day, ConsignmentResult: results[i]}
	}
	return insertResults(ctx, tx, feed, rows)
}

// localDay numbers the day on which t falls at a place, counted from 1970-01-01.
func localDay(t time.Time, at *time.Location) int {
	y, m, d := t.In(at).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
