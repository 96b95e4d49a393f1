package casework

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Kind is what an act did. The audit trail has it as "case." + Kind.
type Kind string

// Kinds of act.
const (
	ActOpened             Kind = "opened"
	ActConsignmentAdded   Kind = "consignment-added"
	ActConsignmentRemoved Kind = "consignment-removed"
	ActSelected           Kind = "selected"
	ActHeld               Kind = "held"
	ActHoldLifted         Kind = "hold-lifted"
	ActScanOrdered        Kind = "scan-ordered"
	ActExaminationOrdered Kind = "examination-ordered"
	ActConcluded          Kind = "concluded"
	ActReopened           Kind = "reopened"
	ActAssigned           Kind = "assigned"
	ActDeadlineSet        Kind = "deadline-set"
	ActWatched            Kind = "watched"
	ActUnwatched          Kind = "unwatched"
	ActNoted              Kind = "noted"
	ActAddendum           Kind = "addendum-written"
	ActTaskAdded          Kind = "task-added"
	ActTaskClosed         Kind = "task-closed"
	ActTaskReopened       Kind = "task-reopened"
	ActAttached           Kind = "attached"
	ActPlanned            Kind = "examination-planned"
	ActItemChecked        Kind = "item-checked"
	ActOutcomeRecorded    Kind = "outcome-recorded"
	ActOutcomeCorrected   Kind = "outcome-corrected"
	ActSetAside           Kind = "set-aside"
	ActDismissed          Kind = "dismissed"
)

// Kinds returns every kind of act.
func Kinds() []Kind { return slices.Sorted(maps.Keys(kinds)) }

// AuditActs returns every act of this package on the audit trail. Pages need the message
// "identity.act." + act for each.
func AuditActs() []string {
	acts := []string{auditReleased, auditRules}
	for _, k := range Kinds() {
		acts = append(acts, "case."+string(k))
	}
	return acts
}

// Acts on the audit trail that belong to no case.
const (
	auditReleased = "consignment.released"
	auditRules    = "case-rules.changed"
)

// Act is one thing that somebody did about a case. It is never changed.
type Act struct {
	Seq     int             `json:"seq"`     // 1 for the opening
	Version int             `json:"version"` // of the case, after the act
	Officer int64           `json:"officer"` // 0 for a program
	At      time.Time       `json:"at"`
	Kind    Kind            `json:"kind"`
	Body    json.RawMessage `json:"body"`
	Key     string          `json:"key,omitempty"`   // chosen by the sender
	Aside   int             `json:"aside,omitempty"` // Seq of the set-aside act that was applied by this one
}

// deed is the body of an act: what it may be done to, and what it does.
type deed interface {
	kind() Kind
	check(c *Case) error // a fault when the case, as it is, does not allow it
	apply(c *Case, a Act)
}

// kindRule says how acts of a kind are treated.
type kindRule struct {
	make    func() deed
	adds    bool // only adds to the case: conflicts with nothing, and leaves Version alone
	forever bool // may be done to a concluded case
}

func rule[D any, P interface {
	*D
	deed
}](adds, forever bool) kindRule {
	return kindRule{func() deed { return P(new(D)) }, adds, forever}
}

// kinds are the acts that there are.
var kinds = map[Kind]kindRule{
	ActOpened:             rule[opened](false, false),
	ActConsignmentAdded:   rule[consignmentAdded](false, false),
	ActConsignmentRemoved: rule[consignmentRemoved](false, false),
	ActSelected:           rule[selected](false, false),
	ActHeld:               rule[held](false, false),
	ActHoldLifted:         rule[holdLifted](false, false),
	ActScanOrdered:        rule[scanOrdered](false, false),
	ActExaminationOrdered: rule[examinationOrdered](false, false),
	ActConcluded:          rule[concluded](false, false),
	ActReopened:           rule[reopened](false, true),
	ActAssigned:           rule[assigned](false, false),
	ActDeadlineSet:        rule[deadlineSet](false, false),
	ActWatched:            rule[watched](true, true),
	ActUnwatched:          rule[unwatched](true, true),
	ActNoted:              rule[noted](true, false),
	ActAddendum:           rule[addendum](true, true),
	ActTaskAdded:          rule[taskAdded](true, false),
	ActTaskClosed:         rule[taskClosed](true, false),
	ActTaskReopened:       rule[taskReopened](true, false),
	ActAttached:           rule[attached](true, false),
	ActPlanned:            rule[planned](false, false),
	ActItemChecked:        rule[itemChecked](true, false),
	ActOutcomeRecorded:    rule[outcomeRecorded](false, false),
	ActOutcomeCorrected:   rule[outcomeCorrected](false, true),
	ActSetAside:           rule[setAside](true, true),
	ActDismissed:          rule[dismissed](true, true),
}

// read returns what an act did.
func (a Act) read() (deed, error) {
	k, known := kinds[a.Kind]
	if !known {
		return nil, fmt.Errorf("act %d is of an unknown kind %q", a.Seq, a.Kind)
	}
	d := k.make()
	if err := json.Unmarshal(a.Body, d); err != nil {
		return nil, fmt.Errorf("act %d (%s): %w", a.Seq, a.Kind, err)
	}
	return d, nil
}

// Replay rebuilds a case from its acts, oldest first. The id and the scope, which no act
// says, are left for the caller. It depends on nothing but the acts.
func Replay(acts []Act) (*Case, error) {
	c := &Case{}
	for _, a := range acts {
		d, err := a.read()
		if err != nil {
			return nil, err
		}
		c.take(a, d)
	}
	return c, nil
}

// permit returns a fault when the case, as it is, does not allow the deed.
func permit(c *Case, d deed) error {
	if c.State == Closed && !kinds[d.kind()].forever {
		return errConcluded
	}
	return d.check(c)
}

// take adds an act to the case.
func (c *Case) take(a Act, d deed) {
	c.Version, c.ChangedAt = a.Version, a.At
	d.apply(c, a)
	if a.Aside != 0 {
		c.closeAside(a.Aside, a, "")
	}
	c.Acts = append(c.Acts, a)
}

// next returns the act that the deed makes when it is done now.
func (c *Case) next(d deed) Act {
	a := Act{Seq: len(c.Acts) + 1, Version: c.Version, Kind: d.kind()}
	if !kinds[a.Kind].adds {
		a.Version++
	}
	return a
}
