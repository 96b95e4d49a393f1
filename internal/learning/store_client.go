package learning

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

func insertClient(ctx context.Context, q store.Querier, c Client) error {
	scopes := make([]string, len(c.Scopes))
	for i, s := range c.Scopes {
		scopes[i] = string(s)
	}
	_, err := q.ExecContext(ctx, `INSERT INTO learning_clients (id, name, secret_hash, scopes, version, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.ID, c.Name, c.hash, strings.Join(scopes, " "), string(c.Version), c.Created)
	return err
}

const clientColumns = `SELECT id, name, secret_hash, scopes, version, created_at, revoked_at FROM learning_clients`

func scanClient(scan func(...any) error) (c Client, err error) {
	var scopes, version string
	var revoked sql.NullTime
	err = scan(&c.ID, &c.Name, &c.hash, &scopes, &version, &c.Created, &revoked)
	for s := range strings.FieldsSeq(scopes) {
		c.Scopes = append(c.Scopes, Scope(s))
	}
	c.Version, c.Revoked = xapi.Version(version), revoked.Time
	return c, err
}

func selectClient(ctx context.Context, q store.Querier, name string) (Client, error) {
	c, err := scanClient(q.QueryRowContext(ctx, clientColumns+` WHERE name = $1`, name).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "there is no client with the name %q", name)
	}
	return c, err
}

func selectClients(ctx context.Context, q store.Querier) (all []Client, err error) {
	err = store.Select(ctx, q, clientColumns+` ORDER BY name`, nil, func(r *sql.Rows) error {
		c, err := scanClient(r.Scan)
		all = append(all, c)
		return err
	})
	return all, err
}

func endClient(ctx context.Context, q store.Querier, name string, at time.Time) (bool, error) {
	result, err := q.ExecContext(ctx, `UPDATE learning_clients SET revoked_at = $1 WHERE name = $2 AND revoked_at IS NULL`, at, name)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
