package caseweb_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

func TestMessages(t *testing.T) { webtest.Messages(t, os.DirFS(".")) }

// Whatever the core can say has its words.
func TestEveryWordOfTheCore(t *testing.T) {
	var ids []string
	add := func(prefix string, values ...string) {
		for _, v := range values {
			ids = append(ids, prefix+v)
		}
	}
	for kind, codes := range casework.Reasons {
		add("case.reason."+string(kind)+".", codes...)
	}
	add("identity.act.", casework.AuditActs()...)
	add("case.kind.", texts(casework.Kinds())...)
	add("case.state.", texts(casework.States)...)
	add("case.state-text.", texts(casework.States)...)
	add("case.origin.", texts(casework.Origins)...)
	add("case.ending.", texts(casework.Endings)...)
	add("case.part.", texts(casework.Parts)...)
	add("case.check.", casework.Checks()...)
	add("case.item-state.", texts(casework.ItemStates)...)
	add("case.result.", texts(casework.Results)...)
	add("case.method.", texts(casework.Methods)...)
	add("case.verdict.", texts(casework.Verdicts)...)
	add("case.category.", texts(casework.Categories)...)
	add("case.unit.", texts(casework.Units)...)
	add("case.quantity.", texts(casework.Units)...)
	add("case.concealment.", texts(casework.Concealments)...)
	add("case.position.", texts(casework.Positions)...)
	add("case.refusal.", texts(casework.Whys)...)
	for _, id := range ids {
		if !web.Known(id) {
			t.Errorf("there is no message %s", id)
		}
	}
	if len(ids) < 200 {
		t.Errorf("the core says only %d words: the test shows nothing", len(ids))
	}
}

func texts[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

var (
	missingMessage = regexp.MustCompile(`[>"](?:case|risk|cargo|web|indicator|identity)\.[a-zA-Z][\w.-]*[<"]`)
	openHole       = regexp.MustCompile(`>[^<{]*\{[A-Z][a-z]+\}|>[^<{]*\{\d\}`)
	inlineStyle    = regexp.MustCompile(`<[^>]+\s(?:style|on[a-z]+)=|<style|<script(?:[^>]*)>[^<]|javascript:`)
	duplicateID    = regexp.MustCompile(`\sid="([^"]+)"`)
)

// Every page answers in three languages, complete, without inline script or style.
func TestPagesInThreeLanguages(t *testing.T) {
	d := busy(t)
	path := d.worked()
	done := d.open("bakyt", "CASE0003")
	k := d.load(done)
	if _, err := d.Conclude(d.as("bakyt"), casework.Ref{Scope: k.Scope, Case: k.ID, Saw: k.Version},
		casework.Conclusion{Ending: casework.Released, Reason: casework.Reason{Code: "examined-clear", Words: "Seen by two officers"}}); err != nil {
		t.Fatal(err)
	}
	one := d.id("CASE0001")
	for _, page := range []string{"/cases", "/cases?state=all&order=score", "/cases?q=nothing-like-this", "/cases?page=9", "/cases?owner=mine&overdue=1&aside=1", "/cases/board",
		path, path + "?do=hold", path + "/plan", path + "/examination", path + "/outcomes/" + one, done, done + "/examination", done + "/outcomes/" + d.id("CASE0003"),
		"/cases/new", "/cases/new?q=CASE", "/cases/units?outcome-goods.0.category=cocaine", "/settings/case-rules", "/consignments/" + one, "/consignments/" + d.id("CASE0005"), "/", "/queue"} {
		for _, lang := range []string{"en", "ru", "ky"} {
			for _, officer := range []string{"aigul", "head"} {
				a := d.ask(page, officer, lang)
				if a.status != http.StatusOK {
					t.Errorf("%s %s: %d", page, lang, a.status)
				}
				inspect(t, page+" "+lang, a.body)
			}
		}
	}
}

func inspect(t *testing.T, page, body string) {
	t.Helper()
	for name, wrong := range map[string]*regexp.Regexp{"message without text": missingMessage, "unfilled placeholder": openHole, "inline style or script": inlineStyle} {
		if m := wrong.FindString(body); m != "" {
			t.Errorf("%s: %s: %s", page, name, m)
		}
	}
	seen := map[string]bool{}
	for _, m := range duplicateID.FindAllStringSubmatch(body, -1) {
		if seen[m[1]] {
			t.Errorf("%s: id %s stands twice", page, m[1])
		}
		seen[m[1]] = true
	}
	if strings.Contains(body, "<script>alert") {
		t.Errorf("%s: somebody's text is script", page)
	}
}

// An officer of another unit sees nothing and does nothing, by whatever address.
func TestNotYours(t *testing.T) {
	d := busy(t)
	path := d.worked()
	one := d.id("CASE0001")
	photo := path + "/attachments/" + strconv.Itoa(d.load(path).Attachments[0].Seq)
	for _, page := range []string{path, path + "/plan", path + "/examination", path + "/outcomes/" + one, photo, photo + "?clean=1", photo + "/thumbnail", "/cases/1", "/cases/x", "/cases/0"} {
		if a := d.ask(page, "stranger", "ru"); a.status != http.StatusNotFound || strings.Contains(a.body, "CASE0001") {
			t.Errorf("GET %s as a stranger: %d", page, a.status)
		}
		if a := d.ask(page, "", "en"); a.status == http.StatusOK {
			t.Errorf("GET %s as nobody: %d", page, a.status)
		}
	}
	before := len(d.load(path).Acts)
	for _, act := range []string{"/select", "/hold", "/lift", "/scan", "/examine", "/conclude/released", "/reopen", "/assign", "/deadline", "/watch", "/unwatch", "/notes", "/addenda",
		"/tasks", "/tasks/9/close", "/tasks/9/reopen", "/asides/20/apply", "/asides/20/dismiss", "/consignments", "/consignments/" + one + "/remove", "/plan", "/outcomes/" + one} {
		if a := d.post(path+act, "stranger", "version", d.version(path), "notes-text", "mine", "hold-reason", "suspicion"); a.status != http.StatusNotFound {
			t.Errorf("POST %s as a stranger: %d", act, a.status)
		}
	}
	for _, act := range []string{"/attachments", "/examination/items"} {
		if a := d.upload(path+act, "stranger", nil, "key", d.newUUID()); a.status != http.StatusNotFound {
			t.Errorf("POST %s as a stranger: %d", act, a.status)
		}
	}
	if after := len(d.load(path).Acts); after != before {
		t.Errorf("a stranger has added %d acts", after-before)
	}
	for _, page := range []string{"/cases?state=all", "/cases/board", "/cases/new?q=CASE", "/cases?q=CASE0001&state=all"} {
		if a := d.ask(page, "stranger", "en"); a.status != http.StatusOK || strings.Contains(a.body, `href="/cases/1`) || strings.Contains(a.body, "KGOSS-PCU-2") {
			t.Errorf("%s shows a stranger another unit's cases (%d)", page, a.status)
		}
	}
	for _, to := range []string{"/cases", "/releases"} {
		if a := d.post(to, "stranger", "consignment", one); a.status != http.StatusNotFound {
			t.Errorf("POST %s with another unit's consignment: %d", to, a.status)
		}
	}
	if a := d.post("/settings/case-rules", "aigul", "rules-reason", "x"); a.status != http.StatusForbidden {
		t.Errorf("an officer changes the rules: %d", a.status)
	}
}

// What somebody else did in between is shown, and what was written is kept and can be
// done after all.
func TestConflict(t *testing.T) {
	d := busy(t)
	path := d.open("aigul", "CASE0001")
	mine, theirs := d.ask(path, "aigul", "en"), d.ask(path, "bakyt", "en")
	if a := d.post(path+"/hold", "bakyt", d.fill(theirs.body, path+"/hold", "hold-reason", "intelligence", "hold-words", "told by the line")...); a.status != http.StatusSeeOther {
		t.Fatalf("bakyt holds: %d", a.status)
	}
	a := d.post(path+"/conclude/released", "aigul", d.fill(mine.body, path+"/conclude/released", "released-reason", "low-risk", "released-words", "my own words about it")...)
	if a.status != http.StatusConflict {
		t.Fatalf("aigul releases what bakyt has held: %d", a.status)
	}
	inspect(t, "conflict", a.body)
	for _, want := range []string{"Your act came too late", "my own words about it", "told by the line", "Бакыт Осмонов"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	k := d.load(path)
	if k.State != casework.Held || len(k.SetAside) != 1 || !k.SetAside[0].Waiting() {
		t.Fatalf("the case is %s with %d acts set aside", k.State, len(k.SetAside))
	}
	apply := path + "/asides/" + strconv.Itoa(k.SetAside[0].Seq) + "/apply"
	if a := d.post(apply, "aigul", d.fill(d.get(path).body, apply)...); a.status != http.StatusSeeOther {
		t.Fatalf("applied after all: %d", a.status)
	}
	if k := d.load(path); k.State != casework.Closed || k.SetAside[0].Waiting() {
		t.Errorf("after it was applied the case is %s", k.State)
	}
}

func TestConflictIsDismissed(t *testing.T) {
	d := busy(t)
	path := d.worked()
	k := d.load(path)
	dismiss := path + "/asides/" + strconv.Itoa(k.SetAside[0].Seq) + "/dismiss"
	body := d.get(path).body
	if !strings.Contains(body, "Told by the line") {
		t.Error("the act that was set aside is not shown")
	}
	if a := d.post(dismiss, "aigul", d.fill(body, dismiss, "asides-"+strconv.Itoa(k.SetAside[0].Seq)+"-dismiss-words", "known already")...); a.status != http.StatusSeeOther {
		t.Fatalf("dismissed: %d", a.status)
	}
	if k := d.load(path); k.SetAside[0].Waiting() || k.SetAside[0].Words != "known already" {
		t.Errorf("%+v", k.SetAside[0])
	}
}

// A button that is pressed twice makes one act.
func TestSentTwice(t *testing.T) {
	d := busy(t)
	path := d.open("aigul", "CASE0001")
	note := d.fill(d.get(path).body, path+"/notes", "notes-text", "once")
	hold := d.fill(d.get(path).body, path+"/hold", "hold-reason", "suspicion")
	for range 2 {
		if a := d.post(path+"/notes", "aigul", note...); a.status != http.StatusSeeOther {
			t.Errorf("note: %d", a.status)
		}
		if a := d.post(path+"/hold", "aigul", hold...); a.status != http.StatusSeeOther {
			t.Errorf("hold: %d", a.status)
		}
	}
	k := d.load(path)
	if len(k.Notes) != 1 || len(k.SetAside) != 0 || k.State != casework.Held {
		t.Errorf("%d notes, %d set aside, %s", len(k.Notes), len(k.SetAside), k.State)
	}
	for range 2 {
		a := d.post("/cases", "aigul", "consignment", d.id("CASE0002"), "consignment", d.id("CASE0004"), "back", "/queue?page=2")
		if a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/cases/") {
			t.Errorf("opened: %d %s", a.status, a.header.Get("Location"))
		}
	}
	page, err := d.List(d.as("aigul"), d.scope(), casework.Filter{}, 0, 10)
	if err != nil || page.Total != 2 {
		t.Errorf("%d cases, %v; want 2", page.Total, err)
	}
}

// An error stands beside its field, what was typed stays, and nothing is done.
func TestRefusedForms(t *testing.T) {
	d := busy(t)
	path := d.open("aigul", "CASE0001")
	for _, c := range []struct {
		path  string
		pairs []string
		wants []string
	}{
		{"/hold", []string{"hold-reason", "", "hold-words", "typed"}, []string{`href="#hold-reason"`, "Choose a reason", ">typed</textarea>"}},
		{"/hold", []string{"hold-reason", "other", "hold-words", "short"}, []string{`href="#hold-words"`, "in 10 characters at least"}},
		{"/conclude/found", []string{"found-reason", "seized"}, []string{"Record first what was found"}},
		{"/conclude/referred", []string{"referred-reason", "investigation"}, []string{`href="#referred-referred_to"`, "Name the authority"}},
		{"/deadline", []string{"deadline-deadline", "tomorrow"}, []string{`href="#deadline-deadline"`, "Give a date"}},
		{"/deadline", []string{"deadline-deadline", "0202-01-01T10:00"}, []string{"the year 202"}},
		{"/notes", []string{"notes-text", "  "}, []string{`href="#notes-text"`, "Write the note first"}},
		{"/tasks", []string{"tasks-text", ""}, []string{`href="#tasks-text"`, "Say what is to be done"}},
		{"/assign", []string{"assign-owner", "77"}, []string{`href="#assign-owner"`, "no such officer"}},
		{"/consignments", []string{"consignments-number", "XYZ999"}, []string{`href="#consignments-number"`, "No consignment has such a number"}},
		{"/consignments", []string{"consignments-number", "CASE"}, []string{"Several consignments"}},
	} {
		pairs := append(c.pairs, "version", d.version(path), "key", "k"+strings.Join(c.pairs, ""))
		a := d.post(path+c.path, "aigul", pairs...)
		if a.status != http.StatusUnprocessableEntity && a.status != http.StatusConflict {
			t.Errorf("%s %v: %d", c.path, c.pairs, a.status)
		}
		inspect(t, c.path, a.body)
		for _, want := range c.wants {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s %v: the page does not say %q", c.path, c.pairs, want)
			}
		}
	}
	if k := d.load(path); len(k.Acts) != 1 {
		t.Errorf("refused forms have left %d acts", len(k.Acts)-1)
	}
}

func TestSeeingIsRecorded(t *testing.T) {
	d := busy(t)
	path := d.worked()
	d.get(path)
	d.get(path + "/attachments/" + strconv.Itoa(d.load(path).Attachments[0].Seq))
	if err := d.Audit.Flush(d.as("head")); err != nil {
		t.Fatal(err)
	}
	acts, err := d.Audit.Acts(d.as("head"))
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []string{"case.seen", "attachment.seen"} {
		if !slices.Contains(acts, act) {
			t.Errorf("the trail has no %s: %v", act, acts)
		}
	}
}
