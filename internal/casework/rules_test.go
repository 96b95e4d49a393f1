package casework

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/risk"
)

func TestOutcomesThatContradictThemselves(t *testing.T) {
	good := func() Outcome {
		return Outcome{Method: Full, Result: Seizure, Goods: []FoundGoods{{Category: Tobacco, Quantity: 200_000, Unit: Stick,
			Value: cargo.Money{Amount: 9000, Currency: "USD"}, Concealment: "among-goods", Position: "load-middle"}}}
	}
	o := good()
	if err := o.check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		field string
		spoil func(*Outcome)
	}{
		"no method":                {"method", func(o *Outcome) { o.Method = "" }},
		"no result":                {"result", func(o *Outcome) { o.Result = "" }},
		"nothing, yet goods":       {"result", func(o *Outcome) { o.Result = NothingFound }},
		"seizure of nothing":       {"goods", func(o *Outcome) { o.Goods = nil }},
		"discrepancy without word": {"words", func(o *Outcome) { o.Goods, o.Result = nil, Discrepancy }},
		"unknown category":         {"goods.0.category", func(o *Outcome) { o.Goods[0].Category = "gold" }},
		"heroin in sticks":         {"goods.0.unit", func(o *Outcome) { o.Goods[0].Category = Heroin }},
		"half a stick":             {"goods.0.quantity", func(o *Outcome) { o.Goods[0].Quantity = 0.5 }},
		"no quantity":              {"goods.0.quantity", func(o *Outcome) { o.Goods[0].Quantity = 0 }},
		"not a number":             {"goods.0.quantity", func(o *Outcome) { o.Goods[0].Quantity = math.NaN() }},
		"value without currency":   {"goods.0.currency", func(o *Outcome) { o.Goods[0].Value.Currency = "" }},
		"value below nothing":      {"goods.0.value", func(o *Outcome) { o.Goods[0].Value.Amount = -1 }},
		"unknown concealment":      {"goods.0.concealment", func(o *Outcome) { o.Goods[0].Concealment = "magic" }},
		"unknown position":         {"goods.0.position", func(o *Outcome) { o.Goods[0].Position = "moon" }},
		"arrests below none":       {"arrests", func(o *Outcome) { o.Arrests = -1 }},
		"unknown verdict":          {"verdicts", func(o *Outcome) { o.Verdicts = map[string]Verdict{"W01": "perhaps"} }},
	} {
		o := good()
		c.spoil(&o)
		var field *FieldError
		if err := o.check(); !errors.As(err, &field) || field.Field != c.field || !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v, want a fault of the field %s", name, err, c.field)
		}
	}
}

func TestEveryCategoryHasUnits(t *testing.T) {
	if len(Categories) != len(CategoryUnits) || len(Categories) > 32 {
		t.Errorf("%d categories, %d with units", len(Categories), len(CategoryUnits))
	}
	for _, c := range Categories {
		for _, u := range CategoryUnits[c] {
			if !slices.Contains(Units, u) {
				t.Errorf("%s is measured in %q", c, u)
			}
		}
		if len(CategoryUnits[c]) == 0 {
			t.Errorf("%s has no unit", c)
		}
	}
}

func TestReasons(t *testing.T) {
	for kind, codes := range Reasons {
		if codes[len(codes)-1] != OtherReason {
			t.Errorf("the list of %s does not end with other", kind)
		}
		for _, code := range codes {
			if err := (Reason{Code: code, Words: "words enough"}).check(kind, true); err != nil {
				t.Errorf("%s %s: %v", kind, code, err)
			}
		}
		if (Reason{Code: OtherReason}).check(kind, false) == nil {
			t.Errorf("%s: other needs no words", kind)
		}
		if (Reason{Code: "because", Words: "words enough"}).check(kind, false) == nil {
			t.Errorf("%s: any code does", kind)
		}
	}
	if (Reason{Code: "suspicion", Words: strings.Repeat("я", maxWords)}).check(ReasonHold, false) != nil {
		t.Error("letters of two bytes count twice")
	}
}

// Every state can be left, and reached from the beginning.
func TestNoStateIsADeadEnd(t *testing.T) {
	reached := map[State]bool{"": true}
	for range States {
		for _, s := range Transitions {
			if reached[s.From] {
				reached[s.To] = true
			}
		}
	}
	for _, s := range States {
		if !reached[s] || len(Steps(s)) == 0 {
			t.Errorf("%s is reached: %v, and left by %v", s, reached[s], Steps(s))
		}
	}
	for _, s := range Transitions {
		if slices.Contains(s.By, Program) && s.To != Proposed {
			t.Errorf("a program may %s", s.Act)
		}
		if _, known := kinds[s.Act]; !known {
			t.Errorf("there is no act %q", s.Act)
		}
	}
}

func TestMentions(t *testing.T) {
	for text, want := range map[string][]string{
		"ask @aigul, and @Bakyt.":         {"aigul", "bakyt.", "bakyt"},
		"write to aigul@example.org":      nil,
		"@root@example.org knows":         {"root@example.org"},
		"(@айгүл) told @b":                {"айгүл", "b"},
		"no one: @, @ aigul, 12@noon, a@": nil,
	} {
		if got := mentions(text); !slices.Equal(got, want) {
			t.Errorf("%q mentions %q, want %q", text, got, want)
		}
	}
}

func findings(ids ...string) (out []risk.Finding) {
	for _, id := range ids {
		out = append(out, risk.Finding{Indicator: id, Contribution: 1})
	}
	return out
}

func checks(items []Item, part Part) (out []string) {
	for _, i := range items {
		if i.Part == part {
			out = append(out, i.Check)
		}
	}
	return out
}

func TestChecklistFollowsTheBox(t *testing.T) {
	for size, want := range map[string][]string{
		"22G1": {"undercarriage", "doors", "right-side", "left-side", "front-wall", "ceiling", "floor"},
		"45R1": {"undercarriage", "doors", "right-side", "left-side", "front-wall", "ceiling", "floor"},
		"22U1": {"undercarriage", "doors", "right-side", "left-side", "front-wall", "tarpaulin", "floor"},
		"22T1": {"frame", "shell", "manhole", "valves", "walkway"},
		"22P1": {"undercarriage", "end-walls", "lashings", "load-from-all-sides"},
		"what": {"undercarriage", "doors", "right-side", "left-side", "front-wall", "ceiling", "floor"},
	} {
		c := sample("B1")
		c.Equipment[0].SizeType = size
		items := Checklist(c, nil)
		if got := checks(items, PartContainer); !slices.Equal(got, want) {
			t.Errorf("%s: walk around %v, want %v", size, got, want)
		}
		if reefer := len(checks(items, PartReefer)) > 0; reefer != (size == "45R1") {
			t.Errorf("%s: cooling unit on the list: %v", size, reefer)
		}
		if sealed := len(checks(items, PartSeals)) > 0; sealed != (size != "22P1") {
			t.Errorf("%s: seals on the list: %v", size, sealed)
		}
	}
}

func TestChecklistFollowsTheFindings(t *testing.T) {
	c := sample("B1")
	c.Equipment[0].Seals = []cargo.Seal{{Number: "S1"}, {Number: "S2"}, {Number: "S1"}}
	plain, suspect := Checklist(c, nil), Checklist(c, findings("W01", "S02"))
	if n := len(checks(plain, PartStructure)) + len(checks(plain, PartWeight)); n != 0 {
		t.Errorf("a plain load is measured: %d items", n)
	}
	var seals []string
	for _, i := range suspect {
		switch {
		case i.Check == "inside-length" && (i.Expect != 5867 || i.Unit != "mm" || i.Input != InputMeasure || !slices.Contains(i.Because, "W01")):
			t.Errorf("inside length: %+v", i)
		case i.Input == InputSeal:
			seals = append(seals, i.Subject)
		}
	}
	if !slices.Equal(seals, []string{"S1", "S2"}) {
		t.Errorf("seals %v", seals)
	}
	if len(checks(suspect, PartWeight)) != 1 || len(checks(suspect, PartStructure)) == 0 {
		t.Error("neither weighed nor measured, though the weight is suspected")
	}
	innocent := []risk.Finding{{Indicator: "W01", Contribution: -1}}
	if len(checks(Checklist(c, innocent), PartWeight)) != 0 {
		t.Error("what speaks against a look asks for one")
	}
}

// Ids are unique, so that an entry finds its item, and known checks are all there are.
func TestChecklistIDs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := sample("B1")
		c.Equipment = nil
		for range rapid.IntRange(0, 3).Draw(rt, "boxes") {
			e := cargo.Equipment{Number: rapid.SampledFrom([]string{"", "TGCU0235724", "MSCU1234566"}).Draw(rt, "number"),
				SizeType: rapid.SampledFrom([]string{"", "22G1", "45R1", "22T1", "42U1", "42P1", "zz"}).Draw(rt, "size")}
			for range rapid.IntRange(0, 3).Draw(rt, "seals") {
				e.Seals = append(e.Seals, cargo.Seal{Number: rapid.SampledFrom([]string{"", "1", "2"}).Draw(rt, "seal")})
			}
			if !slices.ContainsFunc(c.Equipment, func(o cargo.Equipment) bool { return o.Number == e.Number && e.Number != "" }) {
				c.Equipment = append(c.Equipment, e)
			}
		}
		fired := rapid.SliceOf(rapid.SampledFrom([]string{"W01", "S01", "C01", "G03", "D01", "V01", "R02", "P01", "T01"})).Draw(rt, "fired")
		seen := map[string]bool{}
		for _, i := range Checklist(c, findings(fired...)) {
			if seen[i.ID] {
				rt.Fatalf("two items %s", i.ID)
			}
			seen[i.ID] = true
			if !slices.Contains(Checks(), i.Check) || !slices.Contains(Parts, i.Part) {
				rt.Fatalf("unknown check %s in %s", i.Check, i.Part)
			}
		}
	})
}

func TestEntriesStandSideBySide(t *testing.T) {
	at := time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)
	e := Examination{Items: []Item{{ID: "x", Input: InputMeasure, Expect: 5867}}}
	enter := func(seq int, officer int64, state ItemState, client, received time.Time, measure float64) {
		e.enter(Entry{Item: "x", State: state, Seq: seq, Officer: officer, ClientAt: client, At: received, Measure: &measure})
	}
	enter(1, 7, ItemInOrder, at.Add(time.Hour), at.Add(2*time.Hour), 5860)
	enter(2, 7, ItemNotInOrder, at, at.Add(3*time.Hour), 5000) // sent late by a phone without a network
	if got := e.Items[0]; got.State() != ItemInOrder || got.Disputed() || got.Short() {
		t.Errorf("an older entry that came late: %s, disputed %v, short %v", got.State(), got.Disputed(), got.Short())
	}
	enter(3, 8, ItemNotInOrder, at.Add(90*time.Minute), at.Add(4*time.Hour), 5200)
	if got := e.Items[0]; got.State() != ItemNotInOrder || !got.Disputed() || !got.Short() || len(got.Entries) != 3 {
		t.Errorf("another officer's entry: %+v", got)
	}
	enter(4, 7, ItemInOrder, at.AddDate(1, 0, 0), at.Add(5*time.Hour), 5870) // the phone's clock is a year ahead
	enter(5, 8, ItemInOrder, time.Time{}, at.Add(6*time.Hour), 5870)
	if got := e.Items[0]; got.Disputed() || got.Entries[4].Seq != 5 {
		t.Errorf("a wrong clock: %+v", got)
	}
}
