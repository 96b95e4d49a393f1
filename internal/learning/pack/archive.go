package pack

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"tidewaiter/internal/fault"
)

// Limits bound what is unpacked.
type Limits struct {
	Entries  int   // in the archive
	File     int64 // bytes of one file, unpacked
	Total    int64 // bytes of all files, unpacked
	Ratio    int64 // how many times larger than packed a file may be
	Free     int64 // bytes up to which the ratio of a file does not matter
	Manifest int64 // bytes of a manifest
}

// Usual are the limits for packages that an officer brings in: some 2 GiB of videos in
// some ten thousand files.
var Usual = Limits{Entries: 20_000, File: 1 << 30, Total: 2 << 30, Ratio: 200, Free: 4 << 20, Manifest: 16 << 20}

var zipMagic = []byte("PK\x03\x04")

// Read reads a package: a zip archive (APPNOTE 6.3, zip64 too) with imsmanifest.xml or
// cmi5.xml at its root, or cmi5.xml alone. What breaks a rule is a fault.Invalid.
func Read(r io.ReaderAt, size int64, lim Limits) (*Package, error) {
	head := make([]byte, 512)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	if bytes.HasPrefix(head, zipMagic) {
		return readArchive(r, size, lim)
	}
	if !looksLikeXML(head) {
		return nil, fault.New(fault.Invalid, "the file is neither a zip archive nor a cmi5 course structure").
			WithHint("choose the .zip that the authoring tool exports")
	}
	if size > lim.Manifest {
		return nil, tooLarge(cmi5Name, lim.Manifest)
	}
	body := make([]byte, size)
	if _, err := r.ReadAt(body, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return readCMI5(body, nil)
}

// looksLikeXML reports whether a text begins as XML does, in UTF-8 or UTF-16.
func looksLikeXML(head []byte) bool {
	if bytes.HasPrefix(head, []byte{0xFF, 0xFE}) || bytes.HasPrefix(head, []byte{0xFE, 0xFF}) {
		return true
	}
	return bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))), []byte("<"))
}

func tooLarge(name string, limit int64) error {
	return fault.New(fault.Invalid, "%s has more than %d bytes", name, limit)
}

const (
	cmi5Name  = "cmi5.xml"
	scormName = "imsmanifest.xml"
)

func readArchive(r io.ReaderAt, size int64, lim Limits) (*Package, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // checkPath says which one
		return nil, fault.Wrap(fault.Invalid, err, "the zip archive is broken").WithHint("export the package again")
	}
	files, err := entries(z, lim)
	if err != nil {
		return nil, err
	}
	var manifest *zip.File
	for _, f := range z.File {
		if f.Name == cmi5Name || f.Name == scormName && manifest == nil {
			manifest = f
		}
	}
	if manifest == nil {
		return nil, noManifest(files)
	}
	body, err := unpack(manifest, lim.Manifest)
	if err != nil {
		return nil, err
	}
	byPath := map[string]File{}
	for _, f := range files {
		byPath[f.Path] = f
	}
	read := readSCORM
	if manifest.Name == cmi5Name {
		read = readCMI5
	}
	p, err := read(body, byPath)
	if err != nil {
		return nil, err
	}
	p.Files = files
	return p, nil
}

// noManifest says where the manifest is, if it stands in a folder.
func noManifest(files []File) error {
	for _, f := range files {
		if strings.HasSuffix(f.Path, "/"+cmi5Name) || strings.HasSuffix(f.Path, "/"+scormName) {
			return fault.New(fault.Invalid, "the manifest stands in a folder: %s", f.Path).WithHint("zip what is in the folder, without the folder itself")
		}
	}
	return fault.New(fault.Invalid, "the archive has neither imsmanifest.xml nor cmi5.xml").
		WithHint("packages of SCORM 1.2, SCORM 2004 and cmi5 can be brought in")
}

// entries checks every entry of the archive, and unpacks each once to hold its real size
// against the declared one.
func entries(z *zip.Reader, lim Limits) ([]File, error) {
	if len(z.File) > lim.Entries {
		return nil, fault.New(fault.Invalid, "the archive has %d entries; %d are the most", len(z.File), lim.Entries)
	}
	seen := map[string]bool{}
	var files []File
	var total int64
	for _, f := range z.File {
		if err := checkPath(f.Name); err != nil {
			return nil, err
		}
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if kind := f.Mode() & fs.ModeType; kind != 0 {
			return nil, fault.New(fault.Invalid, "%.200q in the archive is a link or a device, not a file", f.Name)
		}
		if key := strings.ToLower(f.Name); seen[key] {
			return nil, fault.New(fault.Invalid, "%.200q stands twice in the archive", f.Name)
		} else {
			seen[key] = true
		}
		one, err := entry(f, lim)
		if err != nil {
			return nil, err
		}
		if total += one.Size; total > lim.Total {
			return nil, fault.New(fault.Invalid, "the archive unpacks to more than %d bytes", lim.Total)
		}
		files = append(files, one)
	}
	return files, nil
}

// checkPath refuses names that would leave the package, or mean different files to
// different systems.
func checkPath(name string) error {
	bad := name == "" || len(name) > 1000 || !utf8.ValidString(name) || strings.HasPrefix(name, "/") ||
		strings.ContainsAny(name, "\\\x00") || len(name) > 1 && name[1] == ':'
	for part := range strings.SplitSeq(strings.TrimSuffix(name, "/"), "/") {
		bad = bad || part == ".." || part == "." || part == ""
	}
	for _, c := range name {
		bad = bad || c < 0x20 || c == 0x7F
	}
	if bad {
		return fault.New(fault.Invalid, "the archive has an entry with an unsafe path: %.200q", name).
			WithHint("paths are relative, with / between folders, and do not leave the package")
	}
	return nil
}

func entry(f *zip.File, lim Limits) (one File, err error) {
	switch {
	case f.Flags&1 != 0:
		return one, fault.New(fault.Invalid, "%.200q in the archive is encrypted", f.Name).WithHint("zip it without a password")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return one, fault.New(fault.Invalid, "%.200q in the archive is packed by a method that browsers do not know", f.Name).WithHint("zip it by Deflate")
	case f.UncompressedSize64 > uint64(lim.File):
		return one, fault.New(fault.Invalid, "%.200q in the archive unpacks to more than %d bytes", f.Name, lim.File)
	case int64(f.UncompressedSize64) > lim.Free && f.UncompressedSize64 > uint64(lim.Ratio)*max(1, f.CompressedSize64):
		return one, bomb(f.Name)
	}
	offset, err := f.DataOffset()
	if err != nil {
		return one, fault.Wrap(fault.Invalid, err, "the zip archive is broken").WithHint("export the package again")
	}
	if err := measure(f); err != nil {
		return one, err
	}
	return File{Path: f.Name, Method: f.Method, Offset: offset, Packed: int64(f.CompressedSize64), Size: int64(f.UncompressedSize64)}, nil
}

func bomb(name string) error {
	return fault.New(fault.Invalid, "%.200q in the archive unpacks to far more than it holds: refused", name)
}

// measure unpacks an entry to nowhere: it must have the declared size and sum.
func measure(f *zip.File) error {
	in, err := f.Open()
	if err != nil {
		return damaged(f.Name, err)
	}
	defer in.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(in, int64(f.UncompressedSize64)+1))
	if err == nil && n > int64(f.UncompressedSize64) {
		return bomb(f.Name)
	}
	if err != nil {
		return damaged(f.Name, err)
	}
	return nil
}

func damaged(name string, err error) error {
	return fault.Wrap(fault.Invalid, err, "%.200q in the archive is damaged", name).WithHint("export the package again")
}

// unpack reads one file of the archive.
func unpack(f *zip.File, limit int64) ([]byte, error) {
	if f.UncompressedSize64 > uint64(limit) {
		return nil, tooLarge(f.Name, limit)
	}
	in, err := f.Open()
	if err != nil {
		return nil, damaged(f.Name, err)
	}
	defer in.Close()
	body, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, damaged(f.Name, err)
	}
	return body, nil
}
