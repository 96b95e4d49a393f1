// Package app is the one place that knows everyone: it wires stores, domains, routes,
// subscriptions and jobs into the program that cmd/tidewaiter starts.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseweb"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/author"
	"tidewaiter/internal/learning/certificate"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/learning/exerciseweb"
	"tidewaiter/internal/learning/play"
	"tidewaiter/internal/learning/study"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
)

// Config is what every command that works on a database is told.
type Config struct {
	Database  string // path of a SQLite file, or postgres://...
	Reference string // folder of imported code lists; may be missing
	Courses   string // folder of further courses; empty: none
	PublicURL string // address at which the pages are reached from outside; empty: nobody said
	Log       *slog.Logger
}

// App is the program at work on one database.
type App struct {
	DB           *store.DB
	Bus          *bus.Bus
	Identity     *identity.Registry
	Cargo        *cargo.Consignments
	Files        *evidence.Files
	Imports      *intake.Imports
	Assessments  *risk.Assessments
	Cases        *casework.Cases
	Records      *learning.Records
	Studies      *study.Studies
	Exercises    *exercise.Exercises
	Certificates *certificate.Certificates
	Authors      *author.Desk
	Player       *play.Player
	Reference    *reference.Directory
	Log          *slog.Logger

	casePages     *caseweb.Pages
	exercisePages *exerciseweb.Pages
	liveScopes
	started bool
}

// Open opens the database and wires the domains; nothing is delivered before Start.
func Open(ctx context.Context, c Config) (*App, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	codes, err := reference.Load(c.Reference)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	a := &App{DB: db, Bus: bus.New(db, c.Log), Reference: codes, Log: c.Log}
	a.live = map[int64]cargo.Scope{}
	a.Identity = identity.Open(db, c.Log, identity.WithClock(db.Now))
	a.Cargo = cargo.NewConsignments(db, a.Bus)
	a.Files = evidence.NewFiles(db)
	a.Records = learning.NewRecords(db, a.Files, learning.Options{Trail: a.Identity.Audit, Log: c.Log})
	a.Imports = intake.NewImports(db, a.Bus, a.Cargo, a.Files, a.Identity.Audit, c.Log)
	a.Assessments = risk.NewAssessments(db, a.Bus, a.Cargo, engineReference(codes))
	a.Cases = a.openCasework()
	a.Player = a.openPlayer()
	if a.Studies, err = a.openStudies(c.Courses); err == nil {
		a.Exercises = a.openExercises()
		a.Certificates, err = a.openCertificates(c.PublicURL)
	}
	if err == nil {
		err = a.Bus.Open()
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return a, nil
}

// Start begins to deliver events, once; Close ends it.
func (a *App) Start(ctx context.Context) error {
	if a.started {
		return nil
	}
	a.started = true
	return a.Bus.Start(context.WithoutCancel(ctx)) // Close lets what is under way end
}

// Close lets running deliveries end and closes the database.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	return errors.Join(a.Bus.Stop(ctx), a.Identity.Audit.Flush(ctx), a.DB.Close())
}

// Unit returns the unit with the code and its live traffic, and the context of a
// person at the console who works there.
func (a *App) Unit(ctx context.Context, code string) (context.Context, identity.Unit, cargo.Scope, error) {
	unit, err := a.Identity.Units.ByCode(ctx, code)
	if err != nil {
		return ctx, unit, cargo.Scope{}, err
	}
	scope, err := a.Cargo.LiveScope(ctx, unit.ID)
	return identity.With(ctx, identity.Console(unit)), unit, scope, err
}

// OnlyUnit returns the code of the one unit there is, for commands that were not told
// which. Without units, or with several, it says what to do.
func (a *App) OnlyUnit(ctx context.Context) (string, error) {
	units, err := a.Identity.Units.All(ctx)
	if err != nil {
		return "", err
	}
	switch len(units) {
	case 0:
		return "", fault.New(fault.Invalid, "there is no unit yet").WithHint("add one: tidewaiter unit add CODE NAME --country KG")
	case 1:
		return units[0].Code, nil
	}
	return "", fault.New(fault.Invalid, "there are %d units", len(units)).WithHint("say which one: --unit CODE")
}

// AddUnit adds a unit with its live traffic and first settings.
func (a *App) AddUnit(ctx context.Context, u identity.Unit) (identity.Unit, cargo.Scope, error) {
	unit, err := a.Identity.Units.Ensure(identity.With(ctx, identity.Console(u)), u)
	if err != nil {
		return unit, cargo.Scope{}, err
	}
	scope, err := a.Cargo.LiveScope(ctx, unit.ID)
	if err != nil {
		return unit, scope, fmt.Errorf("open the traffic of unit %s: %w", unit.Code, err)
	}
	return unit, scope, a.Assessments.SetUp(ctx, scope.ID, unit.Country)
}

// ImportFile receives a file and waits until it has been read, calling progress on the
// way. Deliveries must have been started, here or in another process.
func (a *App) ImportFile(ctx context.Context, up intake.Upload, r io.Reader, progress func(*intake.Import)) (*intake.Import, error) {
	im, err := a.Imports.Receive(ctx, up, r)
	if err != nil || im.Known {
		return im, err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for im.State == intake.Reading {
		select {
		case <-ctx.Done():
			return im, ctx.Err()
		case <-tick.C:
		}
		if im, err = a.Imports.Get(ctx, up.Scope, im.ID); err != nil {
			return im, err
		}
		if progress != nil {
			progress(im)
		}
	}
	return im, nil
}
