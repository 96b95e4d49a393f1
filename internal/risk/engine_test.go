package risk

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
)

// checkSum holds an assessment to its promises: the parts add up to the score, to the
// last bit, and each part cites something.
func checkSum(t testing.TB, a Assessment) {
	t.Helper()
	sum := a.Base
	last := LogOdds(1000)
	for _, f := range a.Findings {
		sum += f.Contribution
		if f.Contribution > last || Round(float64(f.Contribution)) != f.Contribution {
			t.Errorf("%s: contribution %v out of order or step", f.Indicator, f.Contribution)
		}
		last = f.Contribution
		if len(f.Evidence) == 0 {
			t.Errorf("%s cites nothing", f.Indicator)
		}
		for _, e := range f.Evidence {
			if e.Field == "" || e.Value == "" || e.Reference == "" || e.Note.ID == "" || render(e.Note.ID, e.Note.Args) != e.Reference {
				t.Errorf("%s: evidence %+v is not whole", f.Indicator, e)
			}
			if placeholders(e.Reference) != [10]int{} && placeholders(notes[e.Note.ID]) != [10]int{} && len(e.Note.Args) == 0 {
				t.Errorf("%s: note %s lacks arguments", f.Indicator, e.Note.ID)
			}
		}
	}
	if sum != a.Score {
		t.Errorf("base and contributions sum to %v, the score is %v", sum, a.Score)
	}
}

// spoil changes a consignment at random, field by field.
func spoil(r *rand.Rand, c *cargo.Consignment) {
	texts := []string{"", "FAK", "acetic anhydride 24 drums", "Nike shoes", "NET WEIGHT: 99.999 KGS 12 X 50 KG", "ОсОО Ак-Жол", "to order", "\xff\xfe", "parts"}
	text := func() string { return texts[r.IntN(len(texts))] }
	for range r.IntN(8) {
		switch r.IntN(12) {
		case 0:
			c.Goods[0].Description = text()
		case 1:
			c.Goods[0].HS = []string{"", "7701", "291524", "85423", "abc", "0803901000"}[r.IntN(6)]
		case 2:
			c.Goods[0].GrossMass *= r.NormFloat64() * 10
		case 3:
			c.Parties[r.IntN(len(c.Parties))].Name = text()
		case 4:
			c.Equipment[0].Number = text()
		case 5:
			c.Equipment[0].Seals = []cargo.Seal{{Number: text()}, {Number: "X"}}
		case 6:
			c.Journey.Places = append(c.Journey.Places, cargo.Place{Role: cargo.PlaceTransit, Code: []string{"ECGYE", "AEJEA", "XXXXX"}[r.IntN(3)]})
		case 7:
			c.Goods = append(c.Goods, c.Goods[0])
		case 8:
			c.Journey.Departure = c.Journey.Departure.Add(time.Duration(r.IntN(2000)-1000) * time.Hour)
		case 9:
			c.Equipment[0].Fullness = []cargo.Fullness{cargo.Empty, cargo.FCL, cargo.LCL, ""}[r.IntN(4)]
		case 10:
			c.Version, c.Document.Number = 1+r.IntN(3), "MEDU0000007"
		case 11:
			c.Goods[0].Value = cargo.Money{Amount: r.ExpFloat64() * 1e5, Currency: []string{"USD", "KGS", "???"}[r.IntN(3)]}
		}
	}
}

func TestScoreIsTheSum(t *testing.T) {
	e := testEngine(t)
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		m := NewMemory()
		for i := range 60 {
			c := trade(r, i)
			spoil(r, c)
			checkSum(t, e.Assess(c, m))
			e.Observe(c, m)
		}
	})
}

// TestOwnObservation: what a consignment left in memory does not change what is
// thought of it, so that a retried batch assesses as the first time.
func TestOwnObservation(t *testing.T) {
	e := testEngine(t)
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		m := NewMemory()
		for i := range 50 {
			c := trade(r, i)
			spoil(r, c)
			c.Version = i + 1 // versions come in their order
			before := e.Assess(c, m)
			e.Observe(c, m)
			if after := e.Assess(c, m); !reflect.DeepEqual(before, after) {
				t.Fatalf("observing %s changed its assessment\n from %+v\n to   %+v", c.Document.Number, before, after)
			}
		}
	})
}

func TestObserveTwiceCountsOnce(t *testing.T) {
	e := testEngine(t)
	once, twice := NewMemory(), NewMemory()
	for _, c := range trades(300) {
		e.Observe(c, once)
		e.Preview(c, twice)
		e.Observe(c, twice)
		e.Observe(c, twice)
	}
	once.all(func(k Key, a *Trace) {
		if b := twice.Trace(k); b == nil || a.N != b.N || a.Stats != b.Stats || len(a.Refs) != len(b.Refs) || !slices.Equal(a.Fires, b.Fires) {
			t.Fatalf("key %x: once %+v, twice %+v", k, a, b)
		}
	})
	if once.Len() != twice.Len() {
		t.Errorf("%d traces once, %d twice", once.Len(), twice.Len())
	}
}

// TestStoredMemory: a batch that loads its keys from encoded traces assesses as one
// that has the whole memory.
func TestStoredMemory(t *testing.T) {
	e, whole := testEngine(t), NewMemory()
	all := trades(900)
	for _, c := range all[:600] {
		e.Observe(c, whole)
	}
	part := NewMemory()
	for _, c := range all[600:] {
		for _, k := range e.Keys(c) {
			t0 := whole.Trace(k)
			if t0 == nil || part.Trace(k) != nil {
				continue
			}
			raw, _ := t0.MarshalBinary()
			t1 := new(Trace)
			if err := t1.UnmarshalBinary(raw); err != nil {
				t.Fatal(err)
			}
			part.Load(k, t1)
		}
	}
	if n := len(part.Changed()); n != 0 {
		t.Errorf("%d traces changed by loading", n)
	}
	a, b := e.AssessAll(all[600:], whole), e.AssessAll(all[600:], part)
	if !reflect.DeepEqual(a, b) {
		t.Error("assessments from stored traces differ")
	}
	if len(part.Changed()) == 0 {
		t.Error("observing changed nothing")
	}
	part.Settle()
	if len(part.Changed()) != 0 {
		t.Error("changes left after Settle")
	}
}

func TestKeysAreFewAndStable(t *testing.T) {
	e := testEngine(t)
	keys := e.Keys(innocent())
	if len(keys) > 26 {
		t.Errorf("%d keys", len(keys))
	}
	seen := map[Key]bool{}
	for _, k := range keys {
		if seen[k] {
			t.Errorf("key %x twice", k)
		}
		seen[k] = true
	}
	// Stored keys outlive the program: this one must never change.
	if got, want := makeKey(kindContainer, textHash("MSCU 123456-0")), makeKey(kindContainer, textHash("mscu1234560")); got != want {
		t.Errorf("container keys %x and %x differ", got, want)
	}
}

func TestConcurrentAssessments(t *testing.T) {
	e, m, all := testEngine(t), NewMemory(), trades(200)
	for _, c := range all {
		e.Observe(c, m)
	}
	want := make([]Assessment, len(all))
	for i, c := range all {
		want[i] = e.Assess(c, m)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, c := range all {
				if got := e.Assess(c, m); !reflect.DeepEqual(got, want[i]) {
					t.Errorf("assessment %d differs", i)
				}
			}
		})
	}
	wg.Wait()
}

func TestFamiliesAreDamped(t *testing.T) {
	c := innocent()
	c.Equipment[0].GrossMass, c.Goods[0].GrossMass = 35000, 35000 // W01, W03, W09
	a := testEngine(t).Assess(c, nil)
	checkSum(t, a)
	w1, w3 := finding(a, "W01"), finding(a, "W03")
	if w1 == nil || w3 == nil {
		t.Fatalf("findings %+v", a.Findings)
	}
	damped := w1
	if w3.Contribution < w1.Contribution {
		damped = w3
	}
	if e := damped.Evidence[len(damped.Evidence)-1]; e.Note.ID != "damped" {
		t.Errorf("nothing says that %s is damped: %+v", damped.Indicator, e)
	}
}

func TestSettings(t *testing.T) {
	s := testSettings()
	plain, err := NewEngine(s)
	if err != nil {
		t.Fatal(err)
	}
	s.Weights = map[string]LogOdds{"D10": 0}
	off, err := NewEngine(s)
	if err != nil {
		t.Fatal(err)
	}
	if plain.Fingerprint() == off.Fingerprint() {
		t.Error("another weight, the same fingerprint")
	}
	c := innocent()
	c.Equipment[0].Number = "CSQU3054384"
	if finding(plain.Assess(c, nil), "D10") == nil || finding(off.Assess(c, nil), "D10") != nil {
		t.Error("weight 0 does not turn D10 off")
	}
	for name, bad := range map[string]Settings{
		"step":      {Base: -4.1},
		"indicator": {Base: -4, Weights: map[string]LogOdds{"Z99": 1}},
		"weight":    {Base: -4, Weights: map[string]LogOdds{"D10": 0.3}},
		"home":      {Base: -4, Home: "Kyrgyzstan"},
	} {
		if _, err := NewEngine(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestIndicatorsAreWhole(t *testing.T) {
	ids := map[string]bool{}
	families := map[string]int{}
	for _, in := range Indicators() {
		if ids[in.ID] || in.Title == "" || len(in.Meaning) < 40 || in.Source == "" || in.Test == nil || !isStep(in.Weight) || in.Weight == 0 || in.Group == "" {
			t.Errorf("indicator %q is not whole or there twice", in.ID)
		}
		ids[in.ID] = true
		families[in.Family]++
		if LeftOut[in.ID] != "" {
			t.Errorf("indicator %s is said to be left out", in.ID)
		}
	}
	if len(families) > maxFamilies {
		t.Errorf("%d families do not fit Assess", len(families))
	}
	if len(ids) < 45 {
		t.Errorf("%d indicators", len(ids))
	}
}

// FuzzAssess: whatever stands in a consignment, assessing it ends with a whole sum.
func FuzzAssess(f *testing.F) {
	raw, _ := json.Marshal(innocent())
	f.Add(raw)
	f.Add([]byte(`{"document":{"number":""},"goods":[{"gross_mass":-1,"packages":-5,"description":"NET X 1,,.. KG"}],"equipment":[{"number":"","fullness":"empty"}]}`))
	e := testEngine(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var c cargo.Consignment
		if json.Unmarshal(raw, &c) != nil {
			return
		}
		m := NewMemory()
		e.Preview(&c, m)
		checkSum(t, e.Assess(&c, m))
		e.Observe(&c, m)
		d := c
		d.Version = 2
		checkSum(t, e.Assess(&d, m))
		m.all(func(k Key, tr *Trace) {
			b, _ := tr.MarshalBinary()
			var back Trace
			if err := back.UnmarshalBinary(b); err != nil {
				t.Fatalf("trace %x does not come back: %v", k, err)
			}
		})
	})
}

// FuzzTrace: damaged bytes of a trace give an error or a trace, never a panic.
func FuzzTrace(f *testing.F) {
	e, m := testEngine(f), NewMemory()
	for _, c := range trades(3) {
		e.Observe(c, m)
	}
	m.all(func(_ Key, tr *Trace) {
		b, _ := tr.MarshalBinary()
		f.Add(b)
	})
	f.Fuzz(func(t *testing.T, b []byte) {
		var tr Trace
		if tr.UnmarshalBinary(b) != nil {
			return
		}
		again, _ := tr.MarshalBinary()
		var back Trace
		if err := back.UnmarshalBinary(again); err != nil {
			t.Fatalf("re-encoded trace: %v", err)
		}
	})
}
