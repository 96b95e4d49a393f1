package exercise

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tidewaiter/internal/store"
)

func insertCohort(ctx context.Context, tx *sql.Tx, id, unit, world, officer int64, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO exercise_cohorts (id, unit_id, world_id, made_by, made_at) VALUES ($1, $2, $3, $4, $5)`,
		id, unit, world, officer, store.Time(now))
	return err
}

func insertRun(ctx context.Context, tx *sql.Tx, id, officer, unit, world, cohort int64, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO exercise_runs (id, officer_id, unit_id, world_id, cohort_id, made_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, officer, unit, world, sql.NullInt64{Int64: cohort, Valid: cohort != 0}, store.Time(now))
	return err
}

// runColumns read a run with its world, and how much is selected in it.
const runColumns = `SELECT r.id, r.officer_id, r.unit_id, r.world_id, r.cohort_id, r.made_at, r.begun_at, r.handed_in_at, r.score,
	w.task_key, w.task, w.level, w.scope_id, w.month, w.state, w.done, w.total,
	(SELECT count(*) FROM exercise_picks p WHERE p.run_id = r.id)
	FROM exercise_runs r JOIN exercise_worlds w ON w.id = r.world_id WHERE `

// selectRuns returns the runs that a condition on r holds for, the newest first.
func selectRuns(ctx context.Context, q store.Querier, where string, args ...any) (list []Run, err error) {
	err = store.Select(ctx, q, runColumns+where+` ORDER BY r.id DESC`, args, func(rows *sql.Rows) error {
		r, err := scanRun(rows)
		list = append(list, r)
		return err
	})
	return list, err
}

// selectRun returns a run, or fault.NotFound.
func selectRun(ctx context.Context, q store.Querier, id int64) (Run, error) {
	list, err := selectRuns(ctx, q, `r.id = $1`, id)
	if err == nil && len(list) == 0 {
		err = errNone
	}
	if err != nil {
		return Run{}, err
	}
	return list[0], nil
}

func scanRun(rows *sql.Rows) (r Run, err error) {
	var cohort sql.NullInt64
	var begun, handedIn sql.NullTime
	var score sql.NullFloat64
	var body []byte
	var state worldState
	err = rows.Scan(&r.ID, &r.Officer, &r.Unit, &r.World, &cohort, &r.Made, &begun, &handedIn, &score,
		&r.Key, &body, &r.Level, &r.Scope, &r.Month, &state, &r.Done, &r.Total, &r.Selected)
	if err != nil {
		return r, err
	}
	r.Cohort, r.Score, r.Made, r.Month = cohort.Int64, score.Float64, r.Made.UTC(), r.Month.UTC()
	r.Begun, r.HandedIn = store.TimeOf(begun), store.TimeOf(handedIn)
	r.State = stateOf(state, r)
	if err := json.Unmarshal(body, &r.Task); err != nil {
		return r, fmt.Errorf("task of run %d: %w", r.ID, err)
	}
	return r, nil
}

func stateOf(state worldState, r Run) State {
	switch {
	case !r.HandedIn.IsZero():
		return HandedIn
	case state == failed:
		return Failed
	case state != ready:
		return Preparing
	case r.Begun.IsZero():
		return Ready
	}
	return Working
}

// selectOpenRun returns an officer's run at a task that is not handed in, with its world
// and how far that is; 0 when there is none.
func selectOpenRun(ctx context.Context, q store.Querier, officer, unit int64, key string, level Level) (id, world int64, state worldState, err error) {
	err = q.QueryRowContext(ctx, `SELECT r.id, r.world_id, w.state FROM exercise_runs r JOIN exercise_worlds w ON w.id = r.world_id
		WHERE r.officer_id = $1 AND r.unit_id = $2 AND w.task_key = $3 AND w.level = $4 AND r.handed_in_at IS NULL ORDER BY r.id DESC LIMIT 1`,
		officer, unit, key, string(level)).Scan(&id, &world, &state)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, world, state, err
}

// hasRun reports whether one of the officers has a run in the world.
func hasRun(ctx context.Context, q store.Querier, world int64, officers []int64) (seen bool, err error) {
	err = store.SelectIn(ctx, q, `SELECT 1 FROM exercise_runs WHERE world_id = $1 AND officer_id IN %s`, []any{world}, officers, func(*sql.Rows) error {
		seen = true
		return nil
	})
	return seen, err
}

// updateBegun sets when a run was first entered.
func updateBegun(ctx context.Context, tx *sql.Tx, id int64, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE exercise_runs SET begun_at = $1 WHERE id = $2 AND begun_at IS NULL`, store.Time(now), id)
	return err
}

// lockRun lets one transaction at a time change a run, and reports false when it has been
// handed in.
func lockRun(ctx context.Context, tx *sql.Tx, id int64) (bool, error) {
	result, err := tx.ExecContext(ctx, `UPDATE exercise_runs SET made_at = made_at WHERE id = $1 AND handed_in_at IS NULL`, id)
	if err != nil {
		return false, fmt.Errorf("lock run %d: %w", id, err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

func updateHandedIn(ctx context.Context, tx *sql.Tx, id int64, at time.Time, r Result) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE exercise_runs SET handed_in_at = $1, score = $2, result = $3 WHERE id = $4`,
		store.Time(at), r.Learner.Score, store.Text(string(body)), id)
	return err
}

func selectResult(ctx context.Context, q store.Querier, id int64) (r Result, err error) {
	var body []byte
	if err = q.QueryRowContext(ctx, `SELECT result FROM exercise_runs WHERE id = $1`, id).Scan(&body); err != nil {
		return r, fmt.Errorf("result of run %d: %w", id, err)
	}
	return r, json.Unmarshal(body, &r)
}

func upsertPick(ctx context.Context, tx *sql.Tx, run int64, p Pick) error {
	reasons, err := json.Marshal(p.Reasons)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO exercise_picks (run_id, consignment_id, reasons, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (run_id, consignment_id) DO UPDATE SET reasons = excluded.reasons`, run, p.Consignment, string(reasons), store.Time(p.At))
	return err
}

func deletePick(ctx context.Context, tx *sql.Tx, run, consignment int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM exercise_picks WHERE run_id = $1 AND consignment_id = $2`, run, consignment)
	return err
}

func selectPicks(ctx context.Context, q store.Querier, run int64) (list []Pick, err error) {
	err = store.Select(ctx, q, `SELECT consignment_id, reasons, at FROM exercise_picks WHERE run_id = $1 ORDER BY at, consignment_id`,
		[]any{run}, func(rows *sql.Rows) error {
			var p Pick
			var body []byte
			if err := rows.Scan(&p.Consignment, &body, &p.At); err != nil {
				return err
			}
			p.At = p.At.UTC()
			list = append(list, p)
			return json.Unmarshal(body, &list[len(list)-1].Reasons)
		})
	return list, err
}
