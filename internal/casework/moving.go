package casework

import (
	"context"
	"slices"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// AddConsignments takes further consignments into the case. Errors: as of Open.
func (s *Cases) AddConsignments(ctx context.Context, ref Ref, consignments []int64) (Done, error) {
	bases, err := s.bases(ctx, ref.Scope, consignments)
	if err != nil {
		return Done{}, err
	}
	done, err := s.do(ctx, ref, &consignmentAdded{Consignments: bases})
	if fault.Is(err, fault.Conflict) && done == (Done{}) {
		err = s.openElsewhere(ctx, s.DB.Read, bases, err)
	}
	return done, err
}

// RemoveConsignment takes a consignment out of the case, with a reason in words.
func (s *Cases) RemoveConsignment(ctx context.Context, ref Ref, consignment int64, words string) (Done, error) {
	return s.do(ctx, ref, &consignmentRemoved{Consignment: consignment, Words: words})
}

// Select takes a proposed case up; a case of nobody becomes the officer's.
func (s *Cases) Select(ctx context.Context, ref Ref) (Done, error) {
	return s.do(ctx, ref, &selected{})
}

// Hold says that the goods may not leave, for a reason of ReasonHold.
func (s *Cases) Hold(ctx context.Context, ref Ref, r Reason) (Done, error) {
	return s.do(ctx, ref, &held{Reason: r})
}

// LiftHold lets a held case go on, for a reason of ReasonLift.
func (s *Cases) LiftHold(ctx context.Context, ref Ref, r Reason) (Done, error) {
	return s.do(ctx, ref, &holdLifted{Reason: r})
}

// OrderScan sends the goods to the scanner.
func (s *Cases) OrderScan(ctx context.Context, ref Ref) (Done, error) {
	return s.do(ctx, ref, &scanOrdered{})
}

// OrderExamination sends the goods to be examined.
func (s *Cases) OrderExamination(ctx context.Context, ref Ref) (Done, error) {
	return s.do(ctx, ref, &examinationOrdered{})
}

// Conclude decides the case, for a reason of ReasonRelease, ReasonFound or ReasonRefer. A
// release needs words when a consignment that is to be examined was not. Concluded is
// announced.
func (s *Cases) Conclude(ctx context.Context, ref Ref, c Conclusion) (Done, error) {
	return s.do(ctx, ref, &concluded{Conclusion: c})
}

func (d *concluded) prepare(ctx context.Context, s *Cases, c *Case) error {
	ids := make([]int64, 0, len(c.Consignments))
	for _, m := range c.Present() {
		ids = append(ids, m.Consignment)
	}
	var err error
	d.Bases, err = s.bases(ctx, c.Scope, ids)
	return err
}

// Reopen takes a concluded case up again, for a reason of ReasonReopen in words. Errors:
// besides those of every act, an OpenElsewhere.
func (s *Cases) Reopen(ctx context.Context, ref Ref, r Reason) (Done, error) {
	done, err := s.do(ctx, ref, &reopened{Reason: r})
	if !fault.Is(err, fault.Conflict) || done != (Done{}) {
		return done, err
	}
	c, loadErr := selectCase(ctx, s.DB.Read, ref.Scope, ref.Case)
	if loadErr != nil || c.State.Open() {
		return done, err
	}
	var bases []Basis
	for _, m := range c.Present() {
		bases = append(bases, m.Basis)
	}
	return done, s.openElsewhere(ctx, s.DB.Read, bases, err)
}

// Assign hands the case over to an officer of the unit; 0 leaves it to nobody.
func (s *Cases) Assign(ctx context.Context, ref Ref, officer int64, words string) (Done, error) {
	return s.do(ctx, ref, &assigned{Owner: officer, Words: words})
}

func (d *assigned) prepare(ctx context.Context, s *Cases, c *Case) error {
	return s.checkColleagues(ctx, c.Scope, "owner", d.Owner)
}

// checkColleagues returns a fault.Invalid when one of the officers is not of the unit.
func (s *Cases) checkColleagues(ctx context.Context, scope cargo.ScopeID, field string, officers ...int64) error {
	members, err := s.members(ctx, scope)
	if err != nil {
		return err
	}
	v, _ := identity.From(ctx)
	for _, o := range officers {
		if o == 0 || o == v.Officer.ID {
			continue
		}
		if !slices.ContainsFunc(members, func(m identity.Member) bool { return m.ID == o }) {
			return invalid(field, "there is no such officer in this unit")
		}
	}
	return nil
}

func (s *Cases) members(ctx context.Context, scope cargo.ScopeID) ([]identity.Member, error) {
	unit, err := s.Unit(ctx, scope)
	if err != nil {
		return nil, err
	}
	return s.Officers.OfUnit(ctx, unit.ID)
}

// SetDeadline says until when the case is to be decided; a zero time takes the deadline
// away.
func (s *Cases) SetDeadline(ctx context.Context, ref Ref, at time.Time) (Done, error) {
	return s.do(ctx, ref, &deadlineSet{At: store.Time(at)})
}
