package risk

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"fmt"
	"maps"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// UnitSettings are what one unit has set, as one version. Every version is kept, so
// that an old assessment can be explained by what was in force.
type UnitSettings struct {
	Version  int      `json:"-"`
	Engine   Settings `json:"engine"`
	Capacity Capacity `json:"capacity"`
	Draw     Draw     `json:"draw"`

	Reason  string    `json:"-"` // why this version was made
	Officer int64     `json:"-"`
	At      time.Time `json:"-"`
}

// Reference gives the engine what it asks of code tables.
type Reference struct {
	Places PlaceLookup
	Owners OwnerLookup
}

// DefaultUnitSettings are those of a new unit: the program's engine, a capacity of ten
// examinations and forty looks a day, and a random share of one in a hundred with a
// seed of its own.
func DefaultUnitSettings(home string) UnitSettings {
	s := UnitSettings{
		Engine:   DefaultSettings(),
		Capacity: DefaultCapacity(),
		Draw:     Draw{Seed: NewSeed(), Share: 0.01},
	}
	s.Engine.Home = home
	return s
}

// NewSeed returns a random seed of 53 bits, which JSON keeps whole everywhere.
func NewSeed() uint64 {
	var b [8]byte
	rand.Read(b[:]) // never fails, by its contract
	return binary.LittleEndian.Uint64(b[:]) >> 11
}

// Settings returns the settings of a scope that are in force. The caller may change
// them: the lists are copied when they are, the weights here.
func (s *Assessments) Settings(ctx context.Context, scope cargo.ScopeID) (UnitSettings, error) {
	engine, err := s.engine(ctx, scope)
	if err != nil {
		return UnitSettings{}, err
	}
	set := engine.settings
	set.Engine.Weights = maps.Clone(set.Engine.Weights)
	return set, nil
}

func (s *Assessments) loadSettings(ctx context.Context, scope cargo.ScopeID) (UnitSettings, error) {
	set, err := selectSettings(ctx, s.db.Read, scope)
	if fault.Is(err, fault.NotFound) {
		return s.firstSettings(ctx, scope, "")
	}
	return set, err
}

// firstSettings saves the settings of a scope that has none yet.
func (s *Assessments) firstSettings(ctx context.Context, scope cargo.ScopeID, home string) (UnitSettings, error) {
	set := DefaultUnitSettings(home)
	set.Version, set.At = 1, s.db.Now()
	err := insertSettings(ctx, s.db.Write, scope, set)
	if err != nil && store.IsUnique(err) { // another process was quicker
		return selectSettings(ctx, s.db.Write, scope)
	}
	return set, err
}

// SetUp gives a new scope its first settings, for a unit in the country home. A scope
// that has settings keeps them.
func (s *Assessments) SetUp(ctx context.Context, scope cargo.ScopeID, home string) error {
	_, err := selectSettings(ctx, s.db.Read, scope)
	if fault.Is(err, fault.NotFound) {
		_, err = s.firstSettings(ctx, scope, home)
	}
	return err
}

// SaveSettings makes set the next version. set.Version is the version that the officer
// saw: when somebody has saved another since, that is a fault.Conflict and nothing is
// changed. Consignments are assessed by the new version from now on; the days from today
// on are divided by the new capacity at once.
func (s *Assessments) SaveSettings(ctx context.Context, scope cargo.ScopeID, set UnitSettings) (UnitSettings, error) {
	if set.Reason == "" {
		return set, fault.New(fault.Invalid, "settings are not changed without a reason").WithHint("say in a few words why")
	}
	if err := s.check(set); err != nil {
		return set, err
	}
	set.Version++
	set.At = s.db.Now()
	err := s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertSettings(ctx, tx, scope, set); err != nil {
			return err
		}
		return redivide(ctx, tx, scope, set.Capacity, set.At)
	})
	if fault.Is(err, fault.Conflict) {
		return set, fault.New(fault.Conflict, "somebody else has changed the settings in the meantime").WithHint("load the page again and repeat the change")
	}
	return set, err
}

func (s *Assessments) check(set UnitSettings) error {
	if set.Capacity.Examine < 0 || set.Capacity.Look < 0 || set.Capacity.Examine > 100_000 || set.Capacity.Look > 100_000 {
		return fault.New(fault.Invalid, "a capacity lies between 0 and 100,000 consignments a day")
	}
	if set.Draw.Share < 0 || set.Draw.Share > 1 {
		return fault.New(fault.Invalid, "a random share lies between 0 and 1, not %v", set.Draw.Share)
	}
	_, err := s.build(set)
	return err
}

func (s *Assessments) build(set UnitSettings) (*Engine, error) {
	settings := set.Engine
	settings.Places, settings.Owners = s.reference.Places, s.reference.Owners
	return NewEngine(settings)
}

// engine returns the engine of the settings in force, made anew when they changed.
func (s *Assessments) engine(ctx context.Context, scope cargo.ScopeID) (*unitEngine, error) {
	version, err := selectSettingsVersion(ctx, s.db.Read, scope)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	e := s.engines[scope]
	s.mu.Unlock()
	if e != nil && e.settings.Version == version {
		return e, nil
	}
	set, err := s.loadSettings(ctx, scope)
	if err != nil {
		return nil, err
	}
	engine, err := s.build(set)
	if err != nil {
		return nil, fmt.Errorf("settings %d of scope %d: %w", set.Version, scope, err)
	}
	e = &unitEngine{Engine: engine, settings: set}
	s.mu.Lock()
	s.engines[scope] = e
	s.mu.Unlock()
	return e, nil
}

// SavedView is a saved way to look at the queue.
type SavedView struct {
	ID    int64
	Title string
	Query string // the query string of the queue's address
}

// Views returns the officer's saved views of a scope.
func (s *Assessments) Views(ctx context.Context, scope cargo.ScopeID, officer int64) ([]SavedView, error) {
	return selectViews(ctx, s.db.Read, scope, officer)
}

// SaveView saves a view under a title; one with the same title is replaced.
func (s *Assessments) SaveView(ctx context.Context, scope cargo.ScopeID, officer int64, title, query string) error {
	if title == "" || len(title) > 100 || len(query) > 2000 {
		return fault.New(fault.Invalid, "a view has a title of at most 100 bytes")
	}
	return upsertView(ctx, s.db.Write, scope, officer, SavedView{ID: store.NewID(), Title: title, Query: query})
}

// DropView deletes one of the officer's views.
func (s *Assessments) DropView(ctx context.Context, scope cargo.ScopeID, officer, id int64) error {
	return deleteView(ctx, s.db.Write, scope, officer, id)
}
