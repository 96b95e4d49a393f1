package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"sync"

	"golang.org/x/image/draw"
)

// large is from how many pixels on a picture is decoded alone: 60 million of them take up
// to half a gigabyte, so two at a time could be more than the machine has.
const large = 4_000_000

var alone sync.Mutex

const quality = 82 // of thumbnails, JPEG

// Thumbnail writes a small copy as JPEG, the right way up, whose longer side has at most
// side pixels; what is clear becomes white. Of a moving picture it shows the first frame.
// Damaged pixels are a *Problem with the refusal Broken.
func (f *File) Thumbnail(w io.Writer, side int) error {
	if f.Kind.Paper() {
		return refuse(NoPreview, "a %s file has no thumbnail", f.Kind.short())
	}
	small, err := f.shrink(side)
	if err != nil {
		return err
	}
	if err := jpeg.Encode(w, f.Meta.Orientation.apply(small), &jpeg.Options{Quality: quality}); err != nil {
		return fmt.Errorf("write the thumbnail: %w", err)
	}
	return nil
}

// shrink decodes the pixels and scales them down, as they lie.
func (f *File) shrink(side int) (*image.RGBA, error) {
	if f.stored.Width*f.stored.Height > large {
		alone.Lock()
		defer alone.Unlock()
	}
	img, _, err := image.Decode(bytes.NewReader(f.raw))
	if err != nil {
		return nil, refuse(Broken, "the %s file is damaged: %v", f.Kind.short(), err).WithHint("take the picture again, or send the original")
	}
	width, height := fit(img.Bounds().Dx(), img.Bounds().Dy(), side)
	img = reduce(img, max(f.stored.Width, f.stored.Height)/(2*side))
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(small, small.Bounds(), img, img.Bounds(), draw.Over, nil)
	return small, nil
}

// fit returns the size whose longer side has at most side pixels; never a larger one.
func fit(width, height, side int) (int, int) {
	longer := max(width, height)
	if longer <= side {
		return width, height
	}
	scale := func(n int) int { return max(1, (n*side+longer/2)/longer) }
	return scale(width), scale(height)
}

// apply turns a picture the right way up.
func (o Orientation) apply(img *image.RGBA) *image.RGBA {
	if !o.turned() {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	width, height := o.size(w, h)
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range h {
		for x := range w {
			tx, ty := o.place(x, y, w, h)
			copy(out.Pix[out.PixOffset(tx, ty):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return out
}

// place returns where a stored pixel of a picture of w by h belongs.
func (o Orientation) place(x, y, w, h int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
