package cargo

import (
	"strings"
	"unicode"
)

// legalForms are words that say how a company is constituted, not which one it is.
var legalForms = map[string]bool{
	"llc": true, "ltd": true, "limited": true, "co": true, "company": true, "inc": true, "corp": true,
	"corporation": true, "gmbh": true, "ag": true, "sa": true, "srl": true, "spa": true, "bv": true, "nv": true,
	"plc": true, "as": true, "sti": true, "jsc": true, "ojsc": true, "cjsc": true, "sae": true, "fze": true, "fzco": true,
	"pte": true, "pvt": true, "ooo": true, "oao": true, "zao": true, "too": true, "osoo": true, "ip": true, "chp": true,
	"ооо": true, "оао": true, "зао": true, "ао": true, "тоо": true, "осоо": true, "ип": true, "чп": true, "пао": true,
	"жчк": true, "жчш": true, "ачк": true, "жак": true, "жи": true,
}

// NormalName returns a party's name in the form in which names are compared: lower
// case, letters and digits only, single spaces, without legal forms. A name of
// nothing but legal forms keeps them.
func NormalName(name string) string {
	words := NameWords(name)
	kept := make([]string, 0, len(words))
	for _, w := range words {
		if !legalForms[w] {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		kept = words
	}
	return strings.Join(kept, " ")
}

// NameWords returns the words of a name in lower case. Dots and quotation marks
// inside a word are dropped (S.A. is sa), every other sign parts words.
func NameWords(name string) []string {
	var b strings.Builder
	b.Grow(len(name))
	for _, r := range name {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			b.WriteRune(unicode.ToLower(r))
		case r == '.' || r == '\'' || r == '’':
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}
