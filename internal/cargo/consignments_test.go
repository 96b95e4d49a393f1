package cargo_test

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// house is a database with consignments and a listener that collects the news.
type house struct {
	*cargo.Consignments
	db    *store.DB
	bus   *bus.Bus
	scope cargo.ScopeID
	mu    sync.Mutex
	news  []cargo.VersionRef
}

func newHouse(t *testing.T, db *store.DB) *house {
	h := &house{db: db}
	h.bus = storetest.StartBus(t, db, func(b *bus.Bus) {
		bus.Subscribe(b, "test", "test", func(_ context.Context, e cargo.Received) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.news = append(h.news, e.Versions...)
			return nil
		})
	})
	h.Consignments = cargo.NewConsignments(db, h.bus)
	scope, err := h.LiveScope(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	h.scope = scope.ID
	return h
}

func (h *house) save(t *testing.T, batch ...*cargo.Consignment) cargo.Saved {
	t.Helper()
	ctx := context.Background()
	var saved cargo.Saved
	err := h.db.InTx(ctx, func(tx *sql.Tx) (err error) {
		saved, err = h.Save(ctx, tx, h.scope, batch)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func TestAmendmentsKeepBothVersions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		first := sample("B1")
		if got := h.save(t, first, sample("B2")); got != (cargo.Saved{New: 2}) {
			t.Fatalf("got %+v", got)
		}
		if got := h.save(t, sample("b 1"), sample("B2")); got != (cargo.Saved{Amended: 1, Unchanged: 1}) {
			t.Errorf("the number is written otherwise: got %+v", got)
		}
		amended := sample("B1")
		amended.Goods[0].GrossMass = 1
		if got := h.save(t, amended); got.Amended != 1 {
			t.Errorf("got %+v", got)
		}
		versions, err := h.Versions(context.Background(), h.scope, first.ID)
		if err != nil || len(versions) != 3 {
			t.Fatalf("%d versions: %v", len(versions), err)
		}
		if versions[0].Goods[0].GrossMass != 20602 || versions[2].Goods[0].GrossMass != 1 || versions[2].Version != 3 {
			t.Error("a version was overwritten")
		}
		if versions[0].Source.File != "x.edi" || versions[0].Source.At.Length != 20 {
			t.Errorf("source is lost: %+v", versions[0].Source)
		}
		storetest.Drain(t, h.bus)
		if len(h.news) != 4 {
			t.Errorf("heard of %d versions, want 4: %v", len(h.news), h.news)
		}
	})
}

func TestTwiceInOneBatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		second := sample("B1")
		second.Remarks = "corrected"
		if got := h.save(t, sample("B1"), second, sample("B1")); got != (cargo.Saved{New: 1, Amended: 2}) {
			t.Fatalf("got %+v", got)
		}
		c, err := h.Get(context.Background(), h.scope, second.ID)
		if err != nil || c.Version != 3 {
			t.Fatalf("version %d: %v", c.Version, err)
		}
	})
}

func TestSearch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		h := newHouse(t, db)
		c := sample("MSCUDF421004")
		h.save(t, c)
		for text, kind := range map[string]string{
			"mscudf 42": cargo.KeyDocument, "TGCU0235724": cargo.KeyContainer, "seal77": cargo.KeySeal, "9074729": cargo.KeyMeans,
		} {
			hits, err := h.Find(ctx, h.scope, text, 10)
			if err != nil || len(hits) != 1 || hits[0].Kind != kind || hits[0].Consignment != c.ID {
				t.Errorf("%s: %+v %v", text, hits, err)
			}
		}
		if hits, _ := h.Find(ctx, h.scope+1, "TGCU0235724", 10); len(hits) != 0 {
			t.Error("another scope's consignment was found")
		}
		for _, text := range []string{"ак-жол тре", "Трейд", "roquette"} {
			if hits, err := h.FindParties(ctx, h.scope, text, 10); err != nil || len(hits) != 1 {
				t.Errorf("%s: %+v %v", text, hits, err)
			}
		}
		ids, err := h.PartyIDs(ctx, db.Read, h.scope, []*cargo.Consignment{c})
		if err != nil {
			t.Fatal(err)
		}
		p, err := h.Party(ctx, h.scope, ids[c.ID][cargo.Consignee])
		if err != nil || p.Name != `ОсОО "Ак-Жол Трейд"` {
			t.Errorf("got %+v %v", p, err)
		}
	})
}

func TestOtherScopesAreOutOfSight(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		h := newHouse(t, db)
		c := sample("B1")
		h.save(t, c)
		other, err := h.MakeScope(ctx, cargo.Exercise, 1, "Exercise 1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Get(ctx, other.ID, c.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("got %v, want not found", err)
		}
		if _, err := h.Save(ctx, nil, other.ID, []*cargo.Consignment{{}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a consignment without a number: got %v, want invalid", err)
		}
	})
}

// Two imports of the same documents at once: each document is new once.
func TestConcurrentSaves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		var total cargo.Saved
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				batch := make([]*cargo.Consignment, 50)
				for i := range batch {
					batch[i] = sample(fmt.Sprintf("DOC%d", i))
				}
				saved := h.save(t, batch...)
				h.mu.Lock()
				total.Add(saved)
				h.mu.Unlock()
			})
		}
		wg.Wait()
		if total != (cargo.Saved{New: 50, Unchanged: 150}) {
			t.Errorf("got %+v", total)
		}
	})
}

// Some senders pad with NUL, which PostgreSQL keeps in no text.
func TestNULIsLeftOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		c := sample("B\x001")
		c.Goods[0].Description = "a\x00b \\u0000 c\\"
		c.Parties[0].Name = "\x00"
		h.save(t, c)
		got, err := h.Get(context.Background(), h.scope, c.ID)
		if err != nil || got.Document.Number != "B1" || got.Goods[0].Description != "ab \\u0000 c\\" || got.Parties[0].Name != "" {
			t.Errorf("got %+v, %v", got, err)
		}
		if got.Source.File != "x.edi" {
			t.Error("the source is lost")
		}
	})
}

func TestScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := cargo.NewConsignments(db, nil)
		live, err := s.LiveScope(t.Context(), 7)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Scope(t.Context(), live.ID); err != nil || got != live {
			t.Errorf("got %v %v, want %v", got, err, live)
		}
		if _, err := s.Scope(t.Context(), live.ID+1); !fault.Is(err, fault.NotFound) {
			t.Errorf("a scope that is not there: %v", err)
		}
	})
}
