package xapi

import "strings"

// IsIRI reports whether s is an absolute IRI, such as the id of an activity or of a verb,
// by the parts of RFC 3987 that tell a mistake from a name: a scheme, something behind it,
// no space, control or delimiter.
func IsIRI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || rest == "" {
		return false
	}
	for i := range len(scheme) {
		c := scheme[i] | 0x20
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || !(scheme[i] >= '0' && scheme[i] <= '9' || strings.IndexByte("+-.", scheme[i]) >= 0)) {
			return false
		}
	}
	return !strings.ContainsFunc(rest, func(r rune) bool {
		return r <= ' ' || r >= 0x7F && r <= 0x9F || strings.ContainsRune("<>\"{}|\\^`", r)
	})
}

// isMailto reports whether s is an IRI of one mail address (1.0.3 part 2 §2.4.2.3).
func isMailto(s string) bool {
	address, ok := strings.CutPrefix(s, "mailto:")
	at := strings.LastIndexByte(address, '@')
	return ok && at > 0 && at < len(address)-1 && !strings.ContainsAny(address, " \t\r\n<>,")
}

// isHex reports whether s consists of n hexadecimal digits.
func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}
