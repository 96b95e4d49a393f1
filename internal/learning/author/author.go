// Package author is where courses are written in the browser: the files of a course
// folder (learning/course), kept in the database as a draft and as what is published.
//
// A draft may be flawed; only one without flaws is published, whole. Two authors never
// overwrite each other: a file is saved over the version that the author saw, or refused.
package author

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/store"
)

// Course is a course that is written here.
type Course struct {
	ID        string
	By        int64
	At        time.Time
	Published time.Time // zero: not yet
}

// File is a file of a draft.
type File struct {
	Path    string
	Version int // of the file; 0: it is new
	Body    []byte
	By      int64
	At      time.Time
}

// Desk are the use-cases of authors. All need identity.Teach.
type Desk struct {
	DB    *store.DB
	Audit *identity.Audit
}

// Bounds of a course that is written here.
const (
	maxFile   = 1 << 20
	mostFiles = 400
)

var (
	goodID   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,60}$`)
	goodPath = regexp.MustCompile(`^(course\.toml|questions\.toml|lessons/[a-z0-9][a-z0-9-]{0,60}\.(en|ru|ky)\.md|pictures/[a-z0-9][a-z0-9-]{0,60}\.(svg|png|jpg|webp))$`)
)

var errNoCourse = fault.New(fault.NotFound, "no course of this name is written here")

// Courses returns all courses that are written here, by name.
func (d *Desk) Courses(ctx context.Context) ([]Course, error) {
	if _, err := identity.May(ctx, identity.Teach); err != nil {
		return nil, err
	}
	return selectCourses(ctx, d.DB.Read)
}

// New begins a course: with the files of another one, or with a small example.
func (d *Desk) New(ctx context.Context, id string, from fs.FS) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	if !goodID.MatchString(id) {
		return fault.New(fault.Invalid, "%q is no name for a course", id).WithHint("use small letters, digits and hyphens, such as reefer-containers")
	}
	files, err := gather(from)
	if err != nil {
		return err
	}
	now := d.DB.Now()
	return d.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertCourse(ctx, tx, Course{ID: id, By: v.Officer.ID, At: now}); err != nil {
			if store.IsUnique(err) || fault.Is(err, fault.Conflict) {
				return fault.New(fault.Conflict, "a course %q is written here already", id)
			}
			return err
		}
		for _, f := range files {
			f.By, f.At, f.Version = v.Officer.ID, now, 1
			if err := insertFile(ctx, tx, id, f); err != nil {
				return err
			}
		}
		return d.record(ctx, tx, "author.begun", id, nil)
	})
}

// gather reads the files of a course folder.
func gather(from fs.FS) (files []File, err error) {
	err = fs.WalkDir(from, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !goodPath.MatchString(path) {
			return err
		}
		body, err := fs.ReadFile(from, path)
		files = append(files, File{Path: path, Body: body})
		return err
	})
	if len(files) > mostFiles {
		return nil, fault.New(fault.Invalid, "a course may have %d files", mostFiles)
	}
	return files, err
}

func (d *Desk) record(ctx context.Context, tx *sql.Tx, act, id string, detail any) error {
	return d.Audit.Record(ctx, tx, identity.Entry{Act: act, ObjectKind: "course", ObjectID: id, Detail: detail})
}

// Files returns the files of a draft, by path, without their bodies.
func (d *Desk) Files(ctx context.Context, id string) ([]File, error) {
	files, err := d.draft(ctx, id)
	for i := range files {
		files[i].Body = nil
	}
	return files, err
}

// File returns a file of a draft; one that is not there is new and empty.
func (d *Desk) File(ctx context.Context, id, path string) (File, error) {
	files, err := d.draft(ctx, id)
	if err != nil {
		return File{}, err
	}
	if i := slices.IndexFunc(files, func(f File) bool { return f.Path == path }); i >= 0 {
		return files[i], nil
	}
	if !goodPath.MatchString(path) {
		return File{}, errPath(path)
	}
	version, err := fileVersion(ctx, d.DB.Read, id, path)
	return File{Path: path, Version: version}, err
}

func errPath(path string) error {
	return fault.New(fault.Invalid, "%q is not a file of a course", path).WithHint("lessons are called lessons/01-door.en.md, pictures pictures/door.svg")
}

// draft returns the files of a draft with their bodies.
func (d *Desk) draft(ctx context.Context, id string) ([]File, error) {
	if _, err := identity.May(ctx, identity.Teach); err != nil {
		return nil, err
	}
	all, err := selectCourses(ctx, d.DB.Read)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(all, func(c Course) bool { return c.ID == id }) {
		return nil, errNoCourse
	}
	return selectFiles(ctx, d.DB.Read, id, "draft")
}

// Save saves a file over the version that the author saw. Errors: fault.Conflict where
// somebody has saved it meanwhile, fault.Invalid for a path or size that a course has not.
func (d *Desk) Save(ctx context.Context, id string, f File) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	if !goodPath.MatchString(f.Path) {
		return errPath(f.Path)
	}
	if len(f.Body) > maxFile {
		return fault.New(fault.Invalid, "a file of a course may have %d bytes", maxFile)
	}
	if strings.HasSuffix(f.Path, ".md") || strings.HasSuffix(f.Path, ".toml") {
		f.Body = []byte(strings.ReplaceAll(store.Text(string(f.Body)), "\r\n", "\n"))
	}
	f.By, f.At = v.Officer.ID, d.DB.Now()
	return d.change(ctx, id, f, map[string]any{"file": f.Path})
}

// Remove takes a file out of the draft.
func (d *Desk) Remove(ctx context.Context, id string, f File) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	f.By, f.At, f.Body = v.Officer.ID, d.DB.Now(), nil
	return d.change(ctx, id, f, map[string]any{"file": f.Path, "removed": true})
}

func (d *Desk) change(ctx context.Context, id string, f File, detail any) error {
	return d.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := lockCourse(ctx, tx, id); err != nil {
			return err
		}
		files, err := selectFiles(ctx, tx, id, "draft")
		if err != nil {
			return err
		}
		if f.Version == 0 && len(files) >= mostFiles {
			return fault.New(fault.Invalid, "a course may have %d files", mostFiles)
		}
		saved, err := saveFile(ctx, tx, id, f)
		if err != nil {
			return err
		}
		if !saved {
			return fault.New(fault.Conflict, "somebody else has saved this file meanwhile").WithHint("copy what you wrote, load the page again, and put it in")
		}
		return d.record(ctx, tx, "author.saved", id, detail)
	})
}

// Read reads a draft as a course. What is wrong is course.Flaws in the chain of the error.
func (d *Desk) Read(ctx context.Context, id string) (*course.Course, error) {
	files, err := d.draft(ctx, id)
	if err != nil {
		return nil, err
	}
	return readFiles(id, files)
}

// Publish publishes a draft; one with flaws is refused.
func (d *Desk) Publish(ctx context.Context, id string) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	return d.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := lockCourse(ctx, tx, id); err != nil {
			return err
		}
		files, err := selectFiles(ctx, tx, id, "draft")
		if err != nil {
			return err
		}
		one, err := readFiles(id, files)
		if err != nil {
			return err
		}
		if err := publishFiles(ctx, tx, id, v.Officer.ID, d.DB.Now()); err != nil {
			return err
		}
		return d.record(ctx, tx, "author.published", id, map[string]any{"version": one.Version})
	})
}

// Changes counts what was published so far, over all courses: while it stays, Published
// returns the same.
func (d *Desk) Changes(ctx context.Context) (int64, error) { return selectChanges(ctx, d.DB.Read) }

// Published returns the published courses, by name. It is for the program, and asks for no
// permission.
func (d *Desk) Published(ctx context.Context) (list []*course.Course, wrong error) {
	all, err := selectCourses(ctx, d.DB.Read)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Published.IsZero() {
			continue
		}
		files, err := selectFiles(ctx, d.DB.Read, c.ID, "published")
		if err != nil {
			return nil, err
		}
		one, err := readFiles(c.ID, files)
		if err != nil { // by rules that are stricter than those it was published under
			wrong = errors.Join(wrong, err)
			continue
		}
		list = append(list, one)
	}
	return list, wrong
}

// readFiles reads files as a course, by way of an archive in memory.
func readFiles(id string, files []File) (*course.Course, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		out, err := z.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := out.Write(f.Body); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return nil, err
	}
	return course.Read(archive, id)
}
