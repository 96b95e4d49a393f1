package casework

import (
	"context"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
)

// ResultsFilter picks results; a zero field picks all.
type ResultsFilter struct {
	From, To  time.Time // days of the conclusion, in the unit's time; To is not included
	Step      Step      // of the periods; "" for weeks up to half a year, else months
	Channel   risk.Channel
	Selection Selection
	Category  Category
	Indicator string // fired
	Loading   string // country (2 letters) or place (5) of loading
	Unloading string // country or place of unloading
}

// Step is how long a period is.
type Step string

// Steps of a period.
const (
	Weeks  Step = "week" // from Monday on
	Months Step = "month"
)

// Tally says what the unit's work came to. No officer is named in them. Found counts
// every result but nothing found; only examinations of the goods are counted, and each
// consignment once, by the newest version of its outcome.
type Tally struct {
	All        Rate
	Step       Step
	Periods    []PeriodResult    // in order, without gaps
	Selections []SelectionResult // in the order of Selections
	Channels   []ChannelResult   // in the order of risk.Channels
	Indicators []IndicatorResult // most often examined first
	Corridors  []CorridorResult  // most often examined first
	Categories []CategoryResult  // in the programme's order, those that were found
	Places     []PlaceResult     // of loading, most often examined first
	Routes     []RouteResult     // most often examined first, 200 at most
	Waits      []WaitResult      // of what was released, in the order of risk.Channels
	Value      float64           // of what was found, US dollars
	Arrests    int
}

// PeriodResult is the results of a week or a month.
type PeriodResult struct {
	Start time.Time // UTC midnight of its first day
	Rate
}

// SelectionResult is the results of what was selected in one way.
type SelectionResult struct {
	Selection Selection
	Rate
}

// ChannelResult is the results of a channel.
type ChannelResult struct {
	Channel risk.Channel
	Rate
}

// IndicatorResult is the results of consignments in which an indicator fired.
type IndicatorResult struct {
	Indicator string
	Rate           // of examinations in which it fired
	Proved    Rate // Found: it proved right. Examined: it proved right or wrong
}

// CorridorResult is the results between two countries.
type CorridorResult struct {
	Loading, Unloading string // ISO 3166-1 alpha-2; "" where the papers don't say
	Rate
}

// CategoryResult is how often goods of a category were found.
type CategoryResult struct {
	Category Category
	Cases    int     // consignments in which they were found
	Share    Rate    // of all examinations
	Value    float64 // US dollars of those consignments
}

// PlaceResult is the results of a place of loading.
type PlaceResult struct {
	Code string // UN/LOCODE
	Rate
}

// RouteResult is the results between two places.
type RouteResult struct {
	Loading, Unloading string // UN/LOCODE
	Rate
}

// WaitResult is how long released goods of a channel waited for the decision.
type WaitResult struct {
	Channel  risk.Channel
	Released int
	Median   float64 // hours from arrival, or receipt when that was later
	P90      float64
}

// Results returns what the unit's work came to.
func (s *Cases) Results(ctx context.Context, scope cargo.ScopeID, f ResultsFilter) (Tally, error) {
	if _, err := identity.May(ctx, identity.SeeQueue); err != nil {
		return Tally{}, err
	}
	unit, err := s.Unit(ctx, scope)
	if err != nil {
		return Tally{}, err
	}
	entries, names, err := s.ledger(scope).follow(ctx, s.DB.Read)
	if err != nil {
		return Tally{}, err
	}
	return tallyOf(entries, names, f, unit.Location()), nil
}

// Warm reads the results of a scope ahead, so that the first who asks need not wait. It
// asks nobody for permission.
func (s *Cases) Warm(ctx context.Context, scope cargo.ScopeID) error {
	_, _, err := s.ledger(scope).follow(ctx, s.DB.Read)
	return err
}

// ResultRows returns the rows behind the results that the filter picks, the latest
// first, limit of them at most (30,000 at most): what a spreadsheet holds.
func (s *Cases) ResultRows(ctx context.Context, scope cargo.ScopeID, f ResultsFilter, limit int) ([]ResultRow, error) {
	if _, err := identity.May(ctx, identity.SeeQueue); err != nil {
		return nil, err
	}
	unit, err := s.Unit(ctx, scope)
	if err != nil {
		return nil, err
	}
	entries, names, err := s.ledger(scope).follow(ctx, s.DB.Read)
	if err != nil {
		return nil, err
	}
	pick := newPicker(f, names, unit.Location())
	var ids []int64
	for i := len(entries) - 1; i >= 0 && len(ids) < min(max(1, limit), maxRows); i-- {
		if pick.has(&entries[i]) {
			ids = append(ids, entries[i].id)
		}
	}
	return selectResultRows(ctx, s.DB.Read, scope, ids)
}

// maxRows bounds an export.
const maxRows = 30_000
