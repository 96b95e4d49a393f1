package resultweb

import (
	"archive/zip"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
)

// bundle is a ZIP in the making, with a manifest of what is in it. Files are hashed as
// they are written, so that none is held in memory.
type bundle struct {
	zip    *zip.Writer
	folder string // that everything stands in
	notes  []string
	files  []packed
}

// packed is a file in the bundle.
type packed struct {
	name string
	size int64
	hash string
}

func newBundle(w io.Writer, folder string) *bundle {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	return &bundle{zip: z, folder: folder}
}

// add writes a file. Pictures are compressed already: store them.
func (b *bundle) add(name string, at time.Time, store bool, write func(io.Writer) error) error {
	out, err := b.create(name, at, store)
	if err != nil {
		return err
	}
	sum := sha256.New()
	size := &counter{}
	if err := write(io.MultiWriter(out, sum, size)); err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	b.files = append(b.files, packed{name, size.n, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func (b *bundle) create(name string, at time.Time, store bool) (io.Writer, error) {
	header := &zip.FileHeader{Name: b.folder + "/" + name, Method: zip.Deflate, Modified: at.UTC()}
	if store {
		header.Method = zip.Store
	}
	return b.zip.CreateHeader(header)
}

// note says in the manifest what is not in the bundle, and why.
func (b *bundle) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
}

// close writes the manifest and ends the ZIP. Lines that begin with # are comments to
// sha256sum -c, which has no place for sizes.
func (b *bundle) close(head string, at time.Time) error {
	out, err := b.create("MANIFEST.txt", at, false)
	if err != nil {
		return err
	}
	var text strings.Builder
	comment := func(line string) { text.WriteString("# " + strings.Join(strings.Fields(line), " ") + "\n") }
	comment(head)
	comment("To check: sha256sum -c MANIFEST.txt. Over each file stands its size in bytes.")
	for _, n := range b.notes {
		comment(n)
	}
	for _, f := range b.files {
		fmt.Fprintf(&text, "#\n# %d bytes\n%s  %s\n", f.size, f.hash, f.name)
	}
	if _, err := io.WriteString(out, text.String()); err != nil {
		return err
	}
	return b.zip.Close()
}

// counter counts what is written.
type counter struct{ n int64 }

// Write counts.
func (c *counter) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return len(b), nil
}
