package reference

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"tidewaiter/internal/fault"
)

// ImportOptions tells what a file does not say of itself.
type ImportOptions struct {
	Name    string // of the file, for messages; a release such as 2024-1 is read from it
	Release string // overrides the release read from names
	Partial bool   // the list is not the publisher's whole list
}

// ImportReport tells what became of a file.
type ImportReport struct {
	List    List
	Skipped int        // rows that name no code: country headings, aliases, duplicates
	Bad     int        // rows that could not be read
	Rows    []RowFault // the first of them
}

// RowFault is a row that was left out, and why.
type RowFault struct {
	File   string
	Line   int
	Field  string
	Value  string
	Reason string
}

const (
	mostRowFaults = 100
	mostZipParts  = 64
)

// fullFrom is how many rows a list must have to be believed whole. UN/LOCODE 2024-1
// has 116,000; HS 2022 has 6,939 codes of two to six digits; the BIC over 4,000 owners.
var fullFrom = map[Kind]int{Places: 90_000, Tariff: 5_500, Owners: 3_000}

// importer gathers the rows of one list.
type importer struct {
	kind   Kind
	opts   ImportOptions
	report ImportReport
	seen   map[string]bool
	lines  []string
}

// Import reads an official list and writes it to dir, where Load finds it: the UNECE's
// UN/LOCODE as its zip or as one of its CSV parts, an HS nomenclature in CSV (columns
// hscode and description), owner prefixes in CSV (columns prefix and owner). Rows that
// cannot be read are reported, not fatal; a file without a single good row is
// fault.Invalid and leaves dir as it was.
func Import(kind Kind, r io.Reader, dir string, opts ImportOptions) (ImportReport, error) {
	im := &importer{kind: kind, opts: opts, seen: make(map[string]bool)}
	im.report.List = List{Kind: kind, Release: opts.Release}
	if _, ok := fullFrom[kind]; !ok {
		return im.report, fault.New(fault.Invalid, "%q is no kind of list", kind).WithHint("use places, hs or owners")
	}
	data, err := readBounded(r, opts.Name)
	if err != nil {
		return im.report, err
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		err = im.zip(data)
	} else {
		err = im.part(opts.Name, data)
	}
	if err != nil {
		return im.report, err
	}
	if len(im.lines) == 0 {
		return im.report, fault.New(fault.Invalid, "%s holds no row of the list %s", fileName(opts.Name), kind)
	}
	l := &im.report.List
	l.Rows, l.Full = len(im.lines), !opts.Partial && len(im.lines) >= fullFrom[kind]
	if l.Release == "" {
		l.Release = "of unknown release"
	}
	return im.report, writeList(dir, *l, im.lines)
}

func fileName(name string) string {
	if name == "" {
		return "the file"
	}
	return clip(name)
}

func readBounded(r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, mostListBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", fileName(name), err)
	}
	if len(data) > mostListBytes {
		return nil, fault.New(fault.Invalid, "%s unpacks to more than %d MiB", fileName(name), mostListBytes>>20)
	}
	return data, nil
}

// zip reads the parts of the official release. All parts together are held to the
// bound of one file, so that a small archive cannot fill the memory.
func (im *importer) zip(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s is not a whole zip", fileName(im.opts.Name))
	}
	parts, left := 0, int64(mostListBytes)
	for _, f := range z.File {
		if !strings.EqualFold(path.Ext(f.Name), ".csv") || im.kind == Places && !strings.Contains(f.Name, "CodeList") {
			continue
		}
		if parts++; parts > mostZipParts {
			return fault.New(fault.Invalid, "%s holds more than %d parts", fileName(im.opts.Name), mostZipParts)
		}
		text, err := unzipBounded(f, left)
		if err != nil {
			return err
		}
		left -= int64(len(text))
		if err := im.part(f.Name, text); err != nil {
			return err
		}
	}
	return nil
}

func unzipBounded(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be unpacked", fileName(f.Name))
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be unpacked", fileName(f.Name))
	}
	if int64(len(text)) > most {
		return nil, fault.New(fault.Invalid, "%s unpacks to more than %d MiB", fileName(f.Name), mostListBytes>>20)
	}
	return text, nil
}

var releaseName = regexp.MustCompile(`\b(20\d\d-[12])\b`)

// part reads one CSV. The UNECE has published in Latin-1 and in UTF-8; a text that is
// not UTF-8 is read as Windows-1252, which holds all of Latin-1's letters.
func (im *importer) part(name string, data []byte) error {
	if m := releaseName.FindString(name); m != "" && im.report.List.Release == "" {
		im.report.List.Release = m
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if bytes.IndexByte(data[:min(len(data), 4096)], 0) >= 0 {
		return fault.New(fault.Invalid, "%s is not text", fileName(name))
	}
	if !utf8.Valid(data) {
		text, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s is neither UTF-8 nor Latin-1", fileName(name))
		}
		data = text
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	row := im.rowReader()
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			im.bad(name, line, "row", "", err.Error())
			continue
		}
		if field, value, reason := row(fields); reason != "" {
			im.bad(name, line, field, value, reason)
		}
	}
}

func (im *importer) bad(file string, line int, field, value, reason string) {
	if im.report.Bad++; len(im.report.Rows) < mostRowFaults {
		im.report.Rows = append(im.report.Rows, RowFault{clip(path.Base(file)), line, field, clip(value), reason})
	}
}

// add keeps a line under its code; the first of two wins.
func (im *importer) add(code, line string) {
	if im.seen[code] {
		im.report.Skipped++
		return
	}
	im.seen[code] = true
	im.lines = append(im.lines, line)
}
