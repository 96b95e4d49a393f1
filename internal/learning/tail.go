package learning

import (
	"context"
	"sync"

	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

// tail is the index of the statements that have no postings yet, in memory. It follows
// the database, so that any number of processes may each have one.
type tail struct {
	mu      sync.Mutex
	sealed  int64 // segments below have postings
	next    int64 // the first statement that has not been read
	changes int64
	members []map[xapi.Key][]uint16 // of segment sealed, sealed+1, ...
}

// snapshot is what a search works on: the statements below next, and of the segments
// that have no postings those that match.
type snapshot struct {
	next   int64
	sealed int64
	recent []*bitmap // of segment sealed, sealed+1, ...
}

// match reads what is new, and returns a snapshot with the statements that have all of
// the keys and were not voided.
func (t *tail) match(ctx context.Context, q store.Querier, keys []xapi.Key) (snapshot, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.catchUp(ctx, q); err != nil {
		return snapshot{}, err
	}
	s := snapshot{next: t.next, sealed: t.sealed}
	for _, members := range t.members {
		b := everything()
		for _, key := range keys {
			b.and(bitmapOf(members[key]))
		}
		b.without(bitmapOf(members[xapi.KeyVoided]))
		s.recent = append(s.recent, b)
	}
	return s, nil
}

// catchUp reads the statements that came since, drops segments that have been sealed, and
// starts again when statements that it holds have changed.
func (t *tail) catchUp(ctx context.Context, q store.Querier) error {
	l, err := selectLedger(ctx, q)
	if err != nil {
		return err
	}
	if l.changes != t.changes || t.next < l.sealed*segmentSize || l.sealed < t.sealed {
		t.sealed, t.next, t.changes, t.members = l.sealed, l.sealed*segmentSize, l.changes, nil
	}
	if gone := l.sealed - t.sealed; gone > 0 {
		t.members = t.members[min(gone, int64(len(t.members))):]
		t.sealed = l.sealed
	}
	if t.next == l.next {
		return nil
	}
	return selectKeys(ctx, q, t.next, l.next, func(seq int64, keys []xapi.Key) {
		segment, offset := segmentOf(seq)
		for int64(len(t.members)) <= segment-t.sealed {
			t.members = append(t.members, map[xapi.Key][]uint16{})
		}
		members := t.members[segment-t.sealed]
		for _, key := range keys {
			members[key] = append(members[key], offset)
		}
		t.next = seq + 1
	})
}
