package casework

import (
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/fault"
)

// opened is the first act of a case.
type opened struct {
	Number       string  `json:"number"`
	Title        string  `json:"title"`
	State        State   `json:"state"`
	Origin       Origin  `json:"origin"`
	Because      string  `json:"because,omitempty"`
	Consignments []Basis `json:"consignments"`
}

func (opened) kind() Kind { return ActOpened }

func (d *opened) check(c *Case) error {
	if len(c.Acts) > 0 {
		return fault.New(fault.Conflict, "the case is open already")
	}
	if d.State != Proposed && d.State != Selected {
		return invalid("state", "a case begins as proposed or selected")
	}
	if !slices.Contains(Origins, d.Origin) {
		return invalid("origin", "say what brought the case about")
	}
	if (d.Origin == ByHand || d.Origin == FromMessage) && strings.TrimSpace(d.Because) == "" {
		return invalid("because", "say in words why the case is opened")
	}
	if n := len(d.Consignments); n == 0 || n > maxMembers {
		return invalid("consignments", "a case holds 1 to %d consignments", maxMembers)
	}
	if err := checkLength("title", d.Title, maxLine); err != nil {
		return err
	}
	return checkLength("because", d.Because, maxWords)
}

// maxMembers bounds a case to what one team can look at.
const maxMembers = 200

func (d *opened) apply(c *Case, a Act) {
	c.Number, c.Title, c.State, c.Origin, c.Because = d.Number, d.Title, d.State, d.Origin, d.Because
	c.OpenedBy, c.OpenedAt = a.Officer, a.At
	if d.State == Selected {
		c.Owner = a.Officer
	}
	for _, b := range d.Consignments {
		c.Consignments = append(c.Consignments, Member{Basis: b, Selection: selection(d.Origin, b)})
	}
}

// consignmentAdded takes further consignments into the case.
type consignmentAdded struct {
	Consignments []Basis `json:"consignments"`
}

func (consignmentAdded) kind() Kind { return ActConsignmentAdded }

func (d *consignmentAdded) check(c *Case) error {
	if n := len(d.Consignments); n == 0 || n+len(c.Present()) > maxMembers {
		return invalid("consignments", "a case holds 1 to %d consignments", maxMembers)
	}
	for _, b := range d.Consignments {
		if _, in := c.Member(b.Consignment); in {
			return fault.New(fault.Conflict, "consignment %s is in the case already", b.Document)
		}
	}
	return nil
}

func (d *consignmentAdded) apply(c *Case, _ Act) {
	for _, b := range d.Consignments {
		c.Consignments = slices.DeleteFunc(c.Consignments, func(m Member) bool { return m.Consignment == b.Consignment })
		c.Consignments = append(c.Consignments, Member{Basis: b, Selection: selection(FromQueue, b)})
	}
}

// consignmentRemoved takes a consignment out of the case; what was done about it stays.
type consignmentRemoved struct {
	Consignment int64  `json:"consignment"`
	Words       string `json:"words"`
}

func (consignmentRemoved) kind() Kind { return ActConsignmentRemoved }

func (d *consignmentRemoved) check(c *Case) error {
	if _, in := c.Member(d.Consignment); !in {
		return fault.New(fault.NotFound, "the consignment is not in this case")
	}
	if len(c.Present()) == 1 {
		return fault.New(fault.Conflict, "the last consignment stays in its case").WithHint("conclude the case instead")
	}
	if _, has := c.Outcome(d.Consignment); has {
		return fault.New(fault.Conflict, "a consignment with an outcome stays in its case")
	}
	return checkWords("words", d.Words)
}

func (d *consignmentRemoved) apply(c *Case, _ Act) {
	for i := range c.Consignments {
		if c.Consignments[i].Consignment == d.Consignment {
			c.Consignments[i].Removed = true
		}
	}
}

// selected takes a proposed case up.
type selected struct{}

func (selected) kind() Kind { return ActSelected }

func (selected) check(c *Case) error { _, err := step(ActSelected, c.State); return err }

func (selected) apply(c *Case, a Act) {
	c.State = Selected
	if c.Owner == 0 {
		c.Owner = a.Officer
	}
}

// held says that the goods may not leave.
type held struct {
	Reason Reason `json:"reason"`
}

func (held) kind() Kind { return ActHeld }

func (d *held) check(c *Case) error { return checkStep(c, ActHeld, d.Reason) }

func (d *held) apply(c *Case, _ Act) { c.State, c.Hold = Held, d.Reason }

// holdLifted lets the case go on.
type holdLifted struct {
	Reason Reason `json:"reason"`
}

func (holdLifted) kind() Kind { return ActHoldLifted }

func (d *holdLifted) check(c *Case) error { return checkStep(c, ActHoldLifted, d.Reason) }

func (d *holdLifted) apply(c *Case, _ Act) { c.State, c.Hold = Selected, Reason{} }

// scanOrdered sends the goods to the scanner.
type scanOrdered struct{}

func (scanOrdered) kind() Kind { return ActScanOrdered }

func (scanOrdered) check(c *Case) error { _, err := step(ActScanOrdered, c.State); return err }

func (scanOrdered) apply(c *Case, _ Act) { c.State, c.Hold = AtScan, Reason{} }

// examinationOrdered sends the goods to be examined.
type examinationOrdered struct{}

func (examinationOrdered) kind() Kind { return ActExaminationOrdered }

func (examinationOrdered) check(c *Case) error {
	_, err := step(ActExaminationOrdered, c.State)
	return err
}

func (examinationOrdered) apply(c *Case, _ Act) { c.State, c.Hold = AtExamination, Reason{} }

// reopened takes a concluded case up again.
type reopened struct {
	Reason Reason `json:"reason"`
}

func (reopened) kind() Kind { return ActReopened }

func (d *reopened) check(c *Case) error {
	if _, err := step(ActReopened, c.State); err != nil {
		return err
	}
	return d.Reason.check(ReasonReopen, true)
}

func (d *reopened) apply(c *Case, _ Act) {
	c.State, c.ConcludedAt = Reopened, time.Time{}
	c.Reopenings++
}

// checkStep returns a fault when the case can't take the step, or not for this reason.
func checkStep(c *Case, act Kind, r Reason) error {
	t, err := step(act, c.State)
	if err != nil {
		return err
	}
	return r.check(t.Reason, false)
}
