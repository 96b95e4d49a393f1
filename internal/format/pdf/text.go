package pdf

import "strings"

// Heading is a heading of level 1 to 3. It stands in the outline of the file, and never
// alone at the foot of a page.
func (d *Doc) Heading(level int, text string) {
	if d.err != nil {
		return
	}
	level = min(max(level, 1), len(headingStyles))
	s := headingStyles[level-1]
	d.space([]float64{7, 5, 3.5}[level-1])
	d.room(s.line*float64(len(d.wrap(s, textWidth, text))) + 3*textStyle.line)
	d.pdf.Bookmark(d.face.shown(strings.ReplaceAll(text, "\n", " ")), level-1, -1)
	d.lines(s, textWidth, text)
	d.space(1.2)
}

// Text is a paragraph, or several with empty lines between them. Lines of the text stay
// lines.
func (d *Doc) Text(text string) { d.paragraphs(textStyle, text) }

// Note is Text in small grey letters, such as a source.
func (d *Doc) Note(text string) { d.paragraphs(noteStyle, text) }

func (d *Doc) paragraphs(s style, text string) {
	if d.err != nil {
		return
	}
	for paragraph := range strings.SplitSeq(d.face.shown(text), "\n\n") {
		if paragraph = strings.Trim(paragraph, "\n"); paragraph != "" {
			d.lines(s, textWidth, paragraph)
			d.space(1.8)
		}
	}
}

// lines writes a text from the left margin, over as many pages as it takes.
func (d *Doc) lines(s style, width float64, text string) {
	for _, line := range d.wrap(s, width, text) {
		d.room(s.line)
		y := d.pdf.GetY()
		d.put(s, marginLeft, y+baseline(s), line)
		d.pdf.SetY(y + s.line)
	}
}

// baseline is how far the foot of the letters is below the top of their line.
func baseline(s style) float64 {
	const point = 25.4 / 72
	return (s.line+s.size*point*0.72)/2 + 0.1 // letters of Inter are 0.727 high
}

// Pair is a name and its value.
type Pair struct {
	Name  string
	Value string
}

// Pairs lists names and values side by side. A value that is empty is shown as a dash:
// that it is not known is a fact, too.
func (d *Doc) Pairs(pairs []Pair) {
	if d.err != nil {
		return
	}
	const gap = 4.0
	var wide float64
	for _, p := range pairs {
		wide = max(wide, d.width(nameStyle, d.face.shown(p.Name)))
	}
	wide = min(wide, textWidth*0.4)
	for _, p := range pairs {
		if strings.TrimSpace(p.Value) == "" {
			p.Value = "–"
		}
		d.row([]cell{
			{lines: d.wrap(nameStyle, wide, p.Name), style: nameStyle, x: marginLeft, width: wide},
			{lines: d.wrap(valueStyle, textWidth-wide-gap, p.Value), style: valueStyle, x: marginLeft + wide + gap, width: textWidth - wide - gap},
		}, nil)
		d.space(0.9)
	}
	d.space(1.2)
}

// wrap cuts a text into lines of a width: at its own line ends, else between words, and a
// word that is longer than a line, such as a hash, within it.
func (d *Doc) wrap(s style, width float64, text string) []string {
	var out []string
	for line := range strings.SplitSeq(d.face.shown(text), "\n") {
		out = append(out, d.wrapLine(s, width, line)...)
	}
	return out
}

func (d *Doc) wrapLine(s style, width float64, line string) []string {
	measure := func(text string) float64 { return d.width(s, text) }
	var out []string
	var current string
	for word := range strings.SplitSeq(strings.TrimRight(line, " "), " ") {
		longer := word
		if current != "" {
			longer = current + " " + word
		}
		if measure(longer) <= width {
			current = longer
			continue
		}
		if current != "" {
			out = append(out, current)
		}
		for measure(word) > width {
			n := fitting(word, width, measure)
			out, word = append(out, word[:n]), word[n:]
		}
		current = word
	}
	return append(out, current)
}

// fitting returns how many bytes of a word fit into a width; at least one letter.
func fitting(word string, width float64, measure func(string) float64) int {
	n := 0
	for i, r := range word {
		end := i + len(string(r))
		if i > 0 && measure(word[:end]) > width {
			break
		}
		n = end
	}
	return n
}
