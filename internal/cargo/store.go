package cargo

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// current is the newest version of a document in the table.
type current struct {
	id      int64
	version int
	hash    int64
}

func currentVersions(ctx context.Context, q store.Querier, scope ScopeID, records []record) (map[string]current, error) {
	keys := make([]string, len(records))
	for i, r := range records {
		keys[i] = r.key
	}
	known := make(map[string]current, len(records))
	err := store.SelectIn(ctx, q,
		`SELECT document_key, id, version, body_hash FROM cargo_consignments WHERE scope_id = $1 AND document_key IN %s`,
		[]any{int64(scope)}, keys, func(rows *sql.Rows) error {
			var key string
			var at current
			if err := rows.Scan(&key, &at.id, &at.version, &at.hash); err != nil {
				return err
			}
			known[key] = at
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("look for known documents: %w", err)
	}
	return known, nil
}

// lockScope lets one transaction at a time save into a scope, so that two imports at
// once do not both find a document or a party to be new.
func lockScope(ctx context.Context, tx *sql.Tx, scope ScopeID) error {
	result, err := tx.ExecContext(ctx, `UPDATE cargo_scopes SET title = title WHERE id = $1`, int64(scope))
	if err != nil {
		return fmt.Errorf("lock scope %d: %w", scope, err)
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return fault.New(fault.NotFound, "there is no traffic with the number %d", scope)
	}
	return nil
}

// insertRecords writes new and amended consignments with all by which they are found.
func insertRecords(ctx context.Context, tx *sql.Tx, scope ScopeID, records []record) error {
	consignments := make([][]any, 0, len(records))
	versions := make([][]any, 0, len(records))
	keys := make([][]any, 0, 3*len(records))
	last := map[int64]int{} // a document twice in a batch: the later one is current
	for _, r := range records {
		newest := []any{r.c.ID, int64(scope), r.key, r.c.Version, r.hash}
		if at, twice := last[r.c.ID]; twice {
			consignments[at] = newest
		} else {
			last[r.c.ID] = len(consignments)
			consignments = append(consignments, newest)
		}
		row, err := versionRow(r)
		if err != nil {
			return err
		}
		versions = append(versions, row)
		for _, k := range searchKeys(r.c) {
			keys = append(keys, []any{int64(scope), []byte(k.value), k.kind, r.c.ID})
		}
	}
	err := store.InsertRows(ctx, tx, `INSERT INTO cargo_consignments (id, scope_id, document_key, version, body_hash) VALUES`, consignments,
		`ON CONFLICT (id) DO UPDATE SET version = excluded.version, body_hash = excluded.body_hash`)
	if err != nil {
		return err
	}
	err = store.InsertRows(ctx, tx, `INSERT INTO cargo_versions (consignment_id, version, import_id, received_at, body, source, marks, spans) VALUES`, versions, "")
	if err != nil {
		return err
	}
	err = store.InsertRows(ctx, tx, `INSERT INTO cargo_keys (scope_id, value, kind, consignment_id) VALUES`, keys, `ON CONFLICT DO NOTHING`)
	if err != nil {
		return err
	}
	return insertParties(ctx, tx, scope, records)
}

// versionRow is a row of cargo_versions. The marks stand apart from the source: only
// the page of a consignment reads them.
func versionRow(r record) ([]any, error) {
	source := r.c.Source
	spans := encodeMarks(source.Fields)
	source.Fields = nil
	body, err := json.Marshal(source)
	return []any{r.c.ID, r.c.Version, source.Import, r.c.Received, r.body, string(body), "[]", spans}, err
}

const versionColumns = `SELECT c.id, c.scope_id, v.version, v.received_at, v.body, v.source
	FROM cargo_consignments c JOIN cargo_versions v ON v.consignment_id = c.id`

func scanVersion(rows *sql.Rows) (*Consignment, error) {
	var id, scope int64
	var version int
	var received time.Time
	var body, source []byte
	if err := rows.Scan(&id, &scope, &version, &received, &body, &source); err != nil {
		return nil, err
	}
	c := &Consignment{}
	if err := jsonv2.Unmarshal(body, c); err != nil { // in half the time of encoding/json
		return nil, fmt.Errorf("read consignment %d: %w", id, err)
	}
	if err := jsonv2.Unmarshal(source, &c.Source); err != nil {
		return nil, fmt.Errorf("read source of consignment %d: %w", id, err)
	}
	c.ID, c.Scope, c.Version, c.Received = id, ScopeID(scope), version, received.UTC()
	return c, nil
}

func selectVersions(ctx context.Context, q store.Querier, scope ScopeID, id int64) (out []*Consignment, err error) {
	err = store.Select(ctx, q, versionColumns+` WHERE c.id = $1 AND c.scope_id = $2 ORDER BY v.version`,
		[]any{id, int64(scope)}, func(rows *sql.Rows) error {
			c, err := scanVersion(rows)
			out = append(out, c)
			return err
		})
	if err != nil {
		return nil, err
	}
	at := 0
	err = store.Select(ctx, q, `SELECT marks, spans FROM cargo_versions WHERE consignment_id = $1 ORDER BY version`, []any{id},
		func(rows *sql.Rows) error {
			var marks, spans []byte
			if err := rows.Scan(&marks, &spans); err != nil || at >= len(out) {
				return err
			}
			src := &out[at].Source
			at++
			if len(spans) > 0 {
				src.Fields, err = decodeMarks(spans)
				return err
			}
			return jsonv2.Unmarshal(marks, &src.Fields)
		})
	return out, err
}

func selectRefs(ctx context.Context, q store.Querier, refs []VersionRef) ([]*Consignment, error) {
	ids := make([]int64, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	byRef := make(map[VersionRef]*Consignment, len(refs))
	err := store.SelectIn(ctx, q, versionColumns+` WHERE c.id IN %s`, nil, ids, func(rows *sql.Rows) error {
		c, err := scanVersion(rows)
		if err == nil {
			byRef[VersionRef{ID: c.ID, Version: c.Version}] = c
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]*Consignment, 0, len(refs))
	for _, r := range refs {
		if c := byRef[r]; c != nil {
			out = append(out, c)
		}
	}
	return out, nil
}

// selectCurrent leaves the scope to Go: with it in the statement, SQLite walks through
// all documents of the scope instead of looking the few ids up.
func selectCurrent(ctx context.Context, q store.Querier, scope ScopeID, ids []int64) (map[int64]*Consignment, error) {
	out := make(map[int64]*Consignment, len(ids))
	err := store.SelectIn(ctx, q, versionColumns+` AND v.version = c.version WHERE c.id IN %s`, nil, ids, func(rows *sql.Rows) error {
		c, err := scanVersion(rows)
		if err == nil && c.Scope == scope {
			out[c.ID] = c
		}
		return err
	})
	return out, err
}

func selectOfImport(ctx context.Context, q store.Querier, scope ScopeID, importID int64, limit int) (out []*Consignment, err error) {
	err = store.Select(ctx, q, versionColumns+` WHERE v.import_id = $1 AND c.scope_id = $2 ORDER BY c.id, v.version LIMIT $3`,
		[]any{importID, int64(scope), limit}, func(rows *sql.Rows) error {
			c, err := scanVersion(rows)
			out = append(out, c)
			return err
		})
	return out, err
}

func insertScope(ctx context.Context, q store.Querier, s Scope) error {
	_, err := q.ExecContext(ctx, `INSERT INTO cargo_scopes (id, kind, unit_id, title, created_at) VALUES ($1, $2, $3, $4, $5)`,
		int64(s.ID), string(s.Kind), s.Unit, s.Title, store.Time(time.Now()))
	return err
}

func selectScope(ctx context.Context, q store.Querier, id ScopeID) (Scope, error) {
	s := Scope{ID: id}
	err := q.QueryRowContext(ctx, `SELECT kind, unit_id, title FROM cargo_scopes WHERE id = $1`, int64(id)).Scan(&s.Kind, &s.Unit, &s.Title)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.New(fault.NotFound, "there is no traffic with the number %d", id)
	}
	return s, err
}

func selectLive(ctx context.Context, q store.Querier, unit int64) (Scope, error) {
	s := Scope{Kind: Live, Unit: unit}
	err := q.QueryRowContext(ctx, `SELECT id, title FROM cargo_scopes WHERE unit_id = $1 AND kind = 'live' ORDER BY id LIMIT 1`, unit).
		Scan(&s.ID, &s.Title)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.New(fault.NotFound, "unit %d has no live traffic yet", unit)
	}
	return s, err
}
