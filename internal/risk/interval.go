package risk

import "math"

// Interval is a range in which a share, a ratio or a number lies with 95 % confidence.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// z95 is the 97.5th percentile of the standard normal distribution.
const z95 = 1.959963984540054

// Wilson returns the 95 % score interval of a share of k among n. It keeps its
// confidence for few and for rare events, where the usual p ± 1.96 s does not.
// (Wilson 1927, J. Am. Stat. Assoc. 22:209; Brown, Cai and DasGupta 2001.) k and n may be
// effective numbers of weighted observations. Without observations it is 0 to 1.
func Wilson(k, n float64) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	p := min(max(k/n, 0), 1)
	z2 := z95 * z95
	middle := (p + z2/(2*n)) / (1 + z2/n)
	half := z95 / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	out := Interval{max(0, middle-half), min(1, middle+half)}
	if p == 0 { // exact, where rounding may leave a speck
		out.Low = 0
	}
	if p == 1 {
		out.High = 1
	}
	return out
}

// Share is a count of some among all, such as findings among examinations.
type Share struct {
	K int `json:"k"`
	N int `json:"n"`
}

// Add counts one more.
func (s *Share) Add(hit bool) {
	s.N++
	if hit {
		s.K++
	}
}

// Rate is K of N; NaN of none.
func (s Share) Rate() float64 { return float64(s.K) / float64(s.N) }

// Interval is the share's Wilson interval.
func (s Share) Interval() Interval { return Wilson(float64(s.K), float64(s.N)) }

// Difference returns a share minus another, independent one, and the 95 % interval of
// that. (Newcombe 1998, Stat. Med. 17:873, method 10: from the two Wilson intervals.) It
// is NaN and -1 to 1 where one of them counts nothing.
func Difference(a, b Share) (float64, Interval) {
	if a.N == 0 || b.N == 0 {
		return math.NaN(), Interval{-1, 1}
	}
	p, q, u, v := a.Rate(), b.Rate(), a.Interval(), b.Interval()
	return p - q, Interval{
		p - q - math.Hypot(p-u.Low, v.High-q),
		p - q + math.Hypot(u.High-p, q-v.Low),
	}
}

// Lift returns how many times as high a share is as another, independent one, and the
// 95 % interval of that. Half an event is added to either, so that a share of which
// nothing was found yet gives a number, with an interval that says how little it means.
// (Katz et al. 1978, Biometrics 34:469, with the correction of Walter 1975.) It is NaN
// and 0 to infinity where one of them counts nothing.
func Lift(a, b Share) (float64, Interval) {
	if a.N == 0 || b.N == 0 {
		return math.NaN(), Interval{0, math.Inf(1)}
	}
	k, n, l, m := float64(a.K)+0.5, float64(a.N)+0.5, float64(b.K)+0.5, float64(b.N)+0.5
	log := math.Log(k / n * m / l)
	half := z95 * math.Sqrt(1/k-1/n+1/l-1/m)
	return math.Exp(log), Interval{math.Exp(log - half), math.Exp(log + half)}
}
