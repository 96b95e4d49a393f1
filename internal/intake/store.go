package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/table"
	"tidewaiter/internal/store"
)

const importColumns = `SELECT id, scope_id, hash, name, sender, format, via, officer_id, size, state, reason,
	bytes_done, records, created, amended, unchanged, quarantined, warnings, received_at, ended_at FROM intake_imports`

func insertImport(ctx context.Context, q store.Querier, im *Import) error {
	_, err := q.ExecContext(ctx, `INSERT INTO intake_imports (id, scope_id, hash, name, sender, format, via, officer_id, size, state, reason,
		bytes_done, records, created, amended, unchanged, quarantined, warnings, mapping, received_at, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, 0, 0, 0, '[]', 'null', $12, $13)`,
		im.ID, int64(im.Scope), im.Hash, im.Name, im.Sender, string(im.Format), string(im.Via), im.Officer, im.Size,
		string(im.State), im.Reason, store.Time(im.Received), store.NullTime(im.Ended))
	return err
}

func scanImport(scan func(...any) error) (*Import, error) {
	im := &Import{}
	var warnings []byte
	var ended sql.NullTime
	err := scan(&im.ID, &im.Scope, &im.Hash, &im.Name, &im.Sender, &im.Format, &im.Via, &im.Officer, &im.Size, &im.State, &im.Reason,
		&im.BytesDone, &im.Records, &im.New, &im.Amended, &im.Unchanged, &im.Quarantined, &warnings, &im.Received, &ended)
	if err != nil {
		return nil, err
	}
	im.Received, im.Ended = im.Received.UTC(), ended.Time.UTC()
	if !ended.Valid {
		im.Ended = time.Time{}
	}
	return im, json.Unmarshal(warnings, &im.Warnings)
}

func selectImport(ctx context.Context, q store.Querier, id int64) (*Import, error) {
	im, err := scanImport(q.QueryRowContext(ctx, importColumns+` WHERE id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is no import %d", id)
	}
	return im, err
}

func selectImportOf(ctx context.Context, q store.Querier, scope cargo.ScopeID, hash string) (*Import, error) {
	im, err := scanImport(q.QueryRowContext(ctx, importColumns+` WHERE scope_id = $1 AND hash = $2`, int64(scope), hash).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "the file has not been imported")
	}
	return im, err
}

// selectImports returns the imports received before a moment, newest first.
func selectImports(ctx context.Context, q store.Querier, scope cargo.ScopeID, before time.Time, limit int) (out []*Import, err error) {
	err = store.Select(ctx, q, importColumns+` WHERE scope_id = $1 AND received_at < $2 ORDER BY received_at DESC, id DESC LIMIT $3`,
		[]any{int64(scope), store.Time(before), limit}, func(rows *sql.Rows) error {
			im, err := scanImport(rows.Scan)
			out = append(out, im)
			return err
		})
	return out, err
}

// selectSenders returns the names under which files came in.
func selectSenders(ctx context.Context, q store.Querier, scope cargo.ScopeID) (out []string, err error) {
	err = store.Select(ctx, q, `SELECT DISTINCT sender FROM intake_imports WHERE scope_id = $1 AND sender <> '' ORDER BY sender LIMIT 200`,
		[]any{int64(scope)}, func(rows *sql.Rows) error {
			var name string
			err := rows.Scan(&name)
			out = append(out, name)
			return err
		})
	return out, err
}

// updateProgress saves what an import has come to. It reports whether the import is
// still being read: somebody may have cancelled it.
func updateProgress(ctx context.Context, q store.Querier, im *Import) (bool, error) {
	warnings, err := json.Marshal(im.Warnings)
	if err != nil {
		return false, err
	}
	if im.Warnings == nil {
		warnings = []byte("[]")
	}
	result, err := q.ExecContext(ctx, `UPDATE intake_imports SET state = $1, reason = $2, sender = $3, bytes_done = $4, records = $5,
		created = $6, amended = $7, unchanged = $8, quarantined = $9, warnings = $10, ended_at = $11 WHERE id = $12 AND state = 'reading'`,
		string(im.State), im.Reason, im.Sender, im.BytesDone, im.Records, im.New, im.Amended, im.Unchanged, im.Quarantined,
		string(warnings), store.NullTime(im.Ended), im.ID)
	if err != nil {
		return false, fmt.Errorf("save progress of import %d: %w", im.ID, err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// moveImport changes the state of an import that is in one of the states from.
func moveImport(ctx context.Context, q store.Querier, id int64, from []State, to State) (bool, error) {
	args := []any{string(to), id}
	for _, s := range from {
		args = append(args, string(s))
	}
	result, err := q.ExecContext(ctx, `UPDATE intake_imports SET state = $1 WHERE id = $2 AND state IN `+store.In(3, len(from)), args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

func updateMapping(ctx context.Context, q store.Querier, id int64, sender string, m table.Mapping) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `UPDATE intake_imports SET mapping = $1, sender = $2 WHERE id = $3`, string(body), sender, id)
	return err
}

// selectImportMapping returns the mapping that was confirmed for an import, if any.
func selectImportMapping(ctx context.Context, q store.Querier, id int64) (m table.Mapping, ok bool, err error) {
	var body []byte
	if err := q.QueryRowContext(ctx, `SELECT mapping FROM intake_imports WHERE id = $1`, id).Scan(&body); err != nil {
		return m, false, err
	}
	if string(body) == "null" {
		return m, false, nil
	}
	return m, true, json.Unmarshal(body, &m)
}

func selectMapping(ctx context.Context, q store.Querier, scope cargo.ScopeID, sender, fingerprint string) (m table.Mapping, ok bool, err error) {
	var body []byte
	err = q.QueryRowContext(ctx, `SELECT mapping FROM intake_mappings WHERE scope_id = $1 AND sender = $2 AND fingerprint = $3`,
		int64(scope), sender, fingerprint).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	return m, true, json.Unmarshal(body, &m)
}

func upsertMapping(ctx context.Context, q store.Querier, scope cargo.ScopeID, sender, fingerprint string, m table.Mapping, officer int64) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO intake_mappings (id, scope_id, sender, fingerprint, mapping, officer_id, confirmed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (scope_id, sender, fingerprint)
		DO UPDATE SET mapping = excluded.mapping, officer_id = excluded.officer_id, confirmed_at = excluded.confirmed_at`,
		store.NewID(), int64(scope), sender, fingerprint, string(body), officer, store.Time(time.Now()))
	return err
}
