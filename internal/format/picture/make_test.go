package picture_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// scene is a picture of which every quarter has a colour of its own, so that one sees
// which way up it is: red, green over blue, white.
func scene(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, quarter(x < w/2, y < h/2))
		}
	}
	return img
}

func quarter(left, top bool) color.RGBA {
	switch {
	case left && top:
		return color.RGBA{220, 20, 20, 255}
	case top:
		return color.RGBA{20, 200, 20, 255}
	case left:
		return color.RGBA{20, 20, 220, 255}
	}
	return color.RGBA{250, 250, 250, 255}
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB, frames int) []byte {
	t.Helper()
	all := &gif.GIF{}
	for range frames {
		img := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White})
		img.Pix[3] = 1
		all.Image, all.Delay = append(all.Image, img), append(all.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, all); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// webpRaw is a lossless WebP picture of one pixel, without metadata.
var webpRaw = decode64("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")

func decode64(s string) []byte {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return raw
}

// tag is one entry of an Exif directory.
type tag struct {
	id    uint16
	typ   uint16 // 2 text, 3 short, 4 long, 5 rational, 1 byte
	value any    // string, int, or numerators and denominators
}

// Tags of Exif 2.32.
const (
	tagMake, tagModel, tagOrientation = 0x010f, 0x0110, 0x0112
	tagExifIFD, tagGPSIFD             = 0x8769, 0x8825
	tagTaken, tagZone                 = 0x9003, 0x9011
)

// exif writes a TIFF structure by hand: a header, the first directory, and the ones of
// Exif and GPS, in the given byte order.
func exif(order binary.AppendByteOrder, first, detail, gps []tag) []byte {
	out := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		out = []byte("II*\x00")
	}
	out = order.AppendUint32(out, 8)
	first = append(first, tag{tagExifIFD, 4, 0}, tag{tagGPSIFD, 4, 0})
	end := func(at int, tags []tag) int { return at + 2 + 12*len(tags) + 4 + extra(tags) }
	at2 := end(8, first)
	at3 := end(at2, detail)
	first[len(first)-2].value, first[len(first)-1].value = at2, at3
	for _, dir := range [][]tag{first, detail, gps} {
		out = directory(order, out, dir)
	}
	return out
}

// extra is how many bytes stand behind a directory.
func extra(tags []tag) (n int) {
	for _, t := range tags {
		if size := len(valueOf(binary.BigEndian, t)); size > 4 {
			n += size
		}
	}
	return n
}

func valueOf(order binary.AppendByteOrder, t tag) (out []byte) {
	switch v := t.value.(type) {
	case string:
		return append([]byte(v), 0)
	case int:
		switch t.typ {
		case 1:
			return []byte{byte(v)}
		case 3:
			return order.AppendUint16(nil, uint16(v))
		}
		return order.AppendUint32(nil, uint32(v))
	case []uint32:
		for _, n := range v {
			out = order.AppendUint32(out, n)
		}
	}
	return out
}

func directory(order binary.AppendByteOrder, out []byte, tags []tag) []byte {
	behind := len(out) + 2 + 12*len(tags) + 4
	out = order.AppendUint16(out, uint16(len(tags)))
	var rest []byte
	for _, t := range tags {
		value := valueOf(order, t)
		count := map[uint16]int{1: len(value), 2: len(value), 3: len(value) / 2, 4: len(value) / 4, 5: len(value) / 8}[t.typ]
		out = order.AppendUint32(order.AppendUint16(order.AppendUint16(out, t.id), t.typ), uint32(count))
		if len(value) <= 4 {
			out = append(append(out, value...), make([]byte, 4-len(value))...)
		} else {
			out = order.AppendUint32(out, uint32(behind+len(rest)))
			rest = append(rest, value...)
		}
	}
	return append(append(out, 0, 0, 0, 0), rest...)
}

// dushanbe is a photo's metadata as a phone writes them.
func dushanbe(order binary.AppendByteOrder, orientation int) []byte {
	return exif(order, []tag{{tagMake, 2, "samsung"}, {tagModel, 2, "SM-A525F"}, {tagOrientation, 3, orientation}},
		[]tag{{tagTaken, 2, "2026:11:20 14:05:33"}, {tagZone, 2, "+05:00"}},
		[]tag{{1, 2, "N"}, {2, 5, []uint32{38, 1, 33, 1, 3600, 100}}, {3, 2, "E"}, {4, 5, []uint32{68, 1, 46, 1, 0, 1}},
			{5, 1, 0}, {6, 5, []uint32{7060, 10}}, {17, 5, []uint32{2705, 10}}})
}

// withAPP puts segments behind the start of a JPEG.
func withAPP(raw []byte, segments ...[]byte) []byte {
	return append(append(bytes.Clone(raw[:2]), bytes.Join(segments, nil)...), raw[2:]...)
}

func segment(marker byte, body string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
}

// withChunks puts chunks behind the head of a PNG.
func withChunks(raw []byte, chunks ...[]byte) []byte {
	const head = 8 + 12 + 13
	return append(append(bytes.Clone(raw[:head]), bytes.Join(chunks, nil)...), raw[head:]...)
}

func chunk(name string, body []byte) []byte {
	out := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), name...)
	out = append(out, body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// extendedWebP is the WebP picture with flags and further chunks.
func extendedWebP(flags byte, more ...[]byte) []byte {
	body := riff("VP8X", append([]byte{flags, 0, 0, 0}, 0, 0, 0, 0, 0, 0))
	body = append(body, webpRaw[12:]...)
	for _, m := range more {
		body = append(body, m...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4)), append([]byte("WEBP"), body...)...)
}

func riff(name string, body []byte) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body))), body...)
	if len(body)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

// pngHead is a PNG that claims a size and has no pixels.
func pngHead(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1a\n"), append(chunk("IHDR", append(head, 8, 6, 0, 0, 0)), chunk("IEND", nil)...)...)
}
