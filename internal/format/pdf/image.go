package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // what Image takes
	"image/jpeg"
	_ "image/png" // what Image takes

	"codeberg.org/go-pdf/fpdf"

	"tidewaiter/internal/fault"
)

// Picture is a photo with its caption.
type Picture struct {
	Raw     []byte // JPEG, PNG or GIF, the right way up
	Caption string
}

const (
	mostHeight = 120.0 // millimetres of a picture
	dots       = 150.0 // pixels to the inch; a small picture is not blown up
	pictureGap = 6.0
)

// Image shows a picture as wide as the text, with its caption under it.
func (d *Doc) Image(p Picture) { d.pictures([]Picture{p}, textWidth) }

// Images shows pictures two in a row.
func (d *Doc) Images(all []Picture) {
	for len(all) > 0 {
		n := min(2, len(all))
		d.pictures(all[:n], (textWidth-pictureGap)/2)
		all = all[n:]
	}
}

// placed is a picture with its size on the page.
type placed struct {
	name          string // under which the file has it
	width, height float64
	caption       []string
}

// pictures writes pictures side by side, each in a column of a width.
func (d *Doc) pictures(all []Picture, column float64) {
	if d.err != nil {
		return
	}
	var row []placed
	var tall float64
	for _, p := range all {
		at, err := d.place(p, column)
		if err != nil {
			d.err = err
			return
		}
		row = append(row, at)
		tall = max(tall, at.height+1.5+float64(len(at.caption))*noteStyle.line)
	}
	d.room(min(tall, textBottom-marginTop))
	y := d.pdf.GetY()
	for i, at := range row {
		x := marginLeft + float64(i)*(column+pictureGap)
		d.pdf.ImageOptions(at.name, x, y, at.width, at.height, false, fpdf.ImageOptions{ImageType: "JPEG"}, 0, "")
		for n, line := range at.caption {
			d.put(noteStyle, x, y+at.height+1+float64(n)*noteStyle.line+baseline(noteStyle), line)
		}
	}
	d.pdf.SetY(y + tall)
	d.space(4)
}

func (d *Doc) place(p Picture, column float64) (placed, error) {
	raw, size, err := asJPEG(p.Raw)
	if err != nil {
		return placed{}, err
	}
	sum := sha256.Sum256(raw)
	at := placed{name: hex.EncodeToString(sum[:])} // the same picture twice is stored once
	d.pdf.RegisterImageOptionsReader(at.name, fpdf.ImageOptions{ImageType: "JPEG"}, bytes.NewReader(raw))
	if d.pdf.Err() {
		return at, fault.Wrap(fault.Invalid, d.pdf.Error(), "a picture cannot be put into the paper")
	}
	const inch = 25.4
	scale := min(inch/dots, column/float64(size.X), mostHeight/float64(size.Y))
	at.width, at.height = scale*float64(size.X), scale*float64(size.Y)
	if p.Caption != "" {
		at.caption = d.wrap(noteStyle, column, p.Caption)
		at.caption = at.caption[:min(len(at.caption), 12)]
	}
	return at, nil
}

// asJPEG returns the picture as a JPEG that readers of PDF know, and its size in pixels.
func asJPEG(raw []byte) ([]byte, image.Point, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return nil, image.Point{}, fault.Wrap(fault.Invalid, err, "a picture of the paper cannot be read")
	}
	size := image.Pt(config.Width, config.Height)
	if format == "jpeg" && config.ColorModel != color.CMYKModel {
		return raw, size, nil
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, size, fault.Wrap(fault.Invalid, err, "a picture of the paper cannot be read")
	}
	paper := image.NewRGBA(img.Bounds())
	draw.Draw(paper, paper.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(paper, paper.Rect, img, img.Bounds().Min, draw.Over)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, paper, &jpeg.Options{Quality: 90}); err != nil {
		return nil, size, err
	}
	return out.Bytes(), size, nil
}
