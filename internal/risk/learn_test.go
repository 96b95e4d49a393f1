package risk

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tidewaiter/internal/cargo"
)

// newLots is a source of chance that is the same each time.
func newLots(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// examined makes examples whose findings follow the true weights: indicators fire at random,
// each with some strength, and a finding is there with the odds of the score.
func examined(n int, seed uint64, truth Weights, share float64) []Example {
	lots := newLots(seed)
	w := weigher{Weights: truth}
	out := make([]Example, 0, n)
	for len(out) < n {
		e := Example{Inclusion: 1}
		for i, in := range indicators {
			if lots.Float64() < 0.02+0.04*float64(i%5)/5 {
				e.Fired = append(e.Fired, Fired{Indicator: in.ID, Strength: 0.5 + lots.Float64()})
			}
		}
		z := float64(w.score(e.Fired, false))
		e.Found = lots.Float64() < sigmoid(z)
		if share > 0 && z < -2 { // its score lets it pass, but for the draw
			if lots.Float64() >= share {
				continue
			}
			e.Inclusion = share
		}
		out = append(out, e)
	}
	return out
}

// moved are the program's weights with some changed.
func moved(change map[string]LogOdds) Weights {
	w := WeightsOf(DefaultSettings())
	for id, x := range change {
		w.Indicators[id] = x
	}
	return w
}

var planted = map[string]LogOdds{"P01": 3.5, "D01": 0.125, "G11": 0.125, "C04": 3, "S01": 0.5, "W07": 0.25, "P05": 3}

func estimateOf(t *testing.T, f Fit, id string) Estimate {
	t.Helper()
	for _, e := range f.Estimates {
		if e.Indicator == id {
			return e
		}
	}
	t.Fatalf("no estimate of %q", id)
	return Estimate{}
}

// Weights that made the outcomes are found again, within their intervals.
func TestWeightsAreRecovered(t *testing.T) {
	truth, expert := moved(planted), WeightsOf(DefaultSettings())
	for name, share := range map[string]float64{"all examined": 0, "selected by the score": 0.05} {
		t.Run(name, func(t *testing.T) {
			f := FitWeights(examined(6000, 3, truth, share), expert, expert)
			if !f.Supported || f.Validation.Gain.Low <= 0 {
				t.Fatalf("not supported: %+v", f.Validation)
			}
			for id, want := range planted {
				e := estimateOf(t, f, id)
				if !(math.Abs(e.Value-float64(want)) < math.Abs(e.Value-float64(e.Expert))) {
					t.Errorf("%s: %.2f lies nearer to the expert's %v than to the true %v", id, e.Value, e.Expert, want)
				}
			}
			held := 0
			for _, e := range f.Estimates {
				if e.Indicator != "" && e.Interval.Low <= float64(truth.Indicators[e.Indicator]) && float64(truth.Indicators[e.Indicator]) <= e.Interval.High {
					held++
				}
			}
			if held < (len(f.Estimates)-1)*88/100 {
				t.Errorf("%d of %d intervals hold the true weight", held, len(f.Estimates)-1)
			}
			if e := estimateOf(t, f, "G11"); !e.Nothing {
				t.Errorf("an indicator that is worth nothing is not called so: %+v", e)
			}
			if e := estimateOf(t, f, "P01"); e.Nothing {
				t.Errorf("the best indicator is called worth nothing: %+v", e)
			}
		})
	}
}

// Outcomes that have nothing to do with the findings change nothing.
func TestShuffledOutcomesMoveNothing(t *testing.T) {
	expert := WeightsOf(DefaultSettings())
	for seed := range uint64(6) {
		all := examined(2000, seed, moved(planted), 0.05)
		lots := newLots(seed + 100)
		lots.Shuffle(len(all), func(i, j int) { all[i].Found, all[j].Found = all[j].Found, all[i].Found })
		if f := FitWeights(all, expert, expert); f.Supported || !sameWeights(f.Weights, expert) {
			t.Errorf("seed %d: %+v", seed, f.Validation)
		}
	}
}

func sameWeights(a, b Weights) bool {
	for id, w := range a.Indicators {
		if b.Indicators[id] != w {
			return false
		}
	}
	return a.Base == b.Base && len(a.Indicators) == len(b.Indicators)
}

// Without data, or with too little, the experts' weights stand.
func TestPriorRulesWithoutData(t *testing.T) {
	expert := WeightsOf(DefaultSettings())
	for _, n := range []int{0, 1, 60} {
		if f := FitWeights(examined(n, 1, moved(planted), 0), expert, expert); f.Supported || !sameWeights(f.Weights, expert) || len(f.Estimates) != 0 {
			t.Errorf("%d examples: %+v", n, f)
		}
	}
	r := newRidge(designOf(nil, samplingPower), expert)
	got := r.fit(r.centre, exactly)
	for i, x := range got.parameters {
		if x != r.centre[i] {
			t.Errorf("parameter %d moved to %v from %v without data", i, x, r.centre[i])
		}
		if i < len(indicators) && !within(got.deviation[i], spreads[0], 1e-9) {
			t.Errorf("parameter %d is known to %v without data, want the prior's %v", i, got.deviation[i], spreads[0])
		}
	}
	// An indicator that never fired keeps its weight, however much is known of others.
	all := examined(3000, 9, moved(planted), 0)
	for i := range all {
		all[i].Fired = slices.DeleteFunc(all[i].Fired, func(f Fired) bool { return f.Indicator == "S02" })
	}
	if e := estimateOf(t, FitWeights(all, expert, expert), "S02"); e.Weight != e.Expert || e.Fired != 0 {
		t.Errorf("of no examples: %+v", e)
	}
}

func TestFitIsAFunction(t *testing.T) {
	expert := WeightsOf(DefaultSettings())
	all := examined(1200, 4, moved(planted), 0.1)
	a, b := FitWeights(all, expert, expert), FitWeights(all, expert, expert)
	if !sameWeights(a.Weights, b.Weights) || a.Validation != b.Validation || !slices.Equal(a.Estimates, b.Estimates) {
		t.Error("the same examples give different fits")
	}
}

// An indicator that the unit turned off stays off; signs stay; all are steps in bounds.
func TestLearnedWeightsCanBeTaken(t *testing.T) {
	current := moved(map[string]LogOdds{"P02": 0})
	expert := moved(map[string]LogOdds{"P02": 0})
	f := FitWeights(examined(4000, 8, moved(planted), 0.05), expert, current)
	if !f.Supported {
		t.Fatalf("%+v", f.Validation)
	}
	s := DefaultSettings()
	s.Base, s.Weights = f.Weights.Base, f.Weights.Indicators
	if _, err := NewEngine(s); err != nil {
		t.Error(err)
	}
	for id, w := range f.Weights.Indicators {
		if id == "P02" && w != 0 || id != "P02" && (w == 0 || w > mostWeight || (w < 0) != (expert.Indicators[id] < 0)) {
			t.Errorf("%s: %v", id, w)
		}
	}
}

// At the maximum the gradient is zero, but for what stands at a bound; nothing near it is
// better. The likelihood is written out here a second time. Families are left out, as
// their damping has edges, and a maximum may stand on one.
func TestMaximum(t *testing.T) {
	all := examined(800, 12, moved(planted), 0.2)
	for i := range all {
		all[i].Fired = slices.DeleteFunc(all[i].Fired, func(f Fired) bool { return familyOf[f.Indicator] != "" })
	}
	expert := WeightsOf(DefaultSettings())
	r := newRidge(designOf(all, samplingPower), expert)
	r.spread(1)
	best := r.fit(r.centre, 1e-9).parameters
	value := func(at []float64) float64 {
		sum, squares, out := 0.0, 0.0, 0.0
		for _, e := range all {
			sum += math.Sqrt(1 / e.Inclusion)
			squares += 1 / e.Inclusion
		}
		for _, e := range all {
			w := weigher{Weights: Weights{Base: LogOdds(at[len(indicators)]), Indicators: map[string]LogOdds{}}}
			for i, in := range indicators {
				w.Indicators[in.ID] = LogOdds(at[i])
			}
			p := 1 / (1 + math.Exp(-float64(w.score(e.Fired, false))))
			if !e.Found {
				p = 1 - p
			}
			out += math.Sqrt(1/e.Inclusion) * sum / squares * math.Log(p)
		}
		for i := range at {
			deviation := 1.0
			if i == len(indicators) {
				deviation = baseSpread
			}
			out -= (at[i] - r.centre[i]) * (at[i] - r.centre[i]) / (2 * deviation * deviation)
		}
		return out
	}
	top := value(best)
	if got := r.value(best); !within(got, top, 1e-6) {
		t.Errorf("the value is %v, written out %v", got, top)
	}
	for i := range best {
		if best[i] <= r.low[i] || best[i] >= r.high[i] {
			continue
		}
		for _, off := range []float64{-0.02, 0.02} {
			at := slices.Clone(best)
			if at[i] += off; value(at) > top+1e-9 {
				t.Errorf("parameter %d at %.3f: %+.2f is better by %g", i, best[i], off, value(at)-top)
			}
		}
	}
	_, gradient, _ := r.look(best)
	for i, g := range gradient {
		if best[i] > r.low[i] && best[i] < r.high[i] && math.Abs(g) > 1e-4 {
			t.Errorf("parameter %d: gradient %g at the maximum", i, g)
		}
	}
}

// One indicator without a prior has a closed form: of a two by two table the log-odds
// ratio, with the standard error of Woolf 1955.
func TestTwoByTwo(t *testing.T) {
	var all []Example
	add := func(n int, fires, found bool) {
		for range n {
			e := Example{Found: found, Inclusion: 1}
			if fires {
				e.Fired = []Fired{{Indicator: "W07", Strength: 1}}
			}
			all = append(all, e)
		}
	}
	add(40, true, true)
	add(20, true, false)
	add(30, false, true)
	add(110, false, false)
	r := newRidge(designOf(all, 1), WeightsOf(DefaultSettings()))
	r.spread(1e6)
	r.precision[len(indicators)] = 1e-12
	got := r.fit(r.centre, 1e-9)
	at := featureOf["W07"]
	if want := math.Log(40.0 * 110 / (20 * 30)); !within(got.parameters[at], want, 1e-6) {
		t.Errorf("log-odds ratio %v, want %v", got.parameters[at], want)
	}
	if want := math.Sqrt(1./40 + 1./20 + 1./30 + 1./110); !within(got.deviation[at], want, 1e-6) {
		t.Errorf("standard error %v, want %v", got.deviation[at], want)
	}
	if want := math.Log(30. / 110); !within(got.parameters[len(indicators)], want, 1e-6) {
		t.Errorf("base %v, want %v", got.parameters[len(indicators)], want)
	}
}

// What firedOf reads back weighs like what the engine found.
func TestFiredWeighsLikeTheEngine(t *testing.T) {
	engine := testEngine(t)
	memory := NewMemory()
	weights := WeightsOf(testSettings())
	exact, all, damped, corrected := 0, 0, 0, 0
	for _, c := range trades(900) {
		a := engine.AssessAll([]*cargo.Consignment{c}, memory)[0]
		fired := firedOf(a.Findings, func(id string) LogOdds { return weights.Indicators[id] })
		if len(fired) != len(a.Findings) {
			t.Fatalf("%d findings, %d read back", len(a.Findings), len(fired))
		}
		for i, f := range a.Findings {
			for _, e := range f.Evidence {
				switch e.Note.ID {
				case "damped":
					damped++
				case "common", "rare":
					corrected++
					if fired[i].Rarity == 0 {
						t.Errorf("%s: the correction was not read: %v", f.Indicator, e.Note)
					}
				}
			}
		}
		all++
		off := weights.Score(fired) - a.Score
		if off == 0 {
			exact++
		}
		if limit := Step * LogOdds(1+len(fired)); off > limit || off < -limit {
			t.Errorf("%s: %v weighed anew, %v by the engine", c.Document.Number, a.Score+off, a.Score)
		}
	}
	if damped == 0 || corrected == 0 {
		t.Errorf("%d damped, %d corrected: the test shows little", damped, corrected)
	}
	if exact < all*8/10 {
		t.Errorf("%d of %d scores are weighed anew to the digit", exact, all)
	}
}

// BenchmarkFitWeights is the size that a large unit reaches in years.
func BenchmarkFitWeights(b *testing.B) {
	expert := WeightsOf(DefaultSettings())
	all := examined(30_000, 1, moved(planted), 0.02)
	for b.Loop() {
		FitWeights(all, expert, expert)
	}
}
