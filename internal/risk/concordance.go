package risk

import (
	"math"
	"sort"
)

// concordance says how well scores put the found before the others: the chance that of
// one found and one not found the found one has the higher score (equal ones count half),
// which is the area under the ROC curve.
type concordance struct {
	before, after float64 // of two rankings of the same examples
	gain          float64 // after minus before
	variance      float64 // of the gain
}

// fewestOfAKind is how many of either kind a comparison needs.
const fewestOfAKind = 5

// compareRankings compares two scores of the same weighted examples. The variance of the
// gain is that of DeLong, DeLong and Clarke-Pearson 1988 (Biometrics 44:837) for paired
// rankings, with the examples' weights. ok is false where there are too few of a kind.
func compareRankings(before, after, weight []float64, found []bool) (c concordance, ok bool) {
	var hits, others []int
	for i, f := range found {
		if f {
			hits = append(hits, i)
		} else {
			others = append(others, i)
		}
	}
	if len(hits) < fewestOfAKind || len(others) < fewestOfAKind {
		return c, false
	}
	was, wasOther := placements(before, weight, hits, others)
	is, isOther := placements(after, weight, hits, others)
	c.before, c.after = mean(was, weight, hits), mean(is, weight, hits)
	c.gain = c.after - c.before
	for k := range was {
		was[k] = is[k] - was[k]
	}
	for k := range wasOther {
		wasOther[k] = isOther[k] - wasOther[k]
	}
	c.variance = varianceOfMean(was, weight, hits) + varianceOfMean(wasOther, weight, others)
	return c, true
}

// placements returns for each found one the weighted share of the others below it, and
// for each other the weighted share of the found above it.
func placements(score, weight []float64, hits, others []int) (ofHits, ofOthers []float64) {
	return shareBelow(score, weight, hits, others, 1), shareBelow(score, weight, others, hits, -1)
}

// shareBelow returns for each of some the weighted share of the rest whose score is lower,
// or higher where sign is -1; equal ones count half.
func shareBelow(score, weight []float64, some, rest []int, sign float64) []float64 {
	sorted := make([]int, len(rest))
	copy(sorted, rest)
	sort.SliceStable(sorted, func(a, b int) bool { return sign*score[sorted[a]] < sign*score[sorted[b]] })
	sums := make([]float64, len(sorted)+1)
	for k, i := range sorted {
		sums[k+1] = sums[k] + weight[i]
	}
	out := make([]float64, len(some))
	for k, i := range some {
		s := sign * score[i]
		lower := sort.Search(len(sorted), func(m int) bool { return sign*score[sorted[m]] >= s })
		upper := sort.Search(len(sorted), func(m int) bool { return sign*score[sorted[m]] > s })
		out[k] = (sums[lower] + sums[upper]) / 2 / sums[len(sorted)]
	}
	return out
}

func mean(x, weight []float64, of []int) float64 {
	var sum, all float64
	for k, i := range of {
		sum += weight[i] * x[k]
		all += weight[i]
	}
	return sum / all
}

func varianceOfMean(x, weight []float64, of []int) float64 {
	m := mean(x, weight, of)
	var sum, all float64
	for k, i := range of {
		sum += weight[i] * weight[i] * (x[k] - m) * (x[k] - m)
		all += weight[i]
	}
	return sum / (all * all) * float64(len(of)) / math.Max(1, float64(len(of)-1))
}
