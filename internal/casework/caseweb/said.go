package caseweb

import (
	"context"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// mostDocuments is how many documents one line of the timeline names.
const mostDocuments = 6

// tell tells the acts of the case.
func (v caseView) tell() caseword.Teller {
	return caseword.Teller{Case: v.Case, Names: v.People.names, Most: mostDocuments}
}

// timeline is what was done, newest first; entries of the checklist that one officer made
// one after the other stand as one.
func (v caseView) timeline(ctx context.Context) []c.TimelineEntry {
	var out []c.TimelineEntry
	for i := len(v.Acts) - 1; i >= 0; i-- {
		a, n := v.Acts[i], 1
		for a.Kind == casework.ActItemChecked && i > 0 && v.Acts[i-1].Kind == a.Kind && v.Acts[i-1].Officer == a.Officer {
			i--
			n++
		}
		title, text := v.tell().Says(ctx, a.Kind, a.Body)
		if n > 1 {
			text = web.T(ctx, "case.checked", "Count", n)
		}
		out = append(out, c.TimelineEntry{At: a.At, Title: title, Text: text, Who: v.People.name(ctx, a.Officer), Tone: actTone(a)})
	}
	return out
}

func actTone(a casework.Act) web.Tone {
	switch a.Kind {
	case casework.ActHeld, casework.ActSetAside:
		return web.Warning
	case casework.ActConcluded:
		return web.Good
	case casework.ActOpened, casework.ActReopened, casework.ActSelected:
		return web.Info
	}
	return web.Neutral
}

// asideView is an act that came too late, with what others did between.
type asideView struct {
	casework.SetAside
	Title, Text string
	Since       []c.TimelineEntry
	Mine        bool
}

// waiting are the acts that were set aside and wait, the newest first.
func (v caseView) waiting(ctx context.Context) (out []asideView) {
	for i := len(v.SetAside) - 1; i >= 0; i-- {
		s := v.SetAside[i]
		if !s.Waiting() {
			continue
		}
		a := asideView{SetAside: s, Mine: s.Officer == v.Viewer.Officer.ID}
		a.Title, a.Text = v.tell().Says(ctx, s.Act, s.Body)
		a.Since = v.since(ctx, s)
		out = append(out, a)
	}
	return out
}

// since are the acts that changed the case after the version that the author saw, up to
// when the act came.
func (v caseView) since(ctx context.Context, s casework.SetAside) (out []c.TimelineEntry) {
	before := 0
	for _, a := range v.Acts {
		changed := a.Version > before
		before = a.Version
		if !changed || a.Version <= s.Saw || a.Seq > s.Seq {
			continue
		}
		if s.Saw == 0 && a.Kind != casework.ActConcluded { // an entry from the yard saw no version
			continue
		}
		title, text := v.tell().Says(ctx, a.Kind, a.Body)
		out = append(out, c.TimelineEntry{At: a.At, Title: title, Text: text, Who: v.People.name(ctx, a.Officer)})
	}
	return out
}
