package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// maxParams is how many placeholders a statement may hold on both engines
// (SQLite 32,766, PostgreSQL 65,535), with room to spare.
const maxParams = 30_000

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

// InsertRows inserts rows of equal width in as few statements as the engines allow:
// head is "INSERT INTO t (a, b) VALUES", tail "" or "ON CONFLICT ...".
func InsertRows(ctx context.Context, q Querier, head string, rows [][]any, tail string) error {
	if len(rows) == 0 {
		return nil
	}
	width := len(rows[0])
	most := min(max(1, maxParams/width), 500)
	for len(rows) > 0 {
		n := min(most, len(rows))
		var b strings.Builder
		b.WriteString(head)
		args := make([]any, 0, n*width)
		for i, row := range rows[:n] {
			if i > 0 {
				b.WriteByte(',')
			}
			writeTuple(&b, i*width+1, width)
			args = append(args, row...)
		}
		b.WriteByte(' ')
		b.WriteString(tail)
		if _, err := q.ExecContext(ctx, b.String(), args...); err != nil {
			return fmt.Errorf("%s: %w", strings.TrimSuffix(head, " VALUES"), err)
		}
		rows = rows[n:]
	}
	return nil
}

// SelectIn runs query once for each chunk of keys, with the chunk's IN list in the
// place of %s and the fixed arguments before it, and calls scan on every row.
func SelectIn[K any](ctx context.Context, q Querier, query string, fixed []any, keys []K, scan func(*sql.Rows) error) error {
	const most = 1000
	for len(keys) > 0 {
		n := min(most, len(keys))
		args := append(make([]any, 0, len(fixed)+n), fixed...)
		for _, k := range keys[:n] {
			args = append(args, k)
		}
		text := strings.Replace(query, "%s", In(len(fixed)+1, n), 1)
		if err := Select(ctx, q, text, args, scan); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

// Select runs query and calls scan on every row.
func Select(ctx context.Context, q Querier, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
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
