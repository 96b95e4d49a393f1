package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/picture"
)

func read(raw []byte) (*picture.File, error) {
	return picture.Read(bytes.NewReader(raw), picture.DefaultLimits)
}

func mustRead(t testing.TB, raw []byte) *picture.File {
	t.Helper()
	f, err := read(raw)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRecognise(t *testing.T) {
	pdf := []byte("%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\nstartxref\n0\n%%EOF\n")
	for _, c := range []struct {
		name          string
		raw           []byte
		kind          picture.Kind
		width, height int
		frames        int
	}{
		{"jpeg", jpegOf(t, scene(60, 40)), picture.JPEG, 60, 40, 1},
		{"jpeg that a phone turned", withAPP(jpegOf(t, scene(60, 40)), segment(0xe1, "Exif\x00\x00"+string(dushanbe(binary.LittleEndian, 6)))), picture.JPEG, 40, 60, 1},
		{"png", pngOf(t, scene(7, 9)), picture.PNG, 7, 9, 1},
		{"gif of three frames", gifOf(t, 3), picture.GIF, 8, 8, 3},
		{"webp", webpRaw, picture.WebP, 1, 1, 1},
		{"pdf", pdf, picture.PDF, 0, 0, 0},
		{"pdf behind a line of mail", append([]byte("Content-Type: application/pdf\r\n\r\n"), pdf...), picture.PDF, 0, 0, 0},
	} {
		f, err := read(c.raw)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if f.Kind != c.kind || f.Width != c.width || f.Height != c.height || f.Frames != c.frames || !bytes.Equal(f.Bytes(), c.raw) {
			t.Errorf("%s: %+v", c.name, f.Info)
		}
	}
}

func TestRefusals(t *testing.T) {
	small := picture.Limits{Bytes: 100 << 20, Pixels: 60e6, Side: 30_000, Frames: 2}
	photo, drawing := jpegOf(t, scene(60, 40)), pngOf(t, scene(60, 40))
	damaged := bytes.Clone(drawing)
	damaged[len(damaged)-20] ^= 1
	endless := bytes.Repeat([]byte{0}, 26<<20)
	for _, c := range []struct {
		name string
		raw  []byte
		why  picture.Refusal
		says string
	}{
		{"nothing", nil, picture.Unknown, "empty"},
		{"a text", []byte("just words"), picture.Unknown, "neither a photo nor a paper"},
		{"a program by another name", []byte("MZ\x90\x00\x03"), picture.Unknown, "a program"},
		{"a page", []byte("<html><script>alert(1)</script>"), picture.Unknown, "page"},
		{"a drawing with code", []byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), picture.Unknown, "code"},
		{"an iPhone's photo", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), picture.Unknown, "most compatible"},
		{"a film", []byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"), picture.Unknown, "film"},
		{"an archive", []byte("PK\x03\x04"), picture.Unknown, "PDF"},
		{"26 MiB", endless, picture.TooLarge, "25 MiB"},
		{"a bomb", pngHead(60_000, 60_000), picture.TooManyPixels, "60000 × 60000"},
		{"a bomb of one line", pngHead(60_000_000, 1), picture.TooManyPixels, "30000 on a side"},
		{"a moving bomb", gifOf(t, 3), picture.TooManyFrames, "2 frames"},
		{"a moving webp", extendedWebP(2, riff("ANIM", make([]byte, 6))), picture.TooManyFrames, "moving"},
		{"a cut photo", photo[:len(photo)-40], picture.Broken, "damaged"},
		{"a photo of its beginning", photo[:100], picture.Broken, ""},
		{"a cut drawing", drawing[:len(drawing)-5], picture.Broken, "damaged"},
		{"a drawing with a wrong byte", damaged, picture.Broken, "checksum"},
		{"a drawing without pixels", pngHead(10, 10), picture.Broken, "no image"},
		{"a cut gif", gifOf(t, 1)[:30], picture.Broken, ""},
		{"a cut webp", webpRaw[:len(webpRaw)-4], picture.Broken, ""},
		{"a cut paper", []byte("%PDF-1.7\n1 0 obj"), picture.Broken, "cut off"},
	} {
		limits := picture.DefaultLimits
		if strings.Contains(c.name, "moving bomb") {
			limits = small
		}
		_, err := picture.Read(bytes.NewReader(c.raw), limits)
		if !fault.Is(err, fault.Invalid) || picture.RefusalOf(err) != c.why || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v (%s), want %s that says %q", c.name, err, picture.RefusalOf(err), c.why, c.says)
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errLost }

var errLost = errors.New("the link is gone")

// An error of the sender's link is no refusal.
func TestReaderFails(t *testing.T) {
	if _, err := picture.Read(failing{}, picture.DefaultLimits); !errors.Is(err, errLost) || picture.RefusalOf(err) != "" {
		t.Errorf("read: %v", err)
	}
}

func TestMeta(t *testing.T) {
	for name, order := range map[string]binary.AppendByteOrder{"Intel": binary.LittleEndian, "Motorola": binary.BigEndian} {
		data := dushanbe(order, 6)
		for kind, raw := range map[string][]byte{
			"jpeg": withAPP(jpegOf(t, scene(60, 40)), segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), segment(0xe1, "Exif\x00\x00"+string(data))),
			"png":  withChunks(pngOf(t, scene(6, 4)), chunk("eXIf", data)),
			"webp": extendedWebP(8, riff("EXIF", data)),
		} {
			m := mustRead(t, raw).Meta
			want := time.Date(2026, 11, 20, 9, 5, 33, 0, time.UTC)
			if !m.Taken.Equal(want) || !m.ZoneKnown || m.Camera != "samsung SM-A525F" || m.Orientation != 6 {
				t.Errorf("%s %s: %+v", name, kind, m)
			}
			p := m.Position
			if p == nil || math.Abs(p.Latitude-38.56) > 1e-6 || math.Abs(p.Longitude-68.766667) > 1e-6 {
				t.Errorf("%s %s: position %+v", name, kind, p)
				continue
			}
			if p.Altitude == nil || *p.Altitude != 706 || p.Direction == nil || *p.Direction != 270.5 {
				t.Errorf("%s %s: altitude %v, direction %v", name, kind, p.Altitude, p.Direction)
			}
		}
	}
}

func TestMetaOfOddCameras(t *testing.T) {
	none := []tag{}
	for _, c := range []struct {
		name               string
		first, detail, gps []tag
		taken              string
		zone               bool
		camera             string
		at                 string
	}{
		{"nothing", none, none, none, "", false, "", ""},
		{"a clock without a zone", none, []tag{{tagTaken, 2, "2026:01:02 03:04:05"}}, none, "2026-01-02 03:04:05", false, "", ""},
		{"only the time of the file", []tag{{0x0132, 2, "2026:01:02 03:04:05"}}, []tag{{0x9010, 2, "+06:00"}}, none, "2026-01-02 03:04:05", true, "", ""},
		{"a clock that was never set", none, []tag{{tagTaken, 2, "0000:00:00 00:00:00"}}, none, "", false, "", ""},
		{"only the satellites' time", none, none, []tag{{0x1d, 2, "2026:03:04"}, {7, 5, []uint32{5, 1, 6, 1, 7, 1}}}, "2026-03-04 05:06:07", true, "", ""},
		{"the maker in the model", []tag{{tagMake, 2, "Canon"}, {tagModel, 2, "Canon EOS 80D"}}, none, none, "", false, "Canon EOS 80D", ""},
		{"a maker with code", []tag{{tagMake, 2, "<b>\x1b[31mAcme\n\x80"}}, none, none, "", false, "<b>[31mAcme", ""},
		{"south and west", none, none, []tag{{1, 2, "S"}, {2, 5, []uint32{33, 1, 30, 1, 0, 1}}, {3, 2, "W"}, {4, 5, []uint32{70, 1, 45, 1, 0, 1}}}, "", false, "", "-33.5 -70.75"},
		{"no fix", none, none, []tag{{1, 2, "N"}, {2, 5, []uint32{0, 1, 0, 1, 0, 1}}, {3, 2, "E"}, {4, 5, []uint32{0, 1, 0, 1, 0, 1}}}, "", false, "", ""},
		{"not on the globe", none, none, []tag{{1, 2, "N"}, {2, 5, []uint32{91, 1, 0, 1, 0, 1}}, {3, 2, "E"}, {4, 5, []uint32{70, 1, 0, 1, 0, 1}}}, "", false, "", ""},
		{"divided by nothing", none, none, []tag{{1, 2, "N"}, {2, 5, []uint32{38, 0, 0, 0, 0, 0}}, {3, 2, "E"}, {4, 5, []uint32{70, 0, 0, 0, 0, 0}}}, "", false, "", ""},
		{"texts for numbers", []tag{{tagOrientation, 2, "six"}}, none, []tag{{2, 2, "38"}, {4, 2, "70"}}, "", false, "", ""},
		{"an orientation that is none", []tag{{tagOrientation, 3, 9}}, none, none, "", false, "", ""},
	} {
		raw := withAPP(jpegOf(t, scene(60, 40)), segment(0xe1, "Exif\x00\x00"+string(exif(binary.LittleEndian, c.first, c.detail, c.gps))))
		m := mustRead(t, raw).Meta
		taken, at := "", ""
		if !m.Taken.IsZero() {
			taken = m.Taken.Format(time.DateTime)
		}
		if m.Position != nil {
			at = strings.TrimSpace(trim(m.Position.Latitude) + " " + trim(m.Position.Longitude))
		}
		if taken != c.taken || m.ZoneKnown != c.zone || m.Camera != c.camera || at != c.at || m.Orientation != 1 {
			t.Errorf("%s: %q zone %v, %q, %q, orientation %d", c.name, taken, m.ZoneKnown, m.Camera, at, m.Orientation)
		}
	}
}

// secrets must not be in any copy.
var secrets = []string{"samsung", "SM-A525F", "2026:11:20", "secret"}

// TestStrip: the copy has none of what the file says beside its picture, shows the same
// pixels the same way up, and is a file that is taken again.
func TestStrip(t *testing.T) {
	data := dushanbe(binary.BigEndian, 8)
	xmp := "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>secret</x:xmpmeta>"
	profile := "ICC_PROFILE\x00\x01\x01colours"
	photo := jpegOf(t, scene(64, 40))
	for _, c := range []struct {
		name  string
		raw   []byte
		turn  picture.Orientation
		keeps string
	}{
		{"jpeg", withAPP(photo, segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), segment(0xe1, "Exif\x00\x00"+string(data)), segment(0xe1, xmp),
			segment(0xe2, profile), segment(0xe2, "MPF\x00secret"), segment(0xed, "Photoshop 3.0\x00secret"), segment(0xfe, "secret")), 8, profile},
		{"jpeg with a film behind", append(bytes.Clone(photo), "\x00\x00\x00\x18ftypmp42secret"...), 1, "\xff\xd9"},
		{"jpeg with a preview", withAPP(photo, segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01abc"), segment(0xe0, "JFXX\x00\x10secret")), 1, ""},
		{"png", withChunks(pngOf(t, scene(64, 40)), chunk("tEXt", []byte("Author\x00secret")), chunk("zTXt", []byte("secret")), chunk("iTXt", []byte("secret")),
			chunk("eXIf", data), chunk("tIME", []byte("secret!")), chunk("prVt", []byte("secret")), chunk("gAMA", []byte{0, 0, 177, 143})), 8, "gAMA"},
		{"png with more behind", append(pngOf(t, scene(64, 40)), "secret"...), 1, "IEND"},
		{"webp", extendedWebP(12, riff("EXIF", data), riff("XMP ", []byte("secret")), riff("PRIV", []byte("secret!"))), 8, "VP8L"},
		{"plain webp with more behind", append(bytes.Clone(webpRaw), "secret"...), 1, "VP8L"},
		{"gif", gifWithComment(gifOf(t, 2)), 1, "NETSCAPE2.0"},
	} {
		f := mustRead(t, c.raw)
		var out bytes.Buffer
		if err := f.Strip(&out); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, s := range secrets {
			if bytes.Contains(out.Bytes(), []byte(s)) {
				t.Errorf("%s: %q is still there", c.name, s)
			}
		}
		if !bytes.Contains(out.Bytes(), []byte(c.keeps)) {
			t.Errorf("%s: %q is lost", c.name, c.keeps)
		}
		again, err := read(out.Bytes())
		if err != nil {
			t.Errorf("%s: the copy is refused: %v", c.name, err)
			continue
		}
		if m := again.Meta; m.Orientation != c.turn || !m.Taken.IsZero() || m.Position != nil || m.Camera != "" || again.Frames != f.Frames {
			t.Errorf("%s: the copy says %+v, want nothing but the orientation %d", c.name, again.Info, c.turn)
		}
		samePixels(t, c.name, c.raw, out.Bytes())
		var twice bytes.Buffer
		if err := again.Strip(&twice); err != nil || !bytes.Equal(twice.Bytes(), out.Bytes()) {
			t.Errorf("%s: the copy's copy is another file: %v", c.name, err)
		}
	}
	paper := mustRead(t, []byte("%PDF-1.7\n%%EOF"))
	if err := paper.Strip(io.Discard); picture.RefusalOf(err) != picture.NoCopy {
		t.Errorf("a paper's copy: %v", err)
	}
	if err := paper.Thumbnail(io.Discard, 100); picture.RefusalOf(err) != picture.NoPreview {
		t.Errorf("a paper's thumbnail: %v", err)
	}
	if err := mustRead(t, photo).Strip(failing{}); !errors.Is(err, errLost) {
		t.Errorf("a copy that nobody takes: %v", err)
	}
}

func (failing) Write([]byte) (int, error) { return 0, errLost }

func gifWithComment(raw []byte) []byte {
	const head = 13
	at := head + 3<<(raw[10]&7+1)
	if raw[10]&0x80 == 0 {
		at = head
	}
	return append(append(bytes.Clone(raw[:at]), "\x21\xfe\x06secret\x00"...), raw[at:]...)
}

func samePixels(t *testing.T, name string, a, b []byte) {
	t.Helper()
	one, _, err := image.Decode(bytes.NewReader(a))
	if err != nil {
		t.Fatal(err)
	}
	two, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if one.Bounds() != two.Bounds() {
		t.Errorf("%s: bounds %v and %v", name, one.Bounds(), two.Bounds())
		return
	}
	for y := one.Bounds().Min.Y; y < one.Bounds().Max.Y; y++ {
		for x := one.Bounds().Min.X; x < one.Bounds().Max.X; x++ {
			if one.At(x, y) != two.At(x, y) {
				t.Errorf("%s: pixel %d, %d is %v, was %v", name, x, y, two.At(x, y), one.At(x, y))
				return
			}
		}
	}
}

// TestThumbnail turns a picture in each of the eight ways, of which a viewer must make
// the same one again.
func TestThumbnail(t *testing.T) {
	// For each orientation, which quarter of the stored picture is seen at the top left,
	// top right, bottom left and bottom right: the table of Exif 2.32 §4.6.4.
	r, g, b, w := quarter(true, true), quarter(false, true), quarter(true, false), quarter(false, false)
	for o, seen := range map[int][4]color.RGBA{
		1: {r, g, b, w}, 2: {g, r, w, b}, 3: {w, b, g, r}, 4: {b, w, r, g},
		5: {r, b, g, w}, 6: {b, r, w, g}, 7: {w, g, b, r}, 8: {g, w, r, b},
	} {
		f := mustRead(t, withAPP(jpegOf(t, scene(400, 200)), segment(0xe1, "Exif\x00\x00"+string(dushanbe(binary.BigEndian, o)))))
		img, size := thumbnail(t, f, 100)
		want := image.Pt(100, 50)
		if o >= 5 {
			want = image.Pt(50, 100)
		}
		if size != want {
			t.Errorf("orientation %d: size %v, want %v", o, size, want)
		}
		for i, at := range []image.Point{{size.X / 4, size.Y / 4}, {size.X * 3 / 4, size.Y / 4}, {size.X / 4, size.Y * 3 / 4}, {size.X * 3 / 4, size.Y * 3 / 4}} {
			if got := img.At(at.X, at.Y); !near(got, seen[i]) {
				t.Errorf("orientation %d, quarter %d: %v, want %v", o, i, got, seen[i])
			}
		}
	}
}

func thumbnail(t *testing.T, f *picture.File, side int) (image.Image, image.Point) {
	t.Helper()
	var out bytes.Buffer
	if err := f.Thumbnail(&out, side); err != nil {
		t.Fatal(err)
	}
	img, format, err := image.Decode(&out)
	if err != nil || format != "jpeg" {
		t.Fatalf("the thumbnail is %s: %v", format, err)
	}
	return img, img.Bounds().Size()
}

func near(got color.Color, want color.RGBA) bool {
	r, g, b, _ := got.RGBA()
	off := func(a uint32, b uint8) bool { return math.Abs(float64(a>>8)-float64(b)) > 12 }
	return !off(r, want.R) && !off(g, want.G) && !off(b, want.B)
}

func TestThumbnailOf(t *testing.T) {
	clear := image.NewRGBA(image.Rect(0, 0, 40, 40))
	for name, c := range map[string]struct {
		raw  []byte
		want image.Point
	}{
		"a small picture stays small":   {jpegOf(t, scene(30, 20)), image.Pt(30, 20)},
		"a line stays a line":           {pngOf(t, scene(3000, 2)), image.Pt(100, 1)},
		"a line of a photo":             {jpegOf(t, scene(3000, 3)), image.Pt(100, 1)},
		"a moving picture's first":      {gifOf(t, 3), image.Pt(8, 8)},
		"webp":                          {webpRaw, image.Pt(1, 1)},
		"what is clear becomes visible": {pngOf(t, clear), image.Pt(40, 40)},
	} {
		img, size := thumbnail(t, mustRead(t, c.raw), 100)
		if size != c.want {
			t.Errorf("%s: %v, want %v", name, size, c.want)
		}
		if strings.Contains(name, "of a photo") && !near(img.At(20, 0), color.RGBA{75, 22, 170, 255}) { // red and twice blue, with the colours of JPEG's lines in pairs
			t.Errorf("%s: %v", name, img.At(20, 0))
		}
		if strings.Contains(name, "clear") && !near(img.At(20, 20), color.RGBA{255, 255, 255, 255}) {
			t.Errorf("%s: %v", name, img.At(20, 20))
		}
	}
	// A photo that is reduced first, as those of phones are: fine stripes become grey, and
	// the quarters stay where they are.
	stripes := scene(1203, 801)
	for y := range 100 {
		for x := range 100 {
			stripes.Set(x, y, color.Gray{uint8(x % 2 * 255)})
		}
	}
	img, size := thumbnail(t, mustRead(t, jpegOf(t, stripes)), 100)
	if size != image.Pt(100, 67) || !near(img.At(3, 3), color.RGBA{128, 128, 128, 255}) || !near(img.At(75, 16), quarter(false, true)) || !near(img.At(25, 50), quarter(true, false)) {
		t.Errorf("a reduced photo: %v, %v, %v, %v", size, img.At(3, 3), img.At(75, 16), img.At(25, 50))
	}
	// A picture whose structure is whole and whose pixels are not.
	rotten := pngOf(t, scene(60, 40))
	at := bytes.Index(rotten, []byte("IDAT"))
	body := bytes.Repeat([]byte{7}, 40)
	rotten = append(append(bytes.Clone(rotten[:at-4]), chunk("IDAT", body)...), chunk("IEND", nil)...)
	if err := mustRead(t, rotten).Thumbnail(io.Discard, 100); picture.RefusalOf(err) != picture.Broken {
		t.Errorf("damaged pixels: %v", err)
	}
}

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"IMG_0001.JPG": "IMG_0001.jpg", "фото ворот.jpeg": "фото ворот.jpg", `C:\Users\aida\..\box.png`: "box.jpg", "../../etc/passwd": "passwd.jpg",
		"": "file.jpg", "...": "file.jpg", "/": "file.jpg", "a\x00b\nc.jpg": "abc.jpg", "photo\u202egpj.exe": "photogpj.jpg", "evil.exe": "evil.jpg",
		"con": "file con.jpg", "LPT1.txt": "file LPT1.jpg", `a<b>"c".jpg`: "abc.jpg", "v1.2 of the box": "v1.2 of the box.jpg",
		strings.Repeat("ң", 150) + ".jpg": strings.Repeat("ң", 96) + ".jpg", "\xff\xfe.jpg": "file.jpg", " . .jpg": "file.jpg", ".htaccess": "htaccess.jpg",
	} {
		if got := picture.CleanName(in, picture.JPEG); got != want {
			t.Errorf("CleanName(%q) = %q, want %q", in, got, want)
		}
	}
}

// trim writes a number without needless zeros.
func trim(f float64) string { return strconv.FormatFloat(math.Round(f*1e6)/1e6, 'f', -1, 64) }
