package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/simulate"
)

// shift plays what a unit did in the months before today: what arrived was examined,
// looked at and released, and what was examined came out as the generated truth has it.
type shift struct {
	*App
	scope    cargo.ScopeID
	officers []context.Context // who is at work, by turns
	ids      []int64           // of the officers
	truth    map[string]simulate.Truth
	dice     *rand.Rand
	clock    atomic.Int64 // Unix seconds; jobs read it at the same time
}

// newShift returns the shift of the demo's officers.
func (a *App) newShift(ctx context.Context, unit identity.Unit, scope cargo.ScopeID, truth []simulate.Truth, seed uint64) (*shift, error) {
	s := &shift{App: a, scope: scope, truth: map[string]simulate.Truth{}, dice: rand.New(rand.NewPCG(seed, 0x5417))}
	for _, t := range truth {
		s.truth[t.Document] = t
	}
	for _, d := range demoAccounts[:2] {
		o, err := a.Identity.Officers.ByUsername(ctx, d.Username)
		if err != nil {
			return nil, err
		}
		s.ids = append(s.ids, o.ID)
		s.officers = append(s.officers, identity.With(ctx, identity.Viewer{Officer: o, Unit: unit, Role: d.Role, Address: "demo"}))
	}
	return s, nil
}

// now is the clock of the shift; turn sets it, and tick moves it on.
func (s *shift) now() time.Time { return time.Unix(s.clock.Load(), 0).UTC() }

func (s *shift) turn(t time.Time) { s.clock.Store(t.Unix()) }

func (s *shift) tick(minutes int) { s.clock.Add(int64(60*minutes + s.dice.IntN(60))) }

// work does what one day's arrivals ask for.
func (s *shift) work(day time.Time) error {
	s.turn(day.Add(3 * time.Hour)) // the morning of Bishkek
	page, err := s.Assessments.Board(s.scope).Page(s.officers[0], risk.Filter{From: day, To: day}, 0, 100_000)
	if err != nil {
		return err
	}
	ids := make([]int64, len(page.Rows))
	for i, r := range page.Rows {
		ids[i] = r.Consignment
	}
	marks, err := s.Cases.Marks(s.officers[0], s.scope, ids)
	if err != nil {
		return err
	}
	var looks, rest []int64
	for i, r := range page.Rows {
		switch {
		case r.Withdrawn:
		case r.Channel == risk.Examine:
			if err := s.examine(i, r, marks[r.Consignment].Case); err != nil {
				return fmt.Errorf("examine consignment %d: %w", r.Consignment, err)
			}
		case r.Channel == risk.Look:
			looks = append(looks, r.Consignment)
		default:
			rest = append(rest, r.Consignment)
		}
	}
	if err := s.look(day, looks); err != nil {
		return fmt.Errorf("look at papers: %w", err)
	}
	return s.release(rest)
}

// begin takes up some of what arrives today and leaves it in hand, so that the demo has
// open cases of every kind.
func (s *shift) begin(today time.Time) error {
	s.turn(today.Add(2 * time.Hour))
	page, err := s.Assessments.Board(s.scope).Page(s.officers[0], risk.Filter{
		From: today, To: today.AddDate(0, 0, 3), Channels: []risk.Channel{risk.Examine}}, 0, 8)
	if err != nil {
		return err
	}
	steps := []func(ctx context.Context, ref casework.Ref) (casework.Done, error){
		nil,
		func(ctx context.Context, ref casework.Ref) (casework.Done, error) {
			return s.Cases.Hold(ctx, ref, casework.Reason{Code: "documents-missing", Words: "The packing list is not here."})
		},
		s.Cases.OrderScan,
		s.examineToday,
	}
	for i, row := range page.Rows {
		if row.Random {
			continue
		}
		ctx := s.officers[i%2]
		s.tick(6)
		done, err := s.Cases.Open(ctx, s.scope, casework.Opening{Consignments: []int64{row.Consignment}, Origin: casework.FromQueue})
		if err != nil {
			return fmt.Errorf("take up consignment %d: %w", row.Consignment, err)
		}
		if step := steps[i%len(steps)]; step != nil {
			s.tick(4)
			if _, err := step(ctx, s.ref(done)); err != nil {
				return fmt.Errorf("go on with case %d: %w", done.Case, err)
			}
		}
	}
	return nil
}

// examineToday begins an examination: planned, and the first items looked at.
func (s *shift) examineToday(ctx context.Context, ref casework.Ref) (casework.Done, error) {
	done, err := s.Cases.OrderExamination(ctx, ref)
	if err != nil {
		return done, err
	}
	if done, err = s.Cases.PlanExamination(ctx, s.ref(done), casework.Plan{Place: "Customs terminal, bay 2", Team: s.ids, At: s.now().Add(time.Hour)}); err != nil {
		return done, err
	}
	c, err := s.Cases.Case(ctx, s.scope, done.Case)
	if err != nil {
		return done, err
	}
	for _, item := range c.Examination.Items[:min(4, len(c.Examination.Items))] {
		e := casework.Entry{Item: item.ID, State: casework.ItemInOrder, ClientAt: s.now()}
		if item.Input == casework.InputSeal {
			e.Seal = &casework.SealRecord{Number: item.Subject, View: true, Verify: true, Tug: true, Twist: true}
		}
		s.tick(3)
		if _, err := s.Cases.CheckItem(ctx, s.ref(done), e); err != nil {
			return done, err
		}
	}
	return s.Cases.Note(ctx, s.ref(done), "@bakyt the left door was painted lately; the paint is still soft.")
}

// release lets the day's consignments of low risk go.
func (s *shift) release(ids []int64) error {
	for len(ids) > 0 {
		n := min(len(ids), 500)
		s.tick(20)
		_, err := s.Cases.Release(s.officers[0], s.scope, casework.Bulk{
			Consignments: ids[:n], Reason: casework.Reason{Code: "low-risk"}, Rest: true,
		})
		if err != nil {
			return fmt.Errorf("release in bulk: %w", err)
		}
		ids = ids[n:]
	}
	return nil
}

// look reads the papers of a day's second channel in one case, and lets them go.
func (s *shift) look(day time.Time, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	ctx := s.officers[1]
	s.tick(30)
	done, err := s.Cases.Open(ctx, s.scope, casework.Opening{
		Consignments: ids, Origin: casework.FromQueue, Title: "Papers of " + day.Format("2 January 2006"),
	})
	if err != nil {
		return err
	}
	s.tick(90)
	_, err = s.Cases.Conclude(ctx, s.ref(done), casework.Conclusion{
		Ending: casework.Released, Reason: casework.Reason{Code: "documents-in-order", Words: "Papers compared with each other; nothing that does not agree."},
	})
	return err
}

func (s *shift) ref(d casework.Done) casework.Ref {
	return casework.Ref{Scope: s.scope, Case: d.Case, Saw: d.Version}
}

// examine takes the i-th consignment of the day from the queue to its outcome. proposed is
// the case that the random draw has opened for it, or 0.
func (s *shift) examine(i int, r risk.Row, proposed int64) error {
	ctx := s.officers[i%2]
	s.tick(5)
	done, err := s.take(ctx, r, proposed)
	if err != nil {
		return err
	}
	for _, act := range []func(casework.Ref) (casework.Done, error){
		func(ref casework.Ref) (casework.Done, error) { return s.Cases.OrderExamination(ctx, ref) },
		func(ref casework.Ref) (casework.Done, error) {
			return s.Cases.PlanExamination(ctx, ref, casework.Plan{Place: "Customs terminal, bay " + fmt.Sprint(1+i%3), Team: s.ids, At: s.now()})
		},
	} {
		s.tick(10)
		if done, err = act(s.ref(done)); err != nil {
			return err
		}
	}
	return s.conclude(ctx, done, r.Consignment)
}

// take opens a case, or selects the one that was proposed.
func (s *shift) take(ctx context.Context, r risk.Row, proposed int64) (casework.Done, error) {
	if proposed == 0 {
		return s.Cases.Open(ctx, s.scope, casework.Opening{Consignments: []int64{r.Consignment}, Origin: casework.FromQueue})
	}
	c, err := s.Cases.Case(ctx, s.scope, proposed)
	if err != nil {
		return casework.Done{}, err
	}
	return s.Cases.Select(ctx, casework.Ref{Scope: s.scope, Case: c.ID, Saw: c.Version})
}

// conclude records what the examination came to, and decides the case.
func (s *shift) conclude(ctx context.Context, done casework.Done, consignment int64) error {
	c, err := s.Cases.Case(ctx, s.scope, done.Case)
	if err != nil {
		return err
	}
	member, _ := c.Member(consignment)
	found, err := s.Assessments.Newest(ctx, []int64{consignment}) // an amendment may have come since
	if err != nil {
		return err
	}
	outcome := s.outcome(member, found[consignment].Findings)
	s.tick(60 + s.dice.IntN(180))
	if done, err = s.Cases.RecordOutcome(ctx, s.ref(done), outcome); err != nil {
		return err
	}
	s.tick(10)
	end := casework.Conclusion{Ending: casework.Released, Reason: casework.Reason{Code: "examined-clear"}}
	switch outcome.Result {
	case casework.Seizure:
		end = casework.Conclusion{Ending: casework.Found, Reason: casework.Reason{Code: "seized"}}
	case casework.Irregularity:
		end = casework.Conclusion{Ending: casework.Found, Reason: casework.Reason{Code: "fined"}}
	case casework.Discrepancy:
		end.Reason = casework.Reason{Code: "discrepancy-settled", Words: "The sender has corrected the papers."}
	}
	_, err = s.Cases.Conclude(ctx, s.ref(done), end)
	return err
}
