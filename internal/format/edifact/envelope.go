package edifact

import (
	"strconv"
	"strings"
	"time"
)

// Interchange is what UNB says of the file. ISO 9735-1, segment UNB.
type Interchange struct {
	Charset     string // syntax identifier: UNOA to UNOY
	Version     string
	Sender      string
	Recipient   string
	Prepared    time.Time // zero where it is not stated or not a date
	Reference   string    // interchange control reference
	Application string
	Test        bool
}

// Message is what UNH says of a message.
type Message struct {
	Reference   string
	Type        string // CUSCAR, ...; empty where the sender left it out
	Version     string // D
	Release     string // 95B
	Agency      string // UN
	Association string
}

// Directory returns the version and release as in D.95B.
func (m Message) Directory() string {
	if m.Version == "" && m.Release == "" {
		return ""
	}
	return m.Version + "." + m.Release
}

// counts are what UNT, UNE and UNZ are checked against.
type counts struct {
	inInterchange, inMessage, inGroup bool
	messages, groups                  int
	groupMessages                     int
}

// Interchange returns what the last UNB said.
func (r *Reader) Interchange() Interchange { return r.interchange }

// Message returns what the last UNH said, the zero Message outside of messages.
func (r *Reader) Message() Message { return r.message }

// InMessage reports whether a UNH is open.
func (r *Reader) InMessage() bool { return r.counts.inMessage }

// Group returns the reference of the open group, or an empty string.
func (r *Reader) Group() string { return r.group }

// follow keeps count of the envelope.
func (r *Reader) follow(s *Segment) error {
	r.index++
	r.number++
	raw := s.raw
	if raw[0] == 'U' && raw[1] == 'N' {
		switch raw[2] {
		case 'B':
			r.openInterchange(s)
		case 'G':
			r.openGroup(s)
		case 'H':
			r.openMessage(s)
		}
	}
	s.Index = r.index
	s.Number = 0
	if r.counts.inMessage {
		s.Number = r.number
	}
	if raw[0] == 'U' && raw[1] == 'N' {
		switch raw[2] {
		case 'T':
			r.closeMessage(s)
		case 'E':
			r.closeGroup(s)
		case 'Z':
			r.closeInterchange(s)
		}
	}
	return nil
}

func (r *Reader) openInterchange(s *Segment) {
	r.leaveMessage(s.Offset)
	if r.counts.inInterchange {
		r.warn("missing", s.Offset, "UNB begins before UNZ ended interchange %s", clip(r.interchange.Reference))
	}
	r.counts = counts{inInterchange: true}
	r.group, r.message, r.number = "", Message{}, r.index
	r.interchange = Interchange{
		Charset: strings.ToUpper(s.Value(1, 0)), Version: s.Value(1, 1),
		Sender: s.Value(2, 0), Recipient: s.Value(3, 0),
		Reference: s.Value(5, 0), Application: s.Value(7, 0), Test: s.Value(11, 0) == "1",
	}
	stamp := s.Value(4, 0) + s.Value(4, 1)
	if t, err := ParseTime(stamp, ""); err == nil {
		r.interchange.Prepared = t
	}
	r.declare(r.interchange.Charset, s.Offset)
	s.chars = r.sets.current
}

func (r *Reader) openGroup(s *Segment) {
	r.leaveMessage(s.Offset)
	if r.counts.inGroup {
		r.warn("missing", s.Offset, "UNG begins before UNE ended group %s", clip(r.group))
	}
	r.counts.inGroup, r.counts.groupMessages = true, 0
	r.counts.groups++
	r.group = s.Value(5, 0)
}

func (r *Reader) openMessage(s *Segment) {
	r.leaveMessage(s.Offset)
	r.counts.inMessage = true
	r.counts.messages++
	r.counts.groupMessages++
	r.number = 1
	r.message = Message{
		Reference: s.Value(1, 0), Type: s.Value(2, 0), Version: s.Value(2, 1),
		Release: s.Value(2, 2), Agency: s.Value(2, 3), Association: s.Value(2, 4),
	}
	if r.message.Type == "" {
		r.warn("missing", s.Offset, "UNH names no message type")
	}
}

// leaveMessage warns of a message that nothing ended.
func (r *Reader) leaveMessage(offset int64) {
	if r.counts.inMessage {
		r.warn("missing", offset, "message %s has no UNT", clip(r.message.Reference))
	}
	r.counts.inMessage, r.message = false, Message{}
}

func (r *Reader) closeMessage(s *Segment) {
	if !r.counts.inMessage {
		r.warn("unbalanced", s.Offset, "UNT without UNH")
		return
	}
	r.check(s, "UNT", "segments", r.number)
	r.match(s, "UNT", r.message.Reference)
	r.counts.inMessage = false
	r.message, r.number = Message{}, r.index
}

func (r *Reader) closeGroup(s *Segment) {
	r.leaveMessage(s.Offset)
	if !r.counts.inGroup {
		r.warn("unbalanced", s.Offset, "UNE without UNG")
		return
	}
	r.check(s, "UNE", "messages", r.counts.groupMessages)
	r.match(s, "UNE", r.group)
	r.counts.inGroup, r.group = false, ""
}

func (r *Reader) closeInterchange(s *Segment) {
	r.leaveMessage(s.Offset)
	if r.counts.inGroup {
		r.warn("missing", s.Offset, "group %s has no UNE", clip(r.group))
	}
	r.fresh = true // the next interchange may be written in another way
	if !r.counts.inInterchange {
		r.warn("unbalanced", s.Offset, "UNZ without UNB")
		return
	}
	if r.counts.groups > 0 { // ISO 9735-1: UNZ counts groups where there are any
		r.check(s, "UNZ", "groups", r.counts.groups)
	} else {
		r.check(s, "UNZ", "messages", r.counts.messages)
	}
	r.match(s, "UNZ", r.interchange.Reference)
	r.counts = counts{}
}

// check compares the count that a trailer states with ours.
func (r *Reader) check(s *Segment, tag, what string, have int) {
	stated := s.Value(1, 0)
	if n, err := strconv.Atoi(strings.TrimSpace(stated)); err != nil || n != have {
		r.warn("count", s.Offset, "%s states %q %s, there are %d", tag, clip(stated), what, have)
	}
}

// match compares the control reference of a trailer with its header's.
func (r *Reader) match(s *Segment, tag, header string) {
	if ref := s.Value(2, 0); ref != header {
		r.warn("reference", s.Offset, "%s refers to %q, the header to %q", tag, clip(ref), clip(header))
	}
}

// close warns once, at the end of the file, of what was left open.
func (r *Reader) close() {
	at := r.Offset()
	r.leaveMessage(at)
	if r.counts.inGroup {
		r.warn("missing", at, "group %s has no UNE", clip(r.group))
	}
	if r.counts.inInterchange {
		r.warn("missing", at, "interchange %s has no UNZ", clip(r.interchange.Reference))
	}
	r.counts = counts{}
}
