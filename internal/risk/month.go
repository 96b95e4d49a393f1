package risk

import (
	"context"
	"time"
)

// Month is a calendar month in UTC: twelve times the year, plus the month counted from 0.
type Month int

// MonthOf returns the month of a day that Day numbered.
func MonthOf(day int) Month {
	t := DayTime(day)
	return Month(12*t.Year() + int(t.Month()) - 1)
}

// First returns the first day of the month.
func (m Month) First() time.Time {
	return time.Date(int(m)/12, time.Month(int(m)%12+1), 1, 0, 0, 0, 0, time.UTC)
}

// Months returns the months from one to another.
func Months(from, to Month) []Month {
	var out []Month
	for ; from <= to; from++ {
		out = append(out, from)
	}
	return out
}

// MonthCounts are how many of a filter's consignments arrive in a month, and on how many
// of them each indicator fired.
type MonthCounts struct {
	Month
	Total int
	Fired map[string]int
}

// IndicatorMonths returns the counts of each month that a filter's days touch.
func (b *Board) IndicatorMonths(ctx context.Context, f Filter) ([]MonthCounts, error) {
	view, m, want, err := b.prepare(ctx, f)
	if err != nil || f.From.IsZero() || f.To.Before(f.From) {
		return nil, err
	}
	first := Day(f.From)
	months := Months(MonthOf(first), MonthOf(Day(f.To)))
	number := make([]uint16, Day(f.To)-first+1) // of a day's month
	for i := range number {
		number[i] = uint16(MonthOf(first+i) - months[0])
	}
	fired := make([][128]int, len(months))
	totals := make([]int, len(months))
	scan(view.main, view.fresh, view.stale, &m, func(c *columns, i int) bool {
		if want.wants(c.kind[i], c.mode[i]) {
			n := number[int(c.day[i])-first]
			totals[n]++
			countBits(&fired[n], c.found[i])
		}
		return true
	})
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]MonthCounts, len(months))
	for k := range out {
		out[k] = MonthCounts{Month: months[k], Total: totals[k], Fired: map[string]int{}}
		for bit, id := range b.ids {
			if n := fired[k][bit]; n > 0 {
				out[k].Fired[id] = n
			}
		}
	}
	return out, nil
}
