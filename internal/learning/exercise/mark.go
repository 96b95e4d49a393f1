package exercise

import (
	"cmp"
	"slices"
	"time"
)

// Truth is what is true of one consignment of the month.
type Truth struct {
	Consignment int64  `json:"consignment"`
	Document    string `json:"document"`
	Planted     bool   `json:"planted,omitempty"`
	Twin        bool   `json:"twin,omitempty"` // looks like the scheme and is innocent
	Scheme      string `json:"scheme,omitempty"`
	Note        string `json:"note,omitempty"` // the traces, see Traces
	Case        int    `json:"case,omitempty"` // bills of one case have one number; 0: of none
}

// Look is what the engine says of a consignment.
type Look struct {
	Score    float64   `json:"score"`
	Findings []Finding `json:"findings,omitempty"`
}

// Finding is an indicator that fired.
type Finding struct {
	Indicator string   `json:"indicator"`
	Points    float64  `json:"points"`
	Fields    []string `json:"fields,omitempty"` // field paths of its evidence
}

// Reason is why a learner selected a consignment: an indicator, a field, words, or several
// of these.
type Reason struct {
	Indicator string `json:"indicator,omitempty"`
	Field     string `json:"field,omitempty"` // one of Fields
	Words     string `json:"words,omitempty"`
}

// Pick is a consignment that the learner selected.
type Pick struct {
	Consignment int64
	Reasons     []Reason
	At          time.Time
}

// Item is a consignment as the marking sees it.
type Item struct {
	Truth
	Look
	Rank    int            `json:"rank"` // in the engine's order, from 1
	Picked  bool           `json:"picked,omitempty"`
	Reasons []JudgedReason `json:"reasons,omitempty"`
}

// Verdict says whether a reason meets what was planted.
type Verdict string

// Verdicts. Words alone are left to people.
const (
	Unjudged Verdict = ""
	Right    Verdict = "right"
	Wrong    Verdict = "wrong"
)

// JudgedReason is a reason with its verdict.
type JudgedReason struct {
	Reason
	Verdict Verdict `json:"verdict,omitempty"`
}

// Tally is how a selection compares with the truth.
type Tally struct {
	Selected  int     `json:"selected"`
	Hits      int     `json:"hits"`   // selected that belong to a case
	Caught    int     `json:"caught"` // cases of which a bill was selected
	Twins     int     `json:"twins"`  // innocent look-alikes, stopped in vain
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	Score     float64 `json:"score"` // harmonic mean of both
}

// SchemeTally is what became of the cases of one scheme.
type SchemeTally struct {
	Scheme string `json:"scheme"`
	Cases  int    `json:"cases"`
	Caught int    `json:"caught"`
	Engine int    `json:"engine"` // that the engine would have caught
	Twins  int    `json:"twins"`  // look-alikes in the traffic
	InVain int    `json:"in_vain"`
}

// Result is a run that was marked.
type Result struct {
	Of       int           `json:"of"`     // consignments of the month
	Select   int           `json:"select"` // that could be selected
	Cases    int           `json:"cases"`
	Learner  Tally         `json:"learner"`
	Engine   Tally         `json:"engine"` // of the head of the engine's ranking, as long as could be selected
	Reasons  int           `json:"reasons"`
	Right    int           `json:"right"` // reasons that meet what was planted
	Judged   int           `json:"judged"`
	Schemes  []SchemeTally `json:"schemes"`
	Items    []Item        `json:"items"` // planted ones, look-alikes, and what was selected
	Duration time.Duration `json:"duration"`
}

// Mark compares a learner's selection with the truth, and with what the engine's ranking
// would have selected. A case of several bills counts as caught with the first of them.
// The score is the harmonic mean of precision (selected that were planted) and recall (cases
// caught): C. J. van Rijsbergen, Information Retrieval, 1979, chapter 7. Who selects fewer
// than allowed and is right loses nothing.
func Mark(truths []Truth, looks map[int64]Look, picks []Pick, most int) Result {
	items := rank(truths, looks)
	picked := map[int64]Pick{}
	for _, p := range picks {
		picked[p.Consignment] = p
	}
	r := Result{Of: len(items), Select: most}
	for i := range items {
		x := &items[i]
		if p, yes := picked[x.Consignment]; yes {
			x.Picked = true
			x.Reasons = judge(x, p.Reasons)
			for _, reason := range x.Reasons {
				r.Reasons++
				if reason.Verdict != Unjudged {
					r.Judged++
				}
				if reason.Verdict == Right {
					r.Right++
				}
			}
		}
		if x.Planted || x.Twin || x.Picked {
			r.Items = append(r.Items, *x)
		}
	}
	r.Cases = cases(items, func(x Item) bool { return x.Planted })
	r.Learner = tally(items, r.Cases, func(x Item) bool { return x.Picked })
	r.Engine = tally(items, r.Cases, func(x Item) bool { return x.Rank <= most })
	r.Schemes = bySchemes(items, most)
	slices.SortStableFunc(r.Items, func(a, b Item) int {
		return cmp.Or(kindOf(a)-kindOf(b), cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Case, b.Case), cmp.Compare(a.Rank, b.Rank))
	})
	return r
}

// kindOf orders items: cases, look-alikes, others.
func kindOf(x Item) int {
	switch {
	case x.Planted:
		return 0
	case x.Twin:
		return 1
	}
	return 2
}

// rank puts the consignments into the engine's order; of equal scores the document decides.
func rank(truths []Truth, looks map[int64]Look) []Item {
	items := make([]Item, len(truths))
	for i, t := range truths {
		items[i] = Item{Truth: t, Look: looks[t.Consignment]}
	}
	slices.SortFunc(items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Document, b.Document))
	})
	for i := range items {
		items[i].Rank = i + 1
	}
	return items
}

// cases counts the cases among the planted consignments that the test takes.
func cases(items []Item, takes func(Item) bool) int {
	seen := map[int]bool{}
	for _, x := range items {
		if x.Planted && takes(x) {
			seen[x.Case] = true
		}
	}
	return len(seen)
}

func tally(items []Item, all int, selected func(Item) bool) Tally {
	t := Tally{Caught: cases(items, selected)}
	for _, x := range items {
		if !selected(x) {
			continue
		}
		t.Selected++
		if x.Planted {
			t.Hits++
		}
		if x.Twin {
			t.Twins++
		}
	}
	if t.Selected > 0 {
		t.Precision = float64(t.Hits) / float64(t.Selected)
	}
	if all > 0 {
		t.Recall = float64(t.Caught) / float64(all)
	}
	if sum := t.Precision + t.Recall; sum > 0 {
		t.Score = 2 * t.Precision * t.Recall / sum
	}
	return t
}

func bySchemes(items []Item, most int) (out []SchemeTally) {
	byName := map[string][]Item{}
	for _, x := range items {
		if x.Scheme != "" {
			byName[x.Scheme] = append(byName[x.Scheme], x)
		}
	}
	for name, list := range byName {
		s := SchemeTally{
			Scheme: name,
			Cases:  cases(list, func(Item) bool { return true }),
			Caught: cases(list, func(x Item) bool { return x.Picked }),
			Engine: cases(list, func(x Item) bool { return x.Rank <= most }),
		}
		for _, x := range list {
			if x.Twin {
				s.Twins++
			}
			if x.Twin && x.Picked {
				s.InVain++
			}
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b SchemeTally) int { return cmp.Compare(a.Scheme, b.Scheme) })
	return out
}

// judge says of each reason whether it meets what was planted: the indicator fired on the
// consignment, or the field bears a trace or is cited by a finding. A reason against an
// innocent consignment is wrong; words alone are not judged.
func judge(x *Item, reasons []Reason) []JudgedReason {
	out := make([]JudgedReason, len(reasons))
	for i, r := range reasons {
		out[i] = JudgedReason{Reason: r}
		if r.Indicator == "" && r.Field == "" {
			continue
		}
		out[i].Verdict = Wrong
		if x.Planted && (x.fired(r.Indicator) || x.bears(r.Field)) {
			out[i].Verdict = Right
		}
	}
	return out
}

func (x *Item) fired(indicator string) bool {
	return indicator != "" && slices.ContainsFunc(x.Findings, func(f Finding) bool { return f.Indicator == indicator && f.Points > 0 })
}

// bears reports whether a field bears a trace, or is cited by a finding that speaks against
// the consignment.
func (x *Item) bears(field string) bool {
	if field == "" {
		return false
	}
	for _, t := range Traces(x.Note) {
		if slices.ContainsFunc(t.Fields, func(f string) bool { return within(f, field) }) {
			return true
		}
	}
	for _, f := range x.Findings {
		if f.Points > 0 && slices.ContainsFunc(f.Fields, func(p string) bool { return within(generic(p), field) }) {
			return true
		}
	}
	return false
}
