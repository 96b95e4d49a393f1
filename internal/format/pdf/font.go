package pdf

import (
	"embed"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"

	"tidewaiter/internal/fault"
)

// fonts holds Inter in two weights (SIL Open Font License 1.1), as the pages have it. The
// bundler (internal/web/bundle) copies them from npm; a checkout that was not built has none.
//
//go:embed all:font
var fonts embed.FS

const family = "inter"

// face is a font in its two weights, and the letters that it has of the basic plane.
type face struct {
	regular, bold []byte
	letters       [1 << 16]bool
}

var openFace = sync.OnceValues(func() (*face, error) {
	f := &face{}
	var err error
	if f.regular, err = fonts.ReadFile("font/regular.ttf"); err == nil {
		f.bold, err = fonts.ReadFile("font/bold.ttf")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Failure, err, "the fonts of papers are not built into the program: run make assets")
	}
	return f, f.learn()
})

// learn looks which letters the font has.
func (f *face) learn() error {
	outlines, err := sfnt.Parse(f.regular)
	if err != nil {
		return err
	}
	var b sfnt.Buffer
	for r := range f.letters {
		i, err := outlines.GlyphIndex(&b, rune(r))
		f.letters[r] = err == nil && i != 0
	}
	return nil
}

// Built reports whether papers can be written: the fonts are built into the program.
func Built() bool {
	_, err := openFace()
	return err == nil
}

// register adds the font to a paper, which takes of it the letters that it uses.
func (f *face) register(p *fpdf.Fpdf) {
	p.AddUTF8FontFromBytes(family, "", f.regular)
	p.AddUTF8FontFromBytes(family, "B", f.bold)
}

// missing stands for a letter that the font does not have, such as a Chinese one: a gap
// would be read as if nothing had stood there.
const missing = '□'

// shown is a text as the font can show it.
func (f *face) shown(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (int(r) >= len(f.letters) || !f.letters[r]) {
			return missing
		}
		return r
	}, clean(text))
}

// clean leaves out what is no letter: characters that control a terminal or the direction
// of writing. Tabs become spaces.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), ""))
}

// style is how a line of text looks.
type style struct {
	bold  bool
	size  float64 // points
	line  float64 // millimetres from one line to the next
	grey  int     // of 255; 0 is black
	right bool    // aligned to the right
}

// Styles of the parts of a paper.
var (
	titleStyle   = style{bold: true, size: 17, line: 7.6}
	textStyle    = style{size: 9.5, line: 4.7}
	noteStyle    = style{size: 8, line: 3.9, grey: 90}
	runningStyle = style{size: 7.5, line: 3.6, grey: 90}
	nameStyle    = style{size: 9, line: 4.5, grey: 80}
	valueStyle   = style{size: 9, line: 4.5}
	headStyle    = style{bold: true, size: 8, line: 3.9}
	cellStyle    = style{size: 8, line: 3.9}

	headingStyles = []style{{bold: true, size: 13, line: 6}, {bold: true, size: 10.5, line: 5}, {bold: true, size: 9.5, line: 4.7}}
)

// use selects the style for measuring and writing on the page in work.
func (d *Doc) use(s style) {
	if s.right = false; d.used == s {
		return
	}
	d.used = s
	weight := ""
	if s.bold {
		weight = "B"
	}
	d.pdf.SetFont(family, weight, s.size)
	d.pdf.SetTextColor(s.grey, s.grey, s.grey)
}

// width returns how wide a text is, in millimetres. It must be as the font can show it.
func (d *Doc) width(s style, text string) float64 {
	d.use(s)
	return d.pdf.GetStringWidth(text)
}

// put writes a text, as the font can show it, at a place of the page in work; y is its
// baseline.
func (d *Doc) put(s style, x, y float64, text string) {
	d.use(s)
	d.pdf.Text(x, y, text)
}

// fitted returns the text cut to a width, with an ellipsis where it was cut.
func (d *Doc) fitted(s style, text string, width float64) string {
	text = strings.ReplaceAll(d.face.shown(text), "\n", " ")
	if d.width(s, text) <= width {
		return text
	}
	letters := []rune(text)
	for len(letters) > 0 && d.width(s, string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimSpace(string(letters)) + "…"
}
