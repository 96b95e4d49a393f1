package web

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// catalogue holds the messages of all pages, collected while packages initialise.
var catalogue = struct {
	sync.RWMutex
	bundle *i18n.Bundle
	plain  map[Language]map[string]string // messages without plural forms: no matching needed
	speak  map[Language]*i18n.Localizer
	lost   sync.Map // ids already complained about
}{
	bundle: i18n.NewBundle(tags[English]),
	plain:  map[Language]map[string]string{English: {}, Russian: {}, Kyrgyz: {}},
	speak:  map[Language]*i18n.Localizer{},
}

//go:embed locale/*.json
var ownMessages embed.FS

func init() { AddMessages(ownMessages) }

// AddMessages adds locale/en.json, ru.json and ky.json of fsys to what T can say. A
// package of pages embeds its own and calls this from init; ids begin with the domain's
// name. A file is one flat object: id to text, or to an object of plural forms (one,
// few, many, other). Placeholders are {Name}, or {0}, {1} for positional arguments.
// AddMessages panics on a broken file or an id that is already taken: both are
// mistakes of the build.
func AddMessages(fsys fs.FS) {
	catalogue.Lock()
	defer catalogue.Unlock()
	for _, lang := range Languages {
		path := "locale/" + string(lang) + ".json"
		raw, err := fs.ReadFile(fsys, path)
		if err != nil {
			panic(fmt.Sprintf("web: messages: %v", err))
		}
		file, err := i18n.ParseMessageFileBytes(raw, string(lang)+".json", nil)
		if err != nil {
			panic(fmt.Sprintf("web: messages %s: %v", path, err))
		}
		addFile(lang, file)
	}
}

func addFile(lang Language, file *i18n.MessageFile) {
	for _, m := range file.Messages {
		if _, taken := catalogue.plain[lang][m.ID]; taken {
			panic(fmt.Sprintf("web: message %q (%s) is defined twice", m.ID, lang))
		}
		if plural(m) {
			catalogue.plain[lang][m.ID] = ""
			catalogue.bundle.MustAddMessages(tags[lang], m)
			continue
		}
		catalogue.plain[lang][m.ID] = m.Other
	}
	// A new tag in the bundle changes its matcher, so localizers are made after it.
	for l, tag := range tags {
		catalogue.speak[l] = i18n.NewLocalizer(catalogue.bundle, tag.String())
	}
}

func plural(m *i18n.Message) bool { return m.One+m.Few+m.Many+m.Two+m.Zero != "" }

// T says the message id in the person's language. args are pairs of placeholder and
// value, T(ctx, "queue.found", "Count", n, "Place", "Osh"), or one map; numbers are
// written as the language writes them, and "Count" chooses the plural form. A message
// that a language lacks is said in English; an unknown id is shown as it is, and logged once.
func T(ctx context.Context, id string, args ...any) string {
	return say(LanguageOf(ctx), id, argMap(args))
}

// TArgs says a message with the positional placeholders {0}, {1}, ...
func TArgs(ctx context.Context, id string, args []string) string {
	m := make(map[string]any, len(args))
	for i, a := range args {
		m[fmt.Sprint(i)] = a
	}
	return say(LanguageOf(ctx), id, m)
}

// Known reports whether there is a message id, such as a note of an indicator.
func Known(id string) bool {
	catalogue.RLock()
	defer catalogue.RUnlock()
	_, ok := catalogue.plain[English][id]
	return ok
}

func say(lang Language, id string, args map[string]any) string {
	catalogue.RLock()
	text, ok := catalogue.plain[lang][id]
	if !ok && lang != English {
		lang = English
		text, ok = catalogue.plain[lang][id]
	}
	speak := catalogue.speak[lang]
	catalogue.RUnlock()
	switch {
	case !ok:
		if _, told := catalogue.lost.LoadOrStore(id, true); !told {
			slog.Warn("message is missing", slog.String("id", id))
		}
		return id
	case text != "":
		return fill(text, lang, args)
	}
	said, err := speak.Localize(&i18n.LocalizeConfig{MessageID: id, PluralCount: countOf(args["Count"]), TemplateData: args, TemplateParser: verbatim})
	if err != nil {
		slog.Warn("message has no such plural form", slog.String("id", id), slog.String("error", err.Error()))
		return id
	}
	return fill(said, lang, args)
}

// verbatim leaves placeholders to fill, which knows numbers.
var verbatim template.Parser = template.IdentityParser{}

// countOf makes of any number what go-i18n accepts.
func countOf(v any) any {
	switch n := v.(type) {
	case int, int8, int16, int32, int64:
		return n
	case nil:
		return 0
	case uint, uint8, uint16, uint32, uint64, float32, float64:
		return fmt.Sprint(n)
	default:
		return fmt.Sprint(n)
	}
}

func argMap(args []any) map[string]any {
	if len(args) == 0 {
		return nil
	}
	if m, ok := args[0].(map[string]any); ok {
		return m
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[fmt.Sprint(args[i])] = args[i+1]
	}
	return m
}

// fill puts the arguments in place of {Name}. A placeholder without an argument stays
// visible: a gap in a sentence would be believed.
func fill(text string, lang Language, args map[string]any) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		if v, has := args[name]; has {
			b.WriteString(inWords(lang, v))
		} else {
			b.WriteString("{" + name + "}")
		}
		text = after
	}
}

// inWords writes integers with the language's grouping, anything else as it is.
func inWords(lang Language, v any) string {
	switch n := v.(type) {
	case string:
		return n
	case int, int64, int32, uint64, uint32, uint:
		return printers[lang].Sprintf("%d", n)
	default:
		return fmt.Sprint(n)
	}
}
