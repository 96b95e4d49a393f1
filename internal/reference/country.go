package reference

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"
)

// Country is the alpha-2 code of a country or area, as in KG. ISO 3166-1.
type Country string

//go:embed data/countries.tsv
var countryTable string

type countryFacts struct {
	code       Country
	alpha3     string
	numeric    string
	calling    string
	landlocked bool
	aliases    string
}

type countryIndex struct {
	rows   []countryFacts
	alpha2 [26 * 26]uint8 // position in rows plus one
	alpha3 map[string]Country
	num    map[string]Country
}

var countryRows = sync.OnceValue(func() *countryIndex {
	x := &countryIndex{alpha3: make(map[string]Country, 256), num: make(map[string]Country, 256)}
	eachRow(countryTable, 4, func(f []string) {
		row := countryFacts{code: Country(f[0]), calling: f[1], landlocked: f[2] == "L", aliases: f[3]}
		if r, err := language.ParseRegion(f[0]); err == nil {
			row.alpha3, row.numeric = r.ISO3(), fmt.Sprintf("%03d", r.M49())
		}
		x.rows = append(x.rows, row)
		x.alpha2[pair(f[0])] = uint8(len(x.rows))
		x.alpha3[row.alpha3], x.num[row.numeric] = row.code, row.code
	})
	return x
})

func pair(s string) int { return int(s[0]-'A')*26 + int(s[1]-'A') }

// Countries returns all codes in alphabetical order.
func Countries() []Country {
	rows := countryRows().rows
	all := make([]Country, len(rows))
	for i := range rows {
		all[i] = rows[i].code
	}
	return all
}

// ParseCountry reads an alpha-2, alpha-3 or numeric code, or a name in English,
// Russian or Kyrgyz. The list is complete, so a code that it lacks is Reserved: not
// assigned by ISO 3166-1.
func ParseCountry(s string) (Country, error) {
	if len(s) == 2 && Country(s).Known() {
		return Country(s), nil
	}
	t := strings.TrimSpace(s)
	x := countryRows()
	if len(t) == 2 || len(t) == 3 {
		var buf [3]byte
		n, _, _ := squeeze(t, buf[:])
		code := string(buf[:n])
		if c, ok := x.alpha3[code]; ok {
			return c, nil
		}
		if c, ok := x.num[code]; ok {
			return c, nil
		}
		if c := Country(code); n == 2 && c.Known() {
			return c, nil
		}
	}
	if t == "" {
		return "", malformed(countryNoun, s, "is empty")
	}
	if len(t) > 100 {
		return "", malformed(countryNoun, s, "is too long for a code or name")
	}
	if c, ok := countryNames()[nameKey(t)]; ok {
		return c, nil
	}
	if len(t) == 2 && isPlain(strings.ToUpper(t), 2) {
		return "", wrong(countryNoun, s, Reserved, "is not assigned by ISO 3166-1")
	}
	return "", malformed(countryNoun, s, "is no code or name of a country that we know")
}

func (c Country) facts() *countryFacts {
	if len(c) != 2 || !isUpper(c[0]) || !isUpper(c[1]) {
		return nil
	}
	x := countryRows()
	i := x.alpha2[pair(string(c))]
	if i == 0 {
		return nil
	}
	return &x.rows[i-1]
}

// Known reports whether ISO 3166-1 assigns the code.
func (c Country) Known() bool { return c.facts() != nil }

// Alpha3 returns the code of three letters, "" for an unknown country.
func (c Country) Alpha3() string {
	if f := c.facts(); f != nil {
		return f.alpha3
	}
	return ""
}

// Numeric returns the code of three digits, "" for an unknown country.
func (c Country) Numeric() string {
	if f := c.facts(); f != nil {
		return f.numeric
	}
	return ""
}

// CallingCode returns the prefix of telephone numbers without plus, 996. ITU-T E.164.
func (c Country) CallingCode() string {
	if f := c.facts(); f != nil {
		return f.calling
	}
	return ""
}

// Landlocked reports a country without a coast on the open sea: it has no seaport,
// whatever a bill of lading says. (Caspian states count as landlocked.)
func (c Country) Landlocked() bool {
	f := c.facts()
	return f != nil && f.landlocked
}

var namers = sync.OnceValue(func() map[string]display.Namer {
	return map[string]display.Namer{
		"en": display.Regions(language.English),
		"ru": display.Regions(language.Russian),
		"ky": display.Regions(language.Kirghiz),
	}
})

// Name returns the name in the language en, ru or ky (English for any other), and
// the code itself for an unknown country.
func (c Country) Name(lang string) string {
	if !c.Known() {
		return string(c)
	}
	namer := namers()[lang]
	if namer == nil {
		namer = namers()["en"]
	}
	if name := namer.Name(language.MustParseRegion(string(c))); name != "" {
		return name
	}
	return string(c)
}

var countryNames = sync.OnceValue(func() map[string]Country {
	m := make(map[string]Country, 1024)
	for _, row := range countryRows().rows {
		for _, lang := range []string{"en", "ru", "ky"} {
			m[nameKey(row.code.Name(lang))] = row.code
		}
	}
	for _, row := range countryRows().rows { // afterwards, for they win
		for alias := range strings.SplitSeq(row.aliases, "|") {
			if alias != "" {
				m[nameKey(alias)] = row.code
			}
		}
	}
	return m
})

// nameKey is a name for comparing: lower case, letters and digits only, without
// diacritics (Lübeck as Lubeck, ё as е, й as и).
func nameKey(s string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return r
		}
		return -1
	}, norm.NFD.String(s))
}
