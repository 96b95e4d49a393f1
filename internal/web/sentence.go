package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"tidewaiter/internal/fault"
)

// Sentence says what err tells a person, in the language of ctx: the sentence of its first
// fault, and behind a colon those of the faults that caused it. It begins with a capital
// letter and has no full stop. Causes that are no faults are for the log only. Of an error
// that is a failure of ours it says just that; a handler returns such an error instead.
//
// Every page that shows a fault by itself, next to a field or in a notice, says it by this,
// Hint or Explain; err.Error() is English and may tell what is nobody's business.
func Sentence(ctx context.Context, err error) string {
	lang := LanguageOf(ctx)
	f, ok := told(err)
	if !ok {
		return T(ctx, "web.error.failure")
	}
	s := capital(lang, f.Sentence)
	for f, ok = told(f.Cause); ok; f, ok = told(f.Cause) {
		s += ": " + phrase(lang, f.Sentence)
	}
	return s
}

// Hint says what to do about err, in the language of ctx: the hint of the first fault in
// its chain that has one. It is empty where there is nothing to say.
func Hint(ctx context.Context, err error) string {
	for f, ok := told(err); ok; f, ok = told(f.Cause) {
		if f.Hint != "" {
			return capital(LanguageOf(ctx), f.Advice)
		}
	}
	return ""
}

// Explain says Sentence and Hint in one line, where there is room for one.
func Explain(ctx context.Context, err error) string {
	s := Sentence(ctx, err)
	if hint := Hint(ctx, err); hint != "" {
		s += ". " + hint
	}
	return s
}

// Phrase says words of a core in the language of ctx.
func Phrase(ctx context.Context, p fault.Phrase) string { return phrase(LanguageOf(ctx), p) }

// told returns the first fault in err's chain that a person may be told about.
func told(err error) (*fault.Error, bool) {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Failure {
		return nil, false
	}
	return f, true
}

// sentences are the formats of faults in the languages other than English, by the English
// format. In the files they stand below the room that says them.
var sentences = map[Language]map[string]string{
	Russian: readSentences("locale/faults.ru.json"),
	Kyrgyz:  readSentences("locale/faults.ky.json"),
}

// readSentences panics on a broken file: a mistake of the build.
func readSentences(path string) map[string]string {
	raw, err := ownMessages.ReadFile(path)
	if err != nil {
		panic(fmt.Sprintf("web: faults: %v", err))
	}
	var rooms map[string]map[string]string
	if err := json.Unmarshal(raw, &rooms); err != nil {
		panic(fmt.Sprintf("web: faults %s: %v", path, err))
	}
	all := map[string]string{}
	for _, room := range rooms {
		for english, said := range room {
			if was, taken := all[english]; taken && was != said {
				panic(fmt.Sprintf("web: faults %s: %q is said in two ways", path, english))
			}
			all[english] = said
		}
	}
	return all
}

// phrase falls back to the English format, so that a sentence without a translation still
// says what it must.
func phrase(lang Language, p fault.Phrase) string {
	if p.ID != "" && Known(p.ID) {
		return say(lang, p.ID, nil)
	}
	format := p.Format
	if said, ok := sentences[lang][format]; ok {
		format = said
	}
	args := make([]any, len(p.Args))
	for i, a := range p.Args {
		args[i] = spoken{lang, a}
	}
	return fmt.Sprintf(format, args...)
}

// capital says a phrase with a capital letter, unless it begins with something from
// outside, such as the name of a file.
func capital(lang Language, p fault.Phrase) string {
	for p.Format == "%s" && len(p.Args) == 1 {
		inner, ok := p.Args[0].(fault.Phrase)
		if !ok {
			break
		}
		p = inner
	}
	s := phrase(lang, p)
	first, size := utf8.DecodeRuneInString(s)
	if strings.HasPrefix(p.Format, "%") || !unicode.IsLower(first) {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// spoken is an argument of a phrase as the language writes it.
type spoken struct {
	lang  Language
	value any
}

// Format writes phrases and faults in the language, an int with its digits grouped, and
// quoted text in the language's quotation marks; anything else as fmt does.
func (s spoken) Format(f fmt.State, verb rune) {
	value := s.value
	switch v := value.(type) {
	case fault.Phrase:
		value = phrase(s.lang, v)
	case error:
		if cause, ok := told(v); ok {
			value = phrase(s.lang, cause.Sentence)
		}
	case int:
		if _, wide := f.Width(); verb == 'd' && !wide {
			_, _ = f.Write([]byte(printers[s.lang].Sprintf("%d", v)))
			return
		}
	}
	text := fmt.Sprintf(fmt.FormatString(f, verb), value)
	if verb == 'q' {
		text = requote(s.lang, text)
	}
	_, _ = f.Write([]byte(text)) // to memory
}

// requote puts text that fmt has quoted into the language's quotation marks.
func requote(lang Language, text string) string {
	if inner, ok := strings.CutPrefix(text, `"`); ok {
		return quotes[lang][0] + strings.TrimSuffix(inner, `"`) + quotes[lang][1]
	}
	return text
}

var quotes = map[Language][2]string{English: {"“", "”"}, Russian: {"«", "»"}, Kyrgyz: {"«", "»"}}
