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

// told is a fault of a field that is in the person's language already.
type told struct{ *casework.FieldError }

// Unwrap returns the fault as one of the core's.
func (t told) Unwrap() error { return t.FieldError }

// wrong is a fault of a field in the person's language.
func wrong(ctx context.Context, field, id string) error { return say(field, web.T(ctx, id)) }

func say(field, text string) error {
	return told{&casework.FieldError{Field: field, Fault: fault.New(fault.Invalid, "%s", text)}}
}

// fieldErrors are the errors of the form of that name, each beside its field.
func fieldErrors(ctx context.Context, name string, err error) []c.FieldError {
	var at *casework.FieldError
	if errors.As(err, &at) {
		return []c.FieldError{{Field: fieldName(name, at.Field), Text: problem(ctx, err)}}
	}
	return []c.FieldError{{Text: problem(ctx, err)}}
}

var (
	lineOf   = regexp.MustCompile(`^(goods|rules)\.(\d+)\.`)
	tooLong  = regexp.MustCompile(`has (\d+) characters; (\d+) are the most`)
	yearOf   = regexp.MustCompile(`lies in the year (-?\d+)`)
	document = regexp.MustCompile(`^consignment (.+) is to be examined`)

	elsewhere = regexp.MustCompile(`^consignment (.+) is in case (.+) already$`)
)

// problem says a fault of the core in the person's language.
func problem(ctx context.Context, err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err.Error()
	}
	if errors.As(err, &told{}) {
		return f.Text
	}
	var at *casework.FieldError
	if !errors.As(err, &at) {
		return conflictText(ctx, f)
	}
	if m := tooLong.FindStringSubmatch(f.Text); m != nil {
		return web.T(ctx, "case.wrong.long", "Most", m[2], "Length", m[1])
	}
	if m := yearOf.FindStringSubmatch(f.Text); m != nil {
		return web.T(ctx, "case.wrong.year", "Year", m[1])
	}
	if m := document.FindStringSubmatch(f.Text); m != nil && at.Field == "words" {
		return web.T(ctx, "case.wrong.words.high", "Document", m[1], "Least", casework.MinWords)
	}
	for _, w := range wrongs {
		if strings.Contains(f.Text, w.text) {
			return web.T(ctx, w.id, "Least", casework.MinWords)
		}
	}
	if id := "case.wrong." + lineOf.ReplaceAllString(at.Field, "$1."); web.Known(id) {
		return web.T(ctx, id, "Least", casework.MinWords)
	}
	return f.Text
}

// wrongs tell apart the faults of one field, by a part of the core's sentence.
var wrongs = []struct{ text, id string }{
	{"say why in words, in", "case.wrong.words"},
	{"say in words what did not agree", "case.wrong.words.disagree"},
	{"say in words what you saw", "case.wrong.words.seen"},
	{"record first what was found", "case.wrong.ending.found"},
	{"an irregularity or a seizure is recorded", "case.wrong.ending.release"},
	{"nothing was found, yet", "case.wrong.result.nothing"},
	{"counted in whole numbers", "case.wrong.goods.whole"},
	{"this item is no seal", "case.wrong.seal.none"},
	{"write the note first", "case.wrong.text.note"},
	{"say what is to be done", "case.wrong.text.task"},
	{"why the rules are changed", "case.wrong.reason.rules"},
	{"the rule has no condition", "case.wrong.rules.title.none"},
	{"choose 1 to", "case.wrong.consignments.bulk"},
}

// conflictText says what stands against an act.
func conflictText(ctx context.Context, f *fault.Error) string {
	if m := elsewhere.FindStringSubmatch(f.Text); m != nil {
		return web.T(ctx, "case.conflict.elsewhere", "Document", m[1], "Number", m[2])
	}
	for _, w := range conflicts {
		if strings.Contains(f.Text, w.text) {
			return web.T(ctx, w.id)
		}
	}
	return f.Text
}

var conflicts = []struct{ text, id string }{
	{"somebody else has changed this case", "case.conflict.late"},
	{"the case has changed again", "case.conflict.again"},
	{"at this moment", "case.conflict.bulk"},
	{"the case is concluded", "case.conflict.concluded"},
	{"the case is theirs already", "case.conflict.owner"},
	{"the case is only proposed", "case.conflict.proposed"},
	{"cannot be", "case.conflict.step"},
	{"an addendum belongs to", "case.conflict.addendum"},
	{"the task is done already", "case.conflict.task-done"},
	{"the task is open already", "case.conflict.task-open"},
	{"somebody has decided about this act", "case.conflict.decided"},
	{"the last consignment stays", "case.conflict.last"},
	{"a consignment with an outcome stays", "case.conflict.outcome"},
	{"is in the case already", "case.conflict.member"},
	{"only an outcome of a concluded case", "case.conflict.correction"},
	{"another act has come under this key", "case.conflict.key"},
	{"the case is open already", "case.conflict.open"},
	{"may not be released together", "case.conflict.together"},
	{"somebody else has changed the rules", "case.rules.stale"},
}
