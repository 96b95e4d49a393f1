package identity

import (
	"context"
	"testing"

	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// BenchmarkPassword is what one sign-in costs at RFC 9106's parameters.
func BenchmarkPassword(b *testing.B) {
	h := newHasher(StandardCost)
	encoded, err := h.hash(context.Background(), goodPassword)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if match, _, err := h.verify(context.Background(), encoded, goodPassword); !match || err != nil {
			b.Fatal(match, err)
		}
	}
}

// The unit that the session remembers is found among many, which are in the order of
// their codes.
func TestViewerFindsOneUnitAmongMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		for _, code := range []string{"AAA", "ZZZ", "MMM"} {
			w.unit(t, code, "KG", "", "UTC")
		}
		v, err := w.Officers.Viewer(context.Background(), w.root.ID, w.port.ID)
		if err != nil || v.Unit.ID != w.port.ID || len(v.Units) != 5 || v.Units[0].Code != "AAA" {
			t.Errorf("got %+v, %v", v, err)
		}
	})
}
