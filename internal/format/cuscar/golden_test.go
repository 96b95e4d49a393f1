package cuscar

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

	"tidewaiter/internal/format/edifact"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden reads fixtures of our own and compares all that was read of them.
func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.edi")
	if len(files) < 7 {
		t.Fatalf("%d fixtures", len(files))
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got := dump(t, data)
			golden := strings.TrimSuffix(f, ".edi") + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs; got\n%s", golden, got)
			}
		})
	}
}

// dump returns what a Reader makes of data, without what is empty, and with each mark
// as the bytes that it points at.
func dump(t *testing.T, data []byte) []byte {
	t.Helper()
	r, bills := readAll(t, data)
	at := func(marks []Mark) map[string]string {
		out := make(map[string]string)
		for _, m := range marks {
			out[m.Field] = strings.ToValidUTF8(string(data[m.Span.Offset:m.Span.Offset+int64(m.Span.Length)]), "¿")
		}
		return out
	}
	var all []any
	for _, m := range r.Manifests() {
		c := *m
		c.Marks = nil
		all = append(all, map[string]any{"manifest": c})
	}
	for _, b := range bills {
		c := *b
		c.Manifest, c.Marks = nil, nil
		all = append(all, map[string]any{"bill": c, "read": at(b.AllMarks()), "of": b.Manifest.Number})
	}
	var warnings []string
	list, _ := r.Warnings()
	for _, w := range list {
		warnings = append(warnings, w.String())
	}
	all = append(all, map[string]any{"warnings": warnings, "skipped": r.Skipped()})
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(prune(v)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if x = prune(x); x == nil || strings.HasSuffix(k, "Span") {
				delete(v, k)
			} else {
				v[k] = x
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = prune(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case string:
		if v == "" || v == "0001-01-01T00:00:00Z" {
			return nil
		}
	case float64:
		if v == 0 {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return v
}

func FuzzCuscar(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.edi")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewReader(bytes.NewReader(data), edifact.MaxSegment(4096))
		for {
			b, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				if b != nil {
					t.Fatal("a bill besides an error")
				}
				return
			}
			end := b.Span.Offset + int64(b.Span.Length)
			if b.Span.Offset < 0 || b.Span.Length < 0 || end > int64(len(data)) {
				t.Fatalf("bill at %+v of %d bytes", b.Span, len(data))
			}
			if b.Number == "" && !b.Fatal() {
				t.Fatal("a bill without a number is not fatal")
			}
			for _, m := range b.AllMarks() {
				if m.Span.Length <= 0 || m.Span.Offset+int64(m.Span.Length) > int64(len(data)) {
					t.Fatalf("mark %+v", m)
				}
			}
		}
	})
}

// BenchmarkRead reads bills of two goods items with a header of equipment.
func BenchmarkRead(b *testing.B) {
	const bills = 2000
	m := &Manifest{Document: "85", Number: "V1", Function: "9", Voyage: "V1N", Transport: Transport{Mode: "1", IMO: "9319466", Name: "NORTH STAR"}}
	msg := Message{Manifest: m}
	for i := range bills {
		box := "ABCU" + string([]byte{byte('0' + i/1000%10), byte('0' + i/100%10), byte('0' + i/10%10), byte('0' + i%10)}) + "000"
		m.Equipment = append(m.Equipment, Equipment{Number: box, Kind: "CN", SizeType: "45G1", Status: "5", Tare: 3700, Seals: []Seal{{"ML0012345", "CA"}}})
		goods := Goods{
			Number: 1, Description: "SKIMMED MILK POWDER IN BAGS OF 25 KG NET EACH, ON PALLETS, SHRINK WRAPPED, PRODUCED IN 2025",
			Packages: 560, PackageType: "BG", GrossMass: 14182.5, Volume: 22, HS: "040210", Origin: "IE", Splits: []Split{{Equipment: box, Packages: 560}},
		}
		msg.Bills = append(msg.Bills, &Bill{
			Number: "MSCU" + box, Type: "BM", Line: "1", Goods: []Goods{goods, goods},
			Places:  []Place{{Role: "loading", Code: "IEDUB"}, {Role: "unloading", Code: "EGEDK"}},
			Parties: []Party{{Code: "CZ", Name: "NORTHERN DAIRIES LTD", Address: "12 MILL ROAD", City: "BAILIEBOROUGH", Country: "IE"}, {Code: "CN", Name: "GLACIER ICE CREAM EGYPT", Address: "SUMMIT 44, 90 STREET", City: "NEW CAIRO", Country: "EG"}, {Code: "NI", Name: "GLACIER ICE CREAM EGYPT", Address: "SUMMIT 44, 90 STREET", City: "NEW CAIRO", Country: "EG"}},
		})
	}
	var buf bytes.Buffer
	if err := Write(&buf, edifact.WriterOptions{}, msg); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(buf.Len()))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range NewReader(bytes.NewReader(buf.Bytes())).Bills() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != bills {
			b.Fatalf("%d bills", n)
		}
	}
	b.ReportMetric(bills*float64(b.N)/b.Elapsed().Seconds(), "bills/s")
}
