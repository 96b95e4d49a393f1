package resultweb_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

func eachDesk(t *testing.T, fn func(d *desk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { fn(newDesk(t, db)) })
}

// text is a page without its tags, its white space as single spaces.
func text(page []byte) string {
	var b strings.Builder
	in := false
	for _, r := range string(page) {
		switch {
		case r == '<':
			in = true
			b.WriteByte(' ')
		case r == '>':
			in = false
		case !in:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&amp;", "&").Replace(b.String())), " ")
}

func (d *desk) shows(page string, wants ...string) {
	d.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			d.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

func TestResults(t *testing.T) {
	eachDesk(t, func(d *desk) {
		if page := text(d.get("/results", "en").body); !strings.Contains(page, "Nothing was decided in this period") {
			d.Fatalf("an empty desk: %s", page)
		}
		d.months(30) // ten of them find cigarettes
		page := text(d.get("/results", "en").body)
		d.shows(page,
			"Examinations 30", "Found per hundred 33.3 95 % interval: 19–51", "Officers 30 10 33.3",
			"Nothing that the random draw chose was examined in this period",
			"Cigarettes and tobacco 10 33.3 19–51 10,000 cigarettes 45,000 10", // ten of 1,000 cigarettes and 4,500 USD
			"China → Kyrgyzstan 20 10 50.0", "United Arab Emirates → Kyrgyzstan 10 0 0.0", "CNSHA 10 10 100.0")
		if strings.Contains(page, "Айгүл") {
			t.Error("results name an officer")
		}
		for lang, want := range map[string]string{"ru": "Китай → Кыргызстан 20 10 50,0", "ky": "Тамеки жана сигарет 10 33,3 19–51"} {
			d.shows(text(d.get("/results", lang).body), want)
		}
	})
}

// What is too little says so, and not a share.
func TestFewAreSaidToBeFew(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.months(6)
		page := text(d.get("/results", "en").body)
		d.shows(page, "Found per hundred 2 of 6 too few to say", "Officers 6 2 too few to say")
		if strings.Contains(page, "33.3") {
			t.Errorf("a third of six is shown as a rate: %s", page)
		}
	})
}

func TestPeriods(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.months(40) // 1 October to 9 November; now it is 10 November
		for query, want := range map[string]string{
			"?period=30":                               "29 cases",
			"?period=all":                              "40 cases",
			"?from=2026-10-19&to=2026-10-28":           "10 cases, before 10",
			"?from=&to=2026-10-02":                     "2 cases",
			"?period=all&loading=CN":                   "27 cases",
			"?period=all&loading=CNURC&unloading=KG":   "13 cases",
			"?period=all&category=tobacco":             "14 cases",
			"?period=all&selection=officer&step=month": "40 cases",
			"?period=all&indicator=nonsense":           "40 cases",
		} {
			n, rest, _ := strings.Cut(want, " cases")
			_, before, has := strings.Cut(rest, "before ")
			want := "Examinations " + n + " "
			if has {
				want += "before: " + before + " "
			}
			d.shows(text(d.get("/results"+query, "en").body), want)
		}
		d.shows(text(d.get("/results", "en").body), "the unit's results begin with the week of 28 Sep 2026", "Examinations 40 Found")
		d.shows(text(d.get("/results?from=2026-10-19&to=2026-10-28", "en").body), "compared with 9 Oct 2026 – 18 Oct 2026")
	})
}

func TestWrongDaysAreToldBesideTheirField(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	for query, want := range map[string]string{
		"?from=2026-13-01&to=":           `id="from-error"`,
		"?from=&to=yesterday":            `id="to-error"`,
		"?from=2026-10-05&to=2026-10-01": `id="to-error"`,
	} {
		a := d.ask("/results"+query, 0, "en")
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), want) {
			t.Errorf("%s: %d, want 422 and %s", query, a.status, want)
		}
	}
}

func TestStrangersSeeNothing(t *testing.T) {
	eachDesk(t, func(d *desk) {
		r := d.full()
		file := "/cases/" + itoa(r.Case) + "/file"
		for _, path := range []string{file + ".pdf", file + ".zip", file + ".zip?metadata=strip", "/cases/0/file.pdf", "/cases/x/file.zip"} {
			if a := d.ask(path, 1, "en"); a.status != http.StatusNotFound || strings.Contains(string(a.body), "PCU-2026") {
				t.Errorf("%s as an officer of another unit: %d\n%s", path, a.status, a.body)
			}
			if a := d.ask(path, -1, "en"); a.status == http.StatusOK {
				t.Errorf("%s as nobody: %d", path, a.status)
			}
		}
		for _, path := range []string{"/results", "/results.csv", "/results-goods.csv", "/results.xlsx"} {
			a := d.ask(path, 1, "en")
			if a.status != http.StatusOK || strings.Contains(string(a.body), "DOC-2") || strings.Contains(string(a.body), "obacco") && path == "/results-goods.csv" {
				t.Errorf("%s as an officer of another unit: %d\n%s", path, a.status, a.body)
			}
			if a := d.ask(path, -1, "en"); a.status == http.StatusOK {
				t.Errorf("%s as nobody: %d", path, a.status)
			}
		}
		if page := text(d.ask("/results", 1, "en").body); !strings.Contains(page, "Nothing was decided") {
			t.Errorf("another unit's results: %s", page)
		}
	})
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestGoods(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.shows(text(d.get("/results/goods", "en").body), "No goods were found in this period.")
		d.months(12)
		page := d.get("/results/goods?loading=CN", "en").body
		d.shows(text(page), "Cigarettes and tobacco 4 too few to say 4,000 cigarettes 18,000 4", "Among the packages of the cover load 4",
			"In the load, in the middle 4", "KGOSS-PCU-2026-0010 DOC00009")
		if strings.Index(string(page), "DOC00009") > strings.Index(string(page), "DOC00000") {
			t.Error("the latest does not stand first")
		}
		if a := d.ask("/results/goods", 1, "en"); strings.Contains(string(a.body), "obacco and") || strings.Contains(string(a.body), "DOC0") {
			t.Errorf("another unit sees goods: %s", text(a.body))
		}
	})
}

// Where there is too much to add up at once, the page says where it is added up.
func TestManyGoodsAreOnAPageOfTheirOwn(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	var batch []*cargo.Consignment
	for i := range 9 {
		batch = append(batch, consignment(fmt.Sprintf("DOC%05d", i), "CNSHA"))
	}
	ids := d.save(0, batch...)
	r := d.open(0, ids...)
	for _, id := range ids { // with goods of every category: 162 findings to add up
		o := tobacco(id, 10)
		for _, c := range casework.Categories {
			o.Goods = append(o.Goods, casework.FoundGoods{Category: c, Quantity: 1, Unit: casework.CategoryUnits[c][0]})
		}
		r.did(d.cases.RecordOutcome(d.as(0), r.Ref, o))
	}
	r.did(d.cases.Conclude(d.as(0), r.Ref, casework.Conclusion{Ending: casework.Found, Reason: casework.Reason{Code: "seized"}}))
	if page := text(d.get("/results", "en").body); strings.Contains(page, "99 cigarettes") || !strings.Contains(page, "Cigarettes and tobacco 9 too few to say 40,500") {
		t.Errorf("the page: %s", page)
	}
	d.shows(text(d.get("/results/goods", "en").body), "99 cigarettes", "50 of 171; the CSV file has all.")
}
