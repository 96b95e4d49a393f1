package risk

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write locale/en.json anew")

func readLocale(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := Locale.ReadFile("locale/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(raw, &texts); err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	return texts
}

// placeholders counts {0}, {1}, ... of a text.
func placeholders(s string) (n [10]int) {
	for i := 0; i+2 < len(s); i++ {
		if s[i] == '{' && s[i+2] == '}' && s[i+1] >= '0' && s[i+1] <= '9' {
			n[s[i+1]-'0']++
		}
	}
	return n
}

func TestLocales(t *testing.T) {
	texts := Texts()
	if *update {
		raw, _ := json.MarshalIndent(texts, "", "  ")
		raw = []byte(strings.NewReplacer(`\u003e`, ">", `\u003c`, "<", `\u0026`, "&").Replace(string(raw)))
		if err := os.WriteFile("locale/en.json", append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if en := readLocale(t, "en"); !maps.Equal(en, texts) {
		t.Error("locale/en.json differs from the code: go test ./internal/risk -run Locales -update")
	}
	for _, lang := range []string{"ru", "ky"} {
		other := readLocale(t, lang)
		for _, id := range slices.Sorted(maps.Keys(texts)) {
			switch text := other[id]; {
			case text == "":
				t.Errorf("%s lacks %s", lang, id)
			case placeholders(text) != placeholders(texts[id]):
				t.Errorf("%s: %s has other placeholders than the English %q", lang, id, texts[id])
			case text == texts[id] && text != "{0}" && text != "{0}: {1}":
				t.Errorf("%s: %s is not translated", lang, id)
			}
			delete(other, id)
		}
		for id := range other {
			t.Errorf("%s: %s is no id of the code", lang, id)
		}
	}
}
