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
	Consignments int // of each month
	Months       int // of work before this one
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
	return accounts, a.loadWorld(ctx, unit, scope.ID, o)
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

// loadWorld writes a generated world to a folder of its own and lives through it: files
// come in on the day they were sent, by the program's own ways, and until yesterday the
// unit has dealt with what arrived.
func (a *App) loadWorld(ctx context.Context, unit identity.Unit, scope cargo.ScopeID, o DemoOptions) error {
	dir, err := os.MkdirTemp("", "tidewaiter-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o.Progress("generating some months of trade")
	now := time.Now().UTC()
	world := simulate.Defaults(o.Seed, o.Consignments)
	world.Month = time.Date(now.Year(), now.Month()-time.Month(o.Months), 1, 0, 0, 0, 0, time.UTC)
	world.Months = o.Months + 1
	if _, err := simulate.Write(dir, simulate.CUSCAR, world, nil); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("generate the demo's trade: %w", err)
	}
	truth, err := readTruth(filepath.Join(dir, simulate.TruthFile))
	if err != nil {
		return err
	}
	s, err := a.newShift(ctx, unit, scope, truth, o.Seed)
	if err != nil {
		return err
	}
	a.DB.SetClock(s.now)
	defer a.DB.SetClock(nil)
	if err := s.live(ctx, dir, world.Month, now.Truncate(24*time.Hour), o.Progress); err != nil {
		return err
	}
	return s.study(now.Truncate(24 * time.Hour))
}

// live lets the days pass from the first one to today.
func (s *shift) live(ctx context.Context, dir string, first, today time.Time, progress func(string)) error {
	mail, err := mailOf(dir, first, today)
	if err != nil {
		return err
	}
	for day := first.AddDate(0, 0, -1); !day.After(today); day = day.AddDate(0, 0, 1) {
		progress("living through " + day.Format("2 January 2006"))
		s.turn(day.Add(time.Hour))
		for _, path := range mail[day] {
			if err := s.receiveFile(ctx, s.scope, path); err != nil {
				return err
			}
		}
		if err := s.Bus.Drain(ctx, func(int) {}); err != nil {
			return err
		}
		if day.Before(today) && !day.Before(first) {
			if err := s.work(day); err != nil {
				return err
			}
		}
	}
	return s.begin(today)
}

// mailOf returns the files of a world by the day on which they come in. The past before
// the first day is there when the unit begins, and what will be sent later this month is
// there today, so that the demo has something ahead.
func mailOf(dir string, first, today time.Time) (map[time.Time][]string, error) {
	mail := map[time.Time][]string{}
	for _, folder := range []string{simulate.HistoryFolder, ".", simulate.AmendmentsFolder} {
		paths, err := manifestFiles(filepath.Join(dir, folder))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			day, ok := simulate.SentDay(filepath.Base(path))
			if before := first.AddDate(0, 0, -1); !ok || folder == simulate.HistoryFolder || day.Before(before) {
				day = before
			}
			if day.After(today) {
				day = today
			}
			mail[day] = append(mail[day], path)
		}
	}
	return mail, nil
}

func (a *App) receiveFile(ctx context.Context, scope cargo.ScopeID, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = a.Imports.Receive(ctx, intake.Upload{Scope: scope, Name: filepath.Base(path), Via: intake.ViaFolder, Accept: true}, f)
	return err
}
