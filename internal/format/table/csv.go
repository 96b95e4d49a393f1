package table

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/charset"
)

// csvRows splits a CSV file into rows. RFC 4180, and what senders make of it: any of
// four delimiters, quotes within fields, ragged rows. It works on the raw bytes, so that
// each cell knows where it stands; encoding/csv neither tells that nor bounds a line.
type csvRows struct {
	w     *charset.Window
	enc   charset.Encoding
	comma uint16
	at    int64 // raw offset of the next row
	line  int
}

// OpenCSV returns the rows of a CSV file.
func OpenCSV(r io.Reader) (*Reader, error) {
	w := charset.NewWindow(r, MaxLine)
	head, err := w.Head(charset.HeadSize)
	if err != nil {
		return nil, err
	}
	enc, reason := charset.Sniff(head)
	c := &csvRows{w: w, enc: enc, at: int64(enc.BOM), line: 1}
	out := &Reader{Format: "csv", Encoding: enc.Name, rows: c}
	if reason != "" {
		out.Warnings = append(out.Warnings, "the file is "+strings.TrimPrefix(reason, "not UTF-8: "))
	}
	if err := notText(head, enc); err != nil {
		return nil, err
	}
	text, _ := enc.Decode(head[min(enc.BOM, len(head)):])
	text = c.separatorLine(text)
	out.Comma = sniffComma(text)
	c.comma = uint16(out.Comma)
	return out, out.lookAhead()
}

// notText refuses a file with zero bytes that are not those of UTF-16.
func notText(head []byte, enc charset.Encoding) error {
	for i, b := range head {
		if b == 0 && enc.Width == 1 {
			return fault.New(fault.Invalid, "the file is not text: zero byte at offset %d", i).
				WithHint("CSV, XLSX, CUSCAR and AWMDS files can be read")
		}
	}
	return nil
}

// separatorLine skips the line sep=; that Excel writes.
func (c *csvRows) separatorLine(text string) string {
	if len(text) < 6 || !strings.EqualFold(text[:4], "sep=") {
		return text
	}
	end := strings.IndexByte(text, '\n')
	if end < 0 || end > 7 {
		return text
	}
	c.at += int64((end + 1) * c.enc.Width)
	c.line++
	return text[end+1:]
}

// sniffComma takes the delimiter that stands equally often in most lines.
func sniffComma(text string) rune {
	best, top := ',', 0
	for _, comma := range []rune{';', '\t', '|', ','} {
		counts := map[int]int{}
		n, quoted, lines := 0, false, 0
		for _, r := range text {
			switch {
			case r == '"':
				quoted = !quoted
			case quoted:
			case r == comma:
				n++
			case r == '\n':
				counts[n]++
				n = 0
				lines++
			}
			if lines >= headRows {
				break
			}
		}
		counts[n]++
		for per, times := range counts {
			if score := times * min(per, 20); per > 0 && score > top {
				best, top = comma, score
			}
		}
	}
	return best
}

func (c *csvRows) close() error { return nil }

func (c *csvRows) next() (Row, error) {
	c.w.Pin(c.at)
	row := Row{Line: c.line, Offset: c.at}
	s := scan{c: c, row: &row}
	err := s.row1(true)
	if err == charset.ErrTooLong || err == nil && (s.open || s.stray) {
		if s.quoted { // the quote may be a stray one: take the line alone
			row = Row{Line: c.line, Offset: c.at, Fault: "a quote is not closed: the row is taken as it stands"}
			s = scan{c: c, row: &row}
			err = s.row1(false)
		}
	}
	switch {
	case err == charset.ErrTooLong:
		return Row{}, fault.New(fault.Invalid, "line %d, byte %d: a row is longer than 1 MiB", c.line, c.at).
			WithHint("the file may not be a table, or a quote is not closed")
	case err != nil:
		return Row{}, err
	}
	c.at += int64(row.Length)
	c.line += s.lines
	return row, nil
}

// scan is the reading of one row.
type scan struct {
	c      *csvRows
	row    *Row
	pos    int  // bytes of the row read
	lines  int  // line ends in it
	quoted bool // a quoted field was met
	open   bool // the file ended within a quoted field
	stray  bool // text stands behind a closing quote in another line than the opening one
}

// unit returns the code unit at pos and whether there is one.
func (s *scan) unit(pos int) (uint16, bool, error) {
	width := s.c.enc.Width
	raw := s.c.w.From(s.row.Offset)
	for len(raw) < pos+width {
		if err := s.c.w.Fill(); err == io.EOF {
			return 0, false, nil
		} else if err != nil {
			return 0, false, err
		}
		raw = s.c.w.From(s.row.Offset)
	}
	if width == 1 {
		return uint16(raw[pos]), true, nil
	}
	return s.c.enc.Unit(raw[pos:]), true, nil
}

func (s *scan) row1(quotes bool) error {
	width := s.c.enc.Width
	if _, ok, err := s.unit(0); err != nil {
		return err
	} else if !ok {
		return io.EOF
	}
	for {
		more, err := s.cell(quotes, width)
		if err != nil || !more {
			s.row.Length = s.pos
			return err
		}
	}
}

// cell reads one cell and the delimiter or line end behind it.
func (s *scan) cell(quotes bool, width int) (more bool, err error) {
	start := s.pos
	u, ok, err := s.unit(s.pos)
	if err != nil {
		return false, err
	}
	if quotes && ok && u == '"' {
		if err := s.quotedCell(width); err != nil {
			return false, err
		}
	}
	for {
		u, ok, err = s.unit(s.pos)
		switch {
		case err != nil:
			return false, err
		case !ok:
			s.add(start, s.pos)
			s.pos = len(s.c.w.From(s.row.Offset)) // an odd byte of UTF-16 goes along
			return false, nil
		case u == s.c.comma:
			s.add(start, s.pos)
			s.pos += width
			return true, nil
		case u == '\n' || u == '\r':
			s.add(start, s.pos)
			return false, s.lineEnd(u, width)
		}
		s.pos += width
	}
}

func (s *scan) lineEnd(u uint16, width int) error {
	s.lines++
	s.pos += width
	if u == '\r' {
		next, ok, err := s.unit(s.pos)
		if err != nil {
			return err
		}
		if ok && next == '\n' {
			s.pos += width
		}
	}
	return nil
}

// quotedCell moves behind the closing quote.
func (s *scan) quotedCell(width int) error {
	s.quoted = true
	before := s.lines
	s.pos += width
	for {
		u, ok, err := s.unit(s.pos)
		if err != nil {
			return err
		}
		if !ok {
			s.open = true
			return nil
		}
		s.pos += width
		if u == '\n' {
			s.lines++
		}
		if u != '"' {
			continue
		}
		if u, ok, err = s.unit(s.pos); err != nil {
			return err
		}
		if !ok || u != '"' {
			s.stray = s.stray || ok && s.lines > before && u != s.c.comma && u != '\r' && u != '\n' && u != ' '
			return nil
		}
		s.pos += width
	}
}

// add takes the bytes from start to end as a cell: without quotes and white space around.
func (s *scan) add(start, end int) {
	if len(s.row.Cells) >= MaxColumns {
		s.row.Fault = fmt.Sprintf("has more than %d columns: the others are left out", MaxColumns)
		return
	}
	width := s.c.enc.Width
	raw := s.c.w.From(s.row.Offset)[start:end]
	start, raw = trim(raw, start, width, s.c.enc)
	quoted := len(raw) >= 2*width && s.c.enc.Unit(raw) == '"' && s.c.enc.Unit(raw[len(raw)-width:]) == '"'
	if quoted {
		start, raw = trim(raw[width:len(raw)-width], start+width, width, s.c.enc)
	}
	if len(raw) > MaxField {
		s.row.Fault = fmt.Sprintf("column %s is longer than 64 KiB: cut", Letter(len(s.row.Cells)))
		raw = raw[:MaxField]
	}
	text, ok := s.c.enc.Decode(raw)
	if quoted {
		text = strings.ReplaceAll(text, `""`, `"`)
	}
	if !ok && s.row.Fault == "" {
		s.row.Fault = fmt.Sprintf("column %s holds bytes that are no character in %s", Letter(len(s.row.Cells)), s.c.enc.Name)
	}
	s.row.Cells = append(s.row.Cells, Cell{Text: strings.Trim(text, " \u00a0\ufeff"), Offset: s.row.Offset + int64(start), Length: len(raw)})
}

func trim(raw []byte, start, width int, enc charset.Encoding) (int, []byte) {
	blank := func(p []byte) bool { u := enc.Unit(p); return u == ' ' || u == '\t' || u == '\n' || u == '\r' }
	for len(raw) >= width && blank(raw) {
		raw, start = raw[width:], start+width
	}
	for len(raw) >= width && blank(raw[len(raw)-width:]) {
		raw = raw[:len(raw)-width]
	}
	return start, raw
}

// WriteCSV writes a heading and rows as UTF-8, quoted where they must be. RFC 4180 with
// the given delimiter.
func WriteCSV(w io.Writer, comma rune, heading []string, rows func(yield func([]string) bool)) error {
	out := bufio.NewWriter(w)
	writeRow(out, comma, heading)
	for row := range rows {
		writeRow(out, comma, row)
	}
	return out.Flush()
}

// writeRow leaves errors to Flush.
func writeRow(out *bufio.Writer, comma rune, cells []string) {
	for i, c := range cells {
		if i > 0 {
			out.WriteRune(comma)
		}
		if strings.ContainsRune(c, comma) || strings.ContainsAny(c, "\"\r\n") {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		out.WriteString(c)
	}
	out.WriteString("\r\n")
}
