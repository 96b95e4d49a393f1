package identity

import (
	"context"
	"database/sql"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

func insertToken(ctx context.Context, q store.Querier, t Token, hash string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO identity_tokens (id, unit_id, name, token_hash, created_at, role) VALUES ($1, $2, $3, $4, $5, $6)`,
		t.ID, t.Unit, t.Name, hash, t.Created, string(t.Role))
	return err
}

const tokenColumns = `SELECT id, unit_id, name, role, created_at, revoked_at FROM identity_tokens`

func scanToken(scan func(...any) error) (t Token, err error) {
	var revoked sql.NullTime
	err = scan(&t.ID, &t.Unit, &t.Name, &t.Role, &t.Created, &revoked)
	if revoked.Valid {
		t.Revoked = revoked.Time
	}
	return t, err
}

func selectToken(ctx context.Context, q store.Querier, hash string) (Token, error) {
	t, err := scanToken(q.QueryRowContext(ctx, tokenColumns+` WHERE token_hash = $1`, hash).Scan)
	return t, absent(err, fault.Say("there is no such token"))
}

func selectTokens(ctx context.Context, q store.Querier, unit int64) (all []Token, err error) {
	err = store.Select(ctx, q, tokenColumns+` WHERE unit_id = $1 ORDER BY created_at`, []any{unit}, func(r *sql.Rows) error {
		t, err := scanToken(r.Scan)
		all = append(all, t)
		return err
	})
	return all, err
}

func endToken(ctx context.Context, q store.Querier, unit int64, name string, at time.Time) (bool, error) {
	n, err := exec(ctx, q, `UPDATE identity_tokens SET revoked_at = $1 WHERE unit_id = $2 AND name = $3 AND revoked_at IS NULL`, at, unit, name)
	return n > 0, err
}
