package table

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"tidewaiter/internal/fault"
)

// Mapping says which column of a table is which field, and how its texts are read. It is
// proposed, confirmed by a person, and remembered for the sender and the fingerprint.
type Mapping struct {
	Fingerprint string   `json:"fingerprint"`
	Columns     []Column `json:"columns"`
}

// Column is one column's part of a mapping.
type Column struct {
	Index      int     `json:"index"` // from 0
	Heading    string  `json:"heading"`
	Target     string  `json:"target,omitempty"`      // id of a Target; empty: the column is not taken
	Path       string  `json:"path,omitempty"`        // of the consignment's field
	Unit       string  `json:"unit,omitempty"`        // kg, t, lb, g; m3, l, ft3
	DateLayout string  `json:"date_layout,omitempty"` // as of package time
	Decimal    string  `json:"decimal,omitempty"`     // "." or ","
	Separator  string  `json:"separator,omitempty"`   // of a list
	Confidence float64 `json:"confidence,omitempty"`  // 0 to 1
	Reason     string  `json:"reason,omitempty"`
}

// ParseMapping reads a mapping from JSON, and checks it.
func ParseMapping(data []byte) (Mapping, error) {
	var m Mapping
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fault.Wrap(fault.Invalid, err, "the column mapping is not valid JSON")
	}
	return m, m.Check()
}

// Check returns fault.Invalid for a mapping that cannot work.
func (m Mapping) Check() error {
	number := false
	for _, c := range m.Columns {
		_, known := targets[c.Target]
		_, unit := factors[c.Unit]
		switch {
		case c.Index < 0 || c.Index >= MaxColumns:
			return fault.New(fault.Invalid, "the mapping names column %d, which no table has", c.Index)
		case c.Target != "" && !known:
			return fault.New(fault.Invalid, "column %s: there is no field %.40q", Letter(c.Index), c.Target)
		case !unit:
			return fault.New(fault.Invalid, "column %s: there is no unit %.40q", Letter(c.Index), c.Unit)
		case c.Decimal != "" && c.Decimal != "." && c.Decimal != ",":
			return fault.New(fault.Invalid, "column %s: the decimal mark is a point or a comma, not %.40q", Letter(c.Index), c.Decimal)
		}
		number = number || c.Target == "document_number"
	}
	if !number {
		return fault.New(fault.Invalid, "no column is the number of the transport document").WithHint("choose the column that tells the consignments apart")
	}
	return nil
}

// MaxList bounds the things that one cell lists.
const MaxList = 200

// Value is one cell as the field that it becomes.
type Value struct {
	Target string
	Field  string // path of the consignment's field; Documents sets {g}, and Document.Marks {e} and {s}
	Text   string
	Number float64 // in kg or m³ for a mass or volume
	Date   time.Time
	List   []string
	Flag   bool
	Cell   Cell
	Column int
}

// Problem is what is wrong with a cell or a row, and where it stands.
type Problem struct {
	Sheet   string
	Row     int    // line of the file or the sheet
	Column  string // its letter, empty for the row as a whole
	Heading string
	Field   string
	Value   string
	Reason  string
	Offset  int64 // in a CSV file; -1 in a workbook
	Length  int
	Fatal   bool // the row is not taken
}

// String returns the problem as one line for a person.
func (p Problem) String() string {
	s := fmt.Sprintf("row %d", p.Row)
	if p.Sheet != "" {
		s = fmt.Sprintf("sheet %q, ", p.Sheet) + s
	}
	if p.Column != "" {
		s += fmt.Sprintf(", column %s (%s)", p.Column, p.Heading)
	}
	if p.Value != "" {
		s += fmt.Sprintf(", %q", p.Value)
	}
	return s + ": " + p.Reason
}

// Record is one row as typed values.
type Record struct {
	Row       Row
	Values    []Value
	Goods     int   // index of its goods item in the document, -1 for none; set by Documents
	Equipment []int // indices of its containers in the document; set by Documents
}

// Get returns the first value of the target, or nil.
func (r *Record) Get(target string) *Value {
	for i := range r.Values {
		if r.Values[i].Target == target {
			return &r.Values[i]
		}
	}
	return nil
}

// Text returns the text of the target, empty where there is none.
func (r *Record) Text(target string) string {
	if v := r.Get(target); v != nil {
		return v.Text
	}
	return ""
}

// Number returns the number of the target, 0 where there is none.
func (r *Record) Number(target string) float64 {
	if v := r.Get(target); v != nil {
		return v.Number
	}
	return 0
}

// Read turns a row into a record. A cell that cannot be read is a problem, and left out;
// the others are read.
func (m Mapping) Read(row Row) (Record, []Problem) {
	rec := Record{Row: row, Values: make([]Value, 0, len(m.Columns)), Goods: -1}
	var problems []Problem
	if row.Fault != "" {
		problems = append(problems, rowProblem(row, row.Fault, false))
	}
	for i := range m.Columns {
		c := &m.Columns[i]
		if c.Target == "" || c.Index >= len(row.Cells) || row.Cells[c.Index].Text == "" {
			continue
		}
		cell := row.Cells[c.Index]
		v := Value{Target: c.Target, Field: targets[c.Target].Path, Text: cell.Text, Cell: cell, Column: c.Index}
		if reason := c.read(&v); reason != "" {
			problems = append(problems, Problem{Sheet: row.Sheet, Row: row.Line, Column: Letter(c.Index), Heading: c.Heading,
				Field: v.Field, Value: clip(cell.Text), Reason: reason, Offset: cell.Offset, Length: cell.Length})
			continue
		}
		rec.Values = append(rec.Values, v)
	}
	return rec, problems
}

func rowProblem(row Row, reason string, fatal bool) Problem {
	return Problem{Sheet: row.Sheet, Row: row.Line, Reason: reason, Offset: row.Offset, Length: row.Length, Fatal: fatal}
}

// read sets the typed value from the text, or returns why it cannot.
func (c *Column) read(v *Value) string {
	switch kind := targets[c.Target].Kind; kind {
	case Date:
		return c.readDate(v)
	case List:
		if v.List = c.split(v.Text); len(v.List) > MaxList {
			return fmt.Sprintf("lists more than %d things", MaxList)
		}
	case Flag:
		return v.readFlag()
	case Mass, Volume, Count, Number, Amount:
		return c.readNumber(v, kind)
	}
	return ""
}

func (c *Column) readDate(v *Value) string {
	ok := false
	if v.Date, ok = parseDate(v.Text, c.DateLayout); ok {
		return ""
	}
	// A workbook gives ISO dates whatever layout the other cells have.
	if l, found := anyLayout(v.Text); found && (c.DateLayout == "" || strings.HasPrefix(l, "2006-01-02")) {
		v.Date, _ = parseDate(v.Text, l)
		return ""
	}
	return "is not a date that exists, or not written as the others"
}

func (c *Column) readNumber(v *Value, kind Kind) string {
	text, unit, ok := splitUnit(v.Text)
	if !ok && (kind == Mass || kind == Volume) {
		return "has a unit that is not known here"
	}
	f, reason := parseNumber(text, c.Decimal)
	if reason != "" {
		return reason
	}
	if f < 0 && kind != Number {
		return "is negative"
	}
	if kind == Count && f != math.Trunc(f) {
		return "is not a whole number"
	}
	if kind == Mass || kind == Volume {
		u := c.Unit
		if own := unitWords[unit]; own != "" {
			if !unitFits(own, kind) {
				return "has a unit of another kind"
			}
			u = own
		}
		f *= factors[u]
	}
	v.Number = f
	return ""
}

func (c *Column) split(s string) []string {
	sep := c.Separator
	if sep == "" {
		sep = ";,\n"
	}
	var out []string
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(sep, r) }) {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}

func (v *Value) readFlag() string {
	switch strings.ToLower(v.Text) {
	case "1", "y", "yes", "true", "x", "+", "soc", "да", "ооба", "истина":
		v.Flag = true
	case "0", "n", "no", "false", "-", "coc", "нет", "жок", "ложь":
	default:
		return "is neither yes nor no"
	}
	return ""
}

func clip(s string) string {
	n := 0
	for i := range s {
		if n++; n > 80 {
			return s[:i] + "…"
		}
	}
	return s
}
