package table

import (
	"testing"
)

func TestNumbers(t *testing.T) {
	tests := []struct {
		text, decimal string
		want          float64
		reason        string
	}{
		{"1234.5", ".", 1234.5, ""},
		{"1,234.5", ".", 1234.5, ""},
		{"1.234,5", ",", 1234.5, ""},
		{"1 234,56", ",", 1234.56, ""},
		{"1\u00a0234\u00a0567", ",", 1234567, ""},
		{"1'234.5", ".", 1234.5, ""},
		{"2,000", ".", 2000, ""},
		{"2,000", ",", 2, ""},
		{"1,234.5", "", 1234.5, ""},
		{"1.234,5", "", 1234.5, ""},
		{"12,5", "", 12.5, ""},
		{"0,125", "", 0.125, ""},
		{"18,250.5", ",", 0, "is not a number"},
		{"1,23,456", ".", 0, "is not a number"},
		{"1.2.3", ".", 0, "is not a number"},
		{"NaN", ".", 0, "is not a number"},
		{"1e400", ".", 0, "is not a number"},
		{"", ".", 0, "is not a number"},
		{"-5", ".", -5, ""},
	}
	for _, tt := range tests {
		got, reason := parseNumber(tt.text, tt.decimal)
		if got != tt.want || reason != tt.reason {
			t.Errorf("parseNumber(%q, %q) = %v, %q, want %v, %q", tt.text, tt.decimal, got, reason, tt.want, tt.reason)
		}
	}
}

func TestDecimalMarkOfAColumn(t *testing.T) {
	tests := []struct {
		cells    content
		european bool
		want     string
		doubt    bool
	}{
		{content{"18,250.5", "2,000"}, false, ".", false},
		{content{"18.250,5", "2.000"}, false, ",", false},
		{content{"1,234,567"}, true, ".", false},
		{content{"20,125", "40,5"}, false, ",", false},
		{content{"2,000"}, false, ".", true},
		{content{"2,000"}, true, ",", true},
		{content{"100", "200"}, false, ".", false},
	}
	for _, tt := range tests {
		if mark, doubt := tt.cells.decimal(tt.european); mark != tt.want || (doubt != "") != tt.doubt {
			t.Errorf("%q: mark %q, doubt %q", tt.cells, mark, doubt)
		}
	}
}

func TestUnits(t *testing.T) {
	tests := []struct {
		text, unit string
		kind       string
		want       float64
		reason     string
	}{
		{"1200 kg", "kg", "gross_mass", 1200, ""},
		{"1.5 t", "kg", "gross_mass", 1500, ""},
		{"1.5", "t", "gross_mass", 1500, ""},
		{"100 lbs", "kg", "gross_mass", 45.359237, ""},
		{"12 m3", "m3", "volume", 12, ""},
		{"12 kg", "m3", "volume", 0, "has a unit of another kind"},
		{"12 poods", "kg", "gross_mass", 0, "has a unit that is not known here"},
		{"3.5", "", "packages", 0, "is not a whole number"},
		{"15 PK", "", "packages", 15, ""},
		{"-18", "", "temperature", -18, ""},
		{"$ 1,200.50", "", "value", 1200.5, ""},
	}
	for _, tt := range tests {
		c := Column{Target: tt.kind, Unit: tt.unit, Decimal: "."}
		v := Value{Text: tt.text}
		if reason := c.read(&v); reason != tt.reason || v.Number != tt.want {
			t.Errorf("%q in %s: %v, %q, want %v, %q", tt.text, tt.unit, v.Number, reason, tt.want, tt.reason)
		}
	}
}

func TestDates(t *testing.T) {
	tests := []struct {
		cells  content
		layout string
		doubt  bool
	}{
		{content{"2026-03-09"}, "2006-01-02", false},
		{content{"09.03.2026", "31.03.2026"}, "02.01.2006", false},
		{content{"03/14/2026", "03/01/2026"}, "01/02/2006", false},
		{content{"14/03/2026"}, "02/01/2006", false},
		{content{"04/03/2026"}, "02/01/2006", true},
		{content{"soon", "later"}, "", true},
	}
	for _, tt := range tests {
		if layout, doubt := tt.cells.layout(); layout != tt.layout || (doubt != "") != tt.doubt {
			t.Errorf("%q: %q, %q, want %q", tt.cells, layout, doubt, tt.layout)
		}
	}
	c := Column{Target: "arrival", DateLayout: "02.01.2006"}
	for text, ok := range map[string]bool{"31.02.2026": false, "28.02.2026": true, "2026-02-28": true, "2026-02-30": false, "02/03/2026": false} {
		if reason := c.read(&Value{Text: text}); (reason == "") != ok {
			t.Errorf("%s: %q", text, reason)
		}
	}
}

func TestHeadings(t *testing.T) {
	tests := map[string]string{
		"B/L No.": "document_number", "BILL OF LADING": "document_number", "Коносамент": "document_number", "Номер ТТН/CMR": "document_number",
		"накладная": "document_number", "Container #": "container", "КОНТЕЙНЕР": "container", "Consignee": "consignee_name",
		"Грузополучатель": "consignee_name", "алуучу": "consignee_name", "Жүк алуучу": "consignee_name", "Gross Weight, KGS": "gross_mass",
		"Вес брутто (кг)": "gross_mass", "Объём, м³": "volume", "Код ТН ВЭД": "hs", "Shipper's name": "", "": "",
		"document_number": "document_number", "verified_gross": "verified_gross", "№ контейнера": "container",
	}
	for heading, want := range tests {
		got, score := bySynonym(heading)
		if score < 0.9 {
			got = ""
		}
		if got != want {
			t.Errorf("%q is %q, want %q", heading, got, want)
		}
	}
	for term, target := range synonyms() {
		if _, ok := TargetOf(target); !ok {
			t.Errorf("%q names %q, which is no target", term, target)
		}
	}
	for _, target := range Targets {
		if got, score := bySynonym(target.ID); got != target.ID || score < 0.9 {
			t.Errorf("its own id is not a heading of %s: %s", target.ID, got)
		}
	}
}

func TestFingerprint(t *testing.T) {
	a := Fingerprint([]string{"B/L No.", "Consignee"})
	if b := Fingerprint([]string{" b/l  NO", "consignee:"}); a != b {
		t.Error("case and punctuation matter")
	}
	for _, other := range [][]string{{"Consignee", "B/L No."}, {"B/L No."}, {"B/L", "No Consignee"}} {
		if Fingerprint(other) == a {
			t.Errorf("%q has the same fingerprint", other)
		}
	}
}

func TestMappingIsChecked(t *testing.T) {
	for name, bad := range map[string]string{
		"not json": `{`, "no number": `{"columns":[{"index":0,"target":"hs"}]}`,
		"unknown target": `{"columns":[{"index":0,"target":"document_number"},{"index":1,"target":"colour"}]}`,
		"unknown unit":   `{"columns":[{"index":0,"target":"document_number"},{"index":1,"target":"gross_mass","unit":"pood"}]}`,
		"decimal":        `{"columns":[{"index":0,"target":"document_number"},{"index":1,"target":"gross_mass","decimal":"0"}]}`,
		"column":         `{"columns":[{"index":-1,"target":"document_number"}]}`,
	} {
		if _, err := ParseMapping([]byte(bad)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestLetter(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "AB", 701: "ZZ", 702: "AAA"} {
		if got := Letter(i); got != want {
			t.Errorf("Letter(%d) = %s, want %s", i, got, want)
		}
	}
}
