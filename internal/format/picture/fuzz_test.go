package picture_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode"

	"tidewaiter/internal/format/picture"
)

// FuzzRead feeds anything to the reader: it must refuse with a reason or give a file whose
// copy is a file of the same kind and size that says nothing more.
func FuzzRead(f *testing.F) {
	data := dushanbe(binary.LittleEndian, 6)
	photo := jpegOf(f, scene(32, 16))
	for _, seed := range [][]byte{
		photo, withAPP(photo, segment(0xe1, "Exif\x00\x00"+string(data)), segment(0xfe, "words")), pngOf(f, scene(16, 16)),
		withChunks(pngOf(f, scene(8, 8)), chunk("eXIf", data), chunk("tEXt", []byte("a\x00b"))), gifOf(f, 2), gifWithComment(gifOf(f, 1)),
		webpRaw, extendedWebP(12, riff("EXIF", data), riff("XMP ", []byte("x"))), []byte("%PDF-1.7\n%%EOF"), pngHead(60_000, 60_000),
	} {
		f.Add(seed)
	}
	limits := picture.Limits{Bytes: 1 << 20, Pixels: 1e6, Side: 5000, Frames: 20}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := picture.Read(bytes.NewReader(raw), limits)
		if err != nil {
			if picture.RefusalOf(err) == "" {
				t.Fatalf("refused without a reason: %v", err)
			}
			return
		}
		if file.Kind.Paper() {
			return
		}
		var small, out bytes.Buffer
		if err := file.Thumbnail(&small, 64); err != nil && picture.RefusalOf(err) != picture.Broken {
			t.Fatalf("thumbnail: %v", err)
		}
		if err := file.Strip(&out); err != nil {
			t.Fatalf("strip what was read: %v", err)
		}
		again, err := picture.Read(&out, limits)
		if err != nil {
			t.Fatalf("the copy is refused: %v", err)
		}
		m := again.Meta
		if again.Kind != file.Kind || again.Width != file.Width || again.Height != file.Height || m.Camera != "" || m.Position != nil || !m.Taken.IsZero() {
			t.Fatalf("the copy is %+v of %+v", again.Info, file.Info)
		}
	})
}

// FuzzCleanName: whatever the sender's device says, the name is one file's, and short.
func FuzzCleanName(f *testing.F) {
	for _, seed := range []string{"IMG_1.jpg", "../../x", `C:\x`, "con", "\u202e", strings.Repeat("a", 300)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := picture.CleanName(name, picture.PNG)
		if n := len([]rune(got)); n > 100 || n < 5 || !strings.HasSuffix(got, ".png") || strings.ContainsAny(got, `/\<>:"|?*`) || strings.HasPrefix(got, ".") {
			t.Fatalf("%q became %q", name, got)
		}
		if strings.ContainsFunc(got, unicode.IsControl) || picture.CleanName(got, picture.PNG) != got {
			t.Fatalf("%q became %q, and that %q", name, got, picture.CleanName(got, picture.PNG))
		}
	})
}
