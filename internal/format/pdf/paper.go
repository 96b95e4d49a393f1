package pdf

import (
	"io"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Options say what a paper is.
type Options struct {
	Title       string
	Author      string
	Lang        string    // BCP 47, of the text
	RunningHead string    // over every page but the first; empty: the title
	Made        time.Time // in the file's properties; zero: 1 January 1970, the same every time
}

// Doc is a paper that is being written.
type Doc struct {
	pdf  *fpdf.Fpdf
	face *face
	head string
	used style // that the page in work has
	err  error
}

// Sizes of the page in millimetres: A4 with room to punch holes.
const (
	pageWidth    = 210.0
	pageHeight   = 297.0
	marginLeft   = 22.0
	marginRight  = 16.0
	marginTop    = 22.0
	marginBottom = 20.0
	textWidth    = pageWidth - marginLeft - marginRight
	textBottom   = pageHeight - marginBottom
)

// New begins a paper, with its title at the top of the first page.
func New(o Options) *Doc {
	d := &Doc{head: o.RunningHead}
	if d.head == "" {
		d.head = o.Title
	}
	if d.face, d.err = openFace(); d.err != nil {
		return d
	}
	d.pdf = open("P", o)
	d.face.register(d.pdf)
	d.pdf.AddPage()
	if o.Title != "" {
		d.lines(titleStyle, textWidth, o.Title)
		d.space(3)
	}
	return d
}

// epoch is when a paper was made of which nobody says when.
var epoch = time.Unix(0, 0).UTC()

// open begins a file with its properties; orientation is P or L.
func open(orientation string, o Options) *fpdf.Fpdf {
	p := fpdf.New(orientation, "mm", "A4", "")
	p.SetCatalogSort(true) // the same order every time
	made := o.Made.UTC()
	if o.Made.IsZero() {
		made = epoch
	}
	p.SetCreationDate(made)
	p.SetModificationDate(made)
	p.SetTitle(clean(o.Title), true)
	p.SetAuthor(clean(o.Author), true)
	p.SetProducer("Tidewaiter", true)
	p.SetLang(o.Lang)
	p.SetMargins(marginLeft, marginTop, marginRight)
	p.SetAutoPageBreak(false, marginBottom) // rows and headings know better where to break
	p.SetCellMargin(0)
	return p
}

// PageBreak goes on at the top of a new page.
func (d *Doc) PageBreak() {
	if d.err == nil {
		d.pdf.AddPage()
		d.pdf.SetXY(marginLeft, marginTop)
	}
}

// Write adds the running heads and page numbers and writes the paper. The Doc is finished
// by it. An error of what was called before comes out here.
func (d *Doc) Write(w io.Writer) error {
	if d.err != nil {
		return d.err
	}
	pages := d.pdf.PageCount()
	for n := 1; n <= pages; n++ {
		d.pdf.SetPage(n)
		d.used = style{} // each page has its own
		number := strconv.Itoa(n) + " / " + strconv.Itoa(pages)
		d.put(runningStyle, pageWidth-marginRight-d.width(runningStyle, number), pageHeight-12, number)
		if n > 1 {
			d.put(runningStyle, marginLeft, 12, d.fitted(runningStyle, d.head, textWidth))
			d.rule(14)
		}
	}
	d.pdf.SetPage(pages)
	if err := d.pdf.Output(w); err != nil {
		d.err = err
	}
	return d.err
}

// room makes sure that so many millimetres are left on the page.
func (d *Doc) room(height float64) {
	if d.pdf.GetY()+height > textBottom {
		d.PageBreak()
	}
}

// space leaves room, but not at the top of a page.
func (d *Doc) space(height float64) {
	if d.err == nil && d.pdf.GetY() > marginTop {
		d.pdf.SetY(d.pdf.GetY() + height)
	}
}

// rule draws a thin line across the text at a height.
func (d *Doc) rule(y float64) {
	d.pdf.SetDrawColor(190, 190, 190)
	d.pdf.SetLineWidth(0.2)
	d.pdf.Line(marginLeft, y, pageWidth-marginRight, y)
}
