package exercise

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// month is a small truth: one plain case, one of three bills, a look-alike, two others.
func month() ([]Truth, map[int64]Look) {
	truths := []Truth{
		{Consignment: 1, Document: "A", Planted: true, Scheme: "rip_on_rip_off", Note: "seal missing; verified mass above goods and tare", Case: 1},
		{Consignment: 2, Document: "B", Planted: true, Scheme: "split_consignments", Note: "one shipment on several bills", Case: 2},
		{Consignment: 3, Document: "C", Planted: true, Scheme: "split_consignments", Note: "one shipment on several bills", Case: 2},
		{Consignment: 4, Document: "D", Planted: true, Scheme: "split_consignments", Note: "one shipment on several bills", Case: 2},
		{Consignment: 5, Document: "E", Twin: true, Scheme: "rip_on_rip_off", Note: "resealed by customs, on record", Case: 3},
		{Consignment: 6, Document: "F"},
		{Consignment: 7, Document: "G"},
	}
	looks := map[int64]Look{
		1: {Score: 2, Findings: []Finding{{"S01", 1.5, []string{"equipment[0].number"}}, {"N01", -1, []string{"parties[consignee].name"}}}},
		5: {Score: 3, Findings: []Finding{{"S04", 2.5, []string{"equipment[0].seals[0].number"}}}},
		6: {Score: 1}, 7: {Score: 1},
	}
	return truths, looks
}

func picks(ids ...int64) (out []Pick) {
	for _, id := range ids {
		out = append(out, Pick{Consignment: id})
	}
	return out
}

func TestMark(t *testing.T) {
	truths, looks := month()
	for _, c := range []struct {
		picks []Pick
		want  Tally
	}{
		{nil, Tally{}},
		{picks(6), Tally{Selected: 1}},
		{picks(5), Tally{Selected: 1, Twins: 1}},
		{picks(1), Tally{Selected: 1, Hits: 1, Caught: 1, Precision: 1, Recall: 0.5, Score: 2.0 / 3}},
		{picks(1, 3), Tally{Selected: 2, Hits: 2, Caught: 2, Precision: 1, Recall: 1, Score: 1}},
		{picks(2, 3, 4), Tally{Selected: 3, Hits: 3, Caught: 1, Precision: 1, Recall: 0.5, Score: 2.0 / 3}},
		{picks(1, 5), Tally{Selected: 2, Hits: 1, Caught: 1, Twins: 1, Precision: 0.5, Recall: 0.5, Score: 0.5}},
	} {
		r := Mark(truths, looks, c.picks, 3)
		if r.Learner != c.want {
			t.Errorf("%v: %+v, want %+v", c.picks, r.Learner, c.want)
		}
		// The engine's head: E, A, then F by its document.
		if want := (Tally{Selected: 3, Hits: 1, Caught: 1, Twins: 1, Precision: 1.0 / 3, Recall: 0.5, Score: 0.4}); r.Engine != want {
			t.Errorf("engine %+v, want %+v", r.Engine, want)
		}
		if r.Cases != 2 || r.Of != 7 {
			t.Errorf("%d cases of %d", r.Cases, r.Of)
		}
	}
	r := Mark(truths, looks, picks(1, 5), 3)
	want := []SchemeTally{{"rip_on_rip_off", 1, 1, 1, 1, 1}, {"split_consignments", 1, 0, 0, 0, 0}}
	if !slices.Equal(r.Schemes, want) {
		t.Errorf("schemes %+v", r.Schemes)
	}
	var order []int64
	for _, x := range r.Items {
		order = append(order, x.Consignment)
	}
	if !slices.Equal(order, []int64{1, 2, 3, 4, 5}) {
		t.Errorf("items %v: what is neither planted, alike nor selected must be left out", order)
	}
}

func TestReasonsAreJudged(t *testing.T) {
	truths, looks := month()
	for _, c := range []struct {
		of     int64
		reason Reason
		want   Verdict
	}{
		{1, Reason{Indicator: "S01"}, Right},
		{1, Reason{Indicator: "S04"}, Wrong},
		{1, Reason{Indicator: "N01"}, Wrong}, // fired, but speaks for the consignment
		{1, Reason{Field: "equipment.seals"}, Right},
		{1, Reason{Field: "equipment.verified_gross"}, Right},
		{1, Reason{Field: "equipment.number"}, Right}, // cited by a finding
		{1, Reason{Field: "goods.hs"}, Wrong},
		{1, Reason{Field: "parties.name"}, Wrong}, // cited only by what speaks for it
		{1, Reason{Indicator: "S04", Field: "equipment.seals"}, Right},
		{2, Reason{Field: "parties.name"}, Right}, // the trace is about the parties as a whole
		{1, Reason{Words: "a feeling"}, Unjudged},
		{5, Reason{Indicator: "S04"}, Wrong}, // fired on an innocent look-alike
		{6, Reason{Field: "goods.hs"}, Wrong},
	} {
		r := Mark(truths, looks, []Pick{{Consignment: c.of, Reasons: []Reason{c.reason}}}, 3)
		for _, x := range r.Items {
			if x.Picked && (len(x.Reasons) != 1 || x.Reasons[0].Verdict != c.want) {
				t.Errorf("%+v for %d: %+v, want %q", c.reason, c.of, x.Reasons, c.want)
			}
		}
		if r.Reasons != 1 || (r.Judged == 1) != (c.want != Unjudged) || (r.Right == 1) != (c.want == Right) {
			t.Errorf("%+v: %d reasons, %d judged, %d right", c.reason, r.Reasons, r.Judged, r.Right)
		}
	}
}

// TestMarkHolds: whatever is selected, the figures are shares and agree with each other, a
// right one more never lowers recall, and a wrong one more never raises precision.
func TestMarkHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "consignments")
		truths := make([]Truth, n)
		looks := map[int64]Look{}
		var chosen []Pick
		for i := range truths {
			kind := rapid.IntRange(0, 3).Draw(t, "kind")
			truths[i] = Truth{Consignment: int64(i + 1), Document: fmt.Sprint(i), Planted: kind == 0, Twin: kind == 1}
			if kind < 2 {
				truths[i].Scheme, truths[i].Case = "s", 1+rapid.IntRange(0, n).Draw(t, "case")*2+kind
			}
			looks[int64(i+1)] = Look{Score: float64(rapid.IntRange(-4, 4).Draw(t, "score"))}
			if rapid.Bool().Draw(t, "chosen") {
				chosen = append(chosen, Pick{Consignment: int64(i + 1)})
			}
		}
		most := rapid.IntRange(1, n).Draw(t, "most")
		r := Mark(truths, looks, chosen, most)
		for _, x := range []Tally{r.Learner, r.Engine} {
			for _, share := range []float64{x.Precision, x.Recall, x.Score} {
				if !(share >= 0 && share <= 1) {
					t.Fatalf("%+v", x)
				}
			}
			if x.Caught > x.Hits || x.Hits+x.Twins > x.Selected || x.Caught > r.Cases ||
				x.Score > math.Max(x.Precision, x.Recall)+1e-12 || x.Score < math.Min(x.Precision, x.Recall)-1e-12 {
				t.Fatalf("%+v of %d cases", x, r.Cases)
			}
		}
		if r.Learner.Selected != len(chosen) || r.Engine.Selected != min(most, n) {
			t.Fatalf("%+v, engine %+v", r.Learner, r.Engine)
		}
		for _, x := range truths {
			if slices.ContainsFunc(chosen, func(p Pick) bool { return p.Consignment == x.Consignment }) {
				continue
			}
			more := Mark(truths, looks, append(slices.Clone(chosen), Pick{Consignment: x.Consignment}), most).Learner
			if x.Planted && (more.Recall < r.Learner.Recall || more.Precision < r.Learner.Precision) ||
				!x.Planted && (more.Recall != r.Learner.Recall || more.Precision > r.Learner.Precision) {
				t.Fatalf("%+v added: %+v after %+v", x, more, r.Learner)
			}
		}
	})
}
