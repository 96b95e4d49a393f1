package learning

import (
	"context"
	"database/sql"
	"log/slog"
	"maps"
	"slices"

	"tidewaiter/internal/learning/xapi"
)

// sealFull writes the postings of segments that are full. What fails now is done after
// the next commit: until then the segments are searched in memory.
func (r *Records) sealFull(ctx context.Context) {
	if err := r.seal(ctx, r.last); err != nil {
		r.log.ErrorContext(ctx, "index statements", slog.Any("error", err))
	}
}

func (r *Records) seal(ctx context.Context, l ledger) error {
	for l.sealed < l.next/segmentSize {
		err := r.db.InTx(ctx, func(tx *sql.Tx) (err error) {
			if l, err = r.lockLedger(ctx, tx); err != nil || l.sealed >= l.next/segmentSize {
				return err // another process did it
			}
			if err := sealSegment(ctx, tx, l.sealed); err != nil {
				return err
			}
			l.sealed++
			return updateLedger(ctx, tx, l)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sealSegment writes the postings of one segment, in the order of their keys.
func sealSegment(ctx context.Context, tx *sql.Tx, segment int64) error {
	members := map[xapi.Key][]uint16{}
	first := segment * segmentSize
	err := selectKeys(ctx, tx, first, first+segmentSize, func(seq int64, keys []xapi.Key) {
		_, offset := segmentOf(seq)
		for _, key := range keys {
			members[key] = append(members[key], offset)
		}
	})
	if err != nil {
		return err
	}
	keys := slices.SortedFunc(maps.Keys(members), func(a, b xapi.Key) int { return slices.Compare(a[:], b[:]) })
	rows := make([][]any, len(keys))
	for i, key := range keys {
		rows[i] = []any{key[:], segment, posting(members[key])}
	}
	return insertPostings(ctx, tx, rows)
}
