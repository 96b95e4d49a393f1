package intake

import (
	"bytes"
	"unicode/utf8"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/charset"
)

// headSize is how much of a file is looked at to recognise its format.
const headSize = 16 << 10

// Recognise tells the format of a file from its first bytes, never from its name. A
// format that is not read is refused with what it seems to be.
func Recognise(head []byte) (Format, error) {
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		return "", fault.New(fault.Invalid, "the file is empty").WithHint("ask the sender to send it again")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return recogniseZip(head)
	case bytes.HasPrefix(head, []byte("%PDF")):
		return "", refuse(fault.Say("a PDF document"), fault.Say("this version reads manifests as data: EDIFACT, ASYCUDA XML, CSV or XLSX"))
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")):
		return "", refuse(fault.Say("an old Excel workbook (.xls)"), fault.Say("save it as .xlsx or CSV and send that"))
	}
	encoding, _ := charset.Sniff(head)
	text := head
	if encoding.Width == 2 {
		decoded, _ := encoding.Decode(head[encoding.BOM:])
		text = []byte(decoded)
	} else {
		text = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	}
	if format, err, known := recogniseText(bytes.TrimLeft(text, " \t\r\n\x00")); known {
		return format, err
	}
	if isBinary(text) {
		return "", refuse(fault.Say("binary data"), fault.Say("send the manifest as EDIFACT, ASYCUDA XML, CSV or XLSX"))
	}
	return CSV, nil
}

func recogniseText(text []byte) (Format, error, bool) {
	upper := bytes.ToUpper(text[:min(len(text), 3)])
	switch {
	case len(text) > 0 && text[0] == '<':
		format, err := recogniseXML(text)
		return format, err, true
	case len(upper) == 3 && (string(upper) == "UNA" || string(upper) == "UNB" || string(upper) == "UNG" || string(upper) == "UNH"):
		format, err := recogniseEDIFACT(text)
		return format, err, true
	case bytes.HasPrefix(text, []byte("ISA")) && len(text) > 105:
		return "", refuse(fault.Say("an ANSI X12 interchange"), fault.Say("this version reads UN/EDIFACT")), true
	}
	return "", nil, false
}

func refuse(what, hint fault.Phrase) error {
	return fault.New(fault.Invalid, "the file is %s, which is not read here", what).WithHint("%s", hint)
}

func recogniseZip(head []byte) (Format, error) {
	for _, name := range []string{"xl/", "[Content_Types].xml", "_rels/.rels", "docProps/"} {
		if bytes.Contains(head, []byte(name)) {
			return XLSX, nil
		}
	}
	return "", refuse(fault.Say("a zip archive and no workbook"), fault.Say("unpack it and send the files in it"))
}

// recogniseXML looks at the name of the root element.
func recogniseXML(text []byte) (Format, error) {
	rest := text
	for len(rest) > 0 && rest[0] == '<' {
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			_, rest, _ = bytes.Cut(rest, []byte("-->"))
		case bytes.HasPrefix(rest, []byte("<?")), bytes.HasPrefix(rest, []byte("<!")):
			if isDoctype(rest) {
				return AWMDS, nil // the reader refuses it with its line
			}
			_, rest, _ = bytes.Cut(rest, []byte(">"))
		default:
			return byRoot(rest)
		}
		rest = bytes.TrimLeft(rest, " \t\r\n")
	}
	return "", refuse(fault.Say("text that begins like XML and has no root element"), fault.Say("ask the sender to send it again"))
}

func isDoctype(b []byte) bool {
	return len(b) > 9 && bytes.EqualFold(b[:9], []byte("<!DOCTYPE"))
}

func byRoot(rest []byte) (Format, error) {
	end := bytes.IndexAny(rest, " \t\r\n/>")
	if end < 1 {
		end = min(len(rest), 40)
	}
	root := rest[1:end]
	if i := bytes.LastIndexByte(root, ':'); i >= 0 {
		root = root[i+1:]
	}
	if bytes.EqualFold(root, []byte("awmds")) {
		return AWMDS, nil
	}
	return "", refuse(fault.Say("XML with the root element %.40q", root), fault.Say("this version reads the ASYCUDA World manifest, root element Awmds"))
}

// recogniseEDIFACT looks at the types of the messages that begin in the head. A UNH
// without a type may be anything, and is left to the reader.
func recogniseEDIFACT(text []byte) (Format, error) {
	if bytes.Contains(text, []byte("CUSCAR")) {
		return CUSCAR, nil
	}
	types := messageTypes(text)
	if len(types) == 0 {
		return CUSCAR, nil
	}
	return "", refuse(fault.Say("a UN/EDIFACT %s message", types[0]), fault.Say("this version reads CUSCAR manifests"))
}

// messageTypes returns the message types of the UNH segments in the text.
func messageTypes(text []byte) (types []string) {
	for {
		_, rest, ok := bytes.Cut(text, []byte("UNH"))
		if !ok || len(rest) == 0 {
			return types
		}
		text = rest
		element := rest[0] // the sender's element separator
		if _, after, ok := bytes.Cut(rest[1:], []byte{element}); ok {
			n := 0
			for n < len(after) && n < 7 && after[n] >= 'A' && after[n] <= 'Z' {
				n++
			}
			if n == 6 {
				types = append(types, string(after[:n]))
			}
		}
	}
}

// isBinary reports whether text holds control characters that no text has.
func isBinary(text []byte) bool {
	odd := 0
	for _, b := range text {
		if b < 0x20 && b != '\t' && b != '\r' && b != '\n' && b != '\f' {
			odd++
		}
	}
	if utf8.Valid(text) {
		return odd*100 > len(text)
	}
	return odd > 0
}
