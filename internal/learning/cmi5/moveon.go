package cmi5

import "tidewaiter/internal/learning/pack"

// Met reports whether the statements about a unit meet its criterion (§13.1.4). A waiver
// meets every one.
func Met(moveOn string, h Heard) bool {
	passed, completed := h[Passed] != "", h[Completed] != ""
	switch {
	case h[Waived] != "":
		return true
	case moveOn == OnPassed:
		return passed
	case moveOn == OnCompleted:
		return completed
	case moveOn == OnCompletedAndPassed:
		return completed && passed
	case moveOn == OnCompletedOrPassed:
		return completed || passed
	}
	return true // NotApplicable
}

// Group is a block, or the whole course, that is satisfied.
type Group struct {
	Publisher string // id in the course structure
	Path      string // place in the tree, such as 0.2; "" for the course
	Course    bool
}

// SatisfiedGroups returns the blocks whose units all meet their criteria, inner ones
// first, and then the course if it does (9.3.9.0-1, 9.3.9.0-5).
func SatisfiedGroups(p *pack.Package, heard func(unit int) Heard) []Group {
	w := walk{p: p, heard: heard}
	if w.all(p.Tree, "") {
		w.groups = append(w.groups, Group{Publisher: p.ID, Course: true})
	}
	return w.groups
}

type walk struct {
	p      *pack.Package
	heard  func(unit int) Heard
	groups []Group
}

func (w *walk) all(nodes []pack.Node, path string) bool {
	whole := true
	for i, n := range nodes {
		if n.Unit >= 0 {
			whole = Met(w.p.Units[n.Unit].MoveOn, w.heard(n.Unit)) && whole
			continue
		}
		at := path + string(appendIndex(nil, i))
		if w.all(n.Children, at+".") {
			w.groups = append(w.groups, Group{Publisher: n.ID, Path: at})
		} else {
			whole = false
		}
	}
	return whole
}

func appendIndex(b []byte, i int) []byte {
	if i >= 10 {
		b = appendIndex(b, i/10)
	}
	return append(b, byte('0'+i%10))
}
