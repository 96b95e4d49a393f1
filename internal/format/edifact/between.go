package edifact

import "bytes"

const bom = "\xef\xbb\xbf"

// sniffWindow is how far the beginning of an interchange is looked at to learn what
// ends its segments.
const sniffWindow = 8 << 10

// between passes over what may stand between segments: blanks, line breaks,
// byte-order marks, and UNA, which it obeys.
func (r *Reader) between() error {
	for {
		for r.pos < r.end && isBlank(r.buf[r.pos]) {
			r.pos++
		}
		if r.pos == r.end {
			if !r.fill() {
				return r.ended()
			}
			continue
		}
		c := r.buf[r.pos]
		switch {
		case c == bom[0] && r.ensure(3) && string(r.buf[r.pos:r.pos+3]) == bom:
			r.pos += 3
		case c == r.syntax.Terminator && !r.byLine && r.known():
			r.warn("terminator", r.Offset(), "an empty segment")
			r.pos++
		case !r.started && (c == 0xfe || c == 0xff):
			err := r.fail(NotText, r.Offset(), 2, "the file is not UN/EDIFACT: it begins with a UTF-16 mark or is binary")
			r.eof, r.pos, r.end, r.started = true, 0, 0, true
			return err
		case c == 'U' && r.ensure(9) && string(r.buf[r.pos:r.pos+3]) == "UNA":
			if err := r.advice(); err != nil {
				return err
			}
		default:
			if r.fresh {
				r.begin()
			}
			return nil
		}
	}
}

// advice reads UNA: six characters, or five where a sender forgot the reserved one.
func (r *Reader) advice() error {
	b := r.buf[r.pos : r.pos+9]
	s := Syntax{Component: b[3], Element: b[4], Decimal: b[5], Release: b[6], Repetition: b[7], Terminator: b[8]}
	length := 9
	if b[7] == '\'' && (b[8] == 'U' || isBlank(b[8])) {
		s.Repetition, s.Terminator, length = ' ', '\'', 8
		r.warn("una", r.Offset(), "UNA has five service characters instead of six")
	}
	byLine := s.Terminator == '\n' || s.Terminator == '\r'
	if byLine {
		s.Terminator = '\n'
	}
	r.started, r.fresh = true, true
	if !s.usable() {
		err := r.fail(BadSyntax, r.Offset(), 9, "UNA declares service characters that cannot be told apart: %q", b)
		r.use(DefaultSyntax, false)
		r.pos += length
		return err
	}
	r.use(s, byLine)
	r.pos += length
	return nil
}

// begin looks at the first bytes of an interchange: does a line break end a
// segment, and are lines wrapped at a width?
func (r *Reader) begin() {
	r.fresh = false
	r.started = true
	r.ensure(sniffWindow)
	window := r.buf[r.pos:min(r.end, r.pos+sniffWindow)]
	if !r.byLine && r.endsByLine(window) {
		r.use(r.syntax, true)
	}
	r.breaks = ' '
	if wrapped(window) {
		r.breaks = 0
	}
}

// endsByLine reports whether the first segment ends with a line break and the tag
// that must follow it stands on the next line, before any terminator.
func (r *Reader) endsByLine(window []byte) bool {
	line := bytes.IndexByte(window, '\n')
	if line < 0 {
		return false
	}
	if t := bytes.IndexByte(window, r.syntax.Terminator); t >= 0 && t < line {
		return false
	}
	next := bytes.TrimLeft(window[line:], "\r\n\t ")
	if len(next) < 4 || next[3] != r.syntax.Element {
		return false
	}
	switch string(next[:3]) {
	case "UNH", "UNG", "BGM", "UNB":
		return true
	}
	return false
}

// wrapped reports whether the text comes in lines of one width, as from a transport
// that cuts without regard to words: then a break inside a value stands for nothing,
// else for a space.
func wrapped(window []byte) bool {
	const least = 40
	width, lines := 0, 0
	for lines < 4 {
		i := bytes.IndexByte(window, '\n')
		if i < 0 {
			break
		}
		line := bytes.TrimRight(window[:i], "\r")
		if lines == 0 {
			width = len(line)
		}
		if len(line) != width || width < least {
			return false
		}
		lines++
		window = window[i+1:]
	}
	return lines >= 2
}
