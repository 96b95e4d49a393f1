// Package charset tells in which encoding the bytes of a file from outside stand, and
// reads them as UTF-8 without losing the place in the raw bytes.
//
// Only encodings in which markup and delimiters keep a fixed width are taken: UTF-8,
// UTF-16 and the single-byte ones. That is what lets every value carry the offset at
// which it stands in the file as it came.
package charset

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"

	"tidewaiter/internal/fault"
)

// Encoding is how characters stand in a file.
type Encoding struct {
	Name  string // utf-8, utf-16le, utf-16be, or the label of a single-byte encoding
	Width int    // bytes of one code unit: 2 for UTF-16, else 1
	BOM   int    // bytes of the byte-order mark at the start of the file
	big   bool
	table *[256]rune // of a single-byte encoding
}

// UTF8 is plain UTF-8 without a byte-order mark.
var UTF8 = Encoding{Name: "utf-8", Width: 1}

// Lookup returns the encoding with the label that a declaration names (WHATWG Encoding
// Standard §4.2, where iso-8859-1 is read as windows-1252). It returns fault.Invalid for
// a label that is unknown, and for encodings of several bytes other than UTF-8 and UTF-16.
func Lookup(label string) (Encoding, error) {
	switch l := strings.ToLower(strings.TrimSpace(label)); l {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return UTF8, nil
	case "utf-16", "utf-16le", "ucs-2", "iso-10646-ucs-2":
		return Encoding{Name: "utf-16le", Width: 2}, nil
	case "utf-16be":
		return Encoding{Name: "utf-16be", Width: 2, big: true}, nil
	default:
		return lookupSingleByte(l)
	}
}

func lookupSingleByte(label string) (Encoding, error) {
	hint := fault.Say("save the file as UTF-8 and send it again")
	e, err := htmlindex.Get(label)
	if err != nil {
		return UTF8, fault.New(fault.Invalid, "the file declares the encoding %.40q, which is unknown", label).WithHint("%s", hint)
	}
	m, ok := e.(*charmap.Charmap)
	if !ok {
		return UTF8, fault.New(fault.Invalid, "the file declares the encoding %.40q, which is not read here", label).WithHint("%s", hint)
	}
	name, err := htmlindex.Name(e)
	if err != nil {
		name = label
	}
	return single(name, m), nil
}

func single(name string, m *charmap.Charmap) Encoding {
	var table [256]rune
	for b := range table {
		table[b] = m.DecodeByte(byte(b))
	}
	return Encoding{Name: name, Width: 1, table: &table}
}

// Unit returns the code unit at the start of raw, which must hold Width bytes.
func (e Encoding) Unit(raw []byte) uint16 {
	switch {
	case e.Width == 1:
		return uint16(raw[0])
	case e.big:
		return uint16(raw[0])<<8 | uint16(raw[1])
	default:
		return uint16(raw[1])<<8 | uint16(raw[0])
	}
}

// Decode returns raw as UTF-8, and whether every byte of it was a character. What is
// none becomes U+FFFD.
func (e Encoding) Decode(raw []byte) (string, bool) {
	switch {
	case e.Width == 2:
		return e.decodeUTF16(raw)
	case e.table != nil:
		return e.decodeTable(raw)
	case utf8.Valid(raw):
		return string(raw), true
	default:
		return string(bytes.ToValidUTF8(raw, []byte("\uFFFD"))), false
	}
}

func (e Encoding) decodeUTF16(raw []byte) (string, bool) {
	units := make([]uint16, 0, len(raw)/2)
	for ; len(raw) >= 2; raw = raw[2:] {
		units = append(units, e.Unit(raw))
	}
	s := string(utf16.Decode(units))
	return s, len(raw) == 0 && !strings.ContainsRune(s, utf8.RuneError)
}

func (e Encoding) decodeTable(raw []byte) (string, bool) {
	var b strings.Builder
	b.Grow(len(raw) + len(raw)/2)
	ok := true
	for _, c := range raw {
		r := e.table[c]
		ok = ok && r != utf8.RuneError
		b.WriteRune(r)
	}
	return b.String(), ok
}
