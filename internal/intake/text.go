package intake

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/charset"
	"tidewaiter/internal/format/table"
)

// heldText returns the text of a record as a person reads and mends it, and where it
// stands in the file. Of a workbook, which has no text, it is the record's rows as CSV.
func (s *Imports) heldText(ctx context.Context, im *Import, n int) (string, cargo.Span, error) {
	if im.Format == XLSX {
		text, err := s.rowsText(ctx, im, n)
		return text, cargo.Span{}, err
	}
	rec, err := s.record(ctx, im, n, nil)
	if err != nil {
		return "", cargo.Span{}, err
	}
	if rec.At.Length > maxMended {
		return "", rec.At, fault.New(fault.Invalid, "the record is longer than %d bytes", maxMended).WithHint("ask the sender for a corrected file")
	}
	raw, err := s.evidence.Excerpt(ctx, im.Hash, rec.At.Offset, rec.At.Length)
	if err != nil {
		return "", rec.At, err
	}
	enc, err := s.encoding(ctx, im, raw)
	if err != nil {
		return "", rec.At, err
	}
	text, _ := enc.Decode(raw)
	return text, rec.At, nil
}

// rowsText writes the n-th record of a workbook as CSV, with the heading.
func (s *Imports) rowsText(ctx context.Context, im *Import, n int) (string, error) {
	src, done, err := s.open(ctx, im, nil)
	if err != nil {
		return "", err
	}
	defer done()
	rows, ok := src.(*tableSource)
	if !ok {
		return "", fault.New(fault.Invalid, "the file is no table")
	}
	for {
		rec, err := rows.next()
		if errors.Is(err, io.EOF) {
			return "", fault.New(fault.NotFound, "the file has no record %d", n)
		}
		if err != nil {
			return "", err
		}
		if rec.Number < n {
			continue
		}
		var b strings.Builder
		err = table.WriteCSV(&b, ';', rows.rows.Heading.Texts(), func(yield func([]string) bool) {
			for _, r := range rows.last.Records {
				if !yield(r.Row.Texts()) {
					return
				}
			}
		})
		return b.String(), err
	}
}

// mended reads the n-th record of an import again from the text that a person made of it.
func (s *Imports) mended(ctx context.Context, im *Import, n int, text string) (*Record, error) {
	if im.Format == XLSX {
		return s.mendedRows(ctx, im, n, text)
	}
	before, at, err := s.heldText(ctx, im, n)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(before, "\n") && !strings.HasSuffix(text, "\n") {
		text += "\n" // so that the next record does not join this one
	}
	raw, err := s.evidence.Excerpt(ctx, im.Hash, at.Offset, at.Length)
	if err != nil {
		return nil, err
	}
	enc, err := s.encoding(ctx, im, raw)
	if err != nil {
		return nil, err
	}
	body, err := encode(enc, text, im.Format == CUSCAR)
	if err != nil {
		return nil, err
	}
	return s.record(ctx, im, n, &splice{at: at, text: body})
}

// mendedRows reads rows of a workbook again from the CSV that rowsText made of them.
func (s *Imports) mendedRows(ctx context.Context, im *Import, n int, text string) (*Record, error) {
	mapping, ok, err := selectImportMapping(ctx, s.db.Read, im.ID)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Conflict, "the columns of the file have not been confirmed")
	}
	src, err := newTable(strings.NewReader(text), &mapping)
	if err != nil {
		return nil, err
	}
	rec, err := src.next()
	if errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "the text holds no record").WithHint("keep the heading and at least one row below it")
	}
	if err != nil {
		return nil, err
	}
	if _, err := src.next(); !errors.Is(err, io.EOF) {
		return nil, manyRecords()
	}
	rec.Number, rec.At = n, cargo.Span{}
	if rec.Consignment != nil {
		rec.Consignment.Source.Fields = nil // their places are those of the text, not of the workbook
	}
	return rec, nil
}

func manyRecords() error {
	return fault.New(fault.Invalid, "the text holds more than one record").WithHint("mend one record at a time; what is not in the file has to be sent as a file")
}

// only checks that a record that was read from a mended text is that text, all of it and
// nothing else: a change of its first segment or number may join it to its neighbour.
func (p *splice) only(rec *Record, src source) error {
	if p == nil {
		return nil
	}
	if rec.At.Offset != p.at.Offset {
		return fault.New(fault.Invalid, "the text does not stand as a record of its own: it was read as part of the one before").
			WithHint("keep its first segment, element or number, or send a corrected file")
	}
	end := p.at.Offset + int64(len(bytes.TrimRight(p.text, " \t\r\n\x00")))
	next, err := src.next()
	if err == nil && next.At.Offset < end {
		return manyRecords()
	}
	if rec.At.Offset+int64(rec.At.Length) > p.at.Offset+int64(len(p.text)) {
		return fault.New(fault.Invalid, "the text does not stand as a record of its own: the one behind it was read as part of it").
			WithHint("keep its last segment, element or number, or send a corrected file")
	}
	return nil
}

// encoding is how the characters of an import stand in the file; raw is the place that
// matters, as the segments of an EDIFACT file are told one by one.
func (s *Imports) encoding(ctx context.Context, im *Import, raw []byte) (charset.Encoding, error) {
	head, err := s.evidence.Excerpt(ctx, im.Hash, 0, charset.HeadSize)
	if err != nil {
		return charset.Encoding{}, err
	}
	if im.Format == CUSCAR {
		return edifactEncoding(head, raw), nil
	}
	if im.Format == AWMDS {
		if src, err := newAWMDS(bytes.NewReader(head)); err == nil {
			if enc, err := charset.Lookup(src.r.Encoding()); err == nil {
				return enc, nil
			}
		}
	}
	enc, _ := charset.Sniff(head)
	return enc, nil
}

// syntaxSets are the character sets that a syntax identifier declares. UN/EDIFACT 0001.
var syntaxSets = map[string]string{
	"UNOD": "iso-8859-2", "UNOE": "iso-8859-5", "UNOF": "iso-8859-7", "UNOG": "iso-8859-3", "UNOH": "iso-8859-4",
	"UNOI": "iso-8859-6", "UNOJ": "iso-8859-8", "UNOK": "windows-1254", "UNOL": "iso-8859-15",
}

// edifactEncoding tells how text of an interchange is shown: as UTF-8 where it is that,
// else as UNB declares, else by its letters.
func edifactEncoding(head, raw []byte) charset.Encoding {
	if charset.ValidPrefix(trimContinuation(raw)) {
		return charset.UTF8
	}
	if _, after, ok := bytes.Cut(head, []byte("UNB")); ok && len(after) > 5 {
		if enc, err := charset.Lookup(syntaxSets[string(after[1:5])]); err == nil && enc.Name != charset.UTF8.Name {
			return enc
		}
	}
	enc, _ := charset.Sniff(raw)
	return enc
}

// trimContinuation leaves out the rest of a character that an excerpt begins within.
func trimContinuation(raw []byte) []byte {
	for i := 0; i < utf8.UTFMax-1 && len(raw) > 0 && raw[0]&0xC0 == 0x80; i++ {
		raw = raw[1:]
	}
	return raw
}

// encode writes text in the encoding of its file. A segment of EDIFACT may be UTF-8
// whatever the file declares, so there any character can be written.
func encode(enc charset.Encoding, text string, anyUTF8 bool) ([]byte, error) {
	var e encoding.Encoding
	switch {
	case anyUTF8 || enc.Name == charset.UTF8.Name:
		return []byte(text), nil
	case enc.Width == 2 && enc.Name == "utf-16be":
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case enc.Width == 2:
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	default:
		var err error
		if e, err = htmlindex.Get(enc.Name); err != nil {
			return nil, err
		}
	}
	out, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the text holds a character that %s, the encoding of the file, does not have", enc.Name).
			WithHint("write it without that character")
	}
	return out, nil
}

// Excerpt is a piece of a raw file as a person reads it.
type Excerpt struct {
	Import   *Import
	Offset   int64 // of Raw in the file
	Raw      []byte
	Encoding charset.Encoding
}

// Show returns at most length bytes of an import's raw file from offset on, with how to
// read them. It begins and ends between characters where the encoding has several bytes.
func (s *Imports) Show(ctx context.Context, scope cargo.ScopeID, id, offset int64, length int) (Excerpt, error) {
	im, err := s.Get(ctx, scope, id)
	if err != nil {
		return Excerpt{}, err
	}
	raw, err := s.evidence.Excerpt(ctx, im.Hash, offset, length)
	if err != nil {
		return Excerpt{}, err
	}
	x := Excerpt{Import: im, Offset: offset, Raw: raw}
	if x.Encoding, err = s.encoding(ctx, im, raw); err != nil {
		return x, err
	}
	if x.Encoding.Width == 2 && offset%2 == 1 {
		return s.Show(ctx, scope, id, offset-1, length)
	}
	if x.Encoding.Name == charset.UTF8.Name {
		x.Raw = trimContinuation(raw)
		x.Offset += int64(len(raw) - len(x.Raw))
	}
	return x, nil
}
