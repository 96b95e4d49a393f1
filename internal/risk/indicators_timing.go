package risk

import (
	"math"
	"time"

	"tidewaiter/internal/cargo"
)

var timing = []Indicator{
	{ID: "T01", Group: Timing, Weight: 0.5, Source: "WWF and TRAFFIC", Test: lastMinute,
		Title:   "Declared at the last minute",
		Meaning: "The message came when the goods were about to arrive, or had. Late papers leave no time to look."},
	{ID: "T03", Group: Timing, Weight: 0.25, Source: "own", Test: nightArrival,
		Title:   "Arrival at night or on a day off",
		Meaning: "Fewer officers are on duty. Ships come when they come: it counts beside other reasons only."},
	{ID: "T04", Group: Timing, Weight: 1.25, Family: "detour", Source: "documents check 16; seals check 6", Test: journeyTime,
		Title:   "Days on the way do not fit the route",
		Meaning: "The journey took far longer than others on this lane, or less than any ship, train or lorry needs."},
	{ID: "T05", Group: Timing, Weight: 1.75, Source: "WWF and TRAFFIC: structuring", Test: splitConsignment,
		Title:   "Consignment split over several documents",
		Meaning: "The same parties move the same goods under several documents within days. Each stays below a limit that the whole would pass."},
}

func lastMinute(v *View) Hit {
	got, arrival := v.C.Source.Prepared, v.C.Journey.Arrival
	if got.IsZero() { // the message does not say when it was made
		got = v.C.Received
	}
	if got.IsZero() || arrival.IsZero() {
		return none
	}
	hours := arrival.Sub(got).Hours()
	if hours < -24*7 {
		return none // an old file that is read in later
	}
	notice := [...]float64{cargo.ModeSea: 12, cargo.ModeRail: 1, cargo.ModeRoad: 0, cargo.ModeAir: 0}
	if m := v.C.Transport.Mode; m <= 0 || int(m) >= len(notice) || hours >= notice[m] {
		return none
	}
	if hours < 0 && arrival.Hour() == 0 && arrival.Minute() == 0 && hours > -24 {
		return none // a date without time: it may still be ahead
	}
	return hit(1, evidence("journey.arrival", arrival.UTC().Format("2006-01-02 15:04"), "received", got.UTC().Format("2006-01-02 15:04")))
}

func nightArrival(v *View) Hit {
	a := v.C.Journey.Arrival
	if a.IsZero() || v.C.Transport.Mode == cargo.ModeSea && a.Hour() == 0 {
		return none
	}
	night := (a.Hour() != 0 || a.Minute() != 0) && a.Hour() < 5
	off := a.Weekday() == time.Saturday || a.Weekday() == time.Sunday
	if !night || !off {
		return none
	}
	return hit(1, evidence("journey.arrival", a.UTC().Format("2006-01-02 15:04"), "night"))
}

func journeyTime(v *View) Hit {
	days := v.daysOnTheWay()
	if math.IsNaN(days) {
		return none
	}
	field, text := "journey.departure", day(v.C.Journey.Departure)
	if s := v.history.lane.stats[0]; s.N >= 10 {
		if z := (days - s.Mean()) / s.Deviation(max(1.5, 0.15*s.Mean())); z > 3.5 {
			return hit(min(z/5, 1.25), evidence(field, text, "lane-days", decimal(math.Round(days)), rough(s.Mean()), decimal(float64(s.N))))
		}
	}
	to := first(v.unload, v.destination)
	if v.load == nil || to == nil || !v.load.facts.Located || !to.facts.Located {
		return none
	}
	speed := [...]float64{cargo.ModeSea: 55, cargo.ModeRail: 140, cargo.ModeRoad: 110, cargo.ModeAir: 1000}
	m, far := v.C.Transport.Mode, km(v.load, to)
	if m <= 0 || int(m) >= len(speed) || far < 500 {
		return none
	}
	// Dates without a time of day may hide almost a day at either end.
	if least := far / speed[m] / 24; days+1.9 < least {
		return hit(1, evidence(field, text, "too-fast", rough(days), rough(far), rough(least)))
	}
	return none
}

// siblings counts other documents of the same consignee and goods within three days.
func (v *View) siblings() (n int, last *Ref) {
	v.history.imports.refs(func(r *Ref) bool {
		if !r.At.IsZero() && v.At.Sub(r.At).Abs().Hours() <= 72 {
			n++
			if last == nil {
				last = r
			}
		}
		return true
	})
	return n, last
}

func splitConsignment(v *View) Hit {
	if v.At.IsZero() || len(v.consignee.business) > 8 {
		return none
	}
	n, last := v.siblings()
	if n < 2 {
		return none
	}
	strength := [...]float64{0, 0, 0.6, 0.8, 1, 1}[min(n, 5)]
	// Whoever always ships many a day does not split: what counts is the change.
	switch usual := v.history.imports.n - n; {
	case usual >= 3:
		strength *= 0.25
	case usual >= 1:
		strength *= 0.6
	}
	switch {
	case v.gross >= 18e3:
		strength *= 0.6 // full wagons and lorries: a note for each is the custom
	case v.alike():
		strength *= 1.5 // cut into equal parts
	}
	return hit(strength, evidence("document.number", v.C.Document.Number, "split", decimal(float64(n)), last.Document, day(last.At), decimal(last.Mass)))
}

// alike reports whether the documents of these days all have about the same mass.
func (v *View) alike() bool {
	same := v.gross > 0
	v.history.imports.refs(func(r *Ref) bool {
		if !r.At.IsZero() && v.At.Sub(r.At).Abs().Hours() <= 72 {
			same = same && math.Abs(r.Mass-v.gross) <= 0.2*v.gross
		}
		return same
	})
	return same
}
