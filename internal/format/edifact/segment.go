package edifact

import "unicode/utf8"

// Segment is one segment, from its tag up to its terminator. It and all bytes that
// it returns are valid until the next call of Reader.Next; strings are copies.
//
// Element 0 is the tag, element 1 the first data element. Components count from 0.
type Segment struct {
	raw    []byte
	starts []int32 // of each component in raw; one more for the end
	elems  []int32 // index in starts of each element's first component; one more for the end
	flags  uint8
	syntax Syntax
	chars  *charset
	breaks byte // what a line break inside becomes: a space, or 0 for nothing
	buf    []byte

	// Offset is where the segment begins in the file, Length its bytes up to and with its terminator.
	Offset int64
	Length int
	// Number counts in the message, UNH being 1; 0 outside of messages. Index counts in the file from 1.
	Number int
	Index  int
}

const (
	flagRelease uint8 = 1 << iota
	flagControl
	flagHigh
	flagHealed
)

// Raw returns the bytes without the terminator.
func (s *Segment) Raw() []byte { return s.raw }

// Tag returns the three characters of the tag.
func (s *Segment) Tag() string {
	b := s.Bytes(0, 0)
	if t, ok := knownTags[string(b)]; ok {
		return t
	}
	return string(b)
}

// Is reports whether the segment has the tag.
func (s *Segment) Is(tag string) bool { return string(s.Bytes(0, 0)) == tag }

// Len returns the number of elements, the tag included.
func (s *Segment) Len() int { return len(s.elems) - 1 }

// Components returns the number of components of the element e, 0 where there is no such element.
func (s *Segment) Components(e int) int {
	if e < 0 || e >= s.Len() {
		return 0
	}
	return int(s.elems[e+1] - s.elems[e])
}

// Bytes returns component c of element e as it stands in the file, released
// characters and all; nil where there is none.
func (s *Segment) Bytes(e, c int) []byte {
	if e < 0 || c < 0 || e+1 >= len(s.elems) {
		return nil
	}
	i := int(s.elems[e]) + c
	if i >= int(s.elems[e+1]) {
		return nil
	}
	return s.raw[s.starts[i] : s.starts[i+1]-1]
}

// Value returns component c of element e as text: unreleased, without line breaks
// and control characters, decoded. It is empty where there is none.
func (s *Segment) Value(e, c int) string {
	b := s.Bytes(e, c)
	if len(b) == 0 {
		return ""
	}
	if s.flags == 0 {
		return string(b)
	}
	return s.text(b)
}

func (s *Segment) text(b []byte) string {
	if s.flags&(flagRelease|flagControl) != 0 {
		b = s.clean(b)
	}
	if s.flags&flagHigh == 0 {
		return string(b)
	}
	return s.chars.decode(b)
}

// clean returns b without release characters, line breaks and control characters.
func (s *Segment) clean(b []byte) []byte {
	out := s.buf[:0]
	released := false
	for i, c := range b {
		switch {
		case c == '\r' || c == '\n':
			first := i > 0 && b[i-1] != '\r' && b[i-1] != '\n' && b[i-1] != ' '
			if s.breaks != 0 && first && !released && moreText(b[i:]) {
				out = append(out, s.breaks)
			}
		case c == s.syntax.Release && !released && s.syntax.Release != ' ':
			released = true
		case c == '\t':
			out, released = append(out, ' '), false
		case c < 0x20 || c == 0x7f:
			released = false
		default:
			out, released = append(out, c), false
		}
	}
	if released { // a lone release character at the end is text
		out = append(out, s.syntax.Release)
	}
	s.buf = out
	return out
}

// moreText reports whether something but blanks follows the break.
func moreText(b []byte) bool {
	for _, c := range b {
		if c != '\r' && c != '\n' {
			return c != ' '
		}
	}
	return false
}

// Plain reports whether every value is its bytes: ASCII without release characters,
// line breaks and control characters.
func (s *Segment) Plain() bool { return s.flags == 0 }

// Strings returns the segment as lists of decoded components, the tag first.
func (s *Segment) Strings() [][]string {
	out := make([][]string, s.Len())
	for e := range out {
		out[e] = make([]string, s.Components(e))
		for c := range out[e] {
			out[e][c] = s.Value(e, c)
		}
	}
	return out
}

// RuneLen returns how many characters component c of element e has as the sender
// cut it: with and without its release characters. Texts that were cut at a fixed
// width are known by it.
func (s *Segment) RuneLen(e, c int) (released, plain int) {
	b := s.Bytes(e, c)
	if s.flags == 0 {
		return len(b), len(b)
	}
	count := func(b []byte) int {
		if s.flags&flagHigh != 0 && s.chars.table == nil {
			return utf8.RuneCount(b)
		}
		return len(b)
	}
	return count(b), count(s.clean(b))
}

// knownTags keeps Tag from allocating for what cargo messages use.
var knownTags = func() map[string]string {
	m := make(map[string]string)
	for _, t := range []string{
		"UNA", "UNB", "UNG", "UNH", "UNS", "UNT", "UNE", "UNZ", "BGM", "DTM", "LOC", "QTY", "RFF", "NAD",
		"CTA", "COM", "FTX", "TDT", "GIS", "GEI", "EQD", "TSR", "MEA", "DIM", "SEL", "TMP", "RNG", "CNI",
		"CNT", "MOA", "CPI", "GID", "PAC", "SGP", "DGS", "PCI", "CST", "PIA", "HAN", "AUT", "EQN", "GIN",
		"TMD", "TOD", "DOC", "GDS", "TPL", "POC", "ATT", "GOR", "IMD", "LIN", "STS", "EQA", "GDS", "CUX",
	} {
		m[t] = t
	}
	return m
}()
