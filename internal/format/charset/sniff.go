package charset

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// HeadSize is how many bytes of a file Sniff wants to see, where it has so many.
const HeadSize = 64 << 10

var boms = []struct {
	mark []byte
	enc  Encoding
}{
	{[]byte{0xEF, 0xBB, 0xBF}, Encoding{Name: "utf-8", Width: 1, BOM: 3}},
	{[]byte{0xFF, 0xFE}, Encoding{Name: "utf-16le", Width: 2, BOM: 2}},
	{[]byte{0xFE, 0xFF}, Encoding{Name: "utf-16be", Width: 2, BOM: 2, big: true}},
}

// cyrillic are the single-byte encodings that files from Central Asia come in, the
// likeliest first.
var cyrillic = []Encoding{
	single("windows-1251", charmap.Windows1251),
	single("ibm866", charmap.CodePage866),
	single("koi8-r", charmap.KOI8R),
	single("iso-8859-5", charmap.ISO8859_5),
}

var western = single("windows-1252", charmap.Windows1252)

// Sniff tells the encoding from the first bytes of a file: by its byte-order mark, by the
// zero bytes of UTF-16, as UTF-8 where the bytes are that, and else by the letters. The
// reason is empty for UTF-8, else a sentence that says what was taken and why.
func Sniff(head []byte) (enc Encoding, reason string) {
	for _, b := range boms {
		if bytes.HasPrefix(head, b.mark) {
			if b.enc.Width == 1 {
				return b.enc, ""
			}
			return b.enc, "read as " + b.enc.Name + ", as its byte-order mark says"
		}
	}
	if e, ok := sniffUTF16(head); ok {
		return e, "read as " + e.Name + " for the zero bytes between its characters"
	}
	if ValidPrefix(head) {
		return UTF8, ""
	}
	if !manyNeighbours(head) {
		return western, "not UTF-8: read as windows-1252 (Latin-1), for single letters with accents among plain ones"
	}
	best := likeliestCyrillic(head)
	return best, "not UTF-8: read as " + best.Name + ", for its Cyrillic letters"
}

// ValidPrefix reports whether head is UTF-8, a character cut off at its end allowed.
func ValidPrefix(head []byte) bool {
	for i := 0; i < utf8.UTFMax && len(head) > 0 && !utf8.Valid(head); i++ {
		if i == utf8.UTFMax-1 || utf8.FullRune(lastRune(head)) {
			return false
		}
		head = head[:len(head)-1]
	}
	return true
}

func lastRune(p []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(p); i++ {
		if utf8.RuneStart(p[len(p)-i]) {
			return p[len(p)-i:]
		}
	}
	return p[len(p)-1:]
}

// sniffUTF16 looks for UTF-16 without a mark: its ASCII has a zero in every second byte.
func sniffUTF16(head []byte) (Encoding, bool) {
	head = head[:min(len(head)&^1, 512)]
	if len(head) < 8 {
		return Encoding{}, false
	}
	var even, odd int
	for i := 0; i < len(head); i += 2 {
		if head[i] == 0 {
			even++
		}
		if head[i+1] == 0 {
			odd++
		}
	}
	switch pairs := len(head) / 2; {
	case odd*3 > pairs && even == 0:
		return Encoding{Name: "utf-16le", Width: 2}, true
	case even*3 > pairs && odd == 0:
		return Encoding{Name: "utf-16be", Width: 2, big: true}, true
	}
	return Encoding{}, false
}

// manyNeighbours reports whether high bytes stand in words, as those of Cyrillic do,
// and not singly between plain letters, as those of Latin-1.
func manyNeighbours(head []byte) bool {
	var together, alone int
	for i, b := range head {
		if b < 0x80 {
			continue
		}
		if i > 0 && head[i-1] >= 0x80 || i+1 < len(head) && head[i+1] >= 0x80 {
			together++
		} else {
			alone++
		}
	}
	return together > alone
}

// likeliestCyrillic decodes by each table and takes that with most of the letters that
// are frequent in Russian and Kyrgyz.
func likeliestCyrillic(head []byte) Encoding {
	best, top := cyrillic[0], -1<<31
	for _, e := range cyrillic {
		score := 0
		for _, b := range head {
			if b < 0x80 {
				continue
			}
			switch r := unicode.ToLower(e.table[b]); {
			case strings.ContainsRune("оеаинтсрвлк", r):
				score += 2
			case !unicode.Is(unicode.Cyrillic, r):
				score -= 2
			}
		}
		if score > top {
			best, top = e, score
		}
	}
	return best
}
