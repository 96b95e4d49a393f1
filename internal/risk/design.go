package risk

import (
	"math"
)

// Example is one examined consignment, as learning sees it.
type Example struct {
	Fired     []Fired
	Found     bool
	Inclusion float64 // the probability with which it came to be examined, above 0: 1 by its score, the random share by the draw
}

// design is a set of examples in a form that is quick to weigh again and again.
type design struct {
	cells  []designCell // of all examples, one after another
	ends   []int32      // where each example's cells end
	found  []bool
	weight []float64
}

type designCell struct {
	feature  uint8 // number of the indicator, counted from 0
	family   uint8 // 0 for none
	strength float64
	rarity   float64
}

// designOf lays out the examples. Their weights are the inverse probabilities of
// inclusion to the power; scaled to sum up to the number of equal observations that
// would say as much (Kish), so that beside the prior they count for what they are.
func designOf(all []Example, power float64) *design {
	d := &design{ends: make([]int32, 0, len(all)), found: make([]bool, len(all)), weight: make([]float64, len(all))}
	var sum, squares float64
	for i := range all {
		for _, f := range all[i].Fired {
			if at, known := featureOf[f.Indicator]; known && f.Strength > 0 {
				d.cells = append(d.cells, designCell{uint8(at), familyNumber[at], f.Strength, f.Rarity})
			}
		}
		d.ends = append(d.ends, int32(len(d.cells)))
		d.found[i] = all[i].Found
		w := math.Pow(1/min(max(all[i].Inclusion, 1e-6), 1), power)
		d.weight[i] = w
		sum, squares = sum+w, squares+w*w
	}
	for i := range d.weight {
		d.weight[i] *= sum / squares
	}
	return d
}

// featureOf numbers the indicators by id, familyNumber their families by that number.
var featureOf, familyNumber = func() (map[string]int, []uint8) {
	feature, family := map[string]int{}, map[string]uint8{"": 0}
	var of []uint8
	for i, in := range indicators {
		feature[in.ID] = i
		if _, known := family[in.Family]; !known {
			family[in.Family] = uint8(len(family))
		}
		of = append(of, family[in.Family])
	}
	return feature, of
}()

// part returns examples from one on, up to but without another.
func (d *design) part(from, to int) *design {
	out := &design{cells: d.cells, ends: d.ends[from:to], found: d.found[from:to], weight: d.weight[from:to]}
	if from > 0 { // the first example begins where the one before it ends
		base := d.ends[from-1]
		out.cells = d.cells[base:]
		out.ends = make([]int32, to-from)
		for i, end := range d.ends[from:to] {
			out.ends[i] = end - base
		}
	}
	return out
}

// weighedCell is what one finding adds to a score, and how that changes with the weight of
// its indicator.
type weighedCell struct {
	feature       uint8
	family        uint8
	points, slope float64
}

// score returns the score of an example under the parameters, the base last, and what
// its findings add. It is Engine.Assess without rounding: strength times weight,
// corrected by rarity, damped within families. The slice is valid until the next call.
func (d *design) score(i int, parameters []float64, buffer []weighedCell) (float64, []weighedCell) {
	from := int32(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	out := buffer[:0]
	for _, c := range d.cells[from:d.ends[i]] {
		f := Fired{Strength: c.strength, Rarity: c.rarity}
		points, slope := f.contribution(parameters[c.feature])
		out = append(out, weighedCell{c.feature, c.family, points, slope})
		for k := len(out) - 1; k > 0 && before(out[k], out[k-1]); k-- { // a handful: sorted by insertion
			out[k], out[k-1] = out[k-1], out[k]
		}
	}
	sum := parameters[len(parameters)-1]
	var seen [maxFamilies]uint8
	for k := range out {
		x := &out[k]
		if x.family != 0 && x.points > 0 {
			half := 1 / float64(uint(1)<<min(seen[x.family], 30))
			seen[x.family]++
			x.points, x.slope = x.points*half, x.slope*half
		}
		sum += x.points
	}
	return sum, out
}

// before is the order in which findings of a family are damped. Which of two that
// contribute the same goes first makes no difference to the score.
func before(a, b weighedCell) bool {
	return a.points > b.points || a.points == b.points && a.feature < b.feature
}

// scores returns the scores of all examples.
func (d *design) scores(parameters []float64) []float64 {
	out := make([]float64, len(d.ends))
	buffer := make([]weighedCell, 0, 32)
	for i := range out {
		out[i], buffer = d.score(i, parameters, buffer)
	}
	return out
}
