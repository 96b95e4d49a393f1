package simulate

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"
)

// PlantedInHead tells of each planted document whether it is in the head of the ranking:
// its share with the highest scores, as Evaluate counts it.
func PlantedInHead(scores []Scored, truth []Truth, share float64) map[string]bool {
	list, _, _ := ranking(scores, truth)
	out := map[string]bool{}
	count := int(math.Ceil(share * float64(len(list))))
	for i, x := range list {
		if x.truth.Planted {
			out[x.truth.Document] = i < count
		}
	}
	return out
}

// LearnedWorld is what learning did in one world. Of each planted document of the month
// that was ranked, the maps say whether it came into the head of the ranking.
type LearnedWorld struct {
	Seed              uint64
	Examined, Found   int     // in the months that were learned from
	Supported         bool    // the outcomes bore other weights
	ShuffledSupported bool    // ... and so did outcomes dealt out at random
	Before, After     float64 // chance that a found one outranks another, on outcomes not seen: experts' and learned weights
	Prior             map[string]bool
	Learned           map[string]bool
	Shuffled          map[string]bool
}

// LearnReport is the experiment over several worlds.
type LearnReport struct{ Worlds []LearnedWorld }

// Difference is a share of planted documents in the head minus another one.
type Difference struct{ Value, Low, High float64 }

// bootstraps is how often the worlds are drawn anew.
const bootstraps = 4000

// difference compares two rankings of the same planted documents, with the 95 % interval
// of the percentile bootstrap in two stages (Davison and Hinkley 1997, §3.8): worlds are
// drawn with repetition, as each has its own outcomes and so its own weights, and within
// each its planted documents.
func (r LearnReport) difference(of, from func(LearnedWorld) map[string]bool) Difference {
	worlds := make([][]float64, len(r.Worlds))
	var sum, n float64
	for k, w := range r.Worlds {
		is, was := of(w), from(w)
		for _, doc := range slices.Sorted(maps.Keys(is)) { // in one order, for the dice
			d := asNumber(is[doc]) - asNumber(was[doc])
			worlds[k] = append(worlds[k], d)
			sum += d
			n++
		}
	}
	if n == 0 {
		return Difference{math.NaN(), math.NaN(), math.NaN()}
	}
	dice := rand.New(rand.NewPCG(1, uint64(len(worlds))))
	means := make([]float64, bootstraps)
	for b := range means {
		var sum, n float64
		for range worlds {
			w := worlds[dice.IntN(len(worlds))]
			for range w {
				sum += w[dice.IntN(len(w))]
				n++
			}
		}
		means[b] = sum / max(n, 1)
	}
	slices.Sort(means)
	return Difference{sum / n, means[bootstraps*25/1000], means[bootstraps*975/1000]}
}

func asNumber(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func ofPrior(w LearnedWorld) map[string]bool    { return w.Prior }
func ofLearned(w LearnedWorld) map[string]bool  { return w.Learned }
func ofShuffled(w LearnedWorld) map[string]bool { return w.Shuffled }

// Gain is what learned weights add to the experts'.
func (r LearnReport) Gain() Difference { return r.difference(ofLearned, ofPrior) }

// Control is what weights learned from outcomes dealt out at random add.
func (r LearnReport) Control() Difference { return r.difference(ofShuffled, ofPrior) }

// String prints each world, and the differences over all.
func (r LearnReport) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "seed\texamined\tfound\tunseen outcomes: before\tafter\tplanted\tin top 5 %: experts\tlearned\tshuffled\t")
	var sums [4]int
	for _, x := range r.Worlds {
		row := [4]int{len(x.Prior), count(x.Prior), count(x.Learned), count(x.Shuffled)}
		for i := range row {
			sums[i] += row[i]
		}
		fmt.Fprintf(w, "%d\t%d\t%d\t%.3f\t%.3f\t%d\t%d\t%d%s\t%d%s\t\n", x.Seed, x.Examined, x.Found, x.Before, x.After,
			row[0], row[1], row[2], kept(x.Supported), row[3], kept(x.ShuffledSupported))
	}
	fmt.Fprintf(w, "all\t\t\t\t\t%d\t%.1f %%\t%.1f %%\t%.1f %%\t\n", sums[0], 100*ratio(sums[1], sums[0]), 100*ratio(sums[2], sums[0]), 100*ratio(sums[3], sums[0]))
	w.Flush()
	for _, x := range []struct {
		name string
		Difference
	}{{"learned over experts' weights", r.Gain()}, {"shuffled over experts' weights", r.Control()}} {
		fmt.Fprintf(&b, "%s: %+.1f points (95 %% interval %+.1f to %+.1f)\n", x.name, 100*x.Value, 100*x.Low, 100*x.High)
	}
	if slices.ContainsFunc(r.Worlds, func(x LearnedWorld) bool { return !x.Supported || !x.ShuffledSupported }) {
		b.WriteString("= the outcomes did not bear other weights, and the experts' stayed\n")
	}
	return b.String()
}

func kept(supported bool) string {
	if supported {
		return ""
	}
	return "="
}

func count(m map[string]bool) (n int) {
	for _, yes := range m {
		if yes {
			n++
		}
	}
	return n
}

// ranking sorts the month's documents by score, as Evaluate says.
func ranking(scores []Scored, truth []Truth) (list []ranked, missing, unknown int) {
	byDocument := make(map[string]float64, len(scores))
	for _, s := range scores {
		if old, seen := byDocument[s.Document]; !seen || s.Score > old {
			byDocument[s.Document] = s.Score
		}
	}
	known := make(map[string]bool, len(truth))
	list = make([]ranked, 0, len(truth))
	for _, t := range truth {
		known[t.Document] = true
		if t.Period == Past {
			continue
		}
		s, ok := byDocument[t.Document]
		if !ok || math.IsNaN(s) {
			s = math.Inf(-1)
			missing++
		}
		list = append(list, ranked{t, s})
	}
	for doc := range byDocument {
		if !known[doc] {
			unknown++
		}
	}
	slices.SortFunc(list, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.truth.Document, b.truth.Document))
	})
	return list, missing, unknown
}
