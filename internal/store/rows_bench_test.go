package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"tidewaiter/internal/store"
)

// BenchmarkInsertRows inserts rows of six columns with an index, 1,000 in a transaction.
func BenchmarkInsertRows(b *testing.B) {
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(b.TempDir(), "t.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	n := 0
	for b.Loop() {
		rows := make([][]any, 1000)
		for i := range rows {
			n++
			rows[i] = []any{int64(1), []byte(fmt.Sprintf("VALUE%d", n)), "container", int64(n)}
		}
		err := db.InTx(ctx, func(tx *sql.Tx) error {
			return store.InsertRows(ctx, tx, `INSERT INTO cargo_keys (scope_id, value, kind, consignment_id) VALUES`, rows, `ON CONFLICT DO NOTHING`)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
