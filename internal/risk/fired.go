package risk

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// Fired is an indicator that fired, as it was before weights: what learning keeps of a
// finding, so that it can be weighed anew without the consignment.
type Fired struct {
	Indicator string   `json:"i"`
	Strength  float64  `json:"s"`           // how strongly, 1 is usual
	Rarity    float64  `json:"r,omitempty"` // what the unit's own traffic adds to its weight, log-odds; see rarity.go
	Points    LogOdds  `json:"p"`           // its contribution to the score at the time
	Entries   []string `json:"e,omitempty"` // the list entries that it saw: "hubs/KGOSS"
}

// firedOf reads strength and rarity back from findings and the weights that made them:
// a finding whose contribution the unit's traffic or its family changed says so in its
// evidence, with the numbers. The strength is exact to half a Step of points.
func firedOf(findings []Finding, weight func(indicator string) LogOdds) []Fired {
	out := make([]Fired, 0, len(findings))
	for _, f := range findings {
		fired := Fired{Indicator: f.Indicator, Points: f.Contribution, Entries: entriesOf(f)}
		own, corrected := f.Contribution, false
		for _, e := range f.Evidence {
			args := e.Note.Args
			switch {
			case e.Note.ID == "damped" && len(args) == 3 && !corrected:
				own = parsePoints(args[1], own)
			case (e.Note.ID == "common" || e.Note.ID == "rare") && len(args) == 4:
				own, corrected = parsePoints(args[2], own), true
				fired.Rarity = rarityOf(args[0], args[1])
			}
		}
		if w := weight(f.Indicator); w != 0 {
			fired.Strength = min(max(float64(own)/float64(w), 0), maxStrength)
		}
		if fired.Strength > 0 {
			out = append(out, fired)
		}
	}
	return out
}

func parsePoints(s string, otherwise LogOdds) LogOdds {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(x) > 100 {
		return otherwise
	}
	return LogOdds(x)
}

// rarityOf is View.rarity of the counts that a note cites.
func rarityOf(fired, of string) float64 {
	k, err := strconv.Atoi(fired)
	n, err2 := strconv.Atoi(of)
	if err != nil || err2 != nil || k < 0 || n < 0 {
		return 0
	}
	return math.Log(usualRate * (float64(n) + rateTrust) / (float64(k) + usualRate*rateTrust))
}

// contribution is what the finding adds to a score where its indicator has the weight,
// before damping: Engine.Assess without rounding. slope is its derivative by the weight.
func (f *Fired) contribution(weight float64) (points, slope float64) {
	points = weight * f.Strength
	if points <= 0 {
		return points, f.Strength
	}
	adds, slope := min(f.Rarity, maxRarity), f.Strength
	if adds > points {
		adds, slope = points, 2*f.Strength
	}
	if floor := min(points, float64(leastWeight)); points+adds < floor {
		if floor < points {
			return floor, 0
		}
		return points, f.Strength
	}
	return points + adds, slope
}

// weigher scores findings anew. It may not be used by two at once.
type weigher struct {
	Weights
	order []weighedFinding
}

type weighedFinding struct {
	indicator, family string
	points            float64
}

// score is the score that the findings would have: what they contribute, damped within
// families, rounded as Engine.Assess does or not at all.
func (w *weigher) score(all []Fired, round bool) LogOdds {
	rounded := func(points float64) float64 {
		if round {
			return float64(Round(points))
		}
		return points
	}
	w.order = w.order[:0]
	for i := range all {
		id := all[i].Indicator
		points, _ := all[i].contribution(float64(w.Indicators[id]))
		w.order = append(w.order, weighedFinding{id, familyOf[id], rounded(points)})
	}
	slices.SortFunc(w.order, func(a, b weighedFinding) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.indicator, b.indicator))
	})
	sum := w.Base
	for k, x := range w.order {
		for _, before := range w.order[:k] {
			if x.family != "" && x.points > 0 && before.family == x.family {
				x.points /= 2
			}
		}
		sum += LogOdds(rounded(x.points))
	}
	return sum
}

var familyOf = func() map[string]string {
	out := map[string]string{}
	for _, in := range indicators {
		out[in.ID] = in.Family
	}
	return out
}()

// Weights are weights of indicators and the base, as an engine has them.
type Weights struct {
	Base       LogOdds            `json:"base"`
	Indicators map[string]LogOdds `json:"indicators"` // of all indicators
}

// WeightsOf returns the weights of settings, those of the program where they say nothing.
func WeightsOf(s Settings) Weights {
	out := Weights{Base: s.Base, Indicators: make(map[string]LogOdds, len(indicators))}
	for _, in := range indicators {
		w, ok := s.Weights[in.ID]
		if !ok {
			w = in.Weight
		}
		out.Indicators[in.ID] = w
	}
	return out
}

// Score is the score that the findings would have under the weights.
func (w Weights) Score(all []Fired) LogOdds { return (&weigher{Weights: w}).score(all, true) }

// Fired returns what findings that an engine of these weights made were before weights.
func (w Weights) Fired(findings []Finding) []Fired {
	return firedOf(findings, func(id string) LogOdds { return w.Indicators[id] })
}
