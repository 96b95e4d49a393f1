package play

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/cmi5"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

// Needs are what a Player works with.
type Needs struct {
	DB      *store.DB
	Bus     *bus.Bus
	Files   *evidence.Files
	Records *learning.Records
	Audit   *identity.Audit
	Home    string // home page of the accounts of officers, and of the ids of activities
}

// Player are the use-cases of packages.
type Player struct{ Needs }

// New returns the use-cases. Credentials of sessions are known to the record store from
// then on.
func New(n Needs) *Player {
	p := &Player{n}
	n.Records.Clients.Sessions = p.Client
	return p
}

// Completed is announced, once, when a learner has completed a package.
type Completed struct {
	Registration int64     `json:"registration"`
	Officer      int64     `json:"officer"` // 0: a learner of another system
	Unit         int64     `json:"unit"`
	Package      int64     `json:"package"`
	Title        pack.Text `json:"title"`
	At           time.Time `json:"at"`
}

// EventName names the event.
func (Completed) EventName() string { return "play.completed" }

// Package is a package that was brought in.
type Package struct {
	ID         int64
	Unit       int64 // of the house, that it belongs to
	Name       string
	File       string // hash
	Size       int64
	ImportedBy int64
	ImportedAt time.Time
	Removed    time.Time // zero while it is offered
	pack.Package
}

// unit returns a unit of the package by its index, or a fault.NotFound.
func (p *Package) unit(i int) (pack.Unit, error) {
	if i < 0 || i >= len(p.Units) {
		return pack.Unit{}, fault.New(fault.NotFound, "the package has no unit %d", i+1)
	}
	return p.Units[i], nil
}

// Registration is a learner in a package.
type Registration struct {
	ID        int64
	Key       string // UUID
	Package   int64
	Unit      int64 // of the house
	Officer   int64 // 0: a learner of another system
	Home      string
	Account   string
	Actor     json.RawMessage
	Satisfied []string
	Begun     time.Time
	Completed time.Time // zero until it is
	Progress  map[int]*Progress
}

// Progress is how far a learner is in a unit.
type Progress struct {
	Unit      int
	Completed bool
	Success   string // passed, failed or ""
	Score     *float64
	Seconds   int64
	Heard     cmi5.Heard
	Suspended bool
	CMI       []byte
	Updated   time.Time
}

// Done reports whether nothing is left to do in the unit.
func (g *Progress) Done() bool {
	return g != nil && (g.Completed && g.Success != failed || g.Success == passed)
}

// The values of success.
const (
	passed = "passed"
	failed = "failed"
)

// of returns the progress in a unit, a blank one if there is none.
func (r *Registration) of(unit int) *Progress {
	if g := r.Progress[unit]; g != nil {
		return g
	}
	return &Progress{Unit: unit, Heard: cmi5.Heard{}}
}

// Session is one launch of a unit.
type Session struct {
	ID           int64
	Key          string // UUID
	Registration int64
	Unit         int
	Launch       cmi5.Launch
	Launched     time.Time
	Expires      time.Time
	Last         time.Time
	Sequence     int64
	Seconds      int64 // that the unit had taken before
	Preferences  bool
	Heard        cmi5.Heard
	Ended        time.Time // zero while it is open
	Abandoned    bool
	Fetched      time.Time // zero until the token was traded
	Origin       string    // of the pages, which alone may frame the content

	contentHash, fetchHash, secretHash string
}

// How long things hold.
const (
	sessionFor = 12 * time.Hour
	fetchFor   = time.Hour
)

// secret returns 256 bits of chance for an address.
func secret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashOf needs no salt: a secret has 256 bits of chance.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// All returns the packages that the viewer's unit has, the newest first.
func (p *Player) All(ctx context.Context) ([]*Package, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, err
	}
	return selectPackages(ctx, p.DB.Read, `unit_id = $1 AND removed_at IS NULL`, v.Unit.ID)
}

// Get returns a package of the viewer's unit, or fault.NotFound.
func (p *Player) Get(ctx context.Context, id int64) (*Package, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, err
	}
	return p.get(ctx, p.DB.Read, v, id)
}

func (p *Player) get(ctx context.Context, q store.Querier, v identity.Viewer, id int64) (*Package, error) {
	list, err := selectPackages(ctx, q, `id = $1 AND unit_id = $2 AND removed_at IS NULL`, id, v.Unit.ID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errNoPackage
	}
	return list[0], nil
}

var errNoPackage = fault.New(fault.NotFound, "there is no such package in this unit")

// Mine returns the viewer's registration in a package; nil without one.
func (p *Player) Mine(ctx context.Context, id int64) (*Registration, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, err
	}
	return p.registration(ctx, p.DB.Read, `package_id = $1 AND officer_id = $2 AND home = $3`, id, v.Officer.ID, p.Home)
}

// Registrations returns all registrations in a package of the viewer's unit, for those who
// teach.
func (p *Player) Registrations(ctx context.Context, id int64) ([]*Registration, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return nil, err
	}
	return selectRegistrations(ctx, p.DB.Read, `package_id = $1 AND unit_id = $2`, id, v.Unit.ID)
}

// registration returns the one that a condition holds for; nil without one.
func (p *Player) registration(ctx context.Context, q store.Querier, where string, args ...any) (*Registration, error) {
	list, err := selectRegistrations(ctx, q, where, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// recorder is the program itself as a client of its record store.
var recorder = learning.Client{Name: "tidewaiter", Scopes: []learning.Scope{learning.All}, Version: xapi.V200}

// say keeps statements of the program's own.
func (p *Player) say(ctx context.Context, statements ...*xapi.Statement) error {
	_, err := p.Records.Keep(ctx, recorder, statements)
	return err
}

// locked runs fn on a registration that nobody else changes meanwhile.
func (p *Player) locked(ctx context.Context, id int64, fn func(tx *sql.Tx, r *Registration) error) error {
	return p.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := lockRegistration(ctx, tx, id); err != nil {
			return err
		}
		r, err := p.registration(ctx, tx, `id = $1`, id)
		if err != nil {
			return err
		}
		return fn(tx, r)
	})
}
