// Package caseword says in the person's language what casework knows by codes: reasons,
// items of a checklist, outcomes, and what an act did. Pages and papers use the same
// words; the messages stand in caseweb/locale.
package caseword

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/web"
)

// Joined joins what is not empty.
func Joined(sep string, parts ...string) string {
	var out []string
	for _, s := range parts {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, sep)
}

// EndingReasons is the list of reasons of each ending.
var EndingReasons = map[casework.Ending]casework.ReasonKind{
	casework.Released: casework.ReasonRelease, casework.Found: casework.ReasonFound, casework.Referred: casework.ReasonRefer,
}

// ReasonName is the meaning of a reason's code; one that the program no longer has is
// named by itself.
func ReasonName(ctx context.Context, kind casework.ReasonKind, code string) string {
	if id := "case.reason." + string(kind) + "." + code; web.Known(id) {
		return web.T(ctx, id)
	}
	return code
}

// Reason is a reason in one line: the code's meaning and the officer's words.
func Reason(ctx context.Context, kind casework.ReasonKind, r casework.Reason) string {
	name := ""
	if r.Code != "" {
		name = ReasonName(ctx, kind, r.Code)
	}
	return Joined(": ", name, r.Words)
}

// OfficerName is an officer's name as the names have it; 0 is the program.
func OfficerName(ctx context.Context, names map[int64]string, id int64) string {
	if id == 0 {
		return web.T(ctx, "case.program")
	}
	if name := names[id]; name != "" {
		return name
	}
	return web.T(ctx, "case.officer", "Number", strconv.FormatInt(id, 10))
}

// ItemTitle says what an item of the checklist looks at. Its container stands beside it.
func ItemTitle(ctx context.Context, i casework.Item) string {
	subject := i.Subject
	if subject == i.Equipment {
		subject = ""
	}
	return Joined(" ", web.T(ctx, "case.check."+i.Check), subject)
}

// Measure is what was measured, in the item's unit.
func Measure(ctx context.Context, i casework.Item, e casework.Entry) string {
	if e.Measure == nil {
		return ""
	}
	return web.Number(ctx, *e.Measure) + "\u00a0" + i.Unit
}

// Seal says the number that was read, and which of view, verify, tug and twist were done.
func Seal(ctx context.Context, s *casework.SealRecord) string {
	if s == nil {
		return ""
	}
	number := s.Number
	if number == "" {
		number = web.T(ctx, "case.seal.none")
	}
	var done []string
	for _, step := range []struct {
		name string
		done bool
	}{{"view", s.View}, {"verify", s.Verify}, {"tug", s.Tug}, {"twist", s.Twist}} {
		if step.done {
			done = append(done, web.T(ctx, "case.seal."+step.name))
		}
	}
	return Joined(": ", number, strings.Join(done, ", "))
}

// Entry says what an officer filled in for an item.
func Entry(ctx context.Context, i casework.Item, e casework.Entry) string {
	return Joined(" · ", web.T(ctx, "case.item-state."+string(e.State)), Measure(ctx, i, e), Seal(ctx, e.Seal), e.Words)
}

// Quantity is how much was found, in its unit.
func Quantity(ctx context.Context, g casework.FoundGoods) string {
	return web.T(ctx, "case.quantity."+string(g.Unit), "Count", int64(g.Quantity), "Number", web.Number(ctx, g.Quantity))
}

// Goods is a line of what was found: its category and how much.
func Goods(ctx context.Context, g casework.FoundGoods) string {
	return web.T(ctx, "case.category."+string(g.Category)) + ": " + Quantity(ctx, g)
}

// Outcome says an outcome in one line.
func Outcome(ctx context.Context, o casework.Outcome) string {
	parts := []string{web.T(ctx, "case.result."+string(o.Result))}
	for _, g := range o.Goods {
		parts = append(parts, Goods(ctx, g))
	}
	return strings.Join(parts, " · ")
}

// Due says until when something is to be done.
func Due(ctx context.Context, due time.Time) string {
	if due.IsZero() {
		return ""
	}
	return web.T(ctx, "case.due", "At", web.DateTime(ctx, due))
}

// PlanTime says when an examination takes place.
func PlanTime(ctx context.Context, p casework.Plan) string {
	switch {
	case p.At.IsZero():
		return ""
	case p.Until.IsZero():
		return web.DateTime(ctx, p.At)
	case web.Date(ctx, p.At) == web.Date(ctx, p.Until):
		return web.DateTime(ctx, p.At) + "–" + web.Clock(ctx, p.Until)
	}
	return web.DateTime(ctx, p.At) + " – " + web.DateTime(ctx, p.Until)
}
