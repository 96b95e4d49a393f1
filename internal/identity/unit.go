package identity

import (
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a unit's time zone must be known on a machine without zoneinfo
	"unicode/utf8"
)

// Languages are those that pages speak, the default first.
var Languages = []string{"en", "ru", "ky"}

// Unit is a port control unit: a few officers of several agencies at one place.
type Unit struct {
	ID       int64
	Code     string // short and unique, such as KGOSS-PCU
	Name     string
	Country  string // ISO 3166-1 alpha-2
	Place    string // UN/LOCODE; may be empty
	Timezone string // IANA name
	Language string // for officers who have not chosen their own
	Version  int64  // counts the changes; a change names the version it was made from
}

// Location returns the unit's time zone, or UTC for the zero unit.
func (u Unit) Location() *time.Location {
	if loc, err := time.LoadLocation(u.Timezone); err == nil {
		return loc
	}
	return time.UTC
}

var (
	codeForm    = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,19}$`)
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	placeForm   = regexp.MustCompile(`^[A-Z]{2}[A-Z2-9]{3}$`) // UN/LOCODE: no 0 and 1 in the place part
)

// clean returns the unit as it is stored, and what is wrong with it.
func (u Unit) clean() (Unit, error) {
	u.Code = strings.ToUpper(strings.TrimSpace(u.Code))
	u.Name = strings.TrimSpace(u.Name)
	u.Country = strings.ToUpper(strings.TrimSpace(u.Country))
	u.Place = strings.ToUpper(strings.ReplaceAll(u.Place, " ", ""))
	u.Timezone = strings.TrimSpace(u.Timezone)
	var ps Problems
	checkName(&ps, u.Name)
	if !codeForm.MatchString(u.Code) {
		ps.add("code", "code-form")
	}
	if !countryForm.MatchString(u.Country) {
		ps.add("country", "country-form")
	}
	switch {
	case u.Place == "":
	case !placeForm.MatchString(u.Place):
		ps.add("place", "place-form")
	case u.Place[:2] != u.Country:
		ps.add("place", "place-country")
	}
	if _, err := time.LoadLocation(u.Timezone); err != nil || u.Timezone == "" || u.Timezone == "Local" {
		ps.add("timezone", "timezone-unknown")
	}
	checkLanguage(&ps, u.Language)
	return u, ps.fault()
}

func checkName(ps *Problems, name string) {
	switch {
	case name == "":
		ps.add("name", "name-empty")
	case utf8.RuneCountInString(name) > 200:
		ps.add("name", "name-long")
	}
}

func checkLanguage(ps *Problems, language string) {
	if !slices.Contains(Languages, language) {
		ps.add("language", "language-unknown")
	}
}
