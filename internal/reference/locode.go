package reference

import "strings"

// Locode is a place of trade or transport: the country's alpha-2 code and three
// characters, as in KGFRU. UN/ECE Recommendation 16.
type Locode string

// ParseLocode checks the shape of a place code, with or without a space inside. That
// a code is well-formed does not say that the place exists: ask Directory.Place. A
// country part that ISO 3166-1 does not assign is Reserved; XZ, for installations in
// international waters, is UN/LOCODE's own.
func ParseLocode(s string) (Locode, error) {
	code := s
	if !isPlain(s, 5) {
		var buf [6]byte
		n, _, ok := squeeze(s, buf[:])
		if !ok || n != 5 {
			return "", malformed(locodeNoun, s, "is not five letters and digits")
		}
		code = string(buf[:5])
	}
	if !isUpper(code[0]) || !isUpper(code[1]) {
		return "", malformed(locodeNoun, s, "does not begin with a country's two letters")
	}
	if strings.IndexByte(code[2:], '0') >= 0 || strings.IndexByte(code[2:], '1') >= 0 {
		return "", malformed(locodeNoun, s, "holds 0 or 1, which no place code does").hint("letters O and I look like them")
	}
	if c := Country(code[:2]); !c.Known() && c != "XZ" {
		return "", wrong(locodeNoun, s, Reserved, "begins with %s, which is no country's code", code[:2])
	}
	return Locode(code), nil
}

// Country returns the first two letters, "" for a malformed code.
func (l Locode) Country() Country {
	if len(l) != 5 {
		return ""
	}
	return Country(l[:2])
}
