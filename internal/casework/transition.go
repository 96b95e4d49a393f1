package casework

import (
	"slices"

	"tidewaiter/internal/fault"
)

// Actor says who may make a transition.
type Actor string

// Actors. An officer needs identity.Decide; a program is a rule, the random draw or a
// message that came in.
const (
	Officer Actor = "officer"
	Program Actor = "program"
)

// Transition is one step that a case may take.
type Transition struct {
	Act    Kind
	From   State // "" for a case that is not there yet
	To     State
	By     []Actor
	Reason ReasonKind // "" when the step needs none
}

var (
	officers = []Actor{Officer}
	anybody  = []Actor{Officer, Program}
)

// Transitions are all steps that there are: what is not here does not happen. A program
// can only propose; every decision is an officer's. A concluded case is reopened by any
// officer who may decide, in words, so that a mistake need not wait for the head.
var Transitions = slices.Concat(
	[]Transition{
		{ActOpened, "", Proposed, anybody, ""},
		{ActOpened, "", Selected, officers, ""},
		{ActSelected, Proposed, Selected, officers, ""},
		{ActHoldLifted, Held, Selected, officers, ReasonLift},
		{ActReopened, Closed, Reopened, officers, ReasonReopen},
	},
	from(ActHeld, Held, ReasonHold, Proposed, Selected, AtScan, AtExamination, Reopened),
	from(ActScanOrdered, AtScan, "", Proposed, Selected, Held, AtExamination, Reopened),
	from(ActExaminationOrdered, AtExamination, "", Proposed, Selected, Held, AtScan, Reopened),
	from(ActConcluded, Closed, ReasonConclude, Proposed, Selected, Held, AtScan, AtExamination, Reopened),
)

func from(act Kind, to State, reason ReasonKind, states ...State) []Transition {
	out := make([]Transition, len(states))
	for i, s := range states {
		out[i] = Transition{act, s, to, officers, reason}
	}
	return out
}

// step returns the transition that the act makes from a state, or a fault.Conflict.
func step(act Kind, from State) (Transition, error) {
	for _, t := range Transitions {
		if t.Act == act && t.From == from {
			return t, nil
		}
	}
	if from == Closed {
		return Transition{}, errConcluded
	}
	return Transition{}, fault.New(fault.Conflict, "a case that is %s cannot be %s",
		fault.Term("case.state."+string(from), string(from)), fault.Term("case.kind."+string(act), string(act))).
		WithHint("load the case again: what can be done now stands at its head")
}

// Steps returns the acts by which an officer can move a case from a state.
func Steps(from State) (acts []Kind) {
	for _, t := range Transitions {
		if t.From == from && from != "" {
			acts = append(acts, t.Act)
		}
	}
	return acts
}

var errConcluded = fault.New(fault.Conflict, "the case is concluded and can't be changed").
	WithHint("add an addendum, correct the outcome, or reopen the case with a reason")
