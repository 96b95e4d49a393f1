package awmds

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/charset"
)

// Bounds of what one file may ask of us. A manifest of a large ship has some 10,000 Bols
// of a few kilobytes each.
const (
	MaxToken    = 1 << 20  // bytes between two tags, or within one
	MaxValue    = 64 << 10 // bytes of one value
	MaxRecord   = 16 << 20 // bytes of one Bol
	MaxDepth    = 32
	maxProblems = 200 // kept for each Bol and for the header
	maxTags     = 500 // different names of tags remembered
)

type frame struct {
	name   string // as it stands
	tag    string // squeezed
	seg    segment
	parent bool // holds other elements
}

// Reader reads a manifest, one Bol at a time. It is not safe for concurrent use.
type Reader struct {
	src  *charset.Reader
	dec  *xml.Decoder
	enc  charset.Encoding
	head Manifest
	done error // what Next returns from now on

	stack   []frame
	tags    map[string]string
	unknown map[string]bool
	text    []byte
	from    int64 // raw span of the text without the white space around it
	to      int64
	lead    int // white space before it
	line    int

	bol       *Bol
	seen      bool // General_segment was read
	bols      int
	recordLen bool // the Bol is longer than its bound, and is not taken
	remark    text // that says SOC
	start     int64
	startLine int
}

// NewReader returns a reader of r. It reads the first bytes to tell the encoding, and
// returns fault.Invalid for an encoding that cannot be read, or the error of r.
func NewReader(r io.Reader) (*Reader, error) {
	w := charset.NewWindow(r, MaxToken)
	head, err := w.Head(charset.HeadSize)
	if err != nil {
		return nil, err
	}
	enc, warning, err := encoding(head)
	if err != nil {
		return nil, err
	}
	src := charset.NewReader(w, enc)
	d := &Reader{src: src, enc: enc, tags: map[string]string{}, unknown: map[string]bool{}}
	d.dec = xml.NewDecoder(src)
	d.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	if warning != "" {
		d.headProblem(Problem{Line: 1, Reason: warning})
	}
	return d, nil
}

// encoding holds what the XML declaration says against what the bytes are.
func encoding(head []byte) (charset.Encoding, string, error) {
	sniffed, reason := charset.Sniff(head)
	if sniffed.BOM > 0 || sniffed.Width == 2 {
		return sniffed, "", nil
	}
	label := declared(head)
	enc, err := charset.Lookup(label)
	switch {
	case err != nil:
		return enc, "", err
	case enc.Width == 2:
		return sniffed, "the file declares " + label + " and is not: read as " + sniffed.Name, nil
	case enc.Name == charset.UTF8.Name && reason != "":
		if label != "" {
			reason = "the file declares " + label + " and is " + reason
		}
		return sniffed, reason, nil
	}
	return enc, "", nil
}

// declared returns the encoding that the XML declaration names (XML 1.0 §4.3.3).
func declared(head []byte) string {
	decl, _, ok := bytes.Cut(head[:min(len(head), 256)], []byte("?>"))
	if !ok || !bytes.HasPrefix(decl, []byte("<?xml")) {
		return ""
	}
	_, rest, ok := bytes.Cut(decl, []byte("encoding"))
	if !ok {
		return ""
	}
	rest = bytes.TrimLeft(rest, " \t\r\n=")
	if len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	label, _, _ := bytes.Cut(rest[1:], rest[:1])
	return string(label)
}

// Encoding returns the name of the encoding that the file is read in.
func (r *Reader) Encoding() string { return r.enc.Name }

// Manifest returns the header as far as it was read, with the problems of the file. It
// is whole once Next has returned an error.
func (r *Reader) Manifest() *Manifest { return &r.head }

// Next returns the next Bol, io.EOF behind the last, and a fault.Invalid with its place
// where the XML is broken; every Bol before that place has been returned by then. A Bol
// with a problem of its own comes with it in Problems, and does not end the reading.
func (r *Reader) Next() (*Bol, error) {
	for r.done == nil {
		r.start = r.src.After() - r.ahead()
		r.startLine, _ = r.dec.InputPos()
		r.src.Pin(r.start)
		tok, err := r.dec.RawToken()
		if err != nil {
			r.done = r.end(err)
			break
		}
		if b := r.take(tok); b != nil {
			return b, nil
		}
	}
	return nil, r.done
}

// ahead returns how many raw bytes the decoder has asked for and given back: none, or
// those of the one character that ended the token before.
func (r *Reader) ahead() int64 {
	if r.dec.InputOffset() < r.src.Given() {
		return r.src.After() - r.src.Before()
	}
	return 0
}

func (r *Reader) take(tok xml.Token) *Bol {
	switch t := tok.(type) {
	case xml.StartElement:
		r.open(t.Name)
	case xml.EndElement:
		return r.close(t.Name)
	case xml.CharData:
		r.gather(t)
	case xml.Directive:
		r.fail("", fault.Say("a document type definition is not taken"), fault.Say("remove the <!DOCTYPE …> line and send the file again"))
	}
	if r.src.Bad > 0 {
		r.note(Problem{Line: r.startLine, Offset: r.src.BadAt, Length: 1,
			Reason: "bytes that are no character in " + r.enc.Name + ": shown as \uFFFD"})
		r.src.Bad = 0
	}
	return nil
}

func (r *Reader) open(name xml.Name) {
	if len(r.stack) >= MaxDepth {
		r.fail(name.Local, fault.Say("elements are nested too deep"), fault.Say("a manifest nests them five deep"))
		return
	}
	f := frame{name: name.Local, tag: r.squeezed(name.Local)}
	f.seg = segments[f.tag]
	if n := len(r.stack); n > 0 {
		r.stack[n-1].parent = true
	} else if f.seg == segNone && f.tag != "" {
		r.headProblem(Problem{Line: r.startLine, Offset: r.start, Field: clip(f.name), Reason: "root is not Awmds: read all the same"})
	}
	if f.seg == segRoot && len(r.stack) > 0 {
		f.seg = segNone
	}
	if f.seg == segSeals && r.within(segContainer) {
		f.seg = segNone // the seals of that container, not of the goods
	}
	r.stack = append(r.stack, f)
	r.text, r.to = r.text[:0], 0
	switch f.seg {
	case segBol:
		r.openBol()
	case segGoods:
		if r.bol != nil {
			r.bol.Goods = append(r.bol.Goods, Goods{})
		}
	case segContainer:
		if r.bol != nil {
			r.bol.Containers = append(r.bol.Containers, Container{})
		}
	}
}

func (r *Reader) within(seg segment) bool {
	for _, f := range r.stack {
		if f.seg == seg {
			return true
		}
	}
	return false
}

func (r *Reader) openBol() {
	if r.bol != nil { // a tag named bol within a Bol
		r.stack[len(r.stack)-1].seg = segNone
		return
	}
	r.bol = &Bol{Line: r.startLine, Offset: r.start, Marks: make([]Mark, 0, 48)}
	r.recordLen, r.remark = false, text{}
}

func (r *Reader) squeezed(name string) string {
	if t, ok := r.tags[name]; ok {
		return t
	}
	t := squeeze(name)
	if len(r.tags) < maxTags {
		r.tags[name] = t
	}
	return t
}

// gather adds a run of characters to the text of the innermost element.
func (r *Reader) gather(data []byte) {
	end := r.src.After() - r.ahead()
	raw := r.src.From(r.start)[:end-r.start]
	lead, tail := blanks(raw, r.enc.Width)
	if lead == len(raw) && len(r.text) == 0 {
		return
	}
	if len(r.text) == 0 {
		r.from, r.line = r.start+int64(lead), r.startLine+bytes.Count(raw[:lead], []byte{'\n'})
	}
	if lead < len(raw) {
		r.to = end - int64(tail)
	}
	if len(r.text) <= MaxValue {
		r.text = append(r.text, data...)
	}
}

// blanks counts the bytes of white space before and behind the text in raw.
func blanks(raw []byte, width int) (lead, tail int) {
	blank := func(p []byte) bool {
		for _, c := range p {
			if c != ' ' && c != '\t' && c != '\r' && c != '\n' && (width == 1 || c != 0) {
				return false
			}
		}
		return true
	}
	for lead+width <= len(raw) && blank(raw[lead:lead+width]) {
		lead += width
	}
	for tail+lead+width <= len(raw) && blank(raw[len(raw)-tail-width:len(raw)-tail]) {
		tail += width
	}
	return lead, tail
}

func (r *Reader) close(name xml.Name) *Bol {
	n := len(r.stack)
	if n == 0 || r.stack[n-1].tag != r.squeezed(name.Local) {
		open := fault.Say("no tag is open")
		if n > 0 {
			open = fault.Say("<%s> is open", clip(r.stack[n-1].name))
		}
		r.fail(name.Local, fault.Say("</%s> closes nothing: %s", clip(name.Local), open), fault.Say("the file may be cut or put together wrongly"))
		return nil
	}
	f := r.stack[n-1]
	if r.bol != nil && r.start-r.bol.Offset > MaxRecord {
		r.recordLen = true
	}
	if !f.parent && len(r.text) > 0 && r.to > 0 && !r.recordLen {
		r.assign(f)
	}
	r.text, r.to = r.text[:0], 0
	r.stack = r.stack[:n-1]
	switch f.seg {
	case segBol:
		return r.closeBol()
	case segGeneral:
		r.closeGeneral()
	case segContainer:
		r.dropEmptyContainer()
	}
	return nil
}

func (r *Reader) closeGeneral() {
	r.seen = true
	if r.head.Arrival.Year() < 1900 {
		r.head.Arrival = (&Manifest{}).Arrival // a time of day without its date
	}
	if r.bols > 0 {
		r.headProblem(Problem{Line: r.startLine, Offset: r.start, Field: "General_segment", Reason: "stands behind Bols: those before it are completed at the end only"})
	}
}

func (r *Reader) dropEmptyContainer() {
	if r.bol == nil || len(r.bol.Containers) == 0 {
		return
	}
	last := len(r.bol.Containers) - 1
	c := &r.bol.Containers[last]
	if c.Number == "" && c.Packages == 0 && c.Type == "" && c.GrossMass == 0 && len(c.Seals.Numbers) == 0 &&
		c.Status == "" && c.IMDG == "" && c.UN == "" && c.Location == "" && c.Tare == 0 && c.Temperature == "" && c.Seals.Party == "" {
		r.bol.Containers = r.bol.Containers[:last]
	}
}

// end turns the decoder's error into that of Next.
func (r *Reader) end(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case err == io.EOF && len(r.stack) == 0 && (r.bols > 0 || r.seen):
		return io.EOF
	case err == io.EOF && len(r.stack) == 0:
		r.fail("", fault.Say("the file holds neither General_segment nor Bol_segment"), fault.Say("it may be another format"))
	case err == io.EOF:
		r.fail(r.stack[len(r.stack)-1].name, fault.Say("the file ends within this element"), fault.Say("it may have been cut: ask for it again"))
	case errors.Is(err, charset.ErrTooLong):
		r.fail("", fault.Say("more than 1 MiB without an end"), fault.Say("no value of a manifest is so long"))
	case errors.As(err, &syntax):
		r.fail("", fault.Say("the XML is broken: %s", syntax.Msg), hintFor(syntax.Msg))
	case r.src.Err() != nil && r.src.Err() != io.EOF:
		return err // the file's own: it could not be read
	default:
		r.fail("", fault.Say("the XML is broken: %s", strings.TrimPrefix(err.Error(), "xml: ")), hintFor(""))
	}
	return r.done
}

func hintFor(message string) fault.Phrase {
	switch {
	case strings.Contains(message, "entity"):
		return fault.Say("write &amp; for an ampersand; no entities but amp, lt, gt, quot and apos are taken")
	case strings.Contains(message, "illegal character"), strings.Contains(message, "encoding"):
		return fault.Say("the file may be binary, or in another encoding than it says")
	case strings.Contains(message, "EOF"):
		return fault.Say("it may have been cut: ask for it again")
	}
	return fault.Say("repair the file at this place and send it again")
}

// fail ends the reading with a fatal problem at this place. A Bol that is open is lost
// as a record, and named in the problem.
func (r *Reader) fail(field string, reason, hint fault.Phrase) {
	line, _ := r.dec.InputPos()
	p := Problem{Line: line, Offset: r.start, Field: clip(field), Fatal: true}
	if r.bol != nil {
		p.Value = clip(r.bol.Reference)
		reason = fault.Say("%s; the Bol from line %d on is not read", reason, r.bol.Line)
	}
	p.Reason = reason.String()
	p.Length = int(min(r.src.After()-r.start, MaxToken))
	r.head.Problems = append(r.head.Problems, p)
	r.done = fault.New(fault.Invalid, "%s", p.say(reason)).WithHint("%s", hint)
}
