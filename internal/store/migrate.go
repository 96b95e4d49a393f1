package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings our tables (goose) and the job queue's (river) up to date. It is
// safe to run from several processes at once: each step is a transaction of its own.
func migrate(ctx context.Context, db *DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect := goose.DialectPostgres
	if db.Dialect == SQLite {
		dialect, files = goose.DialectSQLite3, sqliteFiles{files}
	}
	provider, err := goose.NewProvider(dialect, db.Write, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	return migrateRiver(ctx, db)
}

func migrateRiver(ctx context.Context, db *DB) error {
	quiet := &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)}
	var run func(context.Context, rivermigrate.Direction, *rivermigrate.MigrateOpts) (*rivermigrate.MigrateResult, error)
	if db.Dialect == Postgres {
		m, err := rivermigrate.New[*sql.Tx](riverdatabasesql.New(db.Write), quiet)
		if err != nil {
			return err
		}
		run = m.Migrate
	} else {
		m, err := rivermigrate.New[*sql.Tx](riversqlite.New(db.Write), quiet)
		if err != nil {
			return err
		}
		run = m.Migrate
	}
	_, err := run(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// sqliteFiles are the migrations as SQLite takes them: a number that is the primary key is
// the number of the row (only INTEGER is, https://sqlite.org/rowidtable.html), and tables
// that say so are clustered by their key. Each spares a second tree for every insert.
type sqliteFiles struct{ fs.FS }

var sqliteTypes = strings.NewReplacer("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY", "/* on SQLite: WITHOUT ROWID */", "WITHOUT ROWID")

// Open opens a migration.
func (f sqliteFiles) Open(name string) (fs.File, error) {
	if !strings.HasSuffix(name, ".sql") {
		return f.FS.Open(name)
	}
	raw, err := fs.ReadFile(f.FS, name)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(f.FS, name)
	if err != nil {
		return nil, err
	}
	text := sqliteTypes.Replace(string(raw))
	return &sqliteFile{Reader: strings.NewReader(text), info: info}, nil
}

// sqliteFile is one migration.
type sqliteFile struct {
	*strings.Reader
	info fs.FileInfo
}

// Stat describes the file as it is embedded.
func (f *sqliteFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close does nothing.
func (f *sqliteFile) Close() error { return nil }
