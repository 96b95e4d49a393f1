package resultweb_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tidewaiter/internal/identity"
)

// rows reads a CSV file as rows by the names of their columns.
func (d *desk) rows(body []byte) (out []map[string]string) {
	d.Helper()
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff")))).ReadAll()
	d.ok(err)
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		out = append(out, row)
	}
	return out
}

// acts are the entries of the trail with an act, the latest first.
func (d *desk) acts(act string) []identity.Recorded {
	d.Helper()
	d.ok(d.reg.Audit.Flush(context.Background()))
	page, err := d.reg.Audit.List(d.as(0), identity.AuditFilter{Act: act})
	d.ok(err)
	return page.Entries
}

func TestExportCSV(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.months(9)
		a := d.get("/results.csv?period=all", "ru")
		if got := a.header.Get("Content-Disposition"); got != `attachment; filename="examinations.csv"` {
			t.Errorf("name: %s", got)
		}
		rows := d.rows(a.body)
		if len(rows) != 9 {
			t.Fatalf("%d rows, want 9", len(rows))
		}
		first, last := rows[8], rows[0] // the latest stand first
		for name, want := range map[string]string{
			"case": "KGOSS-PCU-2026-0001", "concluded": "2026-10-01T08:00:00Z", "document": "DOC00000", "selection": "officer",
			"method": "full", "result": "seizure", "ending": "found", "hours": "0", "loading": "CNSHA", "unloading": "KGOSS",
			"consignor": `'=HYPERLINK("http://x")`, "consignee": "ОсОО «Өзгөн Ңурлан Трейд»", "containers": "TGCU0235724",
			"goods_declared": "ceramic floor tiles", "categories": "tobacco", "value_usd": "4500", "arrests": "1",
		} {
			if first[name] != want {
				t.Errorf("%s: %q, want %q", name, first[name], want)
			}
		}
		if last["document"] != "DOC00008" || last["result"] != "nothing" || last["value_usd"] != "0" {
			t.Errorf("the last one: %v", last)
		}
		goods := d.rows(d.get("/results-goods.csv?period=all&loading=CNSHA", "en").body)
		if len(goods) != 3 {
			t.Fatalf("%d goods, want 3", len(goods))
		}
		for name, want := range map[string]string{"category": "tobacco", "description": "'=1+1 сигареты", "quantity": "1000", "unit": "stick",
			"value": "4500", "currency": "USD", "concealment": "among-goods", "position": "load-middle", "document": "DOC00006"} {
			if goods[0][name] != want {
				t.Errorf("goods %s: %q, want %q", name, goods[0][name], want)
			}
		}
		trail := d.acts("results.exported")
		if len(trail) != 2 || !strings.Contains(string(trail[0].Detail), "loading=CNSHA") || trail[0].Officer != d.people[0].Officer.ID {
			t.Errorf("on the trail: %+v", trail)
		}
	})
}

// A corrected outcome counts by its newest version, in the goods, too, and what the page
// has in mind from before does not linger.
func TestCorrectedGoods(t *testing.T) {
	eachDesk(t, func(d *desk) {
		id := d.save(0, consignment("DOC1", "CNSHA"))[0]
		r := d.open(0, id)
		r.conclude(tobacco(id, 1000))
		d.shows(text(d.get("/results", "en").body), "1,000 cigarettes")
		d.turn(day)
		corrected := tobacco(id, 1600)
		corrected.Correction = "Counted again at the store."
		r.did(d.cases.RecordOutcome(d.as(0), r.Ref, corrected))
		d.shows(text(d.get("/results", "en").body), "1,600 cigarettes")
		if goods := d.rows(d.get("/results-goods.csv", "en").body); len(goods) != 1 || goods[0]["quantity"] != "1600" {
			t.Errorf("goods: %v", goods)
		}
	})
}

func TestExportXLSX(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.months(9)
		f, err := excelize.OpenReader(bytes.NewReader(d.get("/results.xlsx", "ru").body))
		d.ok(err)
		defer f.Close()
		if got := strings.Join(f.GetSheetList(), "|"); got != "Досмотры|Выявленные товары|Об этом файле" {
			t.Fatalf("sheets: %s", got)
		}
		examinations, err := f.GetRows("Досмотры")
		d.ok(err)
		if len(examinations) != 10 || examinations[0][0] != "Дело" || examinations[9][2] != "DOC00000" || examinations[9][1] != "2026-10-01 14:00" {
			t.Errorf("examinations: %q", examinations) // 08:00 UTC is 14:00 in Bishkek
		}
		goods, err := f.GetRows("Выявленные товары")
		d.ok(err)
		if len(goods) != 4 || goods[1][4] != "Сигареты и табак" || goods[1][5] != "=1+1 сигареты" || goods[1][6] != "1000" {
			t.Errorf("goods: %q", goods)
		}
		for _, at := range []struct{ sheet, cell string }{{"Досмотры", "N10"}, {"Выявленные товары", "F2"}} {
			kind, err := f.GetCellType(at.sheet, at.cell)
			d.ok(err)
			formula, err := f.GetCellFormula(at.sheet, at.cell)
			d.ok(err)
			if value, _ := f.GetCellValue(at.sheet, at.cell); kind == excelize.CellTypeFormula || formula != "" || !strings.HasPrefix(value, "=") {
				t.Errorf("%s is no text: %q, %v, formula %q", at.cell, value, kind, formula)
			}
		}
		about, err := f.GetRows("Об этом файле")
		d.ok(err)
		if about[0][1] != "Ош" || about[2][1] != "9" {
			t.Errorf("about: %q", about)
		}
	})
}
