package edifact

import "errors"

// scanState is how far the scanner came in a segment whose end is not yet read.
type scanState struct {
	at    int // relative to the segment's first byte
	flags uint8
}

// find makes the segment at pos ready in r.seg and returns its length without the
// terminator.
func (r *Reader) find() (int, error) {
	r.scan = scanState{}
	r.seg.starts = append(r.seg.starts[:0], 0)
	r.seg.elems = append(r.seg.elems[:0], 0)
	for {
		if r.step() {
			if r.scan.at > r.max {
				return 0, r.tooLong()
			}
			return r.scan.at, nil
		}
		if r.end-r.pos > r.max {
			return 0, r.tooLong()
		}
		if !r.fill() {
			if r.err != nil {
				return 0, r.err
			}
			if r.step() { // a terminator that waited for what follows: nothing does
				return r.scan.at, nil
			}
			return r.unfinished()
		}
	}
}

func (r *Reader) tooLong() error {
	err := r.fail(TooLong, r.Offset(), r.max, "no segment terminator within %d bytes", r.max)
	r.skipping = true
	return err
}

// unfinished takes the last segment of the file, which has no terminator.
func (r *Reader) unfinished() (int, error) {
	rest := r.buf[r.pos:r.end]
	r.scan.at = len(rest)
	if r.byLine {
		return len(rest), nil
	}
	if len(rest) > 3 && (string(rest[:3]) == "UNZ" || string(rest[:3]) == "UNT" || string(rest[:3]) == "UNE") {
		r.warn("terminator", r.Offset(), "the last segment has no terminator")
		return len(rest), nil
	}
	offset := r.Offset()
	r.pos = r.end
	if !r.known() {
		return 0, r.stranger(offset, rest)
	}
	return 0, r.fail(Truncated, offset, len(rest), "the file ends in the middle of a segment, %q", clip(string(rest)))
}

// step scans on in the bytes at hand, and reports whether it found the terminator.
func (r *Reader) step() bool {
	b := r.buf[r.pos:r.end]
	class := &r.class
	starts, elems, flags := r.seg.starts, r.seg.elems, r.scan.flags
	i, done := r.scan.at, false
loop:
	for i < len(b) {
		c := class[b[i]]
		if c == classData {
			i++
			continue
		}
		switch c {
		case classComponent:
			starts = append(starts, int32(i+1))
		case classElement:
			starts = append(starts, int32(i+1))
			elems = append(elems, int32(len(starts)-1))
		case classRelease:
			j := r.released(b, i)
			if j < 0 {
				break loop
			}
			flags |= flagRelease
			i = j
			continue
		case classTerminator:
			switch r.judge(b, i) {
			case waits:
				break loop
			case ends:
				done = true
				break loop
			}
			flags |= flagHealed
		case classControl:
			flags |= flagControl
		case classHigh:
			flags |= flagHigh
			for i+1 < len(b) && b[i+1] >= 0x80 {
				i++
			}
		}
		i++
	}
	r.seg.starts, r.seg.elems = starts, elems
	r.scan = scanState{at: i, flags: flags}
	return done
}

// released returns where to go on behind the release character at i and what it
// releases; -1 when that is not read yet. A line break put between the two by a
// transport is passed over; where line breaks end segments, none is released.
func (r *Reader) released(b []byte, i int) int {
	i++
	if i < len(b) && b[i] > ' ' && b[i] < 0x80 {
		return i + 1
	}
	if r.byLine {
		if i >= len(b) && !r.eof {
			return -1
		}
		return i
	}
	j := i
	for j < len(b) && (b[j] == '\r' || b[j] == '\n') {
		j++
	}
	if j >= len(b) && !r.eof {
		return -1
	}
	if j > i || j < len(b) && b[j] < ' ' {
		return j + released(b, j)
	}
	if j < len(b) && b[j] >= 0x80 {
		return j // the scanner sees that it needs a character set
	}
	return min(j+1, len(b))
}

// released returns 1 when the byte at j is consumed by the release before a break.
func released(b []byte, j int) int {
	if j < len(b) && b[j] < 0x80 {
		return 1
	}
	return 0
}

type verdict uint8

const (
	ends  verdict = iota // the terminator ends the segment
	waits                // more bytes are needed to know
	text                 // it stands in a text, and somebody forgot to release it
)

// judge looks at a terminator at i: an apostrophe as in COTE D'IVOIRE, which the
// sender did not release, is followed by no tag. Only segments that hold text are
// mended so.
func (r *Reader) judge(b []byte, i int) verdict {
	next := i + 1
	if next < len(b) && isBlank(b[next]) || r.byLine || !holdsText(b) {
		return ends
	}
	if len(b)-next < 4 && !r.eof && r.err == nil {
		return waits
	}
	rest := b[next:]
	if len(rest) == 0 || !isWordByte(rest[0]) {
		return ends
	}
	if len(rest) < 4 || string(rest[:3]) == "UNA" {
		return ends
	}
	if isTag(rest[:3]) {
		switch r.class[rest[3]] {
		case classElement, classComponent, classTerminator:
			return ends
		}
		if rest[3] == '\r' || rest[3] == '\n' {
			return ends
		}
	}
	return text
}

func isWordByte(c byte) bool {
	return isUpper(c) || isDigit(c) || c >= 'a' && c <= 'z' || c >= 0x80
}

func holdsText(b []byte) bool {
	if len(b) < 3 {
		return false
	}
	switch string(b[:3]) {
	case "NAD", "FTX", "CTA", "PCI", "LOC", "TDT", "IMD", "GID", "IFT":
		return true
	}
	return false
}

// finish completes r.seg, moves behind its terminator and follows the envelope.
func (r *Reader) finish(length int) (*Segment, error) {
	s := &r.seg
	s.raw = r.buf[r.pos : r.pos+length]
	s.starts = append(s.starts, int32(length+1))
	s.elems = append(s.elems, int32(len(s.starts)-1))
	s.flags, s.syntax, s.breaks = r.scan.flags, r.syntax, r.breaks
	s.Offset = r.Offset()
	s.Length = length
	r.pos += length
	if r.pos < r.end {
		r.pos++
		s.Length++
	}
	if !isTag(s.Bytes(0, 0)) {
		var err error = r.stranger(s.Offset, s.raw)
		r.number++
		r.index++
		return nil, err
	}
	if err := r.follow(s); err != nil {
		return nil, err
	}
	if s.flags&flagHigh != 0 {
		r.choose(s)
	}
	if s.flags&flagHealed != 0 {
		r.warn("terminator", s.Offset, "%s holds a terminator in its text that was not released", s.Tag())
	}
	return s, nil
}

// known reports whether anything in the file was EDIFACT so far.
func (r *Reader) known() bool { return r.index > 0 }

// stranger returns the error for bytes that are no segment. When nothing before was
// one, the file is of another format.
func (r *Reader) stranger(offset int64, b []byte) *Error {
	if !r.known() {
		e := r.fail(NotText, offset, len(b), "the file is not UN/EDIFACT: it begins with %q", clip(string(b[:min(len(b), 40)])))
		r.eof, r.pos, r.end = true, 0, 0
		return e
	}
	e := r.fail(BadTag, offset, len(b), "%q does not begin with a segment tag", clip(string(b[:min(len(b), 80)])))
	e.fault = e.fault.WithHint("an apostrophe in a text must be written ?'")
	return e
}

// IsRecoverable reports whether a Reader that returned err can go on.
func IsRecoverable(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind != NotText
}
