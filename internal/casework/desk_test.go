package casework

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// desk is a unit at work, with officers, on a database of its own.
type desk struct {
	testing.TB
	*Cases
	db    *store.DB
	bus   *bus.Bus
	reg   *identity.Registry
	unit  identity.Unit
	scope cargo.ScopeID
	other cargo.ScopeID // another unit's

	aigul, bakyt   identity.Officer // an officer and the head
	asAigul, asBak context.Context
	asStranger     context.Context // an officer of the other unit

	mu   sync.Mutex
	at   time.Time
	news []Concluded
}

func eachDesk(t *testing.T, fn func(d *desk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { fn(newDesk(t, db, false)) })
}

// newDesk opens the unit; with proposals, what is assessed is proposed by itself.
func newDesk(t testing.TB, db *store.DB, proposals bool) *desk {
	t.Helper()
	d := &desk{TB: t, db: db, at: time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)}
	db.SetClock(d.clock)
	d.reg = identity.Open(db, slog.New(slog.DiscardHandler), identity.WithCost(identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}))
	d.startBus(func(b *bus.Bus) {
		keep := cargo.NewConsignments(db, b)
		d.Cases = New(Needs{
			DB: db, Bus: b, Cargo: keep, Risk: risk.NewAssessments(db, b, keep, risk.Reference{}), Files: evidence.NewFiles(db),
			Officers: d.reg.Officers, Audit: d.reg.Audit, Unit: d.unitOf,
		})
		bus.Subscribe(b, "test", "test.concluded", func(_ context.Context, e Concluded) error {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.news = append(d.news, e)
			return nil
		})
		if proposals {
			bus.Subscribe(b, "casework", "casework.propose", func(ctx context.Context, e risk.Assessed) error { return d.Propose(ctx, e) })
		}
	})
	d.people()
	d.settings(func(s *risk.UnitSettings) { // nothing deserves a look until a test says so
		s.Capacity = risk.Capacity{ExamineFloor: 100, LookFloor: 100}
		s.Draw.Share = 0
	})
	return d
}

func (d *desk) startBus(subscribe func(*bus.Bus)) {
	d.bus = bus.New(d.db, slog.New(slog.DiscardHandler))
	subscribe(d.bus)
	d.ok(d.bus.Open())
	d.ok(d.bus.Start(context.Background()))
	d.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := d.bus.Stop(ctx); err != nil {
			d.Errorf("stop the bus: %v", err)
		}
	})
}

// drain waits until everything has been heard.
func (d *desk) drain() {
	d.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	d.ok(d.bus.Drain(ctx, nil))
}

func (d *desk) people() {
	console := identity.With(context.Background(), identity.Console(identity.Unit{}))
	unit := func(code, country string) (identity.Unit, cargo.ScopeID) {
		u, err := d.reg.Units.Ensure(console, identity.Unit{Code: code, Name: code, Country: country, Timezone: "Asia/Bishkek", Language: "en"})
		d.ok(err)
		scope, err := d.Cargo.LiveScope(console, u.ID)
		d.ok(err)
		d.ok(d.Risk.SetUp(console, scope.ID, country))
		return u, scope.ID
	}
	var port identity.Unit
	d.unit, d.scope = unit("KGOSS-PCU", "KG")
	port, d.other = unit("EGALY-PCU", "EG")
	officer := func(u identity.Unit, name string, role identity.Role) (identity.Officer, context.Context) {
		o, _, err := d.reg.Officers.Add(console, u.ID, identity.NewOfficer{
			Username: name, Name: name, Language: "en", Role: role, Password: "vessel-anchor-rope"})
		d.ok(err)
		v, err := d.reg.Officers.Viewer(console, o.ID, u.ID)
		d.ok(err)
		return o, identity.With(context.Background(), v)
	}
	d.aigul, d.asAigul = officer(d.unit, "aigul", identity.RoleOfficer)
	d.bakyt, d.asBak = officer(d.unit, "bakyt", identity.RoleHead)
	_, d.asStranger = officer(port, "stranger", identity.RoleOfficer)
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) turn(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

func (d *desk) unitOf(ctx context.Context, scope cargo.ScopeID) (identity.Unit, error) {
	if scope == d.scope {
		return d.unit, nil
	}
	return identity.Unit{ID: -1, Code: "EGALY-PCU", Timezone: "UTC"}, nil
}

func (d *desk) ok(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) want(err error, kind fault.Kind, what string) {
	d.Helper()
	if !fault.Is(err, kind) {
		d.Fatalf("%s: got %v, want a fault of kind %d", what, err, kind)
	}
}

// settings changes what the unit has set.
func (d *desk) settings(change func(*risk.UnitSettings)) {
	d.Helper()
	set, err := d.Risk.Settings(d.asBak, d.scope)
	d.ok(err)
	change(&set)
	set.Reason = "for the test"
	_, err = d.Risk.SaveSettings(d.asBak, d.scope, set)
	d.ok(err)
}

// sample is a plain consignment of one container.
func sample(number string) *cargo.Consignment {
	arrival := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	return &cargo.Consignment{
		Document:  cargo.TransportDocument{Number: number},
		Transport: cargo.TransportMeans{Mode: cargo.ModeRail},
		Journey: cargo.Journey{Arrival: arrival, Places: []cargo.Place{
			{Role: cargo.PlaceLoading, Code: "CNXSZ"}, {Role: cargo.PlaceUnloading, Code: "KGOSS"}}},
		Parties: []cargo.Party{{Role: cargo.Consignor, Name: "Shenzhen Bright Trading", Address: "8 Harbour Road", Country: "CN"},
			{Role: cargo.Consignee, Name: "ОсОО Ак-Жол Трейд", Address: "Ленина 4", Country: "KG"}},
		Goods: []cargo.GoodsItem{{Number: 1, Description: "ceramic floor tiles", HS: "690721", Packages: 20, GrossMass: 20602}},
		Equipment: []cargo.Equipment{{Number: "TGCU0235724", SizeType: "22G1", Fullness: cargo.FCL,
			Seals: []cargo.Seal{{Number: "SEAL77"}}}},
	}
}

// bring saves n consignments, waits until they are assessed, and returns their ids.
func (d *desk) bring(n int) []int64 {
	d.Helper()
	batch := make([]*cargo.Consignment, n)
	for i := range batch {
		batch[i] = sample(fmt.Sprintf("DOC%d", store.NewID()))
	}
	return d.save(batch...)
}

func (d *desk) save(batch ...*cargo.Consignment) (ids []int64) {
	d.Helper()
	d.ok(d.db.InTx(context.Background(), func(tx *sql.Tx) error {
		_, err := d.Cargo.Save(context.Background(), tx, d.scope, batch)
		return err
	}))
	d.drain()
	for _, c := range batch {
		ids = append(ids, c.ID)
	}
	return ids
}

// open opens a case as Aigul, and returns a Ref to its first version.
func (d *desk) open(consignments ...int64) Ref {
	d.Helper()
	done, err := d.Open(d.asAigul, d.scope, Opening{Consignments: consignments, Origin: FromQueue})
	d.ok(err)
	return Ref{Scope: d.scope, Case: done.Case, Saw: done.Version}
}

// load returns the case, having seen to it that the lists say the same as its acts.
func (d *desk) load(ref Ref) *Case {
	d.Helper()
	c, err := d.Case(d.asAigul, ref.Scope, ref.Case)
	d.ok(err)
	d.agree(c)
	return c
}

// done returns a function that checks an act and lets ref see its version.
func (d *desk) done(ref *Ref) func(Done, error) Done {
	return func(done Done, err error) Done {
		d.Helper()
		d.ok(err)
		ref.Saw = done.Version
		return done
	}
}
