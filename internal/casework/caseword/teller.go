package caseword

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/web"
)

// Teller tells the acts of a case.
type Teller struct {
	Case  *casework.Case
	Names map[int64]string // of the officers
	Most  int              // documents that one line names; 0 for all
}

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
}

// read reads a body; of a newer program's it reads nothing.
func read(body []byte) (s said) {
	if json.Unmarshal(body, &s) != nil {
		return said{}
	}
	return s
}

// Officers are those whom the case speaks of, in order of id, each once.
func Officers(c *casework.Case) []int64 {
	all := append([]int64{c.Owner, c.OpenedBy}, c.Watchers...)
	for _, a := range c.Acts {
		s := read(a.Body)
		all = append(append(all, a.Officer, s.Owner, s.For), s.Plan.Team...)
		all = append(all, s.Mentions...)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(id int64) bool { return id == 0 })
}

// Says tells an act: what was done, and what was written.
func (t Teller) Says(ctx context.Context, kind casework.Kind, body []byte) (title, text string) {
	s := read(body)
	title = web.T(ctx, "case.kind."+string(kind))
	switch kind {
	case casework.ActOpened:
		return title, Joined(" · ", web.T(ctx, "case.origin."+string(s.Origin)), s.Because, t.documents(s.Consignments))
	case casework.ActConsignmentAdded:
		return title, t.documents(s.Consignments)
	case casework.ActConsignmentRemoved:
		return title, Joined(": ", t.Document(s.Consignment), s.Words)
	case casework.ActHeld:
		return title, Reason(ctx, casework.ReasonHold, s.Reason)
	case casework.ActHoldLifted:
		return title, Reason(ctx, casework.ReasonLift, s.Reason)
	case casework.ActReopened:
		return title, Reason(ctx, casework.ReasonReopen, s.Reason)
	case casework.ActConcluded:
		return web.T(ctx, "case.ending."+string(s.Ending)), Joined(" · ", s.ReferredTo, Reason(ctx, EndingReasons[s.Ending], s.Reason))
	case casework.ActAssigned:
		return title, Joined(" · ", t.Owner(ctx, s.Owner), s.Words)
	case casework.ActDeadlineSet:
		if s.At.IsZero() {
			return title, web.T(ctx, "case.deadline.none")
		}
		return title, web.DateTime(ctx, s.At)
	case casework.ActNoted, casework.ActAddendum:
		return title, s.Text
	}
	return title, t.saysMore(ctx, kind, s)
}

// saysMore tells the acts of tasks, examination, outcome and what was set aside.
func (t Teller) saysMore(ctx context.Context, kind casework.Kind, s said) string {
	switch kind {
	case casework.ActTaskAdded:
		return Joined(" · ", s.Text, t.Doer(ctx, s.For), Due(ctx, s.Due))
	case casework.ActTaskClosed, casework.ActTaskReopened:
		for _, task := range t.Case.Tasks {
			if task.Seq == s.Task {
				return task.Text
			}
		}
	case casework.ActAttached:
		return Joined(" · ", s.Attachment.Name, s.Attachment.Caption)
	case casework.ActPlanned:
		return Joined(" · ", s.Plan.Place, PlanTime(ctx, s.Plan), t.Team(ctx, s.Plan.Team), s.Plan.Words)
	case casework.ActItemChecked:
		return t.checked(ctx, s.Entry)
	case casework.ActOutcomeRecorded, casework.ActOutcomeCorrected:
		return Joined(" · ", t.Document(s.Outcome.Consignment), Outcome(ctx, s.Outcome), s.Outcome.Correction)
	case casework.ActSetAside:
		return web.T(ctx, "case.kind."+string(s.Act))
	case casework.ActDismissed:
		return s.Words
	}
	return ""
}

// Name is an officer's name; 0 is the program.
func (t Teller) Name(ctx context.Context, officer int64) string {
	return OfficerName(ctx, t.Names, officer)
}

// Owner is who has a case; nobody is a word of its own.
func (t Teller) Owner(ctx context.Context, officer int64) string {
	if officer == 0 {
		return web.T(ctx, "case.nobody")
	}
	return t.Name(ctx, officer)
}

// Doer is who is to do a task; anybody is nobody in particular.
func (t Teller) Doer(ctx context.Context, officer int64) string {
	if officer == 0 {
		return ""
	}
	return t.Name(ctx, officer)
}

// Team is the officers' names.
func (t Teller) Team(ctx context.Context, officers []int64) string {
	names := make([]string, len(officers))
	for i, o := range officers {
		names[i] = t.Name(ctx, o)
	}
	return strings.Join(names, ", ")
}

// Document is the number of a consignment of the case.
func (t Teller) Document(consignment int64) string {
	for _, m := range t.Case.Consignments {
		if m.Consignment == consignment {
			return m.Document
		}
	}
	return strconv.FormatInt(consignment, 10)
}

// documents names the consignments of an act.
func (t Teller) documents(all []casework.Basis) string {
	shown := len(all)
	if t.Most > 0 {
		shown = min(shown, t.Most)
	}
	var names []string
	for _, b := range all[:shown] {
		names = append(names, b.Document)
	}
	if more := len(all) - shown; more > 0 {
		names = append(names, "+"+strconv.Itoa(more))
	}
	return strings.Join(names, ", ")
}

// checked says an entry of the checklist in one line.
func (t Teller) checked(ctx context.Context, e casework.Entry) string {
	for _, i := range t.Case.Examination.Items {
		if i.ID == e.Item {
			return Joined(": ", Joined(" · ", i.Equipment, ItemTitle(ctx, i)), Entry(ctx, i, e))
		}
	}
	return Joined(": ", e.Item, Entry(ctx, casework.Item{}, e))
}
