package picture

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // dimensions and pixels of what is taken
	_ "image/jpeg" // dimensions and pixels of what is taken
	_ "image/png"  // dimensions and pixels of what is taken
	"io"

	_ "golang.org/x/image/webp" // dimensions and pixels of what is taken
)

// Limits bound what is taken.
type Limits struct {
	Bytes  int64 // of the file
	Pixels int64 // width times height
	Side   int   // pixels of the longer side: scaling needs memory for each line
	Frames int   // of a moving picture
}

// DefaultLimits take every phone's photos and any scanned paper of some hundred pages.
var DefaultLimits = Limits{Bytes: 25 << 20, Pixels: 60e6, Side: 30_000, Frames: 300}

// Info is what a file says of itself.
type Info struct {
	Kind   Kind
	Width  int // pixels as it is looked at; 0 for a paper
	Height int
	Frames int // 1 for a still picture; 0 for a paper
	Meta   Meta
}

// File is a photo or paper that was taken in.
type File struct {
	Info
	raw    []byte
	stored image.Config // as the pixels lie, before turning
}

// Read reads a file to its end and checks it: what it is, how large, and that its
// structure is whole. It does not decode pixels; Thumbnail does, and finds the damage in
// them, so make the thumbnail before a picture is kept. What is refused is a *Problem,
// fault.Invalid; any other error is r's own.
func Read(r io.Reader, l Limits) (*File, error) {
	raw, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	if int64(len(raw)) > l.Bytes {
		return nil, refuse(TooLarge, "the file is larger than %d MiB", l.Bytes>>20).
			WithHint("photograph in a lower resolution, or send the paper in parts")
	}
	f := &File{raw: raw}
	if f.Kind, err = recognise(raw); err != nil {
		return nil, err
	}
	if f.Kind == PDF {
		return f, checkPDF(raw)
	}
	if err := f.checkSize(l); err != nil {
		return nil, err
	}
	found, err := walkers[f.Kind](raw, nil)
	if err != nil {
		return nil, err
	}
	if f.Frames = found.frames; f.Frames > l.Frames {
		return nil, refuse(TooManyFrames, "the moving picture has more than %d frames", l.Frames).WithHint("send single frames of it")
	}
	f.Meta = readMeta(found.exif)
	f.Width, f.Height = f.Meta.Orientation.size(f.stored.Width, f.stored.Height)
	return f, nil
}

// checkSize reads the dimensions and nothing else of a picture.
func (f *File) checkSize(l Limits) error {
	config, _, err := image.DecodeConfig(bytes.NewReader(f.raw))
	if err != nil {
		return refuse(Broken, "the %s file cannot be opened: %v", f.Kind.short(), err).WithHint("take the picture again, or send the original")
	}
	if config.Width <= 0 || config.Height <= 0 {
		return broken(f.Kind, 0, "the picture has no size")
	}
	if int64(config.Width)*int64(config.Height) > l.Pixels || max(config.Width, config.Height) > l.Side {
		return refuse(TooManyPixels, "the picture has %d × %d pixels; at most %d million are taken, and %d on a side",
			config.Width, config.Height, l.Pixels/1e6, l.Side).WithHint("send it in a lower resolution")
	}
	f.stored = config
	return nil
}

// Bytes returns the file as it came.
func (f *File) Bytes() []byte { return f.raw }

// Strip writes a copy without metadata: no time, place, camera, comment, embedded
// preview, or anything behind the picture's end. The pixels are untouched, bit by bit,
// and stand the same way up; colour profiles stay. A paper is refused.
func (f *File) Strip(w io.Writer) error {
	if f.Kind.Paper() {
		return refuse(NoCopy, "the metadata of a %s file cannot be taken off", f.Kind.short()).WithHint("print it anew as PDF")
	}
	out := &stripped{w: w, orientation: f.Meta.Orientation}
	if _, err := walkers[f.Kind](f.raw, out); err != nil {
		return err
	}
	return out.err
}

// contents is what a walk through a file finds.
type contents struct {
	frames int
	exif   []byte // the first Exif data, from its TIFF header on
}

// walkers walk the parts of a file, check that they are whole, and write what belongs to
// the picture to out, where it is not nil.
var walkers = map[Kind]func(raw []byte, out *stripped) (contents, error){JPEG: walkJPEG, PNG: walkPNG, WebP: walkWebP, GIF: walkGIF}

// stripped is the copy that a walker writes.
type stripped struct {
	w           io.Writer
	orientation Orientation
	err         error // of the first write that failed
}

// write writes parts, unless nothing is wanted or an earlier write failed.
func (s *stripped) write(parts ...[]byte) {
	if s == nil {
		return
	}
	for _, p := range parts {
		if s.err == nil {
			_, s.err = s.w.Write(p)
		}
	}
}

// checkPDF refuses a paper that was cut off: its end names where its parts are.
func checkPDF(raw []byte) error {
	if !bytes.Contains(raw[max(0, len(raw)-2048):], []byte("%%EOF")) {
		return refuse(Broken, "the PDF file is cut off: its end is missing").WithHint("send it again")
	}
	return nil
}
