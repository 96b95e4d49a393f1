package exercise

import (
	"slices"
	"testing"

	"tidewaiter/internal/simulate"
)

func TestTraces(t *testing.T) {
	got := Traces("declared 1200 kg of 3,400; seal missing; by way of Jebel Ali; by way of a free zone; something new")
	want := []struct {
		id   string
		args []string
	}{
		{"declared", []string{"1200", "3,400"}}, {"seal-missing", nil}, {"by-way-of", []string{"Jebel Ali"}},
		{"by-way-of-a-free-zone", nil}, {"", []string{"something new"}},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i, w := range want {
		if got[i].ID != w.id || !slices.Equal(got[i].Args, w.args) || (w.id != "") != (len(got[i].Fields) > 0) {
			t.Errorf("%d: %+v, want %+v", i, got[i], w)
		}
	}
	if len(Traces("")) != 0 {
		t.Error("an empty note has traces")
	}
}

// TestTracesAreKnown: whatever the generator leaves can be told in every language, and
// nothing stands in the table that it never leaves.
func TestTracesAreKnown(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(4) {
		o := simulate.Options{Seed: seed, Consignments: 3000, PlantedRate: 0.2, TwinRate: 0.2, History: 18, Traces: 1.5}
		m, err := simulate.Generate(o)
		if err != nil {
			t.Fatal(err)
		}
		_, truth := m.Consignments()
		for _, x := range truth {
			for _, trace := range Traces(x.Note) {
				if trace.ID == "" {
					t.Errorf("%s: the trace %q is not in the table", x.Scheme, trace.Args)
				}
				seen[trace.ID] = true
			}
		}
	}
	for _, id := range TraceIDs() {
		if !seen[id] {
			t.Errorf("the generator never leaves %q", id)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"goods.hs", "goods.hs", true}, {"goods", "goods.hs", true}, {"goods.hs", "goods", true},
		{"goods.dg", "goods.dg_class", false}, {"equipment.seals", "equipment.seals.number", true}, {"goods.hs", "goods.origin", false},
	} {
		if got := within(c.a, c.b); got != c.want {
			t.Errorf("within(%q, %q) = %v", c.a, c.b, got)
		}
	}
	if got := generic("equipment[1].seals[0].number"); got != "equipment.seals.number" {
		t.Errorf("generic: %q", got)
	}
	if got := generic("parties[consignee].address"); got != "parties.address" {
		t.Errorf("generic: %q", got)
	}
}
