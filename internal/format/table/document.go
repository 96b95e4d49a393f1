package table

import (
	"io"
	"strconv"
	"strings"
)

// MaxDocumentRows bounds the rows that are taken as one transport document.
const MaxDocumentRows = 10_000

// Document is the rows of one transport document, which follow each other.
type Document struct {
	Number   string
	Records  []Record
	Goods    int      // how many goods items the rows hold
	Numbers  []string // of the containers, each once
	Problems []Problem

	index map[string]int // of Numbers
}

// Mark says where the value of a consignment's field stands: in a CSV file by offset and
// length, in a workbook by sheet and cell, with offset -1.
type Mark struct {
	Field  string
	Sheet  string
	Ref    string
	Offset int64
	Length int
}

// Marks returns where each value of the document was read. Of a field that many rows
// repeat, such as a party's name, the first place stands.
func (d *Document) Marks() []Mark {
	var marks []Mark
	seen := map[string]bool{}
	for i := range d.Records {
		r := &d.Records[i]
		for j := range r.Values {
			v := &r.Values[j]
			for _, f := range r.fields(v) {
				if !seen[f] {
					seen[f] = true
					marks = append(marks, Mark{f, r.Row.Sheet, v.Cell.Ref, v.Cell.Offset, v.Cell.Length})
				}
			}
		}
	}
	return marks
}

// fields returns the paths that a value becomes: one for each of the row's containers.
func (r *Record) fields(v *Value) []string {
	switch {
	case strings.Contains(v.Field, "{s}"):
		return r.sealFields(v)
	case !strings.Contains(v.Field, "{e}"):
		return []string{v.Field}
	}
	out := make([]string, 0, len(r.Equipment))
	for _, e := range r.Equipment {
		out = append(out, strings.Replace(v.Field, "{e}", strconv.Itoa(e), 1))
	}
	return out
}

func (r *Record) sealFields(v *Value) []string {
	var out []string
	for k, e := range r.Equipment {
		path := strings.Replace(v.Field, "{e}", strconv.Itoa(e), 1)
		for s, from := range r.seals(k) {
			if from.value == v || v.Target != "seal" {
				out = append(out, strings.Replace(path, "{s}", strconv.Itoa(s), 1))
			}
		}
	}
	return out
}

type sealAt struct {
	number string
	value  *Value
}

// seals returns those of the row's k-th container: where a row has as many seals as
// containers, each has its own; else all are the first one's, since no row says whose.
func (r *Record) seals(k int) []sealAt {
	var all []sealAt
	for i := range r.Values {
		if v := &r.Values[i]; v.Target == "seal" {
			for _, n := range v.List {
				all = append(all, sealAt{n, v})
			}
		}
	}
	switch {
	case len(all) == len(r.Equipment) && k < len(all):
		return all[k : k+1]
	case k == 0:
		return all
	}
	return nil
}

// Seals returns the seal numbers of the row's k-th container, as the marks count them:
// one each where the row has as many seals as containers, else all for the first.
func (r *Record) Seals(k int) []string {
	var out []string
	for _, s := range r.seals(k) {
		out = append(out, s.number)
	}
	return out
}

// Documents groups the rows of a table into transport documents.
type Documents struct {
	rows    *Reader
	mapping Mapping
	open    *Document
	err     error
}

// NewDocuments returns the documents of the rows below the heading. It returns
// fault.Invalid for a mapping that cannot work.
func NewDocuments(rows *Reader, m Mapping) (*Documents, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	return &Documents{rows: rows, mapping: m}, nil
}

// Next returns the next document, io.EOF behind the last, or the error of the rows, once
// the document that was being read has been returned. Rows with the same number that
// follow each other are one document, and so is a row without a number, as merged cells
// leave it. A document without a number has a fatal problem.
func (d *Documents) Next() (*Document, error) {
	for d.err == nil {
		row, err := d.rows.Next()
		if err != nil {
			d.err = err
			break
		}
		rec, problems := d.mapping.Read(row)
		number := rec.Text("document_number")
		if d.open != nil && d.open.continuedBy(number, &rec) {
			d.open.add(rec, problems)
			continue
		}
		done := d.open
		d.open = &Document{Number: number}
		if number == "" {
			problems = append(problems, rowProblem(row, "the number of the transport document is missing", true))
		}
		d.open.add(rec, problems)
		if done != nil {
			return done, nil
		}
	}
	if done := d.open; done != nil {
		d.open = nil
		return done, nil
	}
	return nil, d.err
}

func (d *Document) continuedBy(number string, rec *Record) bool {
	if len(d.Records) >= MaxDocumentRows || d.Number == "" {
		return false
	}
	if number == "" {
		return rec.holdsGoods() || rec.Get("container") != nil
	}
	return squeeze(number) == squeeze(d.Number) &&
		squeeze(rec.Text("master_document")) == squeeze(d.Records[0].Text("master_document"))
}

func squeeze(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }

func (r *Record) holdsGoods() bool {
	for i := range r.Values {
		if strings.HasPrefix(r.Values[i].Field, "goods[") && r.Values[i].Target != "currency" {
			return true
		}
	}
	return false
}

// add takes a row: its goods are a new item, its containers are new where their number is.
func (d *Document) add(rec Record, problems []Problem) {
	if rec.holdsGoods() {
		rec.Goods = d.Goods
		d.Goods++
	}
	for i := range rec.Values {
		if rec.Values[i].Target != "container" {
			continue
		}
		for _, number := range rec.Values[i].List {
			rec.Equipment = append(rec.Equipment, d.container(number))
		}
	}
	for i := range rec.Values {
		rec.Values[i].Field = strings.Replace(rec.Values[i].Field, "{g}", strconv.Itoa(max(rec.Goods, 0)), 1)
	}
	d.Records = append(d.Records, rec)
	d.Problems = append(d.Problems, problems...)
}

func (d *Document) container(number string) int {
	key := squeeze(number)
	if i, ok := d.index[key]; ok {
		return i
	}
	if d.index == nil {
		d.index = map[string]int{}
	}
	d.index[key] = len(d.Numbers)
	d.Numbers = append(d.Numbers, number)
	return len(d.Numbers) - 1
}

// All reads every document, for tests and small files.
func (d *Documents) All() ([]*Document, error) {
	var all []*Document
	for {
		one, err := d.Next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, one)
	}
}
