package charset

import (
	"testing"
	"unicode/utf8"
)

// FuzzSniff: whatever the bytes, an encoding is named, and decoding them gives UTF-8.
func FuzzSniff(f *testing.F) {
	f.Add([]byte("plain"))
	f.Add([]byte("\xEF\xBB\xBFUTF-8"))
	f.Add([]byte("\xFF\xFEa\x00"))
	f.Add([]byte("\xCA\xEE\xED\xEE\xF1\xE0\xEC\xE5\xED\xF2")) // windows-1251
	f.Fuzz(func(t *testing.T, raw []byte) {
		encoding, _ := Sniff(raw)
		if encoding.Name == "" || encoding.Width < 1 {
			t.Fatalf("%q: got %+v", raw, encoding)
		}
		if text, ok := encoding.Decode(raw); ok && !utf8.ValidString(text) {
			t.Errorf("%q as %s is not UTF-8: %q", raw, encoding.Name, text)
		}
	})
}
