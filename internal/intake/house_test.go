package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// house is a database in which files are received and read.
type house struct {
	t *testing.T
	*Imports
	cargo *cargo.Consignments
	bus   *bus.Bus
	scope cargo.ScopeID
	mu    sync.Mutex
	news  int // versions that cargo announced
}

func newHouse(t *testing.T, db *store.DB) *house {
	h := &house{t: t}
	h.bus = storetest.StartBus(t, db, func(b *bus.Bus) {
		h.cargo = cargo.NewConsignments(db, b)
		h.Imports = NewImports(db, b, h.cargo, evidence.NewFiles(db), identity.Open(db, slog.New(slog.DiscardHandler)).Audit, slog.New(slog.DiscardHandler))
		bus.Subscribe(b, "test", "test", func(_ context.Context, e cargo.Received) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.news += len(e.Versions)
			return nil
		})
	})
	scope, err := h.cargo.LiveScope(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	h.scope = scope.ID
	return h
}

func (h *house) receive(up Upload, body string) *Import {
	h.t.Helper()
	up.Scope = h.scope
	im, err := h.Receive(context.Background(), up, strings.NewReader(body))
	if err != nil {
		h.t.Fatalf("receive %s: %v", up.Name, err)
	}
	return im
}

// take receives a file and waits until it is read.
func (h *house) take(name, body string) *Import {
	h.t.Helper()
	im := h.receive(Upload{Name: name, Accept: true}, body)
	storetest.Drain(h.t, h.bus)
	return h.get(im.ID)
}

func (h *house) get(id int64) *Import {
	h.t.Helper()
	im, err := h.Get(context.Background(), h.scope, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return im
}

func (h *house) of(im *Import) []*cargo.Consignment {
	h.t.Helper()
	cs, err := h.cargo.OfImport(context.Background(), h.scope, im.ID, 10_000)
	if err != nil {
		h.t.Fatal(err)
	}
	return cs
}

func (h *house) held(im *Import) []Quarantined {
	h.t.Helper()
	items, err := h.Quarantine(context.Background(), h.scope, im.ID, false, 0, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	return items
}

// counts writes what became of an import as one line.
func counts(im *Import) string {
	return fmt.Sprintf("%s %d records: %d new, %d amended, %d unchanged, %d quarantined",
		im.State, im.Records, im.New, im.Amended, im.Unchanged, im.Quarantined)
}

func want(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

// cuscarFile is a manifest of consignments, each of one goods item: number, package
// count and gross mass as they are to stand in the file.
func cuscarFile(interchange string, bills ...[3]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "UNB+UNOC:3+ACME LINE+ECA+260301:1010+%s'\nUNH+1+CUSCAR:D:95B:UN'\nBGM+85+%s+9'\n", interchange, interchange)
	b.WriteString("DTM+137:20260301:102'\nTDT+20+V1+1++ACME:172:166:ACME+++9074729:146::EVER'\n")
	for i, bill := range bills {
		fmt.Fprintf(&b, "CNI+%d+%s'\nRFF+BM:%s'\nLOC+9+CNSHA:139'\nLOC+11+EGALY:139'\n", i+1, bill[0], bill[0])
		fmt.Fprintf(&b, "NAD+CZ++ACME TRADING:STREET 1:SHANGHAI'\nGID+1+%s:BG'\nFTX+AAA+++RICE'\nMEA+AAE+G+KGM:%s'\nSGP+MSCU6639870'\n", bill[1], bill[2])
	}
	fmt.Fprintf(&b, "UNT+9+1'\nUNZ+1+%s'\n", interchange)
	return b.String()
}

func awmdsFile(bols ...[3]string) string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Awmds>\n<General_segment><General_segment_id><Customs_office_code>KG418</Customs_office_code>")
	b.WriteString("<Voyage_number>TR-1</Voyage_number></General_segment_id></General_segment>\n")
	for i, bol := range bols {
		fmt.Fprintf(&b, "<Bol_segment><Bol_id><Bol_reference>%s</Bol_reference><Line_number>%d</Line_number><Bol_nature>23</Bol_nature></Bol_id>", bol[0], i+1)
		fmt.Fprintf(&b, "<Goods_segment><Number_of_packages>%s</Number_of_packages><Gross_mass>%s</Gross_mass><Goods_description>Рис</Goods_description></Goods_segment></Bol_segment>\n", bol[1], bol[2])
	}
	b.WriteString("</Awmds>\n")
	return b.String()
}

func csvFile(rows ...[3]string) string {
	var b strings.Builder
	b.WriteString("B/L number;Consignee;Packages;Gross weight, kg;Description of goods;Arrival\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "%s;Нурлан Трейд;%s;%s;Рис;2026-03-09\n", r[0], r[1], r[2])
	}
	return b.String()
}

// workbook is an XLSX file of one sheet with the rows as inline strings.
func workbook(t testing.TB, rows ...[]string) string {
	t.Helper()
	var sheet strings.Builder
	sheet.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for i, row := range rows {
		fmt.Fprintf(&sheet, `<row r="%d">`, i+1)
		for j, text := range row {
			fmt.Fprintf(&sheet, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+j, i+1, text)
		}
		sheet.WriteString(`</row>`)
	}
	sheet.WriteString(`</sheetData></worksheet>`)
	return zipped(t, map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Манифест" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet.String(),
	})
}

func zipped(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "manifest.edi"} {
		body, ok := files[name]
		if !ok {
			continue
		}
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sharedDir returns the EDIFACT files of the shared test data, beside the folder of
// go.mod; the test is skipped where that is absent.
func sharedDir(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	shared := filepath.Join(dir, "..", "shared", "data", "edifact")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("no shared data")
	}
	return shared
}

// interrupt makes the import's next reading begin as if a process had been killed.
func (h *house) announce(id int64) {
	h.t.Helper()
	err := h.db.InTx(context.Background(), func(tx *sql.Tx) error {
		return h.Imports.bus.Announce(context.Background(), tx, Stored{Import: id})
	})
	if err != nil {
		h.t.Fatal(err)
	}
}
