// Package storetest runs one test on every engine: SQLite always, and PostgreSQL
// where TIDEWAITER_TEST_POSTGRES holds a connection string (make test sets it).
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that makes and drops schemas

	"tidewaiter/internal/bus"
	"tidewaiter/internal/store"
)

// Each runs fn as a subtest on an empty, migrated database of each engine.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, engine := range []store.Dialect{store.SQLite, store.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			fn(t, Open(t, DSN(t, engine)))
		})
	}
}

// DSN returns the address of an empty database of the engine that goes with the test,
// and skips the test where there is no such engine.
func DSN(t *testing.T, engine store.Dialect) string {
	t.Helper()
	if engine == store.SQLite {
		return filepath.Join(t.TempDir(), "tidewaiter.db")
	}
	server := os.Getenv("TIDEWAITER_TEST_POSTGRES")
	if server == "" {
		t.Skip("TIDEWAITER_TEST_POSTGRES is not set; make test sets it")
	}
	return postgresSchema(t, server)
}

// postgresSchema makes a schema for one test on the server, and drops it afterwards.
func postgresSchema(t *testing.T, server string) string {
	t.Helper()
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatalf("open %s: %v", server, err)
	}
	name := fmt.Sprintf("test_%d", store.NewID())
	if _, err := admin.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatalf("make schema: %v", err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Errorf("drop schema %s: %v", name, err)
		}
		admin.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("TIDEWAITER_TEST_POSTGRES: %v", err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// Open opens the database at dsn and closes it with the test.
func Open(t *testing.T, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), dsn)
	if err != nil {
		t.Fatalf("open %s: %v", dsn, err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// StartBus opens and starts a bus whose listeners subscribe has added, and stops it
// with the test, before the database is closed.
func StartBus(t *testing.T, db *store.DB, subscribe func(*bus.Bus)) *bus.Bus {
	t.Helper()
	b := bus.New(db, slog.New(slog.DiscardHandler))
	subscribe(b)
	if err := b.Open(); err != nil {
		t.Fatalf("open bus: %v", err)
	}
	if err := b.Start(context.Background()); err != nil {
		t.Fatalf("start bus: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := b.Stop(ctx); err != nil {
			t.Errorf("stop bus: %v", err)
		}
	})
	return b
}

// Drain waits until the bus has delivered everything.
func Drain(t *testing.T, b *bus.Bus) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := b.Drain(ctx, nil); err != nil {
		t.Fatalf("deliver everything: %v", err)
	}
}
