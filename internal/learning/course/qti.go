package course

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
)

// node is an element of a foreign XML document.
type node struct {
	name     string
	attr     map[string]string
	text     string // of all that is inside, as words
	children []*node
	line     int
}

// Bounds of a foreign XML document.
const (
	mostNodes = 200_000
	mostDepth = 40
)

// readXML reads a document without document type declarations, so that no entity can
// stand for anything.
func readXML(text string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	root := &node{name: "#document"}
	stack := []*node{root}
	for count := 0; ; count++ {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := d.InputPos()
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "line %d is no well-formed XML", line)
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.Directive:
			return nil, fault.New(fault.Invalid, "line %d: a document type is not allowed here", line)
		case xml.StartElement:
			if count > mostNodes || len(stack) > mostDepth {
				return nil, fault.New(fault.Invalid, "line %d: the document is too large or too deep", line)
			}
			n := &node{name: t.Name.Local, attr: map[string]string{}, line: line}
			for _, a := range t.Attr {
				n.attr[a.Name.Local] = a.Value
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
			stack[len(stack)-1].text += " " + top.text
		case xml.CharData:
			top.text += string(t)
		}
	}
	return root, nil
}

// all returns the elements of a name below n, in the order of the document.
func (n *node) all(name string) (list []*node) {
	for _, c := range n.children {
		if c.name == name {
			list = append(list, c)
		} else {
			list = append(list, c.all(name)...)
		}
	}
	return list
}

func (n *node) words() string { return strings.Join(strings.Fields(n.text), " ") }

// ReadQTI reads assessment items of QTI 3 (1EdTech): choice, match, order and hotspot
// interactions with one interaction each. Others are left, with their lines. A hotspot's
// picture is named as the item names it; it has to be put into the course's pictures.
func ReadQTI(r io.Reader, lang string) (Imported, error) {
	var out Imported
	text, err := readBank(r)
	if err != nil {
		return out, err
	}
	doc, err := readXML(text)
	if err != nil {
		return out, err
	}
	items := doc.all("qti-assessment-item")
	if len(items) == 0 {
		return out, fault.New(fault.Invalid, "there is no qti-assessment-item in this file").WithHint("QTI 3 is read; older versions have to be converted")
	}
	for _, item := range items {
		q, why := qtiItem(item, lang)
		if why != "" {
			out.Left = append(out.Left, Left{item.line, short(item.attr["title"]), why})
			continue
		}
		out.Questions = append(out.Questions, q)
	}
	return out, nil
}

// qtiItem reads one item.
func qtiItem(item *node, lang string) (q Question, why string) {
	q.ID = slug(item.attr["identifier"])
	if q.ID == "" {
		q.ID = fmt.Sprintf("qti-%d", item.line)
	}
	body := item.all("qti-item-body")
	if len(body) != 1 {
		return q, "has no body"
	}
	var right []string
	for _, d := range item.all("qti-response-declaration") {
		for _, c := range d.all("qti-correct-response") {
			for _, v := range c.all("qti-value") {
				right = append(right, v.words())
			}
		}
	}
	if len(right) == 0 {
		return q, "names no correct response"
	}
	readers := map[string]func(*node, []string, string) string{
		"qti-choice-interaction": q.qtiChoice, "qti-match-interaction": q.qtiMatch, "qti-order-interaction": q.qtiOrder, "qti-hotspot-interaction": q.qtiHotspot,
	}
	var found *node
	for name := range readers {
		list := body[0].all(name)
		if len(list) > 1 || len(list) == 1 && found != nil {
			return q, "has several interactions"
		}
		if len(list) == 1 {
			found = list[0]
		}
	}
	if found == nil {
		return q, "has an interaction that is not taken over"
	}
	q.Text = Text{lang: qtiStem(body[0], found)}
	if q.Text[lang] == "" {
		return q, "has no text"
	}
	if why = readers[found.name](found, right, lang); why != "" {
		return q, why
	}
	if n := q.Parts(); n < leastParts || n > mostParts {
		return q, fmt.Sprintf("has %d parts; %d to %d are possible", n, leastParts, mostParts)
	}
	return q, ""
}

// qtiStem is the text of the body without that of the interaction's choices.
func qtiStem(body, interaction *node) string {
	prompt := ""
	for _, p := range interaction.all("qti-prompt") {
		prompt += " " + p.words()
	}
	whole, inside := body.words(), interaction.words()
	stem := strings.Replace(whole, inside, " ", 1)
	return strings.Join(strings.Fields(stem+" "+prompt), " ")
}

func (q *Question) qtiChoice(n *node, right []string, lang string) string {
	q.Kind = Single
	for _, c := range n.all("qti-simple-choice") {
		q.Choices = append(q.Choices, choiceOf(lang, c.words(), slices.Contains(right, c.attr["identifier"])))
	}
	if len(right) > 1 || n.attr["max-choices"] == "0" {
		q.Kind = Multiple
	}
	if len(right) >= len(q.Choices) {
		return "has no wrong choice"
	}
	return ""
}

func (q *Question) qtiMatch(n *node, right []string, lang string) string {
	q.Kind = Matching
	sets := n.all("qti-simple-match-set")
	if len(sets) != 2 {
		return "has not two sets to match"
	}
	names := map[string]string{}
	for _, set := range sets {
		for _, c := range set.all("qti-simple-associable-choice") {
			names[c.attr["identifier"]] = c.words()
		}
	}
	used := map[string]bool{}
	for _, pair := range right {
		left, to, _ := strings.Cut(pair, " ")
		if names[left] == "" || names[to] == "" || used[left] || used[to] {
			return "matches something twice, or something that is not there"
		}
		used[left], used[to] = true, true
		q.Pairs = append(q.Pairs, Pair{Text{lang: names[left]}, Text{lang: names[to]}})
	}
	return ""
}

func (q *Question) qtiOrder(n *node, right []string, lang string) string {
	q.Kind = Ordering
	names := map[string]string{}
	for _, c := range n.all("qti-simple-choice") {
		names[c.attr["identifier"]] = c.words()
	}
	for _, id := range right {
		if names[id] == "" {
			return "orders something that is not there"
		}
		q.Steps = append(q.Steps, Text{lang: names[id]})
	}
	return ""
}

func (q *Question) qtiHotspot(n *node, right []string, lang string) string {
	q.Kind = Hotspot
	for _, pictures := range [][]*node{n.all("img"), n.all("object")} {
		for _, p := range pictures {
			if name := p.attr["src"] + p.attr["data"]; name != "" {
				q.Picture = "pictures/" + name[strings.LastIndexByte(name, '/')+1:]
			}
		}
	}
	for i, c := range n.all("qti-hotspot-choice") {
		s, ok := qtiShape(c.attr["shape"], c.attr["coords"])
		if !ok {
			return "has a spot that is neither a rectangle nor a circle"
		}
		s.Right = slices.Contains(right, c.attr["identifier"])
		label := c.attr["hotspot-label"]
		if label == "" {
			label = strconv.Itoa(i + 1)
		}
		s.Label = Text{lang: label}
		q.Spots = append(q.Spots, s)
	}
	if q.Picture == "" || len(right) != 1 {
		return "has no picture, or not one right spot"
	}
	return ""
}

// qtiShape reads a rectangle (left, top, right, bottom) or a circle (x, y, radius), which
// becomes the square around it.
func qtiShape(kind, coords string) (s Spot, ok bool) {
	var x []float64
	for part := range strings.SplitSeq(coords, ",") {
		f, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return s, false
		}
		x = append(x, f)
	}
	switch {
	case kind == "rect" && len(x) == 4 && x[2] > x[0] && x[3] > x[1]:
		return Spot{X: x[0], Y: x[1], Width: x[2] - x[0], Height: x[3] - x[1]}, true
	case kind == "circle" && len(x) == 3 && x[2] > 0:
		return Spot{X: x[0] - x[2], Y: x[1] - x[2], Width: 2 * x[2], Height: 2 * x[2]}, true
	}
	return s, false
}
