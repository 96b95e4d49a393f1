package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// Scored is the score that somebody gave a transport document; higher is worse.
type Scored struct {
	Document string
	Score    float64
}

// TopShares are the shares of the ranking at which Evaluate measures.
var TopShares = []float64{0.01, 0.02, 0.05, 0.10}

// Report is how well scores find what was planted.
type Report struct {
	Consignments int // scored consignments of the month whose truth is known
	Planted      int
	Twins        int
	Missing      int // of the month's truth, without a score: they count as ranked last
	Unknown      int // scores for documents that the truth does not know; left out
	Top          []Top
	Schemes      []SchemeReport // by name
	AUC          float64        // chance that a planted one outranks an innocent one; NaN without both
}

// Top is what the head of the ranking holds.
type Top struct {
	Share     float64
	Count     int     // consignments in the head
	Planted   int     // planted among them
	Twins     int     // twins among them
	Recall    float64 // of all planted
	Precision float64 // of the head
}

// SchemeReport is the same for one scheme, with its twins apart.
type SchemeReport struct {
	Scheme     string
	Planted    int
	Found      []int // planted in the head, for each of TopShares
	Twins      int
	TwinsFound []int
}

type ranked struct {
	truth Truth
	score float64
}

// Evaluate ranks the month's documents by score and compares with the truth. The
// past is left out. Of equal scores the document's number decides, so that the
// report is the same whatever the order of the arguments. A document that was
// scored twice, as after an amendment, counts with its highest score.
func Evaluate(scores []Scored, truth []Truth) Report {
	var r Report
	list, missing, unknown := ranking(scores, truth)
	r.Missing, r.Unknown = missing, unknown
	r.measure(list)
	return r
}

func (r *Report) measure(list []ranked) {
	r.Consignments = len(list)
	schemes := map[string]*SchemeReport{}
	for _, share := range TopShares {
		r.Top = append(r.Top, Top{Share: share, Count: int(math.Ceil(share * float64(len(list))))})
	}
	for i, x := range list {
		if !x.truth.Planted && !x.truth.Twin {
			continue
		}
		s := schemes[x.truth.Scheme]
		if s == nil {
			s = &SchemeReport{Scheme: x.truth.Scheme, Found: make([]int, len(TopShares)), TwinsFound: make([]int, len(TopShares))}
			schemes[x.truth.Scheme] = s
		}
		all, sum, found := &r.Twins, &s.Twins, s.TwinsFound
		if x.truth.Planted {
			all, sum, found = &r.Planted, &s.Planted, s.Found
		}
		*all++
		*sum++
		for k := range r.Top {
			if i >= r.Top[k].Count {
				continue
			}
			found[k]++
			if x.truth.Planted {
				r.Top[k].Planted++
			} else {
				r.Top[k].Twins++
			}
		}
	}
	for k := range r.Top {
		t := &r.Top[k]
		t.Recall = ratio(t.Planted, r.Planted)
		t.Precision = ratio(t.Planted, t.Count)
	}
	for _, s := range schemes {
		r.Schemes = append(r.Schemes, *s)
	}
	slices.SortFunc(r.Schemes, func(a, b SchemeReport) int { return cmp.Compare(a.Scheme, b.Scheme) })
	r.AUC = auc(list)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// auc is the Mann-Whitney statistic over a ranking from worst to best; equal scores
// count half.
func auc(list []ranked) float64 {
	var wins, below float64 // below: innocent ones ranked under the present score
	planted, innocent := 0, 0
	for end := len(list); end > 0; {
		start, p, q := end, 0, 0
		for start > 0 && list[start-1].score == list[end-1].score {
			start--
			if list[start].truth.Planted {
				p++
			} else {
				q++
			}
		}
		wins += float64(p) * (below + float64(q)/2)
		below += float64(q)
		planted, innocent, end = planted+p, innocent+q, start
	}
	if planted == 0 || innocent == 0 {
		return math.NaN()
	}
	return wins / float64(planted) / float64(innocent)
}

// String prints the report as two tables: the head of the ranking, and each scheme.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d consignments, %d planted, %d innocent twins; AUC %.3f\n", r.Consignments, r.Planted, r.Twins, r.AUC)
	if r.Missing > 0 || r.Unknown > 0 {
		fmt.Fprintf(&b, "%d without a score (ranked last), %d scores without a truth (left out)\n", r.Missing, r.Unknown)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\ntop\tconsignments\tplanted\trecall\tprecision\ttwins\t")
	for _, t := range r.Top {
		fmt.Fprintf(w, "%g %%\t%d\t%d\t%.1f %%\t%.1f %%\t%d\t\n", 100*t.Share, t.Count, t.Planted, 100*t.Recall, 100*t.Precision, t.Twins)
	}
	w.Flush()
	w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "\nscheme\tplanted")
	for _, s := range TopShares {
		fmt.Fprintf(w, "\tin top %g %%", 100*s)
	}
	fmt.Fprint(w, "\ttwins")
	for _, s := range TopShares {
		fmt.Fprintf(w, "\tin top %g %%", 100*s)
	}
	fmt.Fprintln(w)
	for _, s := range r.Schemes {
		fmt.Fprintf(w, "%s\t%d%s\t%d%s\n", s.Scheme, s.Planted, counts(s.Found), s.Twins, counts(s.TwinsFound))
	}
	w.Flush()
	return b.String()
}

func counts(list []int) string {
	var b strings.Builder
	for _, n := range list {
		fmt.Fprintf(&b, "\t%d", n)
	}
	return b.String()
}
