package riskweb

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/charset"
	c "tidewaiter/internal/web/components"
)

// rawView is the message as it came, or why it is not shown.
type rawView struct {
	Lines  []c.RawLine
	Why    string          // message id: why there are no lines
	Cut    bool            // the record is longer than what is shown
	Mended bool            // a person mended the record; these are the bytes before
	Marked map[string]bool // fields that are marked in the lines
	Coding string
}

// Bounds of what is shown of a message.
const (
	maxRaw     = 64 << 10 // bytes of the record
	maxOutside = 12       // cited fields outside of the record, each in its segment
	aroundRaw  = 160      // bytes on either side of those
)

// rawID is the id of the mark of a field in the message.
func rawID(field string) string { return "raw-" + cargoweb.FieldID(field) }

// raw shows the record in its file with the cited fields marked. What a sender says once
// for a whole message (ship, voyage) stands outside of the record, and is shown first.
func (p *Pages) raw(ctx context.Context, scope cargo.ScopeID, cons *cargo.Consignment, cites map[string][]cargoweb.Cite) (rawView, error) {
	src := cons.Source
	v := rawView{Marked: map[string]bool{}, Mended: src.Mended}
	switch {
	case p.Raw == nil || src.Import == 0:
		v.Why = "risk.raw.none"
	case src.Format == "xlsx":
		v.Why = "risk.raw.workbook"
	case src.At.Length <= 0:
		v.Why = "risk.raw.nowhere"
	}
	if v.Why != "" {
		return v, nil
	}
	length := min(src.At.Length, maxRaw)
	v.Cut = length < src.At.Length
	record, err := p.Raw.Excerpt(ctx, scope, src.Import, src.At.Offset, length)
	if fault.Is(err, fault.NotFound) {
		v.Why = "risk.raw.none"
		return v, nil
	}
	if err != nil {
		return v, err
	}
	enc, _ := charset.Sniff(record)
	v.Coding = enc.Name
	var inside, outside []cargo.Mark
	if !src.Mended { // the places are those of the mended text
		inside, outside = citedMarks(src, cites, int64(len(record)))
	}
	m := marker{ctx: ctx, cites: cites, enc: enc, used: v.Marked, split: splitter(src.Format, record)}
	for _, mark := range outside {
		piece, at, err := p.around(ctx, scope, src.Import, mark, m.split)
		if err != nil {
			return v, err
		}
		v.Lines = m.lines(v.Lines, piece, at, []cargo.Mark{mark})
	}
	if len(outside) > 0 {
		v.Lines = append(v.Lines, c.RawLine{Number: len(v.Lines) + 1, Parts: []c.RawPart{{Text: "⋯"}}})
	}
	v.Lines = m.lines(v.Lines, record, src.At.Offset, inside)
	return v, nil
}

// citedMarks are the places of cited fields within the record and outside of it, in the
// order of the file.
func citedMarks(src cargo.Source, cites map[string][]cargoweb.Cite, length int64) (inside, outside []cargo.Mark) {
	fields := slices.Clone(src.Fields)
	slices.SortStableFunc(fields, func(a, b cargo.Mark) int { return int(a.Span.Offset - b.Span.Offset) })
	for _, f := range fields {
		switch from := f.Span.Offset - src.At.Offset; {
		case f.Span.Length <= 0 || !isCited(cites, f.Field):
		case from >= 0 && from+int64(f.Span.Length) <= length:
			inside = append(inside, f)
		case from < 0 && len(outside) < maxOutside && f.Span.Length < aroundRaw:
			outside = append(outside, f)
		}
	}
	return inside, outside
}

func isCited(cites map[string][]cargoweb.Cite, field string) bool {
	return len(citing(cites, field)) > 0
}

// citing returns the findings that cite a field, or the field that it is a part of:
// charges.freight for charges.freight.amount.
func citing(cites map[string][]cargoweb.Cite, field string) []cargoweb.Cite {
	if at := cites[field]; len(at) > 0 {
		return at
	}
	whole, _, _ := strings.Cut(field, ".amount")
	return cites[whole]
}

// around fetches the segment or line that holds a mark.
func (p *Pages) around(ctx context.Context, scope cargo.ScopeID, importID int64, m cargo.Mark, split byte) ([]byte, int64, error) {
	from := max(0, m.Span.Offset-aroundRaw)
	before := int(m.Span.Offset - from)
	piece, err := p.Raw.Excerpt(ctx, scope, importID, from, before+m.Span.Length+aroundRaw)
	if err != nil || len(piece) < before+m.Span.Length {
		return nil, from, err
	}
	start := bytes.LastIndexByte(piece[:before], split) + 1
	end := before + m.Span.Length
	if i := bytes.IndexByte(piece[end:], split); i >= 0 {
		end += i + 1
	} else {
		end = len(piece)
	}
	return piece[start:end], from + int64(start), nil
}

// splitter is the byte behind which a message is broken into lines: the terminator of
// segments (ISO 9735 §5.1), which is the last byte of a record, else the line feed.
func splitter(format string, record []byte) byte {
	if format != "cuscar" {
		return '\n'
	}
	if end := bytes.TrimRight(record, " \r\n\t"); len(end) > 0 {
		return end[len(end)-1]
	}
	return '\''
}

// marker writes bytes as lines with marks.
type marker struct {
	ctx   context.Context
	cites map[string][]cargoweb.Cite
	enc   charset.Encoding
	used  map[string]bool
	split byte
}

// lines appends the lines of raw, which stands at offset in its file.
func (m marker) lines(out []c.RawLine, raw []byte, offset int64, marks []cargo.Mark) []c.RawLine {
	var parts []c.RawPart
	flush := func() {
		if len(parts) > 0 {
			out = append(out, c.RawLine{Number: len(out) + 1, Parts: parts})
			parts = nil
		}
	}
	plain := func(b []byte) {
		for len(b) > 0 {
			n := len(b)
			ends := false
			if i := m.lineEnd(b); i >= 0 {
				n, ends = i+1, true
			}
			text := visible(m.decode(b[:n]))
			if strings.Trim(text, "\n") != "" {
				parts = append(parts, c.RawPart{Text: strings.Trim(text, "\n")})
			}
			if ends {
				flush()
			}
			b = b[n:]
		}
	}
	at := 0
	for _, mark := range marks {
		from := int(mark.Span.Offset - offset)
		to := from + mark.Span.Length
		if from < at || to > len(raw) {
			continue // it overlaps the mark before
		}
		plain(raw[at:from])
		parts = append(parts, m.mark(mark.Field, raw[from:to]))
		if raw[to-1] == m.split {
			flush()
		}
		at = to
	}
	plain(raw[at:])
	flush()
	return out
}

// lineEnd returns where the first line of b ends. A released terminator, ?', ends none.
func (m marker) lineEnd(b []byte) int {
	for i := range b {
		if b[i] == m.split && !(m.split == '\'' && i > 0 && b[i-1] == '?') {
			return i
		}
	}
	return -1
}

func (m marker) mark(field string, b []byte) c.RawPart {
	var titles []string
	for _, cite := range citing(m.cites, field) {
		titles = append(titles, cite.Short+" "+cite.Title)
	}
	part := c.RawPart{Text: visible(m.decode(b)), Note: cargoweb.FieldLabel(m.ctx, field) + ": " + strings.Join(titles, "; ")}
	if m.cites[field] == nil {
		field, _, _ = strings.Cut(field, ".amount")
	}
	if !m.used[field] {
		m.used[field] = true
		part.ID = rawID(field)
	}
	return part
}

func (m marker) decode(b []byte) string {
	text, _ := m.enc.Decode(b)
	return text
}

// visible shows control characters as their pictures (Unicode block 2400), line feeds
// aside.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r':
			return -1
		case r < 0x20:
			return 0x2400 + r
		case r == 0x7f:
			return 0x2421
		}
		return r
	}, s)
}
