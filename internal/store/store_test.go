package store_test

import (
	"context"
	"database/sql"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

const insertScope = `INSERT INTO cargo_scopes (id, kind, unit_id, title, created_at) VALUES`

func TestRowsGoInAndComeBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		at := time.Date(2026, 10, 1, 23, 59, 58, 123456789, time.FixedZone("Bishkek", 6*3600))
		rows := make([][]any, 1200)
		ids := make([]int64, len(rows))
		for i := range rows {
			ids[i] = store.NewID()
			rows[i] = []any{ids[i], "live", i, "Ош", store.Time(at)}
		}
		err := db.InTx(ctx, func(tx *sql.Tx) error {
			return store.InsertRows(ctx, tx, insertScope, rows, "")
		})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		err = store.SelectIn(ctx, db.Read, `SELECT title, created_at FROM cargo_scopes WHERE kind = $1 AND id IN %s`,
			[]any{"live"}, ids, func(r *sql.Rows) error {
				n++
				var title string
				var got time.Time
				if err := r.Scan(&title, &got); err != nil {
					return err
				}
				if title != "Ош" || !got.Equal(at.Truncate(time.Microsecond)) {
					t.Fatalf("got %q at %v, want Ош at %v", title, got, at)
				}
				return nil
			})
		if err != nil || n != len(rows) {
			t.Fatalf("read %d rows of %d: %v", n, len(rows), err)
		}
	})
}

func TestDoubleIsAConflict(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		insert := func() error {
			return db.InTx(ctx, func(tx *sql.Tx) error {
				row := []any{int64(7), "live", 1, "twice", store.Time(time.Now())}
				return store.InsertRows(ctx, tx, insertScope, [][]any{row}, "")
			})
		}
		if err := insert(); err != nil {
			t.Fatal(err)
		}
		if err := insert(); !fault.Is(err, fault.Conflict) {
			t.Fatalf("got %v, want a conflict", err)
		}
	})
}

// Read-then-write transactions at once: none may be lost or refused as busy.
func TestConcurrentTransactions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if _, err := db.Write.ExecContext(ctx, insertScope+` (1, 'live', 0, 'count', '2026-01-01')`); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 10 {
					err := db.InTx(ctx, func(tx *sql.Tx) error {
						_, err := tx.ExecContext(ctx, `UPDATE cargo_scopes SET unit_id = unit_id + 1 WHERE id = $1`, 1)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var n int
		if err := db.Read.QueryRow(`SELECT unit_id FROM cargo_scopes WHERE id = 1`).Scan(&n); err != nil || n != 80 {
			t.Fatalf("counted %d of 80: %v", n, err)
		}
	})
}

func TestIDsRiseAndDiffer(t *testing.T) {
	seen := map[int64]bool{}
	for range 10_000 {
		id := store.NewID()
		if id <= 0 || seen[id] {
			t.Fatalf("id %d is negative or double", id)
		}
		seen[id] = true
	}
	a := store.NewID()
	time.Sleep(2 * time.Millisecond)
	if b := store.NewID(); b <= a {
		t.Fatalf("%d was drawn after %d", b, a)
	}
}
