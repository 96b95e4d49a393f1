package casework

import (
	"slices"
	"strings"

	"tidewaiter/internal/fault"
)

// concluded decides the case. It keeps what was known of each consignment then.
type concluded struct {
	Conclusion
	Bases []Basis `json:"bases"`
}

func (concluded) kind() Kind { return ActConcluded }

// endingReasons is the list of reasons of each ending.
var endingReasons = map[Ending]ReasonKind{Released: ReasonRelease, Found: ReasonFound, Referred: ReasonRefer}

func (d *concluded) check(c *Case) error {
	if _, err := step(ActConcluded, c.State); err != nil {
		return err
	}
	reasons, known := endingReasons[d.Ending]
	if !known {
		return invalid("ending", "a case is released, found or referred")
	}
	if err := d.Reason.check(reasons, false); err != nil {
		return err
	}
	switch d.Ending {
	case Released:
		return d.checkRelease(c)
	case Found:
		if !c.anyOutcome(func(r Result) bool { return r != NothingFound }) {
			return invalid("ending", "record first what was found, and in which consignment")
		}
	case Referred:
		if strings.TrimSpace(d.ReferredTo) == "" {
			return invalid("referred_to", "name the authority that goes on with the case")
		}
	}
	return checkLength("referred_to", d.ReferredTo, maxLine)
}

// checkRelease refuses to let go what was seized, and a high score without a word.
func (d *concluded) checkRelease(c *Case) error {
	if c.anyOutcome(func(r Result) bool { return r == Irregularity || r == Seizure }) {
		return invalid("ending", "an irregularity or a seizure is recorded: conclude the case as found or referred")
	}
	for _, b := range d.Bases {
		o, has := c.Outcome(b.Consignment)
		if b.High && !(has && o.Method.Physical()) {
			if err := checkWords("words", d.Reason.Words); err != nil {
				return invalid("words", "consignment %s is to be examined and was not: say in words why it is released, in %d characters at least",
					b.Document, MinWords)
			}
		}
	}
	return nil
}

// anyOutcome reports whether the newest outcome of any consignment is like that.
func (c *Case) anyOutcome(like func(Result) bool) bool {
	return slices.ContainsFunc(c.Present(), func(m Member) bool {
		o, has := c.Outcome(m.Consignment)
		return has && like(o.Result)
	})
}

func (d *concluded) apply(c *Case, a Act) {
	c.State, c.Hold, c.Conclusion, c.ConcludedAt = Closed, Reason{}, d.Conclusion, a.At
	for _, b := range d.Bases {
		for i := range c.Consignments {
			if c.Consignments[i].Consignment == b.Consignment {
				c.Consignments[i].Basis = b
			}
		}
	}
}

// outcomeRecorded says what was found in a consignment, before the conclusion.
type outcomeRecorded struct {
	Outcome Outcome `json:"outcome"`
	Basis   Basis   `json:"basis"`
}

func (outcomeRecorded) kind() Kind { return ActOutcomeRecorded }

func (d *outcomeRecorded) check(c *Case) error {
	if _, in := c.Member(d.Outcome.Consignment); !in {
		return fault.New(fault.NotFound, "the consignment is not in this case")
	}
	if c.State == Proposed {
		return fault.New(fault.Conflict, "the case is only proposed").WithHint("select it first")
	}
	for _, seq := range d.Outcome.Photos {
		if !slices.ContainsFunc(c.Attachments, func(a Attachment) bool { return a.Seq == seq }) {
			return invalid("photos", "the case has no attachment %d", seq)
		}
	}
	for indicator := range d.Outcome.Verdicts {
		if !slices.Contains(d.Basis.Indicators, indicator) {
			return invalid("verdicts", "the assessment has no finding %q", indicator)
		}
	}
	return d.Outcome.check()
}

func (d *outcomeRecorded) apply(c *Case, a Act) {
	version := 1
	if o, has := c.Outcome(d.Outcome.Consignment); has {
		version = o.Version + 1
	}
	c.Outcomes = append(c.Outcomes, OutcomeVersion{d.Outcome, d.Basis, version, a.Seq, a.Officer, a.At})
}

// outcomeCorrected is a new version of an outcome of a concluded case.
type outcomeCorrected struct{ outcomeRecorded }

func (outcomeCorrected) kind() Kind { return ActOutcomeCorrected }

func (d *outcomeCorrected) check(c *Case) error {
	if c.State != Closed {
		return fault.New(fault.Conflict, "only an outcome of a concluded case is corrected").WithHint("record it anew")
	}
	if err := checkWords("correction", d.Outcome.Correction); err != nil {
		return err
	}
	return d.outcomeRecorded.check(c)
}
