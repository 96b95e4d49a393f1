package table

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
)

var update = flag.Bool("update", false, "write golden files")

type reading struct {
	Encoding  string
	Comma     string
	Heading   int
	Warnings  []string
	Mapping   []string
	Documents []doc
}

type doc struct {
	Number     string
	Containers []string
	Rows       []string
	Problems   []string
}

func readAll(t testing.TB, in io.Reader) (reading, []*Document, error) {
	t.Helper()
	r, err := Open(in)
	if err != nil {
		return reading{}, nil, err
	}
	defer r.Close()
	m := Propose(r.Heading.Texts(), r.Sample(20))
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if m, err = ParseMapping(raw); err != nil {
		return reading{}, nil, err
	}
	docs, err := NewDocuments(r, m)
	if err != nil {
		return reading{}, nil, err
	}
	all, err := docs.All()
	return summary(r, m, all), all, err
}

func summary(r *Reader, m Mapping, all []*Document) reading {
	out := reading{Encoding: r.Encoding, Comma: string(r.Comma), Heading: r.Heading.Line, Warnings: r.Warnings}
	for _, c := range m.Columns {
		out.Mapping = append(out.Mapping, fmt.Sprintf("%s %q -> %s %s %.2f unit=%s date=%s decimal=%s list=%s: %s",
			Letter(c.Index), c.Heading, c.Target, c.Path, c.Confidence, c.Unit, c.DateLayout, c.Decimal, c.Separator, c.Reason))
	}
	for _, d := range all {
		one := doc{Number: d.Number, Containers: d.Numbers}
		for _, rec := range d.Records {
			var b strings.Builder
			fmt.Fprintf(&b, "line %d, goods %d, equipment %v", rec.Row.Line, rec.Goods, rec.Equipment)
			for _, v := range rec.Values {
				fmt.Fprintf(&b, " | %s=%q", v.Target, v.Text)
				if v.Number != 0 {
					fmt.Fprintf(&b, " %v", v.Number)
				}
				if !v.Date.IsZero() {
					b.WriteString(" " + v.Date.Format(time.DateOnly))
				}
			}
			one.Rows = append(one.Rows, b.String())
		}
		for _, p := range d.Problems {
			one.Problems = append(one.Problems, p.String())
		}
		out.Documents = append(out.Documents, one)
	}
	return out
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) < 3 {
		t.Fatal("fixtures are missing", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got, docs, err := readAll(t, bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			checkPlaces(t, raw, docs)
			text, err := json.MarshalIndent(got, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(f, ".csv") + ".golden.json"
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

func checkPlaces(t testing.TB, raw []byte, docs []*Document) {
	t.Helper()
	for _, d := range docs {
		for _, m := range d.Marks() {
			if m.Offset < 0 || m.Length < 0 || m.Offset+int64(m.Length) > int64(len(raw)) || strings.Contains(m.Field, "{") {
				t.Fatalf("mark %+v in %d bytes", m, len(raw))
			}
		}
	}
}

func TestMarksStandInTheRawBytes(t *testing.T) {
	raw, err := os.ReadFile("testdata/english.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, docs, err := readAll(t, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range docs[0].Marks() {
		got[m.Field] = string(raw[m.Offset : m.Offset+int64(m.Length)])
	}
	for field, want := range map[string]string{
		"document.number":              "EXLU000001",
		"parties[consignor].name":      "Example Trading, Sons",
		"parties[consignee].address":   "12 Main Street\nBishkek",
		"goods[0].gross_mass":          "18,250.5",
		"goods[1].gross_mass":          "2,000",
		"goods[0].description":         `Tiles ""glazed""`,
		"equipment[0].number":          "MSKU1234565",
		"equipment[1].number":          "TEMU0000013",
		"equipment[0].seals[1].number": "S1; S2",
		"equipment[1].seals[0].number": "S3",
		"equipment[1].size_type":       "22G1",
	} {
		if got[field] != want {
			t.Errorf("%s is marked at %q, want %q", field, got[field], want)
		}
	}
}

// TestRowsKnowTheirPlace writes rows of any text and finds each cell again.
func TestRowsKnowTheirPlace(t *testing.T) {
	cell := rapid.Map(rapid.StringMatching(`[a-zА-я0-9"';,|\n ]{0,12}`), func(s string) string { return strings.Trim(s, " \n\"") })
	rapid.Check(t, func(t *rapid.T) {
		comma := rapid.SampledFrom([]rune{',', ';', '\t', '|'}).Draw(t, "comma")
		width := rapid.IntRange(2, 5).Draw(t, "width")
		heading := make([]string, width)
		for i := range heading {
			heading[i] = "Head" + Letter(i)
		}
		want := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 0, 8).Draw(t, "rows")
		var out bytes.Buffer
		err := WriteCSV(&out, comma, heading, func(yield func([]string) bool) {
			for _, row := range want {
				yield(row)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		raw := out.Bytes()
		r, err := OpenCSV(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if r.Comma != comma {
			t.Skip("delimiters within the cells outnumber the delimiter")
		}
		for _, row := range want {
			if strings.Join(row, "") == "" {
				continue
			}
			got, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			if strings.Join(got.Texts(), "\x00") != strings.Join(row, "\x00") {
				t.Fatalf("read %q, wrote %q", got.Texts(), row)
			}
			for _, c := range got.Cells {
				if in := strings.ReplaceAll(string(raw[c.Offset:c.Offset+int64(c.Length)]), `""`, `"`); in != c.Text {
					t.Fatalf("cell %q is marked at %q", c.Text, in)
				}
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Fatal(err)
		}
	})
}

func TestUTF16(t *testing.T) {
	text := "B/L;Consignee\r\nA-1;Чай \U0001F375\r\n"
	raw := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(text)) {
		raw = append(raw, byte(u), byte(u>>8))
	}
	r, err := OpenCSV(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	row, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(row.Texts(), "|"); got != "A-1|Чай \U0001F375" || row.Line != 2 {
		t.Errorf("line %d: %q", row.Line, got)
	}
	if c := row.Cells[1]; c.Offset != 2+2*int64(len("B/L;Consignee\r\nA-1;")) || c.Length != 12 {
		t.Errorf("cell at %d+%d", c.Offset, c.Length)
	}
	if len(r.Warnings) != 1 {
		t.Errorf("warnings %q", r.Warnings)
	}
}

func TestStrayQuoteLosesNoRow(t *testing.T) {
	for name, tt := range map[string]struct {
		in     string
		faults int
	}{
		"not closed":           {"bl,goods\nA1,\"open\nA2,plain\nA3,x\n", 1},
		"closed by another":    {"bl,goods\nA1,\"open\nA2,plain\nA3,6\"pipe\n", 1},
		"within a field":       {"bl,goods\nA1,6\" pipe\nA2,plain\nA3,x\n", 0},
		"doubled and in order": {"bl,goods\nA1,\"6\"\" pipe\nof steel\"\nA2,\"x\" y\nA3,x\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := OpenCSV(strings.NewReader(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			got, faults := "", 0
			for {
				row, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				got += row.Cells[0].Text
				if row.Fault != "" {
					faults++
				}
			}
			if got != "A1A2A3" || faults != tt.faults {
				t.Errorf("rows %q, %d with a fault", got, faults)
			}
		})
	}
}

type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.n += int64(len(p)); e.n > 2<<30 {
		return 0, io.EOF
	}
	if e.n > 64<<20 {
		return 0, fmt.Errorf("read far beyond the bound")
	}
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestHostile(t *testing.T) {
	tests := map[string]struct {
		in   io.Reader
		want string
	}{
		"endless line":   {io.MultiReader(strings.NewReader("bl,goods\n"), &endless{}), "line 2, byte 9: a row is longer than 1 MiB"},
		"endless quoted": {io.MultiReader(strings.NewReader("bl,goods\n\""), &endless{}), "line 2, byte 9: a row is longer than 1 MiB"},
		"first line":     {&endless{}, "longer than 1 MiB"},
		"empty":          {strings.NewReader(""), "holds no table"},
		"binary":         {strings.NewReader("\x7fELF\x02\x01\x01\x00\x00\x00"), "is not text"},
		"no columns":     {strings.NewReader("just\nsome\nlines\n"), "holds no table"},
		"no number":      {strings.NewReader("colour,taste\nred,sweet\n"), "no column is the number"},
		"cut workbook":   {strings.NewReader("PK\x03\x04cut off"), "not a zip archive"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := readAll(t, tt.in)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzCSV(f *testing.F) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("\xff\xfea\x00,\x00b\x00\n\x00"))
	f.Add([]byte("sep=;\nbl;x\n\"\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if IsXLSX(raw) {
			return
		}
		_, docs, err := readAll(t, bytes.NewReader(raw))
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		checkPlaces(t, raw, docs)
	})
}

func BenchmarkCSV(b *testing.B) {
	heading := strings.Split("B/L No,Shipper,Consignee,Port of Loading,ETA,Container No,Seal No,Description of Goods,HS Code,Packages,Gross Weight,Value,Currency", ",")
	var out bytes.Buffer
	const n = 5000
	err := WriteCSV(&out, ',', heading, func(yield func([]string) bool) {
		for i := range n {
			yield([]string{fmt.Sprintf("EXLU%06d", i), "Example Trading and Sons", "Sample Import LLC", "CNSHA", "2026-03-14", "MSKU1234565", "S1;S2",
				"Ceramic tiles, glazed", "690721", "860", "18250.5", "12000.00", "USD"})
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(out.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, docs, err := readDocs(out.Bytes()); err != nil || docs != n {
			b.Fatal(docs, err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func readDocs(raw []byte) (*Reader, int, error) {
	r, err := Open(bytes.NewReader(raw))
	if err != nil {
		return nil, 0, err
	}
	docs, err := NewDocuments(r, Propose(r.Heading.Texts(), r.Sample(20)))
	if err != nil {
		return nil, 0, err
	}
	n := 0
	for {
		if _, err := docs.Next(); err != nil {
			return r, n, nil
		}
		n++
	}
}
