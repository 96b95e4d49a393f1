package risk

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one word of a text: the hash of its folded letters, and where it stands.
type token struct {
	hash       uint64
	start, end int
	digits     bool // nothing but digits
}

// A text folds to lower-case Latin letters and digits, so that a name in Cyrillic
// and the same name in Latin are one word, and a plural s at the end is dropped.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
	maxText   = 4096 // bytes of one text that are read; AN512 is the longest of the manifests
)

// step adds one byte to a running FNV-1a hash.
func step(h uint64, b byte) uint64 { return (h ^ uint64(b)) * fnvPrime }

// finish spreads the bits of an FNV hash (the finalizer of MurmurHash3).
func finish(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// tokenize appends the words of s to dst. Stems, where given, replace a word by the
// stem that it begins with.
func tokenize(dst []token, s string, stems *stemSet) []token {
	if len(s) > maxText {
		s = s[:maxText]
	}
	for i := 0; i < len(s); {
		if b := s[i]; b < utf8.RuneSelf {
			if folded[b] == 0 {
				i++
				continue
			}
		} else if r, n := utf8.DecodeRuneInString(s[i:]); !isWord(r) {
			i += n
			continue
		}
		var t token
		t, i = word(s, i, stems)
		dst = append(dst, t)
	}
	return dst
}

// folded maps the letters and digits of ASCII to lower case, all else to 0.
var folded = makeFolded()

func makeFolded() (f [256]byte) {
	for b := byte(0); b < utf8.RuneSelf; b++ {
		if isWord(rune(b)) {
			f[b] = lower(b)
		}
	}
	return f
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// word reads the word of s that begins at i.
func word(s string, i int, stems *stemSet) (token, int) {
	t := token{start: i, digits: true}
	h, before, runes := uint64(fnvOffset), uint64(0), 0
	var last, last2 byte
	var stem uint64
	for i < len(s) {
		if b := folded[s[i]]; b != 0 {
			before = h
			i++
			t.digits = t.digits && b <= '9'
			h, last2, last = step(h, b), last, b
		} else if s[i] < utf8.RuneSelf {
			break
		} else {
			r, n := utf8.DecodeRuneInString(s[i:])
			if !isWord(r) {
				break
			}
			before = h
			i += n
			t.digits = false
			h, last2, last = foldRune(h, r), last, 0
		}
		runes++
		if stems != nil && runes >= minStem && stems.has(h) {
			stem = h
		}
	}
	if last == 's' && last2 != 's' && runes > 3 {
		h = before
	}
	if stem != 0 {
		h = stem
	}
	t.end, t.hash = i, finish(h)
	return t, i
}

func lower(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// foldRune adds the Latin letters for r, or its own bytes where we know none.
func foldRune(h uint64, r rune) uint64 {
	if s := latinLetters(r); s != "" || isSign(r) {
		for k := 0; k < len(s); k++ {
			h = step(h, s[k])
		}
		return h
	}
	r = unicode.ToLower(r)
	h = step(h, byte(r))
	h = step(h, byte(r>>8))
	return step(h, byte(r>>16))
}

// latinLetters returns the Latin letters for a letter, "" for the soft and hard sign
// and where we know none.
func latinLetters(r rune) string {
	switch {
	case r >= 0x400 && r < 0x530:
		return cyrillicTable[r-0x400]
	case r < 0x250 && r >= 0x80:
		return accentTable[r-0x80]
	}
	return ""
}

// isSign reports the hard and the soft sign, which have no Latin letter.
func isSign(r rune) bool { return r == 'ъ' || r == 'Ъ' || r == 'ь' || r == 'Ь' }

// The tables answer for capitals, too: they are asked for every letter.
var cyrillicTable, accentTable = makeLetterTables()

func makeLetterTables() (cyrillic [0x130]string, accents [0x1d0]string) {
	for r := rune(0x400); r < 0x530; r++ {
		cyrillic[r-0x400] = latin[unicode.ToLower(r)]
	}
	for r := rune(0x80); r < 0x250; r++ {
		accents[r-0x80] = latin[unicode.ToLower(r)]
	}
	return cyrillic, accents
}

// latin transliterates Cyrillic (Russian, Kyrgyz, Kazakh, Ukrainian) as customs
// papers usually do, and takes the accents off Latin letters.
var latin = makeLatin()

func makeLatin() map[rune]string {
	m := map[rune]string{}
	pairs := "а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts " +
		"ч ch ш sh щ shch ъ - ы y ь - э e ю yu я ya ң n ө o ү u қ k ғ g ұ u ә a һ h і i ї i є e ґ g " +
		"á a à a â a ä a ã a å a ā a ą a ç c ć c č c ď d é e è e ê e ë e ę e ě e ē e í i ì i î i ï i ī i ı i ł l ñ n ń n ň n " +
		"ó o ò o ô o ö o õ o ø o ő o ř r ś s š s ş s ß ss ť t ţ t ú u ù u û u ü u ů u ű u ū u ý y ÿ y ź z ž z ż z ğ g æ ae œ oe"
	f := strings.Fields(pairs)
	for i := 0; i+1 < len(f); i += 2 {
		r, _ := utf8.DecodeRuneInString(f[i])
		m[r] = strings.TrimSuffix(f[i+1], "-")
	}
	return m
}

// wordHash returns the hash of a single word, the same that tokenize gives it.
func wordHash(s string) uint64 {
	t := tokenize(nil, s, nil)
	if len(t) == 0 {
		return 0
	}
	return t[0].hash
}

// wordSet makes a set of the words in a text, for the fixed sets of this package.
func wordSet(text string) map[uint64]bool {
	set := map[uint64]bool{}
	for _, t := range tokenize(nil, text, nil) {
		set[t.hash] = true
	}
	return set
}

// minStem is the shortest stem that a list may hold, in letters.
const minStem = 4

// stemSet holds the running hashes of stems behind a small bit filter, because it is
// asked for every letter of every word.
type stemSet struct {
	filter filter
	stems  map[uint64]bool
}

// filter says quickly that a hash is not in a set; it never denies one that is.
type filter [1024]uint64

func (f *filter) add(h uint64)      { f[h>>6&1023] |= 1 << (h & 63) }
func (f *filter) may(h uint64) bool { return f[h>>6&1023]&(1<<(h&63)) != 0 }

// commonWords is a fixed set of words that is asked for often.
type commonWords struct {
	filter filter
	words  map[uint64]bool
}

func newCommonWords(text string) *commonWords {
	c := &commonWords{words: wordSet(text)}
	for h := range c.words {
		c.filter.add(h)
	}
	return c
}

func (c *commonWords) has(h uint64) bool { return c.filter.may(h) && c.words[h] }

func (s *stemSet) add(h uint64) {
	if s.stems == nil {
		s.stems = map[uint64]bool{}
	}
	s.stems[h] = true
	s.filter.add(h)
}

func (s *stemSet) has(h uint64) bool {
	return s.filter.may(h) && s.stems[h]
}

// stemHash returns the running hash of a stem's letters.
func stemHash(s string) uint64 {
	h := uint64(fnvOffset)
	for _, r := range s {
		if r < utf8.RuneSelf {
			h = step(h, lower(byte(r)))
		} else {
			h = foldRune(h, r)
		}
	}
	return h
}

// phrases finds the terms of many lists in one pass over the words of a text.
type phrases struct {
	first map[uint64][]phrase
	begin filter // of the keys of first
	stems stemSet
}

type phrase struct {
	rest []uint64 // hashes of the words after the first
	term termID   // the list
	row  int      // its row
}

// match is a term found in a text.
type match struct {
	term       termID
	row        int
	item       int // goods item
	start, end int // in the text
	words      int
}

// addStems registers the stems ("word*") of a term; it must be called for every term
// before add, because stems change how words hash.
func (p *phrases) addStems(term string) {
	for _, w := range strings.Fields(term) {
		if stem, ok := strings.CutSuffix(w, "*"); ok && utf8.RuneCountInString(stem) >= minStem {
			p.stems.add(stemHash(stem))
		}
	}
}

func (p *phrases) add(term string, list termID, row int) {
	words := tokenize(nil, strings.ReplaceAll(term, "*", ""), &p.stems)
	if len(words) == 0 {
		return
	}
	ph := phrase{term: list, row: row}
	for _, w := range words[1:] {
		ph.rest = append(ph.rest, w.hash)
	}
	p.begin.add(words[0].hash)
	p.first[words[0].hash] = append(p.first[words[0].hash], ph)
}

// find appends all terms in the words of item to dst.
func (p *phrases) find(dst []match, words []token, item int) []match {
	for i, w := range words {
		if !p.begin.may(w.hash) {
			continue
		}
		for _, ph := range p.first[w.hash] {
			if end, ok := follows(words[i+1:], ph.rest); ok {
				stop := w.end
				if end > 0 {
					stop = words[i+end].end
				}
				dst = append(dst, match{ph.term, ph.row, item, w.start, stop, 1 + len(ph.rest)})
			}
		}
	}
	return dst
}

func follows(words []token, rest []uint64) (int, bool) {
	if len(rest) > len(words) {
		return 0, false
	}
	for k, h := range rest {
		if words[k].hash != h {
			return 0, false
		}
	}
	return len(rest), true
}
