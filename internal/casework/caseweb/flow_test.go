package caseweb_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/risk"
)

// low makes the unit's floors so high that every consignment may be released.
func (d *desk) low() {
	d.Helper()
	set, err := d.Risk.Settings(d.as("head"), d.scope())
	d.ok(err)
	set.Capacity = risk.Capacity{ExamineFloor: 19, LookFloor: 19}
	set.Draw.Share = 0
	set.Reason = "for the test"
	_, err = d.Risk.SaveSettings(d.as("head"), d.scope(), set)
	d.ok(err)
}

func TestReleaseInBulk(t *testing.T) {
	d := newDesk(t)
	d.low()
	d.save("aigul", traffic()...)
	taken := d.open("bakyt", "CASE0002")
	ask := []string{"consignment", d.id("CASE0001"), "consignment", d.id("CASE0002"), "consignment", d.id("CASE0003"), "back", "/queue?mode=rail"}
	a := d.post("/releases", "aigul", ask...)
	inspect(t, "releases", a.body)
	for _, want := range []string{"Release 3 consignments", "an open case decides", `href="` + taken + `"`, "Release 2 consignments", `href="/queue?mode=rail"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the confirmation does not say %q", want)
		}
	}
	do := []string{"do", "1", "key", "bulk-1", "consignment", d.id("CASE0001"), "consignment", d.id("CASE0003"), "release-reason", ""}
	if a := d.post("/releases", "aigul", do...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#release-reason"`) {
		t.Errorf("without a reason: %d", a.status)
	}
	do[len(do)-1] = "low-risk"
	for range 2 { // pressed twice
		a := d.post("/releases", "aigul", do...)
		if a.status != http.StatusOK || !strings.Contains(a.body, "2 consignments are released") || strings.Contains(a.body, "was not released") {
			t.Errorf("released: %d", a.status)
		}
	}
	if a := d.post("/releases", "aigul", ask...); !strings.Contains(a.body, "released already") {
		t.Error("what is released already is offered again")
	}
	marks, err := d.Marks(d.as("aigul"), d.scope(), []int64{d.consignment("CASE0001"), d.consignment("CASE0002"), d.consignment("CASE0003")})
	if err != nil || !marks[d.consignment("CASE0001")].Released || !marks[d.consignment("CASE0003")].Released || marks[d.consignment("CASE0002")].Released {
		t.Errorf("%+v, %v", marks, err)
	}
	if body := d.get("/consignments/" + d.id("CASE0001")).body; !strings.Contains(body, "Low risk") || !strings.Contains(body, "Айгүл Токтосунова") {
		t.Error("the consignment's page does not say who released it, and why")
	}
}

// What the page says beforehand is what the core refuses.
func TestRefusalsAreTheCores(t *testing.T) {
	d := newDesk(t)
	d.low()
	set, err := d.Risk.Settings(d.as("head"), d.scope())
	d.ok(err)
	set.Capacity, set.Reason = risk.Capacity{Examine: 1, ExamineFloor: 0, LookFloor: 19}, "room for a few"
	_, err = d.Risk.SaveSettings(d.as("head"), d.scope(), set)
	d.ok(err)
	d.save("aigul", traffic()...)
	d.open("bakyt", "CASE0002")
	var ids []int64
	pairs := []string{}
	for n := range 12 {
		number := fmt.Sprintf("CASE%04d", n)
		ids = append(ids, d.consignment(number))
		pairs = append(pairs, "consignment", d.id(number))
	}
	answer, err := d.Release(d.as("aigul"), d.scope(), casework.Bulk{Consignments: ids, Reason: casework.Reason{Code: "low-risk"}})
	if err == nil || len(answer.Refused) < 2 || len(answer.Refused) == len(ids) {
		t.Fatalf("%d of %d are refused: the test shows nothing", len(answer.Refused), len(ids))
	}
	body := d.post("/releases", "aigul", pairs...).body
	offered := strings.Count(body, `<input type="hidden" name="consignment"`)
	if offered != len(ids)-len(answer.Refused) {
		t.Errorf("the page offers %d, the core would release %d", offered, len(ids)-len(answer.Refused))
	}
	for _, no := range answer.Refused {
		if strings.Contains(body, fmt.Sprintf(`name="consignment" value="%d"`, no.Consignment)) {
			t.Errorf("the page offers %s, which the core refuses as %s", no.Document, no.Why)
		}
	}
}

func TestOpenWithSomeTaken(t *testing.T) {
	d := busy(t)
	taken := d.open("bakyt", "CASE0002")
	a := d.post("/cases", "aigul", "consignment", d.id("CASE0001"), "consignment", d.id("CASE0002"), "back", "/queue")
	if a.status != http.StatusConflict || !strings.Contains(a.body, `href="`+taken+`"`) || !strings.Contains(a.body, "Open a case with the other one") {
		t.Fatalf("%d: the page does not lead to the case that has it, or does not offer the rest", a.status)
	}
	inspect(t, "taken", a.body)
	if a := d.post("/cases", "aigul", "back", "//evil.example"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/" {
		t.Errorf("without a choice: %d %s", a.status, a.header.Get("Location"))
	}
	a = d.post("/cases", "aigul", "consignment", d.id("CASE0005"), "then", "hold")
	if to := a.header.Get("Location"); !strings.HasSuffix(to, "?do=hold#hold") || !strings.Contains(d.get(strings.TrimSuffix(to, "#hold")).body, `name="move" open id="hold"`) {
		t.Errorf("open and hold leads to %s", to)
	}
}

func TestOpenByHand(t *testing.T) {
	d := busy(t)
	if body := d.get("/cases/new?q=CASE0006").body; !strings.Contains(body, `value="`+d.id("CASE0006")+`"`) {
		t.Error("the consignment is not found")
	}
	form := []string{"key", "by-hand", "new-q", "CASE0006", "consignment", d.id("CASE0006"), "new-because", ""}
	if a := d.post("/cases/new", "aigul", form...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#new-because"`) || !strings.Contains(a.body, ` checked`) {
		t.Errorf("without a reason: %d", a.status)
	}
	form[len(form)-1] = "A driver told us of a second floor"
	a := d.post("/cases/new", "aigul", form...)
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d", a.status)
	}
	if k := d.load(a.header.Get("Location")); k.Origin != casework.ByHand || k.Because != form[len(form)-1] {
		t.Errorf("%+v", k.Summary())
	}
	if a := d.post("/cases/new", "aigul", "consignment", d.id("CASE0006"), "new-because", "once more"); a.status != http.StatusConflict || !strings.Contains(a.body, "Go on in that case") {
		t.Errorf("a consignment in two cases: %d", a.status)
	}
}

// An entry comes in several times, with its photos, and counts once.
func TestExaminationEntry(t *testing.T) {
	d := busy(t)
	path := d.open("aigul", "CASE0001")
	plan := []string{"version", d.version(path), "key", "plan", "plan-place", "Кампа 2", "plan-at", "2026-11-24T09:00", "plan-until", "2026-11-24T08:00",
		"plan-team", strconv.FormatInt(d.views["bakyt"].Officer.ID, 10)}
	if a := d.post(path+"/plan", "aigul", plan...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#plan-until"`) || !strings.Contains(a.body, "Кампа 2") {
		t.Fatalf("it ends before it begins: %d", a.status)
	}
	plan[9] = "2026-11-24T11:00"
	if a := d.post(path+"/plan", "aigul", plan...); a.status != http.StatusSeeOther {
		t.Fatalf("%d", a.status)
	}
	page := d.get(path + "/examination")
	if page.header.Get("X-Offline-Owner") != "aigul" {
		t.Error("the page may not be kept on the phone")
	}
	item := d.load(path).Examination.Items[0].ID
	key := d.newUUID()
	send := func(more ...string) answer {
		return d.upload(path+"/examination/items", "aigul", []file{{"item-1-photos", "a.jpg", d.photo(1)}, {"item-1-photos", "b.jpg", d.photo(2)}},
			append([]string{"key", key, "at", "2026-10-01T04:00:00Z", "item", item}, more...)...)
	}
	if a := send("item-1-state", "not-in-order"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#item-1-words"`) {
		t.Fatalf("not in order without a word: %d", a.status)
	}
	for range 3 {
		if a := send("item-1-state", "not-in-order", "item-1-words", "the number was painted over"); a.status != http.StatusSeeOther || !strings.HasSuffix(a.header.Get("Location"), "/examination#item-1") {
			t.Fatalf("%d %s", a.status, a.header.Get("Location"))
		}
	}
	k := d.load(path)
	if n := len(k.Examination.Items[0].Entries); n != 1 || len(k.Attachments) != 2 {
		t.Fatalf("%d entries, %d photos", n, len(k.Attachments))
	}
	if e := k.Examination.Items[0].Entries[0]; e.ClientAt.Format("2006-01-02T15:04") != "2026-10-01T04:00" || k.Attachments[0].Item != item {
		t.Errorf("%+v", e)
	}
	if thumb := d.get(path + "/attachments/" + strconv.Itoa(k.Attachments[0].Seq) + "/thumbnail"); thumb.header.Get("X-Offline-Owner") != "aigul" || thumb.header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("the thumbnail: %v", thumb.header)
	}
	if a := d.upload(path+"/examination/items", "aigul", []file{{"item-1-photos", "c.jpg", []byte("no picture")}}, "key", d.newUUID(), "item", item, "item-1-state", "in-order"); a.status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.body, `href="#item-1-photos"`) {
		t.Errorf("a photo that is none: %d", a.status)
	}
}

// An entry from the yard that comes after the conclusion is kept, and shown.
func TestEntryAfterConclusion(t *testing.T) {
	d := busy(t)
	path := d.worked()
	k := d.load(path)
	if _, err := d.Conclude(d.as("aigul"), casework.Ref{Scope: k.Scope, Case: k.ID, Saw: k.Version}, casework.Conclusion{Ending: casework.Found, Reason: casework.Reason{Code: "seized"}}); err != nil {
		t.Fatal(err)
	}
	item := k.Examination.Items[2]
	a := d.upload(path+"/examination/items", "bakyt", []file{{"item-3-photos", "late.jpg", d.photo(77)}}, "key", d.newUUID(), "item", item.ID, "item-3-state", "not-possible", "item-3-words", "it was dark by then")
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d", a.status)
	}
	body := d.get(path).body
	for _, want := range []string{"it was dark by then", "late.jpg", "An act of Бакыт Осмонов came too late"} {
		if !strings.Contains(body, want) {
			t.Errorf("the case does not show %q", want)
		}
	}
}

func TestOutcomeForm(t *testing.T) {
	d := busy(t)
	path := d.open("aigul", "CASE0001")
	to := path + "/outcomes/" + d.id("CASE0001")
	base := []string{"key", "outcome-1", "outcome-method", "full", "outcome-result", "seizure"}
	line := func(n int, category, quantity, unit, value, currency string) []string {
		f := func(name string) string { return fmt.Sprintf("outcome-goods.%d.%s", n, name) }
		return []string{f("category"), category, f("quantity"), quantity, f("unit"), unit, f("value"), value, f("currency"), currency, f("description"), "", f("concealment"), "", f("position"), ""}
	}
	post := func(parts ...[]string) answer {
		pairs := append([]string{"version", d.version(path)}, base...)
		for _, p := range parts {
			pairs = append(pairs, p...)
		}
		return d.post(to, "aigul", pairs...)
	}
	empty := line(0, "", "", "kg", "", "")
	for _, c := range []struct {
		parts [][]string
		want  string
	}{
		{[][]string{empty}, `href="#outcome-goods"`},
		{[][]string{empty, line(1, "cocaine", "2", "stick", "", "")}, `href="#outcome-goods.1.unit"`},
		{[][]string{empty, line(1, "tobacco", "1.5", "stick", "", "")}, `href="#outcome-goods.1.quantity"`},
		{[][]string{line(0, "tobacco", "many", "stick", "", "")}, `href="#outcome-goods.0.quantity"`},
		{[][]string{line(0, "tobacco", "10", "stick", "9", "usd1")}, `href="#outcome-goods.0.currency"`},
		{[][]string{line(0, "tobacco", "10", "stick", "", ""), {"outcome-arrests", "two"}}, `href="#outcome-arrests"`},
	} {
		a := post(c.parts...)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) {
			t.Errorf("%v: %d, the page does not lead to %s", c.parts, a.status, c.want)
		}
		inspect(t, to, a.body)
	}
	if a := post(line(0, "tobacco", "10", "stick", "", ""), []string{"add", "1"}); a.status != http.StatusOK || !strings.Contains(a.body, `id="outcome-goods.1.category"`) {
		t.Errorf("one line more: %d", a.status)
	}
	if a := post(empty, line(1, "tobacco", "120 000", "stick", "9600,50", "usd"), []string{"outcome-words", "behind the wall"}); a.status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.status, a.body)
	}
	o, _ := d.load(path).Outcome(d.consignment("CASE0001"))
	if len(o.Goods) != 1 || o.Goods[0].Quantity != 120000 || o.Goods[0].Value.Amount != 9600.5 || o.Goods[0].Value.Currency != "USD" {
		t.Errorf("%+v", o.Goods)
	}
	d.correct(path, to)
}

// correct concludes the case and corrects its outcome, which needs a reason.
func (d *desk) correct(path, to string) {
	d.Helper()
	if a := d.post(path+"/conclude/found", "aigul", "version", d.version(path), "key", "end", "found-reason", "seized"); a.status != http.StatusSeeOther {
		d.Fatalf("concluded: %d", a.status)
	}
	form := []string{"version", d.version(path), "key", "again", "outcome-method", "full", "outcome-result", "irregularity", "outcome-words", "no seizure after all", "outcome-correction", ""}
	if a := d.post(to, "aigul", form...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#outcome-correction"`) {
		d.Errorf("a correction without a reason: %d", a.status)
	}
	form[len(form)-1] = "the goods were given back the same day"
	if a := d.post(to, "aigul", form...); a.status != http.StatusSeeOther {
		d.Fatalf("corrected: %d", a.status)
	}
	body := d.get(to).body
	for _, want := range []string{"version 2", "version 1", "<del>Seizure</del>", "<ins>Irregularity</ins>", "the goods were given back"} {
		if !strings.Contains(body, want) {
			d.Errorf("the versions do not show %q", want)
		}
	}
}

func TestUploads(t *testing.T) {
	d := busy(t)
	path := d.open("aigul", "CASE0001")
	var bomb bytes.Buffer
	if err := png.Encode(&bomb, image.NewGray(image.Rect(0, 0, 31000, 8))); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file file
		want string
		at   int
	}{
		"text":      {file{"attach-file", "photo.jpg", []byte("<script>alert(1)</script>")}, "photo.jpg: ", http.StatusUnprocessableEntity},
		"cut off":   {file{"attach-file", "photo.jpg", d.photo(3)[:len(d.photo(3))-200]}, "damaged at byte", http.StatusUnprocessableEntity},
		"too large": {file{"attach-file", "photo.jpg", append(d.photo(3), make([]byte, 25<<20)...)}, "larger than", http.StatusUnprocessableEntity},
		"bomb":      {file{"attach-file", "bomb.png", bomb.Bytes()}, "million are taken", http.StatusUnprocessableEntity},
		"none":      {file{"attach-file", "", nil}, "Choose a file", http.StatusUnprocessableEntity},
	} {
		a := d.upload(path+"/attachments", "aigul", []file{c.file}, "key", name)
		if a.status != c.at || !strings.Contains(a.body, c.want) || !strings.Contains(a.body, `href="#attach-file"`) {
			t.Errorf("%s: %d, or the page does not say %q beside the field", name, a.status, c.want)
		}
		inspect(t, name, a.body)
	}
	if k := d.load(path); len(k.Attachments) != 0 {
		t.Fatalf("%d refused files are kept", len(k.Attachments))
	}
	for range 2 { // sent twice
		if a := d.upload(path+"/attachments", "aigul", []file{{"attach-file", `..\..\etc/pass"wd` + "\u202e.gif", d.photo(4)}, {"attach-file", "b.jpg", d.photo(5)}}, "key", "two", "attach-caption", "Seal"); a.status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", a.status, a.body)
		}
	}
	k := d.load(path)
	if len(k.Attachments) != 2 {
		t.Fatalf("%d attachments, want 2", len(k.Attachments))
	}
	a := d.get(path + "/attachments/" + strconv.Itoa(k.Attachments[0].Seq))
	if want := `attachment; filename=passwd.jpg`; a.header.Get("Content-Disposition") != want || a.header.Get("X-Content-Type-Options") != "nosniff" ||
		a.header.Get("Content-Type") != "image/jpeg" || a.body != string(d.photo(4)) {
		t.Errorf("%v, want %s", a.header, want)
	}
	if a := d.ask(path+"/attachments/999", "aigul", "en"); a.status != http.StatusNotFound {
		t.Errorf("no such attachment: %d", a.status)
	}
}

// A form that is larger than any is refused while it is read.
func TestUploadOfAGigabyte(t *testing.T) {
	d := busy(t)
	path := d.open("aigul", "CASE0001")
	r, err := http.NewRequest(http.MethodPost, d.server.URL+path+"/attachments", io.MultiReader(
		strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"attach-file\"; filename=\"a.jpg\"\r\n\r\n"), io.LimitReader(zeros{}, 1<<30)))
	d.ok(err)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.Header.Set("Officer", "aigul")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return // cut off while it was sent
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a gigabyte: %d", res.StatusCode)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestRules(t *testing.T) {
	d := busy(t)
	to := "/settings/case-rules"
	rule := []string{"version", "0", "rules-reason", "for bananas", "rules-rules.0.title", "", "rules-rules.0.min_score", "", "rules-rules.0.indicator", "", "rules-rules.0.party", "",
		"rules-rules.1.title", "Bananas", "rules-rules.1.min_score", "", "rules-rules.1.indicator", "", "rules-rules.1.party", ""}
	if a := d.post(to, "head", rule...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#rules-rules.1.title"`) {
		t.Errorf("a rule without a condition: %d", a.status)
	}
	rule[15] = "0.1"
	if a := d.post(to, "head", rule...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#rules-rules.1.min_score"`) {
		t.Errorf("a score that is no multiple of an eighth: %d", a.status)
	}
	rule[15] = "1,5"
	if a := d.post(to, "head", rule...); a.status != http.StatusSeeOther {
		t.Fatalf("%d", a.status)
	}
	set, err := d.Rules(d.as("head"), d.scope())
	if err != nil || len(set.Rules) != 1 || *set.Rules[0].MinScore != 1.5 {
		t.Fatalf("%+v, %v", set, err)
	}
	if a := d.post(to, "head", rule...); a.status != http.StatusConflict || !strings.Contains(a.body, "Your entries are still here") {
		t.Errorf("saved on an older version: %d", a.status)
	}
	if body := d.get(to).body; !strings.Contains(body, "for bananas") || !strings.Contains(body, "disabled") {
		t.Error("an officer does not see the rules, or could change them")
	}
}

// The queue, a consignment's page and the home page say what the unit does.
func TestWork(t *testing.T) {
	d := busy(t)
	path := d.worked()
	if body := d.get("/queue").body; !strings.Contains(body, `class="mark-link" href="`+path+`"`) {
		t.Error("the queue does not mark what a case has")
	}
	if body := d.get("/consignments/" + d.id("CASE0001")).body; !strings.Contains(body, `href="`+path+`"`) || strings.Contains(body, "Open and hold") {
		t.Error("a consignment's page does not lead to its case, or offers another")
	}
	if body := d.get("/consignments/" + d.id("CASE0004")).body; !strings.Contains(body, "Open and hold") || !strings.Contains(body, `formaction="/releases"`) {
		t.Error("a consignment without a case offers nothing")
	}
	body := d.get("/").body
	for _, want := range []string{`href="/cases?overdue=1"`, `href="/cases?state=at-examination"`, `href="/cases?owner=mine"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the home page does not lead to %s", want)
		}
	}
	if body := d.ask("/", "bakyt", "en").body; !strings.Contains(body, "Ask the carrier for the stowage plan") {
		t.Error("an officer's home page does not name her tasks")
	}
}

func TestListFilters(t *testing.T) {
	d := busy(t)
	worked, theirs := d.worked(), d.open("bakyt", "CASE0003", "CASE0004")
	for _, c := range []struct {
		query string
		has   []string
		not   []string
	}{
		{"", []string{worked, theirs}, nil},
		{"?owner=me", []string{worked}, []string{theirs}},
		{"?owner=nobody", nil, []string{worked, theirs}},
		{"?overdue=1", []string{worked}, []string{theirs}},
		{"?aside=1", []string{worked}, []string{theirs}},
		{"?state=selected", []string{theirs}, []string{worked}},
		{"?q=case0003", []string{theirs}, []string{worked}},
		{"?origin=hand", nil, []string{worked, theirs}},
		{"?state=concluded", nil, []string{worked, theirs}},
	} {
		for _, at := range []string{"/cases", "/cases/board"} {
			if at == "/cases/board" && strings.Contains(c.query, "state=") {
				continue // a board shows all states
			}
			body := d.get(at + c.query).body
			for _, path := range c.has {
				if !strings.Contains(body, `href="`+path+`"`) {
					t.Errorf("%s%s: lacks %s", at, c.query, path)
				}
			}
			for _, path := range c.not {
				if strings.Contains(body, `href="`+path+`"`) {
					t.Errorf("%s%s: has %s", at, c.query, path)
				}
			}
		}
	}
}
