package intake

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// note is an entry as a test compares it.
type note struct{ Act, Address string }

// trailOf remembers what would be recorded.
type trailOf struct{ notes []note }

func (t *trailOf) Record(ctx context.Context, _ store.Querier, e identity.Entry) error {
	v, _ := identity.From(ctx)
	t.notes = append(t.notes, note{e.Act, v.Address})
	return nil
}

// Whatever way a file comes in by, it is on the trail; the same file again is no act.
func TestImportsAreOnTheTrail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		trail := &trailOf{}
		h.trail = trail
		ctx := identity.With(context.Background(), identity.Console(identity.Unit{}))
		up := Upload{Scope: h.scope, Name: "a.csv", Via: ViaFolder}
		var im *Import
		for range 2 {
			var err error
			if im, err = h.Receive(ctx, up, strings.NewReader("bill,shipper\n1,A\n")); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.Cancel(ctx, h.scope, im.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.Cancel(ctx, cargo.ScopeID(int64(h.scope)+1), im.ID); err == nil {
			t.Error("an import of another scope was cancelled")
		}
		if err := h.Resume(ctx, h.scope, im.ID); err != nil {
			t.Fatal(err)
		}
		want := []note{{actReceived, "console"}, {actCancelled, "console"}, {actResumed, "console"}}
		if !slices.Equal(trail.notes, want) {
			t.Errorf("got %v, want %v", trail.notes, want)
		}
	})
}
