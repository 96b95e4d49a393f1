package risk

import "math"

// ridge is a penalised logistic regression: the parameters are the weights of the
// indicators, in their order, and the base, last.
type ridge struct {
	*design
	centre    []float64 // what the parameters are drawn to
	precision []float64 // how strongly: the inverse variance of a Gaussian prior; +Inf holds a parameter fast
	low, high []float64
}

// fitted is the most probable set of parameters.
type fitted struct {
	parameters []float64
	deviation  []float64 // posterior standard deviation, by the curvature there (Laplace)
}

// Limits of the iteration. Weights are rounded to 1/8 in the end, so that a way of a
// thousandth, or of a fiftieth where a fit only predicts, is none.
const (
	mostSteps  = 60
	mostHalves = 6
	exactly    = 1e-3
	nearly     = 0.02
)

// fit climbs from start to the maximum of the penalised log-likelihood, by Newton's
// method with the Gauss-Newton form of the curvature (for a plain logistic regression
// that is iteratively reweighted least squares) and step halving. It is deterministic.
// It ends when no parameter moves by more than enough.
func (r *ridge) fit(start []float64, enough float64) fitted {
	at := make([]float64, len(start))
	copy(at, start)
	r.clamp(at)
	value, gradient, curvature := r.look(at)
	for range mostSteps {
		step := r.step(at, gradient, curvature)
		next, size, better := r.advance(at, step, value, enough)
		if !better {
			break
		}
		at = next
		value, gradient, curvature = r.look(at)
		if size < enough {
			break
		}
	}
	out := fitted{at, make([]float64, len(at))}
	for i := range at { // a parameter that is held fast is known
		if math.IsInf(r.precision[i], 1) {
			hold(curvature, i)
		}
	}
	if curvature.factor() {
		for i, v := range curvature.inverseDiagonal() {
			if !math.IsInf(r.precision[i], 1) {
				out.deviation[i] = math.Sqrt(v)
			}
		}
	}
	return out
}

// look returns the penalised log-likelihood, its gradient and its negative curvature.
func (r *ridge) look(at []float64) (value float64, gradient []float64, curvature *symmetric) {
	n := len(at)
	gradient, curvature = make([]float64, n), newSymmetric(n)
	buffer := make([]weighedCell, 0, 32)
	base := n - 1
	for i := range r.ends {
		var z float64
		z, buffer = r.score(i, at, buffer)
		w := r.weight[i]
		p := sigmoid(z)
		value += w * logLikelihood(z, r.found[i])
		miss, h := -w*p, w*p*(1-p)
		if r.found[i] {
			miss = w * (1 - p)
		}
		gradient[base] += miss
		last := curvature.row(base)
		last[base] += h
		for k, c := range buffer {
			a := int(c.feature)
			gradient[a] += miss * c.slope
			last[a] += h * c.slope
			for _, e := range buffer[:k+1] {
				lo, hi := min(a, int(e.feature)), max(a, int(e.feature))
				curvature.row(hi)[lo] += h * c.slope * e.slope
			}
		}
	}
	for i := range at {
		if math.IsInf(r.precision[i], 1) {
			continue
		}
		off := at[i] - r.centre[i]
		value -= r.precision[i] * off * off / 2
		gradient[i] -= r.precision[i] * off
		curvature.row(i)[i] += r.precision[i]
	}
	return value, gradient, curvature
}

// step solves for Newton's step. What is held fast, and what stands at a bound and would
// go beyond it, does not move.
func (r *ridge) step(at, gradient []float64, curvature *symmetric) []float64 {
	m := newSymmetric(curvature.n)
	copy(m.a, curvature.a)
	step := make([]float64, len(at))
	copy(step, gradient)
	for i := range at {
		if math.IsInf(r.precision[i], 1) || at[i] <= r.low[i] && gradient[i] < 0 || at[i] >= r.high[i] && gradient[i] > 0 {
			hold(m, i)
			step[i] = 0
		}
	}
	if !m.factor() {
		return make([]float64, len(at)) // a prior keeps the curvature positive; without one there is no way on
	}
	m.solve(step)
	return step
}

// hold takes a parameter out of a system of equations.
func hold(m *symmetric, i int) {
	for k := range m.n {
		m.row(i)[k], m.row(k)[i] = 0, 0
	}
	m.row(i)[i] = 1
}

// advance goes along the step as far as that is better, and returns the longest way that
// a parameter went.
func (r *ridge) advance(at, step []float64, value, enough float64) (next []float64, size float64, better bool) {
	next = make([]float64, len(at))
	for half := range mostHalves {
		size = 0
		for i := range at {
			next[i] = at[i] + math.Ldexp(step[i], -half)
		}
		r.clamp(next)
		for i := range at {
			size = max(size, math.Abs(next[i]-at[i]))
		}
		if half > 0 && size < enough {
			break
		}
		if r.value(next) > value {
			return next, size, true
		}
	}
	return at, 0, false
}

func (r *ridge) value(at []float64) (value float64) {
	buffer := make([]weighedCell, 0, 32)
	for i := range r.ends {
		var z float64
		z, buffer = r.score(i, at, buffer)
		value += r.weight[i] * logLikelihood(z, r.found[i])
	}
	for i := range at {
		if off := at[i] - r.centre[i]; off != 0 && !math.IsInf(r.precision[i], 1) {
			value -= r.precision[i] * off * off / 2
		}
	}
	return value
}

func (r *ridge) clamp(at []float64) {
	for i := range at {
		if math.IsInf(r.precision[i], 1) {
			at[i] = r.centre[i]
			continue
		}
		at[i] = min(max(at[i], r.low[i]), r.high[i])
	}
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// logLikelihood is that of one observation whose log-odds are z.
func logLikelihood(z float64, found bool) float64 {
	if found {
		z = -z
	}
	if z > 0 { // -log(1+e^z), without overflow
		return -z - math.Log1p(math.Exp(-z))
	}
	return -math.Log1p(math.Exp(z))
}
