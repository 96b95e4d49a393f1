package author

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tidewaiter/internal/store"
)

func selectCourses(ctx context.Context, q store.Querier) (list []Course, err error) {
	err = store.Select(ctx, q, `SELECT id, made_by, made_at, published_at FROM author_courses ORDER BY id`, nil, func(rows *sql.Rows) error {
		var c Course
		var published sql.NullTime
		if err := rows.Scan(&c.ID, &c.By, &c.At, &published); err != nil {
			return err
		}
		c.At, c.Published = c.At.UTC(), store.TimeOf(published)
		list = append(list, c)
		return nil
	})
	return list, err
}

func insertCourse(ctx context.Context, tx *sql.Tx, c Course) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO author_courses (id, changes, made_by, made_at, published_by) VALUES ($1, 0, $2, $3, 0)`, c.ID, c.By, store.Time(c.At))
	return err
}

// lockCourse lets one transaction at a time change the course.
func lockCourse(ctx context.Context, tx *sql.Tx, id string) error {
	result, err := tx.ExecContext(ctx, `UPDATE author_courses SET changes = changes WHERE id = $1`, id)
	if err != nil {
		return fmt.Errorf("lock course: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errNoCourse)
	}
	return nil
}

func insertFile(ctx context.Context, tx *sql.Tx, id string, f File) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO author_files (course_id, path, version, draft, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, f.Path, f.Version, f.Body, f.By, store.Time(f.At))
	return err
}

// saveFile reports false where the file has another version than f names.
func saveFile(ctx context.Context, tx *sql.Tx, id string, f File) (bool, error) {
	var result sql.Result
	var err error
	if f.Version == 0 {
		result, err = tx.ExecContext(ctx, `INSERT INTO author_files (course_id, path, version, draft, changed_by, changed_at) VALUES ($1, $2, 1, $3, $4, $5)
			ON CONFLICT (course_id, path) DO NOTHING`, id, f.Path, f.Body, f.By, store.Time(f.At))
	} else {
		result, err = tx.ExecContext(ctx, `UPDATE author_files SET version = version + 1, draft = $1, changed_by = $2, changed_at = $3
			WHERE course_id = $4 AND path = $5 AND version = $6`, f.Body, f.By, store.Time(f.At), id, f.Path, f.Version)
	}
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// fileVersion returns the version of a file, also of one that was taken out; 0: never there.
func fileVersion(ctx context.Context, q store.Querier, id, path string) (version int, err error) {
	err = store.Select(ctx, q, `SELECT version FROM author_files WHERE course_id = $1 AND path = $2`, []any{id, path}, func(rows *sql.Rows) error {
		return rows.Scan(&version)
	})
	return version, err
}

// selectFiles returns the files of a course; which is the column draft or published.
func selectFiles(ctx context.Context, q store.Querier, id, which string) (list []File, err error) {
	err = store.Select(ctx, q, `SELECT path, version, `+which+`, changed_by, changed_at FROM author_files WHERE course_id = $1 AND `+which+` IS NOT NULL ORDER BY path`,
		[]any{id}, func(rows *sql.Rows) error {
			var f File
			err := rows.Scan(&f.Path, &f.Version, &f.Body, &f.By, &f.At)
			f.At = f.At.UTC()
			list = append(list, f)
			return err
		})
	return list, err
}

func publishFiles(ctx context.Context, tx *sql.Tx, id string, by int64, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `UPDATE author_files SET published = draft WHERE course_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE author_courses SET changes = changes + 1, published_by = $1, published_at = $2 WHERE id = $3`, by, store.Time(at), id)
	return err
}

func selectChanges(ctx context.Context, q store.Querier) (n int64, err error) {
	err = store.Select(ctx, q, `SELECT COALESCE(SUM(changes), 0) FROM author_courses`, nil, func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n, err
}
