package xapi

import (
	"strings"
	"time"

	"tidewaiter/internal/fault"
)

// voided is the verb by which a statement takes another one back.
const voided = "http://adlnet.gov/expapi/verbs/voided"

var subStatementShape = shape{
	{"objectType", true, exactly("SubStatement")},
	{"actor", true, checkActor},
	{"verb", true, verbShape.holds},
	{"object", true, checkSimpleObject},
	{"result", false, resultShape.holds},
	{"context", false, checkContext},
	{"timestamp", false, checkTime},
	{"attachments", false, each(checkAttachment)},
}

var statementShape = shape{
	{"id", false, checkUUID},
	{"actor", true, checkActor},
	{"verb", true, verbShape.holds},
	{"object", true, checkObject},
	{"result", false, resultShape.holds},
	{"context", false, checkContext},
	{"timestamp", false, checkTime},
	{"stored", false, checkTime},
	{"authority", false, checkAuthority},
	{"version", false, checkVersion},
	{"attachments", false, each(checkAttachment)},
}

// checkObject takes whatever a statement can be about.
func checkObject(c *checker, n *Node, at *place) error {
	if n.Kind == Object && n.Str("objectType") == "SubStatement" {
		if err := subStatementShape.holds(c, n, at); err != nil {
			return err
		}
		return checkWhole(n, at)
	}
	return checkSimpleObject(c, n, at)
}

// checkSimpleObject takes what a statement within a statement can be about: anything but
// a third one.
func checkSimpleObject(c *checker, n *Node, at *place) error {
	if n.Kind != Object {
		return at.refuse("must be an object")
	}
	if kind := n.Get("objectType"); kind != nil {
		switch {
		case kind.Kind != String:
			return at.in("objectType").refuse("must be a string")
		case kind.Text == "Agent" || kind.Text == "Group":
			return checkActor(c, n, at)
		case kind.Text == "StatementRef":
			return referenceShape.holds(c, n, at)
		case kind.Text != "Activity":
			return at.in("objectType").refuse("%q can not stand there", shorten(kind.Text))
		}
	}
	return checkActivity(c, n, at)
}

// checkWhole holds what no property can be asked for alone.
func checkWhole(n *Node, at *place) error {
	object, context := n.Get("object"), n.Get("context")
	if kind := object.Str("objectType"); kind != "" && kind != "Activity" {
		for _, name := range []string{"revision", "platform"} { // 1.0.3 part 2 §2.4.6
			if context.Get(name) != nil {
				return at.in("context").refuse("must not have a %s, as the object is no activity", name)
			}
		}
	}
	return nil
}

// Statement is a checked statement.
type Statement struct {
	ID   UUID
	node *Node
}

// ParseStatement reads one statement; an array is a fault.Invalid, too.
func ParseStatement(body []byte, v Version) (*Statement, error) {
	n, err := Parse(body)
	if err != nil {
		return nil, err
	}
	if n.Kind == Array {
		return nil, fault.New(fault.Invalid, "one statement is taken here, not an array").WithHint("send several by POST")
	}
	return newStatement(n, v)
}

// ParseStatements reads what a request sends: one statement, or an array of them. A
// statement that breaks a rule of the version is a fault.Invalid with its place, and
// makes the whole request one.
func ParseStatements(body []byte, v Version) ([]*Statement, error) {
	n, err := Parse(body)
	if err != nil {
		return nil, err
	}
	if n.Kind != Array {
		s, err := newStatement(n, v)
		return []*Statement{s}, err
	}
	statements := make([]*Statement, len(n.Items))
	seen := make(map[UUID]bool, len(n.Items))
	for i, item := range n.Items {
		s, err := newStatement(item, v)
		if err != nil {
			return nil, inBatch(err, i, len(n.Items))
		}
		if s.HasID() && seen[s.ID] {
			return nil, inBatch(fault.New(fault.Invalid, "id is that of an earlier statement of the request"), i, len(n.Items))
		}
		seen[s.ID] = true
		statements[i] = s
	}
	return statements, nil
}

// inBatch says which statement of the request is meant.
func inBatch(err error, i, of int) error {
	return fault.New(fault.KindOf(err), "statement %d of %d: %v", i+1, of, err)
}

func newStatement(n *Node, v Version) (*Statement, error) {
	if n.Kind != Object {
		return nil, fault.New(fault.Invalid, "a statement must be an object")
	}
	if err := statementShape.holds(&checker{v}, n, nil); err != nil {
		return nil, err
	}
	if err := checkWhole(n, nil); err != nil {
		return nil, err
	}
	s := &Statement{node: n}
	s.ID, _ = ParseUUID(n.Str("id"))
	if _, _, refers := s.Refers(); s.Voids() && !refers { // 1.0.3 part 2 §2.3.2
		return nil, fault.New(fault.Invalid, "object of a statement that voids must be a StatementRef")
	}
	drop(n, "stored") // and authority are the record store's to say
	drop(n, "authority")
	normalize(n, v)
	if n.Get("version") == nil {
		n.Set("version", text(defaultVersion(v)))
	}
	return s, nil
}

// defaultVersion is what a statement that does not say is: 1.0.3 part 2 §2.4.10.
func defaultVersion(v Version) string {
	if v == V103 {
		return "1.0.0"
	}
	return string(v)
}

// normalize writes what has two forms in the one that is answered: context activities as
// arrays, and by 2.0.0 timestamps in UTC.
func normalize(n *Node, v Version) {
	if activities := n.Get("context").Get("contextActivities"); activities != nil {
		for i, m := range activities.Members {
			if m.Value.Kind == Object {
				activities.Members[i].Value = &Node{Kind: Array, Items: []*Node{m.Value}}
			}
		}
	}
	if stamp := n.Get("timestamp"); stamp != nil && v != V103 {
		if t, ok := ParseTime(stamp.Text, v); ok && stamp.Text[len(stamp.Text)-1] != 'Z' {
			stamp.Text = FormatTime(t)
		}
	}
	if object := n.Get("object"); object.Str("objectType") == "SubStatement" {
		normalize(object, v)
	}
}

// HasID reports whether the statement came with an id, or was given one.
func (s *Statement) HasID() bool { return s.node.Get("id") != nil }

// SetID gives the statement its id.
func (s *Statement) SetID(id UUID) {
	s.ID = id
	s.node.Members = append([]Member{{"id", text(id.String())}}, s.node.Members...)
}

// IDText is the id as it was written.
func (s *Statement) IDText() string { return s.node.Str("id") }

// Refers returns the statement that this one is about, if it is about one, and whether
// it voids it.
func (s *Statement) Refers() (target UUID, voids, ok bool) {
	object := s.node.Get("object")
	if object.Str("objectType") != "StatementRef" {
		return target, false, false
	}
	target, ok = ParseUUID(object.Str("id"))
	return target, s.Voids(), ok
}

// Voids reports whether the statement takes another one back.
func (s *Statement) Voids() bool { return s.node.Get("verb").Str("id") == voided }

// Draft is a statement's JSON but for what is known only when it is kept: its end.
type Draft struct {
	head    []byte
	stamped bool // has a timestamp of its own
}

// Draft writes the statement with the authority that sent it.
func (s *Statement) Draft(authority Agent) Draft {
	d := Draft{head: make([]byte, 0, 2048)}
	d.head = append(d.head, '{')
	for _, m := range s.node.Members {
		d.stamped = d.stamped || m.Name == "timestamp"
		d.head = append(appendString(d.head, m.Name), ':')
		d.head = append(m.Value.Append(d.head), ',')
	}
	d.head = append(d.head, `"authority":`...)
	d.head = authority.node.Append(d.head)
	return d
}

// Stored returns the whole JSON of the statement, kept at a time; a statement that does
// not say when it happened happened then (1.0.3 part 2 §2.4.7).
func (d Draft) Stored(at time.Time) []byte {
	stamp := FormatTime(at)
	b := make([]byte, 0, d.Len())
	b = append(b, d.head...)
	b = append(b, `,"stored":"`...)
	b = append(b, stamp...)
	if !d.stamped {
		b = append(b, `","timestamp":"`...)
		b = append(b, stamp...)
	}
	return append(b, `"}`...)
}

// Len is about how many bytes the statement will have.
func (d Draft) Len() int { return len(d.head) + 96 }

// Read returns a statement that was kept: it has been checked.
func Read(body []byte) (*Statement, error) {
	n, err := Parse(body)
	if err != nil {
		return nil, err
	}
	s := &Statement{node: n}
	s.ID, _ = ParseUUID(n.Str("id"))
	return s, nil
}

// Node returns the statement's JSON, which must not be changed.
func (s *Statement) Node() *Node { return s.node }

// Actor returns who did it; without identity for a group that has none.
func (s *Statement) Actor() Agent {
	n := s.node.Get("actor")
	return Agent{Identity: identity(n), node: n}
}

// Attachment is a file that goes with a statement.
type Attachment struct {
	SHA2        string // in small letters
	ContentType string
	FileURL     string // where it can be fetched, when it was not sent along
	Signature   bool   // of the statement
}

// Attachments returns the files that go with the statement and with one within it.
func (s *Statement) Attachments() (all []Attachment) {
	for _, n := range []*Node{s.node, s.node.Get("object")} {
		for _, a := range n.list("attachments") {
			all = append(all, Attachment{
				SHA2: strings.ToLower(a.Str("sha2")), ContentType: a.Str("contentType"), FileURL: a.Str("fileUrl"),
				Signature: a.Str("usageType") == signatureUsage && n == s.node,
			})
		}
	}
	return all
}
