package simulate

import (
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/fault"
)

// DefaultMonth is the month that is generated when none is given. It is fixed, for
// the same seed must give the same bytes tomorrow.
var DefaultMonth = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)

// Defaults of Options.
const (
	DefaultPlantedRate = 0.02
	DefaultHistory     = 18  // months
	DefaultPast        = 0.6 // consignments of the whole history for each of the month
	twinsPerPlanted    = 2
	maxConsignments    = 20_000_000
)

// Options say which world to make. The zero value of a rate means none planted;
// use Defaults for the usual ones.
type Options struct {
	Seed         uint64
	Consignments int       // transport documents in each month, exactly
	PlantedRate  float64   // share of them that belong to a scheme
	TwinRate     float64   // share that look alike and are innocent
	Month        time.Time // any instant of the (first) month; zero for DefaultMonth
	History      int       // months of past before it; 0 for none
	Months       int       // months of traffic, each with so many consignments; 0 is 1
	Schemes      []string  // that are planted and have twins; none for all of Schemes()
	Traces       float64   // how readily a scheme leaves each of its traces, against the usual; 0 is 1
}

// Defaults returns the options of `tidewaiter simulate` without flags: 2 % planted,
// two twins for each, eighteen months of past.
func Defaults(seed uint64, consignments int) Options {
	return Options{
		Seed: seed, Consignments: consignments, Month: DefaultMonth, History: DefaultHistory,
		PlantedRate: DefaultPlantedRate, TwinRate: twinsPerPlanted * DefaultPlantedRate,
	}
}

// check fills in the month and refuses what cannot be made.
func (o Options) check() (Options, error) {
	if o.Month.IsZero() {
		o.Month = DefaultMonth
	}
	if o.Months == 0 {
		o.Months = 1
	}
	if o.Traces == 0 {
		o.Traces = 1
	}
	o.Month = time.Date(o.Month.Year(), o.Month.Month(), 1, 0, 0, 0, 0, time.UTC)
	for _, name := range o.Schemes {
		if !slices.Contains(Schemes(), name) {
			return o, fault.New(fault.Invalid, "there is no scheme %q", name).WithHint("one of %s", strings.Join(Schemes(), ", "))
		}
	}
	switch {
	case !(o.Traces > 0) || o.Traces > 10:
		return o, fault.New(fault.Invalid, "schemes cannot leave %g times their traces", o.Traces).WithHint("ask for more than 0 and at most 10")
	case o.Consignments < 1 || o.Consignments > maxConsignments:
		return o, fault.New(fault.Invalid, "cannot make %d consignments", o.Consignments).
			WithHint("ask for 1 to %d", maxConsignments)
	case !(o.PlantedRate >= 0) || !(o.TwinRate >= 0) || o.PlantedRate+o.TwinRate > 0.5:
		return o, fault.New(fault.Invalid, "planted rate %g and twin rate %g are not shares of the trade", o.PlantedRate, o.TwinRate).
			WithHint("together they may be 0 to 0.5")
	case o.Months < 1 || o.Months > 24 || o.Months*o.Consignments > maxConsignments:
		return o, fault.New(fault.Invalid, "cannot make %d months of %d consignments", o.Months, o.Consignments).
			WithHint("ask for 1 to 24 months, and %d consignments in all", maxConsignments)
	case o.History < 0 || o.History > 60:
		return o, fault.New(fault.Invalid, "cannot make %d months of history", o.History).WithHint("ask for 0 to 60")
	}
	return o, nil
}
