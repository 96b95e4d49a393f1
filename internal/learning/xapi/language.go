package xapi

import "strings"

// grandfathered are the tags of RFC 5646 §2.2.8 that its grammar does not make.
var grandfathered = map[string]bool{
	"en-gb-oed": true, "i-ami": true, "i-bnn": true, "i-default": true, "i-enochian": true, "i-hak": true, "i-klingon": true,
	"i-lux": true, "i-mingo": true, "i-navajo": true, "i-pwn": true, "i-tao": true, "i-tay": true, "i-tsu": true,
	"sgn-be-fr": true, "sgn-be-nl": true, "sgn-ch-de": true,
}

// isLanguage reports whether s is a well-formed language tag (RFC 5646 §2.1): language,
// script, region, variants, extensions and private use in their order and lengths, no
// variant and no extension twice.
func isLanguage(s string) bool {
	s = strings.ToLower(s)
	if grandfathered[s] {
		return true
	}
	parts := strings.Split(s, "-")
	if parts[0] == "x" {
		return privateUse(parts)
	}
	if !letters(parts[0], 2, 8) {
		return false
	}
	rest := parts[1:]
	for n := 0; n < 3 && len(parts[0]) <= 3 && len(rest) > 0 && letters(rest[0], 3, 3); n++ {
		rest = rest[1:] // extended languages
	}
	if len(rest) > 0 && letters(rest[0], 4, 4) { // script
		rest = rest[1:]
	}
	if len(rest) > 0 && (letters(rest[0], 2, 2) || digits(rest[0]) && len(rest[0]) == 3) { // region
		rest = rest[1:]
	}
	seen := map[string]bool{}
	for len(rest) > 0 && (alphanumeric(rest[0], 5, 8) || alphanumeric(rest[0], 4, 4) && digits(rest[0][:1])) { // variants
		if seen[rest[0]] {
			return false
		}
		seen[rest[0]], rest = true, rest[1:]
	}
	return extensionsAndPrivate(rest)
}

func extensionsAndPrivate(rest []string) bool {
	seen := map[string]bool{}
	for len(rest) > 0 && rest[0] != "x" {
		if len(rest[0]) != 1 || !alphanumeric(rest[0], 1, 1) || seen[rest[0]] || len(rest) < 2 || !alphanumeric(rest[1], 2, 8) {
			return false
		}
		seen[rest[0]], rest = true, rest[2:]
		for len(rest) > 0 && alphanumeric(rest[0], 2, 8) {
			rest = rest[1:]
		}
	}
	return len(rest) == 0 || privateUse(rest)
}

func privateUse(parts []string) bool {
	for _, p := range parts[1:] {
		if !alphanumeric(p, 1, 8) {
			return false
		}
	}
	return len(parts) > 1
}

func letters(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func alphanumeric(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// choose returns the entry of a language map that suits the wanted tags, best first:
// the same tag, else one of the same language, else the first entry. An empty map has none.
func choose(entries []Member, wanted []string) (Member, bool) {
	for _, w := range wanted {
		for _, e := range entries {
			if strings.EqualFold(e.Name, w) {
				return e, true
			}
		}
		base, _, _ := strings.Cut(strings.ToLower(w), "-")
		for _, e := range entries {
			if b, _, _ := strings.Cut(strings.ToLower(e.Name), "-"); b == base {
				return e, true
			}
		}
	}
	if len(entries) == 0 {
		return Member{}, false
	}
	return entries[0], true
}
