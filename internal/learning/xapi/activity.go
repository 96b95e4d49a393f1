package xapi

import "slices"

var definitionShape = shape{
	{"name", false, checkLanguageMap},
	{"description", false, checkLanguageMap},
	{"type", false, checkIRI},
	{"moreInfo", false, checkIRI},
	{"interactionType", false, matching(isInteraction, "a type of interaction")},
	{"correctResponsesPattern", false, each(checkString)},
	{"choices", false, checkComponents},
	{"scale", false, checkComponents},
	{"source", false, checkComponents},
	{"target", false, checkComponents},
	{"steps", false, checkComponents},
	{"extensions", false, checkExtensions},
}

var activityShape = shape{
	{"objectType", false, exactly("Activity")},
	{"id", true, checkIRI},
	{"definition", false, checkDefinition},
}

var componentShape = shape{
	{"id", true, checkString},
	{"description", false, checkLanguageMap},
}

// interactions are the types of interaction with the lists of components that each may
// have (1.0.3 part 2 §2.4.4.1).
var interactions = map[string][]string{
	"true-false": nil, "fill-in": nil, "long-fill-in": nil, "numeric": nil, "other": nil,
	"choice": {"choices"}, "sequencing": {"choices"}, "likert": {"scale"}, "matching": {"source", "target"}, "performance": {"steps"},
}

func isInteraction(s string) bool {
	_, ok := interactions[s]
	return ok
}

var componentLists = []string{"choices", "scale", "source", "target", "steps"}

func checkActivity(c *checker, n *Node, at *place) error { return activityShape.holds(c, n, at) }

func checkDefinition(c *checker, n *Node, at *place) error {
	if err := definitionShape.holds(c, n, at); err != nil {
		return err
	}
	kind := n.Str("interactionType")
	if kind == "" && n.Get("correctResponsesPattern") != nil {
		return at.refuse("has correct responses and must say its interactionType")
	}
	for _, list := range componentLists {
		if n.Get(list) == nil {
			continue
		}
		if kind == "" {
			return at.refuse("has %s and must say its interactionType", list)
		}
		if !slices.Contains(interactions[kind], list) {
			return at.refuse("is an interaction of type %s, which has no %s", kind, list)
		}
	}
	return nil
}

// checkComponents takes a list of choices and the like, in which no id stands twice.
func checkComponents(c *checker, n *Node, at *place) error {
	if err := each(componentShape.holds)(c, n, at); err != nil {
		return err
	}
	seen := make(map[string]bool, len(n.Items))
	for i, item := range n.Items {
		id := item.Str("id")
		if seen[id] {
			return at.at(i).refuse("has the id %q of an earlier one", shorten(id))
		}
		seen[id] = true
	}
	return nil
}

// Activity is something that statements are about, with what one of them told of it.
type Activity struct {
	ID         string // IRI
	Definition *Node
}

// MergeDefinition returns what is known of an activity after another statement told of
// it: texts of other languages and other extensions stay, what is told anew replaces
// what was (1.0.3 part 3 §2.5 leaves the choice to the record store).
func MergeDefinition(known, told *Node) *Node {
	merged := &Node{Kind: Object, Members: slices.Clone(known.Members)}
	for _, m := range told.Members {
		old := merged.Get(m.Name)
		switch m.Name {
		case "name", "description", "extensions":
			if old != nil {
				sum := &Node{Kind: Object, Members: slices.Clone(old.Members)}
				for _, entry := range m.Value.Members {
					sum.Set(entry.Name, entry.Value)
				}
				merged.Set(m.Name, sum)
				continue
			}
		case "interactionType":
			if old != nil && old.Text != m.Value.Text { // the components of another type go with it
				merged.Members = slices.DeleteFunc(merged.Members, func(m Member) bool {
					return m.Name == "correctResponsesPattern" || slices.Contains(componentLists, m.Name)
				})
			}
		}
		merged.Set(m.Name, m.Value)
	}
	return merged
}

// ActivityJSON returns the complete activity as a request for it is answered.
func ActivityJSON(id string, definition *Node) []byte {
	n := &Node{Kind: Object, Members: []Member{{"objectType", text("Activity")}, {"id", text(id)}}}
	if definition != nil {
		n.Set("definition", definition)
	}
	return n.Append(nil)
}
