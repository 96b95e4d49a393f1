package web

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Reword says in the language of ctx what a fault has said in English, where only the
// finished text was kept: the reason why a file was refused. It finds the format that the
// text was made by; a text that no format fits stays English. A fault that is still at hand
// is said by Sentence.
func Reword(ctx context.Context, english string) string {
	lang := LanguageOf(ctx)
	if sentences[lang] == nil || len(english) > longestStored {
		return english
	}
	return reword(lang, english, 0)
}

// longestStored bounds, in bytes, what is searched: the readers clip the values that they
// quote, so a longer text is no sentence.
const longestStored = 1000

// pattern finds the texts that were made by a format.
type pattern struct {
	format string
	own    string // the longest words that are its own: looked for first, for speed
	match  *regexp.Regexp
	weight int // letters of its own: the format with most of them is the likeliest
}

// patterns are those of all formats, the most particular first.
var patterns = sync.OnceValue(func() (list []pattern) {
	for _, format := range slices.Sorted(maps.Keys(sentences[Russian])) {
		parts := verbPattern.Split(format, -1)
		expr := regexp.QuoteMeta(parts[0])
		for i, m := range verbPattern.FindAllStringSubmatch(format, -1) {
			expr += shapeOf(m[2]) + regexp.QuoteMeta(parts[i+1])
		}
		own := slices.MaxFunc(parts, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
		list = append(list, pattern{format, own, regexp.MustCompile(`(?s)^` + expr + `$`), len(strings.Join(parts, ""))})
	}
	slices.SortStableFunc(list, func(a, b pattern) int { return cmp.Compare(b.weight, a.weight) })
	return list
})

// verbPattern finds a verb of fmt: its argument, if it names one, and the rest.
var verbPattern = regexp.MustCompile(`%(?:\[(\d+)\])?([-+# 0]*\d*(?:\.\d+)?[a-zA-Z%])`)

// shapeOf is what a verb writes, as an expression with one group.
func shapeOf(verb string) string {
	switch verb[len(verb)-1] {
	case '%':
		return "(%)"
	case 'd':
		return `(-?\d+)`
	case 'q':
		return `("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`
	}
	return "(.+?)"
}

// deepest bounds how far texts are taken apart: a sentence holds a place, a reason and a
// hint, and they hold no more.
const deepest = 4

func reword(lang Language, text string, depth int) string {
	if depth > deepest {
		return text
	}
	if inner, ends := strings.CutSuffix(text, ")"); ends { // the hint, as fault.Error writes it
		for i := range indexes(inner, " (") {
			if hint, known := recall(lang, inner[i+2:], depth); known {
				return reword(lang, inner[:i], depth+1) + " (" + hint + ")"
			}
		}
	}
	if said, known := recall(lang, text, depth); known {
		return said
	}
	for i := range indexes(text, ": ") { // the cause
		if said, known := recall(lang, text[:i], depth); known {
			return said + ": " + reword(lang, text[i+2:], depth+1)
		}
	}
	return text
}

// indexes yields where sep stands in s.
func indexes(s, sep string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for at := 0; ; {
			i := strings.Index(s[at:], sep)
			if i < 0 || !yield(at+i) {
				return
			}
			at += i + len(sep)
		}
	}
}

// recall says a text that one format made as a whole.
func recall(lang Language, text string, depth int) (string, bool) {
	for _, p := range patterns() {
		format, translated := sentences[lang][p.format]
		if !translated || !strings.Contains(text, p.own) {
			continue
		}
		args := p.match.FindStringSubmatch(text)
		if args == nil {
			continue
		}
		next := 1
		return verbPattern.ReplaceAllStringFunc(format, func(verb string) string {
			if named := verbPattern.FindStringSubmatch(verb)[1]; named != "" {
				_, _ = fmt.Sscan(named, &next) // digits, by the pattern
			}
			arg := args[next]
			next++
			return wordOf(lang, arg, verb, depth)
		}), true
	}
	return "", false
}

func wordOf(lang Language, arg, verb string, depth int) string {
	switch verb[len(verb)-1] {
	case 'q':
		return requote(lang, arg)
	case 's', 'v':
		return reword(lang, arg, depth+1)
	}
	return arg
}
