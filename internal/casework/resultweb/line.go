package resultweb

import (
	"context"
	"fmt"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
)

// line is one examined consignment as a row of an export.
type line struct {
	casework.ResultRow
	Papers *cargo.Consignment    // as they are now
	Found  []casework.FoundGoods // the newest version of the outcome
	Goods  casework.FoundGoods   // of a row of goods
}

// Bounds of what an export holds at once.
const (
	partRows = 500    // consignments that are loaded together
	mostRows = 20_000 // decisions of a window of days; a window that has more is halved
)

// eachPart visits the examinations that are asked for, the latest first, some hundred at
// a time.
func (p *Pages) eachPart(ctx context.Context, scope cargo.ScopeID, q query, visit func([]line) error) error {
	f := q.filter()
	f.Step = casework.Weeks
	t, err := p.Cases.Results(ctx, scope, f)
	if err != nil || len(t.Periods) == 0 {
		return err
	}
	zone := q.today.Location()
	for i := len(t.Periods) - 1; i >= 0; i-- {
		window := f
		start := inZone(t.Periods[i].Start, zone)
		if window.From.Before(start) {
			window.From = start
		}
		if end := start.AddDate(0, 0, 7); window.To.IsZero() || window.To.After(end) {
			window.To = end
		}
		if err := p.eachOf(ctx, scope, window, visit); err != nil {
			return err
		}
	}
	return nil
}

// inZone returns the midnight of a day, which is counted without a zone, in a zone.
func inZone(day time.Time, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
}

// eachOf visits the examinations of a window of days.
func (p *Pages) eachOf(ctx context.Context, scope cargo.ScopeID, f casework.ResultsFilter, visit func([]line) error) error {
	rows, err := p.Cases.ResultRows(ctx, scope, f, mostRows)
	if err != nil {
		return err
	}
	if len(rows) == mostRows {
		return p.eachHalf(ctx, scope, f, visit)
	}
	part := make([]line, 0, partRows)
	for i, r := range rows {
		if r.Examined {
			part = append(part, line{ResultRow: r})
		}
		if len(part) == partRows || i == len(rows)-1 && len(part) > 0 {
			if err := p.complete(ctx, scope, part); err != nil {
				return err
			}
			if err := visit(part); err != nil {
				return err
			}
			part = part[:0]
		}
	}
	return nil
}

// eachHalf visits a window in two, the later days first.
func (p *Pages) eachHalf(ctx context.Context, scope cargo.ScopeID, f casework.ResultsFilter, visit func([]line) error) error {
	n := int(f.To.Sub(f.From).Round(24*time.Hour) / (24 * time.Hour))
	if n <= 1 {
		return fmt.Errorf("export results: more than %d decisions on %s", mostRows, f.From.Format(time.DateOnly))
	}
	late, early := f, f
	late.From = f.From.AddDate(0, 0, n/2)
	early.To = late.From
	if err := p.eachOf(ctx, scope, late, visit); err != nil {
		return err
	}
	return p.eachOf(ctx, scope, early, visit)
}

// complete adds what the papers say and what was found.
func (p *Pages) complete(ctx context.Context, scope cargo.ScopeID, part []line) error {
	ids, rows := make([]int64, len(part)), make([]casework.ResultRow, len(part))
	for i, l := range part {
		ids[i], rows[i] = l.Consignment, l.ResultRow
	}
	papers, err := p.Cases.Cargo.Current(ctx, scope, ids)
	if err != nil {
		return err
	}
	goods, err := p.goodsOf(ctx, scope, rows)
	if err != nil {
		return err
	}
	for i := range part {
		if part[i].Papers = papers[part[i].Consignment]; part[i].Papers == nil {
			part[i].Papers = &cargo.Consignment{}
		}
		part[i].Found = goods[part[i].Case][part[i].Consignment]
	}
	return nil
}

// goodsLines returns a line for each of the goods found.
func goodsLines(part []line) (out []line) {
	for _, l := range part {
		for _, g := range l.Found {
			l.Goods = g
			out = append(out, l)
		}
	}
	return out
}
