package xapi

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"tidewaiter/internal/fault"
)

// Kind is what a JSON value is, by the first byte of its grammar.
type Kind byte

// The kinds of JSON values.
const (
	Null   Kind = 'n'
	False  Kind = 'f'
	True   Kind = 't'
	Number Kind = '0'
	String Kind = '"'
	Object Kind = '{'
	Array  Kind = '['
)

// maxDepth bounds how deep values may nest; no statement comes near, and every
// recursion over a Node is safe below it.
const maxDepth = 64

// Node is a JSON value as it was written.
type Node struct {
	Kind    Kind
	Text    string   // of a string, unescaped; of a number, its digits as they came
	Members []Member // of an object, in their order
	Items   []*Node  // of an array
}

// Member is a name of an object with its value.
type Member struct {
	Name  string
	Value *Node
}

// Parse reads one JSON value (RFC 8259) strictly: UTF-8 without faults, no name twice in
// an object, nothing behind the value, at most 64 levels. What is wrong is a
// fault.Invalid that names the place.
func Parse(text []byte) (*Node, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	n, err := readNode(d, 0)
	if err == nil {
		_, err = d.ReadToken()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err == nil {
			return nil, fault.New(fault.Invalid, "something stands behind the JSON value, at byte %d", d.InputOffset())
		}
	}
	return nil, jsonFault(err)
}

// jsonFault says in one sentence what is wrong with a text that should be JSON.
func jsonFault(err error) error {
	var known *fault.Error
	if errors.As(err, &known) {
		return known
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.New(fault.Invalid, "this is not JSON: it ends too early")
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		at := "at byte %d"
		if syntax.JSONPointer != "" {
			at += ", in " + strings.ReplaceAll(string(syntax.JSONPointer), "%", "%%")
		}
		return fault.New(fault.Invalid, "this is not JSON "+at+": %v", syntax.ByteOffset, syntax.Err)
	}
	return fault.Wrap(fault.Invalid, err, "this is not JSON")
}

func readNode(d *jsontext.Decoder, depth int) (*Node, error) {
	if depth > maxDepth {
		return nil, fault.New(fault.Invalid, "values nest deeper than %d levels at byte %d", maxDepth, d.InputOffset())
	}
	t, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	n := &Node{Kind: Kind(t.Kind())}
	switch n.Kind {
	case String, Number:
		n.Text = t.String()
	case Object:
		for d.PeekKind() != '}' {
			name, err := d.ReadToken()
			if err != nil {
				return nil, err
			}
			m := Member{Name: name.String()} // before the next token takes its memory
			if m.Value, err = readNode(d, depth+1); err != nil {
				return nil, err
			}
			n.Members = append(n.Members, m)
		}
		_, err = d.ReadToken()
	case Array:
		for d.PeekKind() != ']' {
			item, err := readNode(d, depth+1)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, item)
		}
		_, err = d.ReadToken()
	}
	return n, err
}

// Get returns a member's value, or nil.
func (n *Node) Get(name string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Members {
		if n.Members[i].Name == name {
			return n.Members[i].Value
		}
	}
	return nil
}

// list returns a member's items when it is an array, else none.
func (n *Node) list(name string) []*Node {
	if v := n.Get(name); v != nil {
		return v.Items
	}
	return nil
}

// Str returns a member's text when it is a string, else "".
func (n *Node) Str(name string) string {
	if v := n.Get(name); v != nil && v.Kind == String {
		return v.Text
	}
	return ""
}

// Set gives a member a value, at its place or at the end.
func (n *Node) Set(name string, v *Node) {
	for i := range n.Members {
		if n.Members[i].Name == name {
			n.Members[i].Value = v
			return
		}
	}
	n.Members = append(n.Members, Member{name, v})
}

// Append writes the value to b without white space.
func (n *Node) Append(b []byte) []byte {
	switch n.Kind {
	case Null:
		return append(b, "null"...)
	case True:
		return append(b, "true"...)
	case False:
		return append(b, "false"...)
	case Number:
		return append(b, n.Text...)
	case String:
		return appendString(b, n.Text)
	case Array:
		b = append(b, '[')
		for i, item := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.Append(b)
		}
		return append(b, ']')
	}
	b = append(b, '{')
	for i, m := range n.Members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, m.Name), ':')
		b = m.Value.Append(b)
	}
	return append(b, '}')
}

func appendString(b []byte, s string) []byte {
	out, err := jsontext.AppendQuote(b, s)
	if err != nil { // only for what is no UTF-8, which Parse refuses
		out, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(s, "\uFFFD"))
	}
	return out
}

// text returns a node of a string.
func text(s string) *Node { return &Node{Kind: String, Text: s} }
