package web

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"testing/fstest"
	"time"
)

func TestFormatting(t *testing.T) {
	in := func(l Language) context.Context { return SetLanguage(context.Background(), l) }
	day := time.Date(2026, 11, 23, 20, 5, 0, 0, time.UTC)
	bishkek := time.FixedZone("+06", 6*3600)
	nb := "\u00a0"
	for _, c := range []struct{ what, got, want string }{
		{"number en", Number(in(English), 1234567), "1,234,567"},
		{"number ru", Number(in(Russian), 1234567), "1" + nb + "234" + nb + "567"},
		{"number ky", Number(in(Kyrgyz), 24500.25), "24" + nb + "500,25"},
		{"negative", Signed(in(English), -0.25, 3), "−0.250"},
		{"positive", Signed(in(Russian), 3.25, 3), "+3,250"},
		{"mass", Mass(in(Kyrgyz), 24500), "24" + nb + "500" + nb + "кг"},
		{"bytes", Bytes(in(English), 1500000), "1.5" + nb + "MB"},
		{"few bytes", Bytes(in(English), 12), "12" + nb + "B"},
		{"date en", Date(in(English), day), "23 Nov 2026"},
		{"date ru", Date(in(Russian), day), "23 нояб. 2026"},
		{"date in zone", DateTime(SetZone(in(English), bishkek), day), "24 Nov 2026, 02:05"},
		{"no date", Date(in(English), time.Time{}), Missing},
		{"country", Country(in(Russian), "KG"), "Киргизия"},
		{"country ky", Country(in(Kyrgyz), "KG"), "Кыргызстан"},
		{"no country", Country(in(English), "Q?"), "Q?"},
		{"ago", ago(in(Russian), day, day.Add(3*24*time.Hour)), "3 дня назад"},
		{"ago many", ago(in(Russian), day, day.Add(5*24*time.Hour)), "5 дней назад"},
		{"soon", ago(in(English), day.Add(26*time.Hour), day), "in 1 day"},
		{"missing id", T(in(English), "web.there.is.none"), "web.there.is.none"},
		{"missing argument", T(in(English), "web.error.large.detail"), "At most {Limit} can be sent here."},
		{"duration", Duration(in(English), 125*time.Minute), "2" + nb + "h 5" + nb + "min"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestPositionalArguments(t *testing.T) {
	if got := fill("{1} before {0}, {2}", English, map[string]any{"0": "a", "1": "b{0}"}); got != "b{0} before a, {2}" {
		t.Errorf("got %q: arguments are text, not templates", got)
	}
}

// TestVariants: a browser gets the smallest form that it accepts, and only files of the manifest.
func TestVariants(t *testing.T) {
	a := openAssets(fstest.MapFS{
		"app.x.css": {Data: []byte("plain")}, "app.x.css.br": {Data: []byte("b")}, "app.x.css.gz": {Data: []byte("g")},
		"manifest.json": {Data: []byte(`{"app.css":"app.x.css"}`)},
	})
	for accept, want := range map[string]string{"br, gzip": "b", "gzip": "g", "": "plain", "br;q=0, gzip;q=0.5": "g", "identity": "plain"} {
		if got, _ := a.variant("app.x.css", accept); string(got) != want {
			t.Errorf("Accept-Encoding %q: got %q, want %q", accept, got, want)
		}
	}
	if a.published("manifest.json") || a.published("app.x.css.br") || !a.published("app.x.css") {
		t.Error("only files that the manifest names are published")
	}
}

func TestEventWire(t *testing.T) {
	got, err := Event{Name: "progress\ninjected", ID: "7", Data: "one\r\ntwo"}.wire()
	if want := "event: progress injected\nid: 7\ndata: one\ndata: two\n\n"; err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if _, err := (Event{Data: func() {}}).wire(); err == nil {
		t.Error("data that is no JSON is an error")
	}
}

func TestLocalPath(t *testing.T) {
	for path, want := range map[string]string{"/queue?a=1": "/queue?a=1", "//evil": "/", `/\evil`: "/", "https://evil": "/", "": "/", "/a\nb": "/"} {
		if got := localPath(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}

var pair = regexp.MustCompile(`--([a-z-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)`)

// TestContrast holds text and ground to 4.5:1 in both themes (WCAG 2.2 §1.4.3), and
// borders of fields to 3:1 (§1.4.11).
func TestContrast(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("style", "token.css"))
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string][2]string{}
	for _, m := range pair.FindAllStringSubmatch(string(raw), -1) {
		colours[m[1]] = [2]string{m[2], m[3]}
	}
	if len(colours) < 30 {
		t.Fatalf("read %d colours only", len(colours))
	}
	check := func(text, ground string, least float64) {
		for i, theme := range []string{"light", "dark"} {
			a, b := colours[text], colours[ground]
			if a[i] == "" || b[i] == "" {
				t.Fatalf("no colour %s or %s", text, ground)
			}
			if r := contrast(a[i], b[i]); r < least {
				t.Errorf("%s: %s on %s is %.2f:1, want %.1f:1", theme, text, ground, r, least)
			}
		}
	}
	for _, ground := range []string{"surface", "ground", "raised", "hover"} {
		for _, text := range []string{"text", "muted", "accent"} {
			check(text, ground, 4.5)
		}
	}
	for _, tone := range []string{"bad", "warning", "good", "neutral"} {
		check(tone, tone+"-ground", 4.5)
	}
	check("bad", "surface", 4.5)
	check("accent-strong", "accent-ground", 4.5)
	check("on-accent", "accent", 4.5)
	check("on-accent", "accent-strong", 4.5)
	check("text", "mark-ground", 4.5)
	check("line-strong", "surface", 3)
}
