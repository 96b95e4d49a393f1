package risk

import (
	"math/bits"
	"unicode/utf8"
)

// A company's name is written in many ways: with its legal form before, behind or
// not at all, in Latin or in Cyrillic, its words in another order, two letters
// changed places. nameKey is the same for these. What it cannot see, a letter too
// many or too few, sameName finds by comparing two names.

// companyForms are left out of the key of a name.
var companyForms = newNameWords("ltd limited llc inc corp corporation company co gmbh ag kg sa sae sarl spa srl bv nv ab oy as plc llp lp " +
	"jsc ojsc cjsc pte pty pvt sdn bhd kft sro doo ooo oao zao pao ao tov too osoo ocoo ip chp cp sp jv fze fzco fzc est jchk zhchk achk aak td mchj mchzh the and " +
	"sti san ve tic dis as ltda sp zoo z o o sl slu lda eood ood uab sia ou kk gk pt tbk " +
	"ООО ОАО ЗАО ПАО АО ТОО ОсОО ЖЧК ААК ИП СП ТД ЧП МЧЖ")

// nameWord is a word of a name, folded: its letters as Latin ones.
type nameWord struct {
	letters [24]byte
	n       int
}

// nextWord reads the next word of a name from i on; n is 0 at the end.
func nextWord(s string, i int) (w nameWord, next int) {
	for i < len(s) {
		if b := folded[s[i]]; b != 0 {
			w.put(b)
			i++
			continue
		}
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if r < utf8.RuneSelf || !isWord(r) {
			// Dots and apostrophes inside a word part nothing: S.A.E., O'Neil.
			if w.n == 0 || r == '.' && i+1 < len(s) && isLetterAt(s, i+1) && w.n <= 2 || r == '\'' {
				i += size
				continue
			}
			break
		}
		i += size
		w.add(r)
	}
	return w, i
}

func isLetterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return isWord(r)
}

func (w *nameWord) add(r rune) {
	if r < utf8.RuneSelf {
		w.put(lower(byte(r)))
		return
	}
	if f := latinLetters(r); f != "" {
		for k := range len(f) {
			w.put(f[k])
		}
		return
	}
	if isSign(r) {
		return
	}
	w.put(byte(r) | 0x80) // a script that we do not fold: its letters stay apart
	w.put(byte(r>>7) | 0x80)
}

// put adds a letter in the spelling on which transliterations agree: ж is zh or j, х
// is kh, h or x, й is y, i or j, в is v or w.
func (w *nameWord) put(b byte) {
	if b = spelled[b]; b == 0 {
		return
	}
	if w.n < len(w.letters) && (w.n == 0 || w.letters[w.n-1] != b) {
		w.letters[w.n] = b
		w.n++
	}
}

var spelled = makeSpelled()

func makeSpelled() (s [256]byte) {
	for b := range s {
		s[b] = byte(b)
	}
	s['h'], s['y'], s['j'], s['w'], s['q'] = 0, 'i', 'i', 'v', 'k'
	return s
}

// letterHash spreads the bits of a letter.
var letterHash = makeLetterHash()

func makeLetterHash() (s [256]uint64) {
	for b := range s {
		s[b] = finish(uint64(b) * fnvPrime)
	}
	return s
}

// hash is the same for words of the same letters in any order.
func (w *nameWord) hash() uint64 {
	sum := uint64(w.n)
	for _, b := range w.letters[:w.n] {
		sum += letterHash[b]
	}
	return finish(sum)
}

func (w *nameWord) text() string { return string(w.letters[:w.n]) }

func newNameWords(text string) *commonWords {
	c := &commonWords{words: map[uint64]bool{}}
	for w, i := nextWord(text, 0); w.n > 0; w, i = nextWord(text, i) {
		c.words[w.hash()] = true
		c.filter.add(w.hash())
	}
	return c
}

// nameKey hashes the words of a name without legal forms, in any order; 0 when none
// is left.
func nameKey(name string) Key {
	if len(name) > maxText {
		name = name[:maxText]
	}
	sum, n := uint64(0), 0
	for w, i := nextWord(name, 0); w.n > 0; w, i = nextWord(name, i) {
		if h := w.hash(); !companyForms.has(h) {
			sum += finish(h ^ fnvOffset)
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return Key(finish(sum + uint64(n)))
}

// sameName reports whether two names may well be one: two letters may differ in all,
// or the words of the shorter name (two at least, or a long one) all stand in the longer.
func sameName(a, b string) bool {
	var bufA, bufB [maxNameWords]nameWord
	return sameWords(nameWords(bufA[:0], a), nameWords(bufB[:0], b))
}

const maxNameWords = 10 // of a name that are compared

func sameWords(x, y []nameWord) bool {
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	var used [maxNameWords]bool
	found, letters, slips := 0, 0, 0
	for i := range x {
		best, at := 3, -1
		for k := range y {
			if !used[k] {
				if d := distance(&x[i], &y[k]); d < best {
					best, at = d, k
				}
			}
		}
		if at >= 0 && best*4 <= x[i].n {
			used[at] = true
			found, letters, slips = found+1, letters+x[i].n, slips+best
		}
	}
	return found == len(x) && slips <= 2 && (len(x) == len(y) || found >= 2 || letters >= 8)
}

func nameWords(dst []nameWord, name string) []nameWord {
	for w, i := nextWord(name, 0); w.n > 0 && len(dst) < cap(dst); w, i = nextWord(name, i) {
		if !companyForms.has(w.hash()) {
			dst = append(dst, w)
		}
	}
	return dst
}

// set marks the letters of the word: each that differs marks two at most.
func (w *nameWord) set() (set uint64) {
	for _, b := range w.letters[:w.n] {
		set |= 1 << (b & 63)
	}
	return set
}

// distance is the number of letters by which two words differ (Damerau and
// Levenshtein: a change of places is one), 3 for all that is more than 2.
func distance(a, b *nameWord) int {
	if a.n-b.n > 2 || b.n-a.n > 2 || bits.OnesCount64(a.set()^b.set()) > 4 {
		return 3
	}
	var rows [3][25]int
	for k := range b.n + 1 {
		rows[0][k] = k
	}
	for i := 1; i <= a.n; i++ {
		now, last, before := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		now[0] = i
		for k := 1; k <= b.n; k++ {
			cost := 1
			if a.letters[i-1] == b.letters[k-1] {
				cost = 0
			}
			d := min(last[k]+1, now[k-1]+1, last[k-1]+cost)
			if i > 1 && k > 1 && a.letters[i-1] == b.letters[k-2] && a.letters[i-2] == b.letters[k-1] {
				d = min(d, before[k-2]+1)
			}
			now[k] = d
		}
	}
	return min(3, rows[a.n%3][b.n])
}
