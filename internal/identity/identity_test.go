package identity

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// cheap keeps the tests quick.
var cheap = Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}

// clock is a time that a test turns forward.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }
func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a registry with two units and an officer of each role in the first.
type world struct {
	*Registry
	db            *store.DB
	clock         *clock
	console       context.Context
	osh, port     Unit
	officer, head Officer
	admin, root   Officer
}

const goodPassword = "vessel-anchor-rope"

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{db: db, clock: &clock{at: time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)}}
	w.Registry = Open(db, slog.New(slog.DiscardHandler), WithCost(cheap), WithClock(w.clock.now))
	w.console = With(context.Background(), Console(Unit{}))
	w.osh = w.unit(t, "KGOSS-PCU", "KG", "KGOSS", "Asia/Bishkek")
	w.port = w.unit(t, "EGALY-PCU", "EG", "EGALY", "Africa/Cairo")
	w.officer = w.add(t, w.osh.ID, "aigul", RoleOfficer)
	w.head = w.add(t, w.osh.ID, "bakyt", RoleHead)
	w.admin = w.add(t, w.osh.ID, "chinara", RoleAdministrator)
	w.root = w.add(t, SystemUnit, "root@example.org", RoleAdministrator)
	return w
}

func (w *world) unit(t *testing.T, code, country, place, zone string) Unit {
	t.Helper()
	u, err := w.Units.Ensure(w.console, Unit{Code: code, Name: "Unit " + code, Country: country, Place: place, Timezone: zone, Language: "ru"})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (w *world) add(t *testing.T, unit int64, username string, role Role) Officer {
	t.Helper()
	o, _, err := w.Officers.Add(w.console, unit, NewOfficer{Username: username, Name: "Name of " + username, Language: "en", Role: role, Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// as returns a context in which the officer acts for the unit.
func (w *world) as(t *testing.T, o Officer, unit Unit) context.Context {
	t.Helper()
	v, err := w.Officers.Viewer(context.Background(), o.ID, unit.ID)
	if err != nil {
		t.Fatal(err)
	}
	return With(context.Background(), v)
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { fn(t, newWorld(t, db)) })
}

func wantKind(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: got %v, want a fault of kind %d", what, err, kind)
	}
}

func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	for _, p := range ProblemsOf(err) {
		if p.Code == code {
			return
		}
	}
	t.Errorf("%s: got %v, want the problem %s", what, err, code)
}

func ok(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}
