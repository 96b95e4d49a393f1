package app

import (
	"context"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
)

// openCasework plugs casework into the domains below it.
func (a *App) openCasework() *casework.Cases {
	cases := casework.New(casework.Needs{
		DB: a.DB, Bus: a.Bus, Cargo: a.Cargo, Risk: a.Assessments, Files: a.Files,
		Officers: a.Identity.Officers, Audit: a.Identity.Audit, Unit: a.unitOf, Now: a.DB.Now,
	})
	bus.Subscribe(a.Bus, "casework", "casework.propose", a.proposeLive(cases))
	bus.Subscribe(a.Bus, "learning", "risk.learn", a.learn)
	return cases
}

// selections are the words of risk for who chose.
var selections = map[casework.Selection]risk.Selection{
	casework.ByEngine: risk.ByEngine, casework.AtRandom: risk.ByDraw, casework.ByOfficer: risk.ByOfficer,
	casework.RuleMade: risk.ByRule, casework.Requested: risk.ByMessage,
}

// learn tells risk what cases came to.
func (a *App) learn(ctx context.Context, e casework.Concluded) error {
	outcomes := make([]risk.Outcome, len(e.Consignments))
	for i, r := range e.Consignments {
		outcomes[i] = risk.Outcome{
			Consignment: r.Consignment, Version: r.Version, Revision: r.Revision, At: e.At,
			Selection: selections[r.Selection], Inclusion: r.Inclusion, Examined: r.Examined,
			Found:  r.Result == casework.Irregularity || r.Result == casework.Seizure,
			Result: string(r.Result), Right: r.Right, Wrong: r.Wrong,
		}
		if len(r.Categories) > 0 {
			outcomes[i].Category = string(r.Categories[0])
		}
	}
	return a.Assessments.Learn(ctx, e.Scope, outcomes)
}

// unitOf returns the unit whose traffic a scope is.
func (a *App) unitOf(ctx context.Context, scope cargo.ScopeID) (identity.Unit, error) {
	s, err := a.Cargo.Scope(ctx, scope)
	if err != nil {
		return identity.Unit{}, err
	}
	return a.Identity.Units.Get(ctx, s.Unit)
}
