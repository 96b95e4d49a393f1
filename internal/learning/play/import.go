package play

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/store"
)

// MaxPackage is the largest package, packed, in bytes.
const MaxPackage = 1 << 30

// Import brings a package in: it is read and checked whole before anything is kept. A
// package that breaks a rule is a fault.Invalid with its place. name is the file's.
func (p *Player) Import(ctx context.Context, name string, r io.Reader) (*Package, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "tidewaiter-package-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	size, err := io.Copy(file, io.LimitReader(r, MaxPackage+1))
	if err != nil {
		return nil, fmt.Errorf("receive a package: %w", err)
	}
	if size > MaxPackage {
		return nil, fault.New(fault.Invalid, "the package has more than %d bytes", int64(MaxPackage)).WithHint("leave large videos out, or make two packages")
	}
	read, err := pack.Read(file, size, pack.Usual)
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	blob, err := p.Files.Keep(ctx, file)
	if err != nil {
		return nil, err
	}
	one := &Package{
		ID: store.NewID(), Unit: v.Unit.ID, Name: shortName(name), File: blob.Hash, Size: size,
		ImportedBy: v.Officer.ID, ImportedAt: p.DB.Now(), Package: *read,
	}
	err = p.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertPackage(ctx, tx, one); err != nil {
			return err
		}
		return p.Audit.Record(ctx, tx, identity.Entry{Act: "package.imported", ObjectKind: "package", ObjectID: strconv.FormatInt(one.ID, 10),
			Detail: map[string]any{"name": one.Name, "standard": string(one.Standard), "units": len(one.Units)}})
	})
	return one, err
}

// shortName is the last part of a path, which some browsers send whole.
func shortName(name string) string {
	name = store.Text(filepath.Base(strings.ReplaceAll(name, "\\", "/")))
	if r := []rune(name); len(r) > 200 {
		name = string(r[:200])
	}
	return name
}

// Remove takes a package away from learners. What they did stays.
func (p *Player) Remove(ctx context.Context, id int64) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	return p.DB.InTx(ctx, func(tx *sql.Tx) error {
		one, err := p.get(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if err := removePackage(ctx, tx, id, p.DB.Now()); err != nil {
			return err
		}
		return p.Audit.Record(ctx, tx, identity.Entry{Act: "package.removed", ObjectKind: "package", ObjectID: strconv.FormatInt(id, 10),
			Detail: map[string]any{"name": one.Name}})
	})
}

// errNoContent answers every address of content that is wrong, or not any more right.
var errNoContent = fault.New(fault.NotFound, "there is no such file, or the unit was launched too long ago").WithHint("launch the unit again")

// Content is a file of a package.
type Content struct {
	Path   string
	Size   int64
	Origin string // of the pages, which alone may frame it
	io.ReadSeeker
}

// inMemory is up to which size an unpacked file is held in memory.
const inMemory = 32 << 20

// Content returns a file of the package that a session plays; secret is the one in its
// address.
func (p *Player) Content(ctx context.Context, secret, path string) (*Content, error) {
	s, err := selectSession(ctx, p.DB.Read, `content_hash = $1`, hashOf(secret))
	if err != nil || p.DB.Now().After(s.Expires) {
		return nil, errors.Join(notMissing(err), errNoContent)
	}
	hash, f, err := selectFile(ctx, p.DB.Read, s.Registration, path)
	if err != nil {
		return nil, errors.Join(notMissing(err), errNoContent)
	}
	c, err := p.open(ctx, hash, f)
	if err != nil {
		return nil, err
	}
	c.Origin = s.Origin
	return c, nil
}

// Origin returns the origin of the pages that may frame the content of a session.
func (p *Player) Origin(ctx context.Context, secret string) (string, error) {
	s, err := selectSession(ctx, p.DB.Read, `content_hash = $1`, hashOf(secret))
	if err != nil || p.DB.Now().After(s.Expires) {
		return "", errors.Join(notMissing(err), errNoContent)
	}
	return s.Origin, nil
}

// notMissing drops the fault that something is not there.
func notMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
