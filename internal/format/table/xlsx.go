package table

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"

	"tidewaiter/internal/fault"
)

// Bounds of a workbook, so that a small file cannot fill the memory.
const (
	MaxWorkbook = 64 << 20  // bytes of the file
	MaxUnzipped = 512 << 20 // bytes of its parts together
	maxXML      = 16 << 20  // bytes of a part kept in memory: larger ones go to a temporary file
	maxParts    = 10_000
	maxBlank    = 20_000 // blank rows after each other: one cell in row 1,048,576 makes a million of them
	maxRatio    = 500    // unzipped to zipped bytes, of parts over 1 MiB
)

// IsXLSX reports whether the file begins as a zip archive does.
func IsXLSX(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// Open returns the rows of a CSV file or a workbook, told apart by their first bytes.
func Open(r io.Reader) (*Reader, error) {
	head := make([]byte, 4)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	whole := io.MultiReader(bytes.NewReader(head[:n]), r)
	if IsXLSX(head[:n]) {
		return OpenXLSX(whole)
	}
	return OpenCSV(whole)
}

// OpenXLSX returns the rows of a workbook's first visible sheet that is not empty, and of
// those behind it with the same heading.
func OpenXLSX(r io.Reader) (opened *Reader, err error) {
	defer guard(&err)
	raw, err := io.ReadAll(io.LimitReader(r, MaxWorkbook+1))
	if err != nil {
		return nil, err
	}
	if err := checkZip(raw); err != nil {
		return nil, err
	}
	workbooks <- struct{}{} // one at a time: each may take some hundred megabytes
	defer func() { <-workbooks }()
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MaxUnzipped, UnzipXMLSizeLimit: maxXML,
	})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the workbook cannot be read").WithHint("save it again as .xlsx without a password")
	}
	out := &Reader{Format: "xlsx"}
	if err := out.openSheets(f); err != nil {
		_ = f.Close()
		return nil, err
	}
	return out, nil
}

// workbooks lets one workbook be opened at a time.
var workbooks = make(chan struct{}, 1)

// guard turns a panic of excelize over a workbook that nobody's program wrote into an error.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = fault.New(fault.Invalid, "the workbook is broken in a way that its reader does not know: %v", p).
			WithHint("save it again, or send it as CSV")
	}
}

// checkZip adds up what the parts say they hold and what they do, before anything is read.
func checkZip(raw []byte) error {
	if len(raw) > MaxWorkbook {
		return fault.New(fault.Invalid, "the workbook is larger than %d MiB", MaxWorkbook>>20).WithHint("send it as CSV")
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the workbook is not a zip archive, or is cut").WithHint("ask for it again")
	}
	if len(z.File) > maxParts {
		return fault.New(fault.Invalid, "the workbook has %d parts: refused", len(z.File))
	}
	var total, others uint64
	for _, f := range z.File {
		if f.UncompressedSize64 > MaxUnzipped {
			return bomb(f.Name)
		}
		if !inSheets(f.Name) { // what is no sheet is held in memory whole
			if others += f.UncompressedSize64; others > maxOthers {
				return bomb(f.Name)
			}
		}
		if total += f.UncompressedSize64; total > MaxUnzipped {
			return bomb(f.Name)
		}
	}
	for _, f := range z.File {
		if err := checkPart(f); err != nil {
			return err
		}
	}
	return nil
}

// maxOthers bounds all parts together that are neither sheets nor their texts: styles,
// pictures, macros. They are of no use here.
const maxOthers = 16 << 20

// inSheets reports whether excelize reads a part through a temporary file when it is large.
func inSheets(name string) bool {
	return strings.HasPrefix(name, "xl/worksheets/sheet") || name == "xl/sharedStrings.xml"
}

func checkPart(f *zip.File) error {
	part, err := f.Open()
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "part %.80q of the workbook cannot be unzipped", f.Name)
	}
	defer part.Close()
	// Sizes in the directory may lie: count what comes out.
	bound := min(f.UncompressedSize64, max(1<<20, maxRatio*f.CompressedSize64))
	n, err := io.Copy(io.Discard, io.LimitReader(part, int64(bound)+1))
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "part %.80q of the workbook is broken", f.Name).WithHint("ask for it again")
	}
	if uint64(n) > bound {
		return bomb(f.Name)
	}
	return nil
}

func bomb(part string) error {
	return fault.New(fault.Invalid, "part %.80q of the workbook unzips to far more than a manifest holds: refused", part).
		WithHint("send it as CSV")
}

func (r *Reader) openSheets(f *excelize.File) error {
	var shown, hidden []string
	for _, name := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(name); err == nil && !visible {
			hidden = append(hidden, name)
		} else {
			shown = append(shown, name)
		}
	}
	if len(hidden) > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("hidden sheets are left out: %s", strings.Join(hidden, ", ")))
	}
	date1904 := false
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		date1904 = *props.Date1904
	}
	for i, name := range shown {
		rows := &xlsxRows{f: f, sheet: name, date1904: date1904}
		r.rows, r.ahead, r.err = rows, nil, nil
		if err := r.lookAhead(); err == nil {
			rows.later, rows.fingerprint, rows.owner = shown[i+1:], Fingerprint(r.Heading.Texts()), r
			r.err = nil // the end of a short sheet is not that of the workbook
			return nil
		} else if !fault.Is(err, fault.Invalid) || i == len(shown)-1 {
			rows.closeSheet()
			return err
		}
		rows.closeSheet()
	}
	return noRows()
}

// xlsxRows reads a sheet twice at once: the raw values, which are whole, and the values as
// shown, which alone tell that a number is a date.
type xlsxRows struct {
	f           *excelize.File
	sheet       string
	raw, shown  *excelize.Rows
	line        int
	date1904    bool
	later       []string // sheets behind this one
	fingerprint string
	owner       *Reader
	blank       int // rows without a cell, up to this one
}

func (x *xlsxRows) close() error {
	x.closeSheet()
	return x.f.Close()
}

func (x *xlsxRows) closeSheet() {
	if x.raw != nil {
		_ = x.raw.Close()
		_ = x.shown.Close()
		x.raw, x.shown = nil, nil
	}
}

func (x *xlsxRows) next() (got Row, err error) {
	defer guard(&err)
	for {
		if x.raw == nil {
			if err := x.open(); err != nil {
				return Row{}, err
			}
		}
		if x.blank <= maxBlank && x.raw.Next() && x.shown.Next() {
			return x.row()
		}
		if err := x.raw.Error(); err != nil {
			return Row{}, fault.Wrap(fault.Invalid, err, "sheet %q, row %d cannot be read", x.sheet, x.line+1)
		}
		if x.blank > maxBlank {
			x.warn(fmt.Sprintf("sheet %q is left out from row %d on: %d rows before it are blank", x.sheet, x.line, x.blank))
		}
		if !x.nextSheet() {
			return Row{}, io.EOF
		}
	}
}

func (x *xlsxRows) open() error {
	var err error
	if x.raw, err = x.f.Rows(x.sheet); err == nil {
		x.shown, err = x.f.Rows(x.sheet)
	}
	if err != nil {
		x.raw = nil
		return fault.Wrap(fault.Invalid, err, "sheet %q of the workbook cannot be read", x.sheet)
	}
	x.line, x.blank = 0, 0
	return nil
}

// nextSheet goes on to the next sheet with the same heading, and behind its heading.
func (x *xlsxRows) nextSheet() bool {
	for x.owner != nil && len(x.later) > 0 {
		x.closeSheet()
		x.sheet, x.later = x.later[0], x.later[1:]
		if x.open() != nil {
			continue
		}
		for range headRows {
			if !x.raw.Next() || !x.shown.Next() {
				break
			}
			if row, err := x.row(); err == nil && Fingerprint(row.Texts()) == x.fingerprint {
				return true
			}
		}
		x.warn(fmt.Sprintf("sheet %q has another heading and is left out", x.sheet))
	}
	return false
}

func (x *xlsxRows) warn(text string) {
	if x.owner != nil && len(x.owner.Warnings) < 100 {
		x.owner.Warnings = append(x.owner.Warnings, text)
	}
}

func (x *xlsxRows) row() (Row, error) {
	x.line++
	raw, err := x.raw.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return Row{}, fault.Wrap(fault.Invalid, err, "sheet %q, row %d cannot be read", x.sheet, x.line)
	}
	shown, err := x.shown.Columns(excelize.Options{RawCellValue: false})
	if err != nil {
		return Row{}, fault.Wrap(fault.Invalid, err, "sheet %q, row %d cannot be read", x.sheet, x.line)
	}
	if x.blank++; len(raw) > 0 {
		x.blank = 0
	}
	row := Row{Sheet: x.sheet, Line: x.line, Offset: -1, Cells: make([]Cell, 0, len(raw))}
	for i, v := range raw {
		if i >= MaxColumns {
			row.Fault = fmt.Sprintf("has more than %d columns: the others are left out", MaxColumns)
			break
		}
		if i < len(shown) && shown[i] != v {
			v = x.iso(v, shown[i])
		}
		text := strings.TrimSpace(v)
		if len(text) > MaxField {
			text, row.Fault = strings.ToValidUTF8(text[:MaxField], ""), "column "+Letter(i)+" is longer than 64 KiB: cut"
		}
		row.Cells = append(row.Cells, Cell{Text: text, Offset: -1, Ref: Letter(i) + strconv.Itoa(x.line)})
	}
	return row, nil
}

// iso returns a serial number as a date, where it is shown as one: its day and year stand
// in what is shown. Else the whole number, without what adding in binary left behind.
func (x *xlsxRows) iso(raw, shown string) string {
	serial, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	if serial >= 1 && serial < 2958466 {
		if t, err := excelize.ExcelDateToTime(serial, x.date1904); err == nil && showsDate(shown, t) {
			if t = t.Round(time.Second); serial == math.Trunc(serial) {
				return t.Format(time.DateOnly)
			}
			return t.Format("2006-01-02T15:04:05")
		}
	}
	if strings.ContainsAny(raw, "eE") && math.Abs(serial) < 1e15 {
		return strconv.FormatFloat(serial, 'f', -1, 64)
	}
	return raw
}

// showsDate reports whether the numbers in what is shown are a day and a year.
func showsDate(shown string, t time.Time) bool {
	parts := strings.FieldsFunc(shown, func(r rune) bool { return r < '0' || r > '9' })
	var day, year bool
	for _, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil {
			return false
		}
		switch {
		case !day && n == t.Day() && len(p) <= 2:
			day = true
		case n == t.Year() || len(p) == 2 && n == t.Year()%100:
			year = true
		}
	}
	thousands := strings.Contains(shown, ",") && !strings.ContainsFunc(shown, unicode.IsLetter)
	return day && year && !thousands
}
