package picture

import (
	"bytes"
	"strings"

	"tidewaiter/internal/fault"
)

// Kind is what a file is, as its media type.
type Kind string

// The kinds that are taken.
const (
	JPEG Kind = "image/jpeg"
	PNG  Kind = "image/png"
	WebP Kind = "image/webp"
	GIF  Kind = "image/gif"
	PDF  Kind = "application/pdf"
)

// Paper reports whether the file is a paper and not a picture: it has no thumbnail here,
// and no metadata that are taken off.
func (k Kind) Paper() bool { return k == PDF }

// Extension returns the usual end of a file's name, with its dot.
func (k Kind) Extension() string {
	return map[Kind]string{JPEG: ".jpg", PNG: ".png", WebP: ".webp", GIF: ".gif", PDF: ".pdf"}[k]
}

// pdfHead is how far into a file the mark of a PDF may stand: some writers put a line of
// mail or of a printer before it (PDF Reference 1.7, appendix H, note 13).
const pdfHead = 1024

// recognise tells from the first bytes what a file is; what it is not taken for is named
// in the refusal.
func recognise(raw []byte) (Kind, error) {
	switch {
	case len(raw) == 0:
		return "", refuse(Unknown, "the file is empty").WithHint("choose it again; it may not have been downloaded to the phone yet")
	case bytes.HasPrefix(raw, []byte("\xff\xd8\xff")):
		return JPEG, nil
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, nil
	case len(raw) >= 12 && string(raw[:4]) == "RIFF" && string(raw[8:12]) == "WEBP":
		return WebP, nil
	case bytes.HasPrefix(raw, []byte("GIF87a")), bytes.HasPrefix(raw, []byte("GIF89a")):
		return GIF, nil
	case bytes.Contains(raw[:min(len(raw), pdfHead)], []byte("%PDF-")):
		return PDF, nil
	}
	return "", unknown(raw)
}

// unknown says of what is not taken what it seems to be, so that the officer knows which
// file she chose.
func unknown(raw []byte) *Problem {
	name, way := foreign(raw)
	if way.IsZero() {
		way = fault.Say("JPEG, PNG, WebP, GIF and PDF files can be attached")
	}
	if name.IsZero() {
		return refuse(Unknown, "this is neither a photo nor a paper").WithHint("%s", way)
	}
	return refuse(Unknown, "this is %s, not a photo or a paper that can be attached", name).WithHint("%s", way)
}

// noWay stands where a file cannot be made one that is taken.
var noWay fault.Phrase

// foreign names a kind that is not taken, and a way out where there is one.
func foreign(raw []byte) (name, way fault.Phrase) {
	begins := func(prefix string) bool { return strings.HasPrefix(string(raw[:min(len(raw), 16)]), prefix) }
	switch {
	case len(raw) >= 12 && string(raw[4:8]) == "ftyp":
		switch brand := string(raw[8:12]); {
		case strings.HasPrefix(brand, "hei"), strings.HasPrefix(brand, "hev"), brand == "mif1", brand == "msf1":
			return fault.Say("a HEIC picture"), fault.Say("set the camera of the phone to its most compatible format, or save the picture as JPEG")
		case strings.HasPrefix(brand, "avi"):
			return fault.Say("an AVIF picture"), fault.Say("save the picture as JPEG")
		default:
			return fault.Say("a film"), noWay
		}
	case begins("II*\x00"), begins("MM\x00*"):
		return fault.Say("a TIFF or raw picture"), fault.Say("save the picture as JPEG")
	case begins("BM"):
		return fault.Say("a bitmap"), fault.Say("save the picture as PNG")
	case begins("PK\x03\x04"):
		return fault.Say("an archive or office document"), fault.Say("save the document as PDF")
	case begins("\xd0\xcf\x11\xe0"):
		return fault.Say("an old office document"), fault.Say("save the document as PDF")
	case begins("MZ"), begins("\x7fELF"), begins("#!"):
		return fault.Say("a program"), noWay
	case begins("<svg"), begins("<?xml"), begins("<!DOCTYPE"), begins("<html"):
		return fault.Say("a page or drawing with code"), fault.Say("save it as PDF or PNG")
	}
	return name, way
}
