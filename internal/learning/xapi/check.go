package xapi

import (
	"mime"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
)

// place is where a value stands, for the sentence that refuses it.
type place struct {
	up    *place
	name  string
	index int // of an item, when name is empty
}

func (p *place) in(name string) *place { return &place{up: p, name: name} }
func (p *place) at(index int) *place   { return &place{up: p, index: index} }

// String returns the place as a path, such as "context.contextActivities.parent[0].id".
func (p *place) String() string {
	if p == nil {
		return ""
	}
	up := p.up.String()
	switch {
	case p.name == "":
		return up + "[" + strconv.Itoa(p.index) + "]"
	case up == "":
		return p.name
	}
	return up + "." + p.name
}

// refuse says what is wrong at a place.
func (p *place) refuse(format string, args ...any) error {
	f := fault.New(fault.Invalid, format, args...)
	if where := p.String(); where != "" {
		f.Text = where + " " + f.Text
	}
	return f
}

// checker holds values against one version of the standard.
type checker struct{ version Version }

// check is a rule for the value at a place.
type check func(c *checker, n *Node, at *place) error

// field is a property that an object may have.
type field struct {
	name  string
	need  bool
	check check
}

// shape are the properties of an object; others are refused (1.0.3 part 2 §2.2).
type shape []field

// holds checks that n is an object with properties of the shape only, none of them null
// and all that are needed. The shapes are short: a walk is quicker than a map.
func (s shape) holds(c *checker, n *Node, at *place) error {
	if n.Kind != Object {
		return at.refuse("must be an object")
	}
	for i := range n.Members {
		m := &n.Members[i]
		rule := s.find(m.Name)
		if rule == nil {
			return at.refuse("has the property %q, which the standard does not know there", m.Name)
		}
		if m.Value.Kind == Null {
			return at.in(m.Name).refuse("must not be null")
		}
		if err := rule(c, m.Value, at.in(m.Name)); err != nil {
			return err
		}
	}
	for i := range s {
		if s[i].need && n.Get(s[i].name) == nil {
			return at.refuse("must have the property %q", s[i].name)
		}
	}
	return nil
}

func (s shape) find(name string) check {
	for i := range s {
		if s[i].name == name {
			return s[i].check
		}
	}
	return nil
}

// each returns a rule for arrays, of whose items every one must keep the rule.
func each(item check) check {
	return func(c *checker, n *Node, at *place) error {
		if n.Kind != Array {
			return at.refuse("must be an array")
		}
		for i, v := range n.Items {
			if err := item(c, v, at.at(i)); err != nil {
				return err
			}
		}
		return nil
	}
}

// matching returns a rule for strings.
func matching(ok func(string) bool, what string) check {
	return func(_ *checker, n *Node, at *place) error {
		if n.Kind != String {
			return at.refuse("must be a string: %s", what)
		}
		if !ok(n.Text) {
			return at.refuse("%q is not %s", shorten(n.Text), what)
		}
		return nil
	}
}

// exactly returns a rule for a string that can have one value only.
func exactly(value string) check {
	return matching(func(s string) bool { return s == value }, strconv.Quote(value))
}

var (
	checkIRI      = matching(IsIRI, "an IRI with its scheme")
	checkLanguage = matching(isLanguage, "a language tag (RFC 5646)")
	checkDuration = matching(isDuration, "a duration (ISO 8601)")
	checkMailto   = matching(isMailto, "mailto: and one mail address")
	checkSHA1     = matching(func(s string) bool { return isHex(s, 40) }, "a SHA-1 sum of 40 hexadecimal digits")
	checkSHA2     = matching(func(s string) bool { return isHex(s, 64) || isHex(s, 96) || isHex(s, 128) }, "a SHA-2 sum of 64, 96 or 128 hexadecimal digits")
	checkUUID     = matching(func(s string) bool { _, ok := ParseUUID(s); return ok }, "a UUID")
	checkMedia    = matching(isMedia, "a media type")
	checkVersion  = matching(isStatementVersion, "a version of xAPI that is spoken here")
)

func isMedia(s string) bool {
	media, _, err := mime.ParseMediaType(s)
	return err == nil && strings.Contains(media, "/")
}

// isStatementVersion: a statement may say that it is of any version that is spoken,
// whatever the request speaks (1.0.3 part 2 §2.4.10).
func isStatementVersion(s string) bool {
	_, ok := ParseVersion(s)
	return ok
}

func shorten(s string) string {
	if len(s) <= 80 {
		return s
	}
	return strings.ToValidUTF8(s[:80], "") + "…"
}

func checkString(_ *checker, n *Node, at *place) error {
	if n.Kind != String {
		return at.refuse("must be a string")
	}
	return nil
}

func checkBool(_ *checker, n *Node, at *place) error {
	if n.Kind != True && n.Kind != False {
		return at.refuse("must be true or false")
	}
	return nil
}

func checkTime(c *checker, n *Node, at *place) error {
	if n.Kind != String {
		return at.refuse("must be a string: a timestamp (ISO 8601)")
	}
	if _, ok := ParseTime(n.Text, c.version); !ok {
		return at.refuse("%q is not a timestamp (ISO 8601)", shorten(n.Text))
	}
	return nil
}

// checkLanguageMap: names are language tags, values what is said in them.
func checkLanguageMap(_ *checker, n *Node, at *place) error {
	if n.Kind != Object {
		return at.refuse("must be an object: texts by their language")
	}
	for _, m := range n.Members {
		if !isLanguage(m.Name) {
			return at.refuse("has the name %q, which is not a language tag (RFC 5646)", shorten(m.Name))
		}
		if m.Value.Kind != String {
			return at.in(m.Name).refuse("must be a string")
		}
	}
	return nil
}

// checkExtensions: names are IRIs, values anything, null too.
func checkExtensions(_ *checker, n *Node, at *place) error {
	if n.Kind != Object {
		return at.refuse("must be an object: values by their IRI")
	}
	for _, m := range n.Members {
		if !IsIRI(m.Name) {
			return at.refuse("has the name %q, which is not an IRI", shorten(m.Name))
		}
	}
	return nil
}

// checkNumber: any JSON number that a float can come near to.
func checkNumber(_ *checker, n *Node, at *place) error {
	if n.Kind != Number {
		return at.refuse("must be a number")
	}
	if _, err := strconv.ParseFloat(n.Text, 64); err != nil {
		return at.refuse("%s is out of range", shorten(n.Text))
	}
	return nil
}

// number returns a member's value when it is a number.
func (n *Node) number(name string) (float64, bool) {
	v := n.Get(name)
	if v == nil || v.Kind != Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.Text, 64)
	return f, err == nil
}
