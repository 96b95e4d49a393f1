package risk

import "math"

// Drawn is one consignment that the random draw had examined although its score would
// have let it pass: what it turned out to be stands for all that were let pass like it.
type Drawn struct {
	Inclusion float64 // the probability with which it was drawn, above 0
	Found     bool
}

// Stratum is a part of what was let pass, such as those that got a look at the papers.
type Stratum struct {
	Passed int // consignments of the stratum that nobody examined
	Drawn  []Drawn
}

// Missed is an estimate of what the score lets pass.
type Missed struct {
	Passed    int      // consignments that nobody examined
	Drawn     int      // consignments examined in their stead, by the draw
	Found     int      // of them, with a finding
	Findings  float64  // estimated among those that passed
	Interval  Interval // of Findings
	Certainty Certainty
}

// Certainty says in a word how far a figure carries.
type Certainty string

// How far figures carry.
const (
	TooFew Certainty = "too-few" // says next to nothing
	Rough  Certainty = "rough"   // an order of magnitude
	Fair   Certainty = "fair"
)

// Fewer drawn examinations than these carry little.
const (
	roughDrawn = 60  // nothing found in 60 still allows 6 in a hundred (Wilson)
	fairDrawn  = 300 // ... in 300 somewhat more than 1 in a hundred
)

// EstimateMissed estimates how many findings remain among the consignments that were let
// pass, from those of them that the random draw had examined all the same. In each
// stratum the share found is weighted by the inverse of the probability of inclusion
// (Hájek's ratio form of the estimator of Horvitz and Thompson 1952, J. Am. Stat. Assoc.
// 47:663), as a unit may have changed its random share; strata are added up by how many
// passed. The interval is Wilson's for the weighted share and the effective number of
// observations (Kish 1965), which stays honest when nothing was found: then a normal
// interval would have no width. Strata without a drawn examination are taken like the
// others together.
func EstimateMissed(strata []Stratum) Missed {
	var m Missed
	var all []Drawn
	for _, s := range strata {
		m.Passed += s.Passed
		all = append(all, s.Drawn...)
	}
	pooled, _ := weightedShare(all)
	var share, variance float64 // of the weighted mean of the strata
	for _, s := range strata {
		if m.Passed == 0 {
			break
		}
		part := float64(s.Passed) / float64(m.Passed)
		p, n := weightedShare(s.Drawn)
		if len(s.Drawn) == 0 {
			share += part * pooled
			continue
		}
		share += part * p
		// The prior of half a finding in one keeps a stratum without findings from
		// counting as certain.
		q := (p*n + 0.5) / (n + 1)
		variance += part * part * q * (1 - q) / n
	}
	for _, d := range all {
		m.Drawn++
		if d.Found {
			m.Found++
		}
	}
	m.Findings = share * float64(m.Passed)
	m.Interval = Interval{0, float64(m.Passed)}
	if n := effective(share, variance, len(all)); n > 0 {
		in := Wilson(share*n, n)
		m.Interval = Interval{in.Low * float64(m.Passed), in.High * float64(m.Passed)}
	}
	switch {
	case m.Drawn < roughDrawn:
		m.Certainty = TooFew
	case m.Drawn < fairDrawn:
		m.Certainty = Rough
	default:
		m.Certainty = Fair
	}
	return m
}

// effective is how many equal observations would know a share as well: p(1-p)/variance,
// but never more than were made.
func effective(p, variance float64, most int) float64 {
	if variance <= 0 || most == 0 {
		return float64(most)
	}
	p = (p*float64(most) + 0.5) / float64(most+1)
	return math.Min(p*(1-p)/variance, float64(most))
}

// weightedShare is the share found, weighted by inverse inclusion, and Kish's effective
// number of observations.
func weightedShare(all []Drawn) (share, n float64) {
	var sum, squares, found float64
	for _, d := range all {
		if d.Inclusion <= 0 {
			continue
		}
		w := 1 / d.Inclusion
		sum += w
		squares += w * w
		if d.Found {
			found += w
		}
	}
	if sum == 0 {
		return 0, 0
	}
	return found / sum, sum * sum / squares
}
