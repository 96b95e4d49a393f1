package casework

import (
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/fault"
)

// assigned gives the case to an officer: the hand-over.
type assigned struct {
	Owner int64  `json:"owner"`
	Words string `json:"words,omitempty"`
}

func (assigned) kind() Kind { return ActAssigned }

func (d *assigned) check(c *Case) error {
	if d.Owner == c.Owner {
		return fault.New(fault.Conflict, "the case is theirs already")
	}
	return checkLength("words", d.Words, maxWords)
}

func (d *assigned) apply(c *Case, _ Act) { c.Owner = d.Owner }

// deadlineSet says until when the case is to be decided.
type deadlineSet struct {
	At time.Time `json:"at,omitzero"`
}

func (deadlineSet) kind() Kind { return ActDeadlineSet }

func (d *deadlineSet) check(*Case) error { return checkDate("deadline", d.At) }

func (d *deadlineSet) apply(c *Case, _ Act) { c.Deadline = d.At }

// checkDate refuses what is no date of this work: a slip of the hand such as 0202.
func checkDate(field string, t time.Time) error {
	if !t.IsZero() && (t.Year() < 2000 || t.Year() > 2200) {
		return invalid(field, "the date lies in the year %d", t.Year())
	}
	return nil
}

// watched makes the officer hear of the case.
type watched struct{}

func (watched) kind() Kind { return ActWatched }

func (watched) check(*Case) error { return nil }

func (watched) apply(c *Case, a Act) { c.watch(a.Officer) }

func (c *Case) watch(officers ...int64) {
	c.Watchers = slices.Clone(c.Watchers)
	for _, o := range officers {
		if at, in := slices.BinarySearch(c.Watchers, o); !in {
			c.Watchers = slices.Insert(c.Watchers, at, o)
		}
	}
}

// unwatched ends watched.
type unwatched struct{}

func (unwatched) kind() Kind { return ActUnwatched }

func (unwatched) check(*Case) error { return nil }

func (unwatched) apply(c *Case, a Act) {
	c.Watchers = slices.DeleteFunc(slices.Clone(c.Watchers), func(o int64) bool { return o == a.Officer })
}

// noted is a note; who is mentioned watches the case from then on.
type noted struct {
	Text     string  `json:"text"`
	Mentions []int64 `json:"mentions,omitempty"`
}

func (noted) kind() Kind { return ActNoted }

func (d *noted) check(*Case) error { return checkNote(d.Text) }

func checkNote(text string) error {
	if strings.TrimSpace(text) == "" {
		return invalid("text", "write the note first")
	}
	return checkLength("text", text, maxText)
}

func (d *noted) apply(c *Case, a Act) {
	c.Notes = append(c.Notes, Note{a.Seq, a.Officer, a.At, d.Text, d.Mentions, false})
	c.watch(d.Mentions...)
}

// addendum is a note to a concluded case.
type addendum struct{ noted }

func (addendum) kind() Kind { return ActAddendum }

func (d *addendum) check(c *Case) error {
	if c.State != Closed {
		return fault.New(fault.Conflict, "an addendum belongs to a concluded case").WithHint("write a note")
	}
	return checkNote(d.Text)
}

func (d *addendum) apply(c *Case, a Act) {
	d.noted.apply(c, a)
	c.Notes[len(c.Notes)-1].Addendum = true
}

// taskAdded says what is to be done.
type taskAdded struct {
	Text string    `json:"text"`
	For  int64     `json:"for,omitempty"`
	Due  time.Time `json:"due,omitzero"`
}

func (taskAdded) kind() Kind { return ActTaskAdded }

func (d *taskAdded) check(*Case) error {
	if strings.TrimSpace(d.Text) == "" {
		return invalid("text", "say what is to be done")
	}
	if err := checkDate("due", d.Due); err != nil {
		return err
	}
	return checkLength("text", d.Text, maxLine)
}

func (d *taskAdded) apply(c *Case, a Act) {
	c.Tasks = append(c.Tasks, Task{Seq: a.Seq, Officer: a.Officer, At: a.At, Text: d.Text, For: d.For, Due: d.Due})
}

// taskClosed says that it is done.
type taskClosed struct {
	Task int `json:"task"`
}

func (taskClosed) kind() Kind { return ActTaskClosed }

func (d *taskClosed) check(c *Case) error { return c.checkTask(d.Task, false) }

func (c *Case) checkTask(seq int, done bool) error {
	for _, t := range c.Tasks {
		switch {
		case t.Seq != seq:
		case t.Done == done:
			return nil
		case t.Done:
			return fault.New(fault.Conflict, "the task is done already")
		default:
			return fault.New(fault.Conflict, "the task is open already")
		}
	}
	return fault.New(fault.NotFound, "the case has no task %d", seq)
}

func (d *taskClosed) apply(c *Case, a Act) {
	for i := range c.Tasks {
		if t := &c.Tasks[i]; t.Seq == d.Task {
			t.Done, t.DoneBy, t.DoneAt = true, a.Officer, a.At
		}
	}
}

// taskReopened says that it is not done after all.
type taskReopened struct {
	Task int `json:"task"`
}

func (taskReopened) kind() Kind { return ActTaskReopened }

func (d *taskReopened) check(c *Case) error { return c.checkTask(d.Task, true) }

func (d *taskReopened) apply(c *Case, _ Act) {
	for i := range c.Tasks {
		if t := &c.Tasks[i]; t.Seq == d.Task {
			t.Done, t.DoneBy, t.DoneAt = false, 0, time.Time{}
		}
	}
}
