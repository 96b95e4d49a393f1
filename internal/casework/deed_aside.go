package casework

import (
	"encoding/json"

	"tidewaiter/internal/fault"
)

// setAside keeps an act that came too late.
type setAside struct {
	Act  Kind            `json:"act"`
	Saw  int             `json:"saw"`
	Body json.RawMessage `json:"body"`
}

func (setAside) kind() Kind { return ActSetAside }

func (setAside) check(*Case) error { return nil }

func (d *setAside) apply(c *Case, a Act) {
	c.SetAside = append(c.SetAside, SetAside{Seq: a.Seq, Officer: a.Officer, At: a.At, Act: d.Act, Saw: d.Saw, Body: d.Body})
}

// dismissed lays what was set aside to rest.
type dismissed struct {
	Aside int    `json:"aside"`
	Words string `json:"words,omitempty"`
}

func (dismissed) kind() Kind { return ActDismissed }

func (d *dismissed) check(c *Case) error {
	if _, err := c.waiting(d.Aside); err != nil {
		return err
	}
	return checkLength("words", d.Words, maxWords)
}

func (d *dismissed) apply(c *Case, a Act) { c.closeAside(d.Aside, a, d.Words) }

// waiting returns what was set aside under the number, when it still waits.
func (c *Case) waiting(seq int) (SetAside, error) {
	for _, s := range c.SetAside {
		switch {
		case s.Seq != seq:
		case s.Waiting():
			return s, nil
		default:
			return s, fault.New(fault.Conflict, "somebody has decided about this act already")
		}
	}
	return SetAside{}, fault.New(fault.NotFound, "nothing was set aside under number %d", seq)
}

func (c *Case) closeAside(seq int, by Act, words string) {
	for i := range c.SetAside {
		if s := &c.SetAside[i]; s.Seq == seq {
			s.Applied, s.Dismissed = by.Kind != ActDismissed, by.Kind == ActDismissed
			s.Words, s.ClosedBy, s.ClosedAt = words, by.Officer, by.At
		}
	}
}
