package intake

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

func insertQuarantined(ctx context.Context, q store.Querier, scope cargo.ScopeID, items []Quarantined) error {
	rows := make([][]any, len(items))
	for i, it := range items {
		rows[i] = []any{store.NewID(), int64(scope), it.Import, it.Record, it.Part, it.Lost, it.Place, it.Document, it.Field,
			it.Value, it.Reason, it.At.Offset, it.At.Length, string(Open), "", int64(0)}
	}
	return store.InsertRows(ctx, q, `INSERT INTO intake_quarantine (id, scope_id, import_id, record, part, lost, place, document, field,
		value, reason, at_offset, at_length, state, mended, officer_id) VALUES`, rows, `ON CONFLICT (import_id, record, part) DO NOTHING`)
}

const quarantineColumns = `SELECT id, import_id, record, part, lost, place, document, field, value, reason, at_offset, at_length,
	state, mended, officer_id, ended_at FROM intake_quarantine`

func scanQuarantined(scan func(...any) error) (Quarantined, error) {
	var it Quarantined
	var ended sql.NullTime
	err := scan(&it.ID, &it.Import, &it.Record, &it.Part, &it.Lost, &it.Place, &it.Document, &it.Field, &it.Value, &it.Reason,
		&it.At.Offset, &it.At.Length, &it.State, &it.Mended, &it.Officer, &ended)
	if ended.Valid {
		it.Ended = ended.Time.UTC()
	}
	return it, err
}

func selectQuarantined(ctx context.Context, q store.Querier, scope cargo.ScopeID, id int64) (Quarantined, error) {
	it, err := scanQuarantined(q.QueryRowContext(ctx, quarantineColumns+` WHERE id = $1 AND scope_id = $2`, id, int64(scope)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return it, fault.New(fault.NotFound, "there is no quarantined record %d", id)
	}
	return it, err
}

// selectQuarantine returns quarantined records of an import (0: of all) after an id.
func selectQuarantine(ctx context.Context, q store.Querier, scope cargo.ScopeID, importID int64, onlyOpen bool, after int64, limit int) (out []Quarantined, err error) {
	text, args := quarantineColumns+` WHERE scope_id = $1 AND id > $2`, []any{int64(scope), after, limit}
	if importID != 0 {
		text, args = text+` AND import_id = $4`, append(args, importID)
	}
	if onlyOpen {
		text += ` AND state = 'open'`
	}
	err = store.Select(ctx, q, text+` ORDER BY id LIMIT $3`, args, func(rows *sql.Rows) error {
		it, err := scanQuarantined(rows.Scan)
		out = append(out, it)
		return err
	})
	return out, err
}

// selectRecord returns all problems of one record.
func selectRecord(ctx context.Context, q store.Querier, importID int64, record int) (out []Quarantined, err error) {
	err = store.Select(ctx, q, quarantineColumns+` WHERE import_id = $1 AND record = $2 ORDER BY part`, []any{importID, record},
		func(rows *sql.Rows) error {
			it, err := scanQuarantined(rows.Scan)
			out = append(out, it)
			return err
		})
	return out, err
}

func countOpen(ctx context.Context, q store.Querier, scope cargo.ScopeID) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM intake_quarantine WHERE scope_id = $1 AND state = 'open'`, int64(scope)).Scan(&n)
	return n, err
}

// endQuarantined closes all open problems of a record.
func endQuarantined(ctx context.Context, q store.Querier, it Quarantined, state QuarantineState, mended string, officer int64) error {
	result, err := q.ExecContext(ctx, `UPDATE intake_quarantine SET state = $1, mended = $2, officer_id = $3, ended_at = $4
		WHERE import_id = $5 AND record = $6 AND state = 'open'`,
		string(state), mended, officer, store.Time(time.Now()), it.Import, it.Record)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return fault.New(fault.Conflict, "somebody else has already dealt with this record").WithHint("load the page again")
	}
	return nil
}
