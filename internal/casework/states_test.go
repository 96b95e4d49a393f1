package casework

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// move is one act that an officer tries, with what was drawn for it.
type move struct {
	name string
	do   func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error)
}

var moves = []move{
	{"select", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) { return d.Select(ctx, ref) }},
	{"hold", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.Hold(ctx, ref, Reason{Code: Reasons[ReasonHold][n%3]})
	}},
	{"lift", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.LiftHold(ctx, ref, Reason{Code: "suspicion-cleared"})
	}},
	{"scan", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.OrderScan(ctx, ref)
	}},
	{"examine", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.OrderExamination(ctx, ref)
	}},
	{"release", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.Conclude(ctx, ref, Conclusion{Ending: Released, Reason: Reason{Code: "low-risk"}})
	}},
	{"find", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.Conclude(ctx, ref, Conclusion{Ending: Found, Reason: Reason{Code: "detained"}})
	}},
	{"refer", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.Conclude(ctx, ref, Conclusion{Ending: Referred, Reason: Reason{Code: "laboratory"}, ReferredTo: "laboratory"})
	}},
	{"reopen", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.Reopen(ctx, ref, Reason{Code: "authority-asks", Words: "the prosecutor asks for it"})
	}},
	{"outcome", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		o := Outcome{Consignment: c.Consignments[0].Consignment, Method: Methods[n%len(Methods)], Result: Results[n%2], Words: "as seen",
			Correction: "corrected in the test"}
		return d.RecordOutcome(ctx, ref, o)
	}},
	{"plan", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.PlanExamination(ctx, ref, Plan{Place: fmt.Sprint("Yard ", n), Team: []int64{d.aigul.ID}})
	}},
	{"check", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		if len(c.Examination.Items) == 0 {
			return Done{}, invalid("item", "no checklist yet")
		}
		return d.CheckItem(ctx, ref, Entry{Item: c.Examination.Items[n%len(c.Examination.Items)].ID, State: ItemStates[n%2]})
	}},
	{"assign", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.Assign(ctx, ref, []int64{0, d.aigul.ID, d.bakyt.ID}[n%3], "")
	}},
	{"deadline", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.SetDeadline(ctx, ref, d.clock().Add(time.Duration(n)*time.Hour))
	}},
	{"note", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.Note(ctx, ref, "see @bakyt, line \x00 two")
	}},
	{"addendum", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.Addendum(ctx, ref, "later")
	}},
	{"task", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		return d.AddTask(ctx, ref, NewTask{Text: "call the agent", For: d.aigul.ID})
	}},
	{"task done", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		if len(c.Tasks) == 0 {
			return Done{}, invalid("task", "no task yet")
		}
		return d.CloseTask(ctx, ref, c.Tasks[n%len(c.Tasks)].Seq)
	}},
	{"watch", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) { return d.Watch(ctx, ref) }},
	{"unwatch", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) { return d.Unwatch(ctx, ref) }},
	{"apply", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		if len(c.SetAside) == 0 {
			return Done{}, invalid("aside", "nothing was set aside")
		}
		return d.ApplyAside(ctx, ref, c.SetAside[n%len(c.SetAside)].Seq)
	}},
	{"dismiss", func(ctx context.Context, d *desk, c *Case, ref Ref, n int) (Done, error) {
		if len(c.SetAside) == 0 {
			return Done{}, invalid("aside", "nothing was set aside")
		}
		return d.DismissAside(ctx, ref, c.SetAside[n%len(c.SetAside)].Seq, "not any more")
	}},
}

// draw is a move as it was drawn for an officer.
type draw struct {
	move, number int
	look, twice  bool // load the case before; send the act twice
}

// told is what an officer was told about an act.
type told struct {
	key  string
	name string
	saw  int
	done Done
	err  error
}

// Officers act at random on one case at once. What each was told is what the case holds.
func TestManyOfficersAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db, false)
		late := 0
		rapid.Check(t, func(rt *rapid.T) {
			step := rapid.Custom(func(rt *rapid.T) draw {
				return draw{rapid.IntRange(0, len(moves)-1).Draw(rt, "move"), rapid.IntRange(0, 20).Draw(rt, "number"),
					rapid.IntRange(0, 3).Draw(rt, "look") > 0, rapid.IntRange(0, 3).Draw(rt, "twice") == 0}
			})
			plans := rapid.SliceOfN(rapid.SliceOfN(step, 1, 6), 2, 3).Draw(rt, "plans")
			ref := d.open(d.bring(1)...)
			var mu sync.Mutex
			var all []told
			var wg sync.WaitGroup
			for i, plan := range plans {
				wg.Go(func() {
					heard := d.work(i, ref, plan)
					mu.Lock()
					defer mu.Unlock()
					all = append(all, heard...)
				})
			}
			wg.Wait()
			c := d.load(ref)
			checkTold(rt, c, all)
			checkHistory(rt, c)
			late += len(c.SetAside)
			if d.Failed() {
				rt.Fatal("the case contradicts its acts")
			}
		})
		if late == 0 {
			t.Error("no act ever came too late: the officers did not meet")
		}
	})
}

// work lets one officer act on the case, and returns what she was told.
func (d *desk) work(officer int, ref Ref, plan []draw) (all []told) {
	ctx := []context.Context{d.asAigul, d.asBak}[officer%2]
	c, err := d.Case(ctx, ref.Scope, ref.Case)
	for n, s := range plan {
		if s.look && err == nil {
			c, err = d.Case(ctx, ref.Scope, ref.Case)
		}
		if err != nil {
			return append(all, told{name: "load", err: err})
		}
		mine := Ref{Scope: ref.Scope, Case: ref.Case, Saw: c.Version, Key: fmt.Sprintf("%d-%d-%d", ref.Case, officer, n)}
		times := 1
		if s.twice {
			times = 2
		}
		for range times {
			done, err := moves[s.move].do(ctx, d, c, mine, s.number)
			all = append(all, told{mine.Key, moves[s.move].name, mine.Saw, done, err})
		}
	}
	return all
}

// checkTold compares what officers were told with the acts: what was acknowledged is
// there once, what was refused is not, and what came too late is set aside.
func checkTold(t *rapid.T, c *Case, all []told) {
	byKey := map[string][]Act{}
	for _, a := range c.Acts {
		if a.Key != "" {
			byKey[a.Key] = append(byKey[a.Key], a)
		}
	}
	for _, h := range all {
		kind := fault.KindOf(h.err)
		if h.err != nil && kind == fault.Failure {
			t.Fatalf("%s failed: %v", h.name, h.err)
		}
		acts := byKey[h.key]
		if len(acts) > 1 {
			t.Fatalf("%s was sent under one key and made %d acts", h.name, len(acts))
		}
		kept := h.done != (Done{})
		switch {
		case h.err == nil && !kept:
			t.Fatalf("%s was acknowledged without an act", h.name)
		case kept && (len(acts) == 0 || acts[0].Seq != h.done.Seq):
			t.Fatalf("%s was acknowledged as act %d and is lost: %v", h.name, h.done.Seq, acts)
		case h.err == nil && acts[0].Kind == ActSetAside:
			t.Fatalf("%s was acknowledged and set aside", h.name)
		case h.err == nil && !kinds[acts[0].Kind].adds && acts[0].Version != h.saw+1:
			t.Fatalf("%s was made for version %d and became version %d: an update between them is lost", h.name, h.saw, acts[0].Version)
		case h.err != nil && kept && acts[0].Kind != ActSetAside:
			t.Fatalf("%s was refused (%v) and done", h.name, h.err)
		}
	}
}

// checkHistory walks through the acts: the version counts the changes, each change was
// made by somebody who saw the version before it, and each step is in the table.
func checkHistory(t *rapid.T, c *Case) {
	version := 0
	for i, a := range c.Acts {
		if a.Seq != i+1 {
			t.Fatalf("act %d has the number %d", i+1, a.Seq)
		}
		if !kinds[a.Kind].adds {
			version++
		}
		if a.Version != version {
			t.Fatalf("act %d (%s) has version %d, want %d", a.Seq, a.Kind, a.Version, version)
		}
		before, err := Replay(c.Acts[:i])
		if err != nil {
			t.Fatal(err)
		}
		after, err := Replay(c.Acts[:i+1])
		if err != nil {
			t.Fatal(err)
		}
		legal := slices.ContainsFunc(Transitions, func(s Transition) bool {
			return s.Act == a.Kind && s.From == before.State && s.To == after.State
		})
		if before.State != after.State && !legal {
			t.Fatalf("act %d (%s) led from %q to %q", a.Seq, a.Kind, before.State, after.State)
		}
		if before.State == Closed && !kinds[a.Kind].forever {
			t.Fatalf("act %d (%s) changed a concluded case", a.Seq, a.Kind)
		}
	}
}
