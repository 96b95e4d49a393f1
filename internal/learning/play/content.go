package play

import (
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"

	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/pack"
)

// open returns a file of an archive. What is not deflated is read where it stands, so that
// a video can be wound; what is, is unpacked whole.
func (p *Player) open(ctx context.Context, hash string, f pack.File) (*Content, error) {
	packed := io.NewSectionReader(&blobAt{ctx: ctx, files: p.Files, hash: hash}, f.Offset, f.Packed)
	if f.Method == 0 {
		return &Content{Path: f.Path, Size: f.Size, ReadSeeker: packed}, nil
	}
	if f.Size > inMemory {
		return nil, fault.New(fault.Invalid, "%.200q is too large to be unpacked while it is played", f.Path).
			WithHint("zip large media without compression (Store)")
	}
	in := flate.NewReader(io.NewSectionReader(packed, 0, f.Packed))
	defer in.Close()
	body, err := io.ReadAll(io.LimitReader(in, f.Size))
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", f.Path, err)
	}
	return &Content{Path: f.Path, Size: int64(len(body)), ReadSeeker: bytes.NewReader(body)}, nil
}

// blobAt reads a kept file at any place, half a megabyte at a time.
type blobAt struct {
	ctx   context.Context
	files *evidence.Files
	hash  string
	at    int64 // of what is in memory
	have  []byte
}

const readAhead = 512 << 10

// ReadAt fills b from an offset.
func (b *blobAt) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		at := off + int64(n)
		if at < b.at || at >= b.at+int64(len(b.have)) {
			if b.have, err = b.files.Excerpt(b.ctx, b.hash, at, max(readAhead, len(p)-n)); err != nil {
				return n, err
			}
			if b.at = at; len(b.have) == 0 {
				return n, io.EOF
			}
		}
		n += copy(p[n:], b.have[at-b.at:])
	}
	return n, nil
}
