package resultweb

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/web"
)

// said is the body of any act, as it is kept.
type said struct {
	Origin       casework.Origin     `json:"origin"`
	Because      string              `json:"because"`
	Consignments []casework.Basis    `json:"consignments"`
	Consignment  int64               `json:"consignment"`
	Reason       casework.Reason     `json:"reason"`
	Ending       casework.Ending     `json:"ending"`
	ReferredTo   string              `json:"referred_to"`
	Words        string              `json:"words"`
	Text         string              `json:"text"`
	Mentions     []int64             `json:"mentions"`
	Owner        int64               `json:"owner"`
	For          int64               `json:"for"`
	At           time.Time           `json:"at"`
	Due          time.Time           `json:"due"`
	Task         int                 `json:"task"`
	Plan         casework.Plan       `json:"plan"`
	Entry        casework.Entry      `json:"entry"`
	Attachment   casework.Attachment `json:"attachment"`
	Outcome      casework.Outcome    `json:"outcome"`
	Act          casework.Kind       `json:"act"`
	Aside        int                 `json:"aside"`
}

// read reads a body; of a newer program's it reads what it knows.
func read(body []byte) (s said) {
	if json.Unmarshal(body, &s) != nil {
		return said{}
	}
	return s
}

// officers are those whom the act names beside its author.
func (s said) officers() []int64 {
	return append(append([]int64{s.Owner, s.For}, s.Plan.Team...), s.Mentions...)
}

// says tells an act in the person's language: what was done, and what was written.
func (f *caseFile) says(ctx context.Context, kind casework.Kind, body []byte) (title, text string) {
	s := read(body)
	title = web.T(ctx, "case.kind."+string(kind))
	switch kind {
	case casework.ActOpened:
		return title, join(" · ", web.T(ctx, "case.origin."+string(s.Origin)), s.Because, documents(s.Consignments))
	case casework.ActConsignmentAdded:
		return title, documents(s.Consignments)
	case casework.ActConsignmentRemoved:
		return title, join(": ", f.document(s.Consignment), s.Words)
	case casework.ActHeld:
		return title, reasonText(ctx, casework.ReasonHold, s.Reason)
	case casework.ActHoldLifted:
		return title, reasonText(ctx, casework.ReasonLift, s.Reason)
	case casework.ActReopened:
		return title, reasonText(ctx, casework.ReasonReopen, s.Reason)
	case casework.ActConcluded:
		return web.T(ctx, "case.ending."+string(s.Ending)), join(" · ", s.ReferredTo, reasonText(ctx, endingReasons[s.Ending], s.Reason))
	case casework.ActAssigned:
		return title, join(" · ", f.owner(ctx, s.Owner), s.Words)
	case casework.ActDeadlineSet:
		return title, web.DateTime(ctx, s.At)
	case casework.ActNoted, casework.ActAddendum:
		return title, s.Text
	}
	return title, f.saysMore(ctx, kind, s)
}

// saysMore tells the acts of tasks, examination, outcome and what was set aside.
func (f *caseFile) saysMore(ctx context.Context, kind casework.Kind, s said) string {
	switch kind {
	case casework.ActTaskAdded:
		return join(" · ", s.Text, f.doer(ctx, s.For), due(ctx, s.Due))
	case casework.ActTaskClosed, casework.ActTaskReopened:
		for _, t := range f.Tasks {
			if t.Seq == s.Task {
				return t.Text
			}
		}
	case casework.ActAttached:
		return join(" · ", s.Attachment.Name, s.Attachment.Caption)
	case casework.ActPlanned:
		return join(" · ", s.Plan.Place, planTime(ctx, s.Plan), f.names(ctx, s.Plan.Team), s.Plan.Words)
	case casework.ActItemChecked:
		return f.checked(ctx, s.Entry)
	case casework.ActOutcomeRecorded, casework.ActOutcomeCorrected:
		return join(" · ", f.document(s.Outcome.Consignment), outcomeText(ctx, s.Outcome), s.Outcome.Correction)
	case casework.ActSetAside:
		return web.T(ctx, "case.kind."+string(s.Act))
	case casework.ActDismissed:
		return s.Words
	}
	return ""
}

// endingReasons is the list of reasons of each ending.
var endingReasons = map[casework.Ending]casework.ReasonKind{
	casework.Released: casework.ReasonRelease, casework.Found: casework.ReasonFound, casework.Referred: casework.ReasonRefer,
}

// reasonText is a reason in one line: the code's meaning and the officer's words.
func reasonText(ctx context.Context, kind casework.ReasonKind, r casework.Reason) string {
	name := r.Code
	if id := "case.reason." + string(kind) + "." + r.Code; web.Known(id) {
		name = web.T(ctx, id)
	}
	return join(": ", name, r.Words)
}

func (f *caseFile) owner(ctx context.Context, id int64) string {
	if id == 0 {
		return web.T(ctx, "case.nobody")
	}
	return f.name(ctx, id)
}

// doer is who is to do a task; anybody is nobody in particular.
func (f *caseFile) doer(ctx context.Context, id int64) string {
	if id == 0 {
		return ""
	}
	return f.name(ctx, id)
}

func due(ctx context.Context, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return web.T(ctx, "case.due", "At", web.DateTime(ctx, at))
}

func planTime(ctx context.Context, p casework.Plan) string {
	switch {
	case p.At.IsZero():
		return ""
	case p.Until.IsZero():
		return web.DateTime(ctx, p.At)
	}
	return web.DateTime(ctx, p.At) + " – " + web.DateTime(ctx, p.Until)
}

// checked says an entry of the checklist in one line.
func (f *caseFile) checked(ctx context.Context, e casework.Entry) string {
	name := e.Item
	for _, i := range f.Examination.Items {
		if i.ID == e.Item {
			name = join(" · ", i.Equipment, itemTitle(ctx, i))
			return join(": ", name, entryText(ctx, i, e))
		}
	}
	return join(": ", name, web.T(ctx, "case.item-state."+string(e.State)))
}

func itemTitle(ctx context.Context, i casework.Item) string {
	return join(" ", web.T(ctx, "case.check."+i.Check), i.Subject)
}

// entryText says what an officer filled in.
func entryText(ctx context.Context, i casework.Item, e casework.Entry) string {
	measure := ""
	if e.Measure != nil {
		measure = web.Number(ctx, *e.Measure) + "\u00a0" + i.Unit
	}
	return join(" · ", web.T(ctx, "case.item-state."+string(e.State)), measure, sealText(ctx, e.Seal), e.Words)
}

// sealText says the number that was read, and which of view, verify, tug and twist were
// done.
func sealText(ctx context.Context, s *casework.SealRecord) string {
	if s == nil {
		return ""
	}
	number := s.Number
	if number == "" {
		number = web.T(ctx, "case.seal.none")
	}
	var done []string
	for _, part := range []struct {
		name string
		done bool
	}{{"view", s.View}, {"verify", s.Verify}, {"tug", s.Tug}, {"twist", s.Twist}} {
		if part.done {
			done = append(done, web.T(ctx, "case.seal."+part.name))
		}
	}
	return join(": ", number, strings.Join(done, ", "))
}

// outcomeText says an outcome in one line.
func outcomeText(ctx context.Context, o casework.Outcome) string {
	parts := []string{web.T(ctx, "case.result."+string(o.Result))}
	for _, g := range o.Goods {
		parts = append(parts, quantity(ctx, g)+" "+categoryName(ctx, g.Category))
	}
	return strings.Join(parts, " · ")
}

func quantity(ctx context.Context, g casework.FoundGoods) string {
	return web.T(ctx, "case.quantity."+string(g.Unit), "Count", int64(g.Quantity), "Number", web.Number(ctx, g.Quantity))
}

// documents names the consignments of an act.
func documents(all []casework.Basis) string {
	var names []string
	for _, b := range all {
		names = append(names, b.Document)
	}
	return strings.Join(names, ", ")
}

// join joins what is not empty.
func join(sep string, parts ...string) string {
	var out []string
	for _, s := range parts {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, sep)
}
