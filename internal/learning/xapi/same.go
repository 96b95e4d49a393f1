package xapi

import (
	"slices"
	"strconv"
	"strings"
)

// Same reports whether two statements say the same (1.0.3 part 2 §2.3.1): what a record
// store adds, how verbs and activities are described, the order of sets, and ways to
// write one time, duration or number make no difference.
func Same(a, b *Statement) bool {
	one, other := essence(a.node.clone(), ""), essence(b.node.clone(), "")
	if !a.saysWhen() || !b.saysWhen() {
		drop(one, "timestamp")
		drop(other, "timestamp")
	}
	return string(one.Append(nil)) == string(other.Append(nil))
}

// saysWhen reports whether the statement's timestamp came with it, and is not the time
// at which it was kept.
func (s *Statement) saysWhen() bool {
	stamp := s.node.Str("timestamp")
	return stamp != "" && stamp != s.node.Str("stored")
}

// dropped are the properties that make no difference, by the object that they stand in.
var dropped = map[string][]string{
	"":         {"id", "authority", "stored", "version"},
	"verb":     {"display"},
	"object":   {"definition"},
	"parent":   {"definition"},
	"grouping": {"definition"},
	"category": {"definition"},
	"other":    {"definition"},
}

// unordered are arrays that are sets.
var unordered = []string{"member", "parent", "grouping", "category", "other", "attachments", "contextAgents", "contextGroups"}

// essence rewrites n, which is the value of a property name, in the one form that all
// values which mean the same have.
func essence(n *Node, name string) *Node {
	switch n.Kind {
	case Number:
		n.Text = canonicalNumber(n.Text)
	case String:
		n.Text = canonicalText(name, n.Text)
	case Array:
		for _, item := range n.Items {
			essence(item, name)
		}
		if slices.Contains(unordered, name) {
			slices.SortFunc(n.Items, func(a, b *Node) int { return strings.Compare(string(a.Append(nil)), string(b.Append(nil))) })
		}
	case Object:
		essenceObject(n, name)
	}
	return n
}

func essenceObject(n *Node, name string) {
	if name == "extensions" { // whose values mean what their owner says
		sortMembers(n)
		return
	}
	n.Members = slices.DeleteFunc(n.Members, func(m Member) bool {
		implied := m.Value.Text == "Activity" || m.Value.Text == "Agent" && name != "object"
		return slices.Contains(dropped[name], m.Name) || m.Name == "objectType" && implied
	})
	for i, m := range n.Members {
		if slices.Contains(unordered, m.Name) && m.Value.Kind == Object {
			n.Members[i].Value = &Node{Kind: Array, Items: []*Node{m.Value}}
		}
		n.Members[i].Value = essence(n.Members[i].Value, m.Name)
	}
	sortMembers(n)
}

func sortMembers(n *Node) {
	slices.SortFunc(n.Members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
}

// canonicalText writes times, durations and identifiers in one way.
func canonicalText(name, s string) string {
	switch name {
	case "timestamp":
		if t, ok := ParseTime(s, V103); ok {
			return FormatTime(t)
		}
	case "duration":
		return comparableDuration(s)
	case "registration", "sha2", "id":
		if _, ok := ParseUUID(s); ok || name == "sha2" {
			return strings.ToLower(s)
		}
	}
	return s
}

// canonicalNumber writes a number in one way, digits and a power of ten: 1, 1.0 and
// 10e-1 are the same. It never computes, so that 1e999999999 costs nothing.
func canonicalNumber(s string) string {
	mantissa, power, _ := strings.Cut(strings.ToLower(s), "e")
	exponent, err := strconv.Atoi(strings.TrimPrefix(power, "+"))
	if power != "" && (err != nil || len(power) > 12) {
		return s
	}
	mantissa, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	exponent -= len(fraction)
	significant := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(significant)
	switch {
	case significant == "":
		return "0"
	case negative:
		significant = "-" + significant
	}
	return significant + "e" + strconv.Itoa(exponent)
}
