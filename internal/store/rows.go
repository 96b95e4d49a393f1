package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// In returns "($from, ..., $from+n-1)", for an IN list that both engines take.
func In(from, n int) string {
	var b strings.Builder
	writeTuple(&b, from, n)
	return b.String()
}

func writeTuple(b *strings.Builder, from, n int) {
	b.WriteByte('(')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	b.WriteByte(')')
}

// chunk is how many rows one statement inserts: parsing grows with the text, so a
// statement of this size is prepared once and used again and again.
const chunk = 16

// InsertRows inserts rows of equal width: head is "INSERT INTO t (a, b) VALUES", tail
// "" or "ON CONFLICT ...".
func InsertRows(ctx context.Context, q Querier, head string, rows [][]any, tail string) (err error) {
	if len(rows) == 0 {
		return nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", strings.TrimSuffix(head, " VALUES"), err)
		}
	}()
	width := len(rows[0])
	args := make([]any, 0, chunk*width)
	if len(rows) >= 2*chunk {
		stmt, err := q.PrepareContext(ctx, insertText(head, tail, chunk, width))
		if err != nil {
			return err
		}
		defer stmt.Close()
		for len(rows) >= chunk {
			if _, err := stmt.ExecContext(ctx, flatten(args, rows[:chunk])...); err != nil {
				return err
			}
			rows = rows[chunk:]
		}
	}
	for len(rows) > 0 {
		n := min(chunk, len(rows))
		if _, err := q.ExecContext(ctx, insertText(head, tail, n, width), flatten(args, rows[:n])...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func insertText(head, tail string, rows, width int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		writeTuple(&b, i*width+1, width)
	}
	b.WriteByte(' ')
	b.WriteString(tail)
	return b.String()
}

func flatten(args []any, rows [][]any) []any {
	args = args[:0]
	for _, row := range rows {
		args = append(args, row...)
	}
	return args
}

// SelectIn runs query once for each chunk of keys, with the chunk's IN list in the
// place of %s and the fixed arguments before it, and calls scan on every row.
func SelectIn[K any](ctx context.Context, q Querier, query string, fixed []any, keys []K, scan func(*sql.Rows) error) error {
	const chunk = 4 * chunk
	var stmt *sql.Stmt
	args := append(make([]any, 0, len(fixed)+chunk), fixed...)
	for len(keys) > 0 {
		n := min(chunk, len(keys))
		args = args[:len(fixed)]
		for _, k := range keys[:n] {
			args = append(args, k)
		}
		text := strings.Replace(query, "%s", In(len(fixed)+1, n), 1)
		if n == chunk && stmt == nil {
			var err error
			if stmt, err = q.PrepareContext(ctx, text); err != nil {
				return err
			}
			defer stmt.Close()
		}
		run := func() (*sql.Rows, error) { return q.QueryContext(ctx, text, args...) }
		if n == chunk {
			run = func() (*sql.Rows, error) { return stmt.QueryContext(ctx, args...) }
		}
		if err := each(run, scan); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

// Select runs query and calls scan on every row.
func Select(ctx context.Context, q Querier, query string, args []any, scan func(*sql.Rows) error) error {
	return each(func() (*sql.Rows, error) { return q.QueryContext(ctx, query, args...) }, scan)
}

func each(run func() (*sql.Rows, error), scan func(*sql.Rows) error) error {
	rows, err := run()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
