package main

import (
	"regexp"
	"strings"
)

// node is one statement of a style sheet: a rule or at-rule with a body, or a
// declaration or at-rule without.
type node struct {
	head  string
	body  []node
	block bool
}

// purge drops the rules that no page can match: those that name a class which is no word
// of the sources, and then the custom properties that nothing reads. For the theme "auto"
// it repeats the rules of the dark theme under the device's own preference.
func purge(sheet string, words map[string]bool) string {
	nodes, _ := parse(stripComments(sheet))
	nodes = keep(nodes, words)
	nodes = dropUnread(nodes)
	var b strings.Builder
	write(&b, nodes)
	return b.String()
}

var comment = regexp.MustCompile(`(?s)/\*.*?\*/`)

func stripComments(s string) string { return comment.ReplaceAllString(s, "") }

// parse reads statements up to the closing brace that it was opened for, and returns
// what is left.
func parse(s string) (nodes []node, rest string) {
	for {
		head, end, after := upTo(s)
		head = strings.TrimSpace(head)
		s = after
		switch end {
		case '{':
			var body []node
			body, s = parse(s)
			nodes = append(nodes, node{head: head, body: body, block: true})
		case ';':
			if head != "" {
				nodes = append(nodes, node{head: head})
			}
		default: // '}' or the end
			if head != "" {
				nodes = append(nodes, node{head: head})
			}
			return nodes, s
		}
	}
}

// upTo finds the next brace or semicolon outside strings and parentheses.
func upTo(s string) (head string, end byte, rest string) {
	depth := 0
	var quote byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && (c == '{' || c == ';' || c == '}'):
			return s[:i], c, s[i+1:]
		}
	}
	return s, 0, ""
}

func keep(nodes []node, words map[string]bool) []node {
	var out []node
	for _, n := range nodes {
		switch {
		case !n.block, strings.HasPrefix(n.head, "@font-face"), strings.HasPrefix(n.head, "@keyframes"), strings.HasPrefix(n.head, "@page"):
			out = append(out, n)
		case strings.HasPrefix(n.head, "@"):
			if n.body = keep(n.body, words); len(n.body) > 0 {
				out = append(out, n)
			}
		default:
			if n.head = matching(n.head, words); n.head != "" {
				out = append(out, n)
				out = append(out, asDevice(n)...)
			}
		}
	}
	return out
}

const darkTheme = "[data-bs-theme=dark]"

// asDevice repeats the part of a rule that is for the dark theme for people who leave
// the choice to their device.
func asDevice(n node) []node {
	var dark []string
	for _, s := range selectors(n.head) {
		if strings.Contains(s, darkTheme) {
			dark = append(dark, strings.ReplaceAll(s, darkTheme, "[data-bs-theme=auto]"))
		}
	}
	if dark == nil {
		return nil
	}
	rule := node{head: strings.Join(dark, ","), body: n.body, block: true}
	return []node{{head: "@media (prefers-color-scheme: dark)", body: []node{rule}, block: true}}
}

var (
	classes    = regexp.MustCompile(`\.(-?[A-Za-z_](?:[A-Za-z0-9_-]|\\.)*)`)
	attributes = regexp.MustCompile(`\[(data-bs-[a-z-]+)`)
	negated    = regexp.MustCompile(`:not\([^()]*\)`)
)

// matching returns the selectors of the list whose classes are all words.
func matching(head string, words map[string]bool) string {
	var kept []string
	for _, s := range selectors(head) {
		if possible(negated.ReplaceAllString(s, ""), words) {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, ",")
}

func possible(selector string, words map[string]bool) bool {
	for _, m := range classes.FindAllStringSubmatch(selector, -1) {
		if !words[strings.ReplaceAll(m[1], `\`, "")] {
			return false
		}
	}
	for _, m := range attributes.FindAllStringSubmatch(selector, -1) {
		if m[1] != "data-bs-theme" {
			return false
		}
	}
	return true
}

// selectors splits a list at its commas outside parentheses.
func selectors(head string) []string {
	var out []string
	depth, from := 0, 0
	for i := 0; i < len(head); i++ {
		switch head[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(head[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(head[from:]))
}

var (
	reads    = regexp.MustCompile(`var\(\s*(--[A-Za-z0-9_-]+)`)
	declares = regexp.MustCompile(`^(--[A-Za-z0-9_-]+)\s*:`)
)

// dropUnread removes custom properties that nothing reads, until none is left, and
// the keyframes that nothing plays.
func dropUnread(nodes []node) []node {
	for {
		var b strings.Builder
		write(&b, nodes)
		text := b.String()
		read := map[string]bool{}
		for _, m := range reads.FindAllStringSubmatch(text, -1) {
			read[m[1]] = true
		}
		var dropped int
		nodes = without(nodes, func(n node) bool {
			if m := declares.FindStringSubmatch(n.head); m != nil && !n.block {
				return !read[m[1]]
			}
			if name, ok := strings.CutPrefix(n.head, "@keyframes "); ok {
				return strings.Count(text, name) < 2
			}
			return n.block && len(n.body) == 0
		}, &dropped)
		if dropped == 0 {
			return nodes
		}
	}
}

func without(nodes []node, drop func(node) bool, dropped *int) []node {
	out := make([]node, 0, len(nodes))
	for _, n := range nodes {
		if drop(n) {
			*dropped++
			continue
		}
		if n.block {
			n.body = without(n.body, drop, dropped)
		}
		out = append(out, n)
	}
	return out
}

func write(b *strings.Builder, nodes []node) {
	for _, n := range nodes {
		b.WriteString(n.head)
		if !n.block {
			b.WriteString(";\n")
			continue
		}
		b.WriteString(" {\n")
		write(b, n.body)
		b.WriteString("}\n")
	}
}
