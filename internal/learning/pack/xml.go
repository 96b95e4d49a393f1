package pack

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"tidewaiter/internal/fault"
)

// The bounds of a manifest.
const (
	maxElements = 200_000
	maxDepth    = 50
)

// element is a part of a manifest with its place.
type element struct {
	xml.Name
	file     string
	line     int
	attrs    []xml.Attr
	children []*element
	text     string
}

// wrong says what breaks a rule, with its place.
func (e *element) wrong(what fault.Phrase) *fault.Error {
	return fault.New(fault.Invalid, "%s, line %d, <%s>: %s", e.file, e.line, e.Local, what)
}

// attr returns an attribute by its local name, without white space around it
// (cmi5 §13.1); "" for nil.
func (e *element) attr(name string) string {
	v, _ := e.has(name)
	return v
}

func (e *element) has(name string) (string, bool) {
	if e == nil {
		return "", false
	}
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value), true
		}
	}
	return "", false
}

// child returns the first child of a name; nil without one.
func (e *element) child(name string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		if c.Local == name {
			return c
		}
	}
	return nil
}

// all returns the children of a name.
func (e *element) all(name string) (list []*element) {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		if c.Local == name {
			list = append(list, c)
		}
	}
	return list
}

// words returns the text within, without white space around it; "" for nil.
func (e *element) words() string {
	if e == nil {
		return ""
	}
	return strings.TrimSpace(e.text)
}

// parseXML reads a manifest. Document types are refused, and with them entities: nothing
// in a manifest needs them, and they reach for files or multiply without end.
func parseXML(file string, body []byte) (*element, error) {
	d := xml.NewDecoder(transform.NewReader(bytes.NewReader(body), unicode.BOMOverride(transform.Nop)))
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "utf-16") { // which the byte order mark said already
			return in, nil
		}
		enc, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(in), nil
	}
	root := &element{file: file}
	open := []*element{root}
	for count := 0; ; {
		token, err := d.Token()
		line, _ := d.InputPos()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s, line %d: this is not well-formed XML", file, line).WithHint("export the package again")
		}
		top := open[len(open)-1]
		switch t := token.(type) {
		case xml.Directive:
			return nil, fault.New(fault.Invalid, "%s, line %d: a document type is not accepted, since it can hold entities", file, line).
				WithHint("remove the line <!DOCTYPE …>")
		case xml.CharData:
			top.text += string(t)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.StartElement:
			if count++; count > maxElements || len(open) > maxDepth {
				return nil, fault.New(fault.Invalid, "%s, line %d: the manifest is larger or deeper than any course", file, line)
			}
			e := &element{Name: t.Name, file: file, line: line, attrs: t.Copy().Attr}
			top.children = append(top.children, e)
			open = append(open, e)
		}
	}
	if len(root.children) != 1 {
		return nil, fault.New(fault.Invalid, "%s holds no manifest", file)
	}
	return root.children[0], nil
}
