package webtest_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"tidewaiter/internal/web/webtest"
)

// complaints is a TB that collects what a check finds.
type complaints struct{ found []string }

func (c *complaints) Helper() {}
func (c *complaints) Errorf(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}
func (c *complaints) Fatalf(format string, args ...any) { c.Errorf(format, args...) }

func TestMessages(t *testing.T) {
	files := func(en, ru, ky string) fstest.MapFS {
		return fstest.MapFS{"locale/en.json": {Data: []byte(en)}, "locale/ru.json": {Data: []byte(ru)}, "locale/ky.json": {Data: []byte(ky)}}
	}
	for _, c := range []struct{ name, en, ru, ky, want string }{
		{"good", `{"a":"x {N}"}`, `{"a":"{N} y"}`, `{"a":"{N}"}`, ""},
		{"lacking", `{"a":"x","b":"y"}`, `{"a":"x"}`, `{"a":"x","b":"y"}`, `ru: lacks "b"`},
		{"too many", `{"a":"x"}`, `{"a":"x"}`, `{"a":"x","c":"y"}`, `ky: has "c"`},
		{"placeholder", `{"a":"x {N}"}`, `{"a":"y"}`, `{"a":"{N}"}`, `ru: "a"  has the placeholders []`},
		{"plural", `{"a":{"one":"1","other":"{Count}"}}`, `{"a":{"one":"1","other":"{Count}"}}`, `{"a":{"one":"1","other":"{Count}"}}`, `ru: "a" has the plural forms [one other]`},
		{"twice", `{"a":"x","a":"y"}`, `{"a":"x"}`, `{"a":"x"}`, `en: "a" stands there 2 times`},
		{"empty", `{"a":"x"}`, `{"a":" "}`, `{"a":"x"}`, `is empty`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var heard complaints
			webtest.Messages(&heard, files(c.en, c.ru, c.ky))
			all := strings.Join(heard.found, "\n")
			if (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("heard %q, want %q", all, c.want)
			}
		})
	}
}
