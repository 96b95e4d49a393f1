package resultweb

import (
	"math"

	"tidewaiter/internal/casework"
)

// Below these a rate says nothing that one could act upon: fewer examinations, or a 95 %
// interval that is wider.
const (
	fewest = 10
	widest = 0.5
)

// few reports whether the numbers are too small to say anything.
func few(r casework.Rate) bool { return r.Examined < fewest || r.High-r.Low > widest }

// verdict is what two rates say of each other.
type verdict string

// Verdicts. Pages look up "result.verdict.<verdict>".
const (
	higher verdict = "higher" // beyond chance
	lower  verdict = "lower"
	alike  verdict = "alike" // chance alone could make the difference
	tooFew verdict = "few"
)

// compare says whether a is beyond chance above or below b: by the 95 % interval of the
// difference of two shares from their Wilson intervals. R. G. Newcombe, Statistics in
// Medicine 17 (1998), 873-890, method 10.
func compare(a, b casework.Rate) verdict {
	if a.Examined < fewest || b.Examined < fewest {
		return tooFew
	}
	d := a.Share - b.Share
	switch {
	case d-math.Hypot(a.Share-a.Low, b.High-b.Share) > 0:
		return higher
	case d+math.Hypot(a.High-a.Share, b.Share-b.Low) < 0:
		return lower
	case few(a) || few(b):
		return tooFew
	}
	return alike
}

// lift is how many times the share of b the share of a is, with its 95 % interval.
// Infinite values stand where b found nothing.
type lift struct{ Times, Low, High float64 }

// liftOf combines the Wilson intervals of two shares to that of their ratio. A. Donner,
// G. Zou, Statistical Methods in Medical Research 21 (2012), 347-359 (MOVER-R).
func liftOf(a, b casework.Rate) lift {
	p, q := a.Share, b.Share
	l := lift{Times: p / q, High: math.Inf(1)}
	if den := b.High * (2*q - b.High); den != 0 {
		l.Low = (p*q - root(p*p*q*q-a.Low*b.High*(2*p-a.Low)*(2*q-b.High))) / den
	} else if p > 0 && q > 0 { // the limit of the same
		l.Low = a.Low * (2*p - a.Low) / (2 * p * q)
	}
	if den := b.Low * (2*q - b.Low); den > 0 {
		l.High = (p*q + root(p*p*q*q-a.High*b.Low*(2*p-a.High)*(2*q-b.Low))) / den
	}
	l.Low = max(0, l.Low)
	return l
}

func root(x float64) float64 { return math.Sqrt(max(0, x)) }

// scale is a round share not below the highest of those that say something, for the bars
// of a table.
func scale(rates ...casework.Rate) float64 {
	most := 0.0
	for _, r := range rates {
		if !few(r) {
			most = max(most, r.High)
		}
	}
	for _, top := range []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8} {
		if most <= top {
			return top
		}
	}
	return 1
}
