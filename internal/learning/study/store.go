package study

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/store"
)

// insertEnrolment reports false where the officer is enrolled in the course already.
func insertEnrolment(ctx context.Context, tx *sql.Tx, e *Enrolment) (bool, error) {
	result, err := tx.ExecContext(ctx, `INSERT INTO study_enrolments
		(id, officer_id, unit_id, course_id, version, origin, cohort_id, enrolled_at, enrolled_by, due_at, seed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (officer_id, course_id) DO NOTHING`,
		e.ID, e.Officer, e.Unit, e.Course, e.Version, string(e.Origin), nullID(e.Cohort), store.Time(e.At), e.By, store.NullTime(e.Due), int64(e.Seed))
	if err != nil {
		return false, fmt.Errorf("enrol: %w", err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

func nullID(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }

// updateAdmission gives an enrolment the cohort and due date that it lacks; a due date that
// somebody sets anew replaces the old one.
func updateAdmission(ctx context.Context, tx *sql.Tx, e *Enrolment) error {
	_, err := tx.ExecContext(ctx, `UPDATE study_enrolments SET cohort_id = COALESCE($1, cohort_id), due_at = COALESCE($2, due_at)
		WHERE officer_id = $3 AND course_id = $4 AND completed_at IS NULL`,
		nullID(e.Cohort), store.NullTime(e.Due), e.Officer, e.Course)
	return err
}

// lockEnrolment lets one transaction at a time change the enrolment.
func lockEnrolment(ctx context.Context, tx *sql.Tx, officer int64, courseID string) error {
	result, err := tx.ExecContext(ctx, `UPDATE study_enrolments SET version = version WHERE officer_id = $1 AND course_id = $2`, officer, courseID)
	if err != nil {
		return fmt.Errorf("lock enrolment: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errNotEnrolled)
	}
	return nil
}

func updateCompleted(ctx context.Context, tx *sql.Tx, e *Enrolment) error {
	_, err := tx.ExecContext(ctx, `UPDATE study_enrolments SET completed_at = $1, score = $2 WHERE id = $3`, store.Time(e.Completed), e.Score, e.ID)
	return err
}

func updateExercise(ctx context.Context, tx *sql.Tx, e *Enrolment) error {
	_, err := tx.ExecContext(ctx, `UPDATE study_enrolments SET exercise_at = $1, exercise_score = $2 WHERE id = $3`, store.Time(e.ExerciseAt), e.ExerciseScore, e.ID)
	return err
}

func insertRead(ctx context.Context, tx *sql.Tx, enrolment int64, lesson string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO study_reads (enrolment_id, lesson_id, at) VALUES ($1, $2, $3)`, enrolment, lesson, store.Time(at))
	return err
}

// selectEnrolments returns the enrolments that a condition on study_enrolments holds for,
// the newest first, whole.
func selectEnrolments(ctx context.Context, q store.Querier, where string, args ...any) ([]*Enrolment, error) {
	var list []*Enrolment
	byID := map[int64]*Enrolment{}
	var ids []int64
	err := store.Select(ctx, q, `SELECT id, officer_id, unit_id, course_id, version, origin, cohort_id, enrolled_at, enrolled_by, due_at, seed,
		exercise_at, exercise_score, completed_at, score FROM study_enrolments WHERE `+where+` ORDER BY id DESC`, args, func(rows *sql.Rows) error {
		e := &Enrolment{Reads: map[string]time.Time{}}
		var cohort sql.NullInt64
		var due, exercised, completed sql.NullTime
		var exercise, score sql.NullFloat64
		var seed int64
		if err := rows.Scan(&e.ID, &e.Officer, &e.Unit, &e.Course, &e.Version, &e.Origin, &cohort, &e.At, &e.By, &due, &seed,
			&exercised, &exercise, &completed, &score); err != nil {
			return err
		}
		e.Cohort, e.At, e.Due, e.Seed = cohort.Int64, e.At.UTC(), store.TimeOf(due), uint64(seed)
		e.ExerciseAt, e.ExerciseScore, e.Completed, e.Score = store.TimeOf(exercised), exercise.Float64, store.TimeOf(completed), score.Float64
		list, ids = append(list, e), append(ids, e.ID)
		byID[e.ID] = e
		return nil
	})
	if err != nil || len(list) == 0 {
		return list, err
	}
	err = store.SelectIn(ctx, q, `SELECT enrolment_id, lesson_id, at FROM study_reads WHERE enrolment_id IN %s`, nil, ids, func(rows *sql.Rows) error {
		var id int64
		var lesson string
		var at time.Time
		if err := rows.Scan(&id, &lesson, &at); err != nil {
			return err
		}
		byID[id].Reads[lesson] = at.UTC()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, selectSheets(ctx, q, byID, ids)
}

const sheetColumns = `SELECT enrolment_id, id, moment, lesson_id, attempt, seed, questions, started_at, due_at, handed_in_at, late, answers, marks, score FROM study_sheets`

// selectSheets adds their sheets to the enrolments.
func selectSheets(ctx context.Context, q store.Querier, byID map[int64]*Enrolment, ids []int64) error {
	return store.SelectIn(ctx, q, sheetColumns+` WHERE enrolment_id IN %s ORDER BY id`, nil, ids, func(rows *sql.Rows) error {
		s, err := scanSheet(rows)
		if err != nil {
			return err
		}
		e := byID[s.Enrolment]
		e.Sheets = append(e.Sheets, s)
		return nil
	})
}

func scanSheet(rows *sql.Rows) (s Sheet, err error) {
	var due, handedIn sql.NullTime
	var score sql.NullFloat64
	var seed int64
	var questions, answers, marks []byte
	if err := rows.Scan(&s.Enrolment, &s.ID, &s.Moment, &s.Lesson, &s.Attempt, &seed, &questions, &s.Started, &due, &handedIn, &s.Late, &answers, &marks, &score); err != nil {
		return s, err
	}
	s.Seed, s.Started, s.Due, s.HandedIn, s.Score = uint64(seed), s.Started.UTC(), store.TimeOf(due), store.TimeOf(handedIn), score.Float64
	return s, errors.Join(json.Unmarshal(questions, &s.Questions), json.Unmarshal(answers, &s.Answers), json.Unmarshal(marks, &s.Marks))
}

func insertSheet(ctx context.Context, tx *sql.Tx, s Sheet) error {
	questions, err := json.Marshal(s.Questions)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO study_sheets (id, enrolment_id, moment, lesson_id, attempt, seed, questions, started_at, due_at, late, answers, marks)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		s.ID, s.Enrolment, string(s.Moment), s.Lesson, s.Attempt, int64(s.Seed), string(questions), store.Time(s.Started), store.NullTime(s.Due), false, "{}", "{}")
	return err
}

func updateSheet(ctx context.Context, tx *sql.Tx, s Sheet) error {
	answers, err := json.Marshal(s.Answers)
	if err != nil {
		return err
	}
	marks, err := json.Marshal(s.Marks)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE study_sheets SET handed_in_at = $1, late = $2, answers = $3, marks = $4, score = $5 WHERE id = $6 AND handed_in_at IS NULL`,
		store.Time(s.HandedIn), s.Late, string(answers), string(marks), s.Score, s.ID)
	return err
}

// selectMarked returns the first sheets of each learner, before and after the course, that
// were handed in in time.
func selectMarked(ctx context.Context, q store.Querier, courseID string) (list []course.Marked, err error) {
	err = store.Select(ctx, q, sheetColumns+` WHERE attempt = 1 AND handed_in_at IS NOT NULL AND NOT late AND moment IN ('pre', 'post')
		AND enrolment_id IN (SELECT id FROM study_enrolments WHERE course_id = $1)`, []any{courseID}, func(rows *sql.Rows) error {
		s, err := scanSheet(rows)
		list = append(list, course.Marked{Seed: s.Seed, Marks: s.Marks, Answers: s.Answers})
		return err
	})
	return list, err
}
