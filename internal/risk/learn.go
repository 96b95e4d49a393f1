package risk

import (
	"math"
)

// Fit is what outcomes say about weights.
type Fit struct {
	Weights    Weights    `json:"weights"`   // to be put in force: those in force, where Supported is false
	Supported  bool       `json:"supported"` // the outcomes bear a change
	Estimates  []Estimate `json:"estimates"` // of every indicator that is not turned off, in their order; the base has the Indicator ""
	Validation Validation `json:"validation"`
	Examples   int        `json:"examples"`
	Found      int        `json:"found"`     // examples with a finding
	Effective  float64    `json:"effective"` // equal observations that would say as much
}

// Estimate is what outcomes say about one weight.
type Estimate struct {
	Indicator string   `json:"indicator"`
	Expert    LogOdds  `json:"expert"`   // what a person set, to which the estimate is drawn
	Current   LogOdds  `json:"current"`  // in force
	Value     float64  `json:"value"`    // estimated
	Interval  Interval `json:"interval"` // 95 %, of Value; as wide as the prior where nothing is known
	Weight    LogOdds  `json:"weight"`   // Value as the engine takes it
	Fired     int      `json:"fired"`    // examples in which it fired
	Nothing   bool     `json:"nothing"`  // it adds nothing to what the others say
}

// Validation says how the method did on outcomes that it had not seen: each part of the
// time was predicted from what came before it.
type Validation struct {
	Examples int      `json:"examples"` // that were predicted
	Found    int      `json:"found"`
	Penalty  float64  `json:"penalty"` // chosen: standard deviation of the prior of a weight; 0: none did well
	Before   float64  `json:"before"`  // chance that the weights in force put a found one before one that was not
	After    float64  `json:"after"`   // the same for weights learned
	Gain     Interval `json:"gain"`    // of After over Before, 95 %
}

// Bounds and constants of learning. The spreads of the prior are tried from narrow to
// wide; a weight learned keeps the sign that the expert gave it, and its least stays in
// force, so that the indicator goes on being seen.
var spreads = []float64{0.25, 0.5, 1, 2}

const (
	mostWeight     = 5
	baseSpread     = 3    // standard deviation of the prior of the base, while weights are learned
	baseTrust      = 1    // ... and when it is set in the end
	lowestBase     = -10  // about 1 in 20,000
	samplingPower  = 0.5  // see FitWeights
	validationFold = 4    // parts of the time
	fewestExamples = 100  // fewer say nothing
	fewestFound    = 20   // of either kind
	proof          = 3    // standard errors by which a gain must exceed nothing
	nothingFired   = 30   // fewer examples do not show that an indicator is worth nothing
	nothingShare   = 0.25 // of the expert's weight, at most, is nothing
)

// FitWeights estimates weights from examined consignments, which stand in the order of
// time, by logistic regression with a Gaussian prior (a ridge penalty) whose centre are
// the weights that experts gave.
//
// What is fitted is the score itself. The engine adds up, for each finding, strength
// times weight, corrected by how rare the like is in the unit's traffic, and damped
// within its family (Engine.Assess); the regression's prediction is that sum, without its
// rounding, of the weights that it seeks, so that a weight learned is a weight that the
// engine can take. The sum bends where a correction reaches its bounds, so every step of
// the iteration (Newton's, with the Gauss-Newton curvature) takes the slope of each
// finding anew. Findings at a bound have none: of an indicator that is so common that it
// counts its least whatever its weight, outcomes say nothing and the expert's weight
// stays.
//
// Consignments come to be examined because their score is high, and a study of the
// examined alone can mislead: among them indicators seem to exclude each other, as it
// took either to come this far. Two things are done about it. The probability of a
// finding is modelled given everything that made the score, so that selection by the
// score, which depends on nothing else, leaves the estimate valid as far as the score has
// the right form (Little and Rubin 2002: selection at random given the covariates).
// Where it has not, the examined stand for too little of the traffic; the randomly drawn
// stand for the rest, and count by a power of their inverse probability of inclusion. The
// full inverse (power 1) would be right for every form of the score, but with a share of
// 1 in 100 few dozen drawn consignments would outvote thousands, and the estimate would
// be noise; the square root is between the two. For the same reason consignments that an
// officer or a message chose do not belong among the examples: they were chosen by what
// the score cannot see.
//
// How strongly the prior holds is chosen by predicting the second, third and last quarter
// of the time each from what came before it. Weights are proposed only where they put the
// found before the others better than those in force by more than chance (3 standard
// errors of the paired difference); flattening all weights, which helps to calibrate and
// not to rank, is no gain by that measure. The base is set last: so that, with full
// inverse probabilities, as many findings are expected as there were.
//
// The result is a function of the arguments alone.
func FitWeights(examples []Example, expert, current Weights) Fit {
	out := Fit{Weights: current, Examples: len(examples)}
	for i := range examples {
		if examples[i].Found {
			out.Found++
		}
	}
	if len(examples) < fewestExamples || out.Found < fewestFound || len(examples)-out.Found < fewestFound {
		return out
	}
	all := designOf(examples, samplingPower)
	for _, w := range all.weight {
		out.Effective += w
	}
	problem := newRidge(all, expert)
	out.Validation = problem.validate(parametersOf(current))
	spread := out.Validation.Penalty
	if spread == 0 {
		spread = spreads[1] // to show what the outcomes say, even where they do not prove it
	}
	problem.spread(spread)
	best := problem.fit(problem.centre, exactly)
	best.setBase(examples, expert)
	out.Estimates = estimatesOf(best, examples, expert, current)
	if out.Validation.Penalty > 0 {
		out.Weights = weightsOf(best.parameters, current)
		out.Supported = true
	}
	return out
}

// parametersOf lays weights out in the order of the indicators, the base last.
func parametersOf(w Weights) []float64 {
	out := make([]float64, len(indicators)+1)
	for i, in := range indicators {
		out[i] = float64(w.Indicators[in.ID])
	}
	out[len(indicators)] = float64(w.Base)
	return out
}

// weightsOf rounds parameters to what the engine takes. An indicator that is turned off
// stays off.
func weightsOf(parameters []float64, current Weights) Weights {
	out := Weights{Base: Round(parameters[len(indicators)]), Indicators: map[string]LogOdds{}}
	for i, in := range indicators {
		if current.Indicators[in.ID] != 0 {
			out.Indicators[in.ID] = Round(parameters[i])
		} else {
			out.Indicators[in.ID] = 0
		}
	}
	return out
}

func newRidge(d *design, expert Weights) *ridge {
	r := &ridge{design: d, centre: parametersOf(expert)}
	for _, in := range indicators {
		w := expert.Indicators[in.ID]
		low, high := float64(leastWeight), float64(mostWeight)
		if w < 0 {
			low, high = -high, -low
		}
		r.low, r.high = append(r.low, min(low, float64(w))), append(r.high, max(high, float64(w)))
	}
	r.low, r.high = append(r.low, lowestBase), append(r.high, 0)
	r.spread(spreads[0])
	return r
}

// spread sets how far the weights may stray from the experts'. Indicators that are turned
// off do not.
func (r *ridge) spread(deviation float64) {
	r.precision = make([]float64, len(r.centre))
	for i, c := range r.centre {
		r.precision[i] = 1 / (deviation * deviation)
		if c == 0 {
			r.precision[i] = math.Inf(1)
		}
	}
	r.precision[len(indicators)] = 1.0 / (baseSpread * baseSpread)
}

// validate predicts each part of the time but the first from what came before it, with
// every spread, and chooses the spread that ranks best, if any is better than the
// weights in force beyond doubt.
func (r *ridge) validate(current []float64) Validation {
	n := len(r.ends)
	gains := make([]concordance, len(spreads))
	folds := 0
	var v Validation
	for k := 1; k < validationFold; k++ {
		from, to := n*k/validationFold, n*(k+1)/validationFold
		seen, unseen := r.part(0, from), r.part(from, to)
		reference := unseen.scores(current)
		train := &ridge{design: seen, centre: r.centre, low: r.low, high: r.high}
		start, counted := r.centre, false
		for s, spread := range spreads {
			train.spread(spread)
			start = train.fit(start, nearly).parameters
			c, ok := compareRankings(reference, unseen.scores(start), unseen.weight, unseen.found)
			if !ok {
				break
			}
			counted = true
			gains[s].before += c.before
			gains[s].after += c.after
			gains[s].gain += c.gain
			gains[s].variance += c.variance
		}
		if counted {
			folds++
			v.Examples += to - from
			for _, f := range unseen.found {
				if f {
					v.Found++
				}
			}
		}
	}
	if folds > 0 {
		v.choose(gains, float64(folds))
	}
	return v
}

// choose takes the best of the spreads, if it is proved.
func (v *Validation) choose(gains []concordance, folds float64) {
	best := 0
	for s, g := range gains {
		if g.gain > gains[best].gain {
			best = s
		}
	}
	if gains[best].gain > proof*math.Sqrt(gains[best].variance) {
		v.Penalty = spreads[best]
	}
	g := gains[best]
	half := z95 * math.Sqrt(g.variance) / folds
	v.Before, v.After = g.before/folds, g.after/folds
	v.Gain = Interval{g.gain/folds - half, g.gain/folds + half}
}

// setBase finds the base with which as many findings are expected, over examples weighted
// by their full inverse probability of inclusion, as there were; drawn to the experts'.
func (f *fitted) setBase(examples []Example, expert Weights) {
	d := designOf(examples, 1)
	base := len(f.parameters) - 1
	f.parameters[base] = 0
	rest := d.scores(f.parameters)
	b, precision := float64(expert.Base), 1.0/(baseTrust*baseTrust)
	curvature := precision
	for range mostSteps {
		gradient := -precision * (b - float64(expert.Base))
		curvature = precision
		for i, s := range rest {
			p := sigmoid(b + s)
			curvature += d.weight[i] * p * (1 - p)
			gradient -= d.weight[i] * p
			if d.found[i] {
				gradient += d.weight[i]
			}
		}
		step := min(max(gradient/curvature, -1), 1)
		if b += step; math.Abs(step) < exactly {
			break
		}
	}
	f.parameters[base] = min(max(b, lowestBase), 0)
	f.deviation[base] = 1 / math.Sqrt(curvature)
}

func estimatesOf(f fitted, examples []Example, expert, current Weights) []Estimate {
	fired := make([]int, len(indicators))
	for i := range examples {
		for _, x := range examples[i].Fired {
			if at, known := featureOf[x.Indicator]; known {
				fired[at]++
			}
		}
	}
	var out []Estimate
	add := func(id string, at, fired int, expert, current LogOdds) {
		value, half := f.parameters[at], z95*f.deviation[at]
		e := Estimate{Indicator: id, Expert: expert, Current: current, Value: value, Interval: Interval{value - half, value + half},
			Weight: Round(value), Fired: fired}
		e.Nothing = id != "" && fired >= nothingFired && expert > leastWeight && e.Interval.High < float64(expert) &&
			value <= max(nothingShare*float64(expert), float64(leastWeight))
		out = append(out, e)
	}
	base := len(indicators)
	add("", base, len(examples), expert.Base, current.Base)
	for i, in := range indicators {
		if current.Indicators[in.ID] != 0 && expert.Indicators[in.ID] != 0 {
			add(in.ID, i, fired[i], expert.Indicators[in.ID], current.Indicators[in.ID])
		}
	}
	return out
}
