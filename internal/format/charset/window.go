package charset

import (
	"errors"
	"io"
	"unicode/utf8"
)

// ErrTooLong is returned when more bytes than the bound would have to be kept at once.
var ErrTooLong = errors.New("longer than the bound")

// Window is a moving view of a raw file: it keeps the bytes from a pinned offset on, and
// never more than its bound.
type Window struct {
	src   io.Reader
	buf   []byte // raw bytes from offset base on
	base  int64
	pin   int64 // bytes before it may be dropped
	bound int
	err   error
}

// NewWindow returns a view of r that keeps at most bound bytes.
func NewWindow(r io.Reader, bound int) *Window {
	return &Window{src: r, bound: bound, buf: make([]byte, 0, 64<<10)}
}

// Head returns up to n bytes from the pinned offset on, fewer at the end of the file.
func (w *Window) Head(n int) ([]byte, error) {
	for len(w.buf)-int(w.pin-w.base) < n {
		if err := w.Fill(); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
	}
	head := w.buf[w.pin-w.base:]
	return head[:min(n, len(head))], nil
}

// Pin lets the bytes before offset go.
func (w *Window) Pin(offset int64) { w.pin = offset }

// End returns the offset behind the last byte in view.
func (w *Window) End() int64 { return w.base + int64(len(w.buf)) }

// From returns the bytes in view from offset on, which must not lie before the pin. They
// are good until the next Fill.
func (w *Window) From(offset int64) []byte { return w.buf[offset-w.base:] }

// Err returns the error that the file itself gave, io.EOF at its end.
func (w *Window) Err() error { return w.err }

// Fill reads more of the file. It returns ErrTooLong when the bound is reached, io.EOF at
// the end of the file, and the file's own error.
func (w *Window) Fill() error {
	if w.err != nil {
		return w.err
	}
	if drop := w.pin - w.base; drop > 0 && len(w.buf) == cap(w.buf) {
		w.buf = w.buf[:copy(w.buf, w.buf[drop:])]
		w.base = w.pin
	}
	if w.End()-w.pin >= int64(w.bound) {
		return ErrTooLong
	}
	if len(w.buf) == cap(w.buf) {
		grown := make([]byte, len(w.buf), min(2*cap(w.buf), w.bound+4096))
		copy(grown, w.buf)
		w.buf = grown
	}
	for range 100 {
		n, err := w.src.Read(w.buf[len(w.buf):cap(w.buf)])
		w.buf = w.buf[:len(w.buf)+n]
		w.err = err
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// Reader gives a Window's bytes as UTF-8, one at a time, and knows at which raw offset
// the last of them stood.
type Reader struct {
	*Window
	enc     Encoding
	at      int64 // raw offset of the next character
	start   int64 // raw offset of the character that the last byte belongs to
	pending [utf8.UTFMax]byte
	n, next int
	given   int64 // bytes of UTF-8 handed out
	Bad     int   // bytes that were no character, given as U+FFFD
	BadAt   int64 // raw offset of the first of them
}

// NewReader returns w as UTF-8, from behind the byte-order mark on.
func NewReader(w *Window, enc Encoding) *Reader {
	return &Reader{Window: w, enc: enc, at: int64(enc.BOM)}
}

// Before returns the raw offset of the character that the last byte read belongs to.
func (r *Reader) Before() int64 { return r.start }

// After returns the raw offset behind the characters read.
func (r *Reader) After() int64 { return r.at }

// Read gives at least one byte. It is there for encoding/xml, which asks for an io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// ReadByte returns the next byte of the text in UTF-8.
func (r *Reader) ReadByte() (byte, error) {
	if r.next < r.n {
		r.next++
		r.given++
		return r.pending[r.next-1], nil
	}
	i := int(r.at - r.base)
	if r.enc.Width == 1 && i < len(r.buf) {
		if b := r.buf[i]; b < utf8.RuneSelf {
			r.start = r.at
			r.at++
			r.given++
			return b, nil
		}
	}
	return r.decode()
}

// decode takes one character that is not ASCII, or stands at the edge of the view.
func (r *Reader) decode() (byte, error) {
	raw, err := r.atLeast(r.enc.Width)
	if err != nil {
		return 0, err
	}
	var c rune
	size := r.enc.Width
	switch {
	case r.enc.Width == 2:
		c, size, err = r.decodeUTF16(raw)
	case r.enc.table != nil:
		c = r.enc.table[raw[0]]
	default:
		c, size, err = r.decodeUTF8(raw)
	}
	if err != nil {
		return 0, err
	}
	if c == utf8.RuneError && (size < 3 || r.enc.Width == 2) {
		r.noteBad()
	}
	r.start = r.at
	r.at += int64(size)
	r.given++
	r.n, r.next = utf8.EncodeRune(r.pending[:], c), 1
	return r.pending[0], nil
}

func (r *Reader) noteBad() {
	if r.Bad == 0 {
		r.BadAt = r.at
	}
	r.Bad++
}

// atLeast returns the bytes in view from the next character on: n of them, or fewer at
// the end of the file, and io.EOF when there are none.
func (r *Reader) atLeast(n int) ([]byte, error) {
	for r.End()-r.at < int64(n) {
		if err := r.Fill(); err == io.EOF && r.at < r.End() {
			break
		} else if err != nil {
			return nil, err
		}
	}
	return r.From(r.at), nil
}

func (r *Reader) decodeUTF8(raw []byte) (rune, int, error) {
	if !utf8.FullRune(raw) {
		more, err := r.atLeast(utf8.UTFMax)
		if err != nil {
			return 0, 0, err
		}
		raw = more
	}
	c, size := utf8.DecodeRune(raw)
	return c, size, nil
}

func (r *Reader) decodeUTF16(raw []byte) (rune, int, error) {
	if len(raw) < 2 {
		return utf8.RuneError, len(raw), nil
	}
	c := rune(r.enc.Unit(raw))
	if c < 0xD800 || c > 0xDFFF {
		return c, 2, nil
	}
	raw, err := r.atLeast(4)
	if err != nil {
		return 0, 0, err
	}
	if low := rune(0); c < 0xDC00 && len(raw) >= 4 {
		if low = rune(r.enc.Unit(raw[2:])); low >= 0xDC00 && low <= 0xDFFF {
			return (c-0xD800)<<10 | (low - 0xDC00) + 0x10000, 4, nil
		}
	}
	return utf8.RuneError, 2, nil
}

// Given returns how many bytes of UTF-8 were read so far.
func (r *Reader) Given() int64 { return r.given }
