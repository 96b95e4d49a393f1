package risk

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const maxCell = 500 // bytes

// check says in words what is wrong with a cell, or nothing.
func (c Column) check(s string) string {
	switch {
	case s == "" && c.Required:
		return "must not be empty"
	case s == "":
		return ""
	case len(s) > maxCell:
		return "is too long"
	case !utf8.ValidString(s) || strings.ContainsAny(s, "\t\n\r"):
		return "holds characters that a list cannot keep"
	}
	switch c.Kind {
	case Term:
		return checkTerm(s)
	case CountryCode:
		return checkCountry(s)
	case CountryList:
		return checkEach(s, checkCountry)
	case PlaceCode:
		return checkPlace(s)
	case HSCode:
		return checkHS(s)
	case HSList:
		return checkEach(s, checkHS)
	case Number:
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			return "is not a number (write 1234.5)"
		}
	case Code:
		if strings.ToUpper(s) != s || strings.Contains(s, " ") {
			return "is not a code in capitals"
		}
	}
	return ""
}

func checkEach(s string, check func(string) string) string {
	for _, one := range strings.Fields(s) {
		if why := check(one); why != "" {
			return "holds " + one + ", which " + why
		}
	}
	return ""
}

func checkTerm(s string) string {
	if len(tokenize(nil, s, nil)) == 0 {
		return "holds no word"
	}
	for _, w := range strings.Fields(s) {
		if stem, ok := strings.CutSuffix(w, "*"); ok && utf8.RuneCountInString(stem) < minStem {
			return "has a stem of fewer than 4 letters before *"
		}
	}
	return ""
}

func checkCountry(s string) string {
	if len(s) != 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' {
		return "is not a country code of two capitals (ISO 3166-1)"
	}
	return ""
}

func checkPlace(s string) string {
	if len(s) != 5 || checkCountry(s[:2]) != "" || strings.ToUpper(s) != s {
		return "is not a UN/LOCODE of five characters"
	}
	return ""
}

func checkHS(s string) string {
	if len(s) != 2 && len(s) != 4 && len(s) != 6 {
		return "is not an HS code of 2, 4 or 6 digits"
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "is not an HS code of 2, 4 or 6 digits"
		}
	}
	return ""
}
