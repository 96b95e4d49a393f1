package cargoweb

import (
	"context"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

func TestMessages(t *testing.T) { webtest.Messages(t, os.DirFS(".")) }

// fill gives every field of a value something, lists one element.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		if at, ok := v.Addr().Interface().(*time.Time); ok {
			*at = time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.String:
		v.SetString("consignee")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1.5)
	}
}

// Every field that a consignment can state has a name in every language, and the sheet
// shows it where a finding cites it.
func TestEveryFieldHasAName(t *testing.T) {
	var full cargo.Consignment
	fill(reflect.ValueOf(&full).Elem())
	changes := cargo.Differences(&cargo.Consignment{}, &full)
	if len(changes) < 60 {
		t.Fatalf("%d fields: the consignment is not filled", len(changes))
	}
	sheet := Sheet{Consignment: &full, Marks: map[string][]Cite{}}
	for _, d := range changes {
		for _, lang := range web.Languages {
			ctx := web.SetLanguage(context.Background(), lang)
			if got := FieldLabelOf(ctx, d.Field, &full); got == "" || strings.Contains(got, "cargo.") || strings.Contains(got, "[") {
				t.Errorf("%s in %s: %q", d.Field, lang, got)
			}
			if got := FieldValue(ctx, d.Field, d.New); got == "" || strings.Contains(got, "cargo.") {
				t.Errorf("value of %s in %s: %q", d.Field, lang, got)
			}
		}
		whole, _, _ := strings.Cut(d.Field, ".amount")
		whole, _, _ = strings.Cut(whole, ".currency")
		sheet.Marks[whole] = []Cite{{Short: "X1", Title: "a finding", Href: "#why-X1"}}
	}
	delete(sheet.Marks, "parties[consignee].role")
	delete(sheet.Marks, "journey.places[0].role")
	delete(sheet.Marks, "document.consolidated")
	var out strings.Builder
	ctx := context.Background()
	for _, render := range []func() error{
		func() error { return Document(sheet).Render(ctx, &out) }, func() error { return Transport(sheet).Render(ctx, &out) },
		func() error { return Money(sheet).Render(ctx, &out) }, func() error { return Parties(sheet).Render(ctx, &out) },
		func() error { return Goods(sheet).Render(ctx, &out) }, func() error { return Equipment(sheet).Render(ctx, &out) },
		func() error { return Journey(sheet).Render(ctx, &out) }, func() error { return Missing(sheet).Render(ctx, &out) },
	} {
		if err := render(); err != nil {
			t.Fatal(err)
		}
	}
	for field := range sheet.Marks {
		if n := strings.Count(out.String(), ` id="`+FieldID(field)+`"`); n != 1 {
			t.Errorf("%s is cited and shown %d times", field, n)
		}
	}
}

func TestFieldLabel(t *testing.T) {
	ctx := web.SetLanguage(context.Background(), web.Russian)
	c := &cargo.Consignment{Equipment: []cargo.Equipment{{Number: "MSCU1234566"}}, Journey: cargo.Journey{Places: []cargo.Place{{Role: cargo.PlaceLoading}}}}
	for path, want := range map[string]string{
		"goods[1].gross_mass":          "Товар 2 · Масса брутто",
		"parties[consignee].address":   "Получатель · Адрес",
		"equipment[0].seals[1].number": "MSCU1234566 · Пломба 2",
		"journey.places[0].code":       "Место погрузки · Код",
		"totals.packages":              "Всего мест",
		"no.such.field":                "no.such.field",
		"goods[":                       "goods[",
	} {
		if got := FieldLabelOf(ctx, path, c); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
