package reference

import (
	"bytes"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Fit is how well a description of goods agrees with a code.
type Fit int8

// Degrees of fit.
const (
	FitUnknown Fit = iota // the description holds no word that we know: nothing can be said
	FitHeading            // a word points to the code's own heading
	FitChapter            // a word points to another heading of the code's chapter
	FitNone               // all words that we know point to other chapters
)

// String returns unknown, heading, chapter or none.
func (f Fit) String() string {
	return [...]string{"unknown", "heading", "chapter", "none"}[min(max(f, 0), FitNone)]
}

// Fitting is the result of holding a description against a code.
type Fitting struct {
	Fit      Fit
	Headings []HS // that the description's words point to, in order of the words
}

const mostHeadings = 8 // that a Fitting lists; a longer description adds nothing

// FitDescription holds a description, in English or Russian, against a code. It
// accuses only on words that it knows, and one word in favour outweighs all others:
// packing, labels and trademarks point to any chapter.
func FitDescription(code HS, description string) Fitting {
	fit := Fitting{Headings: HeadingsOf(description)}
	if len(fit.Headings) == 0 || len(code) < 2 {
		return fit
	}
	fit.Fit = FitNone
	for _, h := range fit.Headings {
		switch {
		case len(code) >= 4 && h == code.Heading():
			fit.Fit = FitHeading
			return fit
		case h.Chapter() == code.Chapter():
			fit.Fit = FitChapter
		}
	}
	return fit
}

// HeadingsOf returns the headings that the words of a description point to, each once.
func HeadingsOf(description string) []HS {
	var buf [64]byte
	var found []HS
	for rest := description; len(found) < mostHeadings; {
		var word []byte
		word, rest = nextWord(rest, buf[:])
		if len(word) == 0 {
			break
		}
		if h := lookupKeyword(word, rest); h != "" {
			found = appendHeading(found, h)
		}
	}
	return found
}

func appendHeading(found []HS, h HS) []HS {
	for _, f := range found {
		if f == h {
			return found
		}
	}
	return append(found, h)
}

// lookupKeyword returns the heading of the keyword that begins with the word and goes
// on in rest. The longest wins, so that milk powder is not taken for milk.
func lookupKeyword(word []byte, rest string) (best HS) {
	index, most := keywords(), -1
	try := func(first []byte) {
		for _, k := range index[string(first)] {
			if len(k.rest) > most && follows(k.rest, rest) {
				best, most = k.heading, len(k.rest)
			}
		}
	}
	try(word)
	if s, plural := bytes.CutSuffix(word, []byte("s")); plural && most < 0 {
		try(s)
		if s, plural = bytes.CutSuffix(s, []byte("e")); plural && most < 0 {
			try(s)
		}
	}
	stem := shortestStem(word)
	if most >= 0 || len(word) <= stem || !stems().has(word[:stem]) {
		return best
	}
	for i := len(word) - 1; i >= stem && most < 0; i-- { // the longest beginning first
		if utf8.RuneStart(word[i]) {
			try(word[:i])
		}
	}
	return best
}

// shortestStem is how many bytes of a word must match for it to be an inflection of a
// keyword: five Latin letters, or four Cyrillic ones, whose ends change more.
func shortestStem(word []byte) int {
	if word[0] < utf8.RuneSelf {
		return 5
	}
	return 8
}

// stemSet tells fast that no keyword begins as a word does, which most words prove: a
// bit for each shortest stem, by its hash.
type stemSet [1 << 10]uint64

var stems = sync.OnceValue(func() *stemSet {
	set := new(stemSet)
	for k := range keywords() {
		if n := shortestStem([]byte(k)); len(k) >= n {
			h := stemHash([]byte(k[:n]))
			set[h>>6] |= 1 << (h & 63)
		}
	}
	return set
})

func (s *stemSet) has(stem []byte) bool {
	h := stemHash(stem)
	return s[h>>6]&(1<<(h&63)) != 0
}

func stemHash(stem []byte) uint32 {
	h := uint32(2166136261) // FNV-1a, folded to 16 bits
	for _, c := range stem {
		h = (h ^ uint32(c)) * 16777619
	}
	return (h ^ h>>16) & 0xffff
}

// follows reports whether the words come next in the text, each at least as a beginning.
func follows(words []string, text string) bool {
	var buf [64]byte
	for _, w := range words {
		var next []byte
		next, text = nextWord(text, buf[:])
		if len(next) < len(w) || string(next[:len(w)]) != w {
			return false
		}
	}
	return true
}

// nextWord returns the next run of letters in lower case, and what follows it. The
// word is valid until buf is used again; it is cut where buf ends.
func nextWord(s string, buf []byte) (word []byte, rest string) {
	start := strings.IndexFunc(s, unicode.IsLetter)
	if start < 0 {
		return nil, ""
	}
	n := 0
	for i, r := range s[start:] {
		if !unicode.IsLetter(r) {
			return buf[:n], s[start+i:]
		}
		if r = unicode.ToLower(r); r == 'ё' {
			r = 'е'
		}
		if n+utf8.UTFMax <= len(buf) {
			n += utf8.EncodeRune(buf[n:], r)
		}
	}
	return buf[:n], ""
}
