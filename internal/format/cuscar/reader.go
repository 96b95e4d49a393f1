package cuscar

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/edifact"
)

// holdBills is how many bills are kept back in a message that describes no equipment
// ahead of them, because it may do so behind them.
const holdBills = 4096

// maxEquipment bounds what a message can make us remember.
const maxEquipment = 200_000

// maxManifests bounds how many messages Manifests remembers; bills name theirs anyway.
const maxManifests = 20_000

// level is what the segments at hand describe.
type level uint8

const (
	atHeader level = iota
	atEquipment
	atBill
	atGoods
	atSplit
)

// Reader yields the bills of all CUSCAR messages in a file.
type Reader struct {
	in    *edifact.Reader
	seg   *edifact.Segment
	span  Span
	paths map[pathKey]string
	short map[string]string

	m      *Manifest
	known  map[string]int // equipment of m by number
	hold   bool
	bill   *Bill
	level  level
	place  *Place // the last one, for its date
	party  partyCursor
	eq     int // of m
	filled bool
	said   string // text for goods, stated before any
	cni    consignment

	pending []*Bill
	refers  map[string]bool // containers of pending bills
	ready   []*Bill

	manifests []*Manifest
	others    map[string]int
	err       error
}

// consignment is the CNI that is open.
type consignment struct {
	number, line string
	segment      int
	span         Span
	used         bool // a bill was made of it
}

// NewReader returns a Reader of src.
func NewReader(src io.Reader, options ...edifact.Option) *Reader {
	return &Reader{
		in: edifact.NewReader(src, options...), paths: make(map[pathKey]string), short: make(map[string]string),
		others: make(map[string]int), eq: -1,
	}
}

// Next returns the next bill, io.EOF at the end. Bills with fatal problems are
// returned, too. Any other error is final: a fault.Invalid when the file is no EDIFACT
// or holds no CUSCAR message, else one of the source.
func (r *Reader) Next() (*Bill, error) {
	for len(r.ready) == 0 {
		if r.err != nil {
			return nil, r.err
		}
		r.advance()
	}
	b := r.ready[0]
	r.ready[0] = nil
	r.ready = r.ready[1:]
	if len(r.ready) == 0 {
		r.ready = nil
	}
	return b, nil
}

// Bills ranges over all bills. It ends after the first error, which is never io.EOF.
func (r *Reader) Bills() iter.Seq2[*Bill, error] {
	return func(yield func(*Bill, error) bool) {
		for {
			b, err := r.Next()
			if errors.Is(err, io.EOF) || !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// Manifests returns the manifests met so far. A message without bills, as a
// cancellation, is seen only here. Problems outside of bills are theirs.
func (r *Reader) Manifests() []*Manifest { return r.manifests }

// Skipped counts the messages of other types by type.
func (r *Reader) Skipped() map[string]int { return r.others }

// Warnings returns what was forgiven in the interchange, and how much more there was.
func (r *Reader) Warnings() ([]edifact.Warning, int) { return r.in.Warnings() }

// advance reads one segment.
func (r *Reader) advance() {
	s, err := r.in.Next()
	if err != nil {
		r.stop(err)
		return
	}
	r.seg, r.span = s, Span{s.Offset, s.Length}
	tag := s.Tag()
	switch tag {
	case "UNH":
		r.endMessage(false)
		r.beginMessage()
		return
	case "UNT", "UNZ", "UNB", "UNG", "UNE":
		r.endMessage(false)
		return
	}
	if r.m == nil {
		return
	}
	if r.bill == nil && r.cni.span.Length == 0 {
		r.m.Span.Length = int(s.Offset + int64(s.Length) - r.m.Span.Offset)
	}
	r.read(tag)
}

// stop takes what the tokenizer could not read, and the end.
func (r *Reader) stop(err error) {
	var e *edifact.Error
	switch {
	case errors.Is(err, io.EOF):
		r.endMessage(r.m != nil)
		r.err = io.EOF
		if len(r.manifests) == 0 {
			r.err = r.nothing()
		}
	case errors.As(err, &e) && edifact.IsRecoverable(err):
		if r.m != nil {
			r.openBill()
			r.problem(Problem{Segment: e.Segment, Offset: e.Offset, Length: e.Length, Reason: e.Error(), Fatal: true})
		}
	default:
		r.endMessage(r.m != nil)
		r.err = err
	}
}

// nothing says what the file holds instead of a CUSCAR.
func (r *Reader) nothing() error {
	if len(r.others) == 0 {
		return fault.New(fault.Invalid, "the file holds no message")
	}
	var list []string
	for t, n := range r.others {
		list = append(list, fmt.Sprintf("%d × %s", n, t))
	}
	slices.Sort(list)
	return fault.New(fault.Invalid, "the file holds no CUSCAR message but %s", strings.Join(list, ", "))
}

func (r *Reader) beginMessage() {
	msg := r.in.Message()
	if msg.Type != "" && msg.Type != "CUSCAR" {
		if len(r.others) < 1000 {
			r.others[msg.Type]++
		}
		return
	}
	r.m = &Manifest{Interchange: r.in.Interchange(), Message: msg, Span: r.span}
	if len(r.manifests) < maxManifests {
		r.manifests = append(r.manifests, r.m)
	}
	r.known, r.refers, r.hold = make(map[string]int), make(map[string]bool), false
	r.level, r.eq, r.place, r.party, r.cni, r.said = atHeader, -1, nil, partyCursor{}, consignment{}, ""
}

// endMessage finishes the open message. When the file was cut, its last bill may lack
// what stood behind the cut.
func (r *Reader) endMessage(cut bool) {
	if r.m == nil {
		return
	}
	r.openBill()
	if cut {
		at := r.in.Offset()
		r.problem(Problem{Segment: r.segment(), Offset: at, Fatal: true, Reason: "the file ends before the message does: there is no UNT"})
	}
	end := r.in.Offset()
	if !cut {
		end = r.span.Offset
	}
	r.closeBill(end)
	r.flush()
	r.m = nil
}

func (r *Reader) segment() int {
	if r.seg == nil {
		return 0
	}
	return r.seg.Number
}

// problem notes p at the open bill, else at the manifest.
func (r *Reader) problem(p Problem) {
	const most = 1000
	if r.bill != nil {
		if len(r.bill.Problems) < most {
			r.bill.Problems = append(r.bill.Problems, p)
		}
		return
	}
	if len(r.m.Problems) < most {
		r.m.Problems = append(r.m.Problems, p)
	}
}

// bad notes a value that cannot be read: fatal to a bill; to a manifest not, or one bad
// date would hold up a ship.
func (r *Reader) bad(field, value, reason string) {
	p := Problem{
		Segment: r.seg.Number, Offset: r.span.Offset, Length: r.span.Length,
		Field: field, Value: value, Reason: reason, Fatal: r.bill != nil,
	}
	if r.level == atEquipment && r.eq >= 0 {
		p.Fatal = true
		e := &r.m.Equipment[r.eq]
		if len(e.problems) < 20 {
			e.problems = append(e.problems, p)
		}
		return
	}
	r.problem(p)
}

// mark notes where a field was read.
func (r *Reader) mark(field string) {
	if r.bill != nil {
		r.bill.Marks = append(r.bill.Marks, Mark{field, r.span})
		return
	}
	r.m.Marks = append(r.m.Marks, Mark{field, r.span})
}
