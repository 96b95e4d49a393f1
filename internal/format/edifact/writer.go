package edifact

import (
	"bufio"
	"io"
	"strconv"
	"time"

	"golang.org/x/text/encoding/charmap"

	"tidewaiter/internal/fault"
)

// Element is a data element as its components.
type Element []string

// E returns an element of components.
func E(components ...string) Element { return components }

// WriterOptions choose how a Writer writes. The zero value is UNOC version 3 without
// UNA and without line breaks.
type WriterOptions struct {
	Charset    string // UNOA, UNOB (both ASCII), UNOC, UNOE, UNOY, ...
	Version    string // of the syntax
	Syntax     Syntax
	UNA        bool // written anyway when the syntax is not the default
	LineBreaks bool // behind each terminator
}

// Writer writes interchanges: it releases service characters, leaves out what is empty
// at the end of elements and segments, and counts for UNT and UNZ. Its first error is
// kept and returned by End.
type Writer struct {
	out      *bufio.Writer
	options  WriterOptions
	table    map[rune]byte // nil for UTF-8
	err      error
	scratch  []byte
	ref      string
	message  string
	segments int
	messages int
}

var encoders = map[string]*charmap.Charmap{
	"UNOC": charmap.ISO8859_1, "UNOD": charmap.ISO8859_2, "UNOE": charmap.ISO8859_5, "UNOF": charmap.ISO8859_7,
	"UNOG": charmap.ISO8859_3, "UNOH": charmap.ISO8859_4, "UNOI": charmap.ISO8859_6, "UNOJ": charmap.ISO8859_8,
	"UNOK": charmap.ISO8859_9, "UNOL": charmap.ISO8859_15,
}

// NewWriter returns a Writer to w. It fails on a character set that it cannot write.
func NewWriter(w io.Writer, o WriterOptions) (*Writer, error) {
	if o.Charset == "" {
		o.Charset = "UNOC"
	}
	if o.Version == "" {
		o.Version = "3"
	}
	if o.Syntax == (Syntax{}) {
		o.Syntax = DefaultSyntax
	}
	if !o.Syntax.usable() || o.Syntax.Release == ' ' {
		return nil, fault.New(fault.Invalid, "the service characters %q cannot be told apart", o.Syntax.UNA()[3:])
	}
	x := &Writer{out: bufio.NewWriterSize(w, 32<<10), options: o}
	switch o.Charset {
	case "UNOA", "UNOB":
		x.table = map[rune]byte{}
	case "UNOY", "UNOW":
	default:
		m, ok := encoders[o.Charset]
		if !ok {
			return nil, fault.New(fault.Invalid, "the character set %q cannot be written", o.Charset)
		}
		x.table = make(map[rune]byte, 128)
		for i := 0x80; i < 0x100; i++ {
			x.table[m.DecodeByte(byte(i))] = byte(i)
		}
	}
	return x, nil
}

// Begin writes UNA, where it is wanted or needed, and UNB.
func (w *Writer) Begin(i Interchange) {
	if w.options.UNA || w.options.Syntax != DefaultSyntax {
		w.raw(w.options.Syntax.UNA())
		w.lineBreak()
	}
	w.ref, w.messages = i.Reference, 0
	at := i.Prepared.UTC()
	test := ""
	if i.Test {
		test = "1"
	}
	day := "060102"
	if w.options.Version >= "4" { // ISO 9735-1:1998: the year has its century
		day = "20060102"
	}
	w.Segment("UNB", E(w.options.Charset, w.options.Version), E(i.Sender), E(i.Recipient),
		E(at.Format(day), at.Format("1504")), E(i.Reference), nil, E(i.Application), nil, nil, nil, E(test))
}

// BeginMessage writes UNH.
func (w *Writer) BeginMessage(m Message) {
	w.message, w.segments = m.Reference, 0
	w.messages++
	w.Segment("UNH", E(m.Reference), E(m.Type, m.Version, m.Release, m.Agency, m.Association))
}

// EndMessage writes UNT with its count.
func (w *Writer) EndMessage() {
	w.Segment("UNT", E(strconv.Itoa(w.segments+1)), E(w.message))
}

// End writes UNZ with its count, and returns the first error of the interchange.
func (w *Writer) End() error {
	w.Segment("UNZ", E(strconv.Itoa(w.messages)), E(w.ref))
	if err := w.out.Flush(); w.err == nil {
		w.err = err
	}
	return w.err
}

// Segment writes one segment. A nil element is an empty one.
func (w *Writer) Segment(tag string, elements ...Element) {
	w.segments++
	w.raw(tag)
	last := len(elements)
	for last > 0 && elements[last-1].empty() {
		last--
	}
	for _, e := range elements[:last] {
		w.put(w.options.Syntax.Element)
		n := len(e)
		for n > 0 && e[n-1] == "" {
			n--
		}
		for i, c := range e[:n] {
			if i > 0 {
				w.put(w.options.Syntax.Component)
			}
			w.value(tag, c)
		}
	}
	w.put(w.options.Syntax.Terminator)
	w.lineBreak()
}

func (e Element) empty() bool {
	for _, c := range e {
		if c != "" {
			return false
		}
	}
	return true
}

func (w *Writer) value(tag, s string) {
	b := w.scratch[:0]
	syn := &w.options.Syntax
	for _, r := range s {
		switch {
		case r < 0x20 || r == 0x7f:
			b = append(b, ' ') // ISO 9735: no control characters in data
		case r < 0x80:
			c := byte(r)
			if c == syn.Component || c == syn.Element || c == syn.Release || c == syn.Terminator {
				b = append(b, syn.Release)
			}
			b = append(b, c)
		case w.table == nil:
			b = append(b, string(r)...)
		default:
			c, ok := w.table[r]
			if !ok {
				w.failed(fault.New(fault.Invalid, "%s cannot write %q: %s has no %q", tag, clip(s), w.options.Charset, r))
				c = '_'
			}
			b = append(b, c)
		}
	}
	w.scratch = b
	if _, err := w.out.Write(b); err != nil {
		w.failed(err)
	}
}

// Number returns f with the decimal mark of the syntax.
func (w *Writer) Number(f float64) string {
	b := strconv.AppendFloat(nil, f, 'f', -1, 64)
	for i := range b {
		if b[i] == '.' {
			b[i] = w.options.Syntax.Decimal
		}
	}
	return string(b)
}

// FormatTime writes t by a qualifier of element 2379 of the kinds that have a full
// date: 102 day, 203 minute, 204 second. Others are written as 203.
func FormatTime(t time.Time, format string) string {
	switch format {
	case "102":
		return t.UTC().Format("20060102")
	case "204":
		return t.UTC().Format("20060102150405")
	default:
		return t.UTC().Format("200601021504")
	}
}

func (w *Writer) lineBreak() {
	if w.options.LineBreaks {
		w.put('\n')
	}
}

func (w *Writer) put(c byte) {
	if err := w.out.WriteByte(c); err != nil {
		w.failed(err)
	}
}

func (w *Writer) raw(s string) {
	if _, err := w.out.WriteString(s); err != nil {
		w.failed(err)
	}
}

func (w *Writer) failed(err error) {
	if w.err == nil {
		w.err = err
	}
}
