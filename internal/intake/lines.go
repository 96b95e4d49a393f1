package intake

import (
	"bytes"
	"context"
	"io"
)

// Line is one line of a text, or one segment of an interchange.
type Line struct {
	Number int   // of the line in the file, of the segment in its message from UNH as 1; 0: not known
	Offset int64 // in the file
	Raw    []byte
}

// maxCounted is how far into a file its lines are counted; behind that they have no number.
const maxCounted = 64 << 20

// lineEnds tells where lines end and how they are counted.
type lineEnds struct {
	width   int // bytes of a code unit
	big     bool
	release byte // of an interchange
	end     byte // of a segment; 0: lines end with a line feed
}

// endsOf reads the separators of an interchange from UNA. UN/EDIFACT ISO 9735 §6.1.
func endsOf(x Excerpt, head []byte) lineEnds {
	e := lineEnds{width: max(x.Encoding.Width, 1), big: x.Encoding.Name == "utf-16be"}
	if x.Import.Format != CUSCAR {
		return e
	}
	e.release, e.end = '?', '\''
	if at := bytes.Index(head, []byte("UNA")); at >= 0 && at < 64 && len(head) >= at+9 {
		e.release, e.end = head[at+6], head[at+8]
	}
	return e
}

// cut returns the first line of text with its end, and the rest.
func (e lineEnds) cut(text []byte) (line, rest []byte, whole bool) {
	for i := 0; i < len(text); i += e.width {
		c := text[i]
		if e.width == 2 {
			if i+1 >= len(text) {
				break
			}
			lo, hi := text[i], text[i+1]
			if e.big {
				lo, hi = hi, lo
			}
			if c = lo; hi != 0 {
				continue
			}
		}
		switch {
		case e.end == 0 && c == '\n':
			return text[:i+e.width], text[i+e.width:], true
		case e.end != 0 && c == e.release && e.release != ' ':
			i++
		case e.end != 0 && c == e.end:
			n := i + 1
			for n < len(text) && (text[n] == '\r' || text[n] == '\n' || text[n] == '\t' || text[n] == ' ') {
				n++
			}
			return text[:n], text[n:], true
		}
	}
	return text, nil, false
}

// number returns the number of a line behind the n-th.
func (e lineEnds) number(n int, line []byte) int {
	if e.end != 0 && bytes.HasPrefix(bytes.TrimLeft(line, " \t\r\n"), []byte("UNH")) {
		return 1
	}
	return n + 1
}

// Lines returns the lines of an excerpt, numbered as the places of problems are.
func (s *Imports) Lines(ctx context.Context, x Excerpt) ([]Line, error) {
	if x.Import.Format == XLSX {
		return nil, nil
	}
	head, err := s.evidence.Excerpt(ctx, x.Import.Hash, 0, 128)
	if err != nil {
		return nil, err
	}
	ends := endsOf(x, head)
	n, open, err := s.countLines(ctx, x, ends)
	if err != nil {
		return nil, err
	}
	var out []Line
	at, rest := x.Offset, x.Raw
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = ends.cut(rest)
		if n >= 0 && !open {
			n = ends.number(n, line)
		}
		open = false
		out = append(out, Line{Number: max(n, 0), Offset: at, Raw: line})
		at += int64(len(line))
	}
	return out, nil
}

// countLines returns the number of the last line that begins before the excerpt and
// whether it goes on in the excerpt; -1 where that is too far into the file.
func (s *Imports) countLines(ctx context.Context, x Excerpt, ends lineEnds) (n int, open bool, err error) {
	if x.Offset > maxCounted {
		return -1, false, nil
	}
	r, err := s.evidence.Open(ctx, x.Import.Hash)
	if err != nil {
		return 0, false, err
	}
	defer r.Close()
	in := io.LimitReader(r, x.Offset)
	var carry []byte
	buf := make([]byte, 256<<10)
	for {
		k, err := io.ReadFull(in, buf)
		rest := append(carry, buf[:k]...)
		for {
			line, next, whole := ends.cut(rest)
			if !whole || len(next) == 0 && k == len(buf) {
				break // more of it may come
			}
			n, rest = ends.number(n, line), next
		}
		if carry = rest; len(carry) > 1<<20 {
			return -1, false, nil
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			if open = len(carry) > 0; open {
				n = ends.number(n, carry)
			}
			return n, open, nil
		}
		if err != nil {
			return 0, false, err
		}
	}
}
