package risk

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func within(a, b, by float64) bool { return math.Abs(a-b) <= by }

// Published values: Newcombe 1998 (Stat. Med. 17:857, table I, method 3) for single
// shares.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      float64
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
		{29, 29, 0.8830, 1},
		{0, 0, 0, 1},
	} {
		got := Wilson(c.k, c.n)
		if !within(got.Low, c.low, 6e-5) || !within(got.High, c.high, 6e-5) {
			t.Errorf("%v of %v: %.4f to %.4f, want %.4f to %.4f", c.k, c.n, got.Low, got.High, c.low, c.high)
		}
	}
}

// Published values: Newcombe 1998 (Stat. Med. 17:873, table II, method 10) for
// differences of shares.
func TestDifference(t *testing.T) {
	for _, c := range []struct {
		a, b      Share
		d         float64
		low, high float64
	}{
		{Share{56, 70}, Share{48, 80}, 0.2, 0.0524, 0.3339},
		{Share{9, 10}, Share{3, 10}, 0.6, 0.1705, 0.8090},
		{Share{6, 7}, Share{2, 7}, 0.5714, 0.0582, 0.8062},
		{Share{5, 56}, Share{0, 29}, 0.0893, -0.0381, 0.1926},
		{Share{0, 10}, Share{0, 20}, 0, -0.1611, 0.2775},
		{Share{10, 10}, Share{0, 10}, 1, 0.6075, 1},
	} {
		d, in := Difference(c.a, c.b)
		if !within(d, c.d, 6e-5) || !within(in.Low, c.low, 6e-5) || !within(in.High, c.high, 6e-5) {
			t.Errorf("%v and %v: %.4f, %.4f to %.4f, want %.4f, %.4f to %.4f", c.a, c.b, d, in.Low, in.High, c.d, c.low, c.high)
		}
	}
	if d, in := Difference(Share{1, 2}, Share{}); !math.IsNaN(d) || in != (Interval{-1, 1}) {
		t.Errorf("beside nothing: %v %v", d, in)
	}
}

func TestLift(t *testing.T) {
	// By hand: (30.5/100.5)/(5.5/100.5), and 1.96 * sqrt(1/30.5 - 1/100.5 + 1/5.5 - 1/100.5).
	lift, in := Lift(Share{30, 100}, Share{5, 100})
	if !within(lift, 5.5455, 1e-4) || !within(in.Low, 5.5455*math.Exp(-0.8642), 2e-3) || !within(in.High, 5.5455*math.Exp(0.8642), 2e-2) {
		t.Errorf("%v %v", lift, in)
	}
	if lift, in := Lift(Share{3, 10}, Share{}); !math.IsNaN(lift) || !math.IsInf(in.High, 1) {
		t.Errorf("beside nothing: %v %v", lift, in)
	}
}

// Whatever the counts: an interval holds its share, lies within 0 and 1, and gets no
// wider with ten times the observations; the same shares differ by nothing; a lift turned
// round is its inverse.
func TestIntervalsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		share := func(name string) Share {
			n := rapid.IntRange(1, 5000).Draw(t, name+" of")
			return Share{rapid.IntRange(0, n).Draw(t, name), n}
		}
		a, b := share("a"), share("b")
		in := a.Interval()
		if p := a.Rate(); in.Low < 0 || in.High > 1 || p < in.Low-1e-12 || p > in.High+1e-12 {
			t.Fatalf("%v: %v", a, in)
		}
		if more := (Share{10 * a.K, 10 * a.N}).Interval(); more.High-more.Low > in.High-in.Low {
			t.Fatalf("%v: more observations make %v of %v", a, more, in)
		}
		d, of := Difference(a, b)
		e, back := Difference(b, a)
		if !within(d, -e, 1e-12) || !within(of.Low, -back.High, 1e-12) || d < of.Low-1e-12 || d > of.High+1e-12 {
			t.Fatalf("%v and %v: %v %v, turned round %v %v", a, b, d, of, e, back)
		}
		l, up := Lift(a, b)
		m, down := Lift(b, a)
		if !within(l*m, 1, 1e-9) || !within(up.Low*down.High, 1, 1e-9) || l < up.Low || l > up.High {
			t.Fatalf("%v over %v: %v %v, turned round %v %v", a, b, l, up, m, down)
		}
	})
}

func draws(n, found int, share float64) []Drawn {
	out := make([]Drawn, n)
	for i := range out {
		out[i] = Drawn{share, i < found}
	}
	return out
}

func TestEstimateMissed(t *testing.T) {
	// One stratum, one probability: the plain share and its Wilson interval.
	m := EstimateMissed([]Stratum{{10_000, draws(100, 2, 0.01)}})
	in := Wilson(2, 100)
	if m.Drawn != 100 || m.Found != 2 || !within(m.Findings, 200, 1e-9) || m.Certainty != Rough {
		t.Errorf("%+v", m)
	}
	// The small correction of the variance makes the interval a little wider, never narrower.
	if m.Interval.Low > 1e4*in.Low || m.Interval.High < 1e4*in.High || m.Interval.High > 1.1e4*in.High {
		t.Errorf("%v, want about %v times 10,000", m.Interval, in)
	}
	// A unit that raised its share: the early ones stand for ten times as many each.
	mixed := append(draws(50, 5, 0.01), draws(500, 0, 0.1)...)
	if m := EstimateMissed([]Stratum{{10_000, mixed}}); !within(m.Findings, 1e4*500.0/10_000, 1e-6) {
		t.Errorf("found by inverse inclusion: %v, want 500", m.Findings)
	}
	// Strata count by what passed in them, not by what was drawn.
	m = EstimateMissed([]Stratum{{1000, draws(100, 10, 0.1)}, {9000, draws(100, 0, 0.01)}})
	if !within(m.Findings, 100, 1e-9) || m.Interval.Low <= 0 || m.Interval.High <= 100 || m.Interval.High > 1000 {
		t.Errorf("%+v", m)
	}
	// Nothing found does not mean that there is nothing.
	m = EstimateMissed([]Stratum{{5000, draws(30, 0, 0.01)}})
	if m.Findings != 0 || m.Interval.Low != 0 || m.Interval.High < 400 || m.Certainty != TooFew {
		t.Errorf("%+v", m)
	}
	if m := EstimateMissed(nil); m.Findings != 0 || m.Certainty != TooFew || m.Interval != (Interval{0, 0}) {
		t.Errorf("of nothing: %+v", m)
	}
}

// With a draw of known probability the estimate hits the truth on average, and its
// interval holds the truth about as often as it says.
func TestMissedCovers(t *testing.T) {
	dice := newLots(5)
	const worlds, passed, guilty = 400, 6000, 45
	sum, held := 0.0, 0
	for range worlds {
		var all []Drawn
		for i := range passed {
			if dice.Float64() < 0.03 {
				all = append(all, Drawn{0.03, i < guilty})
			}
		}
		m := EstimateMissed([]Stratum{{passed, all}})
		sum += m.Findings
		if m.Interval.Low <= guilty && guilty <= m.Interval.High {
			held++
		}
	}
	if mean := sum / worlds; !within(mean, guilty, 5) {
		t.Errorf("on average %.1f, want %d", mean, guilty)
	}
	if held < worlds*92/100 {
		t.Errorf("the interval held the truth in %d of %d worlds", held, worlds)
	}
}
