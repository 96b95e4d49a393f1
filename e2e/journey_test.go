package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The first day of an officer: sign in, upload the manifest that a carrier sent, find
// the consignment that deserves a look, read why, open the message as it came, and
// read it all in another language.
func TestOfficersFirstDay(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a browser")
	}
	d := newDesk(t, 300)
	manifest := manifestToUpload(t)

	d.open("/queue")
	d.await(`location.pathname === "/sign-in"`)
	d.inspect()
	d.do("sign in", chromedp.SendKeys(chromedp.CSS("#username"), "aigul"), chromedp.SendKeys(chromedp.CSS("#password"), "tide-and-time\r"))
	d.await(`location.pathname === "/queue" && document.querySelectorAll("tbody tr").length > 10`)
	d.inspect()

	d.open("/imports")
	d.do("choose the file", chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{manifest}))
	d.click(`main form[enctype] button[type=submit]`)
	// While it is being sent, the form names the file, too.
	d.await(`/^\/imports\/\d+$/.test(location.pathname) && document.querySelector("main").innerText.includes("` + filepath.Base(manifest) + `") ||
		[...document.querySelectorAll("main table a")].some((a) => a.innerText.includes("` + filepath.Base(manifest) + `"))`)
	d.await(`fetch("/healthz").then(r => r.json()).then(h => h.pending_jobs === 0)`)

	d.open("/search?q=MSCUDB592345")
	d.await(`/^\/consignments\/\d+$/.test(location.pathname)`)
	text := d.script(`document.querySelector("main").innerText`)
	for _, want := range []string{"MSCUDB592345", "Totals in the text against the fields", "FCIU5956299", "FRONERI ICE CREAM EGYPT", "LAKELAND DAIRIES"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page of the consignment does not say %q", want)
		}
	}
	d.inspect()
	if raw := d.script(`[...document.querySelectorAll("main mark")].map(m => m.innerText).join("\n")`); !strings.Contains(raw, "36 METRIC TONNES") {
		t.Errorf("the evidence is not marked in the raw message: %q", raw)
	}

	d.click(`.sidebar-choices button[value=ru]`)
	d.await(`document.documentElement.lang === "ru"`)
	if text := d.script(`document.querySelector("main").innerText`); !strings.Contains(text, "MSCUDB592345") || strings.Contains(text, "Totals in the text") {
		t.Error("the reasons are not told in Russian")
	}
	d.inspect()
}

// manifestToUpload is the real carrier's manifest where it is here, else one of our own
// that says the same of the first consignment.
func manifestToUpload(t *testing.T) string {
	real := filepath.Join("..", "..", "shared", "data", "edifact", "edinet_CUSCAR_D95B.edi")
	if path, err := filepath.Abs(real); err == nil {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	path, err := filepath.Abs("testdata/own_CUSCAR_D95B.edi")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Every page, for the head and the administrator, in three languages, wide and narrow.
func TestEveryPage(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a browser")
	}
	d := newDesk(t, 300)
	d.bring("columns.csv", "Bill of lading,Получатель груза,Goods\nB9,ОсОО \"Ак-Жол\",Shoes\n")
	d.bring("broken.edi", "UNB+UNOC:3+A+B+261001:0800+1'UNH+1+CUSCAR:D:16A:UN'BGM+85+1+9'CNI+1+X1'RFF+BM:X1'GID+1+1X:CT'UNT+6+1'UNZ+1+1'")
	d.open("/sign-in")
	d.do("sign in", chromedp.SendKeys(chromedp.CSS("#username"), "admin"), chromedp.SendKeys(chromedp.CSS("#password"), "tide-and-time\r"))
	d.await(`location.pathname === "/"`)
	d.open("/queue")
	consignment := d.script(`document.querySelector("main a[href^='/consignments/']").getAttribute("href")`)
	d.open(consignment)
	party := d.script(`document.querySelector("main a[href^='/parties/']").getAttribute("href")`)
	d.open("/imports")
	imported := d.script(`[...document.querySelectorAll("main tbody a[href^='/imports/']")].at(-1).getAttribute("href")`)
	columns := d.script(`[...document.querySelectorAll("main a")].find(a => a.innerText.includes("columns.csv")).getAttribute("href")`)
	d.open("/quarantine")
	held := d.script(`document.querySelector("main a[href^='/quarantine/']").getAttribute("href")`)
	d.open("/officers")
	officer := d.script(`document.querySelector("main a[href^='/officers/']:not([href$=new])").getAttribute("href")`)
	pages := []string{
		"/", "/queue", "/queue?mode=air&channel=release", "/queue?indicator=D10", "/search?q=trade", "/search?q=nothing+at+all",
		consignment, consignment + "/print", party, "/imports", imported, imported + "/raw", "/quarantine", held,
		columns, columns + "/mapping",
		"/indicators", "/indicators/W06", "/lists", "/lists/vague-terms", "/settings/targeting",
		"/account", "/account/password", "/officers", "/officers/new", officer, "/audit", "/audit/chain", "/no-such-page",
		"/courses", "/courses/seals", "/courses/seals/lessons/01-what-a-seal-proves", "/transcript", "/learners", "/learners/courses/seals", "/authoring",
		"/exercises", "/exercises/new", "/exercises/cohorts", "/certificates", "/certificates/unit", "/verify", "/packages",
	}
	for _, look := range []struct {
		lang, theme string
		width       int64
	}{{"en", "light", 1280}, {"ru", "dark", 390}, {"ky", "light", 390}} {
		d.cookie("lang", look.lang)
		d.cookie("theme", look.theme)
		d.width(look.width)
		for _, page := range pages {
			d.open(page)
			if lang := d.script(`document.documentElement.lang`); lang != look.lang {
				t.Errorf("%s is in %s, want %s", page, lang, look.lang)
			}
			d.inspect()
		}
	}
}
