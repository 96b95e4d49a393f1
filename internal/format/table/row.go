package table

import (
	"fmt"
	"io"
)

// Bounds of what one file may ask of us.
const (
	MaxLine    = 1 << 20  // bytes of one row of a CSV file, quoted line ends included
	MaxField   = 64 << 10 // bytes of one cell
	MaxColumns = 1000
	headRows   = 40 // rows that are looked at to find the heading and the delimiter
)

// Cell is one cell as text, and where it stands.
type Cell struct {
	Text   string
	Offset int64  // in the raw file; -1 in a workbook
	Length int    // in bytes, quotes not counted
	Ref    string // in a workbook: C17
}

// Row is one row of a table.
type Row struct {
	Sheet  string // in a workbook
	Line   int    // of the file or the sheet, from 1
	Offset int64  // in the raw file; -1 in a workbook
	Length int
	Cells  []Cell
	Fault  string // why the row could be read in part only; else empty
}

// Texts returns the cells' texts.
func (r Row) Texts() []string {
	out := make([]string, len(r.Cells))
	for i, c := range r.Cells {
		out[i] = c.Text
	}
	return out
}

func (r Row) blank() bool {
	for _, c := range r.Cells {
		if c.Text != "" {
			return false
		}
	}
	return r.Fault == ""
}

// Letter returns the letters of the column i, counted from 0: A, B, …, Z, AA.
func Letter(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// rows is what a file format gives: rows until io.EOF.
type rows interface {
	next() (Row, error)
	close() error
}

// Reader reads the rows below the heading. It is not safe for concurrent use.
type Reader struct {
	Format   string   // csv or xlsx
	Encoding string   // of a CSV file
	Comma    rune     // of a CSV file
	Heading  Row      // the row that names the columns
	Preamble []Row    // the rows above it
	Warnings []string // what was taken for granted or left out, for a person

	rows  rows
	ahead []Row // read while looking for the heading
	err   error
}

// Next returns the next row that is not blank, io.EOF behind the last, fault.Invalid
// with its place for a file that cannot be read on, or the error of the file.
func (r *Reader) Next() (Row, error) {
	for {
		row, err := r.pull()
		if err != nil || !row.blank() {
			return row, err
		}
	}
}

func (r *Reader) pull() (Row, error) {
	if len(r.ahead) > 0 {
		row := r.ahead[0]
		r.ahead = r.ahead[1:]
		return row, nil
	}
	if r.err != nil {
		return Row{}, r.err
	}
	row, err := r.rows.next()
	r.err = err
	return row, err
}

// Sample returns the texts of up to n rows below the heading, for Propose. They will
// come from Next all the same.
func (r *Reader) Sample(n int) [][]string {
	for len(r.ahead) < n && r.err == nil {
		row, err := r.rows.next()
		if r.err = err; err == nil {
			r.ahead = append(r.ahead, row)
		}
	}
	var out [][]string
	for _, row := range r.ahead {
		if len(out) < n && !row.blank() {
			out = append(out, row.Texts())
		}
	}
	return out
}

// Close frees what a workbook holds. The file below stays open.
func (r *Reader) Close() error { return r.rows.close() }

// lookAhead reads the first rows and finds the heading among them.
func (r *Reader) lookAhead() error {
	for len(r.ahead) < headRows && r.err == nil {
		row, err := r.rows.next()
		if r.err = err; err == nil {
			r.ahead = append(r.ahead, row)
		}
	}
	if len(r.ahead) == 0 && r.err != io.EOF {
		return r.err
	}
	at := headingRow(r.ahead)
	if at < 0 {
		return noRows()
	}
	r.Preamble, r.Heading, r.ahead = r.ahead[:at], r.ahead[at], r.ahead[at+1:]
	if n := written(r.Preamble); n > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("the heading is taken to be row %d; %d rows above it are left out", r.Heading.Line, n))
	}
	if len(r.ahead) > 0 && numbered(r.ahead[0]) {
		r.Warnings = append(r.Warnings, fmt.Sprintf("row %d numbers the columns and is left out", r.ahead[0].Line))
		r.ahead = r.ahead[1:]
	}
	return nil
}

func written(rows []Row) int {
	n := 0
	for _, row := range rows {
		if !row.blank() {
			n++
		}
	}
	return n
}
