package edifact

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// DefaultMaxSegment is the longest segment that is read unless an option says otherwise.
const DefaultMaxSegment = 1 << 20

const firstBuffer = 64 << 10

// Reader reads the segments of one or more interchanges from a stream.
type Reader struct {
	src  io.Reader
	max  int
	buf  []byte
	pos  int   // of the next byte to read in buf
	end  int   // of the bytes in buf
	base int64 // offset of buf[0] in the file
	eof  bool
	err  error // what the source said, kept

	syntax   Syntax
	class    [256]uint8
	byLine   bool // a line break ends a segment
	breaks   byte
	started  bool // something was read
	fresh    bool // an interchange begins here
	skipping bool // behind an error: go to the next terminator

	seg  Segment
	scan scanState

	interchange Interchange
	group       string
	message     Message
	number      int // segments in the message, or in the file outside of one
	index       int
	counts      counts
	sets        charsetState
	warnings    []Warning
	dropped     int
}

// Option changes how a Reader reads.
type Option func(*Reader)

// MaxSegment bounds the length of a segment in bytes.
func MaxSegment(n int) Option { return func(r *Reader) { r.max = max(n, 16) } }

// NewReader returns a Reader of src. It buffers by itself.
func NewReader(src io.Reader, options ...Option) *Reader {
	r := &Reader{src: src, max: DefaultMaxSegment, buf: make([]byte, firstBuffer), fresh: true}
	for _, o := range options {
		o(r)
	}
	r.use(DefaultSyntax, false)
	return r
}

func (r *Reader) use(s Syntax, byLine bool) {
	r.syntax, r.byLine, r.class = s, byLine, s.classes(byLine)
}

// Syntax returns the service characters in force.
func (r *Reader) Syntax() Syntax { return r.syntax }

// Offset returns how many bytes of the file were read.
func (r *Reader) Offset() int64 { return r.base + int64(r.pos) }

// Next returns the next segment, service segments included but UNA. Its errors are
// io.EOF at the end; an *Error for what cannot be read, after which Next may be
// called again; anything else is from the source, and final.
func (r *Reader) Next() (*Segment, error) {
	if r.skipping {
		if err := r.skip(); err != nil {
			return nil, err
		}
	}
	if err := r.between(); err != nil {
		if errors.Is(err, io.EOF) {
			r.close()
		}
		return nil, err
	}
	length, err := r.find()
	if err != nil {
		return nil, err
	}
	return r.finish(length)
}

// fill reads more bytes behind those in buf, which it moves or grows as needed. It
// returns false at the end of the source, or when it failed.
func (r *Reader) fill() bool {
	if r.eof || r.err != nil {
		return false
	}
	if r.pos > 0 && r.end == len(r.buf) {
		copy(r.buf, r.buf[r.pos:r.end])
		r.base += int64(r.pos)
		r.end -= r.pos
		r.pos = 0
	}
	if r.end == len(r.buf) {
		grown := make([]byte, 2*len(r.buf))
		copy(grown, r.buf[:r.end])
		r.buf = grown
	}
	for range 100 {
		n, err := r.src.Read(r.buf[r.end:])
		if n < 0 || n > len(r.buf)-r.end {
			r.err = errors.New("edifact: source returned an impossible count")
			return false
		}
		r.end += n
		if errors.Is(err, io.EOF) {
			r.eof = true
			return n > 0
		}
		if err != nil {
			r.err = fmt.Errorf("edifact: read at byte %d: %w", r.base+int64(r.end), err)
			return n > 0
		}
		if n > 0 {
			return true
		}
	}
	r.err = fmt.Errorf("edifact: read at byte %d: %w", r.base+int64(r.end), io.ErrNoProgress)
	return false
}

// ensure has at least n bytes ready unless the source ends before.
func (r *Reader) ensure(n int) bool {
	for r.end-r.pos < n {
		if !r.fill() {
			return false
		}
	}
	return true
}

// ended returns io.EOF, or why the source failed.
func (r *Reader) ended() error {
	if r.err != nil {
		return r.err
	}
	return io.EOF
}

// skip passes over what cannot be read, up to and with the next terminator, without
// keeping it.
func (r *Reader) skip() error {
	end := r.syntax.Terminator
	if r.byLine {
		end = '\n'
	}
	for {
		if i := bytes.IndexByte(r.buf[r.pos:r.end], end); i >= 0 {
			r.pos += i + 1
			r.skipping = false
			return nil
		}
		r.base += int64(r.end)
		r.pos, r.end = 0, 0
		if !r.fill() {
			if err := r.ended(); !errors.Is(err, io.EOF) {
				return err
			}
			r.skipping = false
			return nil
		}
	}
}
