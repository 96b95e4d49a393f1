package reference

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

// Goods is an entry of the nomenclature: what a chapter, heading or subheading covers.
type Goods struct {
	Code  HS
	Title string // in English
	RU    string // of chapters, and of headings where we have it
	KY    string // of chapters
}

// Name returns the title in the language en, ru or ky, English where it lacks.
func (g Goods) Name(lang string) string {
	switch {
	case lang == "ru" && g.RU != "":
		return g.RU
	case lang == "ky" && g.KY != "":
		return g.KY
	}
	return g.Title
}

//go:embed data/chapters.tsv
var chapterTable string

//go:embed data/headings.tsv
var headingTable string

// ownGoods is our own wording: all chapters, and the headings that are traded most
// or watched most.
var ownGoods = sync.OnceValue(func() map[HS]Goods {
	m := make(map[HS]Goods, 512)
	eachRow(chapterTable, 4, func(f []string) {
		m[HS(f[0])] = Goods{Code: HS(f[0]), Title: f[1], RU: f[2], KY: f[3]}
	})
	eachRow(headingTable, 3, func(f []string) { m[HS(f[0])] = Goods{Code: HS(f[0]), Title: f[1]} })
	return m
})

// keyword is a word or a run of words in descriptions that points to a heading.
type keyword struct {
	rest    []string // words that must follow the first
	heading HS
}

// keywords by their first word. A word of five letters (Russian: four) or more also
// stands for all words that begin with it, for Russian inflects its ends.
var keywords = sync.OnceValue(func() map[string][]keyword {
	m := make(map[string][]keyword, 2048)
	eachRow(headingTable, 3, func(f []string) {
		for k := range strings.SplitSeq(f[2], ",") {
			if words := strings.FieldsFunc(k, func(r rune) bool { return !unicode.IsLetter(r) }); len(words) > 0 {
				m[words[0]] = append(m[words[0]], keyword{rest: words[1:], heading: HS(f[0])})
			}
		}
	})
	return m
})
