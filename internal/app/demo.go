package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/identity/identityweb"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/simulate"
)

// DemoOptions say what the demo shows.
type DemoOptions struct {
	Seed         uint64
	Consignments int
	Progress     func(string)
}

// demoUnit is the unit of the demo: made up, at a real place.
var demoUnit = identity.Unit{
	Code: "KGOSS-PCU", Name: "Port Control Unit Osh", Country: "KG", Place: "KGOSS", Timezone: "Asia/Bishkek", Language: "en",
}

// demoAccounts are offered on the sign-in page; the data is made up, so they are no
// secret.
var demoAccounts = []struct {
	identity.NewOfficer
	label string
}{
	{identity.NewOfficer{Username: "aigul", Name: "Aigul Sadykova", Language: "en", Role: identity.RoleOfficer, Password: "tide-and-time"}, "officer"},
	{identity.NewOfficer{Username: "bakyt", Name: "Бакыт Осмонов", Language: "ru", Role: identity.RoleHead, Password: "tide-and-time"}, "head"},
	{identity.NewOfficer{Username: "admin", Name: "Gulnara Asanova", Language: "en", Role: identity.RoleAdministrator, Password: "tide-and-time"}, "administrator"},
}

// Demo sets up a unit with officers and a generated past and month of traffic, loaded
// through intake as a real sender's files would be, and returns the accounts to sign
// in with. What is there already is kept.
func (a *App) Demo(ctx context.Context, o DemoOptions) ([]identityweb.DemoAccount, error) {
	unit, scope, err := a.AddUnit(ctx, demoUnit)
	if err != nil {
		return nil, err
	}
	ctx = identity.With(ctx, identity.Console(unit))
	var accounts []identityweb.DemoAccount
	for _, d := range demoAccounts {
		if _, err := a.Identity.Officers.Ensure(ctx, unit.ID, d.NewOfficer); err != nil {
			return nil, fmt.Errorf("add the %s of the demo: %w", d.label, err)
		}
		accounts = append(accounts, identityweb.DemoAccount{
			Username: d.Username, Password: d.Password, Name: d.Name, Role: d.Role, Unit: unit.Name,
		})
	}
	earlier, err := a.Imports.Recent(ctx, scope.ID, time.Now().Add(time.Hour), 1)
	if err != nil || len(earlier) > 0 {
		return accounts, err
	}
	if err := a.demoCapacity(ctx, scope); err != nil {
		return nil, err
	}
	return accounts, a.loadWorld(ctx, scope, o)
}

// demoCapacity gives the unit the capacity of a small team, so that most of the demo's
// traffic is released, as in life.
func (a *App) demoCapacity(ctx context.Context, scope cargo.Scope) error {
	set, err := a.Assessments.Settings(ctx, scope.ID)
	if err != nil {
		return err
	}
	set.Capacity.Examine, set.Capacity.Look = 5, 15
	set.Reason = "a team of four"
	_, err = a.Assessments.SaveSettings(ctx, scope.ID, set)
	return err
}

// loadWorld writes a generated world to a folder of its own and imports its files: the
// past, the month around today, and the amendments.
func (a *App) loadWorld(ctx context.Context, scope cargo.Scope, o DemoOptions) error {
	dir, err := os.MkdirTemp("", "tidewaiter-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o.Progress("generating a month of trade")
	world := simulate.Defaults(o.Seed, o.Consignments)
	world.Month = time.Now().UTC()
	if _, err := simulate.Write(dir, simulate.CUSCAR, world, nil); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("generate the demo's trade: %w", err)
	}
	for _, part := range []struct{ folder, title string }{
		{simulate.HistoryFolder, "the past"}, {".", "the month"}, {simulate.AmendmentsFolder, "amendments"},
	} {
		paths, err := manifestFiles(filepath.Join(dir, part.folder))
		if err != nil {
			return err
		}
		for i, path := range paths {
			o.Progress(fmt.Sprintf("importing %s, file %d of %d", part.title, i+1, len(paths)))
			if err := a.receiveFile(ctx, scope, path); err != nil {
				return err
			}
		}
	}
	return a.Bus.Drain(ctx, func(left int) { o.Progress(fmt.Sprintf("reading and assessing, %d batches left", left)) })
}

func (a *App) receiveFile(ctx context.Context, scope cargo.Scope, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = a.Imports.Receive(ctx, intake.Upload{Scope: scope.ID, Name: filepath.Base(path), Via: intake.ViaFolder, Accept: true}, f)
	return err
}
