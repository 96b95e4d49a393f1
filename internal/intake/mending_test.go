package intake

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

func TestMend(t *testing.T) {
	good, bad := [3]string{"G1", "10", "100"}, [3]string{"W1", "10", "ten"}
	behind := [3]string{"G2", "10", "100"}
	win1251, err := charmap.Windows1251.NewEncoder().String(csvFile(good, bad, behind))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(csvFile(good, bad, behind))
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]string{{"B/L number", "Consignee", "Packages", "Gross weight, kg", "Description of goods"},
		{"G1", "Нурлан Трейд", "10", "100", "Рис"}, {"W1", "Нурлан Трейд", "10", "ten", "Рис"}, {"G2", "Нурлан Трейд", "10", "100", "Рис"}}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		for _, c := range []struct{ name, body, place string }{
			{"a.edi", cuscarFile("A", good, bad, behind), "segment "},
			{"b.xml", awmdsFile(good, bad, behind), "line 5"},
			{"c.csv", csvFile(good, bad, behind), "row 3 column D"},
			{"windows-1251.csv", win1251, "row 3 column D"},
			{"utf-16.csv", wide, "row 3 column D"},
			{"d.xlsx", workbook(t, rows...), `sheet "Манифест", row 3 column D`},
		} {
			t.Run(c.name, func(t *testing.T) {
				scope, err := h.cargo.MakeScope(context.Background(), cargo.Exercise, 1, c.name)
				if err != nil {
					t.Fatal(err)
				}
				h.t, h.scope = t, scope.ID
				im := h.take(c.name, c.body)
				held := h.held(im)
				if im.Records != 3 || len(held) != 1 {
					t.Fatalf("%s, %d held (%s), want 3 records and one held", counts(im), len(held), im.Reason)
				}
				it := held[0]
				if !strings.HasPrefix(it.Place, c.place) || it.Document != "W1" || it.Value != "ten" || it.Reason == "" || it.Record != 2 {
					t.Errorf("held: %+v, want the value ten of W1 at %s", it, c.place)
				}
				mendOne(t, h, im, it)
			})
		}
	})
}

// mendOne tries what does not mend the record W1 of an import, and then what does.
func mendOne(t *testing.T, h *house, im *Import, it Quarantined) {
	ctx := context.Background()
	_, text, err := h.Held(ctx, h.scope, it.ID)
	if err != nil || !strings.Contains(text, "W1") || !strings.Contains(text, "ten") {
		t.Fatalf("text of the record: %q, %v", text, err)
	}
	if im.Format != CUSCAR && !strings.Contains(text, "Рис") {
		t.Errorf("the text is not readable: %q", text)
	}
	for name, wrong := range map[string]string{
		"unchanged": text, "empty": "", "other": strings.ReplaceAll(text, "ten", "12x5y"), "blank": " \n", "markup": "<&>'+:?\x00",
		"twice": strings.ReplaceAll(text, "ten", "12") + strings.ReplaceAll(strings.ReplaceAll(text, "ten", "12"), "W1", "W2"),
	} {
		if name == "markup" && (im.Format == CSV || im.Format == XLSX) {
			continue // a row of one cell, which is its number
		}
		if _, err := h.Mend(ctx, h.scope, it.ID, wrong, 7); !fault.Is(err, fault.Invalid) {
			t.Errorf("mended with %s text %q: %v, want invalid", name, wrong, err)
		}
	}
	_, err = h.Mend(ctx, h.scope, it.ID, text, 7)
	if err == nil || !strings.Contains(err.Error(), `"ten"`) {
		t.Errorf("still wrong: %v, want an error that names the value", err)
	}
	before := len(h.of(im))
	fixed := strings.TrimRight(strings.ReplaceAll(text, "ten", "90.5"), "\r\n")
	if im.Format == CSV || im.Format == XLSX {
		fixed = strings.ReplaceAll(fixed, "Рис", "Рис шлифованный")
	}
	c, err := h.Mend(ctx, h.scope, it.ID, fixed, 7)
	if err != nil {
		t.Fatalf("mend: %v", err)
	}
	if c.Document.Number != "W1" || c.GrossMass() != 90.5 || !c.Source.Mended {
		t.Errorf("mended: %+v", c)
	}
	if c.Goods[0].Description != "RICE" && !strings.HasPrefix(c.Goods[0].Description, "Рис") {
		t.Errorf("goods %q were damaged by the encoding", c.Goods[0].Description)
	}
	if n := len(h.of(im)); n != before+1 {
		t.Errorf("%d versions of consignments, want one more than %d", n, before)
	}
	after := h.held(im)[0]
	if after.State != Mended || after.Officer != 7 || after.Ended.IsZero() {
		t.Errorf("the quarantined record is %+v, want mended", after)
	}
	if _, err := h.Mend(ctx, h.scope, it.ID, fixed, 7); !fault.Is(err, fault.Conflict) {
		t.Errorf("mended twice: %v, want a conflict", err)
	}
}

func TestAMendedRecordMayNotJoinItsNeighbour(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	ctx := context.Background()
	im := h.take("c.csv", csvFile([3]string{"G1", "10", "100"}, [3]string{"W1", "10", "ten"}, [3]string{"G2", "10", "100"}))
	it := h.held(im)[0]
	_, text, err := h.Held(ctx, h.scope, it.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{"G1", "G2", ""} { // of the row before, the row behind, none
		mended := strings.Replace(strings.ReplaceAll(text, "ten", "5"), "W1", number, 1)
		if c, err := h.Mend(ctx, h.scope, it.ID, mended, 1); !fault.Is(err, fault.Invalid) {
			t.Errorf("mended to the number %q: %+v, %v; want invalid", number, c, err)
		}
	}
	if it = h.held(im)[0]; it.State != Open {
		t.Errorf("the record is %s, want open", it.State)
	}
}

func TestACharacterThatTheFileCannotHold(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	body, err := charmap.Windows1251.NewEncoder().String(csvFile([3]string{"G1", "10", "100"}, [3]string{"W1", "10", "ten"}, [3]string{"G2", "10", "100"}))
	if err != nil {
		t.Fatal(err)
	}
	it := h.held(h.take("c.csv", body))[0]
	_, text, err := h.Held(context.Background(), h.scope, it.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Mend(context.Background(), h.scope, it.ID, strings.ReplaceAll(text, "ten", "10 大米"), 1)
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "windows-1251") {
		t.Errorf("mended with Chinese: %v, want a fault that names the encoding", err)
	}
}

func TestDismiss(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		ctx := context.Background()
		im := h.take("a.edi", cuscarFile("A", [3]string{"W1", "x1", "ten"}, [3]string{"G1", "10", "100"}))
		n, err := h.OpenProblems(ctx, h.scope)
		if err != nil || n != len(h.held(im)) || n == 0 {
			t.Fatalf("%d open problems, %v; %d held", n, err, len(h.held(im)))
		}
		it := h.held(im)[0]
		if err := h.Dismiss(ctx, h.scope, it.ID, " \n", 7); !fault.Is(err, fault.Invalid) {
			t.Errorf("dismissed without a reason: %v, want invalid", err)
		}
		if err := h.Dismiss(ctx, h.scope, it.ID, "the sender has cancelled it", 7); err != nil {
			t.Fatal(err)
		}
		if err := h.Dismiss(ctx, h.scope, it.ID, "again", 7); !fault.Is(err, fault.Conflict) {
			t.Errorf("dismissed twice: %v, want a conflict", err)
		}
		for _, it := range h.held(im) {
			if it.State != Dismissed || it.Mended != "the sender has cancelled it" || it.Officer != 7 {
				t.Errorf("after: %+v, want dismissed with the reason", it)
			}
		}
		if n, err := h.OpenProblems(ctx, h.scope); err != nil || n != 0 {
			t.Errorf("%d are open, %v; want none", n, err)
		}
	})
}
