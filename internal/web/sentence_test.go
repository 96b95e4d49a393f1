package web

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
)

// teach adds sentences to the catalogue of a language for one test.
func teach(t *testing.T, lang Language, entries map[string]string) {
	t.Helper()
	for english, said := range entries {
		if _, taken := sentences[lang][english]; taken {
			t.Fatalf("%q is in the catalogue already", english)
		}
		sentences[lang][english] = said
		t.Cleanup(func() { delete(sentences[lang], english) })
	}
}

func TestAFaultSpeaksTheLanguage(t *testing.T) {
	teach(t, Russian, map[string]string{
		"test row %d of %q is wet":  "проба %[2]q: строка %[1]d мокрая",
		"test: dry %s":              "высушите %s",
		"test towel":                "полотенце",
		"test hold %s cannot close": "трюм %s не закрывается",
		"test %d: %s":               "проба %d: %s",
		"100 %% of %s is test":      "100 %% %s: проба",
	})
	wet := fault.New(fault.Invalid, "test row %d of %q is wet", 12345, `a "b"`).WithHint("test: dry %s", fault.Say("test towel"))
	cases := []struct {
		name          string
		err           error
		english, hint string
		russian, rat  string
	}{
		{"order, digits and quotation marks", wet,
			`Test row 12,345 of “a \"b\"” is wet`, "Test: dry test towel", "Проба «a \\\"b\\\"»: строка 12\u00a0345 мокрая", "Высушите полотенце"},
		{"an id is not grouped", fault.New(fault.NotFound, "test hold %s cannot close", fmt.Sprint(int64(123456))),
			"Test hold 123456 cannot close", "", "Трюм 123456 не закрывается", ""},
		{"a fault as the cause, and its hint", fault.Wrap(fault.Conflict, fmt.Errorf("save: %w", wet), "test hold %s cannot close", "B"),
			`Test hold B cannot close: test row 12,345 of “a \"b\"” is wet`, "Test: dry test towel",
			"Трюм B не закрывается: проба «a \\\"b\\\"»: строка 12\u00a0345 мокрая", "Высушите полотенце"},
		{"a cause for the log", fault.Wrap(fault.Conflict, errors.New("SQLITE_BUSY"), "test hold %s cannot close", "B"),
			"Test hold B cannot close", "", "Трюм B не закрывается", ""},
		{"a fault and a plain error among the arguments", fault.New(fault.Invalid, "test %d: %s", 7, error(wet)),
			`Test 7: test row 12,345 of “a \"b\"” is wet`, "", "Проба 7: проба «a \\\"b\\\"»: строка 12\u00a0345 мокрая", ""},
		{"a plain error among the arguments", fault.New(fault.Invalid, "test %d: %s", 7, sql.ErrNoRows),
			"Test 7: sql: no rows in result set", "", "Проба 7: sql: no rows in result set", ""},
		{"nobody has translated it", fault.New(fault.Invalid, "test of %s alone", fault.Say("test towel")),
			"Test of test towel alone", "", "Test of полотенце alone", ""},
		{"only a phrase", fault.New(fault.Invalid, "%s", fault.Say("test towel")), "Test towel", "", "Полотенце", ""},
		{"from outside first", fault.New(fault.Invalid, "%s holds no test", "manifest.csv"), "manifest.csv holds no test", "", "manifest.csv holds no test", ""},
		{"a percent sign", fault.New(fault.Invalid, "100 %% of %s is test", "B"), "100 % of B is test", "", "100 % B: проба", ""},
		{"a word of the pages", fault.New(fault.Invalid, "test %d: %s", 1, fault.Term("web.table.day", "day")), "Test 1: Day", "", "Проба 1: День", ""},
		{"a word that pages lack", fault.New(fault.Invalid, "test %d: %s", 1, fault.Term("web.no-such", "day")), "Test 1: day", "", "Проба 1: day", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for lang, want := range map[Language][2]string{English: {c.english, c.hint}, Russian: {c.russian, c.rat}} {
				ctx := SetLanguage(context.Background(), lang)
				if got := [2]string{Sentence(ctx, c.err), Hint(ctx, c.err)}; got != want {
					t.Errorf("%s: %q, want %q", lang, got, want)
				}
			}
		})
	}
}

func TestExplainJoinsSentenceAndHint(t *testing.T) {
	ctx := SetLanguage(context.Background(), English)
	plain := fault.New(fault.Invalid, "the test is wet")
	if got := Explain(ctx, plain); got != "The test is wet" {
		t.Error(got)
	}
	if got := Explain(ctx, plain.WithHint("dry it")); got != "The test is wet. Dry it" {
		t.Error(got)
	}
}

// What went wrong inside is nobody's business.
func TestAFailureIsNotTold(t *testing.T) {
	ctx := SetLanguage(context.Background(), English)
	for _, err := range []error{errors.New("password=hunter2"), fault.Wrap(fault.Failure, errors.New("hunter2"), "hunter2")} {
		if got := Explain(ctx, err); strings.Contains(got, "hunter2") || got == "" {
			t.Errorf("%q", got)
		}
	}
}

// A program says by Accept-Language in which language it wants to be told.
func TestProblemJSONSpeaksTheLanguageAsked(t *testing.T) {
	teach(t, Kyrgyz, map[string]string{"the test is wet": "сыноо суу болуп калды", "dry it": "кургатыңыз"})
	site := NewSite(Options{})
	site.Get("/wet", func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.Conflict, "the test is wet").WithHint("dry it")
	})
	r := httptest.NewRequest(http.MethodGet, "/wet", nil)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Accept-Language", "ky-KG, ru;q=0.8")
	w := httptest.NewRecorder()
	site.Handler().ServeHTTP(w, r)
	body := w.Body.String()
	if w.Code != http.StatusConflict || w.Header().Get("Content-Language") != "ky" {
		t.Errorf("%d, Content-Language %q", w.Code, w.Header().Get("Content-Language"))
	}
	for _, want := range []string{`"detail":"Сыноо суу болуп калды"`, `"hint":"Кургатыңыз"`} {
		if !strings.Contains(body, want) {
			t.Errorf("%s lacks %s", body, want)
		}
	}
}
