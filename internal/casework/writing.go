package casework

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// Watch makes the officer hear of the case; Unwatch ends it.
func (s *Cases) Watch(ctx context.Context, ref Ref) (Done, error) { return s.do(ctx, ref, &watched{}) }

// Unwatch ends what Watch began.
func (s *Cases) Unwatch(ctx context.Context, ref Ref) (Done, error) {
	return s.do(ctx, ref, &unwatched{})
}

// Note adds a note. Colleagues who are mentioned in it by their user name, as in @aigul,
// watch the case from then on.
func (s *Cases) Note(ctx context.Context, ref Ref, text string) (Done, error) {
	return s.do(ctx, ref, &noted{Text: text})
}

// Addendum adds a note to a concluded case.
func (s *Cases) Addendum(ctx context.Context, ref Ref, text string) (Done, error) {
	return s.do(ctx, ref, &addendum{noted{Text: text}})
}

func (d *noted) prepare(ctx context.Context, s *Cases, c *Case) error {
	names := mentions(d.Text)
	if len(names) == 0 {
		return nil
	}
	members, err := s.members(ctx, c.Scope)
	if err != nil {
		return err
	}
	d.Mentions = nil
	for _, m := range members {
		if slices.Contains(names, m.Username) {
			d.Mentions = append(d.Mentions, m.ID)
		}
	}
	return nil
}

// mentionForm is an @ that no letter or digit stands before, and a user name.
var mentionForm = regexp.MustCompile(`(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}][\p{L}\p{N}._+@-]*)`)

// mentions returns the user names that a text mentions, in lower case. A sign at the end
// of a name may belong to the sentence, so the name is returned with and without it.
func mentions(text string) (names []string) {
	for _, m := range mentionForm.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(m[1])
		names = append(names, name)
		if bare := strings.TrimRight(name, "._+@-"); bare != name {
			names = append(names, bare)
		}
	}
	return names
}

// NewTask is something to be done.
type NewTask struct {
	Text string
	For  int64     // an officer of the unit; 0 for anybody
	Due  time.Time // zero for no date
}

// AddTask adds a task. Its number is the Seq that is returned.
func (s *Cases) AddTask(ctx context.Context, ref Ref, t NewTask) (Done, error) {
	return s.do(ctx, ref, &taskAdded{Text: strings.TrimSpace(t.Text), For: t.For, Due: store.Time(t.Due)})
}

func (d *taskAdded) prepare(ctx context.Context, s *Cases, c *Case) error {
	return s.checkColleagues(ctx, c.Scope, "for", d.For)
}

// CloseTask says that the task is done. Errors: fault.NotFound, and fault.Conflict when
// it is done already.
func (s *Cases) CloseTask(ctx context.Context, ref Ref, task int) (Done, error) {
	return s.do(ctx, ref, &taskClosed{Task: task})
}

// ReopenTask says that the task is not done after all.
func (s *Cases) ReopenTask(ctx context.Context, ref Ref, task int) (Done, error) {
	return s.do(ctx, ref, &taskReopened{Task: task})
}

// ApplyAside does after all what was set aside under the number, to the case as it is
// now. ref.Saw is the version that the officer compared it with.
func (s *Cases) ApplyAside(ctx context.Context, ref Ref, aside int) (Done, error) {
	if _, err := identity.May(ctx, identity.Decide); err != nil {
		return Done{}, err
	}
	if err := checkKey(ref.Key); err != nil {
		return Done{}, err
	}
	c, err := selectCase(ctx, s.DB.Read, ref.Scope, ref.Case)
	if err != nil {
		return Done{}, err
	}
	if e, known, err := selectEarlier(ctx, s.DB.Read, ref.Scope, ref.Key); err != nil || known {
		if err != nil {
			return Done{}, err
		}
		return again(ctx, ref.Case, e)
	}
	late, err := c.waiting(aside)
	if err != nil {
		return Done{}, err
	}
	if ref.Saw != c.Version {
		return Done{}, errAgain
	}
	d, err := Act{Seq: late.Seq, Kind: late.Act, Body: late.Body}.read()
	if err != nil {
		return Done{}, err
	}
	d = fitting(c, d)
	if err := s.prepare(ctx, ref, d); err != nil {
		return Done{}, err
	}
	return s.perform(ctx, ref, d, aside)
}

// DismissAside lays to rest what was set aside under the number.
func (s *Cases) DismissAside(ctx context.Context, ref Ref, aside int, words string) (Done, error) {
	return s.do(ctx, ref, &dismissed{Aside: aside, Words: words})
}
