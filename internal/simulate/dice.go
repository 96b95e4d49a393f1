package simulate

import (
	"math"
	"math/rand/v2"
	"time"
)

// dice is a deterministic source of chance. Two dice of one seed and different
// streams are independent, so that the history does not change the month.
type dice struct{ r *rand.Rand }

func newDice(seed, stream uint64) *dice {
	return &dice{rand.New(rand.NewPCG(seed, stream*0x9e3779b97f4a7c15+0x7469646577616974))}
}

func (d *dice) n(n int) int           { return d.r.IntN(n) }
func (d *dice) f() float64            { return d.r.Float64() }
func (d *dice) chance(p float64) bool { return d.r.Float64() < p }

// between returns an integer from lo to hi, both included.
func (d *dice) between(lo, hi int) int { return lo + d.r.IntN(hi-lo+1) }

// span returns a number from lo up to hi.
func (d *dice) span(lo, hi float64) float64 { return lo + (hi-lo)*d.r.Float64() }

// lognormal returns a positive number with the median and the sigma of its logarithm.
func (d *dice) lognormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*d.r.NormFloat64())
}

// pareto returns a number from 1 to max with a tail of the exponent: few are large.
func (d *dice) pareto(alpha, limit float64) float64 {
	return math.Min(limit, math.Pow(1-d.r.Float64(), -1/alpha))
}

// hours returns a duration between lo and hi hours, on the minute.
func (d *dice) hours(lo, hi float64) time.Duration {
	return (time.Duration(d.span(lo, hi) * float64(time.Hour))).Truncate(time.Minute)
}

// digits returns n decimal digits.
func (d *dice) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + d.r.IntN(10))
	}
	return string(b)
}

// letters returns n capital letters.
func (d *dice) letters(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('A' + d.r.IntN(26))
	}
	return string(b)
}

// one returns one of the list.
func one[T any](d *dice, list []T) T { return list[d.r.IntN(len(list))] }

// alias draws an index with given weights in constant time (Walker, Vose).
type alias struct {
	prob  []float64
	other []int
}

func newAlias(weights []float64) alias {
	n, sum := len(weights), 0.0
	for _, w := range weights {
		sum += w
	}
	a := alias{make([]float64, n), make([]int, n)}
	p := make([]float64, n)
	var small, large []int
	for i, w := range weights {
		p[i] = w / sum * float64(n)
		if p[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		a.prob[s], a.other[s] = p[s], l
		p[l] -= 1 - p[s]
		if p[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	for _, i := range append(small, large...) {
		a.prob[i], a.other[i] = 1, i
	}
	return a
}

func (a alias) draw(d *dice) int {
	i := d.n(len(a.prob))
	if d.f() < a.prob[i] {
		return i
	}
	return a.other[i]
}
