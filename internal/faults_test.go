package internal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestFaultsSpeakEveryLanguage holds the catalogues of faults against the source: every
// format that a person may read on a page has a translation with the same verbs, and no
// translation is left of one that nobody says any more.
func TestFaultsSpeakEveryLanguage(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the types of the whole module")
	}
	formats := sayings(t, loadRooms(t))
	if len(formats) < 200 {
		t.Fatalf("only %d formats were found in the source: the search is broken", len(formats))
	}
	for _, lang := range []string{"ru", "ky"} {
		checkCatalogue(t, "web/locale/faults."+lang+".json", formats)
	}
}

func checkCatalogue(t *testing.T, path string, formats said) {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var byRoom map[string]map[string]string
	if err := json.Unmarshal(raw, &byRoom); err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for room, entries := range byRoom {
		for english, translated := range entries {
			have[english] = true
			if !slices.Contains(formats[english], room) {
				t.Errorf("%s: %s does not say %q any more: remove the entry, or put it below one of %q", path, room, english, formats[english])
			}
			for _, flaw := range flaws(english, translated) {
				t.Errorf("%s: %q: %s: %q", path, english, flaw, translated)
			}
		}
	}
	for _, english := range slices.Sorted(maps.Keys(formats)) {
		if !have[english] {
			t.Errorf("%s: below %q is missing: %s", path, formats[english][0], line(english))
		}
	}
}

// line is an entry as it stands in the file, to be filled in.
func line(english string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(english) // a string has no fault
	return strings.TrimSpace(b.String()) + `: "",`
}

// flaws says what is wrong with a translation.
func flaws(english, translated string) (list []string) {
	if want, got := verbs(english), verbs(translated); !maps.Equal(want, got) {
		list = append(list, fmt.Sprintf("has the verbs %v, not %v", got, want))
	}
	first, _ := utf8.DecodeRuneInString(english)
	begins, size := utf8.DecodeRuneInString(translated)
	second, _ := utf8.DecodeRuneInString(translated[size:])
	if unicode.IsLower(first) && unicode.Is(unicode.Cyrillic, begins) && unicode.IsUpper(begins) && unicode.IsLower(second) {
		list = append(list, "begins with a capital letter")
	}
	if strings.HasSuffix(translated, ".") && !strings.HasSuffix(english, ".") {
		list = append(list, "ends with a full stop")
	}
	if !strings.ContainsFunc(translated, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) && wordy(english) {
		list = append(list, "is not translated")
	}
	return list
}

// wordy reports whether a format has words of its own.
func wordy(format string) bool {
	return strings.ContainsFunc(verb.ReplaceAllString(format, ""), unicode.IsLetter)
}

// verb finds a verb of fmt: its argument, if it names one, and the rest.
var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([-+# 0]*\d*(?:\.\d+)?[a-zA-Z%])`)

// verbs returns what a format does with each of its arguments, by number.
func verbs(format string) map[string]bool {
	found, next := map[string]bool{}, 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			fmt.Sscan(m[1], &next)
		}
		found[fmt.Sprintf("[%d]%s", next, m[2])] = true
		next++
	}
	return found
}

func TestVerbsAreComparedByArgument(t *testing.T) {
	for _, c := range []struct {
		english, translated string
		right               bool
	}{
		{"row %d of %s", "строка %d, %s", true},
		{"row %d of %s", "%[2]s, строка %[1]d", true},
		{"row %d of %s", "%s, строка %d", false},
		{"row %d of %s", "строка %d", false},
		{"row %d", "строка %s", false},
		{"100 %% of %.40q", "100 %% от %.40q", true},
		{"a %.40q", "это %q", false},
		{"a row", "Строка", false},
		{"a row", "строка.", false},
		{"a row", "row", false},
	} {
		if got := flaws(c.english, c.translated); (len(got) == 0) != c.right {
			t.Errorf("%q as %q: %v", c.english, c.translated, got)
		}
	}
}
