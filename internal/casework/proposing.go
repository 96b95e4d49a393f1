package casework

import (
	"context"
	"fmt"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/risk"
)

// Propose hears risk.Assessed: it opens a proposed case for each consignment that the
// random draw chose or that a rule of the unit fits, unless it is or was in a case. A
// batch may come twice. Nobody need be signed in.
func (s *Cases) Propose(ctx context.Context, e risk.Assessed) error {
	if err := s.propose(ctx, e); err != nil {
		// Not wrapped: whatever it is, it is ours to mend, and tried again until then.
		return fmt.Errorf("propose cases for %d consignments: %v", len(e.Versions), err)
	}
	return nil
}

func (s *Cases) propose(ctx context.Context, e risk.Assessed) error {
	rules, err := selectRules(ctx, s.DB.Read, e.Scope)
	if err != nil {
		return err
	}
	ids := newestIDs(e.Versions)
	parties, err := s.partyNames(ctx, e.Scope, rules, ids)
	if err != nil {
		return err
	}
	known, err := selectInCases(ctx, s.DB.Read, ids)
	if err != nil {
		return err
	}
	rows, err := s.Risk.Rows(ctx, e.Scope, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		row, assessed := rows[id]
		if known[id] || !assessed {
			continue
		}
		if err := s.proposeOne(ctx, e.Scope, row.Row, rules, parties[id]); err != nil {
			return err
		}
	}
	return nil
}

func newestIDs(refs []cargo.VersionRef) (ids []int64) {
	seen := map[int64]bool{}
	for _, r := range refs {
		if !seen[r.ID] {
			seen[r.ID] = true
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// partyNames returns the normal names of the consignments' parties, when a rule asks.
func (s *Cases) partyNames(ctx context.Context, scope cargo.ScopeID, rules RuleSet, ids []int64) (map[int64][]string, error) {
	out := map[int64][]string{}
	if !rules.byParty() {
		return out, nil
	}
	current, err := s.Cargo.Current(ctx, scope, ids)
	for id, c := range current {
		for _, p := range c.Parties {
			out[id] = append(out[id], cargo.NormalName(p.Name))
		}
	}
	return out, err
}

// longGone is after how many days nobody looks for what arrived: a unit that brings in its
// past is not to be asked to examine it.
const longGone = 14

func (s *Cases) proposeOne(ctx context.Context, scope cargo.ScopeID, row risk.Row, rules RuleSet, parties []string) error {
	o := Opening{Consignments: []int64{row.Consignment}, Origin: ByDraw, Proposed: true}
	if row.Withdrawn || row.Day < risk.Day(s.now())-longGone {
		return nil
	}
	if !row.Random {
		r, fits := rules.firstFit(row, parties)
		if !fits {
			return nil
		}
		o.Origin, o.Because = ByRule, r.Title
	}
	d, err := s.opened(ctx, scope, o)
	if err != nil {
		return err
	}
	_, err = s.open(ctx, scope, d, "")
	if fault.Is(err, fault.Conflict) {
		return nil // somebody has opened a case for it at this moment
	}
	return err
}

// ProposeByMessage opens a proposed case because another unit or agency asks for it; in
// words, because says who and why. Nobody need be signed in. Errors: fault.Invalid,
// fault.NotFound, and an OpenElsewhere when one of the consignments is in an open case.
func (s *Cases) ProposeByMessage(ctx context.Context, scope cargo.ScopeID, consignments []int64, because, key string) (Done, error) {
	d, err := s.opened(ctx, scope, Opening{Consignments: consignments, Origin: FromMessage, Proposed: true, Because: because})
	if err != nil {
		return Done{}, err
	}
	return s.open(ctx, scope, d, key)
}
