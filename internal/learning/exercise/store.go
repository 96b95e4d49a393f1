package exercise

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"tidewaiter/internal/store"
)

func insertTask(ctx context.Context, tx *sql.Tx, id, unit, officer int64, t Task, now time.Time) error {
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO exercise_tasks (id, unit_id, task, made_by, made_at) VALUES ($1, $2, $3, $4, $5)`,
		id, unit, store.Text(string(body)), officer, store.Time(now))
	return err
}

// selectTasks returns a unit's own tasks, the newest first.
func selectTasks(ctx context.Context, q store.Querier, unit int64) ([]Offer, error) {
	return selectTasksBy(ctx, q, `unit_id = $1`, unit)
}

// selectTask returns a unit's own task, or fault.NotFound.
func selectTask(ctx context.Context, q store.Querier, unit, id int64) (Offer, error) {
	list, err := selectTasksBy(ctx, q, `unit_id = $1 AND id = $2`, unit, id)
	if err == nil && len(list) == 0 {
		err = errNone
	}
	if err != nil {
		return Offer{}, err
	}
	return list[0], nil
}

func selectTasksBy(ctx context.Context, q store.Querier, where string, args ...any) (list []Offer, err error) {
	err = store.Select(ctx, q, `SELECT id, task, made_at FROM exercise_tasks WHERE `+where+` ORDER BY id DESC`, args, func(rows *sql.Rows) error {
		var id int64
		var body []byte
		var o Offer
		if err := rows.Scan(&id, &body, &o.MadeAt); err != nil {
			return err
		}
		o.Key, o.MadeAt = taskKey+strconv.FormatInt(id, 10), o.MadeAt.UTC()
		list = append(list, o)
		return json.Unmarshal(body, &list[len(list)-1].Task)
	})
	return list, err
}

// insertWorld reports false where the unit has the world already.
func insertWorld(ctx context.Context, tx *sql.Tx, w world, now time.Time) (bool, error) {
	body, err := json.Marshal(w.task)
	if err != nil {
		return false, err
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO exercise_worlds
		(id, unit_id, fingerprint, task_key, task, level, seed, month, scope_id, state, done, total, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, 0, 0, $10) ON CONFLICT (unit_id, fingerprint) DO NOTHING`,
		w.id, w.unit, w.fingerprint, w.key, store.Text(string(body)), string(w.level), int64(w.seed), store.Time(w.month), string(w.state), store.Time(now))
	if err != nil {
		return false, fmt.Errorf("order a world: %w", err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

func selectWorldID(ctx context.Context, q store.Querier, unit int64, fingerprint string) (id int64, state worldState, err error) {
	err = q.QueryRowContext(ctx, `SELECT id, state FROM exercise_worlds WHERE unit_id = $1 AND fingerprint = $2`, unit, fingerprint).Scan(&id, &state)
	return id, state, err
}

func selectWorld(ctx context.Context, q store.Querier, id int64) (w world, err error) {
	var body []byte
	var seed int64
	err = q.QueryRowContext(ctx, `SELECT id, unit_id, task_key, task, level, seed, month, scope_id, state FROM exercise_worlds WHERE id = $1`, id).
		Scan(&w.id, &w.unit, &w.key, &body, &w.level, &seed, &w.month, &w.scope, &w.state)
	if err != nil {
		return w, fmt.Errorf("world %d: %w", id, err)
	}
	w.seed, w.month = uint64(seed), w.month.UTC()
	return w, json.Unmarshal(body, &w.task)
}

func updateWorldState(ctx context.Context, tx *sql.Tx, id int64, state worldState) error {
	_, err := tx.ExecContext(ctx, `UPDATE exercise_worlds SET state = $1 WHERE id = $2`, string(state), id)
	return err
}

func updateWorldScope(ctx context.Context, q store.Querier, id, scope int64) error {
	_, err := q.ExecContext(ctx, `UPDATE exercise_worlds SET scope_id = $1 WHERE id = $2`, scope, id)
	return err
}

func updateWorldProgress(ctx context.Context, q store.Querier, id int64, done, total int) error {
	_, err := q.ExecContext(ctx, `UPDATE exercise_worlds SET done = $1, total = $2 WHERE id = $3`, done, total, id)
	return err
}

// replaceTruths keeps what is true of a world, in place of what an interrupted try kept.
func replaceTruths(ctx context.Context, tx *sql.Tx, world int64, truths []Truth) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM exercise_truths WHERE world_id = $1`, world); err != nil {
		return err
	}
	rows := make([][]any, len(truths))
	for i, t := range truths {
		rows[i] = []any{world, t.Consignment, t.Document, t.Planted, t.Twin, t.Scheme, t.Note, t.Case}
	}
	return store.InsertRows(ctx, tx, `INSERT INTO exercise_truths
		(world_id, consignment_id, document, planted, twin, scheme, note, case_number) VALUES`, rows, "")
}

func selectTruths(ctx context.Context, q store.Querier, world int64) (list []Truth, err error) {
	err = store.Select(ctx, q, `SELECT consignment_id, document, planted, twin, scheme, note, case_number FROM exercise_truths WHERE world_id = $1`,
		[]any{world}, func(rows *sql.Rows) error {
			var t Truth
			err := rows.Scan(&t.Consignment, &t.Document, &t.Planted, &t.Twin, &t.Scheme, &t.Note, &t.Case)
			list = append(list, t)
			return err
		})
	return list, err
}

// hasTruth reports whether a consignment is of the month that is worked.
func hasTruth(ctx context.Context, q store.Querier, world, consignment int64) (bool, error) {
	var one int
	err := q.QueryRowContext(ctx, `SELECT 1 FROM exercise_truths WHERE world_id = $1 AND consignment_id = $2`, world, consignment).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func selectRatings(ctx context.Context, q store.Querier, subject string) (map[string]Rating, error) {
	out := map[string]Rating{}
	err := store.Select(ctx, q, `SELECT skill, rating, runs FROM exercise_ratings WHERE subject = $1`, []any{subject}, func(rows *sql.Rows) error {
		var r Rating
		err := rows.Scan(&r.Skill, &r.Rating, &r.Runs)
		out[r.Skill] = r
		return err
	})
	return out, err
}

func upsertRating(ctx context.Context, tx *sql.Tx, subject string, r Rating) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO exercise_ratings (subject, skill, rating, runs) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject, skill) DO UPDATE SET rating = excluded.rating, runs = excluded.runs`, subject, r.Skill, r.Rating, r.Runs)
	return err
}
