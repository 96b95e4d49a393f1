package riskweb_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

// ledger is work of which every second consignment has a mark.
type ledger struct{ asked int }

func (l *ledger) Marks(_ context.Context, _ cargo.ScopeID, ids []int64) (map[int64]riskweb.Mark, error) {
	l.asked++
	out := map[int64]riskweb.Mark{}
	for i, id := range ids {
		if i%2 == 0 {
			out[id] = riskweb.Mark{Label: "Held & sealed", Tone: web.Warning, Href: fmt.Sprintf("/cases/%d", id)}
		}
	}
	return out, nil
}

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p>"+s+"</p>")
		return err
	})
}

func (l *ledger) Panel(_ context.Context, c *cargo.Consignment) (templ.Component, error) {
	if c.Document.Number == "BARE" {
		return nil, nil
	}
	return text("The case of " + c.Document.Number), nil
}

func (l *ledger) Summary(context.Context, cargo.ScopeID) (templ.Component, error) {
	return text("Three cases wait"), nil
}

// atWork is a busy desk whose unit does something about it.
func atWork(t *testing.T) (*desk, *ledger) {
	d := busy(t)
	l := &ledger{}
	d.options.Work = l
	d.serve(riskweb.New(d.options))
	return d, l
}

var chooseBox = regexp.MustCompile(`<input type="checkbox" form="chosen" name="consignment" value="(\d+)"`)

func TestWorkIsShown(t *testing.T) {
	d, l := atWork(t)
	body := d.get("/queue").body
	if l.asked != 1 {
		t.Errorf("marks were asked for %d times for one page", l.asked)
	}
	if n := strings.Count(body, "Held &amp; sealed"); n != (len(d.rows())+1)/2 {
		t.Errorf("%d marks, want one for every second of %d rows", n, len(d.rows()))
	}
	if !strings.Contains(d.get("/").body, "Three cases wait") {
		t.Error("the home page does not sum up the work")
	}
	found := d.find("DOC00001").Consignment
	body = d.get(fmt.Sprintf("/consignments/%d", found)).body
	if !strings.Contains(body, "The case of DOC00001") || !strings.Contains(body, fmt.Sprintf(`href="/cases/%d"`, found)) {
		t.Error("the consignment does not show its case")
	}
	if strings.Contains(d.get(fmt.Sprintf("/consignments/%d", d.find("BARE").Consignment)).body, `id="work"`) {
		t.Error("there is a section with nothing in it")
	}
}

func TestChoosingRows(t *testing.T) {
	d, _ := atWork(t)
	body := d.get("/queue?mode=rail&page=1").body
	var ids, want []string
	for _, m := range chooseBox.FindAllStringSubmatch(body, -1) {
		ids = append(ids, m[1])
	}
	for _, r := range d.rows() {
		if r.Mode == cargo.ModeRail {
			want = append(want, fmt.Sprint(r.Consignment))
		}
	}
	if !slices.Equal(ids, want) || len(want) == 0 {
		t.Errorf("boxes %v, want %v", ids, want)
	}
	for _, part := range []string{`formaction="/cases"`, `formaction="/releases"`, `name="back" value="/queue?mode=rail"`} {
		if !strings.Contains(body, part) {
			t.Errorf("the form lacks %s", part)
		}
	}
	if strings.Contains(d.get("/").body, `form="chosen"`) {
		t.Error("boxes of no form on the home page")
	}
	if body := d.ask("GET", "/queue", "mentor", "en", nil); strings.Contains(body.body, `form="chosen"`) && body.status == http.StatusOK {
		t.Error("someone who may not decide chooses")
	}
	if plain := busy(t); strings.Contains(plain.get("/queue").body, `form="chosen"`) {
		t.Error("rows can be chosen where nobody works on them")
	}
}

// TestChoosingByKey: j walks, x ticks, a ticks all, and the form sends what is ticked.
func TestChoosingByKey(t *testing.T) {
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	browser := webtest.Browser(t)
	axe := webtest.Axe(t)
	d, _ := atWork(t)
	for _, width := range []int64{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			tab, done := chromedp.NewContext(browser)
			defer done()
			if err := chromedp.Do(tab); err != nil {
				t.Fatal(err)
			}
			tab, cancel := context.WithTimeout(tab, 30*time.Second)
			defer cancel()
			page := d.server.URL + "/queue"
			count := `document.querySelector("[data-chosen]").textContent`
			if err := chromedp.Do(tab, webtest.Screen(page, width, map[string]string{"role": "officer", "theme": "light"}), chromedp.Navigate(page),
				chromedp.WaitVisible("[data-all]"), chromedp.KeyEvent("j"), chromedp.KeyEvent("x"), chromedp.KeyEvent("j"), chromedp.KeyEvent("x")); err != nil {
				t.Fatal(err)
			}
			if got, err := chromedp.Run(tab, chromedp.Evaluate[string](count)); err != nil || got != "Chosen: 2" {
				t.Errorf("after two x: %q, %v", got, err)
			}
			sent := `[...new FormData(document.getElementById("chosen")).getAll("consignment")].join(" ")`
			want := fmt.Sprint(d.rows()[0].Consignment, " ", d.rows()[1].Consignment)
			if got, err := chromedp.Run(tab, chromedp.Evaluate[string](sent)); err != nil || got != want {
				t.Errorf("the form sends %q, want %q, %v", got, want, err)
			}
			if err := chromedp.Do(tab, webtest.Shot(t)); err != nil {
				t.Fatal(err)
			}
			webtest.Inspect(t, tab, axe, page)
			all := min(50, len(d.rows()))
			for i, want := range []int{all, 0} {
				if err := chromedp.Do(tab, chromedp.KeyEvent("a")); err != nil {
					t.Fatal(err)
				}
				if got, err := chromedp.Run(tab, chromedp.Evaluate[string](count)); err != nil || got != fmt.Sprint("Chosen: ", want) {
					t.Errorf("after a pressed %d times: %q, want %d, %v", i+1, got, want, err)
				}
			}
		})
	}
}
