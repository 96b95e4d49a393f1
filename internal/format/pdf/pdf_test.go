package pdf_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/pdf"
)

func built(t *testing.T) {
	t.Helper()
	if !pdf.Built() {
		t.Skip("the fonts are not built: run make assets")
	}
}

var options = pdf.Options{
	Title: "Дело 2026-000017", Author: "Айзада Токтогулова", Lang: "ky", RunningHead: "Дело 2026-000017 · Ош",
	Made: time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC),
}

// write returns a paper's bytes. With PAPERS=DIR they are also saved, to look at.
func write(t testing.TB, d *pdf.Doc) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PAPERS"); dir != "" {
		if err := os.WriteFile(dir+"/"+strings.ReplaceAll(t.Name(), "/", "_")+".pdf", b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

var (
	pageObject = regexp.MustCompile(`(?s)<</Type /Page\n.*?/Contents (\d+) 0 R`)
	shown      = regexp.MustCompile(`(?s)\(((?:[^\\()]|\\.)*)\) ?Tj`)
	escaped    = regexp.MustCompile(`(?s)\\(.)`)
)

// pages returns the text of each page: the strings that its content shows, in UTF-16.
func pages(t testing.TB, raw []byte) []string {
	t.Helper()
	var out []string
	for _, page := range pageObject.FindAllSubmatch(raw, -1) {
		_, object, ok := bytes.Cut(raw, fmt.Appendf(nil, "\n%s 0 obj\n", page[1]))
		_, stream, ok2 := bytes.Cut(object, []byte("stream\n"))
		if !ok || !ok2 {
			t.Fatalf("page %d has no content", len(out)+1)
		}
		z, err := zlib.NewReader(bytes.NewReader(stream))
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, shownText(content))
	}
	return out
}

func shownText(content []byte) string {
	var text strings.Builder
	for _, m := range shown.FindAllSubmatch(content, -1) {
		raw := escaped.ReplaceAllFunc(m[1], func(e []byte) []byte {
			if e[1] == 'r' {
				return []byte{'\r'}
			}
			return e[1:]
		})
		var units []uint16
		for i := 0; i+1 < len(raw); i += 2 {
			units = append(units, binary.BigEndian.Uint16(raw[i:]))
		}
		text.WriteString(string(utf16.Decode(units)) + "\n")
	}
	return text.String()
}

const kyrgyz = "Көзөмөлдөө тобу: ң ө ү Ң Ө Ү — контейнерди ачып, мөөрдү текшерди."

func TestTextIsThere(t *testing.T) {
	built(t)
	d := pdf.New(options)
	d.Heading(1, "Осмотр контейнера")
	d.Text(kyrgyz)
	d.Text("First paragraph: façade, “quotes”, 25 °C, №, €, ≤.\nIts second line.\n\nSecond paragraph.")
	d.Pairs([]pdf.Pair{{"Контейнер", "MSCU 123456-5"}, {"Seal", ""}})
	d.Table(pdf.Table{Columns: []pdf.Column{{Title: "Товар"}, {Title: "Масса, кг", Numeric: true}}, Rows: [][]string{{"Сигареты", "1 240,5"}, {"чай"}}})
	d.Table(pdf.Table{Columns: []pdf.Column{{Title: "Unused"}}, Empty: "Ничего не найдено."})
	d.Note("Source: manifest.")
	all := pages(t, write(t, d))
	if len(all) != 1 {
		t.Fatalf("%d pages, want 1", len(all))
	}
	for _, want := range []string{
		"Дело 2026-000017", "Осмотр контейнера", kyrgyz, "façade, “quotes”, 25 °C, №, €, ≤.", "Its second line.", "Second paragraph.",
		"Контейнер", "MSCU 123456-5", "Seal", "–", "Товар", "Масса, кг", "Сигареты", "1 240,5", "чай", "Ничего не найдено.", "Source: manifest.", "1 / 1",
	} {
		if !strings.Contains(all[0], want) {
			t.Errorf("the page lacks %q:\n%s", want, all[0])
		}
	}
	if strings.Contains(all[0], "Unused") {
		t.Error("a table without rows has a heading row")
	}
}

// Another reader finds the same words, with the font that is in the file.
func TestOtherReaders(t *testing.T) {
	built(t)
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("no pdftotext here; make setup installs it")
	}
	d := pdf.New(options)
	d.Text(kyrgyz)
	cmd := exec.Command(program, "-", "-")
	cmd.Stdin = bytes.NewReader(write(t, d))
	text, err := cmd.Output()
	if err != nil || !strings.Contains(string(text), kyrgyz) || !strings.Contains(string(text), options.Title) {
		t.Errorf("pdftotext: %v\n%s", err, text)
	}
}

// A letter that the font lacks is seen to be missing, and what turns the writing round or
// controls a terminal is gone.
func TestOddLetters(t *testing.T) {
	built(t)
	d := pdf.New(options)
	d.Text("货物 \U0001F6A2 \x1b[31m a\u202Eb\x00c \xff tab\there")
	text := pages(t, write(t, d))[0]
	if !strings.Contains(text, "□□ □ [31m abc  tab here") {
		t.Errorf("the page has %q", text)
	}
}

func TestSameBytes(t *testing.T) {
	built(t)
	make := func(o pdf.Options) []byte {
		d := pdf.New(o)
		d.Heading(1, "Осмотр")
		d.Text(strings.Repeat(kyrgyz+" ", 100))
		d.Images([]pdf.Picture{{photo(t, 300, 200), "one"}, {photo(t, 200, 300), "two"}, {photo(t, 300, 200), "one again"}})
		d.Table(pdf.Table{Columns: []pdf.Column{{Title: "A"}, {Title: "B"}}, Rows: [][]string{{"a", "b"}}})
		return write(t, d)
	}
	first := make(options)
	for range 3 {
		if !bytes.Equal(first, make(options)) {
			t.Fatal("the same paper has other bytes")
		}
	}
	later := options
	later.Made = later.Made.Add(time.Hour)
	if bytes.Equal(first, make(later)) {
		t.Error("the date is not in the file")
	}
}

// A long table goes on over the pages under its heading row; no row is lost, and none is
// cut that would fit on a page.
func TestLongTable(t *testing.T) {
	built(t)
	d := pdf.New(options)
	d.Heading(1, "Хронология")
	table := pdf.Table{Columns: []pdf.Column{{Title: "Когда"}, {Title: "Кто"}, {Title: "Что"}, {Title: "Хеш"}}}
	dice := rand.New(rand.NewPCG(1, 2))
	for i := range 150 {
		table.Rows = append(table.Rows, []string{
			fmt.Sprintf("row%03d begins", i), "Айзада", strings.Repeat("слово ", dice.IntN(40)) + fmt.Sprintf("end%03d", i), strings.Repeat("0123456789abcdef", 4),
		})
	}
	d.Table(table)
	all := pages(t, write(t, d))
	if len(all) < 4 {
		t.Fatalf("%d pages", len(all))
	}
	for n, text := range all {
		if strings.Count(text, "Когда") != 1 {
			t.Errorf("page %d has %d heading rows", n+1, strings.Count(text, "Когда"))
		}
		if !strings.Contains(text, fmt.Sprintf("%d / %d", n+1, len(all))) || n > 0 != strings.Contains(text, "Дело 2026-000017 · Ош") {
			t.Errorf("page %d lacks its number or running head, or has one too many", n+1)
		}
	}
	for i := range 150 {
		n := 0
		for _, text := range all {
			begins, ends := strings.Contains(text, fmt.Sprintf("row%03d", i)), strings.Contains(text, fmt.Sprintf("end%03d", i))
			if begins != ends {
				t.Errorf("row %d is cut", i)
			}
			if begins {
				n++
			}
		}
		if n != 1 {
			t.Errorf("row %d is there %d times", i, n)
		}
	}
}

// A row that is longer than a page goes on over the next.
func TestRowLongerThanAPage(t *testing.T) {
	built(t)
	d := pdf.New(options)
	d.Table(pdf.Table{Columns: []pdf.Column{{Title: "Number"}, {Title: "Words"}}, Rows: [][]string{{"17", strings.Repeat("several words of a very long note ", 400) + "the end"}}})
	all := pages(t, write(t, d))
	if len(all) < 2 || !strings.Contains(all[len(all)-1], "the end") || !strings.Contains(all[1], "Words") {
		t.Errorf("%d pages, the last: %.200q", len(all), all[len(all)-1])
	}
}

// A heading does not stand alone at the foot of a page.
func TestHeadingKeepsCompany(t *testing.T) {
	built(t)
	for lines := 30; lines < 60; lines++ {
		d := pdf.New(options)
		d.Text(strings.TrimSpace(strings.Repeat("line\n", lines)))
		d.Heading(1, "Заголовок")
		d.Text("Текст под ним.")
		for n, text := range pages(t, write(t, d)) {
			if strings.Contains(text, "Заголовок") != strings.Contains(text, "Текст под ним.") {
				t.Errorf("%d lines: page %d has one without the other", lines, n+1)
			}
		}
	}
}

func photo(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(i / 7)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPictures(t *testing.T) {
	built(t)
	var clear bytes.Buffer
	if err := png.Encode(&clear, image.NewPaletted(image.Rect(0, 0, 90, 60), color.Palette{color.Transparent, color.Black})); err != nil {
		t.Fatal(err)
	}
	d := pdf.New(options)
	d.Image(pdf.Picture{Raw: photo(t, 1600, 1200), Caption: "Двери контейнера"})
	d.Image(pdf.Picture{Raw: clear.Bytes(), Caption: "Схема"})
	d.Images([]pdf.Picture{{photo(t, 400, 300), "слева"}, {photo(t, 300, 900), "справа"}, {photo(t, 4000, 30), "одна"}})
	raw := write(t, d)
	text := strings.Join(pages(t, raw), "")
	for _, want := range []string{"Двери контейнера", "Схема", "слева", "справа", "одна"} {
		if !strings.Contains(text, want) {
			t.Errorf("the caption %q is missing in %q", want, text)
		}
	}
	if n := bytes.Count(raw, []byte("/Subtype /Image")); n != 5 {
		t.Errorf("%d pictures in the file, want 5", n)
	}
}

// What goes wrong on the way comes out at the end.
func TestBrokenPicture(t *testing.T) {
	built(t)
	d := pdf.New(options)
	d.Image(pdf.Picture{Raw: []byte("no picture")})
	d.Heading(1, "more")
	d.Text("more")
	d.Pairs([]pdf.Pair{{"a", "b"}})
	d.Table(pdf.Table{Columns: []pdf.Column{{Title: "x"}}, Rows: [][]string{{"y"}}})
	d.Images([]pdf.Picture{{photo(t, 4, 4), ""}})
	d.PageBreak()
	if err := d.Write(&bytes.Buffer{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("write: %v, want invalid", err)
	}
}

// Whatever stands in a table, every word of it is on some page, and the file can be read.
func TestAnyTable(t *testing.T) {
	built(t)
	letters := rapid.SampledFrom([]rune("abcdefgабвгдңөү0123456789"))
	word := rapid.StringOfN(letters, 1, 60, -1)
	cell := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 30).Draw(t, "words"), " ") })
	rapid.Check(t, func(rt *rapid.T) {
		columns := rapid.IntRange(1, 8).Draw(rt, "columns")
		table := pdf.Table{Columns: make([]pdf.Column, columns)}
		for i := range table.Columns {
			table.Columns[i] = pdf.Column{Title: word.Draw(rt, "title"), Numeric: i%3 == 2}
		}
		table.Rows = rapid.SliceOfN(rapid.SliceOfN(cell, columns, columns), 1, 12).Draw(rt, "rows")
		d := pdf.New(options)
		d.Table(table)
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			rt.Fatal(err)
		}
		count := map[rune]int{}
		for _, r := range strings.Join(pages(t, b.Bytes()), "") {
			count[r]++
		}
		for _, row := range table.Rows {
			for _, text := range row {
				for _, r := range text {
					count[r]--
				}
			}
		}
		for _, r := range "abcdefgбгңөү" { // which neither the title nor the running head has all of
			if count[r] < 0 {
				rt.Fatalf("%d letters %q are lost", -count[r], r)
			}
		}
	})
}
