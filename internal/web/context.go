package web

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// visit is what the middleware learns about one request and the page needs to know.
type visit struct {
	id      string
	log     *slog.Logger
	lang    Language
	theme   Theme
	path    string  // path and query of the page, to come back to after a form
	flashes []Flash // that the page before left
	left    []Flash // that this request leaves for the next page
	secure  bool    // served over TLS
	frame   func(context.Context) Frame
}

type visitKey struct{}
type frameKey struct{}
type zoneKey struct{}

var nowhere = &visit{log: slog.Default(), lang: English, theme: Auto, path: "/"}

func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return nowhere
}

func logger(ctx context.Context) *slog.Logger { return visitOf(ctx).log }

// RequestID returns the id under which the log speaks of this request.
func RequestID(ctx context.Context) string { return visitOf(ctx).id }

// LanguageOf returns the language in which the person reads; English without a request.
func LanguageOf(ctx context.Context) Language { return visitOf(ctx).lang }

// ThemeOf returns the person's choice of light, dark, or as the device says.
func ThemeOf(ctx context.Context) Theme { return visitOf(ctx).theme }

// SetLanguage returns a context in which T speaks lang: for mail, exports and tests.
func SetLanguage(ctx context.Context, lang Language) context.Context {
	v := *visitOf(ctx)
	v.lang = lang
	return context.WithValue(ctx, visitKey{}, &v)
}

// SetZone returns a context in which times are shown in the unit's zone; UTC otherwise.
func SetZone(ctx context.Context, zone *time.Location) context.Context {
	return context.WithValue(ctx, zoneKey{}, zone)
}

// Zone returns the zone in which times are shown.
func Zone(ctx context.Context) *time.Location {
	if z, ok := ctx.Value(zoneKey{}).(*time.Location); ok && z != nil {
		return z
	}
	return time.UTC
}

// SetFrame returns a context whose pages stand in the frame, whatever Options.Frame says.
func SetFrame(ctx context.Context, f Frame) context.Context {
	return context.WithValue(ctx, frameKey{}, f)
}

func frameOf(ctx context.Context) Frame {
	f, ok := ctx.Value(frameKey{}).(Frame)
	if !ok {
		if ask := visitOf(ctx).frame; ask != nil {
			f = ask(ctx)
		}
	}
	if f.Product == "" {
		f.Product = "Tidewaiter"
	}
	if f.Home == "" {
		f.Home = "/"
	}
	return f
}

// Language is one of the languages of the pages, an ISO 639-1 code.
type Language string

// The languages of the pages.
const (
	English Language = "en"
	Russian Language = "ru"
	Kyrgyz  Language = "ky"
)

// Languages lists the languages in the order in which they are offered.
var Languages = []Language{English, Russian, Kyrgyz}

// Name returns the language's name in itself.
func (l Language) Name() string {
	return map[Language]string{English: "English", Russian: "Русский", Kyrgyz: "Кыргызча"}[l]
}

// Tag returns the language as a BCP 47 tag. English is the British one: day before month.
func (l Language) Tag() language.Tag { return tags[l] }

var tags = map[Language]language.Tag{
	English: language.MustParse("en-GB"), Russian: language.Russian, Kyrgyz: language.Kirghiz,
}

var printers = map[Language]*message.Printer{
	English: message.NewPrinter(tags[English]), Russian: message.NewPrinter(tags[Russian]), Kyrgyz: message.NewPrinter(tags[Kyrgyz]),
}

// Theme is a person's choice of colours.
type Theme string

// Themes; Auto follows the device.
const (
	Auto  Theme = "auto"
	Light Theme = "light"
	Dark  Theme = "dark"
)

// Themes lists the themes in the order in which they are offered.
var Themes = []Theme{Auto, Light, Dark}
