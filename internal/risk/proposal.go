package risk

import (
	"context"
	"database/sql"
	"maps"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// Proposal is a set of weights that outcomes suggest. It changes nothing until a person
// adopts it.
type Proposal struct {
	ID       int64
	Settings int // version of the unit's settings that was in force
	At       time.Time
	Officer  int64 // who had it made
	Fit      Fit
	Effect   Effect

	State     ProposalState
	Reason    string // of the decision
	DecidedBy int64
	DecidedAt time.Time
	Adopted   int // version of the settings that it became
}

// ProposalState is what became of a proposal.
type ProposalState string

// States of a proposal. Only an open one can be decided, and only the newest is open.
const (
	ProposalOpen     ProposalState = "open"
	ProposalAdopted  ProposalState = "adopted"
	ProposalDeclined ProposalState = "declined"
	ProposalReplaced ProposalState = "replaced" // by a newer one
	ProposalIdle     ProposalState = "idle"     // the outcomes bear no change
)

// Examples returns what weights are learned from: examined consignments that the score,
// the draw or a rule chose, in the order of time. Those that an officer or a message chose
// are left out (see FitWeights).
func Examples(lessons []Lesson) []Example {
	var out []Example
	for i := range lessons {
		l := &lessons[i]
		if !l.Examined || !l.Drawn && (l.Selection == ByOfficer || l.Selection == ByMessage) {
			continue
		}
		e := Example{Fired: l.Fired, Found: l.Found, Inclusion: 1}
		if l.Drawn && l.Channel != Examine && l.Inclusion > 0 {
			e.Inclusion = l.Inclusion
		}
		out = append(out, e)
	}
	return out
}

// Propose estimates weights from the scope's outcomes, tries them on its traffic, and
// keeps the result as a proposal. Open ones before it are replaced. officer is who asked.
func (s *Assessments) Propose(ctx context.Context, scope cargo.ScopeID, officer int64) (Proposal, error) {
	set, err := s.Settings(ctx, scope)
	if err != nil {
		return Proposal{}, err
	}
	lessons, err := s.Lessons(ctx, scope)
	if err != nil {
		return Proposal{}, err
	}
	expert, err := s.expertWeights(ctx, scope)
	if err != nil {
		return Proposal{}, err
	}
	p := Proposal{ID: store.NewID(), Settings: set.Version, Officer: officer, At: s.db.Now(), State: ProposalIdle}
	p.Fit = FitWeights(Examples(lessons), expert, WeightsOf(set.Engine))
	if p.Fit.Supported {
		p.State = ProposalOpen
		if p.Effect, err = s.tryOut(ctx, scope, WeightsOf(set.Engine), p.Fit.Weights, set.Capacity, lessons); err != nil {
			return p, err
		}
	}
	return p, s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := replaceProposals(ctx, tx, scope); err != nil {
			return err
		}
		return insertProposal(ctx, tx, scope, p)
	})
}

// expertWeights returns the weights that people set: the program's own, with what was
// changed by hand since. What became of proposals does not count, so that outcomes are
// not heard twice.
func (s *Assessments) expertWeights(ctx context.Context, scope cargo.ScopeID) (Weights, error) {
	expert := WeightsOf(DefaultSettings())
	adopted, err := selectAdopted(ctx, s.db.Read, scope)
	if err != nil {
		return expert, err
	}
	before := WeightsOf(DefaultSettings())
	err = selectWeightsHistory(ctx, s.db.Read, scope, func(version int, set Settings) {
		now := WeightsOf(set)
		if !adopted[version] {
			if now.Base != before.Base {
				expert.Base = now.Base
			}
			for id, w := range now.Indicators {
				if w != before.Indicators[id] {
					expert.Indicators[id] = w
				}
			}
		}
		before = now
	})
	return expert, err
}

// Proposals returns the newest proposals of a scope, the latest first.
func (s *Assessments) Proposals(ctx context.Context, scope cargo.ScopeID, limit int) ([]Proposal, error) {
	return selectProposals(ctx, s.db.Read, scope, limit)
}

// Proposal returns one proposal of a scope, or fault.NotFound.
func (s *Assessments) Proposal(ctx context.Context, scope cargo.ScopeID, id int64) (Proposal, error) {
	return selectProposal(ctx, s.db.Read, scope, id)
}

// Adopt puts an open proposal's weights in force, as the next version of the unit's
// settings, and returns these. When the settings have changed since it was made, or it
// has been decided already, that is a fault.Conflict.
func (s *Assessments) Adopt(ctx context.Context, scope cargo.ScopeID, id, officer int64, reason string) (UnitSettings, error) {
	p, err := s.decidable(ctx, scope, id, reason)
	if err != nil {
		return UnitSettings{}, err
	}
	set, err := s.Settings(ctx, scope)
	if err != nil {
		return set, err
	}
	if set.Version != p.Settings {
		return set, fault.New(fault.Conflict, "the settings have changed since these weights were estimated").
			WithHint("estimate them anew")
	}
	set.Engine.Base, set.Engine.Weights = p.Fit.Weights.Base, differing(p.Fit.Weights)
	set.Reason, set.Officer = reason, officer
	if err := s.check(set); err != nil {
		return set, err
	}
	set.Version++
	set.At = s.db.Now()
	p.State, p.Reason, p.DecidedBy, p.DecidedAt, p.Adopted = ProposalAdopted, reason, officer, set.At, set.Version
	err = s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := decideProposal(ctx, tx, scope, p); err != nil {
			return err
		}
		if err := insertSettings(ctx, tx, scope, set); err != nil {
			return err
		}
		return redivide(ctx, tx, scope, set.Capacity, set.At)
	})
	if store.IsUnique(err) {
		return set, fault.New(fault.Conflict, "somebody else has changed the settings in the meantime").WithHint("estimate the weights anew")
	}
	return set, err
}

// Decline sets an open proposal aside.
func (s *Assessments) Decline(ctx context.Context, scope cargo.ScopeID, id, officer int64, reason string) error {
	p, err := s.decidable(ctx, scope, id, reason)
	if err != nil {
		return err
	}
	p.State, p.Reason, p.DecidedBy, p.DecidedAt = ProposalDeclined, reason, officer, s.db.Now()
	return s.db.InTx(ctx, func(tx *sql.Tx) error { return decideProposal(ctx, tx, scope, p) })
}

func (s *Assessments) decidable(ctx context.Context, scope cargo.ScopeID, id int64, reason string) (Proposal, error) {
	p, err := s.Proposal(ctx, scope, id)
	switch {
	case err != nil:
		return p, err
	case reason == "":
		return p, fault.New(fault.Invalid, "weights are not decided on without a reason").WithHint("say in a few words why")
	case p.State != ProposalOpen:
		return p, errDecided()
	}
	return p, nil
}

func errDecided() error {
	return fault.New(fault.Conflict, "this proposal is not open any more").WithHint("load the page again")
}

// differing returns the weights that are not the program's own: what settings keep.
func differing(w Weights) map[string]LogOdds {
	out := maps.Clone(w.Indicators)
	for _, in := range indicators {
		if out[in.ID] == in.Weight {
			delete(out, in.ID)
		}
	}
	return out
}
