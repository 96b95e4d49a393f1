package picture

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bep/imagemeta"
)

// Meta is what the camera wrote into the file (Exif 2.32). Anybody can write it: it is a
// statement, no proof.
type Meta struct {
	Taken       time.Time // zero where the file does not say
	ZoneKnown   bool      // Taken is a moment; otherwise the camera's clock, in UTC's place
	Camera      string    // maker and model
	Position    *Position // where it was taken; nil where the file does not say
	Orientation Orientation
}

// Position is a place on the ground, WGS 84.
type Position struct {
	Latitude  float64  // degrees, north positive
	Longitude float64  // degrees, east positive
	Altitude  *float64 // metres over the sea; nil where the file does not say
	Direction *float64 // degrees clockwise in which the camera looked
}

// Orientation is how the stored pixels are to be turned before they are looked at: the
// number of Exif 2.32 §4.6.4, tag 0x0112; 1 or 0 is as they lie.
type Orientation int

func (o Orientation) turned() bool { return o > 1 && o <= 8 }

// swaps reports whether width and height change places.
func (o Orientation) swaps() bool { return o >= 5 && o <= 8 }

func (o Orientation) size(width, height int) (int, int) {
	if o.swaps() {
		return height, width
	}
	return width, height
}

// exifOrientation is Exif data with the one tag: a TIFF header and one directory.
func exifOrientation(o Orientation) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	return append(binary.BigEndian.AppendUint16(b, uint16(o)), 0, 0, 0, 0, 0, 0)
}

// wanted are the tags that are read.
var wanted = []string{
	"Make", "Model", "Orientation", "ModifyDate", "DateTimeOriginal", "OffsetTime", "OffsetTimeOriginal",
	"GPSLatitude", "GPSLatitudeRef", "GPSLongitude", "GPSLongitudeRef", "GPSAltitude", "GPSAltitudeRef",
	"GPSImgDirection", "GPSDateStamp", "GPSTimeStamp",
}

// readMeta reads what can be read of Exif data, which are a small TIFF file; damaged ones
// are as good as none.
func readMeta(exif []byte) Meta {
	found := tags{}
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(exif), ImageFormat: imagemeta.TIFF, Sources: imagemeta.EXIF, LimitNumTags: 1000, LimitTagSize: 2000,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool {
			return strings.HasPrefix(t.Namespace, "IFD0") && slices.Contains(wanted, t.Tag)
		},
		HandleTag: func(t imagemeta.TagInfo) error {
			if _, twice := found[t.Tag]; !twice {
				found[t.Tag] = t.Value
			}
			return nil
		},
	})
	m := Meta{Camera: found.camera(), Position: found.position(), Orientation: 1}
	if o, ok := found.number("Orientation"); ok && o >= 1 && o <= 8 {
		m.Orientation = Orientation(o)
	}
	m.Taken, m.ZoneKnown = found.taken()
	return m
}

// tags are values by the name of their tag. Their types are what the file says, so each
// is looked at before it is used.
type tags map[string]any

func (t tags) text(name string) string {
	s, _ := t[name].(string)
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return clip(strings.TrimSpace(s), 80)
}

func (t tags) number(name string) (float64, bool) {
	var n float64
	switch v := t[name].(type) {
	case float64:
		n = v
	case uint8:
		n = float64(v)
	case uint16:
		n = float64(v)
	case uint32:
		n = float64(v)
	case interface{ Float64() float64 }:
		n = v.Float64()
	default:
		return 0, false
	}
	return n, !math.IsNaN(n) && !math.IsInf(n, 0)
}

// camera is the model with its maker, which many makers write into the model already.
func (t tags) camera() string {
	maker, model := t.text("Make"), t.text("Model")
	if maker == "" || strings.HasPrefix(strings.ToLower(model), strings.ToLower(maker)) {
		return model
	}
	return strings.TrimSpace(maker + " " + model)
}

func (t tags) position() *Position {
	lat, ok1 := t.number("GPSLatitude")
	long, ok2 := t.number("GPSLongitude")
	if t.text("GPSLatitudeRef") == "S" {
		lat = -lat
	}
	if t.text("GPSLongitudeRef") == "W" {
		long = -long
	}
	// Phones without a fix write 0, 0, which is in the Gulf of Guinea.
	if !ok1 || !ok2 || math.Abs(lat) > 90 || math.Abs(long) > 180 || lat == 0 && long == 0 {
		return nil
	}
	p := &Position{Latitude: lat, Longitude: long}
	if h, ok := t.number("GPSAltitude"); ok {
		if below, _ := t.number("GPSAltitudeRef"); below == 1 {
			h = -h
		}
		p.Altitude = &h
	}
	if d, ok := t.number("GPSImgDirection"); ok && d >= 0 && d <= 360 {
		p.Direction = &d
	}
	return p
}

// taken is the time by the camera's clock, with its zone where the file says it; else
// that of the satellites, which is UTC.
func (t tags) taken() (at time.Time, zone bool) {
	for _, c := range [][2]string{{"DateTimeOriginal", "OffsetTimeOriginal"}, {"ModifyDate", "OffsetTime"}} {
		clock := t.text(c[0])
		if at, err := time.Parse("2006:01:02 15:04:05-07:00", clock+t.text(c[1])); err == nil && sane(at) {
			return at, true
		}
		if at, err := time.Parse("2006:01:02 15:04:05", clock); err == nil && sane(at) {
			return at, false
		}
	}
	at, err := time.Parse("2006:01:02 15:04:05", t.text("GPSDateStamp")+" "+t.text("GPSTimeStamp"))
	if err != nil || !sane(at) {
		return time.Time{}, false
	}
	return at, true
}

// sane leaves out the dates of cameras whose clock was never set.
func sane(at time.Time) bool { return at.Year() >= 1990 && at.Year() < 2100 }

// clip cuts a text after so many characters.
func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
