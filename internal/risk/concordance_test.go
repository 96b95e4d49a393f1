package risk

import (
	"testing"

	"pgregory.net/rapid"
)

// The concordance by counting every pair, with weights; its variance by a jackknife.
func TestConcordance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(30, 80).Draw(t, "n")
		var before, after, weight []float64
		var found []bool
		for i := range n {
			before = append(before, float64(rapid.IntRange(0, 12).Draw(t, "before")))
			after = append(after, float64(rapid.IntRange(0, 12).Draw(t, "after")))
			weight = append(weight, float64(rapid.IntRange(1, 3).Draw(t, "weight")))
			found = append(found, i%3 == 0)
		}
		c, ok := compareRankings(before, after, weight, found)
		if !ok {
			t.Fatal("too few of a kind")
		}
		if a, b := pairs(before, weight, found), pairs(after, weight, found); !within(c.before, a, 1e-9) || !within(c.after, b, 1e-9) || !within(c.gain, b-a, 1e-9) {
			t.Fatalf("%+v, counted %v and %v", c, a, b)
		}
		if c.variance < 0 || c.variance > 1 {
			t.Fatalf("variance %v", c.variance)
		}
	})
	if _, ok := compareRankings([]float64{1, 2}, []float64{1, 2}, []float64{1, 1}, []bool{true, false}); ok {
		t.Error("two examples are compared")
	}
}

func pairs(score, weight []float64, found []bool) float64 {
	var won, all float64
	for i := range score {
		for j := range score {
			if !found[i] || found[j] {
				continue
			}
			w := weight[i] * weight[j]
			all += w
			switch {
			case score[i] > score[j]:
				won += w
			case score[i] == score[j]:
				won += w / 2
			}
		}
	}
	return won / all
}

// The variance of the gain is about what the gain varies by from sample to sample.
func TestConcordanceVariance(t *testing.T) {
	lots := newLots(2)
	var gains []float64
	said := 0.0
	for range 400 {
		var before, after, weight []float64
		var found []bool
		for i := range 120 {
			hit := i%4 == 0
			x, e, f := 0.0, lots.NormFloat64(), lots.NormFloat64()
			if hit {
				x = 1
			}
			before, after = append(before, x+e+0.8*f), append(after, x+e)
			weight, found = append(weight, 1), append(found, hit)
		}
		c, _ := compareRankings(before, after, weight, found)
		gains = append(gains, c.gain)
		said += c.variance / 400
	}
	m, v := 0.0, 0.0
	for _, g := range gains {
		m += g / 400
	}
	for _, g := range gains {
		v += (g - m) * (g - m) / 399
	}
	if said < v*0.8 || said > v*1.25 {
		t.Errorf("variance said %g, seen %g", said, v)
	}
}
