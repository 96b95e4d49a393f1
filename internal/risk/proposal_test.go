package risk

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
)

// taught is a desk whose examinations found that the weaker of two kinds of consignment
// is the guilty one, and the stronger one is not.
func taught(d *desk, n int) {
	d.Helper()
	now := d.db.Now()
	var all []*cargo.Consignment
	for i := range n {
		c := doubtful(1) // vague goods
		if i%2 == 1 {
			c = doubtful(0)
			c.Totals.GrossMass *= 3 // and sums that do not agree
		}
		c.Document.Number = fmt.Sprintf("KIND%05d", i)
		c.Equipment[0].Number = boxNumber(5000 + i)
		c.Equipment[0].Seals[0].Number = fmt.Sprintf("KS%07d", i)
		c.Journey.Arrival = now.AddDate(0, 0, -2-i/10)
		all = append(all, c)
	}
	d.save(all...)
	scores := map[bool]LogOdds{}
	rows := d.page(Filter{}).Rows
	cs, err := d.keep.Current(d.Context(), d.scope, rowIDs(rows))
	if err != nil {
		d.Fatal(err)
	}
	for _, r := range rows {
		scores[cs[r.Consignment].Totals.GrossMass > cs[r.Consignment].GrossMass()] += r.Score
	}
	guilty := scores[true] < scores[false]
	var outcomes []Outcome
	for _, r := range rows {
		c := cs[r.Consignment]
		outcomes = append(outcomes, Outcome{Consignment: r.Consignment, Revision: 1, At: c.Journey.Arrival.Add(time.Hour), Selection: ByEngine, Examined: true,
			Found: (c.Totals.GrossMass > c.GrossMass()) == guilty})
	}
	d.learn(outcomes...)
}

func rowIDs(rows []Row) []int64 {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.Consignment
	}
	return ids
}

func (d *desk) propose() Proposal {
	d.Helper()
	p, err := d.Propose(context.Background(), d.scope, 4)
	if err != nil {
		d.Fatal(err)
	}
	return p
}

func TestProposals(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ctx := context.Background()
		if p := d.propose(); p.State != ProposalIdle || p.Fit.Supported {
			d.Errorf("a proposal of nothing: %+v", p)
		}
		taught(d, 240)
		p := d.propose()
		if p.State != ProposalOpen || p.Settings != 1 || p.Fit.Examples != 240 || p.Fit.Validation.Gain.Low <= 0 {
			d.Fatalf("%+v", p.Fit)
		}
		if e := p.Effect; e.Of < 220 || e.Of > 240 || e.To <= e.From || e.Other.Found == 0 {
			d.Errorf("effect %+v", e)
		}
		kept, err := d.Proposal(ctx, d.scope, p.ID)
		if err != nil || fmt.Sprint(kept) != fmt.Sprint(p) {
			d.Errorf("kept %+v, %v\nmade %+v", kept, err, p)
		}
		if _, err := d.Proposal(ctx, d.scope+1, p.ID); !fault.Is(err, fault.NotFound) {
			d.Errorf("another scope's proposal: %v", err)
		}
		if _, err := d.Adopt(ctx, d.scope, p.ID, 7, ""); !fault.Is(err, fault.Invalid) {
			d.Errorf("without a reason: %v", err)
		}
		if err := d.Decline(ctx, d.scope, p.ID, 7, "not yet"); err != nil {
			d.Fatal(err)
		}
		for _, err := range []error{d.Decline(ctx, d.scope, p.ID, 7, "again"), second(d.Adopt(ctx, d.scope, p.ID, 7, "after all"))} {
			if !fault.Is(err, fault.Conflict) {
				d.Errorf("decided twice: %v", err)
			}
		}
		first, next := d.propose(), d.propose()
		if _, err := d.Adopt(ctx, d.scope, first.ID, 7, "late"); !fault.Is(err, fault.Conflict) {
			d.Errorf("a replaced one is adopted: %v", err)
		}
		set, err := d.Adopt(ctx, d.scope, next.ID, 7, "three months of outcomes")
		if err != nil || set.Version != 2 {
			d.Fatalf("%+v, %v", set, err)
		}
		inForce, err := d.Settings(ctx, d.scope)
		if err != nil || inForce.Version != 2 || !sameWeights(WeightsOf(inForce.Engine), next.Fit.Weights) || inForce.Reason != "three months of outcomes" || inForce.Officer != 7 {
			d.Errorf("in force %+v, %v", inForce, err)
		}
		all, err := d.Proposals(ctx, d.scope, 10)
		if err != nil || len(all) != 4 {
			d.Fatalf("%d proposals, %v", len(all), err)
		}
		for i, want := range []ProposalState{ProposalAdopted, ProposalReplaced, ProposalDeclined, ProposalIdle} {
			if all[i].State != want {
				d.Errorf("proposal %d is %s, want %s", i, all[i].State, want)
			}
		}
		if all[0].Adopted != 2 || all[2].Reason != "not yet" || all[2].DecidedBy != 7 || all[2].DecidedAt.IsZero() || !all[1].DecidedAt.IsZero() {
			d.Errorf("what was decided: %+v", all)
		}
	})
}

func second[A any](_ A, err error) error { return err }

func TestProposalOfOldSettings(t *testing.T) {
	eachDesk(t, func(d *desk) {
		taught(d, 200)
		p := d.propose()
		d.change(func(s *UnitSettings) { s.Capacity.Examine++ })
		if _, err := d.Adopt(context.Background(), d.scope, p.ID, 7, "yes"); !fault.Is(err, fault.Conflict) {
			d.Errorf("weights of other settings are adopted: %v", err)
		}
	})
}

// What people set by hand is what the estimate is drawn to; what was adopted is not.
func TestExpertWeights(t *testing.T) {
	eachDesk(t, func(d *desk) {
		taught(d, 200)
		d.change(func(s *UnitSettings) { s.Engine.Weights = map[string]LogOdds{"S02": 1, "T05": 0} })
		p := d.propose()
		if e := estimateOf(d.T, p.Fit, "S02"); e.Expert != 1 || e.Current != 1 {
			d.Errorf("set by hand: %+v", e)
		}
		set, err := d.Adopt(context.Background(), d.scope, p.ID, 7, "yes")
		if err != nil || set.Engine.Weights["T05"] != 0 {
			d.Fatalf("%v, %v", set.Engine.Weights, err)
		}
		d.change(func(s *UnitSettings) { s.Engine.Weights["D01"] = 2.5 })
		expert, err := d.expertWeights(context.Background(), d.scope)
		if err != nil {
			d.Fatal(err)
		}
		want := WeightsOf(DefaultSettings())
		want.Indicators["S02"], want.Indicators["T05"], want.Indicators["D01"] = 1, 0, 2.5
		if !sameWeights(expert, want) {
			d.Errorf("expert weights %v, want %v", expert, want)
		}
	})
}

func TestExamples(t *testing.T) {
	lesson := func(by Selection, channel Channel, drawn, examined bool) Lesson {
		l := Lesson{Drawn: drawn, Channel: channel}
		l.Selection, l.Examined, l.Inclusion = by, examined, 0.02
		return l
	}
	got := Examples([]Lesson{
		lesson(ByEngine, Examine, false, true), lesson(ByDraw, Release, true, true), lesson(ByDraw, Examine, true, true),
		lesson(ByOfficer, Release, false, true), lesson(ByMessage, Look, false, true), lesson(ByRule, Look, false, true),
		lesson(ByOfficer, Look, true, true), lesson(ByEngine, Examine, false, false),
	})
	var inclusion []float64
	for _, e := range got {
		inclusion = append(inclusion, e.Inclusion)
	}
	if fmt.Sprint(inclusion) != "[1 0.02 1 1 0.02]" {
		t.Errorf("inclusion %v", inclusion)
	}
}

func TestEffect(t *testing.T) {
	days := map[int][]candidate{
		10: {{Change{1, 10, 3, 1}, true, false}, {Change{2, 10, 2, 4}, true, true}, {Change{3, 10, 1, 3}, false, false}},
		12: {{Change{4, 12, 0, 0}, false, false}, {Change{5, 12, -5, 5}, false, false}},
	}
	e := effectOf(days, Capacity{Examine: 2, ExamineFloor: 0, Look: 5, LookFloor: -9})
	if e.From != 10 || e.To != 12 || e.Of != 5 || e.Both.Count != 2 || e.Both.Found != 1 || e.Both.Examined != 1 ||
		e.Only.Count != 1 || e.Only.Examined != 1 || e.Only.Found != 0 || e.Other.Count != 2 || e.Other.Examined != 0 {
		t.Errorf("%+v", e)
	}
	if len(e.Other.Examples) != 2 || e.Other.Examples[0].Consignment != 5 || e.Only.Examples[0].Consignment != 1 {
		t.Errorf("examples %+v %+v", e.Other.Examples, e.Only.Examples)
	}
}
