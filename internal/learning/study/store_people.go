package study

import (
	"context"
	"database/sql"
	"time"

	"tidewaiter/internal/store"
)

func insertCohort(ctx context.Context, tx *sql.Tx, c Cohort) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO study_cohorts (id, unit_id, course_id, title, code, due_at, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.ID, c.Unit, c.Course, c.Title, c.Code, store.NullTime(c.Due), c.By, store.Time(c.At))
	return err
}

func closeCohort(ctx context.Context, tx *sql.Tx, id int64, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE study_cohorts SET closed_at = $1 WHERE id = $2`, store.Time(at), id)
	return err
}

// selectCohorts returns the cohorts that a condition holds for, the newest first.
func selectCohorts(ctx context.Context, q store.Querier, where string, args ...any) (list []Cohort, err error) {
	err = store.Select(ctx, q, `SELECT id, unit_id, course_id, title, code, due_at, made_by, made_at, closed_at FROM study_cohorts WHERE `+where+` ORDER BY id DESC`, args,
		func(rows *sql.Rows) error {
			var c Cohort
			var due, closed sql.NullTime
			if err := rows.Scan(&c.ID, &c.Unit, &c.Course, &c.Title, &c.Code, &due, &c.By, &c.At, &closed); err != nil {
				return err
			}
			c.Due, c.At, c.Closed = store.TimeOf(due), c.At.UTC(), store.TimeOf(closed)
			list = append(list, c)
			return nil
		})
	return list, err
}

func insertRule(ctx context.Context, tx *sql.Tx, r Rule) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO study_rules (id, unit_id, role, course_id, days, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, r.Unit, string(r.Role), r.Course, r.Days, r.By, store.Time(r.At))
	return err
}

// endRule reports false where no such rule of the unit is in force.
func endRule(ctx context.Context, tx *sql.Tx, unit, id int64, at time.Time) (bool, error) {
	result, err := tx.ExecContext(ctx, `UPDATE study_rules SET ended_at = $1 WHERE id = $2 AND unit_id = $3 AND ended_at IS NULL`, store.Time(at), id, unit)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

func selectRules(ctx context.Context, q store.Querier, unit int64) (list []Rule, err error) {
	err = store.Select(ctx, q, `SELECT id, unit_id, role, course_id, days, made_by, made_at FROM study_rules WHERE unit_id = $1 AND ended_at IS NULL ORDER BY id`, []any{unit},
		func(rows *sql.Rows) error {
			var r Rule
			if err := rows.Scan(&r.ID, &r.Unit, &r.Role, &r.Course, &r.Days, &r.By, &r.At); err != nil {
				return err
			}
			r.At = r.At.UTC()
			list = append(list, r)
			return nil
		})
	return list, err
}

// taken names an officer in a course.
type taken struct {
	officer int64
	course  string
}

// selectPlaces returns who of the unit's members is enrolled where.
func selectPlaces(ctx context.Context, q store.Querier, unit int64) (map[taken]bool, error) {
	have := map[taken]bool{}
	err := store.Select(ctx, q, `SELECT e.officer_id, e.course_id FROM study_enrolments e JOIN study_rules r ON r.course_id = e.course_id
		WHERE r.unit_id = $1 AND r.ended_at IS NULL`, []any{unit}, func(rows *sql.Rows) error {
		var t taken
		err := rows.Scan(&t.officer, &t.course)
		have[t] = true
		return err
	})
	return have, err
}

func selectDue(ctx context.Context, q store.Querier, at time.Time) (list []Due, err error) {
	err = store.Select(ctx, q, `SELECT id, officer_id, course_id, due_at FROM study_enrolments WHERE completed_at IS NULL AND due_at IS NOT NULL AND due_at < $1 ORDER BY due_at, id`,
		[]any{store.Time(at)}, func(rows *sql.Rows) error {
			var d Due
			err := rows.Scan(&d.Enrolment, &d.Officer, &d.Course, &d.Due)
			d.Due = d.Due.UTC()
			list = append(list, d)
			return err
		})
	return list, err
}
