package web

import (
	"context"

	"github.com/a-h/templ"
)

// Frame is what stands around every page of one person: whose desk it is, and where one
// can go from here. All texts are in the person's language already.
type Frame struct {
	Product string // empty: Tidewaiter
	Home    string // address of the start page; empty: /
	Unit    string
	Officer string // empty: nobody is signed in
	Role    string
	Account string // address of the person's own page; may be empty
	SignOut string // address that a POST signs out at; empty: no button
	Nav     []NavItem
	Search  Search
	Banner  string // stands over everything, such as "Exercise: not real traffic"

	Band templ.Component // as Banner, with links and forms; may be nil
}

// NavItem is one place in the main menu.
type NavItem struct {
	ID    string // what PageInfo.Section says when a page belongs here
	Icon  string
	Label string
	Href  string
	Badge int  // how many things wait there; 0 shows none
	Apart bool // begins a new group
}

// Search is the search field of the frame; without an Action there is none.
type Search struct {
	Action string // a GET form
	Name   string // the field's name; empty: q
	Value  string
	Hint   string // what can be searched
}

// Link is a place and its name.
type Link struct {
	Label string
	Href  string // empty: where we are
}

// PageInfo is what the shell needs to know of a page.
type PageInfo struct {
	Title   string // the heading, and the browser's title
	Section string // ID of the menu item that it belongs to
	Crumbs  []Link // the way here, without the page itself
	Lead    string // one sentence under the heading; may be empty
	Kicker  string // small words over the heading, such as the kind of thing

	Actions templ.Component // buttons beside the heading; may be nil
	Tabs    []Tab           // parts of the page as links; may be empty
	Islands []string        // scripts that the page uses, by name: "keyboard-list", "route-map"
	Narrow  bool            // a text or form: keep lines readable
	Plain   bool            // no heading: the page brings its own h1
}

// Tab is one part of a page, a link.
type Tab struct {
	Label   string
	Href    string
	Count   int
	Current bool
}

func (p PageInfo) documentTitle(ctx context.Context) string {
	f := frameOf(ctx)
	if p.Title == "" {
		return f.Product
	}
	return p.Title + " · " + f.Product
}

// scripts returns the addresses of the islands that are built.
func (p PageInfo) scripts() []string {
	var out []string
	for _, name := range p.Islands {
		if src := Asset(name + ".js"); src != "" {
			out = append(out, src)
		}
	}
	return out
}

func initials(name string) string {
	var out []rune
	start := true
	for _, r := range name {
		if r == ' ' || r == '-' {
			start = true
			continue
		}
		if start && len(out) < 2 {
			out = append(out, r)
		}
		start = false
	}
	return string(out)
}
