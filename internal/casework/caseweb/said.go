package caseweb

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// said is the body of any act, as it is kept.
type said struct {
	Title        string              `json:"title"`
	Origin       casework.Origin     `json:"origin"`
	Because      string              `json:"because"`
	Consignments []casework.Basis    `json:"consignments"`
	Consignment  int64               `json:"consignment"`
	Reason       casework.Reason     `json:"reason"`
	Ending       casework.Ending     `json:"ending"`
	ReferredTo   string              `json:"referred_to"`
	Words        string              `json:"words"`
	Text         string              `json:"text"`
	Owner        int64               `json:"owner"`
	For          int64               `json:"for"`
	At           time.Time           `json:"at"`
	Due          time.Time           `json:"due"`
	Task         int                 `json:"task"`
	Plan         casework.Plan       `json:"plan"`
	Items        []casework.Item     `json:"items"`
	Entry        casework.Entry      `json:"entry"`
	Attachment   casework.Attachment `json:"attachment"`
	Outcome      casework.Outcome    `json:"outcome"`
	Act          casework.Kind       `json:"act"`
	Aside        int                 `json:"aside"`
}

// says tells an act in the person's language: what was done, and what was written.
func (v caseView) says(ctx context.Context, kind casework.Kind, body []byte) (title, text string) {
	title = web.T(ctx, "case.kind."+string(kind))
	var s said
	if json.Unmarshal(body, &s) != nil {
		return title, "" // of a newer program
	}
	switch kind {
	case casework.ActOpened:
		return title, joined(" · ", web.T(ctx, "case.origin."+string(s.Origin)), s.Because, v.documents(s.Consignments))
	case casework.ActConsignmentAdded:
		return title, v.documents(s.Consignments)
	case casework.ActConsignmentRemoved:
		return title, joined(": ", v.member(s.Consignment).Document, s.Words)
	case casework.ActHeld:
		return title, reasonText(ctx, casework.ReasonHold, s.Reason)
	case casework.ActHoldLifted:
		return title, reasonText(ctx, casework.ReasonLift, s.Reason)
	case casework.ActReopened:
		return title, reasonText(ctx, casework.ReasonReopen, s.Reason)
	case casework.ActConcluded:
		return web.T(ctx, "case.ending."+string(s.Ending)), joined(" · ", s.ReferredTo, reasonText(ctx, endingReasons[s.Ending], s.Reason))
	case casework.ActAssigned:
		return title, joined(" · ", v.People.owner(ctx, s.Owner), s.Words)
	case casework.ActDeadlineSet:
		return title, orText(web.DateTime(ctx, s.At), s.At.IsZero(), web.T(ctx, "case.deadline.none"))
	case casework.ActNoted, casework.ActAddendum:
		return title, s.Text
	}
	return v.saysMore(ctx, kind, title, s)
}

// saysMore tells the acts of tasks, examination and outcome.
func (v caseView) saysMore(ctx context.Context, kind casework.Kind, title string, s said) (string, string) {
	switch kind {
	case casework.ActTaskAdded:
		who := ""
		if s.For != 0 {
			who = v.People.name(ctx, s.For)
		}
		return title, joined(" · ", s.Text, who, dueText(ctx, s.Due))
	case casework.ActTaskClosed, casework.ActTaskReopened:
		return title, v.task(s.Task).Text
	case casework.ActAttached:
		return title, joined(" · ", s.Attachment.Name, s.Attachment.Caption)
	case casework.ActPlanned:
		return title, joined(" · ", s.Plan.Place, planTime(ctx, s.Plan), v.team(ctx, s.Plan.Team), s.Plan.Words)
	case casework.ActItemChecked:
		return title, v.entryText(ctx, s.Entry)
	case casework.ActOutcomeRecorded, casework.ActOutcomeCorrected:
		return title, joined(" · ", v.member(s.Outcome.Consignment).Document, outcomeText(ctx, s.Outcome), s.Outcome.Correction)
	case casework.ActSetAside:
		return title, web.T(ctx, "case.kind."+string(s.Act))
	case casework.ActDismissed:
		return title, s.Words
	}
	return title, ""
}

func orText(text string, none bool, otherwise string) string {
	if none {
		return otherwise
	}
	return text
}

// mostDocuments is how many documents one line of the timeline names.
const mostDocuments = 6

func (v caseView) documents(all []casework.Basis) string {
	var names []string
	for _, b := range all[:min(len(all), mostDocuments)] {
		names = append(names, b.Document)
	}
	if more := len(all) - len(names); more > 0 {
		names = append(names, "+"+strconv.Itoa(more))
	}
	return strings.Join(names, ", ")
}

func (v caseView) task(seq int) casework.Task {
	for _, t := range v.Tasks {
		if t.Seq == seq {
			return t
		}
	}
	return casework.Task{}
}

func (v caseView) team(ctx context.Context, officers []int64) string {
	var names []string
	for _, o := range officers {
		names = append(names, v.People.name(ctx, o))
	}
	return strings.Join(names, ", ")
}

func dueText(ctx context.Context, due time.Time) string {
	if due.IsZero() {
		return ""
	}
	return web.T(ctx, "case.due", "At", web.DateTime(ctx, due))
}

// planTime says when an examination takes place.
func planTime(ctx context.Context, p casework.Plan) string {
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

// entryText says an entry of the checklist in one line.
func (v caseView) entryText(ctx context.Context, e casework.Entry) string {
	name := e.Item
	for _, i := range v.Examination.Items {
		if i.ID == e.Item {
			name = joined(" · ", i.Equipment, itemTitle(ctx, i))
			return joined(": ", name, joined(" · ", web.T(ctx, "case.item-state."+string(e.State)), measureText(ctx, i, e), e.Words))
		}
	}
	return joined(": ", name, web.T(ctx, "case.item-state."+string(e.State)))
}

func measureText(ctx context.Context, i casework.Item, e casework.Entry) string {
	if e.Measure == nil {
		return ""
	}
	return web.Number(ctx, *e.Measure) + "\u00a0" + i.Unit
}

// outcomeText says an outcome in one line.
func outcomeText(ctx context.Context, o casework.Outcome) string {
	parts := []string{web.T(ctx, "case.result."+string(o.Result))}
	for _, g := range o.Goods {
		parts = append(parts, found(ctx, g))
	}
	return strings.Join(parts, " · ")
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
		title, text := v.says(ctx, a.Kind, a.Body)
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
		a.Title, a.Text = v.says(ctx, s.Act, s.Body)
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
		title, text := v.says(ctx, a.Kind, a.Body)
		out = append(out, c.TimelineEntry{At: a.At, Title: title, Text: text, Who: v.People.name(ctx, a.Officer)})
	}
	return out
}
