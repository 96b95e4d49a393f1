// Package store opens the database and hides what its two engines do differently:
// SQLite, the embedded default, and PostgreSQL by a connection string. Domains write
// one SQL text with $n placeholders; every statement on a domain's tables stands in
// that domain's store.go.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"tidewaiter/internal/fault"
)

// Dialect is the engine behind a DB.
type Dialect string

// The two engines.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// DB is an open database: one pool that writes, and one that reads. On PostgreSQL
// they are the same; on SQLite there is a single writing connection, so a statement
// on Write inside InTx waits for ever: use the transaction.
type DB struct {
	Dialect Dialect
	Write   *sql.DB
	Read    *sql.DB

	clock atomic.Pointer[func() time.Time]
}

// Now returns the time as it is stored. It is that of the machine, unless SetClock has
// set another one.
func (db *DB) Now() time.Time {
	if clock := db.clock.Load(); clock != nil {
		return Time((*clock)())
	}
	return Time(time.Now())
}

// SetClock lets what is recorded happen at another time: the demo fills in months that
// have passed. nil is the machine's clock.
func (db *DB) SetClock(now func() time.Time) {
	if now == nil {
		db.clock.Store(nil)
		return
	}
	db.clock.Store(&now)
}

// Querier is what reads and writes: a pool or a transaction.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// Open opens the database that dsn names: a postgres:// or postgresql:// address, or
// the path of a SQLite file, which is created with its folder when it is not there.
// The schema is brought up to date.
func Open(ctx context.Context, dsn string) (*DB, error) {
	db, err := open(dsn)
	if err != nil {
		return nil, err
	}
	if err := db.Write.PingContext(ctx); err != nil {
		db.Close()
		return nil, fault.Wrap(fault.Invalid, err, "cannot open the database %s", redact(dsn)).
			WithHint("check --database: a file path, or postgres://user:password@host/name")
	}
	if err := migrate(ctx, db); err != nil {
		db.Close()
		return nil, fmt.Errorf("bring the schema of %s up to date: %w", redact(dsn), err)
	}
	return db, nil
}

func open(dsn string) (*DB, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return openPostgres(dsn)
	}
	return openSQLite(dsn)
}

func openPostgres(dsn string) (*DB, error) {
	conf, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "cannot read the connection string %s", redact(dsn))
	}
	conf.RuntimeParams["timezone"] = "UTC"
	pool := stdlib.OpenDB(*conf)
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(8)
	return &DB{Dialect: Postgres, Write: pool, Read: pool}, nil
}

// openSQLite opens one writing connection and a few that only read. WAL with
// synchronous=FULL: what was acknowledged survives a loss of power.
func openSQLite(path string) (*DB, error) {
	if dir := filepath.Dir(path); dir != "" {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "cannot make the folder of the database %s", path)
		}
	}
	address := func(write bool) string {
		q := url.Values{}
		for _, p := range []string{
			"busy_timeout(15000)", "journal_mode(WAL)", "synchronous(FULL)",
			"foreign_keys(ON)", "temp_store(MEMORY)", "journal_size_limit(67108864)",
			// One batch of an import fills the usual 1,000 pages: it would be copied into
			// the database at every commit. 64 MiB let pages that change often be copied once.
			"wal_autocheckpoint(16384)",
		} {
			q.Add("_pragma", p)
		}
		q.Set("_time_format", "sqlite")
		if write {
			q.Set("_txlock", "immediate")
			q.Add("_pragma", "cache_size(-65536)")
		} else {
			q.Add("_pragma", "query_only(ON)")
			q.Add("_pragma", "cache_size(-8192)")
		}
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
	}
	write, err := sql.Open("sqlite", address(true))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", address(false))
	if err != nil {
		write.Close()
		return nil, err
	}
	read.SetMaxOpenConns(6)
	read.SetMaxIdleConns(6)
	return &DB{Dialect: SQLite, Write: write, Read: read}, nil
}

// Close closes both pools.
func (db *DB) Close() error {
	err := db.Write.Close()
	if db.Read != db.Write {
		err = errors.Join(err, db.Read.Close())
	}
	return err
}

// InTx runs fn in one transaction, which is committed when fn returns nil. A unique
// violation becomes a fault.Conflict.
func (db *DB) InTx(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := db.Write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() // no effect after a commit
	if err := fn(tx); err != nil {
		return conflict(err)
	}
	if err := tx.Commit(); err != nil {
		return conflict(fmt.Errorf("commit: %w", err))
	}
	return nil
}

// conflict turns a unique violation into a fault.Conflict that keeps its cause.
func conflict(err error) error {
	if fault.KindOf(err) == fault.Failure && IsUnique(err) {
		return fault.Wrap(fault.Conflict, err, "somebody else has already saved this")
	}
	return err
}

// IsUnique reports whether err is a violation of a unique constraint: SQLite's
// extended codes 1555 and 2067, PostgreSQL's 23505.
func IsUnique(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == 1555 || lite.Code() == 2067
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505"
}

// Time returns t as it is stored: UTC, whole microseconds.
func Time(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// NullTime returns t as it is stored, or NULL for a zero time.
func NullTime(t time.Time) sql.NullTime {
	return sql.NullTime{Time: Time(t), Valid: !t.IsZero()}
}

// TimeOf returns a time that was read, in UTC; zero for NULL.
func TimeOf(t sql.NullTime) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return t.Time.UTC()
}

// Text returns s as both engines keep it: without the character NUL, which PostgreSQL
// refuses, and as valid UTF-8.
func Text(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}

// redact hides the password of a connection string.
func redact(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil || u.User == nil {
		return dsn
	}
	return u.Redacted()
}
