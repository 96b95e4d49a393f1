package simulate

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"tidewaiter/internal/fault"
)

// bytesOf is a whole world as it would be sent.
func bytesOf(t *testing.T, o Options) []byte {
	t.Helper()
	m, err := Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, x := range slices.Concat(m.History, m.Manifests, m.Amendments) {
		if err := EncodeCUSCAR(&b, []*Manifest{x}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// TestAllSchemesAreTheDefault: to name all schemes and the usual traces is to name none.
func TestAllSchemesAreTheDefault(t *testing.T) {
	o := Defaults(5, 150)
	plain := bytesOf(t, o)
	o.Schemes, o.Traces = Schemes(), 1
	if !bytes.Equal(plain, bytesOf(t, o)) {
		t.Error("the world differs")
	}
	o.Schemes = o.Schemes[:3]
	if bytes.Equal(plain, bytesOf(t, o)) {
		t.Error("fewer schemes make the same world: the comparison sees nothing")
	}
}

// TestOnlyChosenSchemes: nothing else is planted, and about as much as was asked for.
func TestOnlyChosenSchemes(t *testing.T) {
	for i, chosen := range [][]string{{"rip_on_rip_off"}, {"front_company", "precursor_diversion"}, {"strategic_goods_third_country"}, {"bad_check_digit", "switched_bill", "undeclared_weight"}} {
		least := 6
		if i == 0 {
			least = 2 // there are few containers from where the drug is
		}
		planted, twins := 0, 0
		const worlds = 6
		for seed := range uint64(worlds) {
			o := Options{Seed: 100*uint64(i) + seed, Consignments: 120, PlantedRate: 6.0 / 120, TwinRate: 8.0 / 120, History: 6, Schemes: chosen}
			m, err := Generate(o)
			if err != nil {
				t.Fatal(err)
			}
			_, truth := m.Consignments()
			for _, x := range truth {
				if x.Scheme != "" && !slices.Contains(chosen, x.Scheme) {
					t.Errorf("seed %d: %s was planted, only %v may be", seed, x.Scheme, chosen)
				}
				if x.Planted {
					planted++
				}
				if x.Twin {
					twins++
				}
			}
		}
		t.Logf("%v: %d planted, %d twins in %d worlds", chosen, planted, twins, worlds)
		if planted < least*worlds || planted > 6*worlds {
			t.Errorf("%v: %d planted in %d worlds, want about %d", chosen, planted, worlds, 6*worlds)
		}
	}
}

// TestTraces: a scheme that leaves its traces readily leaves more of them.
func TestTraces(t *testing.T) {
	count := func(traces float64) (n int) {
		o := Options{Seed: 3, Consignments: 600, PlantedRate: 0.1, Traces: traces}
		m, err := Generate(o)
		if err != nil {
			t.Fatal(err)
		}
		_, truth := m.Consignments()
		for _, x := range truth {
			if x.Planted {
				n += 1 + bytes.Count([]byte(x.Note), []byte("; "))
			}
		}
		return n
	}
	few, usual, many := count(0.4), count(1), count(2)
	if t.Logf("%d, %d, %d traces", few, usual, many); few >= usual || usual >= many {
		t.Errorf("%d traces where they are rare, %d as usual, %d where they are frequent", few, usual, many)
	}
}

// TestCases: the bills of a case share its number, and nobody else has it.
func TestCases(t *testing.T) {
	m, err := Generate(Defaults(9, 1500))
	if err != nil {
		t.Fatal(err)
	}
	_, truth := m.Consignments()
	whole := map[int]string{}
	bills := map[int]int{}
	for _, x := range truth {
		if (x.Case != 0) != (x.Planted || x.Twin) {
			t.Errorf("%s: case %d, truth %+v", x.Document, x.Case, x)
		}
		if x.Case == 0 {
			continue
		}
		what := fmt.Sprint(x.Scheme, x.Planted, x.Note)
		if old, seen := whole[x.Case]; seen && old != what {
			t.Errorf("case %d is %s and %s", x.Case, old, what)
		}
		whole[x.Case] = what
		if bills[x.Case]++; bills[x.Case] > 1 && x.Scheme != "split_consignments" {
			t.Errorf("%s has %d bills", x.Scheme, bills[x.Case])
		}
	}
	if len(whole) == len(truth) || len(whole) < 20 {
		t.Errorf("%d cases", len(whole))
	}
}

func TestSchemesRefused(t *testing.T) {
	for _, o := range []Options{{Consignments: 5, Schemes: []string{"rip"}}, {Consignments: 5, Traces: -1}, {Consignments: 5, Traces: 11}} {
		if _, err := Generate(o); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
