package riskweb_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

// experienced is a desk with half a year of examinations behind it: of two kinds of
// consignment, those with vague goods held something, and others sometimes.
func experienced(t *testing.T) *desk {
	d := newDesk(t)
	var all []*cargo.Consignment
	for n := range 360 {
		c := traffic(d.now)[n%4]
		c.Document.Number = fmt.Sprintf("EXP%05d", n)
		c.Equipment[0].Number = fmt.Sprintf("TGHU%06d%d", n, n%10)
		c.Journey.Arrival = d.now.AddDate(0, 0, -1-n/2)
		c.Journey.Departure = c.Journey.Arrival.AddDate(0, 0, -20)
		c.Document.Issued = c.Journey.Departure.AddDate(0, 0, -3)
		c.Parties[1].Name = fmt.Sprintf("ОсОО «Ак-Жол %d»", n%60)
		all = append(all, c)
	}
	d.save(d.scope, all...)
	var outcomes []risk.Outcome
	rows := d.rows()
	current := map[int64]*cargo.Consignment{}
	for from := 0; from < len(rows); from += 100 {
		var ids []int64
		for _, r := range rows[from:min(from+100, len(rows))] {
			ids = append(ids, r.Consignment)
		}
		found, err := d.cargo.Current(context.Background(), d.scope.ID, ids)
		if err != nil {
			t.Fatal(err)
		}
		for id, c := range found {
			current[id] = c
		}
	}
	for _, r := range rows {
		c := current[r.Consignment]
		o := risk.Outcome{Consignment: r.Consignment, Revision: 1, At: c.Journey.Arrival.Add(5 * time.Hour), Selection: risk.ByEngine, Examined: true,
			Found: strings.HasPrefix(c.Goods[0].Description, "GENERAL"), Result: "seizure"}
		if r.Random {
			o.Selection = risk.ByDraw
		}
		if r.Consignment%29 == 0 {
			o.Found = !o.Found
		}
		outcomes = append(outcomes, o)
	}
	if err := d.assessments.Learn(context.Background(), d.scope.ID, outcomes); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) post(path, role string, form url.Values) answer {
	d.Helper()
	return d.ask("POST", path, role, "en", form)
}

func TestWorth(t *testing.T) {
	d := experienced(t)
	for _, path := range []string{"/results/indicators", "/indicators/D01", "/results/indicators?sort=examined&months=24"} {
		for _, lang := range []string{"en", "ru", "ky"} {
			a := d.ask("GET", path, "officer", lang, nil)
			if a.status != http.StatusOK || missingMessage.MatchString(a.body) || openHole.MatchString(a.body) || inlineStyle.MatchString(a.body) {
				t.Errorf("%s %s: %d %s%s%s", path, lang, a.status, missingMessage.FindString(a.body), openHole.FindString(a.body), inlineStyle.FindString(a.body))
			}
		}
	}
	body := d.get("/results/indicators?months=24").body
	study, err := d.assessments.Study(context.Background(), d.scope.ID, d.now.AddDate(-2, 0, 0), d.now)
	if err != nil || study.Examined.N < 350 {
		t.Fatalf("%+v, %v", study.Examined, err)
	}
	for _, w := range study.Indicators {
		row := regexp.MustCompile(`(?s)<a href="/indicators/` + w.ID + `#outcomes">.*?</tr>`).FindString(body)
		if w.Right.N > 0 != (row != "") {
			t.Errorf("%s was examined %d times, and its row is %q", w.ID, w.Right.N, row)
		}
		if row != "" && (!strings.Contains(row, fmt.Sprintf(">%d</td>", w.Right.N)) || !strings.Contains(row, fmt.Sprintf(">%d</td>", w.Right.K))) {
			t.Errorf("%s: %v is not in %s", w.ID, w.Right, row)
		}
	}
	if !strings.Contains(body, `href="/lists/vague-terms"`) {
		t.Error("no entry of a list is shown")
	}
	ascending := d.get("/results/indicators?months=24&sort=examined&order=up").body
	if strings.Index(ascending, `aria-sort="ascending"`) < 0 {
		t.Error("the order does not turn round")
	}
}

// The head sees what would change, and decides; an officer sees, and does not.
func TestWeights(t *testing.T) {
	d := experienced(t)
	if body := d.get("/settings/weights").body; !strings.Contains(body, "have not been estimated yet") || strings.Contains(body, "Estimate from outcomes") {
		t.Error("an officer is offered to estimate, or is not told that nothing is there")
	}
	if a := d.post("/settings/weights", "officer", url.Values{}); a.status != http.StatusForbidden {
		t.Errorf("an officer estimates: %d", a.status)
	}
	if a := d.post("/settings/weights", "head", url.Values{}); a.status != http.StatusSeeOther || !d.trail.has("weights.proposed") {
		t.Fatalf("estimate: %d", a.status)
	}
	all, err := d.assessments.Proposals(context.Background(), d.scope.ID, 1)
	if err != nil || len(all) != 1 || all[0].State != risk.ProposalOpen {
		t.Fatalf("%+v, %v", all, err)
	}
	at := fmt.Sprintf("/settings/weights/%d", all[0].ID)
	for _, lang := range []string{"en", "ru", "ky"} {
		for _, path := range []string{"/settings/weights", at} {
			a := d.ask("GET", path, "head", lang, nil)
			if a.status != http.StatusOK || missingMessage.MatchString(a.body) || openHole.MatchString(a.body) || inlineStyle.MatchString(a.body) || !strings.Contains(a.body, at+"/adopt") {
				t.Errorf("%s %s: %d %s%s", path, lang, a.status, missingMessage.FindString(a.body), openHole.FindString(a.body))
			}
		}
	}
	if body := d.get(at).body; strings.Contains(body, "/adopt") || !strings.Contains(body, "head of your unit decides") {
		t.Error("an officer is asked to decide, or is not told who does")
	}
	for _, act := range []string{"/adopt", "/decline"} {
		if a := d.post(at+act, "officer", url.Values{"reason": {"x"}}); a.status != http.StatusForbidden {
			t.Errorf("an officer may %s: %d", act, a.status)
		}
		if a := d.post(at+act, "head", url.Values{"reason": {" "}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#reason"`) {
			t.Errorf("%s without a reason: %d", act, a.status)
		}
	}
	if a := d.post(at+"/adopt", "head", url.Values{"reason": {"half a year of outcomes"}}); a.status != http.StatusSeeOther || !d.trail.has("weights.adopted "+fmt.Sprint(all[0].ID)) {
		t.Fatalf("adopt: %d\n%s", a.status, a.body)
	}
	set, err := d.assessments.Settings(context.Background(), d.scope.ID)
	if err != nil || set.Version != 2 || set.Reason != "half a year of outcomes" || set.Officer != 9 {
		t.Errorf("%+v, %v", set, err)
	}
	if a := d.post(at+"/decline", "head", url.Values{"reason": {"too late"}}); a.status != http.StatusConflict || !strings.Contains(a.body, "cannot be decided any more") {
		t.Errorf("decided twice: %d", a.status)
	}
	if body := d.get("/settings/weights").body; !strings.Contains(body, "version 2") || !strings.Contains(body, "half a year of outcomes") {
		t.Error("what was decided is not shown")
	}
	for _, path := range []string{"/settings/weights/1", "/settings/weights/x"} {
		if a := d.ask("GET", path, "head", "en", nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// A proposal of settings that have changed meanwhile cannot be adopted, and says so.
func TestStaleWeights(t *testing.T) {
	d := experienced(t)
	d.post("/settings/weights", "head", url.Values{})
	form := d.settingsForm()
	form.Set("examine", "3")
	if a := d.post("/settings/targeting", "head", form); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	a := d.ask("GET", "/settings/weights", "head", "en", nil)
	if !strings.Contains(a.body, "settings have changed since") || strings.Contains(a.body, "/adopt") {
		t.Error("old weights are offered")
	}
}

// TestLearningInABrowser looks at the pages as a person does, light and dark, on a desk
// and on a phone.
func TestLearningInABrowser(t *testing.T) {
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	browser := webtest.Browser(t)
	axe := webtest.Axe(t)
	d := experienced(t)
	d.post("/settings/weights", "head", url.Values{})
	for _, path := range []string{"/results/indicators", "/settings/weights", "/indicators/D01"} {
		for _, look := range []struct {
			width int64
			theme string
			lang  string
		}{{1280, "light", "en"}, {1280, "dark", "ru"}, {390, "light", "ky"}} {
			t.Run(fmt.Sprint(path, " ", look.width, look.theme), func(t *testing.T) {
				tab, done := chromedp.NewContext(browser)
				defer done()
				if err := chromedp.Do(tab); err != nil {
					t.Fatal(err)
				}
				tab, cancel := context.WithTimeout(tab, 60*time.Second)
				defer cancel()
				url := d.server.URL + path
				cookies := map[string]string{"role": "head", "theme": look.theme, "lang": look.lang}
				if err := chromedp.Do(tab, webtest.Screen(url, look.width, cookies), chromedp.Navigate(url), chromedp.WaitVisible("#content"), webtest.Shot(t)); err != nil {
					t.Fatal(err)
				}
				webtest.Inspect(t, tab, axe, url)
			})
		}
	}
}

// A unit without outcomes is told that they bear no change, in every language.
func TestWeightsOfNothing(t *testing.T) {
	d := busy(t)
	if a := d.post("/settings/weights", "head", url.Values{}); a.status != http.StatusSeeOther {
		t.Fatalf("estimate: %d", a.status)
	}
	for _, lang := range []string{"en", "ru", "ky"} {
		a := d.ask("GET", "/settings/weights", "head", lang, nil)
		if a.status != http.StatusOK || missingMessage.MatchString(a.body) || openHole.MatchString(a.body) || strings.Contains(a.body, "/adopt") {
			t.Errorf("%s: %d %s%s", lang, a.status, missingMessage.FindString(a.body), openHole.FindString(a.body))
		}
	}
	if body := d.get("/settings/weights").body; !strings.Contains(body, "no reason to change the weights") {
		t.Error("it is not said that nothing changes")
	}
}
