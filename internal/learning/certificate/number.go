package certificate

import (
	"crypto/rand"
	"strings"
	"unicode"

	"tidewaiter/internal/fault"
)

// A number has eleven random characters (54 bits) and a check character. The alphabet
// leaves out what is taken for something else: 0 and O, 1, I and L. It has 31 characters,
// a prime, so that the weighted sum finds every wrong character and every two that were
// exchanged (weights and differences have inverses; cf. ISO 7064 §7 on pure systems).
const (
	alphabet   = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
	digits     = 12
	groupOf    = 4
	mostTyped  = 60
	cyrillic   = "АВЕКМНРСТУХ" // letters that look like
	lookalikes = "ABEKMHPCTYX"
)

// newNumber draws a number.
func newNumber() string {
	number := make([]byte, 0, digits)
	for len(number) < digits-1 {
		var b [1]byte
		rand.Read(b[:])                                  // never fails, by its contract
		if int(b[0]) < 256/len(alphabet)*len(alphabet) { // else the first characters would come more often
			number = append(number, alphabet[int(b[0])%len(alphabet)])
		}
	}
	return string(append(number, check(string(number))))
}

// check returns the check character of the random ones.
func check(number string) byte {
	sum := 0
	for i, r := range []byte(number) {
		sum += (i + 2) * strings.IndexByte(alphabet, r)
	}
	return alphabet[sum%len(alphabet)]
}

var errNumber = fault.New(fault.Invalid, "this is not the number of a certificate").
	WithHint("it has 12 letters and digits and stands on the paper beside the square code; none of them is 0, 1, I, L or O")

// ParseNumber reads a number as people type it: in small letters, with or without hyphens
// and spaces, with Cyrillic letters that look like the Latin ones. A fault.Invalid is none.
func ParseNumber(typed string) (string, error) {
	if len(typed) > mostTyped {
		return "", errNumber
	}
	number := strings.Map(func(r rune) rune {
		r = unicode.ToUpper(r)
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		if at := indexRune(cyrillic, r); at >= 0 {
			return rune(lookalikes[at])
		}
		return r
	}, typed)
	if len(number) != digits {
		return "", errNumber
	}
	for _, r := range number {
		if !strings.ContainsRune(alphabet, r) {
			return "", errNumber
		}
	}
	if check(number[:digits-1]) != number[digits-1] {
		return "", fault.New(fault.Invalid, "a character of the number is wrong, or two are exchanged").WithHint("compare it with the paper, character by character")
	}
	return number, nil
}

// indexRune is the position of a letter, counted in letters.
func indexRune(s string, r rune) int {
	for i, c := range []rune(s) {
		if c == r {
			return i
		}
	}
	return -1
}

// Spaced writes a number in groups, as it stands on papers.
func Spaced(number string) string {
	var groups []string
	for ; len(number) > groupOf; number = number[groupOf:] {
		groups = append(groups, number[:groupOf])
	}
	return strings.Join(append(groups, number), "-")
}
