package risk

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

func selectSettingsHistory(ctx context.Context, q store.Querier, scope cargo.ScopeID, limit int) (out []SettingsNote, err error) {
	err = store.Select(ctx, q, `SELECT version, body, reason, officer_id, at FROM risk_settings WHERE scope_id = $1
		ORDER BY version DESC LIMIT $2`, []any{int64(scope), limit}, func(rows *sql.Rows) error {
		var n SettingsNote
		var raw []byte
		if err := rows.Scan(&n.Version, &raw, &n.Reason, &n.Officer, &n.At); err != nil {
			return err
		}
		var body struct { // the lists, which are most of it, are left unread
			Capacity Capacity `json:"capacity"`
			Draw     Draw     `json:"draw"`
		}
		if err := json.Unmarshal(raw, &body); err != nil {
			return fmt.Errorf("settings %d of scope %d: %w", n.Version, scope, err)
		}
		n.At, n.Capacity, n.Draw = n.At.UTC(), body.Capacity, body.Draw
		out = append(out, n)
		return nil
	})
	return out, err
}
