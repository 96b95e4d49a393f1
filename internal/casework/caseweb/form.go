package caseweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// form is what was sent with a form that was not accepted. A page has many forms, so the
// fields of each begin with its name, as in "hold-words".
type form struct {
	Name   string // empty when nothing was sent
	Typed  url.Values
	Errors []c.FieldError
}

func fieldName(form, field string) string { return form + "-" + field }

// value is what a field shows: what was typed, else what is set.
func (f form) value(name, field, set string) string {
	if f.sent(name) {
		return f.Typed.Get(fieldName(name, field))
	}
	return set
}

// sent reports whether the form of that name was sent and comes back.
func (f form) sent(name string) bool { return f.Name == name && f.Typed != nil }

// field is a field of the form of that name, with what was typed and what is wrong with it.
func (f form) field(name, field, label, set string) c.FieldInfo {
	info := c.FieldInfo{Name: fieldName(name, field), Label: label, Value: f.value(name, field, set)}
	if f.sent(name) {
		info = info.With(f.Errors)
	}
	return info
}

// input reads the form of an act.
type input struct {
	*http.Request
	Name string // of the form
}

// get returns a field's text without the space around it.
func (in input) get(field string) string {
	return strings.TrimSpace(in.PostForm.Get(fieldName(in.Name, field)))
}

func (in input) number(field string) int64 {
	n, _ := strconv.ParseInt(in.get(field), 10, 64)
	return n
}

func (in input) reason() casework.Reason {
	return casework.Reason{Code: in.get("reason"), Words: in.get("words")}
}

// moment reads a field of type datetime-local in the person's zone; empty is zero.
func (in input) moment(field string) (time.Time, error) {
	return readMoment(in.Context(), in.get(field), field)
}

const momentForm = "2006-01-02T15:04"

func readMoment(ctx context.Context, text, field string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{momentForm, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, web.Zone(ctx)); err == nil {
			return t, nil
		}
	}
	return time.Time{}, wrong(ctx, field, "case.wrong.moment")
}

// momentText writes a time for a field of type datetime-local.
func momentText(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(web.Zone(ctx)).Format(momentForm)
}

// wrong is a fault of a field in the person's language.
func wrong(ctx context.Context, field, id string) error { return say(field, web.T(ctx, id)) }

func say(field, text string) error {
	return &casework.FieldError{Field: field, Fault: fault.New(fault.Invalid, "%s", text)}
}

// fieldErrors are the errors of the form of that name: beside its field, or over the form.
func fieldErrors(ctx context.Context, name string, err error) []c.FieldError {
	var at *casework.FieldError
	if errors.As(err, &at) {
		return []c.FieldError{{Field: fieldName(name, at.Field), Text: web.Sentence(ctx, err)}}
	}
	return []c.FieldError{{Text: web.Explain(ctx, err)}}
}

// atLine turns the number of the goods, or of the rule, in an error of the core into the
// number of the form's line: lines says which one each of them was.
func atLine(err error, lines []int) error {
	at, is := err.(*casework.FieldError)
	if !is {
		return err
	}
	m := lineOf.FindStringSubmatch(at.Field)
	if m == nil {
		return err
	}
	n, _ := strconv.Atoi(m[2])
	if n >= len(lines) {
		return err
	}
	return &casework.FieldError{Field: m[1] + "." + strconv.Itoa(lines[n]) + "." + m[3], Fault: at.Fault}
}

var lineOf = regexp.MustCompile(`^(goods|rules)\.(\d+)\.(.+)$`)
