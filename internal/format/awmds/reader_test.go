package awmds

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"tidewaiter/internal/fault"
)

var update = flag.Bool("update", false, "write golden files")

type reading struct {
	Encoding string
	Header   *Manifest
	Bols     []*Bol
	Error    string
}

func readAll(t testing.TB, raw []byte) reading {
	t.Helper()
	r, err := NewReader(bytes.NewReader(raw))
	if err != nil {
		return reading{Error: err.Error()}
	}
	out := reading{Encoding: r.Encoding()}
	for {
		b, err := r.Next()
		if err != nil {
			if err != io.EOF {
				out.Error = err.Error()
				if !fault.Is(err, fault.Invalid) {
					t.Errorf("error of kind %v: %v", fault.KindOf(err), err)
				}
			}
			out.Header = r.Manifest()
			return out
		}
		out.Bols = append(out.Bols, b)
	}
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) < 3 {
		t.Fatal("fixtures are missing", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got := readAll(t, raw)
			checkMarks(t, raw, got)
			for _, b := range got.Bols {
				b.Header = nil
			}
			text, err := json.MarshalIndent(got, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(f, ".xml") + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, text, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(text, want) {
				t.Errorf("%s differs from what is read:\n%s", golden, text)
			}
		})
	}
}

// checkMarks holds every mark within the file, without white space around it.
func checkMarks(t testing.TB, raw []byte, got reading) {
	t.Helper()
	for _, b := range got.Bols {
		if b.Offset < 0 || b.Length <= 0 || b.Offset+int64(b.Length) > int64(len(raw)) {
			t.Fatalf("Bol %q spans %d+%d of %d bytes", b.Reference, b.Offset, b.Length, len(raw))
		}
		for _, m := range b.Marks {
			if m.Offset < 0 || m.Length <= 0 || m.Offset+int64(m.Length) > int64(len(raw)) {
				t.Fatalf("mark %+v is outside of %d bytes", m, len(raw))
			}
		}
	}
}

func at(raw []byte, b *Bol, field string) string {
	for _, m := range b.Marks {
		if m.Field == field {
			return string(raw[m.Offset : m.Offset+int64(m.Length)])
		}
	}
	return "no mark"
}

func TestMarksStandInTheRawBytes(t *testing.T) {
	raw, err := os.ReadFile("testdata/plain.xml")
	if err != nil {
		t.Fatal(err)
	}
	b := readAll(t, raw).Bols[0]
	for field, want := range map[string]string{
		"document.number":              "KTZE0012345",
		"goods[0].gross_mass":          "18250.5",
		"parties[consignor].name":      "Example Trading &amp; Sons",
		"parties[consignee].name":      "ОсОО Пример Плюс",
		"equipment[0].number":          "MSKU1234565",
		"equipment[0].seals[0].number": "CN778812",
		"equipment[0].seals[1].number": "KZ001",
		"equipment[0].seals[2].number": "KZ002",
		"equipment[0].shipper_owned":   "SOC unit",
		"charges.freight":              "2150.00",
		"journey.voyage":               "TR-7731",
		"journey.places[0].code":       "CNSZX",
		"journey.places[1].code":       "CNURC",
		"journey.places[3].code":       "KGOSS",
		"journey.places[4].code":       "KG418",
		"transport.mode":               "2",
		"carrier.name":                 "Test Rail Forwarding",
		"document.master":              "MASTER-9",
		"goods[0].description":         "Ceramic tiles, glazed",
		"equipment[0].seals[1].party":  "CAR",
		"totals.containers":            "1",
		"parties[consignee].address":   "г. Ош, ул. Ленина 1",
	} {
		if got := at(raw, b, field); got != want {
			t.Errorf("%s is marked at %q, want %q", field, got, want)
		}
	}
	if span := string(raw[b.Offset : b.Offset+int64(b.Length)]); !strings.HasPrefix(span, "<Bol_segment>") || !strings.HasSuffix(span, "</Bol_segment>") {
		t.Errorf("span of the Bol is %.30q … %q", span, span[len(span)-20:])
	}
	if want := time.Date(2026, 3, 9, 14, 35, 0, 0, time.UTC); !b.Header.Arrival.Equal(want) {
		t.Errorf("arrival %v, want %v", b.Header.Arrival, want)
	}
	if b.Line != 32 || !b.ShipperOwned || b.Goods[0].Volume != 41.5 {
		t.Errorf("line %d, shipper-owned %v, volume %v", b.Line, b.ShipperOwned, b.Goods[0].Volume)
	}
}

func TestEncodings(t *testing.T) {
	body := func(label string) string {
		return `<?xml version="1.0" encoding="` + label + `"?><Awmds><Bol_segment><Bol_id><Bol_reference>A1</Bol_reference></Bol_id>` +
			`<Goods_segment><Goods_description>` + "\r\n" + ` Чай чёрный </Goods_description></Goods_segment></Bol_segment></Awmds>`
	}
	charmapped := func(label string, m *charmap.Charmap) []byte {
		out, err := m.NewEncoder().Bytes([]byte(body(label)))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	wide := func(big bool) []byte {
		var out []byte
		for _, u := range append([]uint16{0xFEFF}, utf16.Encode([]rune(body("UTF-16")))...) {
			if big {
				out = append(out, byte(u>>8), byte(u))
			} else {
				out = append(out, byte(u), byte(u>>8))
			}
		}
		return out
	}
	word := func(enc string, raw []byte) string { return enc + ":" + string(raw) }
	tests := map[string]struct {
		raw  []byte
		want string
	}{
		"utf-8":               {[]byte(body("UTF-8")), word("utf-8", []byte("Чай чёрный"))},
		"utf-8 with mark":     {append([]byte("\xEF\xBB\xBF"), body("UTF-8")...), word("utf-8", []byte("Чай чёрный"))},
		"windows-1251":        {charmapped("windows-1251", charmap.Windows1251), word("windows-1251", []byte("\xd7\xe0\xe9 \xf7\xb8\xf0\xed\xfb\xe9"))},
		"iso-8859-5":          {charmapped("ISO-8859-5", charmap.ISO8859_5), word("iso-8859-5", []byte("\xc7\xd0\xd9 \xe7\xf1\xe0\xdd\xeb\xd9"))},
		"says utf-8, is 1251": {charmapped("UTF-8", charmap.Windows1251), word("windows-1251", []byte("\xd7\xe0\xe9 \xf7\xb8\xf0\xed\xfb\xe9"))},
		"utf-16le":            {wide(false), word("utf-16le", wide(false)[2+2*strings.Index(body("UTF-16"), "Ч"):][:20])},
		"utf-16be":            {wide(true), word("utf-16be", wide(true)[2+2*strings.Index(body("UTF-16"), "Ч"):][:20])},
		"says utf-16, is not": {[]byte(body("UTF-16")), word("utf-8", []byte("Чай чёрный"))},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := readAll(t, tt.raw)
			if got.Error != "" || len(got.Bols) != 1 {
				t.Fatalf("%d Bols, error %s", len(got.Bols), got.Error)
			}
			b := got.Bols[0]
			if d := b.Goods[0].Description; d != "Чай чёрный" {
				t.Errorf("description %q", d)
			}
			if span := got.Encoding + ":" + at(tt.raw, b, "goods[0].description"); span != tt.want {
				t.Errorf("marked %q, want %q", span, tt.want)
			}
			if warned := len(got.Header.Problems) > 0; warned != strings.HasPrefix(name, "says") {
				t.Errorf("problems %v", got.Header.Problems)
			}
		})
	}
}

const one = `<Awmds><Bol_segment><Bol_id><Bol_reference>A1</Bol_reference></Bol_id></Bol_segment>` + "\n"

func TestHostile(t *testing.T) {
	tests := map[string]struct {
		raw  string
		bols int
		want string // part of the error
	}{
		"doctype":         {"<!DOCTYPE Awmds [<!ENTITY a \"b\">]>" + one, 0, "line 1: a document type definition"},
		"entity":          {one + "<Bol_segment><Bol_id><Bol_reference>&boom;</Bol_reference>", 1, "write &amp;"},
		"ampersand":       {one + "<Bol_segment><Exporter_name>A & B</Exporter_name>", 1, "line 2"},
		"truncated":       {one + "<Bol_segment><Bol_id>", 1, "ends within this element"},
		"truncated tag":   {one + "<Bol_segment><Bol_", 1, "line 2"},
		"mismatch":        {one + "<Bol_segment><Bol_id></Bol_segment>", 1, "<Bol_id> is open"},
		"deep":            {one + strings.Repeat("<a>", 40), 1, "too deep"},
		"binary":          {"\x00\x01\x02PK\xff\xfe", 0, "broken"},
		"empty":           {"", 0, "neither General_segment nor Bol_segment"},
		"another xml":     {"<html><p>hi</p></html>", 0, "neither"},
		"unknown charset": {`<?xml version="1.0" encoding="klingon"?>` + one, 0, "unknown"},
		"multi-byte":      {`<?xml version="1.0" encoding="gbk"?>` + one, 0, "not read here"},
		"long text":       {one + "<Bol_segment><Remarks>" + strings.Repeat("x", 2<<20), 1, "1 MiB"},
		"long attribute":  {one + "<Bol_segment a='" + strings.Repeat("x", 2<<20), 1, "1 MiB"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := readAll(t, []byte(tt.raw))
			if len(got.Bols) != tt.bols || !strings.Contains(got.Error, tt.want) {
				t.Errorf("%d Bols and %q, want %d and %q", len(got.Bols), got.Error, tt.bols, tt.want)
			}
			if got.Header != nil {
				if p := got.Header.Problems; len(p) == 0 || !p[len(p)-1].Fatal {
					t.Errorf("no fatal problem at the end: %v", p)
				}
			}
		})
	}
}

// endless gives a line without an end, and counts.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.n += int64(len(p)); e.n > 64<<20 {
		return 0, errors.New("read far beyond the bound")
	}
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestEndlessTextIsBounded(t *testing.T) {
	r, err := NewReader(io.MultiReader(strings.NewReader(one+"<Remarks>"), &endless{}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !fault.Is(err, fault.Invalid) {
		t.Errorf("error %v", err)
	}
}

func TestRecordIsBounded(t *testing.T) {
	var in bytes.Buffer
	in.WriteString("<Awmds><Bol_segment><Bol_reference>BIG</Bol_reference>")
	for range 20 {
		in.WriteString("<Remarks>" + strings.Repeat("x", 900<<10) + "</Remarks>")
	}
	in.WriteString("</Bol_segment><Bol_segment><Bol_reference>NEXT</Bol_reference></Bol_segment></Awmds>")
	got := readAll(t, in.Bytes())
	if len(got.Bols) != 2 || !got.Bols[0].Fatal() || got.Bols[1].Fatal() || got.Error != "" {
		t.Fatalf("%d Bols, error %q", len(got.Bols), got.Error)
	}
	if n := len(got.Bols[0].Goods[0].Remarks); n > MaxRecord {
		t.Errorf("kept %d bytes", n)
	}
}
