package casework

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

func insertReleases(ctx context.Context, q store.Querier, scope cargo.ScopeID, batch, officer int64, r Reason, at time.Time, low []Basis) error {
	rows := make([][]any, len(low))
	for i, b := range low {
		rows[i] = []any{store.NewID(), int64(scope), b.Consignment, b.Version, batch, r.Code, r.Words, officer, at}
	}
	return store.InsertRows(ctx, q, `INSERT INTO casework_releases (id, scope_id, consignment_id, version, batch, reason, words, officer_id, at) VALUES`, rows, "")
}

func insertBatch(ctx context.Context, q store.Querier, scope cargo.ScopeID, id, officer int64, key string, answer []byte) error {
	_, err := q.ExecContext(ctx, `INSERT INTO casework_batches (id, scope_id, officer_id, act_key, answer) VALUES ($1, $2, $3, $4, $5)`,
		id, int64(scope), officer, nullText(key), string(answer))
	return err
}

// selectBatch returns what was answered to an act of the key, and who made it.
func selectBatch(ctx context.Context, q store.Querier, scope cargo.ScopeID, key string) (a BulkAnswer, officer int64, known bool, err error) {
	if key == "" {
		return a, 0, false, nil
	}
	var body []byte
	err = q.QueryRowContext(ctx, `SELECT officer_id, answer FROM casework_batches WHERE scope_id = $1 AND act_key = $2`, int64(scope), key).
		Scan(&officer, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return a, 0, false, nil
	}
	if err != nil {
		return a, 0, false, err
	}
	a.Again = true
	return a, officer, true, json.Unmarshal(body, &a)
}

// selectReleasedVersions returns the newest version of each consignment that was
// released without a case.
func selectReleasedVersions(ctx context.Context, q store.Querier, ids []int64) (map[int64]int, error) {
	out := map[int64]int{}
	err := store.SelectIn(ctx, q, `SELECT consignment_id, version FROM casework_releases WHERE consignment_id IN %s`, nil, ids,
		func(rows *sql.Rows) error {
			var id int64
			var version int
			err := rows.Scan(&id, &version)
			out[id] = max(out[id], version)
			return err
		})
	return out, err
}

// selectReleases returns the marks of the consignments that were released without a case.
func selectReleases(ctx context.Context, q store.Querier, scope cargo.ScopeID, ids []int64) (map[int64]Mark, error) {
	out := map[int64]Mark{}
	err := store.SelectIn(ctx, q, `SELECT consignment_id, scope_id, version, at FROM casework_releases WHERE consignment_id IN %s
		ORDER BY version`, nil, ids, func(rows *sql.Rows) error {
		m := Mark{Ending: Released, Released: true}
		var of cargo.ScopeID
		if err := rows.Scan(&m.Consignment, &of, &m.Version, &m.At); err != nil || of != scope {
			return err
		}
		m.At = m.At.UTC()
		out[m.Consignment] = m
		return nil
	})
	return out, err
}

func selectRelease(ctx context.Context, q store.Querier, scope cargo.ScopeID, consignment int64) (ReleaseNote, error) {
	n := ReleaseNote{Consignment: consignment}
	err := q.QueryRowContext(ctx, `SELECT version, reason, words, officer_id, at FROM casework_releases
		WHERE consignment_id = $1 AND scope_id = $2 ORDER BY version DESC LIMIT 1`, consignment, int64(scope)).
		Scan(&n.Version, &n.Reason.Code, &n.Reason.Words, &n.Officer, &n.At)
	if errors.Is(err, sql.ErrNoRows) {
		return n, fault.New(fault.NotFound, "consignment %d was not released without a case", consignment)
	}
	n.At = n.At.UTC()
	return n, err
}
