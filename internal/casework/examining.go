package casework

import (
	"context"
	"strconv"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
)

// PlanExamination says where, when and by whom the goods are examined, and makes the
// checklist: by the form of each container, and by what the findings suspect. Planned
// again, items that are there stay as they are.
func (s *Cases) PlanExamination(ctx context.Context, ref Ref, p Plan) (Done, error) {
	p.At, p.Until = store.Time(p.At), store.Time(p.Until)
	return s.do(ctx, ref, &planned{Plan: p})
}

func (d *planned) prepare(ctx context.Context, s *Cases, c *Case) error {
	if err := s.checkColleagues(ctx, c.Scope, "team", d.Plan.Team...); err != nil {
		return err
	}
	ids := make([]int64, 0, len(c.Consignments))
	for _, m := range c.Present() {
		ids = append(ids, m.Consignment)
	}
	current, err := s.Cargo.Current(ctx, c.Scope, ids)
	if err != nil {
		return err
	}
	found, err := s.Risk.Newest(ctx, ids)
	if err != nil {
		return err
	}
	d.Items = nil
	for _, id := range ids {
		if consignment := current[id]; consignment != nil {
			d.Items = append(d.Items, Checklist(consignment, found[id].Findings)...)
		}
	}
	return nil
}

// CheckItem fills in an item of the checklist. It never conflicts: entries of several
// officers stand side by side.
func (s *Cases) CheckItem(ctx context.Context, ref Ref, e Entry) (Done, error) {
	e.ClientAt = store.Time(e.ClientAt)
	return s.do(ctx, ref, &itemChecked{Entry: e})
}

// RecordOutcome says what was found in a consignment. Each call makes a new version. In
// a concluded case it is a correction, which needs its reason in o.Correction, and
// Concluded is announced anew.
func (s *Cases) RecordOutcome(ctx context.Context, ref Ref, o Outcome) (Done, error) {
	c, err := selectCase(ctx, s.DB.Read, ref.Scope, ref.Case)
	if err != nil {
		return Done{}, err
	}
	return s.do(ctx, ref, fitting(c, &outcomeRecorded{Outcome: o}))
}

// fitting returns the deed as it is done to the case now: what was to be recorded is a
// correction once the case is concluded, and the other way round.
func fitting(c *Case, d deed) deed {
	switch o := d.(type) {
	case *outcomeRecorded:
		if c.State == Closed {
			return &outcomeCorrected{*o}
		}
	case *outcomeCorrected:
		if c.State.Open() {
			return &o.outcomeRecorded
		}
	}
	return d
}

func (d *outcomeRecorded) prepare(ctx context.Context, s *Cases, c *Case) error {
	if _, in := c.Member(d.Outcome.Consignment); !in {
		return fault.New(fault.NotFound, "the consignment is not in this case")
	}
	bases, err := s.bases(ctx, c.Scope, []int64{d.Outcome.Consignment})
	if err != nil {
		return err
	}
	d.Basis = bases[0]
	d.Outcome.Dollars, err = s.dollars(ctx, c.Scope, d.Outcome.Goods)
	return err
}

// dollars returns the value of the goods by the unit's rates; currencies without a rate
// count for nothing.
func (s *Cases) dollars(ctx context.Context, scope cargo.ScopeID, goods []FoundGoods) (sum float64, err error) {
	var set risk.UnitSettings
	for _, g := range goods {
		if g.Value.Amount == 0 {
			continue
		}
		if set.Version == 0 {
			if set, err = s.Risk.Settings(ctx, scope); err != nil {
				return 0, err
			}
		}
		sum += g.Value.Amount * rate(set.Engine.Lists, g.Value.Currency)
	}
	return sum, nil
}

func rate(lists risk.Lists, currency string) float64 {
	list, _ := lists.List("rates")
	for _, row := range list.Rows {
		if row[0] == currency {
			x, _ := strconv.ParseFloat(row[1], 64)
			return x
		}
	}
	return 0
}
