package intakeweb

import (
	"context"
	"regexp"
	"strings"
	"time"

	"tidewaiter/internal/format/table"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/web"
)

// cargoDay is the example day of a date layout.
var cargoDay = time.Date(2026, time.March, 9, 14, 5, 0, 0, time.UTC)

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// nameOf is the file's name, or words where the sender gave none.
func nameOf(ctx context.Context, im *intake.Import) string {
	if im.Name == "" {
		return web.T(ctx, "intake.nameless")
	}
	return im.Name
}

// formatText is the name of a format; empty where none was recognised.
func formatText(ctx context.Context, f intake.Format) string {
	if f == "" {
		return web.T(ctx, "intake.format.none")
	}
	return web.T(ctx, "intake.format."+string(f))
}

// stateTone and stateIcon are how a state looks beside its words.
func stateTone(im *intake.Import) web.Tone {
	switch im.State {
	case intake.Mapping:
		return web.Warning
	case intake.Reading:
		return web.Info
	case intake.Refused:
		return web.Bad
	case intake.Done:
		if im.Reason != "" {
			return web.Bad
		}
		return web.Good
	}
	return web.Neutral
}

func stateText(ctx context.Context, im *intake.Import) string {
	if im.State == intake.Done && im.Reason != "" {
		return web.T(ctx, "intake.state.broken")
	}
	return web.T(ctx, "intake.state."+string(im.State))
}

func heldTone(s intake.QuarantineState) web.Tone {
	switch s {
	case intake.Open:
		return web.Warning
	case intake.Mended:
		return web.Good
	}
	return web.Neutral
}

// place is how the core writes where a value stands.
var place = regexp.MustCompile(`^(?:sheet "(.*)", )?(segment|line|row) (\d+)(?:,? column ([A-Z]+))?(?:, byte (\d+))?$`)

// placeText says a place in the person's language; one in another form stays.
func placeText(ctx context.Context, s string) string {
	m := place.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	text := web.T(ctx, "intake.place."+m[2], "Number", m[3])
	if m[4] != "" {
		text += ", " + web.T(ctx, "intake.place.column", "Letter", m[4])
	}
	if m[5] != "" {
		text += ", " + web.T(ctx, "intake.place.byte", "Number", m[5])
	}
	if m[1] != "" {
		text = web.T(ctx, "intake.place.sheet", "Name", m[1]) + ", " + text
	}
	return text
}

// reasonText says a reason in the person's language where it is one of a few frequent
// ones; the readers write them in English.
func reasonText(ctx context.Context, s string) string {
	s = quotedValue.ReplaceAllString(s, "") // the value stands beside it already
	if id := "intake.reason." + reasonKey.ReplaceAllString(strings.ToLower(s), "-"); len(s) < 80 && web.Known(id) {
		return web.T(ctx, id)
	}
	return s
}

var quotedValue = regexp.MustCompile(`^"[^"]*" `)

var reasonKey = regexp.MustCompile(`[^a-z0-9]+`)

// targetGroup is some fields that a column can become, under one heading.
type targetGroup struct {
	label   string
	targets []string
}

var parties = []string{"consignor", "consignee", "notify", "agent"}

// groupOf is the heading under which a field is offered.
func groupOf(id string) string {
	for _, role := range parties {
		if strings.HasPrefix(id, role+"_") {
			return role
		}
	}
	t, _ := table.TargetOf(id)
	switch head, _, _ := strings.Cut(t.Path, "["); {
	case strings.HasPrefix(head, "document"):
		return "document"
	case head == "goods":
		return "goods"
	case head == "equipment":
		return "equipment"
	case strings.HasPrefix(head, "transport"), strings.HasPrefix(head, "carrier"), head == "nature":
		return "transport"
	case strings.HasPrefix(head, "journey"):
		return "journey"
	case strings.HasPrefix(head, "charges"):
		return "charges"
	}
	return "other"
}

// targetGroups lists all fields by their groups, in the order of the vocabulary.
func targetGroups(ctx context.Context) (out []targetGroup) {
	at := map[string]int{}
	for _, t := range table.Targets {
		g := groupOf(t.ID)
		i, known := at[g]
		if !known {
			i = len(out)
			at[g] = i
			out = append(out, targetGroup{label: web.T(ctx, "intake.group."+g)})
		}
		out[i].targets = append(out[i].targets, t.ID)
	}
	return out
}

// targetName is the field's name within its group: "Address".
func targetName(ctx context.Context, id string) string {
	for _, role := range parties {
		if part, ok := strings.CutPrefix(id, role+"_"); ok {
			return web.T(ctx, "intake.target.party_"+part)
		}
	}
	return web.T(ctx, "intake.target."+id)
}

// targetLabel is the field's name on its own: "Consignee · Address".
func targetLabel(ctx context.Context, id string) string {
	for _, role := range parties {
		if strings.HasPrefix(id, role+"_") {
			return web.T(ctx, "intake.group."+role) + " · " + targetName(ctx, id)
		}
	}
	return targetName(ctx, id)
}

// why says why a column was taken for a field, in words of the reader.
func why(ctx context.Context, c table.Column) string {
	switch {
	case c.Target == "":
		return ""
	case strings.Contains(c.Reason, "cells fit"):
		return web.T(ctx, "intake.sure")
	case c.Confidence >= 0.6 && strings.HasPrefix(c.Reason, "heading"):
		return web.T(ctx, "intake.likely")
	case c.Confidence > 0:
		return web.T(ctx, "intake.guess")
	}
	return web.T(ctx, "intake.chosen")
}
