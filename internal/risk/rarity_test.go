package risk

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestRarity: the same vague words count less in a unit that sees them on every
// second consignment than in one that never does, and the evidence says so.
func TestRarity(t *testing.T) {
	e := testEngine(t)
	score := func(every int) *Finding {
		m, r := NewMemory(), rand.New(rand.NewPCG(1, 1))
		for i := range 400 {
			c := trade(r, i)
			c.Goods[0].Description, c.Goods[0].HS = "Cotton denim fabric", "520942"
			if i%every == 0 {
				c.Goods[0].Description = "FAK"
			}
			e.Observe(c, m)
		}
		c := innocent()
		c.Goods[0].Description = "FAK"
		a := e.Assess(c, m)
		checkSum(t, a)
		return finding(a, "D01")
	}
	common, rare := score(2), score(1000)
	if common == nil || rare == nil {
		t.Fatal("D01 does not fire")
	}
	if common.Contribution > 0.25 || rare.Contribution < 1.5 {
		t.Errorf("common %v, rare %v", common.Contribution, rare.Contribution)
	}
	if id := common.Evidence[1].Note.ID; id != "common" {
		t.Errorf("common: note %q", id)
	}
	if id := rare.Evidence[1].Note.ID; id != "rare" {
		t.Errorf("rare: note %q", id)
	}
}

// TestRarityForgets: only the last blocks speak, the store of counts stays small, and
// at their borders a consignment's own observation changes nothing.
func TestRarityForgets(t *testing.T) {
	e, m, r := testEngine(t), NewMemory(), rand.New(rand.NewPCG(1, 1))
	for i := range 4*rarityBlock + 2 {
		c := trade(r, i)
		if at := i % rarityBlock; at > 1 && at < rarityBlock-2 {
			e.Observe(c, m)
			continue
		}
		before := e.Assess(c, m)
		e.Observe(c, m)
		if after := e.Assess(c, m); !reflect.DeepEqual(before, after) {
			t.Fatalf("%d: observing changed the assessment\n from %+v\n to   %+v", i, before, after)
		}
	}
	scope := m.Trace(makeKey(kindScope, 1))
	if len(scope.Fires) == 0 || len(scope.Fires) > 400 {
		t.Errorf("%d counts are kept", len(scope.Fires))
	}
	for _, f := range scope.Fires {
		if f.Block < 2 || f.N <= 0 {
			t.Errorf("kept %+v", f)
		}
	}
}

func TestFireCounts(t *testing.T) {
	scope, own := &Trace{N: 1}, &Trace{}
	noteFires(scope, own, []Fire{{fireCode("D01"), 2, 0, 1}, {fireCode("W03"), 4, 0, 1}})
	noteFires(scope, own, []Fire{{fireCode("D01"), 5, 0, 1}, {fireCode("W03"), 1, 0, 1}})
	for _, c := range []struct {
		id    string
		level uint8
		want  int
	}{{"D01", 5, 1}, {"D01", 0, 1}, {"D01", 6, 0}, {"W03", 4, 1}, {"W03", 5, 0}, {"W04", 0, 0}} {
		if got := scope.fires(fireCode(c.id), c.level, 0); got != c.want {
			t.Errorf("%s from level %d: %d, want %d", c.id, c.level, got, c.want)
		}
	}
	ids := map[uint16]string{}
	for _, in := range Indicators() {
		if code := fireCode(in.ID); ids[code] != "" {
			t.Errorf("%s and %s have one code", in.ID, ids[code])
		} else {
			ids[code] = in.ID
		}
	}
}

// TestFirstTraceVersion: traces stored before fires were counted are still read.
func TestFirstTraceVersion(t *testing.T) {
	b, _ := (&Trace{N: 7}).MarshalBinary()
	b[0] = 1
	var back Trace
	if err := back.UnmarshalBinary(b[:len(b)-1]); err != nil || back.N != 7 {
		t.Errorf("trace %+v, error %v", back, err)
	}
}

// TestWithdrawn: a document that its sender has cancelled moves nothing, so nothing is
// found in it; the containers that it named stay remembered.
func TestWithdrawn(t *testing.T) {
	e, m := testEngine(t), NewMemory()
	c := innocent()
	c.Equipment[0].Number, c.Withdrawn = "CSQU3054384", true
	if a := e.Assess(c, m); len(a.Findings) != 0 || a.Score != a.Base {
		t.Errorf("assessment %+v", a)
	}
	e.Observe(c, m)
	d := innocent()
	d.Document.Number, d.Equipment[0] = "GULF1", c.Equipment[0]
	other("Gulf")(d)
	if finding(e.Assess(d, m), "D07") == nil {
		t.Error("a bill that was withdrawn and replaced is not seen")
	}
}
