package evidence

import (
	"context"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// A process killed in the middle of an upload leaves pieces; kept files lose none.
func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		kept, err := NewFiles(db).Keep(ctx, strings.NewReader("a manifest"))
		if err != nil {
			t.Fatal(err)
		}
		left := store.NewID()
		if err := insertChunk(ctx, db.Write, left, 0, []byte("half of one")); err != nil {
			t.Fatal(err)
		}
		n, err := deleteAbandoned(ctx, db.Write, store.IDAt(time.Now().Add(-abandoned)))
		if err != nil || n != 0 {
			t.Fatalf("swept %d fresh pieces: %v", n, err)
		}
		if n, err = deleteAbandoned(ctx, db.Write, store.IDAt(time.Now().Add(time.Hour))); err != nil || n != 1 {
			t.Fatalf("swept %d pieces, want 1: %v", n, err)
		}
		if _, err := NewFiles(db).Excerpt(ctx, kept.Hash, 0, 10); err != nil {
			t.Errorf("a kept file is damaged: %v", err)
		}
	})
}
