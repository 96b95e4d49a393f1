package xapi

import "slices"

// Format is how a request wants its statements (1.0.3 part 3 §2.1.3).
type Format string

// The formats: as they were sent, with identifiers only, or with what is known of
// activities and in one language.
const (
	Exact     Format = "exact"
	IDs       Format = "ids"
	Canonical Format = "canonical"
)

// Activities returns the ids of the statement's activities.
func (s *Statement) Activities() (ids []string) {
	eachActivity(s.node, func(activity *Node) { ids = append(ids, activity.Str("id")) })
	return ids
}

// AppendIDs writes the statement with no more of agents, activities and verbs than says
// which they are, and leaves it so.
func (s *Statement) AppendIDs(b []byte) []byte {
	reduce(s.node)
	return s.node.Append(b)
}

func reduce(n *Node) {
	keep(n.Get("verb"), "id")
	eachActivity(n, func(activity *Node) { keep(activity, "id") })
	eachActor(n, reduceActor)
	if object := n.Get("object"); object.Str("objectType") == "SubStatement" {
		keep(object.Get("verb"), "id")
	}
}

// reduceActor leaves an identifier; of a group without one its members'.
func reduceActor(n *Node) {
	if countIdentifiers(n) > 0 {
		keep(n, "objectType", "mbox", "mbox_sha1sum", "openid", "account")
		return
	}
	keep(n, "objectType", "member")
	for _, m := range n.list("member") {
		reduceActor(m)
	}
}

func keep(n *Node, names ...string) {
	n.Members = slices.DeleteFunc(n.Members, func(m Member) bool { return !slices.Contains(names, m.Name) })
}

// AppendCanonical writes the statement with the definitions that the record store has of
// its activities, by their ids, and in each text only the language that suits best. It
// leaves the statement so.
func (s *Statement) AppendCanonical(b []byte, known map[string]*Node, languages []string) []byte {
	n := s.node
	eachActivity(n, func(activity *Node) {
		if definition := known[activity.Str("id")]; definition != nil {
			activity.Set("definition", definition.clone())
		}
		oneLanguage(activity.Get("definition"), languages)
	})
	filterMap(n.Get("verb").Get("display"), languages)
	if object := n.Get("object"); object.Str("objectType") == "SubStatement" {
		filterMap(object.Get("verb").Get("display"), languages)
	}
	return n.Append(b)
}

// oneLanguage leaves one language in each text of a definition.
func oneLanguage(definition *Node, languages []string) {
	filterMap(definition.Get("name"), languages)
	filterMap(definition.Get("description"), languages)
	for _, list := range componentLists {
		for _, component := range definition.list(list) {
			filterMap(component.Get("description"), languages)
		}
	}
}

func filterMap(n *Node, languages []string) {
	if n == nil {
		return
	}
	if entry, ok := choose(n.Members, languages); ok {
		n.Members = []Member{entry}
	}
}

// clone returns a copy that can be changed.
func (n *Node) clone() *Node {
	c := &Node{Kind: n.Kind, Text: n.Text}
	if n.Members != nil {
		c.Members = make([]Member, len(n.Members))
		for i, m := range n.Members {
			c.Members[i] = Member{m.Name, m.Value.clone()}
		}
	}
	if n.Items != nil {
		c.Items = make([]*Node, len(n.Items))
		for i, item := range n.Items {
			c.Items[i] = item.clone()
		}
	}
	return c
}
