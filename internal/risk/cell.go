package risk

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"tidewaiter/internal/fault"
)

const maxCell = 500 // bytes

// right is what the checks say of a cell that is in order.
var right fault.Phrase

// check says in words what is wrong with a cell, or nothing.
func (c Column) check(s string) fault.Phrase {
	switch {
	case s == "" && c.Required:
		return fault.Say("must not be empty")
	case s == "":
		return right
	case len(s) > maxCell:
		return fault.Say("is too long")
	case !utf8.ValidString(s) || strings.ContainsAny(s, "\t\n\r"):
		return fault.Say("holds characters that a list cannot keep")
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
			return fault.Say("is not a number (write 1234.5)")
		}
	case Code:
		if strings.ToUpper(s) != s || strings.Contains(s, " ") {
			return fault.Say("is not a code in capitals")
		}
	}
	return right
}

func checkEach(s string, check func(string) fault.Phrase) fault.Phrase {
	for _, one := range strings.Fields(s) {
		if why := check(one); !why.IsZero() {
			return fault.Say("holds %s, which %s", one, why)
		}
	}
	return right
}

func checkTerm(s string) fault.Phrase {
	if len(tokenize(nil, s, nil)) == 0 {
		return fault.Say("holds no word")
	}
	for _, w := range strings.Fields(s) {
		if stem, ok := strings.CutSuffix(w, "*"); ok && utf8.RuneCountInString(stem) < minStem {
			return fault.Say("has a stem of fewer than 4 letters before *")
		}
	}
	return right
}

func checkCountry(s string) fault.Phrase {
	if len(s) != 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' {
		return fault.Say("is not a country code of two capitals (ISO 3166-1)")
	}
	return right
}

func checkPlace(s string) fault.Phrase {
	if len(s) != 5 || !checkCountry(s[:2]).IsZero() || strings.ToUpper(s) != s {
		return fault.Say("is not a UN/LOCODE of five characters")
	}
	return right
}

func checkHS(s string) fault.Phrase {
	if len(s) != 2 && len(s) != 4 && len(s) != 6 {
		return fault.Say("is not an HS code of 2, 4 or 6 digits")
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return fault.Say("is not an HS code of 2, 4 or 6 digits")
		}
	}
	return right
}
