package casework

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

func insertRules(ctx context.Context, q store.Querier, scope cargo.ScopeID, set RuleSet) error {
	body, err := json.Marshal(set)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO casework_rules (scope_id, version, body, reason, officer_id, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		int64(scope), set.Version, string(withoutNUL(body)), set.Reason, set.Officer, set.At)
	return err
}

// selectRules returns the newest version; it is empty where there is none yet.
func selectRules(ctx context.Context, q store.Querier, scope cargo.ScopeID) (RuleSet, error) {
	sets, err := selectRuleSets(ctx, q, scope, 1)
	if err != nil || len(sets) == 0 {
		return RuleSet{}, err
	}
	return sets[0], nil
}

func selectRuleSets(ctx context.Context, q store.Querier, scope cargo.ScopeID, limit int) (out []RuleSet, err error) {
	err = store.Select(ctx, q, `SELECT version, body, reason, officer_id, at FROM casework_rules WHERE scope_id = $1
		ORDER BY version DESC LIMIT $2`, []any{int64(scope), limit}, func(rows *sql.Rows) error {
		var set RuleSet
		var body []byte
		if err := rows.Scan(&set.Version, &body, &set.Reason, &set.Officer, &set.At); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &set); err != nil {
			return fmt.Errorf("rules %d of scope %d: %w", set.Version, scope, err)
		}
		set.At = set.At.UTC()
		out = append(out, set)
		return nil
	})
	return out, err
}
