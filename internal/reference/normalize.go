package reference

import "strings"

// Repair says what had to be put right before a value could be read. Several may
// hold at once. A look-alike letter is worth an officer's eye: a keyboard left in
// Cyrillic is common, and so is a number made to be missed by a search.
type Repair uint8

// Repairs.
const (
	RepairSpacing   Repair = 1 << iota // spaces, dashes or dots were dropped
	RepairCase                         // lower case was raised
	RepairLookalike                    // Cyrillic, Greek or full-width letters were replaced by Latin ones
	RepairLetterO                      // a letter O or I stood where a digit belongs
	RepairSurplus                      // a label such as "IMO" or "UN" was dropped
)

// String lists the repairs, separated by commas.
func (r Repair) String() string {
	var parts []string
	for i, name := range []string{"spacing", "case", "look-alike letters", "letter for digit", "label"} {
		if r&(1<<i) != 0 {
			parts = append(parts, name)
		}
	}
	return strings.Join(parts, ", ")
}

// isPlain reports whether s is n characters of A-Z and 0-9, the form that most
// senders write, which is then used as it is, without a copy.
func isPlain(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := 0; i < n; i++ {
		if !isDigit(s[i]) && !isUpper(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// squeeze writes the letters and digits of s to buf in capitals, and returns how
// many there are. It reports !ok for any other sign and for more than buf holds.
func squeeze(s string, buf []byte) (n int, r Repair, ok bool) {
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z':
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
			r |= RepairCase
		case isSpacing(c):
			r |= RepairSpacing
			continue
		default:
			if c = latin(c); c == 0 {
				return n, r, false
			}
			r |= RepairLookalike
		}
		if n == len(buf) {
			return n, r, false
		}
		buf[n] = byte(c)
		n++
	}
	return n, r, true
}

func isSpacing(c rune) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '-', '.', '/', '_', '\u00a0', '\u2009', '\u202f', '\u200b', '\ufeff',
		'\u2010', '\u2011', '\u2012', '\u2013', '\u2014':
		return true
	}
	return false
}

// latin returns the Latin capital or digit that the letter looks like, or 0.
func latin(c rune) rune {
	if c >= 'Ａ' && c <= 'Ｚ' {
		return c - 'Ａ' + 'A'
	}
	if c >= 'ａ' && c <= 'ｚ' {
		return c - 'ａ' + 'A'
	}
	if c >= '０' && c <= '９' {
		return c - '０' + '0'
	}
	switch c {
	case 'А', 'а', 'Α', 'α':
		return 'A'
	case 'В', 'в', 'Β', 'β':
		return 'B'
	case 'С', 'с':
		return 'C'
	case 'Е', 'е', 'Ё', 'ё', 'Ε', 'ε':
		return 'E'
	case 'Н', 'н', 'Η', 'η':
		return 'H'
	case 'І', 'і', 'Ι', 'ι':
		return 'I'
	case 'Ј', 'ј':
		return 'J'
	case 'К', 'к', 'Κ', 'κ':
		return 'K'
	case 'М', 'м', 'Μ':
		return 'M'
	case 'Ν':
		return 'N'
	case 'О', 'о', 'Ο', 'ο':
		return 'O'
	case 'Р', 'р', 'Ρ', 'ρ':
		return 'P'
	case 'Ѕ', 'ѕ':
		return 'S'
	case 'Т', 'т', 'Τ', 'τ':
		return 'T'
	case 'Х', 'х', 'Χ', 'χ':
		return 'X'
	case 'У', 'у', 'Υ', 'υ':
		return 'Y'
	case 'Ζ', 'ζ':
		return 'Z'
	}
	return 0
}
