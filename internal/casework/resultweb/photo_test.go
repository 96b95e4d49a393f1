package resultweb_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// photo is a JPEG that says when, where and by which camera it was taken.
func photo(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for y := range 48 {
		for x := range 64 {
			img.Set(x, y, color.RGBA{uint8(4 * x), uint8(5 * y), 90, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	plain, app := out.Bytes(), exif()
	marker := append([]byte{0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(app)+2))...)
	return append(append(append([]byte{}, plain[:2]...), append(marker, app...)...), plain[2:]...)
}

// exif is an APP1 segment with the camera's model and a position: TIFF 6.0, Exif 2.32.
func exif() []byte {
	le := binary.LittleEndian
	entry := func(b []byte, tag, kind uint16, count, value uint32) []byte {
		return le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, tag), kind), count), value)
	}
	const model, gps, latitude, longitude = 38, 48, 102, 126
	b := le.AppendUint32([]byte("II*\x00"), 8)
	b = le.AppendUint16(b, 2)
	b = entry(b, 0x0110, 2, 10, model) // model
	b = entry(b, 0x8825, 4, 1, gps)    // position
	b = le.AppendUint32(b, 0)
	b = append(b, "SPY-PHONE\x00"...)
	b = le.AppendUint16(b, 4)
	b = entry(b, 1, 2, 2, uint32('N'))
	b = entry(b, 2, 5, 3, latitude)
	b = entry(b, 3, 2, 2, uint32('E'))
	b = entry(b, 4, 5, 3, longitude)
	b = le.AppendUint32(b, 0)
	for _, n := range []uint32{40, 1, 31, 1, 0, 1, 72, 1, 48, 1, 0, 1} {
		b = le.AppendUint32(b, n)
	}
	return append([]byte("Exif\x00\x00"), b...)
}
