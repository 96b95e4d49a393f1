package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"tidewaiter/internal/app"
	"tidewaiter/internal/bench/crew"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
)

// crewSize is how many officers work at once.
const crewSize = 50

// work measures casework on the database that the part before has filled: cases and
// outcomes in the proportion of 50,000 and 30,000 to a million consignments.
func (b *bench) work(ctx context.Context) error {
	path := filepath.Join(b.dir, "bench.db")
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("casework is measured on the database of the part before: %w", err)
	}
	size := b.Sizes[len(b.Sizes)-1]
	s := b.rep.section("Casework", fmt.Sprintf("On the database of the last column, with %s cases and %s outcomes recorded through the use-cases, over a year. "+
		"Pages as above: median / 99th percentile. The crew are %d officers with sessions of their own who work at once over HTTP, through the forms, "+
		"most of them on the same sixty cases; between two requests each waits %v on average.", sizeText(size/20), sizeText(size*3/100), crewSize, crewPause))
	filled, err := b.fillCases(ctx, s, path, size)
	if err != nil {
		return fmt.Errorf("fill in cases: %w", err)
	}
	srv, _, err := startServer(ctx, b.Program, path)
	if err != nil {
		return err
	}
	defer srv.stop()
	if err := srv.signIn(ctx, benchOfficer.Username, benchOfficer.Password); err != nil {
		return err
	}
	for _, page := range []struct {
		name   string
		target float64
		path   func(int) string
	}{
		{"a case", 50, func(i int) string { return fmt.Sprintf("/cases/%d", filled[(i*7919)%len(filled)]) }},
		{"case list", 0, func(int) string { return "/cases" }},
		{"board", 0, func(int) string { return "/cases/board" }},
		{"results", 300, func(int) string { return "/results" }},
		{"results by indicator", 300, func(int) string { return "/results/indicators" }},
	} {
		b.show.step("casework: %s", page.name)
		fig, _, err := b.repeat(ctx, srv, page.path)
		if err != nil {
			return err
		}
		fig.What, fig.At, fig.Target = page.name, size, page.target
		s.add(fig)
	}
	return b.workTogether(ctx, s, srv, size)
}

// fillCases opens cases and records outcomes, and returns the cases.
func (b *bench) fillCases(ctx context.Context, s *section, path string, size int) ([]int64, error) {
	a, err := app.Open(ctx, app.Config{Database: path})
	if err != nil {
		return nil, err
	}
	defer a.Close()
	unit, scope, err := a.AddUnit(ctx, benchUnit)
	if err != nil {
		return nil, err
	}
	console := identity.With(ctx, identity.Console(unit))
	if err := addCrew(console, a, unit); err != nil {
		return nil, err
	}
	if err := a.Start(ctx); err != nil {
		return nil, err
	}
	page, err := a.Assessments.Board(scope.ID).Page(ctx, risk.Filter{}, 0, size/20)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	from := start.AddDate(-1, 0, 0)
	outcomes := size * 3 / 100
	f := filler{App: a, ctx: console, scope: scope.ID}
	defer a.DB.SetClock(nil)
	for i, row := range page.Rows {
		at := from.Add(time.Duration(i) * start.Sub(from) / time.Duration(len(page.Rows)))
		a.DB.SetClock(func() time.Time { return at })
		if err := f.open(row, i < outcomes); err != nil {
			return nil, err
		}
		if i%500 == 0 {
			b.show.tick("casework: %d cases", i)
		}
	}
	took := time.Since(start).Seconds()
	a.DB.SetClock(nil)
	s.add(figure{What: "acts, each durable", At: size, Value: float64(f.acts) / took, Unit: "/s"})
	if err := a.Bus.Drain(ctx, func(left int) { b.show.tick("casework: %d lessons left", left) }); err != nil {
		return nil, err
	}
	return f.cases, b.reweigh(console, s, a, scope.ID, size)
}

func addCrew(ctx context.Context, a *app.App, unit identity.Unit) error {
	for i := range crewSize {
		n := benchOfficer
		n.Username, n.Name = fmt.Sprintf("crew-%d", i), fmt.Sprintf("Officer %d", i)
		if _, err := a.Identity.Officers.Ensure(ctx, unit.ID, n); err != nil {
			return err
		}
	}
	return nil
}

// reweigh measures how long it takes to learn the weights from all outcomes.
func (b *bench) reweigh(ctx context.Context, s *section, a *app.App, scope cargo.ScopeID, size int) error {
	b.show.step("casework: learning the weights")
	start := time.Now()
	if _, err := a.Assessments.Propose(ctx, scope, 0); err != nil {
		return fmt.Errorf("learn the weights: %w", err)
	}
	s.add(figure{What: "weights learned, with their effect", At: size, Value: time.Since(start).Seconds(), Unit: "s", Target: 10, Low: true})
	return nil
}

// filler opens cases and concludes some.
type filler struct {
	*app.App
	ctx   context.Context
	scope cargo.ScopeID
	cases []int64
	acts  int
}

func (f *filler) open(row risk.Row, conclude bool) error {
	done, err := f.Cases.Open(f.ctx, f.scope, casework.Opening{Consignments: []int64{row.Consignment}, Origin: casework.FromQueue})
	if err != nil {
		return nil // the draw has opened a case for it
	}
	f.cases = append(f.cases, done.Case)
	f.acts++
	if !conclude {
		return nil
	}
	f.acts += 2
	o := casework.Outcome{Consignment: row.Consignment, Method: casework.Partial, Result: casework.NothingFound, Verdicts: map[string]casework.Verdict{}}
	end := casework.Conclusion{Ending: casework.Released, Reason: casework.Reason{Code: "examined-clear"}}
	if f.acts%5 == 0 {
		o.Result = casework.Seizure
		o.Goods = []casework.FoundGoods{{Category: casework.Tobacco, Quantity: 120_000, Unit: casework.Stick, Value: cargo.Money{Amount: 9000, Currency: "USD"}}}
		end = casework.Conclusion{Ending: casework.Found, Reason: casework.Reason{Code: "seized"}}
	}
	for i, id := range row.Indicators {
		o.Verdicts[id] = casework.Verdicts[(i+f.acts)%len(casework.Verdicts)]
	}
	if done, err = f.Cases.RecordOutcome(f.ctx, casework.Ref{Scope: f.scope, Case: done.Case, Saw: done.Version}, o); err != nil {
		return err
	}
	_, err = f.Cases.Conclude(f.ctx, casework.Ref{Scope: f.scope, Case: done.Case, Saw: done.Version}, end)
	return err
}

// crewPause is how long an officer of the crew waits between two requests, on average.
const crewPause = time.Second

// workTogether lets the crew work and reports how quickly they were answered.
func (b *bench) workTogether(ctx context.Context, s *section, srv *server, size int) error {
	length := b.Shift
	c := &crew.Crew{Base: srv.address, Pause: crewPause}
	officers := make([]*crew.Officer, crewSize)
	for i := range officers {
		var err error
		if officers[i], err = c.SignIn(ctx, fmt.Sprintf("crew-%d", i), benchOfficer.Password, uint64(i)); err != nil {
			return err
		}
	}
	c.Answers = nil
	shift, end := context.WithTimeout(ctx, length)
	defer end()
	b.show.step("%d officers work for %v", crewSize, length)
	var wait sync.WaitGroup
	failed := make([]error, crewSize)
	for i, o := range officers {
		wait.Go(func() { failed[i] = o.Work(shift) })
	}
	wait.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	took := make([]time.Duration, len(c.Answers))
	for i, a := range c.Answers {
		took[i] = a.Took
	}
	fig := latency(took)
	fig.What, fig.At, fig.Target = fmt.Sprintf("%d officers at once, every request", crewSize), size, 150
	s.add(fig)
	s.note("The crew sent %d requests in %v; %d acts were acknowledged; %d answers were faults.", len(c.Answers), length, len(c.Acks), len(c.Faults))
	for _, f := range c.Faults[:min(len(c.Faults), 5)] {
		s.note("Fault: %s", f)
	}
	return b.checkAcks(ctx, s, c, srv)
}

// checkAcks counts acknowledged acts that are not there.
func (b *bench) checkAcks(ctx context.Context, s *section, c *crew.Crew, srv *server) error {
	srv.stop()
	a, err := app.Open(ctx, app.Config{Database: filepath.Join(b.dir, "bench.db")})
	if err != nil {
		return err
	}
	defer a.Close()
	ctx, _, scope, err := a.Unit(ctx, benchUnit.Code)
	if err != nil {
		return err
	}
	lost := 0
	cases := map[int64]*casework.Case{}
	for _, ack := range c.Acks {
		if cases[ack.Case] == nil {
			if cases[ack.Case], err = a.Cases.Case(ctx, scope.ID, ack.Case); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(cases[ack.Case].Acts, func(act casework.Act) bool { return act.Key == ack.Key }) {
			lost++
		}
	}
	s.note("Of the acknowledged acts, %d are not in the database.", lost)
	return nil
}
