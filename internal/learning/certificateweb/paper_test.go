package certificateweb_test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"tidewaiter/internal/format/pdf"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/certificate"
)

func with(v identity.Viewer) context.Context { return identity.With(context.Background(), v) }

// program returns the path of a program of poppler, or skips the test.
func program(t *testing.T, name string) string {
	t.Helper()
	if !pdf.Built() {
		t.Skip("the fonts are not built: run make assets")
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("no %s here; make setup installs it", name)
	}
	return path
}

// paper returns a certificate's PDF. With PAPERS=DIR it is also saved, to look at.
func (d *desk) paper(one certificate.Certificate, lang string) string {
	d.Helper()
	a := d.get("officer", fmt.Sprintf("/certificates/%d/paper?lang=%s", one.ID, lang))
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/pdf" {
		d.Fatalf("status %d, %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	if dir := os.Getenv("PAPERS"); dir != "" {
		d.ok(os.WriteFile(filepath.Join(dir, strings.ReplaceAll(d.Name(), "/", "_")+"-"+lang+".pdf"), []byte(a.body), 0o600))
	}
	return a.body
}

func TestPaperInThreeLanguages(t *testing.T) {
	pdftotext := program(t, "pdftotext")
	d := newDesk(t, home)
	one := d.issue("officer")
	for lang, words := range map[string][]string{
		"en": {"CERTIFICATE", "This is to certify that", "Seals and their manipulation", "Completed on 23 Nov 2026", "93%"},
		"ru": {"СЕРТИФИКАТ", "Настоящий сертификат выдан", "Пломбы и их подделка", "Курс пройден 23", "Руководитель подразделения"},
		"ky": {"КҮБӨЛҮК", "Мөөрлөр жана аларды бурмалоо", "Бөлүмдүн жетекчиси"},
	} {
		cmd := exec.Command(pdftotext, "-", "-")
		cmd.Stdin = strings.NewReader(d.paper(one, lang))
		text, err := cmd.Output()
		d.ok(err)
		for _, w := range append(words, one.Name, one.Award.Unit, certificate.Spaced(one.Number), "https://learn.example.org/verify/"+one.Number) {
			if !strings.Contains(string(text), w) {
				t.Errorf("%s: the paper lacks %q:\n%s", lang, w, text)
			}
		}
		if n := bytes.Count(text, []byte("\f")); n != 1 {
			t.Errorf("%s: %d pages", lang, n)
		}
	}
}

// The square code on the paper, as a camera sees it, leads to the page that says whether
// the certificate is good.
func TestCodeOnThePaper(t *testing.T) {
	pdftoppm := program(t, "pdftoppm")
	d := newDesk(t, "")
	one := d.issue("officer")
	file := filepath.Join(t.TempDir(), "page")
	cmd := exec.Command(pdftoppm, "-png", "-singlefile", "-r", "110", "-", file)
	cmd.Stdin = strings.NewReader(d.paper(one, "ky"))
	d.ok(cmd.Run())
	picture, err := os.Open(file + ".png")
	d.ok(err)
	defer picture.Close()
	seen, err := png.Decode(picture)
	d.ok(err)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(seen)
	d.ok(err)
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	d.ok(err)
	if want := d.server.URL + "/verify/" + one.Number; read.GetText() != want {
		t.Fatalf("the code says %s, want %s", read.GetText(), want)
	}
	d.get("", strings.TrimPrefix(read.GetText(), d.server.URL)).want(t, "where it leads", 200, "This certificate is valid.", one.Name)
}

// The longest names still fit on one page, over the code.
func TestLongNamesOnThePaper(t *testing.T) {
	pdftotext := program(t, "pdftotext")
	d := newDesk(t, home)
	v := d.people["officer"]
	name := strings.TrimSpace(strings.Repeat("Абдыкадырова-Токтомаматова ", 7))
	one, err := d.certs.Issue(with(v), certificate.Award{
		Officer: v.Officer.ID, Name: name, Unit: strings.TrimSpace(strings.Repeat("Кыргыз Республикасынын Бажы кызматы ", 5)), UnitID: v.Unit.ID, Course: "long", Version: "1",
		Title: map[string]string{"en": strings.TrimSpace(strings.Repeat("Supply chain security and trade facilitation ", 4))}, Minutes: 100, At: d.now(),
	})
	d.ok(err)
	cmd := exec.Command(pdftotext, "-bbox", "-", "-")
	cmd.Stdin = strings.NewReader(d.paper(one, "en"))
	boxes, err := cmd.Output()
	d.ok(err)
	last := 0.0
	for line := range strings.Lines(string(boxes)) {
		var x1, y1, x2, y2 float64
		if n, _ := fmt.Sscanf(strings.TrimSpace(line), `<word xMin="%f" yMin="%f" xMax="%f" yMax="%f">`, &x1, &y1, &x2, &y2); n != 4 {
			continue
		}
		if x1 < 28 || x2 > 814 {
			t.Errorf("outside of the frame: %s", strings.TrimSpace(line))
		}
		if strings.Contains(line, ">2026<") {
			last = y2
		}
	}
	if last == 0 || last > 150*72/25.4 {
		t.Errorf("the date ends at %.0f points, in the square code", last)
	}
}
