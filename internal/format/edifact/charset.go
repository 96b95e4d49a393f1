package edifact

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// charset decodes and encodes text. A nil table means UTF-8.
type charset struct {
	name  string
	table *[256]rune
}

var utf8Charset = &charset{name: "UTF-8"}

func single(name string, m *charmap.Charmap) func() *charset {
	return sync.OnceValue(func() *charset {
		var t [256]rune
		for i := range t {
			t[i] = m.DecodeByte(byte(i))
		}
		return &charset{name: name, table: &t}
	})
}

var (
	latin1      = single("ISO 8859-1", charmap.ISO8859_1)
	cyrillic    = single("ISO 8859-5", charmap.ISO8859_5)
	windows1251 = single("windows-1251", charmap.Windows1251)
	cp866       = single("CP866", charmap.CodePage866)
	koi8r       = single("KOI8-R", charmap.KOI8R)
)

// charsets holds the sets that UNB can declare. UN/EDIFACT code list 0001. UNOA and
// UNOB are ASCII; what else they hold is guessed.
var charsets = map[string]func() *charset{
	"UNOC": latin1,
	"UNOD": single("ISO 8859-2", charmap.ISO8859_2),
	"UNOE": cyrillic,
	"UNOF": single("ISO 8859-7", charmap.ISO8859_7),
	"UNOG": single("ISO 8859-3", charmap.ISO8859_3),
	"UNOH": single("ISO 8859-4", charmap.ISO8859_4),
	"UNOI": single("ISO 8859-6", charmap.ISO8859_6),
	"UNOJ": single("ISO 8859-8", charmap.ISO8859_8),
	"UNOK": single("ISO 8859-9", charmap.ISO8859_9),
	"UNOL": single("ISO 8859-15", charmap.ISO8859_15),
	"UNOW": func() *charset { return utf8Charset },
	"UNOY": func() *charset { return utf8Charset },
}

// decode returns b as UTF-8. What the set does not hold becomes U+FFFD.
func (c *charset) decode(b []byte) string {
	if c == nil || c.table == nil {
		if utf8.Valid(b) {
			return string(b)
		}
		return string([]rune(string(b)))
	}
	out := make([]byte, 0, len(b)+len(b)/2)
	for _, x := range b {
		if x < 0x80 {
			out = append(out, x)
			continue
		}
		out = utf8.AppendRune(out, c.table[x])
	}
	return string(out)
}

// charsetState is what an interchange declares and what its bytes turned out to be.
type charsetState struct {
	declared *charset // nil where nothing usable is declared
	name     string   // as in UNB
	current  *charset
	warned   [4]bool // of UTF-8, of another set, of UNOX, of bytes that fit nothing
}

// declare notes the syntax identifier of UNB.
func (r *Reader) declare(id string, offset int64) {
	r.sets = charsetState{name: id}
	if f, ok := charsets[id]; ok {
		r.sets.declared = f()
	}
	r.sets.current = r.sets.declared
	switch id {
	case "UNOA", "UNOB", "", "UNOC", "UNOD", "UNOE", "UNOF", "UNOG", "UNOH", "UNOI", "UNOJ", "UNOK", "UNOL", "UNOW", "UNOY":
	case "UNOX":
		r.warn("charset", offset, "UNOX (ISO 2022 code extension) is not interpreted: text outside of ASCII is guessed")
	default:
		r.warn("charset", offset, "the syntax identifier %q is unknown to us: text outside of ASCII is guessed", clip(id))
	}
}

// choose sets the character set of a segment that holds bytes outside of ASCII. The
// declared set holds unless the bytes contradict it: text that is valid UTF-8 is next
// to never anything else, and Cyrillic in another code page is known by its letters.
func (r *Reader) choose(s *Segment) {
	st := &r.sets
	if utf8.Valid(s.raw) {
		s.chars = utf8Charset
		if st.declared != utf8Charset {
			r.contradicts(s, 0, "UTF-8")
		}
		return
	}
	if guess := guess8bit(s.raw, st); guess != nil {
		st.current = guess
	}
	if st.current == nil || st.current.table == nil {
		st.current = latin1()
	}
	s.chars = st.current
	if st.current != st.declared {
		r.contradicts(s, 1, st.current.name)
	}
}

func (r *Reader) contradicts(s *Segment, which int, name string) {
	if r.sets.warned[which] {
		return
	}
	r.sets.warned[which] = true
	declared := r.sets.name
	if declared == "" {
		declared = "no character set"
	}
	r.warn("charset", s.Offset, "UNB declares %s, the text is %s and was read so", clip(declared), name)
}

// guess8bit returns the single-byte set that fits b best, or nil when b says too
// little. Sets other than the Cyrillic and Western ones are believed as declared.
func guess8bit(b []byte, st *charsetState) *charset {
	switch st.declared {
	case nil, utf8Charset, latin1(), cyrillic():
	default:
		return nil
	}
	least := 3
	if st.declared == latin1() { // Western text has single accented letters between plain ones
		least = 5
	}
	if longestRun(b) < least {
		return nil
	}
	var best *charset
	top := 0
	for _, f := range []func() *charset{cyrillic, windows1251, cp866, koi8r} {
		c := f()
		score := cyrillicScore(b, c.table)
		if c == st.current || best == nil && c == st.declared {
			score += 3
		}
		if score > top {
			best, top = c, score
		}
	}
	return best
}

func longestRun(b []byte) int {
	longest, run := 0, 0
	for _, c := range b {
		if c >= 0x80 {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return longest
}

// cyrillicScore tells how much b looks like Russian or Kyrgyz text in the table's set:
// letters count, frequent ones more; anything but letters counts against, and so does
// a capital behind a small letter.
func cyrillicScore(b []byte, table *[256]rune) int {
	score := 0
	small := false
	for _, c := range b {
		if c < 0x80 {
			small = false
			continue
		}
		r := table[c]
		capital := r >= 'А' && r <= 'Я'
		switch {
		case !capital && (r < 'а' || r > 'я') && r != 'ё' && r != 'Ё' && r != '№':
			score -= 3
		case frequent[r]:
			score += 2
		default:
			score++
		}
		if capital && small {
			score -= 3
		}
		small = r >= 'а' && r <= 'я'
	}
	return score
}

var frequent = func() map[rune]bool {
	m := make(map[rune]bool)
	for _, r := range "оеаинтсрвлкОЕАИНТСРВЛК" {
		m[r] = true
	}
	return m
}()
