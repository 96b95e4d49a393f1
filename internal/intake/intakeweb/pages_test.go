package intakeweb

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tidewaiter/internal/format/table"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store/storetest"
	"tidewaiter/internal/web"
)

var update = flag.Bool("update", false, "write the golden files")

func TestAFileIsSentReadAndShown(t *testing.T) {
	h := newHouse(t)
	h.get("/imports").has(t, 200, "No file has come in yet", `enctype="multipart/form-data"`, `name="files"`, "0 problems in quarantine")
	path := h.take("manifest.edi", goodCUSCAR)
	page := h.get(path)
	page.has(t, 200, "manifest.edi", "EDIFACT CUSCAR", "ACME LINE", "ED1", "/consignments/", "segment ", "<code>ten</code>", path+"/quarantine")
	sound(t, "import", page.body)
	list := h.get("/imports")
	list.has(t, 200, "manifest.edi", "ACME LINE", `<option value="ACME LINE">`, "1 problem in quarantine", path)
	sound(t, "list", list.body)

	again := h.send("", "copy.edi", goodCUSCAR)
	again.has(t, http.StatusSeeOther)
	if to := again.Header().Get("Location"); to != path {
		t.Errorf("the same file leads to %s, want %s", to, path)
	}
	h.send("", "a.pdf", "%PDF-1.7", "b.csv", goodCSV).has(t, http.StatusSeeOther)
	h.get("/imports").has(t, 200, "a PDF document", "Columns to confirm")
	if got := h.acts(); got != "import.received import.received import.received" {
		t.Errorf("the trail has %q", got)
	}
}

func TestAnUploadWithoutAFile(t *testing.T) {
	h := newHouse(t)
	h.send("X").has(t, http.StatusUnprocessableEntity, "Choose at least one file", `href="#files"`)
	h.post("/imports", url.Values{"a": {"b"}}).has(t, http.StatusUnprocessableEntity)
	h.do("POST", "/imports", strings.NewReader("--x\r\nContent-Disposition: form-data; name=files; filename=a\r\n\r\nUNB"), "Content-Type", "multipart/form-data; boundary=x").
		has(t, http.StatusUnprocessableEntity, "did not arrive whole")
}

func TestTheEventsEndWithTheReading(t *testing.T) {
	h := newHouse(t)
	path := h.take("manifest.edi", goodCUSCAR)
	a := h.get(path + "/events")
	a.has(t, 200, "event: progress", `"done":"`+path+`"`, `"text":"2 records read"`)
	if kind := a.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/event-stream") {
		t.Errorf("content type %q", kind)
	}
}

func TestTheDownloadIsAnAttachment(t *testing.T) {
	h := newHouse(t)
	body := "<html><script>alert(1)</script>, B/L number;Packages\n"
	path := h.take("манифест \"№1\"\u202egpj.exe.csv", body)
	a := h.get(path + "/download")
	a.has(t, 200)
	if a.body != body {
		t.Errorf("the file came back as %q", a.body)
	}
	head := a.Header()
	if !strings.HasPrefix(head.Get("Content-Disposition"), "attachment;") || head.Get("X-Content-Type-Options") != "nosniff" ||
		strings.Contains(head.Get("Content-Type"), "html") || strings.Contains(downloadDecoded(head.Get("Content-Disposition")), "\u202e") {
		t.Errorf("headers: %v", head)
	}
	if got := h.acts(); !strings.HasSuffix(got, "import.downloaded") {
		t.Errorf("the trail has %q", got)
	}
}

func downloadDecoded(s string) string {
	out, err := url.PathUnescape(s)
	if err != nil {
		return s
	}
	return out
}

func TestCancelAndResume(t *testing.T) {
	h := newHouse(t)
	path := h.take("list.csv", goodCSV)
	h.get(path).has(t, 200, "waits until somebody confirms", path+"/cancel", path+"/mapping")
	h.post(path+"/cancel", nil).has(t, http.StatusSeeOther)
	h.get(path).has(t, 200, "The reading was cancelled", path+"/resume")
	h.post(path+"/cancel", nil).has(t, http.StatusConflict)
	h.get(path+"/mapping").has(t, http.StatusSeeOther)
	h.post(path+"/resume", nil).has(t, http.StatusSeeOther)
	h.get(path+"/mapping").has(t, 200, "TW-1")
	if got := h.acts(); got != "import.received import.cancelled import.resumed" {
		t.Errorf("the trail has %q", got)
	}
}

func TestTheMappingIsConfirmed(t *testing.T) {
	h := newHouse(t)
	path := h.take("list.csv", goodCSV)
	page := h.get(path + "/mapping")
	page.has(t, 200, "B/L number", "TW-1", `name="target-0"`, `value="document_number" selected`, "1,200.5 kg", "Чай; зелёный", "is not a date that exists", "9 Mar 2026")
	sound(t, "mapping", page.body)
	if strings.Contains(page.body, "<script>alert") {
		t.Error("a cell of the table became a script")
	}
	golden(t, "mapping.golden.html", page.body)

	form := url.Values{"sender": {" Depot  7 "}, "do": {"preview"}}
	for i, target := range []string{"", "consignee_name", "packages", "gross_mass", "goods_description", "arrival"} {
		form.Set("target-"+strconv.Itoa(i), target)
	}
	h.post(path+"/mapping", form).has(t, http.StatusUnprocessableEntity, "Choose the column that holds the number", `href="#target-0"`)
	form.Set("target-0", "document_number")
	form.Set("unit-3", "t")
	h.post(path+"/mapping", form).has(t, 200, "1,200,500 kg", `value="Depot 7"`)
	form.Set("unit-3", "furlong")
	form.Set("decimal-3", ",")
	form.Set("do", "confirm")
	h.post(path+"/mapping", form).has(t, http.StatusSeeOther)
	storetest.Drain(t, h.bus)
	h.get(path).has(t, 200, "TW-1", "Depot 7", "1,200.5 kg", "&lt;script&gt;")
	h.post(path+"/mapping", form).has(t, http.StatusConflict)
	if got := h.acts(); got != "import.received import.confirmed" {
		t.Errorf("the trail has %q", got)
	}
	// The sender's next file is read without asking.
	next := h.send("Depot 7", "next.csv", strings.ReplaceAll(goodCSV, "TW-", "TX-"))
	storetest.Drain(t, h.bus)
	h.get(next.Header().Get("Location")).has(t, 200, "TX-1", "1,200.5 kg")
}

var volatile = regexp.MustCompile(`/imports/\d+|/static/[^"]+|[a-z0-9]{10}\.(?:js|css)|<svg.*?</svg>|nonce="[^"]*"`)

// golden compares the main part of a page with what it was, ids and bundled files aside.
func golden(t *testing.T, name, body string) {
	t.Helper()
	_, main, _ := strings.Cut(body, "<main")
	main, _, _ = strings.Cut(main, "</main>")
	got := strings.ReplaceAll(volatile.ReplaceAllString(main, "…"), "><", ">\n<") + "\n"
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if got != string(want) {
		a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range a {
			if i >= len(b) || a[i] != b[i] {
				t.Fatalf("%s, line %d is\n%s\nwas it\n%s\n(write it with -update)", name, i+1, a[i], b[min(i, len(b)-1)])
			}
		}
		t.Fatalf("%s is shorter than it was", name)
	}
}

func TestARecordIsMended(t *testing.T) {
	h := newHouse(t)
	path := h.take("manifest.edi", goodCUSCAR)
	list := h.get("/quarantine")
	list.has(t, 200, "segment ", "ED2", "<code>ten</code>", "manifest.edi", "The record is left out")
	sound(t, "quarantine", list.body)
	h.get(path+"/quarantine").has(t, 200, "ED2")
	held := regexp.MustCompile(`/quarantine/\d+`).FindString(list.body)
	page := h.get(held)
	page.has(t, 200, "<textarea", "MEA+AAE+G+KGM:ten&#39;", `<mark`, "ten", held+"/dismiss")
	sound(t, "held", page.body)
	text := "CNI+2+ED2'\r\nRFF+BM:ED2'\r\nGID+1+10:BG'\r\nFTX+AAA+++SPARE PARTS'\r\nMEA+AAE+G+KGM:%'\r\n"
	h.post(held, url.Values{"text": {strings.Replace(text, "%", "twelve", 1)}}).
		has(t, http.StatusUnprocessableEntity, "KGM:twelve", "segment ", `href="#text"`, "Mend it and try again")
	mended := h.post(held, url.Values{"text": {strings.Replace(text, "%", "12", 1)}})
	mended.has(t, http.StatusSeeOther)
	if to := mended.Header().Get("Location"); !strings.HasPrefix(to, "/consignments/") {
		t.Errorf("after mending one is led to %q", to)
	}
	h.get("/quarantine").has(t, 200, "Nothing is in quarantine")
	h.get("/quarantine?show=all").has(t, 200, "Mended")
	h.get(held).has(t, 200, "Mended", "KGM:12")
	h.get(path).has(t, 200, "ED2", "12 kg")
	if got := h.acts(); got != "import.received quarantine.mended" {
		t.Errorf("the trail has %q", got)
	}
}

func TestARecordIsDismissed(t *testing.T) {
	h := newHouse(t)
	h.take("manifest.edi", goodCUSCAR)
	held := regexp.MustCompile(`/quarantine/\d+`).FindString(h.get("/quarantine").body)
	h.post(held+"/dismiss", url.Values{"reason": {"  "}}).has(t, http.StatusUnprocessableEntity, "why the record is not needed")
	h.post(held+"/dismiss", url.Values{"reason": {"прислан новый файл"}}).has(t, http.StatusSeeOther)
	h.post(held+"/dismiss", url.Values{"reason": {"again"}}).has(t, http.StatusConflict)
	h.get(held).has(t, 200, "Dismissed", "прислан новый файл")
	if got := h.acts(); got != "import.received quarantine.dismissed" {
		t.Errorf("the trail has %q", got)
	}
}

func TestTheRawTextAroundAPlace(t *testing.T) {
	h := newHouse(t)
	path := h.take("manifest.edi", goodCUSCAR)
	at := strings.Index(goodCUSCAR, "KGM:ten")
	a := h.get(path + "/raw?offset=" + strconv.Itoa(at) + "&length=7")
	a.has(t, 200, `id="mark"`, ">KGM:ten</mark>", "utf-8", "Bytes 0 to")
	sound(t, "raw", a.body)
	for _, bad := range []string{"?offset=-1", "?offset=99999999", "?offset=x", "?from=12345678"} {
		h.get(path+"/raw"+bad).has(t, http.StatusUnprocessableEntity)
	}
	long := h.take("long.csv", "B/L number;Remarks\nA1;"+strings.Repeat("x\x01\u202e<b>", 20000)+"\n")
	page := h.get(long + "/raw?offset=100000&length=5")
	page.has(t, 200, "␁", "␦", "&lt;b&gt;", `rel="prev"`, `rel="next"`, "from=")
	if len(page.body) > 600<<10 {
		t.Errorf("the page has %d bytes", len(page.body))
	}
}

func TestOthersMayNot(t *testing.T) {
	h := newHouse(t)
	path := h.take("manifest.edi", goodCUSCAR)
	csv := h.take("list.csv", goodCSV)
	held := regexp.MustCompile(`/quarantine/\d+`).FindString(h.get("/quarantine").body)
	before := h.acts()
	officer := *h.viewer
	for who, viewer := range map[string]*identity.Viewer{"nobody": nil, "no role": {Officer: officer.Officer, Unit: officer.Unit, Role: "guest"}} {
		h.viewer = viewer
		for _, p := range []string{"/imports", path, path + "/events", path + "/download", path + "/raw", csv + "/mapping", path + "/quarantine", "/quarantine", held} {
			if a := h.get(p); a.Code != http.StatusForbidden {
				t.Errorf("%s: GET %s answers %d", who, p, a.Code)
			}
		}
		for _, p := range []string{csv + "/mapping", csv + "/cancel", csv + "/resume", held, held + "/dismiss"} {
			if a := h.post(p, url.Values{"text": {"x"}, "reason": {"x"}}); a.Code != http.StatusForbidden {
				t.Errorf("%s: POST %s answers %d", who, p, a.Code)
			}
		}
		if a := h.send("", "x.edi", "UNB"); a.Code != http.StatusForbidden {
			t.Errorf("%s: an upload answers %d", who, a.Code)
		}
	}
	if got := h.acts(); got != before {
		t.Errorf("the trail has %q", got)
	}
	h.viewer = &officer
	h.get("/imports/12345").has(t, http.StatusNotFound)
	h.get("/imports/x").has(t, http.StatusNotFound)
	h.get("/quarantine/12345").has(t, http.StatusNotFound)
}

func TestEveryLanguage(t *testing.T) {
	h := newHouse(t)
	edi, csv := h.take("манифест.edi", goodCUSCAR), h.take("тизме.csv", goodCSV)
	held := regexp.MustCompile(`/quarantine/\d+`).FindString(h.get("/quarantine").body)
	for lang, says := range map[web.Language][]string{
		web.Russian: {"Импорт файлов", "1 проблема в карантине", "Прочитан", "Что означает каждый столбец", "Масса брутто", "Исправить запись", "сегмент", "Получатель"},
		web.Kyrgyz:  {"Файлдарды кабыл алуу", "Карантинде 1 маселе", "Окулду", "Ар бир мамыча", "Брутто массасы", "Жазууну оңдоо", "-сегмент", "Алуучу"},
	} {
		all := ""
		for _, p := range []string{"/imports", edi, csv + "/mapping", edi + "/raw", "/quarantine", held} {
			a := h.get(p, "Accept-Language", string(lang))
			a.has(t, 200, `lang="`+string(lang)+`"`)
			sound(t, string(lang)+" "+p, a.body)
			all += a.body
		}
		for _, s := range says {
			if !strings.Contains(all, s) {
				t.Errorf("%s: no page says %q", lang, s)
			}
		}
	}
}

// TestEveryFieldHasANameInEveryLanguage holds the vocabulary of columns against the
// messages, and the languages against each other.
func TestEveryFieldHasANameInEveryLanguage(t *testing.T) {
	var files []map[string]any
	for _, lang := range web.Languages {
		raw, err := messages.ReadFile("locale/" + string(lang) + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		files = append(files, m)
	}
	for id := range files[0] {
		for i, m := range files {
			if m[id] == nil || m[id] == "" {
				t.Errorf("%s: %s is missing", web.Languages[i], id)
			}
		}
	}
	ctx := t.Context()
	for _, target := range table.Targets {
		if name := targetName(ctx, target.ID); strings.HasPrefix(name, "intake.") {
			t.Errorf("the field %s has no name", target.ID)
		}
	}
	seen := 0
	for _, g := range targetGroups(ctx) {
		seen += len(g.targets)
		if strings.HasPrefix(g.label, "intake.") {
			t.Errorf("the group %s has no name", g.label)
		}
	}
	if seen != len(table.Targets) {
		t.Errorf("%d fields are offered of %d", seen, len(table.Targets))
	}
}
