package risk

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"tidewaiter/internal/cargo"
)

// ledger is the lessons of a scope in memory. Like a board it follows the database by the
// scope's feed.
type ledger struct {
	mu      sync.Mutex
	feed    int64
	at      map[int64]int // consignment -> its place in lessons
	lessons []Lesson      // in the order of time; replaced, never changed
}

// Lessons returns what the scope's outcomes teach, in the order of time, one for each
// consignment. The slice is shared: it may not be changed.
func (s *Assessments) Lessons(ctx context.Context, scope cargo.ScopeID) ([]Lesson, error) {
	s.mu.Lock()
	l := s.ledgers[scope]
	if l == nil {
		l = &ledger{}
		s.ledgers[scope] = l
	}
	s.mu.Unlock()
	return l.follow(ctx, s, scope)
}

func (l *ledger) follow(ctx context.Context, s *Assessments, scope cargo.ScopeID) ([]Lesson, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	feed, err := selectFeed(ctx, s.db.Read, scope)
	if err != nil || feed == l.feed {
		return l.lessons, err
	}
	var fresh []Lesson
	if err := selectLessons(ctx, s.db.Read, scope, l.feed, feed, func(x *Lesson) { fresh = append(fresh, *x) }); err != nil {
		return nil, err
	}
	l.feed = feed
	if len(fresh) == 0 {
		return l.lessons, nil
	}
	all := slices.Clone(l.lessons)
	for _, x := range fresh {
		if k, known := l.at[x.Consignment]; known {
			all[k] = x
		} else {
			all = append(all, x)
		}
	}
	slices.SortFunc(all, func(a, b Lesson) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Consignment, b.Consignment))
	})
	l.at = make(map[int64]int, len(all))
	for i := range all {
		l.at[all[i].Consignment] = i
	}
	l.lessons = all
	return all, nil
}
