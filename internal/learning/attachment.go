package learning

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"

	"tidewaiter/internal/fault"
)

// MaxAttachment is the largest file that goes with a statement, in bytes.
const MaxAttachment = 64 << 20

// maxInMemory is up to which size an attachment waits in memory while it is checked;
// a larger one waits in a file.
const maxInMemory = 1 << 20

// Upload is the content of an attachment, which has been received and waits to be kept
// until the statements that it came with have been accepted.
type Upload struct {
	SHA2 string
	size int64
	body io.ReadSeekCloser
}

// Receive reads the content of an attachment and holds it against its SHA-2, in
// hexadecimal digits. What differs or is too large is a fault.Invalid. Upload.Close must
// be called.
func Receive(sha2 string, r io.Reader) (*Upload, error) {
	sum := hashFor(sha2)
	if sum == nil {
		return nil, fault.New(fault.Invalid, "%.20q is no SHA-2 sum", sha2)
	}
	body, err := spool(io.TeeReader(io.LimitReader(r, MaxAttachment+1), sum))
	if err != nil {
		return nil, err
	}
	u := &Upload{SHA2: sha2, body: body}
	if u.size, err = body.Seek(0, io.SeekEnd); err == nil && u.size > MaxAttachment {
		err = fault.New(fault.Invalid, "the attachment %.12s is larger than %d bytes", sha2, MaxAttachment)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); err == nil && got != sha2 {
		err = fault.New(fault.Invalid, "the content of the attachment %.12s has the SHA-2 sum %.12s", sha2, got)
	}
	if err != nil {
		body.Close()
		return nil, err
	}
	return u, nil
}

// hashFor returns the function of the SHA-2 family that makes sums of this length.
func hashFor(sha2 string) hash.Hash {
	switch len(sha2) {
	case 64:
		return sha256.New()
	case 96:
		return sha512.New384()
	case 128:
		return sha512.New()
	}
	return nil
}

// Bytes returns the whole content of a small attachment, such as a signature; of a larger
// one it is a fault.Invalid.
func (u *Upload) Bytes() ([]byte, error) {
	if u.size > maxInMemory {
		return nil, fault.New(fault.Invalid, "the attachment %.12s is too large for a signature", u.SHA2)
	}
	if _, err := u.body.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(u.body)
}

// Close gives back what the content waits in.
func (u *Upload) Close() error { return u.body.Close() }

// KeepAttachment keeps a content, once, however many statements mention it.
func (r *Records) KeepAttachment(ctx context.Context, u *Upload) error {
	if _, err := u.body.Seek(0, io.SeekStart); err != nil {
		return err
	}
	blob, err := r.files.KeepAtMost(ctx, u.body, MaxAttachment)
	if err != nil {
		return fmt.Errorf("keep the attachment %.12s: %w", u.SHA2, err)
	}
	return insertAttachment(ctx, r.db.Write, u.SHA2, blob.Hash, u.size)
}

// OpenAttachment returns the content of an attachment by its SHA-2, or fault.NotFound
// when it was never sent. Who may see it is who may see a statement that mentions it.
func (r *Records) OpenAttachment(ctx context.Context, sha2 string) (io.ReadCloser, error) {
	file, err := selectAttachment(ctx, r.db.Read, sha2)
	if err != nil {
		return nil, err
	}
	return r.files.Open(ctx, file)
}

// spool reads r to its end: into memory, and what is larger into a file that is gone when
// it is closed.
func spool(r io.Reader) (io.ReadSeekCloser, error) {
	head, err := io.ReadAll(io.LimitReader(r, maxInMemory))
	if err != nil {
		return nil, err
	}
	if len(head) < maxInMemory {
		return inMemory(head), nil
	}
	f, err := os.CreateTemp("", "tidewaiter-attachment-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	if _, err = f.Write(head); err == nil {
		_, err = io.Copy(f, r)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// inMemory returns a reader of bytes that can be closed.
func inMemory(b []byte) io.ReadSeekCloser { return closer{bytes.NewReader(b)} }

type closer struct{ *bytes.Reader }

// Close does nothing.
func (closer) Close() error { return nil }
