package xapi

import (
	"strings"
	"testing"
	"time"
)

// XAPI-00123, and what RFC 3339 asks of 2.0.0.
func TestTimestamps(t *testing.T) {
	for text, want := range map[string]string{
		"2026-10-01T08:15:30Z":           "2026-10-01T08:15:30Z 2026-10-01T08:15:30Z",
		"2026-10-01T08:15:30.250Z":       "2026-10-01T08:15:30.25Z 2026-10-01T08:15:30.25Z",
		"2026-10-01T14:15:30+06:00":      "2026-10-01T08:15:30Z 2026-10-01T08:15:30Z",
		"2026-10-01T03:15:30-05:00":      "2026-10-01T08:15:30Z 2026-10-01T08:15:30Z",
		"2008-09-15T15:53:00.601+00:00":  "2008-09-15T15:53:00.601Z 2008-09-15T15:53:00.601Z",
		"2024-02-29T00:00:00Z":           "2024-02-29T00:00:00Z 2024-02-29T00:00:00Z",
		"20261001T081530Z":               "2026-10-01T08:15:30Z -", // the basic form
		"2026-10-01T08:15:30":            "2026-10-01T08:15:30Z -", // without an offset
		"2016-12-31T23:59:60Z":           "2016-12-31T23:59:59Z 2016-12-31T23:59:59Z",
		"2026-02-29T00:00:00Z":           "- -",
		"2026-13-01T00:00:00Z":           "- -",
		"2026-10-01T24:00:00Z":           "- -",
		"2026-10-01T08:15:61Z":           "- -",
		"2008-09-15T15:53:00.601-00":     "- -",
		"2008-09-15T15:53:00.601-0000":   "- -",
		"2008-09-15T15:53:00.601-00:00":  "- -",
		"2008-09-15T15:53:00.601+00:60":  "- -",
		"2008-09-15 15:53:00Z":           "- -",
		"2026-10-01":                     "- -",
		"01/011/2015":                    "- -",
		"2026-1001T08:15:30Z":            "- -",
		"":                               "- -",
		"2026-10-01T08:15:30.250Z extra": "- -",
	} {
		var got []string
		for _, v := range []Version{V103, V200} {
			at, ok := ParseTime(text, v)
			said := "-"
			if ok {
				said = at.Format(time.RFC3339Nano)
			}
			got = append(got, said)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("XAPI-00123 %q: %v, want %s", text, got, want)
		}
	}
}

func TestLanguageTags(t *testing.T) {
	for tag, ok := range map[string]bool{
		"en": true, "en-US": true, "zh-Hant": true, "zh-Hans-CN": true, "sr-Latn-RS": true, "cmn": true, "ase": true, "es-419": true,
		"sl-rozaj-biske-1994": true, "de-CH-1901": true, "x-whatever": true, "en-x-port": true, "i-klingon": true, "zh-yue-HK": true,
		"de-a-value": true, "EN-us": true,
		"": false, "a": false, "something": false, "a12345678": false, "e": false, "en-": false, "-en": false, "en--US": false,
		"zh-z-aaa-z-bbb-c-ccc": false, "de-DE-1901-1901": false, "x": false, "en-a": false, "en_US": false, "en-US-US": false,
	} {
		if isLanguage(tag) != ok {
			t.Errorf("XAPI-00013 XAPI-00121: %q is %t, want %t", tag, !ok, ok)
		}
	}
}

func TestVersions(t *testing.T) {
	for header, want := range map[string]Version{
		"1.0": V103, "1.0.0": V103, "1.0.3": V103, "1.0.32": V103, "2.0": V200, "2.0.0": V200, "2.0.1": V200,
		"": "", "1": "", "1.1.0": "", "0.95": "", "2.1": "", "1.0.": "", "1.0.x": "", "1.01": "", "2.0.0.1": "",
	} {
		got, ok := ParseVersion(header)
		if got != want || ok != (want != "") {
			t.Errorf("XAPI-00331 %q: %q, want %q", header, got, want)
		}
	}
}

func TestUUID(t *testing.T) {
	id := NewUUID()
	if again, ok := ParseUUID(strings.ToUpper(id.String())); !ok || again != id || id.String()[14] != '4' {
		t.Errorf("%s came back as %s, %t", id, again, ok)
	}
	if _, ok := ParseUUID("zdf4a2c1-65f9-4d5f-a0c1-54fb7d5eb1a1"); ok {
		t.Error("z is no hexadecimal digit")
	}
}

func TestChoose(t *testing.T) {
	entries := []Member{{"ru", text("да")}, {"en-GB", text("yes")}, {"ky", text("ооба")}}
	for wanted, want := range map[string]string{
		"ky": "ky", "en-US": "en-GB", "fr ky": "ky", "fr": "ru", "": "ru", "EN-gb": "en-GB", "ru-KG ky": "ru",
	} {
		got, ok := choose(entries, strings.Fields(wanted))
		if !ok || got.Name != want {
			t.Errorf("XAPI-00172: of %v wanted %q: %q", entries, wanted, got.Name)
		}
	}
	if _, ok := choose(nil, []string{"en"}); ok {
		t.Error("an empty map has an entry")
	}
}
