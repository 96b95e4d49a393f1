package risk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

func insertSettings(ctx context.Context, q store.Querier, scope cargo.ScopeID, set UnitSettings) error {
	body, err := json.Marshal(set)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO risk_settings (scope_id, version, body, reason, officer_id, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		int64(scope), set.Version, string(body), set.Reason, set.Officer, set.At)
	return err
}

func selectSettings(ctx context.Context, q store.Querier, scope cargo.ScopeID) (UnitSettings, error) {
	var set UnitSettings
	var body []byte
	err := q.QueryRowContext(ctx, `SELECT version, body, reason, officer_id, at FROM risk_settings WHERE scope_id = $1
		ORDER BY version DESC LIMIT 1`, int64(scope)).Scan(&set.Version, &body, &set.Reason, &set.Officer, &set.At)
	if errors.Is(err, sql.ErrNoRows) {
		return set, fault.New(fault.NotFound, "scope %d has no settings yet", scope)
	}
	if err != nil {
		return set, err
	}
	return set, json.Unmarshal(body, &set)
}

// selectSettingsVersion returns the version in force, 0 when there is none yet.
func selectSettingsVersion(ctx context.Context, q store.Querier, scope cargo.ScopeID) (version int, err error) {
	err = q.QueryRowContext(ctx, `SELECT version FROM risk_settings WHERE scope_id = $1 ORDER BY version DESC LIMIT 1`, int64(scope)).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return version, err
}

func selectViews(ctx context.Context, q store.Querier, scope cargo.ScopeID, officer int64) (out []SavedView, err error) {
	err = store.Select(ctx, q, `SELECT id, title, query FROM risk_views WHERE scope_id = $1 AND officer_id = $2 ORDER BY title`,
		[]any{int64(scope), officer}, func(rows *sql.Rows) error {
			var v SavedView
			err := rows.Scan(&v.ID, &v.Title, &v.Query)
			out = append(out, v)
			return err
		})
	return out, err
}

func upsertView(ctx context.Context, q store.Querier, scope cargo.ScopeID, officer int64, v SavedView) error {
	_, err := q.ExecContext(ctx, `INSERT INTO risk_views (id, scope_id, officer_id, title, query, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (scope_id, officer_id, title) DO UPDATE SET query = excluded.query`,
		v.ID, int64(scope), officer, v.Title, v.Query, store.Time(time.Now()))
	return err
}

func deleteView(ctx context.Context, q store.Querier, scope cargo.ScopeID, officer, id int64) error {
	_, err := q.ExecContext(ctx, `DELETE FROM risk_views WHERE id = $1 AND scope_id = $2 AND officer_id = $3`, id, int64(scope), officer)
	return err
}
