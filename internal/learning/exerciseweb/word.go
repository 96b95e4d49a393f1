package exerciseweb

import (
	"context"
	"strings"
	"time"

	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

func title(ctx context.Context, t exercise.Task) string {
	return exercise.In(t.Title, string(web.LanguageOf(ctx)))
}

func text(ctx context.Context, t exercise.Task) string {
	return exercise.In(t.Text, string(web.LanguageOf(ctx)))
}

func levelName(ctx context.Context, l exercise.Level) string {
	return web.T(ctx, "exercise.level."+string(l))
}

func levelOptions(ctx context.Context) (out []c.Option) {
	for _, l := range exercise.Levels {
		out = append(out, c.Option{Value: string(l), Label: levelName(ctx, l), Hint: web.T(ctx, "exercise.level-text."+string(l))})
	}
	return out
}

func stateName(ctx context.Context, s exercise.State) string {
	return web.T(ctx, "exercise.state."+string(s))
}

var stateTones = map[exercise.State]web.Tone{
	exercise.Preparing: web.Neutral, exercise.Ready: web.Info, exercise.Working: web.Warning, exercise.HandedIn: web.Good, exercise.Failed: web.Bad,
}

func skillName(ctx context.Context, skill string) string { return web.T(ctx, "exercise.skill."+skill) }

func skillNames(ctx context.Context, skills []string) string {
	var names []string
	for _, s := range skills {
		names = append(names, skillName(ctx, s))
	}
	return strings.Join(names, ", ")
}

func schemeName(ctx context.Context, scheme string) string {
	return web.T(ctx, "exercise.scheme."+scheme)
}

func schemeText(ctx context.Context, scheme string) string {
	return web.T(ctx, "exercise.scheme-text."+scheme)
}

func schemeOptions(ctx context.Context, schemes []string) (out []c.Option) {
	for _, s := range schemes {
		out = append(out, c.Option{Value: s, Label: schemeName(ctx, s)})
	}
	return out
}

// traceText says a trace.
func traceText(ctx context.Context, t exercise.Trace) string {
	if t.ID == "" {
		return strings.Join(t.Args, " ")
	}
	return web.TArgs(ctx, "exercise.trace."+t.ID, t.Args)
}

// fieldName says a field with what it belongs to: "Goods · HS code".
func fieldName(ctx context.Context, field string) string {
	owner, _, inside := strings.Cut(field, ".")
	if !inside {
		return cargoweb.FieldName(ctx, field)
	}
	return web.T(ctx, "exercise.part."+owner) + " · " + cargoweb.FieldName(ctx, field)
}

// fieldOptions are the fields that can be given as a reason, by what they belong to.
func fieldOptions(ctx context.Context) []c.Option {
	out := []c.Option{{Label: web.T(ctx, "exercise.field.none")}}
	for _, f := range exercise.Fields {
		out = append(out, c.Option{Value: f, Label: fieldName(ctx, f)})
	}
	return out
}

// sections are the parts of a consignment's page, by the first part of a field.
var sections = map[string]string{
	"goods": "goods", "equipment": "equipment", "parties": "parties", "journey": "route", "document": "document",
	"charges": "money", "totals": "document", "remarks": "document", "nature": "transport",
}

// taken is how long a run has taken so far, or took.
func taken(r exercise.Run, now time.Time) time.Duration {
	if r.Begun.IsZero() {
		return 0
	}
	if !r.HandedIn.IsZero() {
		now = r.HandedIn
	}
	return max(time.Second, now.Sub(r.Begun)).Truncate(time.Second)
}

// officerName returns the name of an officer, or that nobody knows.
func (p *Pages) officerName(ctx context.Context, id int64) string {
	if v, ok := identity.From(ctx); ok && v.Officer.ID == id {
		return v.Officer.Name
	}
	if o, err := p.Officers.Get(ctx, id); err == nil {
		return o.Name
	}
	return web.Missing
}
