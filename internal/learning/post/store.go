package post

import (
	"context"
	"time"

	"tidewaiter/internal/store"
)

// insertLetter takes a key and reports whether nobody had it.
func insertLetter(ctx context.Context, q store.Querier, key string, at time.Time) (bool, error) {
	done, err := q.ExecContext(ctx, `INSERT INTO post_letters (letter, at) VALUES ($1, $2) ON CONFLICT (letter) DO NOTHING`, key, at)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

func deleteLetter(ctx context.Context, q store.Querier, key string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM post_letters WHERE letter = $1`, key)
	return err
}

// deleteLetters forgets letters that were sent before.
func deleteLetters(ctx context.Context, q store.Querier, before time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM post_letters WHERE at < $1`, before)
	return err
}
