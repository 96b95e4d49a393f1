package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

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
	dialect := goose.DialectSQLite3
	if db.Dialect == Postgres {
		dialect = goose.DialectPostgres
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
