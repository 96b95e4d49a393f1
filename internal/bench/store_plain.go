package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"tidewaiter/internal/store"
)

var quiet = slog.New(slog.DiscardHandler)

// tableSize is how many rows a table has, and the bytes in them.
type tableSize struct{ rows, bytes int64 }

// owners are the prefixes of the tables that an import fills.
var owners = []string{"cargo_", "risk_", "intake_", "evidence_", "river_"}

// measureTables returns the sizes of what an import fills. SQLite's dbstat says how
// many bytes of rows stand in each table's pages.
func measureTables(ctx context.Context, db *store.DB) (map[string]tableSize, error) {
	out := map[string]tableSize{}
	rows, err := db.Read.QueryContext(ctx, `SELECT name FROM sqlite_schema WHERE type = 'table'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		for _, o := range owners {
			if strings.HasPrefix(name, o) {
				names = append(names, name)
			}
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, name := range names {
		var t tableSize
		err := db.Read.QueryRowContext(ctx, `SELECT coalesce(sum(CASE WHEN pagetype = 'leaf' THEN ncell ELSE 0 END), 0), coalesce(sum(payload), 0)
			FROM dbstat WHERE name = $1`, name).Scan(&t.rows, &t.bytes)
		if err != nil {
			return nil, fmt.Errorf("measure the table %s: %w", name, err)
		}
		out[name] = t
	}
	return out, nil
}

// plainTable takes as many rows for each consignment, as large, as one of the tables.
type plainTable struct {
	perConsignment float64
	body           []byte
	due            float64
	next           int64
	stmt           *sql.Stmt
}

// plainRows inserts the rows of n consignments into plain tables of a number and a
// body in the same database, and returns how many seconds that took. The tables are
// dropped again.
func plainRows(ctx context.Context, db *store.DB, before, after map[string]tableSize, imported, n int) (float64, error) {
	var tables []*plainTable
	for name, a := range after {
		rows, bytes := a.rows-before[name].rows, a.bytes-before[name].bytes
		if rows <= 0 || bytes <= 0 {
			continue
		}
		t := &plainTable{perConsignment: float64(rows) / float64(imported), body: make([]byte, max(1, bytes/rows))}
		rand.Read(t.body)
		tables = append(tables, t)
	}
	for i, t := range tables {
		name := fmt.Sprintf("plain%d", i)
		if _, err := db.Write.ExecContext(ctx, "CREATE TABLE "+name+" (id INTEGER PRIMARY KEY, body BLOB NOT NULL)"); err != nil {
			return 0, err
		}
		defer db.Write.ExecContext(ctx, "DROP TABLE "+name)
		var err error
		if t.stmt, err = db.Write.PrepareContext(ctx, "INSERT INTO "+name+" (id, body) VALUES ($1, $2)"); err != nil {
			return 0, err
		}
		defer t.stmt.Close()
	}
	start := time.Now()
	for done := 0; done < n; done += 500 {
		err := db.InTx(ctx, func(tx *sql.Tx) error { return insertPlain(ctx, tx, tables, min(500, n-done)) })
		if err != nil {
			return 0, err
		}
	}
	return time.Since(start).Seconds(), nil
}

func insertPlain(ctx context.Context, tx *sql.Tx, tables []*plainTable, n int) error {
	for _, t := range tables {
		stmt := tx.StmtContext(ctx, t.stmt)
		for t.due += float64(n) * t.perConsignment; t.due >= 1; t.due-- {
			t.next++
			if _, err := stmt.ExecContext(ctx, t.next, t.body); err != nil {
				return err
			}
		}
		stmt.Close()
	}
	return nil
}
