package badge

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPicture(t *testing.T) {
	k := newKey(t)
	token := signed1(t, home, k)
	picture := Bake(token, `Seals & "their" <manipulation>`)
	if got := Unbake(picture); got != token {
		t.Fatalf("the picture carries %.60q", got)
	}
	if _, err := ringOf(t, home.DID(k), k).Verify(Unbake(picture), later); err != nil {
		t.Error(err)
	}
	for _, plain := range []string{token, token + "\n", "", "<svg/>", "<", `<credential verify="x"/>`, `<a xmlns:o="https://other.example"><o:credential verify="x"/></a>`, "<!DOCTYPE x [<!ENTITY e 'x'>]><a>&e;</a>"} {
		if got := Unbake([]byte(plain)); got != plain {
			t.Errorf("%.60q carries %.60q", plain, got)
		}
	}
}

// Whatever the title is, the picture is XML that can be read, carries its badge, and its
// letters stay within the circle.
func TestAnyTitle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.StringN(0, 300, -1).Draw(t, "title")
		picture := string(Bake("a.b.c", title))
		if got := Unbake([]byte(picture)); got != "a.b.c" {
			t.Fatalf("carries %q", got)
		}
		decoder, texts := xml.NewDecoder(strings.NewReader(picture)), 0
		for {
			node, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := node.(xml.StartElement); ok && e.Name.Local == "text" {
				texts++
			}
		}
		if texts > 4 {
			t.Fatalf("%d lines", texts)
		}
	})
}

func FuzzUnbake(f *testing.F) {
	f.Add(Bake("a.b.c", "Seals"))
	f.Add([]byte(`<svg xmlns:o="https://purl.imsglobal.org/ob/v3p0"><o:credential verify="x"/>`))
	f.Fuzz(func(t *testing.T, file []byte) {
		if token := Unbake(file); len(token) > len(file) {
			t.Errorf("%d bytes carry %d", len(file), len(token))
		}
	})
}
