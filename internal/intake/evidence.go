package intake

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/zstd"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// chunkSize is how much of a file is compressed as one piece, so that an excerpt from
// the middle of a large file needs only its own pieces.
const chunkSize = 256 << 10

// MaxFile is the largest file that is taken in, in bytes.
const MaxFile = 2 << 30

// Evidence keeps raw files as they came: compressed in pieces, under their SHA-256.
type Evidence struct {
	db  *store.DB
	max int64 // bytes of one file
}

// NewEvidence returns the evidence in the database.
func NewEvidence(db *store.DB) *Evidence { return &Evidence{db: db, max: MaxFile} }

// Blob is a kept file.
type Blob struct {
	Hash string // SHA-256, hexadecimal
	Size int64
	id   int64
}

// Keep stores what r gives and returns its hash and size. A file that is kept already
// is not stored again. More than MaxFile bytes are refused, and nothing is kept.
func (e *Evidence) Keep(ctx context.Context, r io.Reader) (Blob, error) {
	in := &chunker{r: io.LimitReader(r, e.max+1), max: e.max, hash: sha256.New()}
	blob := Blob{id: store.NewID()}
	if err := e.keepChunks(ctx, in, blob.id); err != nil {
		return Blob{}, errors.Join(err, deleteChunks(context.WithoutCancel(ctx), e.db.Write, blob.id))
	}
	blob.Hash, blob.Size = hex.EncodeToString(in.hash.Sum(nil)), in.size
	err := e.db.InTx(ctx, func(tx *sql.Tx) error {
		kept, err := selectBlob(ctx, tx, blob.Hash)
		if err == nil { // the same bytes are here already
			err = deleteChunks(ctx, tx, blob.id)
			blob = kept
			return err
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		return insertBlob(ctx, tx, blob)
	})
	if err != nil {
		err = errors.Join(err, deleteChunks(context.WithoutCancel(ctx), e.db.Write, blob.id))
	}
	if fault.Is(err, fault.Conflict) { // the same bytes were kept at the same moment
		return selectBlob(ctx, e.db.Read, blob.Hash)
	}
	return blob, err
}

// keepChunks writes the pieces in transactions of some megabytes each, so that a
// large file holds neither memory nor the writing connection.
func (e *Evidence) keepChunks(ctx context.Context, in *chunker, blob int64) error {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	defer enc.Close()
	for n, last := 0, false; !last; {
		var pieces [][]byte
		if pieces, last, err = in.some(enc); err != nil {
			return err
		}
		err := e.db.InTx(ctx, func(tx *sql.Tx) error {
			for i, piece := range pieces {
				if err := insertChunk(ctx, tx, blob, n+i, piece); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		n += len(pieces)
	}
	return nil
}

// some returns the next pieces, compressed, and whether they are the last. They are read
// before a transaction begins: a sender on a poor link must not hold the database.
func (c *chunker) some(enc *zstd.Encoder) (pieces [][]byte, last bool, err error) {
	for range 16 {
		piece, err := c.next()
		if errors.Is(err, io.EOF) {
			return pieces, true, nil
		}
		if err != nil {
			return nil, false, fmt.Errorf("read the file at byte %d: %w", c.size, err)
		}
		if c.size > c.max {
			return nil, false, fault.New(fault.Invalid, "the file is larger than %d bytes", c.max).
				WithHint("split it into parts")
		}
		pieces = append(pieces, enc.EncodeAll(piece, nil))
	}
	return pieces, false, nil
}

// chunker cuts what it reads into pieces, counting and hashing them.
type chunker struct {
	r    io.Reader
	max  int64 // bytes that are taken
	hash hash.Hash
	size int64
	buf  []byte
}

func (c *chunker) next() ([]byte, error) {
	if c.buf == nil {
		c.buf = make([]byte, chunkSize)
	}
	n, err := io.ReadFull(c.r, c.buf)
	if n == 0 {
		return nil, err
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	c.hash.Write(c.buf[:n])
	c.size += int64(n)
	return c.buf[:n], nil
}

// Open returns a reader of a kept file from its beginning, or fault.NotFound.
func (e *Evidence) Open(ctx context.Context, hash string) (io.ReadCloser, error) {
	blob, err := selectBlob(ctx, e.db.Read, hash)
	if err != nil {
		return nil, err
	}
	return e.reader(ctx, blob)
}

func (e *Evidence) reader(ctx context.Context, blob Blob) (*blobReader, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(4*chunkSize))
	if err != nil {
		return nil, err
	}
	return &blobReader{ctx: ctx, db: e.db, blob: blob, dec: dec}, nil
}

// Excerpt returns at most length bytes of a kept file from offset on; less at its end.
func (e *Evidence) Excerpt(ctx context.Context, hash string, offset int64, length int) ([]byte, error) {
	blob, err := selectBlob(ctx, e.db.Read, hash)
	if err != nil {
		return nil, err
	}
	if offset < 0 || offset > blob.Size || length < 0 {
		return nil, fault.New(fault.Invalid, "the file has %d bytes, there is none at %d", blob.Size, offset)
	}
	r, err := e.reader(ctx, blob)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	r.n = int(offset / chunkSize)
	if _, err := io.CopyN(io.Discard, r, offset%chunkSize); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	out := make([]byte, min(int64(length), blob.Size-offset))
	_, err = io.ReadFull(r, out)
	return out, err
}

// blobReader reads a kept file piece by piece.
type blobReader struct {
	ctx  context.Context
	db   *store.DB
	blob Blob
	dec  *zstd.Decoder
	n    int // of the next piece
	rest []byte
}

// Read fills p from the current piece, fetching the next one when it is used up.
func (r *blobReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if int64(r.n)*chunkSize >= r.blob.Size {
			return 0, io.EOF
		}
		data, err := selectChunk(r.ctx, r.db.Read, r.blob.id, r.n)
		if err != nil {
			return 0, fmt.Errorf("piece %d of file %.12s: %w", r.n, r.blob.Hash, err)
		}
		if r.rest, err = r.dec.DecodeAll(data, nil); err != nil {
			return 0, fmt.Errorf("piece %d of file %.12s is damaged: %w", r.n, r.blob.Hash, err)
		}
		r.n++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Close gives the decoder's memory back.
func (r *blobReader) Close() error {
	r.dec.Close()
	return nil
}
