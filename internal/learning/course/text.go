package course

import "slices"

// Languages are those that every text of a course must have.
var Languages = []string{"en", "ru", "ky"}

// Text is a text in several languages, by their codes (ISO 639-1).
type Text map[string]string

// In returns the text in the language, or in English, or in any other.
func (t Text) In(lang string) string {
	for _, l := range append([]string{lang}, Languages...) {
		if s := t[l]; s != "" {
			return s
		}
	}
	return ""
}

// missing returns the languages that the text lacks.
func (t Text) missing() (list []string) {
	for _, l := range Languages {
		if t[l] == "" {
			list = append(list, l)
		}
	}
	return list
}

// unknown returns keys that are no language.
func (t Text) unknown() (list []string) {
	for l := range t {
		if !slices.Contains(Languages, l) {
			list = append(list, l)
		}
	}
	slices.Sort(list)
	return list
}
