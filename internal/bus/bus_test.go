package bus_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

type landed struct{ Ship string }

func (landed) EventName() string { return "test.landed" }

// heard collects what listeners were told.
type heard struct {
	mu    sync.Mutex
	ships map[string]int
}

func (h *heard) add(ship string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ships == nil {
		h.ships = map[string]int{}
	}
	h.ships[ship]++
	return h.ships[ship]
}

func TestEventsReachEveryListener(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var first, second heard
		b := storetest.StartBus(t, db, func(b *bus.Bus) {
			bus.Subscribe(b, "a", "first", func(_ context.Context, e landed) error {
				if first.add(e.Ship) == 1 {
					return errors.New("try again") // retried by the queue
				}
				return nil
			})
			bus.Subscribe(b, "b", "second", func(_ context.Context, e landed) error {
				second.add(e.Ship)
				return fault.New(fault.Invalid, "no use in trying again")
			})
		})
		ctx := context.Background()
		err := db.InTx(ctx, func(tx *sql.Tx) error { return b.Announce(ctx, tx, landed{"MSC Sena"}) })
		if err != nil {
			t.Fatal(err)
		}
		rolledBack := errors.New("no")
		err = db.InTx(ctx, func(tx *sql.Tx) error {
			if err := b.Announce(ctx, tx, landed{"Flying Dutchman"}); err != nil {
				return err
			}
			return rolledBack
		})
		if !errors.Is(err, rolledBack) {
			t.Fatal(err)
		}
		storetest.Drain(t, b)
		if first.ships["MSC Sena"] != 2 || second.ships["MSC Sena"] != 1 {
			t.Errorf("first heard %v, want 2 tries; second %v, want 1", first.ships, second.ships)
		}
		if len(first.ships) != 1 || len(second.ships) != 1 {
			t.Errorf("an event of a transaction that was rolled back was heard: %v %v", first.ships, second.ships)
		}
	})
}
