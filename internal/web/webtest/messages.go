// Package webtest holds checks that every package of pages runs over its own files.
package webtest

import (
	"encoding/json"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// TB is what the checks need of *testing.T.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// plurals are the CLDR forms of whole numbers in each language.
var plurals = map[string][]string{"en": {"one", "other"}, "ru": {"few", "many", "one", "other"}, "ky": {"one", "other"}}

var placeholder = regexp.MustCompile(`\{[A-Za-z0-9]+\}`)

// Messages checks locale/en.json, ru.json and ky.json of fsys: the same ids, the same
// placeholders, every plural form that the language has, no empty text, and no id twice.
func Messages(t TB, fsys fs.FS) {
	t.Helper()
	all := map[string]map[string]map[string]string{}
	for lang := range plurals {
		all[lang] = read(t, fsys, lang)
	}
	for _, lang := range []string{"ru", "ky"} {
		for id := range all["en"] {
			if _, ok := all[lang][id]; !ok {
				t.Errorf("%s: lacks %q", lang, id)
			}
		}
		for id := range all[lang] {
			if _, ok := all["en"][id]; !ok {
				t.Errorf("%s: has %q, which English lacks", lang, id)
			}
		}
	}
	for lang, messages := range all {
		for id, forms := range messages {
			checkForms(t, lang, id, forms, all["en"][id])
		}
	}
}

// read returns the forms of each message; a plain text is the form "".
func read(t TB, fsys fs.FS, lang string) map[string]map[string]string {
	t.Helper()
	raw, err := fs.ReadFile(fsys, "locale/"+lang+".json")
	if err != nil {
		t.Fatalf("read messages: %v", err)
	}
	var mixed map[string]any
	if err := json.Unmarshal(raw, &mixed); err != nil {
		t.Fatalf("locale/%s.json: %v", lang, err)
	}
	out := map[string]map[string]string{}
	for id, value := range mixed {
		if n := strings.Count(string(raw), `"`+id+`":`); n > 1 {
			t.Errorf("%s: %q stands there %d times", lang, id, n)
		}
		forms := map[string]string{}
		switch v := value.(type) {
		case string:
			forms[""] = v
		case map[string]any:
			for form, text := range v {
				s, ok := text.(string)
				if !ok {
					t.Errorf("%s: %q: form %s is no text", lang, id, form)
				}
				forms[form] = s
			}
		default:
			t.Errorf("%s: %q is neither text nor plural forms", lang, id)
		}
		out[id] = forms
	}
	return out
}

func checkForms(t TB, lang, id string, forms, english map[string]string) {
	t.Helper()
	names := slices.Sorted(maps.Keys(forms))
	if _, plain := forms[""]; !plain && !slices.Equal(names, plurals[lang]) {
		t.Errorf("%s: %q has the plural forms %v, want %v", lang, id, names, plurals[lang])
	}
	want := places(english)
	for form, text := range forms {
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s: %q %s is empty", lang, id, form)
		}
		if got := placesOf(text); english != nil && !slices.Equal(got, want) && form != "one" {
			t.Errorf("%s: %q %s has the placeholders %v, want %v", lang, id, form, got, want)
		}
	}
}

// places are the placeholders of the fullest form: "one" may say the number in a word.
func places(forms map[string]string) []string {
	if text, ok := forms["other"]; ok {
		return placesOf(text)
	}
	return placesOf(forms[""])
}

func placesOf(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}
