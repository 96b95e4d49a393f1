package play

import (
	"strings"

	"tidewaiter/internal/learning/pack"
)

// Offered reports whether a learner may launch a unit: by the control modes of SCORM 2004
// (SN 3.2), where a group whose children are not to be chosen among is gone through in its
// order, and by the prerequisites of SCORM 1.2 (CAM 2.3.5.1.1). r is nil for a learner who
// has not begun.
func Offered(p *pack.Package, r *Registration, unit int) bool {
	done := func(i int) bool { return r != nil && r.Progress[i].Done() }
	if p.Standard == pack.SCORM12 {
		return prerequisites(p, done, p.Units[unit].Prerequisites)
	}
	if p.Standard != pack.SCORM2004 {
		return true
	}
	path := pathTo(p.Tree, unit)
	for depth := 1; depth < len(path); depth++ {
		parent := path[depth-1]
		if parent.Choice {
			continue
		}
		for _, before := range parent.Children {
			if before.ID == path[depth].ID {
				break
			}
			if !allDone(before, done) {
				return false
			}
		}
	}
	return true
}

// pathTo returns the nodes from a root down to a unit.
func pathTo(nodes []pack.Node, unit int) []pack.Node {
	for _, n := range nodes {
		if n.Unit == unit {
			return []pack.Node{n}
		}
		if below := pathTo(n.Children, unit); below != nil {
			return append([]pack.Node{n}, below...)
		}
	}
	return nil
}

func allDone(n pack.Node, done func(int) bool) bool {
	if n.Unit >= 0 {
		return done(n.Unit)
	}
	for _, c := range n.Children {
		if !allDone(c, done) {
			return false
		}
	}
	return true
}

// prerequisites evaluates identifiers joined by & and |, of which & binds closer. An
// expression of more than that, which hardly any package has, holds nobody up.
func prerequisites(p *pack.Package, done func(int) bool, text string) bool {
	if text == "" || strings.ContainsAny(text, "~=<>*{}()\"") {
		return true
	}
	known := map[string]bool{}
	var note func(nodes []pack.Node)
	note = func(nodes []pack.Node) {
		for _, n := range nodes {
			known[n.ID] = allDone(n, done)
			note(n.Children)
		}
	}
	note(p.Tree)
	for alternative := range strings.SplitSeq(text, "|") {
		holds := true
		for id := range strings.SplitSeq(alternative, "&") {
			met, there := known[strings.TrimSpace(id)]
			holds = holds && (met || !there)
		}
		if holds {
			return true
		}
	}
	return false
}

// Neighbour returns the unit that comes so many places behind another; -1 where there is
// none.
func Neighbour(p *pack.Package, unit, places int) int {
	if next := unit + places; next >= 0 && next < len(p.Units) {
		return next
	}
	return -1
}
