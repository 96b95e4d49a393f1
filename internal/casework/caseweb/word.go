package caseweb

import (
	"context"
	"strings"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

func stateName(ctx context.Context, s casework.State) string {
	return web.T(ctx, "case.state."+string(s))
}

// standing says where a case stands: its state, or how it ended.
func standing(ctx context.Context, s casework.State, e casework.Ending) string {
	if s == casework.Closed && e != "" {
		return web.T(ctx, "case.ending."+string(e))
	}
	return stateName(ctx, s)
}

func standingTone(s casework.State, e casework.Ending) web.Tone {
	switch s {
	case casework.Held:
		return web.Bad
	case casework.AtScan, casework.AtExamination:
		return web.Warning
	case casework.Selected, casework.Reopened:
		return web.Info
	case casework.Closed:
		if e == casework.Released {
			return web.Good
		}
		return web.Bad
	}
	return web.Neutral
}

func standingIcon(s casework.State, e casework.Ending) string {
	switch s {
	case casework.Held:
		return iconHeld
	case casework.AtScan:
		return iconScan
	case casework.AtExamination:
		return iconExamine
	case casework.Selected:
		return iconSelected
	case casework.Reopened:
		return iconReopened
	case casework.Closed:
		switch e {
		case casework.Released:
			return iconReleased
		case casework.Referred:
			return iconReferred
		}
		return iconFound
	}
	return iconProposed
}

// Icons of where a case stands; the bundler finds their names here.
const (
	iconProposed = "bulb"
	iconSelected = "user-check"
	iconHeld     = "lock"
	iconLifted   = "lock-open" // icon
	iconScan     = "scan"
	iconExamine  = "search"
	iconReopened = "folder-open" // icon
	iconReleased = "check"
	iconFound    = "flag"
	iconReferred = "share"
)

// Icons of the two ways of looking at many cases.
const (
	iconBoard = "layout-kanban"
	iconList  = "list"
)

// Icons of the filters that a link sets.
const (
	iconOverdue = "clock"
	iconAside   = "alert-triangle"
	iconRandom  = "dice"
)

func reasonOptions(ctx context.Context, kind casework.ReasonKind) []c.Option {
	out := []c.Option{{Label: web.T(ctx, "web.form.choose")}}
	for _, code := range casework.Reasons[kind] {
		out = append(out, c.Option{Value: code, Label: caseword.ReasonName(ctx, kind, code)})
	}
	return out
}

// words are options for the values of a list, under the messages prefix + value.
func words[S ~string](ctx context.Context, prefix string, values []S) []c.Option {
	out := make([]c.Option, len(values))
	for i, v := range values {
		out[i] = c.Option{Value: string(v), Label: web.T(ctx, prefix+string(v))}
		if hint := strings.TrimSuffix(prefix, ".") + "-hint." + string(v); web.Known(hint) {
			out[i].Hint = web.T(ctx, hint)
		}
	}
	return out
}

// orNone puts an empty choice before the options.
func orNone(label string, options []c.Option) []c.Option {
	return append([]c.Option{{Label: label}}, options...)
}

func channelTone(ch risk.Channel) web.Tone {
	switch ch {
	case risk.Examine:
		return web.Bad
	case risk.Look:
		return web.Warning
	}
	return web.Neutral
}
