package casework

import (
	"slices"
	"strings"

	"tidewaiter/internal/fault"
)

// planned says where, when and by whom, and makes the checklist of what isn't on it yet.
type planned struct {
	Plan  Plan   `json:"plan"`
	Items []Item `json:"items,omitempty"`
}

func (planned) kind() Kind { return ActPlanned }

func (d *planned) check(c *Case) error {
	if c.State == Proposed {
		return fault.New(fault.Conflict, "the case is only proposed").WithHint("select it first")
	}
	if strings.TrimSpace(d.Plan.Place) == "" {
		return invalid("place", "say where the examination takes place")
	}
	if len(d.Plan.Team) > maxTeam {
		return invalid("team", "a team has %d officers at most", maxTeam)
	}
	if err := checkDate("at", d.Plan.At); err != nil {
		return err
	}
	if err := checkDate("until", d.Plan.Until); err != nil {
		return err
	}
	if !d.Plan.Until.IsZero() && d.Plan.Until.Before(d.Plan.At) {
		return invalid("until", "the examination ends before it begins")
	}
	if err := checkLength("words", d.Plan.Words, maxWords); err != nil {
		return err
	}
	return checkLength("place", d.Plan.Place, maxLine)
}

// maxTeam bounds who examines one case.
const maxTeam = 50

func (d *planned) apply(c *Case, _ Act) {
	plan := d.Plan
	c.Examination.Plan = &plan
	for _, item := range d.Items {
		if c.Examination.item(item.ID) == nil {
			c.Examination.Items = append(c.Examination.Items, item)
		}
	}
}

// itemChecked fills in an item of the checklist.
type itemChecked struct {
	Entry Entry `json:"entry"`
}

func (itemChecked) kind() Kind { return ActItemChecked }

func (d *itemChecked) check(c *Case) error { return d.Entry.check(c.Examination.item(d.Entry.Item)) }

func (d *itemChecked) apply(c *Case, a Act) {
	e := d.Entry
	e.Seq, e.Officer, e.At = a.Seq, a.Officer, a.At
	c.Examination.enter(e)
}

// attached adds a photo or paper.
type attached struct {
	Attachment Attachment `json:"attachment"`
}

func (attached) kind() Kind { return ActAttached }

func (d *attached) check(c *Case) error {
	u := d.Attachment.Upload
	if u.Consignment != 0 && !slices.ContainsFunc(c.Consignments, func(m Member) bool { return m.Consignment == u.Consignment }) {
		return invalid("consignment", "the consignment is not in this case")
	}
	if u.Item != "" && c.Examination.item(u.Item) == nil {
		return invalid("item", "the checklist has no item %q", u.Item)
	}
	if err := checkLength("name", u.Name, maxLine); err != nil {
		return err
	}
	return checkLength("caption", u.Caption, maxWords)
}

func (d *attached) apply(c *Case, a Act) {
	at := d.Attachment
	at.Seq, at.Officer, at.At = a.Seq, a.Officer, a.At
	c.Attachments = append(c.Attachments, at)
}
