package app

import (
	"context"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/identity"
)

// openCasework plugs casework into the domains below it.
func (a *App) openCasework() *casework.Cases {
	cases := casework.New(casework.Needs{
		DB: a.DB, Bus: a.Bus, Cargo: a.Cargo, Risk: a.Assessments, Files: a.Files,
		Officers: a.Identity.Officers, Audit: a.Identity.Audit, Unit: a.unitOf, Now: a.DB.Now,
	})
	bus.Subscribe(a.Bus, "casework", "casework.propose", cases.Propose)
	return cases
}

// unitOf returns the unit whose traffic a scope is.
func (a *App) unitOf(ctx context.Context, scope cargo.ScopeID) (identity.Unit, error) {
	s, err := a.Cargo.Scope(ctx, scope)
	if err != nil {
		return identity.Unit{}, err
	}
	return a.Identity.Units.Get(ctx, s.Unit)
}
