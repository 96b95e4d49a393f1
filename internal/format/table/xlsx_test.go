package table

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tidewaiter/internal/fault"
)

// workbook builds a file with an empty sheet, a hidden one, two of the same heading and
// one of another.
func workbook(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Archive", "March", "April", "Notes"} {
		_, err := f.NewSheet(name)
		do(err)
	}
	format := "dd.mm.yyyy"
	date, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	do(err)
	rounded, err := f.NewStyle(&excelize.Style{NumFmt: 3})
	do(err)
	heading := []any{"B/L No", "Consignee", "Arrival date", "Container", "Gross weight, kg", "Value", "Seals"}
	do(f.SetSheetRow("Archive", "A1", &heading))
	do(f.SetSheetVisible("Archive", false))
	do(f.SetSheetRow("March", "A1", &[]any{"Arrivals of the month"}))
	do(f.SetSheetRow("March", "A3", &heading))
	day := time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
	do(f.SetSheetRow("March", "A4", &[]any{"X-1", "ОсОО Үлгү", day, "MSKU1234565", 18250.125, 1234567.891, "S1;S2"}))
	do(f.SetSheetRow("March", "A6", &[]any{"X-2", "Second", day.Add(36 * time.Hour), "", 46012, 10, ""}))
	do(f.SetCellStyle("March", "C4", "C6", date))
	do(f.SetCellStyle("March", "E4", "F6", rounded))
	do(f.SetSheetRow("April", "A1", &heading))
	do(f.SetSheetRow("April", "A2", &[]any{"X-3", "Third", "2026-04-01", "TEMU0000013", 5, 6, ""}))
	do(f.SetSheetRow("Notes", "A1", &[]any{"Author", "Comment"}))
	var out bytes.Buffer
	do(f.Write(&out))
	return out.Bytes()
}

func TestXLSX(t *testing.T) {
	got, docs, err := readAll(t, bytes.NewReader(workbook(t)))
	if err != nil {
		t.Fatal(err)
	}
	if len(docs) != 3 || docs[0].Number != "X-1" || docs[1].Number != "X-2" || docs[2].Number != "X-3" {
		t.Fatalf("documents %+v", got.Documents)
	}
	first := &docs[0].Records[0]
	if v := first.Get("gross_mass"); v == nil || v.Number != 18250.125 || v.Cell.Ref != "E4" {
		t.Errorf("gross mass %+v", v)
	}
	if v := first.Number("value"); v != 1234567.891 {
		t.Errorf("value %v is not whole", v)
	}
	if v := first.Get("arrival"); v == nil || v.Text != "2026-03-09" {
		t.Errorf("arrival %+v", v)
	}
	if v := docs[1].Records[0].Get("arrival"); v == nil || v.Text != "2026-03-10T12:00:00" || v.Cell.Ref != "C6" {
		t.Errorf("arrival %+v", v)
	}
	if v := docs[1].Records[0].Number("gross_mass"); v != 46012 {
		t.Errorf("a mass that could be a day is %v", v)
	}
	if row := docs[2].Records[0].Row; row.Sheet != "April" || row.Line != 2 {
		t.Errorf("row %+v", row)
	}
	warnings := strings.Join(got.Warnings, "; ")
	for _, want := range []string{"Archive", "Notes", "row 3"} {
		if !strings.Contains(warnings, want) {
			t.Errorf("warnings %q do not name %s", warnings, want)
		}
	}
	for _, m := range docs[0].Marks() {
		if m.Field == "equipment[0].seals[1].number" && m.Ref == "G4" && m.Sheet == "March" && m.Offset == -1 {
			return
		}
	}
	t.Errorf("marks %+v", docs[0].Marks())
}

// zeros is a stream of n zero bytes.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func bombOf(t testing.TB, size int64) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, zeros(size)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestZipBomb(t *testing.T) {
	dense := bombOf(t, 100<<20)
	honest, lying := bytes.Clone(dense), bytes.Clone(dense)
	at := bytes.LastIndex(dense, []byte("PK\x01\x02"))     // the central directory's entry
	binary.LittleEndian.PutUint32(honest[at+24:], 600<<20) // bytes unzipped
	binary.LittleEndian.PutUint32(lying[at+24:], 1000)
	for name, raw := range map[string][]byte{"honest": honest, "dense": dense, "lying": lying} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Open(bytes.NewReader(raw))
			runtime.ReadMemStats(&after)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "sheet1.xml") {
				t.Errorf("error %v", err)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
				t.Errorf("took %d MiB", grown>>20)
			}
		})
	}
}

// withSheet returns the workbook with another text of its second sheet, zipped anew, so
// that a fuzzer reaches what lies behind the archive.
func withSheet(t testing.TB, raw, sheet []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		w, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		var part io.Reader = bytes.NewReader(sheet)
		if f.Name != "xl/worksheets/sheet3.xml" {
			if part, err = f.Open(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := io.Copy(w, part); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func sheetOf(cells string) []byte {
	return []byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + cells + `</sheetData></worksheet>`)
}

func TestFarRow(t *testing.T) {
	sheet := sheetOf(`<row r="1"><c r="A1" t="str"><v>B/L</v></c><c r="B1" t="str"><v>HS</v></c></row>` +
		`<row r="2"><c r="A2" t="str"><v>X-1</v></c></row><row r="1048576"><c r="A1048576" t="str"><v>FAR</v></c></row>`)
	got, docs, err := readAll(t, bytes.NewReader(withSheet(t, workbook(t), sheet)))
	if err != nil || len(docs) != 1 || docs[0].Number != "X-1" {
		t.Errorf("documents %+v, %v", got.Documents, err)
	}
	if all := strings.Join(got.Warnings, "; "); !strings.Contains(all, "blank") {
		t.Errorf("warnings %q", all)
	}
}

func FuzzXLSX(f *testing.F) {
	raw := workbook(f)
	head := `<row r="1"><c r="A1" t="inlineStr"><is><t>B/L</t></is></c><c r="B1" t="str"><v>HS</v></c></row>`
	f.Add(sheetOf(head + `<row r="3"><c r="A3" s="1"><v>46090</v></c><c r="ZZZ3" t="s"><v>99999</v></c></row>`))
	f.Add(sheetOf(head + `<row r="1048577"><c r="A-1"><v>1e999</v></c></row><row r="0"/><row r="x"/><row><c t="e"><v>#N/A</v></c></row>`))
	f.Add(sheetOf(head + `<row r="2"><c r="A2" t="b"><v>7</v></c><c t="d"><v>2026-01-01</v></c>`))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		if _, _, err := readAll(t, bytes.NewReader(withSheet(t, raw, sheet))); err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
	})
}

// FuzzZip changes the archive itself.
func FuzzZip(f *testing.F) {
	f.Add(workbook(f))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = append([]byte("PK\x03\x04"), raw[min(len(raw), 4):]...)
		if _, _, err := readAll(t, bytes.NewReader(raw)); err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
	})
}

func BenchmarkXLSX(b *testing.B) {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetRow("Sheet1", "A1", &[]any{"B/L No", "Consignee", "Container", "Gross weight"}); err != nil {
		b.Fatal(err)
	}
	const n = 2000
	for i := range n {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &[]any{fmt.Sprintf("X-%d", i), "Sample Import", "MSKU1234565", 18250.5}); err != nil {
			b.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, docs, err := readDocs(out.Bytes()); err != nil || docs != n {
			b.Fatal(docs, err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
