package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"time"

	"tidewaiter/internal/store"
)

// plainFigures are what plain statements reach: rows a second, and milliseconds for the
// 100 newest.
type plainFigures struct{ write, read float64 }

// plainStatements measures a plain table beside the records' own.
func (b *bench) plainStatements(ctx context.Context, path string) (p plainFigures, err error) {
	b.show.step("plain rows")
	if p.read, err = b.readNewest(ctx, path); err != nil {
		return p, err
	}
	beside := filepath.Join(b.dir, "plain.db")
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			os.Remove(beside + suffix)
		}
	}()
	db, err := store.Open(ctx, beside)
	if err != nil {
		return p, err
	}
	defer db.Close()
	if _, err := db.Write.ExecContext(ctx, `CREATE TABLE bench_statements (id INTEGER PRIMARY KEY, body BLOB NOT NULL)`); err != nil {
		return p, err
	}
	world, n := newRecordWorld(1), 0
	start := time.Now()
	for time.Since(start) < 3*time.Second && !(b.Quick && n >= 100) {
		err := db.InTx(ctx, func(tx *sql.Tx) error {
			rows := make([][]any, recordBatch)
			for i := range rows {
				n++
				rows[i] = []any{n, world.statement(n)}
			}
			return store.InsertRows(ctx, tx, `INSERT INTO bench_statements (id, body) VALUES`, rows, "")
		})
		if err != nil {
			return p, err
		}
	}
	p.write = float64(n) / time.Since(start).Seconds()
	return p, nil
}

func (b *bench) readNewest(ctx context.Context, path string) (float64, error) {
	db, err := store.Open(ctx, path)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	var took []time.Duration
	for range 20 {
		start := time.Now()
		err := store.Select(ctx, db.Read, `SELECT seq, stored, body FROM learning_statements ORDER BY seq DESC LIMIT 100`, nil, func(r *sql.Rows) error {
			var seq int64
			var stored time.Time
			var body []byte
			return r.Scan(&seq, &stored, &body)
		})
		if err != nil {
			return 0, err
		}
		took = append(took, time.Since(start))
	}
	return median(took), nil
}
