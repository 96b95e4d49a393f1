package riskweb_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web/webtest"
)

func TestMessages(t *testing.T) { webtest.Messages(t, os.DirFS(".")) }

var (
	missingMessage = regexp.MustCompile(`[>"](?:risk|cargo|web|indicator|note|list|identity)\.[a-zA-Z][\w.-]*[<"]`)
	openHole       = regexp.MustCompile(`>[^<{]*\{[A-Z][a-z]+\}|>[^<{]*\{\d\}`)
	inlineStyle    = regexp.MustCompile(`<[^>]+\s(?:style|on[a-z]+)=|<style|<script(?:[^>]*)>[^<]|javascript:`)
	duplicateID    = regexp.MustCompile(`\sid="([^"]+)"`)
)

// Every page answers in three languages, complete, without inline script or style.
func TestPagesInThreeLanguages(t *testing.T) {
	d := busy(t)
	paths := []string{"/", "/queue", "/queue?mode=rail&channel=look&indicator=D01&arrival=last30&random=1", "/queue?page=99", "/queue?arrival=between&from=2031-01-01",
		"/search?q=", "/search?q=MSCU", "/search?q=Ак-Жол", "/search?q=nothing-like-this", "/indicators", "/indicators/D01", "/settings/targeting", "/results/indicators", "/results/indicators?months=3&sort=fired&order=up", "/settings/weights", "/lists", "/lists/hubs", "/lists/hubs?as=text", "/lists/source-countries?q=EC"}
	for _, number := range []string{"BARE", "DOC00003", "RAW1", "FORMULA", "LONG/" + strings.Repeat("9", 60)} {
		at := "/consignments/" + strconv.FormatInt(d.find(number).Consignment, 10)
		paths = append(paths, at, at+"/print")
	}
	paths = append(paths, "/parties/"+strconv.FormatInt(d.find("DOC00001").Consignee, 10))
	for _, path := range paths {
		for _, lang := range []string{"en", "ru", "ky"} {
			for _, role := range []identity.Role{identity.RoleOfficer, identity.RoleHead} {
				a := d.ask("GET", path, string(role), lang, nil)
				if a.status != http.StatusOK {
					t.Errorf("%s %s: %d", path, lang, a.status)
				}
				for name, wrong := range map[string]*regexp.Regexp{"message without text": missingMessage, "unfilled placeholder": openHole, "inline style or script": inlineStyle} {
					if m := wrong.FindString(a.body); m != "" {
						t.Errorf("%s %s: %s: %s", path, lang, name, m)
					}
				}
				seen := map[string]bool{}
				for _, m := range duplicateID.FindAllStringSubmatch(a.body, -1) {
					if seen[m[1]] {
						t.Errorf("%s: id %s stands twice", path, m[1])
					}
					seen[m[1]] = true
				}
				if strings.Contains(a.body, "<script>alert") {
					t.Errorf("%s: a sender's text is script", path)
				}
			}
		}
	}
}

func TestEmptyUnit(t *testing.T) {
	d := newDesk(t)
	if body := d.get("/").body; !strings.Contains(body, "No traffic yet") || !strings.Contains(body, `href="/imports"`) {
		t.Error("an empty unit is not told what to do")
	}
	if body := d.get("/queue").body; !strings.Contains(body, "The queue is empty") {
		t.Error("an empty queue does not say so")
	}
}

var (
	sumBase    = regexp.MustCompile(`(?s)class="sum-base">.*?class="num">([^<]+)<`)
	sumFinding = regexp.MustCompile(`(?s)class="finding" id="why-[A-Z]\d+">.*?class="num">([^<]+)<`)
	sumTotal   = regexp.MustCompile(`id="score">([^<]+)<`)
	sumTop     = regexp.MustCompile(`(?s)class="verdict-score[^>]*>.*?</span>\s*([^<\s]+)`)
)

func eighths(t *testing.T, text string) int {
	t.Helper()
	f, err := strconv.ParseFloat(strings.NewReplacer("−", "-", "+", "").Replace(strings.TrimSpace(text)), 64)
	if err != nil || f*8 != float64(int(f*8)) {
		t.Fatalf("%q is no multiple of an eighth: %v", text, err)
	}
	return int(f * 8)
}

// The numbers on the page add up to the score, to the digit.
func TestSumOnThePage(t *testing.T) {
	d := busy(t)
	findings := 0
	for _, r := range d.rows() {
		body := d.get(fmt.Sprintf("/consignments/%d", r.Consignment)).body
		sum := eighths(t, sumBase.FindStringSubmatch(body)[1])
		for _, m := range sumFinding.FindAllStringSubmatch(body, -1) {
			sum += eighths(t, m[1])
			findings++
		}
		want := int(r.Score / risk.Step)
		if total := eighths(t, sumTotal.FindStringSubmatch(body)[1]); total != sum || total != want {
			t.Errorf("consignment %d: parts sum to %d, the page says %d, the queue %d eighths", r.Consignment, sum, total, want)
		}
		if top := eighths(t, sumTop.FindStringSubmatch(body)[1]); top != want {
			t.Errorf("consignment %d: heading says %d eighths, want %d", r.Consignment, top, want)
		}
	}
	if findings == 0 {
		t.Error("no findings on any page: the test shows nothing")
	}
}

// Every cited field stands marked among the facts, with links both ways; all places lead
// somewhere.
func TestEvidenceIsMarked(t *testing.T) {
	d := busy(t)
	fact := regexp.MustCompile(`class="evidence-field" href="#([^"]+)"`)
	back := regexp.MustCompile(`class="cite" href="#([^"]+)"`)
	inMessage := regexp.MustCompile(`class="evidence-raw" href="#([^"]+)"`)
	cited := 0
	for _, r := range d.rows() {
		body := d.get(fmt.Sprintf("/consignments/%d", r.Consignment)).body
		for _, links := range []*regexp.Regexp{fact, back, inMessage} {
			for _, m := range links.FindAllStringSubmatch(body, -1) {
				cited++
				if strings.Count(body, ` id="`+m[1]+`"`) != 1 {
					t.Errorf("consignment %d: nothing, or more than one thing, has the id %s", r.Consignment, m[1])
				}
			}
		}
	}
	if cited == 0 {
		t.Error("nothing is cited: the test shows nothing")
	}
}

func TestRawMessageIsMarked(t *testing.T) {
	d := busy(t)
	body := d.get(fmt.Sprintf("/consignments/%d", d.find("RAW1").Consignment)).body
	if !strings.Contains(body, "GENERAL \u2401CARGO</mark>") {
		t.Error("the vague description is not marked in the message, or its control character is not shown")
	}
	if strings.Contains(body, "UNT+5") {
		t.Error("the excerpt goes beyond the record")
	}
}

func TestNotYours(t *testing.T) {
	d := busy(t)
	board, err := d.assessments.Board(d.other.ID).Page(context.Background(), risk.Filter{}, 0, 1)
	if err != nil || len(board.Rows) != 1 {
		t.Fatalf("the other unit's queue: %v, %v", board, err)
	}
	secret := board.Rows[0]
	for _, path := range []string{fmt.Sprintf("/consignments/%d", secret.Consignment), fmt.Sprintf("/consignments/%d/print", secret.Consignment),
		fmt.Sprintf("/parties/%d", secret.Consignee), "/consignments/1", "/consignments/abc", "/parties/77", "/indicators/Z99", "/lists/nothing"} {
		a := d.ask("GET", path, "officer", "ru", nil)
		if a.status != http.StatusNotFound || strings.Contains(a.body, "SECRET") {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := d.ask("GET", "/search?q=SECRET", "officer", "en", nil); a.status != http.StatusOK {
		t.Errorf("a search leads into another unit's traffic: %d %s", a.status, a.header.Get("Location"))
	}
	for _, path := range []string{"/settings/targeting", "/lists/hubs"} {
		if a := d.ask("POST", path, "officer", "en", url.Values{"reason": {"x"}}); a.status != http.StatusForbidden {
			t.Errorf("an officer changes %s: %d", path, a.status)
		}
	}
	if a := d.ask("GET", "/queue", "", "en", nil); a.status == http.StatusOK {
		t.Error("nobody sees the queue")
	}
}

func TestSeeingIsRecorded(t *testing.T) {
	d := busy(t)
	r := d.find("DOC00001")
	d.get(fmt.Sprintf("/consignments/%d", r.Consignment))
	d.get(fmt.Sprintf("/parties/%d", r.Consignee))
	d.get("/queue.csv")
	for _, act := range []string{fmt.Sprintf("consignment.seen %d", r.Consignment), fmt.Sprintf("party.seen %d", r.Consignee), "queue.exported"} {
		if !d.trail.has(act) {
			t.Errorf("the trail has no %s", act)
		}
	}
}

var consignmentLink = regexp.MustCompile(`class="code" href="/consignments/(\d+)"`)

// Whatever is filtered, the page shows what a person would pick from the whole queue, in
// the same order.
func TestFiltersAgainstNaive(t *testing.T) {
	d := busy(t)
	all := d.rows()
	var places, indicators []string
	var parties []int64
	for _, r := range all {
		places = append(places, r.Loading, r.Unloading)
		indicators = append(indicators, r.Indicators...)
		parties = append(parties, r.Consignor, r.Consignee)
	}
	slices.Sort(indicators)
	indicators = slices.Compact(indicators)
	rapid.Check(t, func(t *rapid.T) {
		q := url.Values{}
		keep := func(risk.Row) bool { return true }
		add := func(name, value string, also func(risk.Row) bool) {
			q.Add(name, value)
			was := keep
			keep = func(r risk.Row) bool { return was(r) && also(r) }
		}
		if rapid.Bool().Draw(t, "by mode") {
			m := rapid.SampledFrom(cargo.Modes).Draw(t, "mode")
			add("mode", m.String(), func(r risk.Row) bool { return r.Mode == m })
		}
		if rapid.Bool().Draw(t, "by channel") {
			ch := rapid.SampledFrom(risk.Channels).Draw(t, "channel")
			add("channel", string(ch), func(r risk.Row) bool { return r.Channel == ch })
		}
		if place := rapid.SampledFrom(places).Draw(t, "place"); place != "" && rapid.Bool().Draw(t, "by place") {
			add("place", strings.ToLower(place), func(r risk.Row) bool { return r.Loading == place || r.Unloading == place })
		}
		for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(indicators), 0, 2, rapid.ID[string]).Draw(t, "indicators") {
			add("indicator", id, func(r risk.Row) bool { return slices.Contains(r.Indicators, id) })
		}
		if party := rapid.SampledFrom(parties).Draw(t, "party"); party != 0 && rapid.Bool().Draw(t, "by party") {
			add("party", strconv.FormatInt(party, 10), func(r risk.Row) bool { return r.Consignor == party || r.Consignee == party || r.Notify == party })
		}
		if rapid.Bool().Draw(t, "soon") {
			today := risk.Day(d.now.UTC())
			add("arrival", "next7", func(r risk.Row) bool { return r.Day >= today && r.Day <= today+6 })
		}
		a := d.ask("GET", "/queue?"+q.Encode(), "officer", "en", nil)
		if a.status == http.StatusSeeOther { // a place in its normal form
			a = d.ask("GET", a.header.Get("Location"), "officer", "en", nil)
		}
		var got, want []string
		for _, m := range consignmentLink.FindAllStringSubmatch(a.body, -1) {
			got = append(got, m[1])
		}
		for _, r := range all {
			if keep(r) {
				want = append(want, strconv.FormatInt(r.Consignment, 10))
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s: %d rows, want %d", q.Encode(), len(got), len(want))
		}
	})
}

func TestSearch(t *testing.T) {
	d := busy(t)
	a := d.ask("GET", "/search?q=doc00001", "officer", "en", nil)
	if want := fmt.Sprintf("/consignments/%d", d.find("DOC00001").Consignment); a.status != http.StatusSeeOther || a.header.Get("Location") != want {
		t.Errorf("one hit: %d %s, want %s", a.status, a.header.Get("Location"), want)
	}
	if body := d.get("/search?q=ак-жол").body; strings.Count(body, `href="/parties/`) != 7 {
		t.Errorf("%d parties are found, want 7", strings.Count(body, `href="/parties/`))
	}
}

func TestExport(t *testing.T) {
	d := busy(t)
	a := d.get("/queue.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != len(d.rows())+1 {
		t.Fatalf("%d lines, %v; want %d", len(rows), err, len(d.rows())+1)
	}
	for i, r := range d.rows() {
		if got, _ := strconv.ParseFloat(rows[i+1][1], 64); risk.LogOdds(got) != r.Score {
			t.Errorf("line %d: score %s, want %v", i+2, rows[i+1][1], r.Score)
		}
		for _, cell := range rows[i+1] {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
				t.Errorf("line %d: a spreadsheet would calculate %q", i+2, cell)
			}
		}
	}
}

func TestSavedViews(t *testing.T) {
	d := busy(t)
	a := d.ask("POST", "/queue/views", "officer", "en", url.Values{"title": {"Темир жол"}, "query": {"mode=rail&bogus=1&channel=look"}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/queue?channel=look&mode=rail" {
		t.Fatalf("%d %s", a.status, a.header.Get("Location"))
	}
	body := d.get("/queue").body
	m := regexp.MustCompile(`/queue/views/(\d+)/delete`).FindStringSubmatch(body)
	if m == nil || !strings.Contains(body, "Темир жол") {
		t.Fatal("the view is not listed")
	}
	d.ask("POST", "/queue/views/"+m[1]+"/delete", "officer", "en", url.Values{})
	if strings.Contains(d.get("/queue").body, "Темир жол</a>") {
		t.Error("the view is still there")
	}
}

func TestAmendmentIsShown(t *testing.T) {
	d := busy(t)
	body := d.get(fmt.Sprintf("/consignments/%d", d.find("DOC00003").Consignment)).body
	for _, want := range []string{`id="version-2"`, "<del>FAK</del>", "<ins>ELECTRONIC PARTS</ins>", "<ins>99\u00a0kg</ins>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the amendment does not show %s", want)
		}
	}
}

func TestDaysAreTheUnits(t *testing.T) {
	d := newDesk(t)
	d.now = time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	if a := d.get("/queue?arrival=today"); !strings.Contains(a.body, "No consignment fits") {
		t.Error("an empty day does not say so")
	}
}
