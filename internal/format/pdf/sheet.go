package pdf

import "io"

// Sheet is one page on which everything has its place, such as a certificate: A4, lying.
// Places are millimetres from the upper left corner. What goes wrong comes out of Write.
type Sheet struct{ d Doc }

// Size of a Sheet in millimetres.
const (
	SheetWidth  = pageHeight
	SheetHeight = pageWidth
)

// Colour is a colour in red, green and blue, 0 to 255.
type Colour struct{ R, G, B int }

// Letters says how a text on a Sheet looks.
type Letters struct {
	Size   float64 // points
	Bold   bool
	Colour Colour
}

// Area is where a text stands: it begins at X or, centred, has X in its middle; Y is the
// top of its first line. Longer texts are broken at Width.
type Area struct {
	X, Y, Width float64
	Centred     bool
}

// NewSheet begins a sheet; Title is for the file's properties only.
func NewSheet(o Options) *Sheet {
	s := &Sheet{}
	if s.d.face, s.d.err = openFace(); s.d.err != nil {
		return s
	}
	s.d.pdf = open("L", o)
	s.d.face.register(s.d.pdf)
	s.d.pdf.AddPage()
	return s
}

// Text writes a text and returns where the line below it begins.
func (s *Sheet) Text(at Area, l Letters, text string) float64 {
	if s.d.err != nil {
		return at.Y
	}
	look := l.style()
	for _, line := range s.d.wrap(look, at.Width, text) {
		x := at.X
		if at.Centred {
			x -= s.d.width(look, line) / 2
		}
		s.d.use(look)
		s.d.pdf.SetTextColor(l.Colour.R, l.Colour.G, l.Colour.B)
		s.d.used = style{} // whose colour is another
		s.d.pdf.Text(x, at.Y+baseline(look), line)
		at.Y += look.line
	}
	return at.Y
}

// Fitted is Text on one line: in smaller letters, down to the least size in points, where
// it is too long, and over several lines where that is not enough.
func (s *Sheet) Fitted(at Area, l Letters, least float64, text string) float64 {
	for s.d.err == nil && l.Size > least && len(s.d.wrap(l.style(), at.Width, text)) > 1 {
		l.Size--
	}
	return s.Text(at, l, text)
}

func (l Letters) style() style {
	const point = 25.4 / 72
	return style{bold: l.Bold, size: l.Size, line: l.Size * point * 1.3}
}

// Frame draws a line of a thickness around the sheet, so far inside of its edge.
func (s *Sheet) Frame(inset, thick float64, c Colour) {
	if s.d.err == nil {
		s.d.pdf.SetDrawColor(c.R, c.G, c.B)
		s.d.pdf.SetLineWidth(thick)
		s.d.pdf.Rect(inset, inset, SheetWidth-2*inset, SheetHeight-2*inset, "D")
	}
}

// Rule draws a line across, of a thickness.
func (s *Sheet) Rule(x, y, width, thick float64, c Colour) {
	if s.d.err == nil {
		s.d.pdf.SetDrawColor(c.R, c.G, c.B)
		s.d.pdf.SetLineWidth(thick)
		s.d.pdf.Line(x, y, x+width, y)
	}
}

// Modules draws a square code, such as a QR code, of so many modules a side: black where
// dark says so. It is drawn as areas, sharp at any size.
func (s *Sheet) Modules(x, y, side float64, n int, dark func(column, row int) bool) {
	if s.d.err != nil || n <= 0 {
		return
	}
	s.d.pdf.SetFillColor(0, 0, 0)
	step := side / float64(n)
	for row := range n {
		for from := 0; from < n; from++ {
			to := from
			for to < n && dark(to, row) {
				to++
			}
			if to > from { // areas touch and overlap a little, or readers show hairlines between
				s.d.pdf.Rect(x+float64(from)*step, y+float64(row)*step, float64(to-from)*step, step*1.01, "F")
			}
			from = to
		}
	}
}

// Write writes the sheet, which is finished by it.
func (s *Sheet) Write(w io.Writer) error {
	if s.d.err == nil {
		s.d.err = s.d.pdf.Output(w)
	}
	return s.d.err
}
