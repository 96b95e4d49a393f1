package pdf

import "strings"

// Table is rows of cells under a heading row, which every page repeats.
type Table struct {
	Columns []Column
	Rows    [][]string // as many cells as there are columns; missing ones are empty
	Empty   string     // what stands there when there are no rows
}

// Column is the heading of a column.
type Column struct {
	Title   string
	Numeric bool // aligned to the right
}

// Measures of tables in millimetres.
const (
	columnGap = 3.5
	rowGap    = 1.1
)

// Table writes a table as wide as the text. A column gets the width that its words need,
// and more where its texts are longer.
func (d *Doc) Table(t Table) {
	if d.err != nil || len(t.Columns) == 0 {
		return
	}
	if len(t.Rows) == 0 {
		d.Note(t.Empty)
		return
	}
	widths := d.columnWidths(t)
	head := d.cells(t, widths, headStyle, titles(t.Columns))
	repeat := func() { d.headRow(head) }
	d.space(1.5)
	d.room(height(head) + 3*cellStyle.line)
	repeat()
	for _, row := range t.Rows {
		d.row(d.cells(t, widths, cellStyle, row), repeat)
		d.pdf.SetY(d.pdf.GetY() + rowGap)
		d.rule(d.pdf.GetY())
		d.pdf.SetY(d.pdf.GetY() + rowGap)
	}
	d.space(2.5)
}

func titles(columns []Column) []string {
	var out []string
	for _, c := range columns {
		out = append(out, c.Title)
	}
	return out
}

func (d *Doc) headRow(head []cell) {
	d.row(head, nil)
	y := d.pdf.GetY() + rowGap
	d.pdf.SetDrawColor(60, 60, 60)
	d.pdf.SetLineWidth(0.4)
	d.pdf.Line(marginLeft, y, pageWidth-marginRight, y)
	d.pdf.SetY(y + rowGap)
}

// cell is a part of a row, already cut into lines.
type cell struct {
	lines []string
	style style
	x     float64
	width float64
}

func (d *Doc) cells(t Table, widths []float64, s style, texts []string) []cell {
	var out []cell
	x := marginLeft
	for i, c := range t.Columns {
		text := ""
		if i < len(texts) {
			text = texts[i]
		}
		s.right = c.Numeric
		out = append(out, cell{d.wrap(s, widths[i], text), s, x, widths[i]})
		x += widths[i] + columnGap
	}
	return out
}

func height(cells []cell) (most float64) {
	for _, c := range cells {
		most = max(most, float64(len(c.lines))*c.style.line)
	}
	return most
}

// row writes cells side by side. A row that fits on a page stands on one; a longer one
// goes on over the next. again is called at the top of each further page.
func (d *Doc) row(cells []cell, again func()) {
	turn := func() {
		d.PageBreak()
		if again != nil {
			again()
		}
	}
	if whole := height(cells); d.pdf.GetY()+whole > textBottom && whole < (textBottom-marginTop)/2 {
		turn()
	}
	for n := 0; ; n++ {
		line, more := 0.0, false
		for _, c := range cells {
			if n < len(c.lines) {
				line, more = max(line, c.style.line), true
			}
		}
		if !more {
			return
		}
		if d.pdf.GetY()+line > textBottom {
			turn()
		}
		y := d.pdf.GetY()
		for _, c := range cells {
			if n < len(c.lines) {
				d.cellLine(c, c.lines[n], y)
			}
		}
		d.pdf.SetY(y + line)
	}
}

func (d *Doc) cellLine(c cell, text string, y float64) {
	x := c.x
	if c.style.right {
		x += c.width - d.width(c.style, text)
	}
	d.put(c.style, x, y+baseline(c.style), text)
}

// columnWidths divides the width of the text: each column has at least its longest word,
// and what is left goes to those whose texts are longer than that (as CSS 2.1 §17.5.2.2).
func (d *Doc) columnWidths(t Table) []float64 {
	n := len(t.Columns)
	space := textWidth - columnGap*float64(n-1)
	least, wanted := make([]float64, n), make([]float64, n)
	for i, c := range t.Columns {
		least[i], wanted[i] = d.needs(headStyle, c.Title)
		for _, row := range t.Rows {
			if i < len(row) {
				l, w := d.needs(cellStyle, row[i])
				least[i], wanted[i] = max(least[i], l), max(wanted[i], w)
			}
		}
		least[i] = min(least[i], max(space/float64(n), space*0.3)) // a hash is cut within
		wanted[i] = max(wanted[i], least[i])
	}
	return divide(space, least, wanted)
}

// needs returns the width of a text's longest word, and of the whole text.
func (d *Doc) needs(s style, text string) (least, wanted float64) {
	for line := range strings.SplitSeq(d.face.shown(text), "\n") {
		wanted = max(wanted, d.width(s, line))
		for word := range strings.SplitSeq(line, " ") {
			least = max(least, d.width(s, word))
		}
	}
	return least, wanted
}

// divide gives each its least, and the rest by what each wants beyond it.
func divide(space float64, least, wanted []float64) []float64 {
	var sumLeast, sumWanted float64
	for i := range least {
		sumLeast += least[i]
		sumWanted += wanted[i]
	}
	out := make([]float64, len(least))
	for i := range least {
		switch {
		case sumLeast >= space:
			out[i] = least[i] * space / sumLeast
		case sumWanted > sumLeast:
			out[i] = least[i] + (wanted[i]-least[i])*(space-sumLeast)/(sumWanted-sumLeast)
		default:
			out[i] = least[i] + (space-sumLeast)/float64(len(least))
		}
	}
	return out
}
