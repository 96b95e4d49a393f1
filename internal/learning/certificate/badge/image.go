package badge

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// baked is the namespace of what an image carries (OB §5.3.2).
const baked = "https://purl.imsglobal.org/ob/v3p0"

// Bake returns a picture of the badge as SVG that carries its token, to be shown where
// badges are shown as pictures. Who has the picture has the badge.
func Bake(token, title string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="%s" viewBox="0 0 400 400" role="img">`+"\n", baked)
	fmt.Fprintf(&b, `<openbadges:credential verify="%s"></openbadges:credential>`+"\n<title>%s</title>\n", escaped(token), escaped(title))
	b.WriteString(`<circle cx="200" cy="200" r="190" fill="#164863"/><circle cx="200" cy="200" r="176" fill="none" stroke="#fff" stroke-width="3"/>` + "\n" +
		`<g fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round"><path d="M166 88l24 24 46-52"/>` +
		`<path d="M104 142c24-22 47-22 71 0s48 22 72 0 34-18 47-9"/></g>` + "\n" +
		`<g fill="#fff" font-family="Inter, Arial, sans-serif" font-size="25" font-weight="600" text-anchor="middle">` + "\n")
	for i, line := range lines(title, 20, 4) {
		fmt.Fprintf(&b, `<text x="200" y="%d">%s</text>`+"\n", 204+i*32, escaped(line))
	}
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

// escaped is a text as it may stand in XML.
func escaped(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic("badge: writing to memory: " + err.Error())
	}
	return b.String()
}

// lines breaks a text between words into so many lines of so many letters; what is left
// over is cut off with an ellipsis.
func lines(text string, wide, most int) (list []string) {
	for word := range strings.FieldsSeq(text) {
		last := len(list) - 1
		switch {
		case last >= 0 && len([]rune(list[last]+" "+word)) <= wide:
			list[last] += " " + word
		case len(list) == most:
			list[last] += "…"
			return list
		default:
			list = append(list, word)
		}
	}
	return list
}

// Unbake returns the token that a file is or, as a picture, carries. What carries none is
// returned as it is.
func Unbake(file []byte) string {
	if !bytes.HasPrefix(bytes.TrimSpace(file), []byte("<")) || len(file) > MaxFile {
		return string(file)
	}
	decoder := xml.NewDecoder(bytes.NewReader(file))
	for {
		node, err := decoder.Token()
		if err != nil {
			return string(file)
		}
		element, ok := node.(xml.StartElement)
		if !ok || element.Name.Space != baked || element.Name.Local != "credential" {
			continue
		}
		for _, a := range element.Attr {
			if a.Name.Local == "verify" {
				return a.Value
			}
		}
	}
}

// MaxFile is how many bytes a badge file has at most, with its picture.
const MaxFile = MaxToken + 16<<10
