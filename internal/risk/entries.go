package risk

import (
	"slices"
	"strings"
)

// noteEntry tells which list a note cites, and how its entry is called: by arguments of
// the note, or by the first word of the value that was held against it.
type noteEntry struct {
	list  string
	field string // where the cited field does not end so, another list is meant
	other string
	args  []int
	value bool // the value's first word, before the arguments
	cut   int  // bytes of the value that count; 0 for all
}

var noteEntries = map[string]noteEntry{
	"vague":           {list: "vague-terms", args: []int{0}},
	"words-mean":      {list: "goods-words", args: []int{0}},
	"source-country":  {list: "source-countries", value: true, cut: 2, args: []int{0}},
	"transit-country": {list: "transit-countries", value: true, cut: 2, args: []int{0}},
	"free-zone":       {list: "free-zones", value: true},
	"cover":           {list: "cover-words", field: ".description", other: "cover-headings", args: []int{0}},
	"valuable":        {list: "valuables", args: []int{0}},
	"brand":           {list: "brands", args: []int{0}},
	"controlled":      {list: "controlled-words", field: ".description", other: "controlled-headings", args: []int{0, 1}},
	"strategic":       {list: "strategic-headings", value: true},
	"re-export":       {list: "reexport-countries", args: []int{0}},
	"dangerous":       {list: "dangerous-words", args: []int{0}},
	"free-mail":       {list: "free-mail", args: []int{0}},
	"threshold":       {list: "thresholds", args: []int{1, 0}},
	"not-produced":    {list: "excluded-origins", args: []int{0}},
	"exports":         {list: "home-exports", args: []int{0, 1}},
	"business":        {list: "business-words", args: []int{0}},
	"temperature":     {list: "perishables", args: []int{0}},
	"seal-word":       {list: "seal-placeholders", value: true},
	"packaging":       {list: "packaging", args: []int{0}},
}

// entriesOf returns the list entries that a finding cites, each as "list/entry", such
// as "free-mail/163.COM".
func entriesOf(f Finding) []string {
	var out []string
	for _, e := range f.Evidence {
		cite, ok := noteEntries[e.Note.ID]
		if !ok {
			continue
		}
		list := cite.list
		if cite.other != "" && !strings.HasSuffix(e.Field, cite.field) {
			list = cite.other
		}
		if name := cite.name(e); name != "" && !slices.Contains(out, list+"/"+name) {
			out = append(out, list+"/"+name)
		}
	}
	return out
}

const maxEntry = 60 // bytes of an entry's name

func (n noteEntry) name(e Evidence) string {
	var words []string
	if n.value {
		word, _, _ := strings.Cut(e.Value, " ")
		if n.cut > 0 && len(word) > n.cut {
			word = word[:n.cut]
		}
		words = append(words, word)
	}
	for _, i := range n.args {
		if i < len(e.Note.Args) {
			words = append(words, e.Note.Args[i])
		}
	}
	return clip(strings.ToUpper(strings.Join(words, " ")), maxEntry)
}
