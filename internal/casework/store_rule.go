package casework

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
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
func selectRules(ctx context.Context, q store.Querier, scope cargo.ScopeID) (set RuleSet, err error) {
	var body []byte
	err = q.QueryRowContext(ctx, `SELECT version, body, reason, officer_id, at FROM casework_rules WHERE scope_id = $1
		ORDER BY version DESC LIMIT 1`, int64(scope)).Scan(&set.Version, &body, &set.Reason, &set.Officer, &set.At)
	if errors.Is(err, sql.ErrNoRows) {
		return RuleSet{}, nil
	}
	if err != nil {
		return set, err
	}
	set.At = set.At.UTC()
	if err := json.Unmarshal(body, &set); err != nil {
		return set, fmt.Errorf("rules %d of scope %d: %w", set.Version, scope, err)
	}
	return set, nil
}
