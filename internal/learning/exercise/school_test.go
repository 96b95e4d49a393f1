package exercise

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// school is a unit with a head and three officers, and another unit, on canned traffic.
type school struct {
	*testing.T
	*Exercises
	bus     *bus.Bus
	traffic *canned
	views   map[string]identity.Viewer
	marked  chan Marked
	now     time.Time
}

// canned is traffic of twenty consignments, of which 1 to 4 are planted.
type canned struct {
	sync.Mutex
	scopes  int64
	orders  []Order
	refused bool // the next order cannot be made
}

func (c *canned) Scope(context.Context, int64, string) (int64, error) {
	c.Lock()
	defer c.Unlock()
	c.scopes++
	return 100 + c.scopes, nil
}

func (c *canned) Fill(_ context.Context, scope int64, o Order, progress func(done, total int)) ([]Truth, error) {
	c.Lock()
	defer c.Unlock()
	if c.refused {
		c.refused = false
		return nil, ErrNoWorld
	}
	c.orders = append(c.orders, o)
	progress(1, 2)
	var out []Truth
	for i := range int64(20) {
		x := Truth{Consignment: scope*1000 + i, Document: fmt.Sprintf("DOC%02d", i)}
		if i >= 1 && i <= 4 {
			x.Planted, x.Scheme, x.Note, x.Case = true, "front_company", "free mailbox", int(i)
		}
		out = append(out, x)
	}
	return out, nil
}

func (c *canned) Look(_ context.Context, _ int64, ids []int64) (map[int64]Look, error) {
	out := map[int64]Look{}
	for i, id := range ids {
		out[id] = Look{Score: float64(i)}
	}
	return out, nil
}

func newSchool(t *testing.T, db *store.DB) *school {
	t.Helper()
	s := &school{T: t, traffic: &canned{}, views: map[string]identity.Viewer{}, marked: make(chan Marked, 10), now: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)}
	reg := identity.Open(db, slog.New(slog.DiscardHandler), identity.WithCost(identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}))
	s.bus = storetest.StartBus(t, db, func(b *bus.Bus) {
		s.Exercises = New(Needs{
			DB: db, Bus: b, Traffic: s.traffic, Audit: reg.Audit, Officers: reg.Officers, Schemes: []string{"front_company", "rip_on_rip_off"},
			Courses: func() []Task {
				return []Task{{Course: "drugs", Title: map[string]string{"en": "Drugs"}, Seed: 7, Consignments: 60, Select: 4, Schemes: []string{"rip_on_rip_off"}, Skill: []string{"drugs", "seals"}}}
			},
			Now: func() time.Time { return s.now },
		})
		bus.Subscribe(b, "test", "test.marked", func(_ context.Context, m Marked) error { s.marked <- m; return nil })
	})
	console := identity.With(context.Background(), identity.Console(identity.Unit{}))
	for code, officers := range map[string]map[string]identity.Role{
		"KGOSS": {"head": identity.RoleHead, "aigul": identity.RoleOfficer, "bakyt": identity.RoleOfficer, "chyngyz": identity.RoleOfficer},
		"EGALY": {"stranger": identity.RoleHead},
	} {
		unit, err := reg.Units.Ensure(console, identity.Unit{Code: code, Name: code, Country: "KG", Timezone: "Asia/Bishkek", Language: "en"})
		s.must(err)
		for name, role := range officers {
			o, _, err := reg.Officers.Add(console, unit.ID, identity.NewOfficer{Username: name, Name: name, Language: "en", Role: role, Password: "vessel-anchor-rope"})
			s.must(err)
			s.views[name], err = reg.Officers.Viewer(console, o.ID, unit.ID)
			s.must(err)
		}
	}
	return s
}

func (s *school) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *school) as(name string) context.Context {
	return identity.With(context.Background(), s.views[name])
}

// wants demands a fault of the kind.
func (s *school) wants(err error, kind fault.Kind, what string) {
	s.Helper()
	if !fault.Is(err, kind) {
		s.Errorf("%s: %v", what, err)
	}
}

// begun starts the course's exercise and enters it.
func (s *school) begun(name string) Run {
	s.Helper()
	r, err := s.Start(s.as(name), CourseKey("drugs"), Usual)
	s.must(err)
	storetest.Drain(s.T, s.bus)
	r, err = s.Enter(s.as(name), r.ID)
	s.must(err)
	return r
}
