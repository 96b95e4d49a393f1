package evidence

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

// Files keeps raw files as they came.
type Files struct {
	db *store.DB
}

// NewFiles returns the files that are kept in the database.
func NewFiles(db *store.DB) *Files { return &Files{db: db} }

// Blob is a kept file.
type Blob struct {
	Hash string // SHA-256, hexadecimal
	Size int64
	id   int64
}

// Keep stores what r gives and returns its hash and size. A file that is kept already
// is not stored again. More than MaxFile bytes are refused as fault.Invalid, and nothing
// is kept of them.
func (f *Files) Keep(ctx context.Context, r io.Reader) (Blob, error) {
	return f.KeepAtMost(ctx, r, MaxFile)
}

// KeepAtMost is Keep with a smaller bound, in bytes.
func (f *Files) KeepAtMost(ctx context.Context, r io.Reader, most int64) (Blob, error) {
	most = min(most, MaxFile)
	in := &chunker{r: io.LimitReader(r, most+1), max: most, hash: sha256.New()}
	blob := Blob{id: store.NewID()}
	if err := f.keepChunks(ctx, in, blob.id); err != nil {
		return Blob{}, errors.Join(err, deleteChunks(context.WithoutCancel(ctx), f.db.Write, blob.id))
	}
	blob.Hash, blob.Size = hex.EncodeToString(in.hash.Sum(nil)), in.size
	err := f.db.InTx(ctx, func(tx *sql.Tx) error {
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
		err = errors.Join(err, deleteChunks(context.WithoutCancel(ctx), f.db.Write, blob.id))
	}
	if fault.Is(err, fault.Conflict) { // the same bytes were kept at the same moment
		return selectBlob(ctx, f.db.Read, blob.Hash)
	}
	return blob, err
}

// keepChunks writes the pieces in transactions of some megabytes each, so that a
// large file holds neither memory nor the writing connection.
func (f *Files) keepChunks(ctx context.Context, in *chunker, blob int64) error {
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
		err := f.db.InTx(ctx, func(tx *sql.Tx) error {
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

// Stat returns a kept file's hash and size, or fault.NotFound.
func (f *Files) Stat(ctx context.Context, hash string) (Blob, error) {
	return selectBlob(ctx, f.db.Read, hash)
}

// Open returns a reader of a kept file from its beginning, or fault.NotFound.
func (f *Files) Open(ctx context.Context, hash string) (io.ReadCloser, error) {
	blob, err := selectBlob(ctx, f.db.Read, hash)
	if err != nil {
		return nil, err
	}
	return f.reader(ctx, blob)
}

func (f *Files) reader(ctx context.Context, blob Blob) (*blobReader, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(4*chunkSize))
	if err != nil {
		return nil, err
	}
	return &blobReader{ctx: ctx, db: f.db, blob: blob, dec: dec}, nil
}

// Excerpt returns at most length bytes of a kept file from offset on; less at its end.
func (f *Files) Excerpt(ctx context.Context, hash string, offset int64, length int) ([]byte, error) {
	blob, err := selectBlob(ctx, f.db.Read, hash)
	if err != nil {
		return nil, err
	}
	if offset < 0 || offset > blob.Size || length < 0 {
		return nil, fault.New(fault.Invalid, "the file has %d bytes, there is none at %d", blob.Size, offset)
	}
	r, err := f.reader(ctx, blob)
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
