package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// noise returns n bytes that are of no format.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

// TestBadFilesAreKeptAndExplained holds what becomes of files that are broken as a whole:
// a state, how many records came in all the same, and words of the reason.
func TestBadFilesAreKeptAndExplained(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	good := [3]string{"T%d1", "10", "100"}
	bills := func(n int) [3]string { g := good; g[0] = fmt.Sprintf("T%d", n); return g }
	edi, xml := cuscarFile("T", bills(1), bills(2), bills(3)), awmdsFile(bills(4), bills(5), bills(6))
	book := workbook(t, []string{"B/L number", "Gross weight, kg"}, []string{"T7", "1"}, []string{"T8", "2"})
	for _, c := range []struct {
		name, body string
		state      State
		records    int
		says       string
	}{
		{"empty", "", Refused, 0, "empty"},
		{"binary", string(noise(5000)), Refused, 0, ""},
		{"pdf", "%PDF-1.7 ...", Refused, 0, "PDF"},
		{"edifact cut within a segment", edi[:strings.LastIndex(edi, "MEA+AAE")+6], Done, 3, ""},
		{"edifact cut within the header", edi[:60], Refused, 0, ""},
		{"xml cut within the third bol", xml[:strings.LastIndex(xml, "<Gross_mass>")], Done, 2, "line 6"},
		{"xml with a doctype", `<!DOCTYPE Awmds SYSTEM "http://evil.example/x.dtd">` + strings.TrimPrefix(xml, `<?xml version="1.0" encoding="UTF-8"?>`), Refused, 0, "document type"},
		{"xml with an entity", strings.Replace(xml, "TR-1", "&lol;", 1), Refused, 0, "line"},
		{"xml declared as what nobody knows", strings.Replace(xml, "UTF-8", "EBCDIC-CP-XX", 1), Refused, 0, "ebcdic-cp-xx"},
		{"xml of one element", "<Awmds/>", Refused, 0, "line 1"},
		{"xlsx cut short", book[:len(book)/2], Refused, 0, ""},
		{"zip bomb", bomb(t), Refused, 0, ""},
		{"text", "Dear colleagues! Attached please find the manifest.", Refused, 0, "no table"},
	} {
		im := h.take(c.name, c.body)
		if im.State != c.state || im.Records != c.records || !strings.Contains(im.Reason, c.says) || c.state == Refused && im.Reason == "" {
			t.Errorf("%s: %s (%s)\nwant %s, %d records, %q", c.name, counts(im), im.Reason, c.state, c.records, c.says)
		}
		_, r, err := h.Raw(context.Background(), h.scope, im.ID)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := io.ReadAll(r); err != nil || string(back) != c.body {
			t.Errorf("%s: %d bytes came back of %d, %v", c.name, len(back), len(c.body), err)
		}
		r.Close()
	}
}

// bomb is a workbook of some hundred kilobytes whose sheet unpacks to 600 MB.
func bomb(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	small, err := zip.NewReader(strings.NewReader(workbook(t, []string{"B/L number", "kg"})), int64(len(workbook(t, []string{"B/L number", "kg"}))))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range small.File {
		if strings.HasSuffix(f.Name, "sheet1.xml") {
			continue
		}
		if err := w.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	sheet, err := w.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(sheet, `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>`)
	if _, err := io.Copy(sheet, &repeat{text: []byte("A"), left: 600 << 20}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// repeat gives a text over and over, without holding it.
type repeat struct {
	text []byte
	left int64
	at   int
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && r.left > 0 {
		k := copy(p[n:min(len(p), n+int(min(r.left, 1<<20)))], r.text[r.at:])
		n, r.left, r.at = n+k, r.left-int64(k), (r.at+k)%len(r.text)
	}
	return n, nil
}

// TestAVeryLongLineDoesNotFillTheMemory reads 300 MB that are made as they are read.
func TestAVeryLongLineDoesNotFillTheMemory(t *testing.T) {
	const size, bound = 300 << 20, 64 << 20
	block := bytes.Repeat([]byte("x"), 64<<10)
	for name, head := range map[string]string{
		"csv":            "B/L number;Packages\nA1;",
		"csv in a quote": "B/L number;Packages\nA1;\"",
		"edifact":        strings.SplitAfter(cuscarFile("A", [3]string{"A1", "1", "1"}), "FTX+AAA+++")[0],
		"xml text":       "<Awmds><Bol_segment><Bol_id><Bol_reference>",
		"xml tag":        "<Awmds><Bol_segment ",
		"one line":       "",
	} {
		t.Run(name, func(t *testing.T) {
			var before, peak runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			src := io.MultiReader(strings.NewReader(head), &repeat{text: block, left: size})
			most := uint64(0)
			watched := &watch{r: src, every: 16 << 20, see: func() {
				runtime.ReadMemStats(&peak)
				most = max(most, peak.HeapAlloc)
			}}
			records, err := readAllRecords(watched)
			watched.see()
			if most > before.HeapAlloc+bound {
				t.Errorf("%d MB were held, want at most %d", (most-before.HeapAlloc)>>20, bound>>20)
			}
			if err == nil && !anyProblem(records) {
				t.Errorf("%d records were read without a word", len(records))
			}
			t.Logf("%d records, %d MB held: %v", len(records), (most-min(most, before.HeapAlloc))>>20, err)
		})
	}
}

func anyProblem(records []*Record) bool {
	for _, rec := range records {
		if len(rec.Problems) > 0 {
			return true
		}
	}
	return false
}

// watch calls see each time that so many bytes were read.
type watch struct {
	r           io.Reader
	every, read int64
	see         func()
}

func (w *watch) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if w.read/w.every != (w.read+int64(n))/w.every {
		w.see()
	}
	w.read += int64(n)
	return n, err
}

// TestDatesThatDoNotExist holds that such a date is a problem with its place, and never
// another date.
func TestDatesThatDoNotExist(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	rows := csvFile([3]string{"D1", "1", "1"}, [3]string{"D2", "1", "1"}, [3]string{"D3", "1", "1"})
	at := strings.LastIndex(rows, "2026-03-09")
	edi := strings.Replace(cuscarFile("D", [3]string{"D5", "1", "1"}), "LOC+9+", "DTM+182:20260231:102'\nLOC+9+", 1)
	xml := strings.Replace(awmdsFile([3]string{"D6", "1", "1"}), "</Voyage_number>", "</Voyage_number><Date_of_arrival>2026-02-31</Date_of_arrival>", 1)
	for name, body := range map[string]string{"csv": rows[:at] + "2026-02-31" + rows[at+10:], "edifact": edi, "xml": xml} {
		im := h.take(name, body)
		said := false
		for _, it := range h.held(im) {
			said = said || strings.Contains(it.Value, "31") && it.Place != "" && it.Reason != ""
		}
		for _, w := range im.Warnings {
			said = said || strings.Contains(w.Reason, "31") && w.Place != ""
		}
		if !said || im.State != Done {
			t.Errorf("%s: %s; held %+v, warnings %+v: want the date named with its place", name, counts(im), h.held(im), im.Warnings)
		}
		for _, c := range h.of(im) {
			for _, d := range []string{c.Journey.Arrival.String(), c.Document.Issued.String()} {
				if strings.HasPrefix(d, "2026-03-0") && !strings.HasPrefix(d, "2026-03-09") {
					t.Errorf("%s: the date became %s", name, d)
				}
			}
		}
	}
}
