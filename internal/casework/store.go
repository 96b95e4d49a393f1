package casework

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

func errNoCase(id int64) error {
	return fault.New(fault.NotFound, "there is no case %d in this unit's traffic", id)
}

// lockCase lets one transaction at a time change the case, or returns a fault.NotFound.
func lockCase(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, id int64) error {
	result, err := tx.ExecContext(ctx, `UPDATE casework_cases SET version = version WHERE id = $1 AND scope_id = $2`, id, int64(scope))
	if err != nil {
		return fmt.Errorf("lock case %d: %w", id, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errNoCase(id))
	}
	return nil
}

// selectCase replays the case, or returns a fault.NotFound.
func selectCase(ctx context.Context, q store.Querier, scope cargo.ScopeID, id int64) (*Case, error) {
	var acts []Act
	err := store.Select(ctx, q, `SELECT seq, version, officer_id, at, kind, body, act_key, aside FROM casework_acts
		WHERE case_id = $1 AND scope_id = $2 ORDER BY seq`, []any{id, int64(scope)}, func(rows *sql.Rows) error {
		var a Act
		var key sql.NullString
		var body []byte
		if err := rows.Scan(&a.Seq, &a.Version, &a.Officer, &a.At, &a.Kind, &body, &key, &a.Aside); err != nil {
			return err
		}
		a.At, a.Key, a.Body = a.At.UTC(), key.String, body
		acts = append(acts, a)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(acts) == 0 {
		return nil, errNoCase(id)
	}
	c, err := Replay(acts)
	if err != nil {
		return nil, fmt.Errorf("case %d: %w", id, err)
	}
	c.ID, c.Scope = id, scope
	return c, nil
}

func insertAct(ctx context.Context, q store.Querier, c *Case, a Act) error {
	_, err := q.ExecContext(ctx, `INSERT INTO casework_acts (case_id, seq, scope_id, version, officer_id, at, kind, body, act_key, aside)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, a.Seq, int64(c.Scope), a.Version, a.Officer, a.At, string(a.Kind), string(a.Body), nullText(a.Key), a.Aside)
	if err != nil {
		return fmt.Errorf("keep act %d of case %d: %w", a.Seq, c.ID, err)
	}
	return nil
}

func nullText(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

// earlier is an act that came before with the same key.
type earlier struct {
	caseID       int64
	seq, version int
	officer      int64
	kind         Kind
}

func selectEarlier(ctx context.Context, q store.Querier, scope cargo.ScopeID, key string) (e earlier, found bool, err error) {
	if key == "" {
		return e, false, nil
	}
	err = q.QueryRowContext(ctx, `SELECT case_id, seq, version, officer_id, kind FROM casework_acts WHERE scope_id = $1 AND act_key = $2`,
		int64(scope), key).Scan(&e.caseID, &e.seq, &e.version, &e.officer, &e.kind)
	if errors.Is(err, sql.ErrNoRows) {
		return e, false, nil
	}
	return e, err == nil, err
}

// nextSerial counts the cases of a scope in a year.
func nextSerial(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, year int) (serial int, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO casework_serials (scope_id, year, serial) VALUES ($1, $2, 1)
		ON CONFLICT (scope_id, year) DO UPDATE SET serial = casework_serials.serial + 1 RETURNING serial`, int64(scope), year).Scan(&serial)
	if err != nil {
		return 0, fmt.Errorf("number the case: %w", err)
	}
	return serial, nil
}

// lockOpenings keeps cases from being opened in the scope until the transaction ends.
func lockOpenings(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, year int) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO casework_serials (scope_id, year, serial) VALUES ($1, $2, 0)
		ON CONFLICT (scope_id, year) DO UPDATE SET serial = casework_serials.serial`, int64(scope), year)
	return err
}

func upsertCase(ctx context.Context, q store.Querier, s Summary) error {
	score := sql.NullInt64{Int64: eighths(s.Score), Valid: s.Assessed}
	_, err := q.ExecContext(ctx, `INSERT INTO casework_cases (id, scope_id, number, title, state, ending, origin, version, acts, owner_id,
			opened_by, opened_at, changed_at, concluded_at, deadline, score, random, consignments, waiting)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, ending = excluded.ending, version = excluded.version, acts = excluded.acts,
			owner_id = excluded.owner_id, changed_at = excluded.changed_at, concluded_at = excluded.concluded_at,
			deadline = excluded.deadline, score = excluded.score, random = excluded.random, consignments = excluded.consignments,
			waiting = excluded.waiting`,
		s.ID, int64(s.Scope), s.Number, s.Title, string(s.State), string(s.Ending), string(s.Origin), s.Version, s.Acts, s.Owner,
		s.OpenedBy, s.OpenedAt, s.ChangedAt, store.NullTime(s.ConcludedAt), store.NullTime(s.Deadline), score, s.Random,
		s.Consignments, s.Waiting)
	return err
}

// indexTables are the tables by which a case is found, in the order of caseIndex.
var indexTables = [...]struct{ drop, insert string }{
	{`DELETE FROM casework_consignments WHERE case_id = $1`,
		`INSERT INTO casework_consignments (case_id, consignment_id, is_open) VALUES`},
	{`DELETE FROM casework_people WHERE case_id = $1`,
		`INSERT INTO casework_people (case_id, officer_id, part) VALUES`},
	{`DELETE FROM casework_tasks WHERE case_id = $1`,
		`INSERT INTO casework_tasks (case_id, seq, scope_id, officer_id, text, due, done) VALUES`},
	{`DELETE FROM casework_words WHERE case_id = $1`,
		`INSERT INTO casework_words (case_id, scope_id, word) VALUES`},
}

// replaceIndex writes the rows by which the case is found, as far as they have changed.
func replaceIndex(ctx context.Context, q store.Querier, id int64, was, is caseIndex) error {
	for i, t := range indexTables {
		if sameRows(was[i], is[i]) {
			continue
		}
		if len(was[i]) > 0 {
			if _, err := q.ExecContext(ctx, t.drop, id); err != nil {
				return err
			}
		}
		if err := store.InsertRows(ctx, q, t.insert, is[i], ""); err != nil {
			return err
		}
	}
	return nil
}

// selectOpenCases returns the open case of each consignment that is in one.
func selectOpenCases(ctx context.Context, q store.Querier, ids []int64) (map[int64]Summary, error) {
	out := map[int64]Summary{}
	err := store.SelectIn(ctx, q, `SELECT m.consignment_id, c.id, c.number, c.state FROM casework_consignments m
		JOIN casework_cases c ON c.id = m.case_id WHERE m.is_open AND m.consignment_id IN %s`, nil, ids, func(rows *sql.Rows) error {
		var id int64
		var s Summary
		err := rows.Scan(&id, &s.ID, &s.Number, &s.State)
		out[id] = s
		return err
	})
	return out, err
}

// selectInCases returns which of the consignments are or were in a case.
func selectInCases(ctx context.Context, q store.Querier, ids []int64) (map[int64]bool, error) {
	out := map[int64]bool{}
	err := store.SelectIn(ctx, q, `SELECT consignment_id FROM casework_consignments WHERE consignment_id IN %s`, nil, ids,
		func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			out[id] = true
			return err
		})
	return out, err
}

const summaryColumns = `SELECT c.id, c.scope_id, c.number, c.title, c.state, c.ending, c.origin, c.version, c.acts, c.owner_id, c.opened_by,
	c.opened_at, c.changed_at, c.concluded_at, c.deadline, c.score, c.random, c.consignments, c.waiting FROM casework_cases c`

func scanSummary(scan func(...any) error) (Summary, error) {
	var s Summary
	var concluded, deadline sql.NullTime
	var score sql.NullInt64
	err := scan(&s.ID, &s.Scope, &s.Number, &s.Title, &s.State, &s.Ending, &s.Origin, &s.Version, &s.Acts, &s.Owner, &s.OpenedBy,
		&s.OpenedAt, &s.ChangedAt, &concluded, &deadline, &score, &s.Random, &s.Consignments, &s.Waiting)
	s.OpenedAt, s.ChangedAt = s.OpenedAt.UTC(), s.ChangedAt.UTC()
	s.ConcludedAt, s.Deadline = store.TimeOf(concluded), store.TimeOf(deadline)
	s.Score, s.Assessed = ofEighths(score.Int64), score.Valid
	return s, err
}
