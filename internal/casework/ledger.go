package casework

import (
	"context"
	"strings"
	"sync"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

// entry is a row of casework_results in memory, 72 bytes: any combination of filters over
// all of a unit's results is counted in milliseconds, which no set of indexes gives.
type entry struct {
	id               int64
	hours, value     float32
	day              int32
	loading          uint32 // number in the ledger's names
	unloading        uint32
	indicators       uint32 // ids parted by spaces
	right, wrong     uint32
	categories       uint32 // a bit for each of Categories
	arrests          int32
	channel          uint8 // number in risk.Channels, from 1; 0 for none
	selection        uint8 // number in Selections
	found, examined  bool
	released, newest bool
}

// names numbers the texts that many entries share. It is only added to, and what was
// given out never changes, so that it is read without a lock up to a known length.
type names struct {
	number map[string]uint32
	text   []string
}

func (n *names) of(s string) uint32 {
	if i, known := n.number[s]; known {
		return i
	}
	i := uint32(len(n.text))
	n.number[s] = i
	n.text = append(n.text, s)
	return i
}

// ledger is the newest results of a scope. It follows the database by a counter of
// changes, so that any number of processes may each have one.
type ledger struct {
	scope   cargo.ScopeID
	mu      sync.Mutex
	feed    int64 // up to where the changes are known
	entries []entry
	names   names
}

// ledgers are the ledgers of the scopes that were asked for.
type ledgers struct {
	mu sync.Mutex
	of map[cargo.ScopeID]*ledger
}

func (s *Cases) ledger(scope cargo.ScopeID) *ledger {
	s.ledgers.mu.Lock()
	defer s.ledgers.mu.Unlock()
	l := s.ledgers.of[scope]
	if l == nil {
		l = &ledger{scope: scope, names: names{number: map[string]uint32{}}}
		if s.ledgers.of == nil {
			s.ledgers.of = map[cargo.ScopeID]*ledger{}
		}
		s.ledgers.of[scope] = l
	}
	return l
}

// follow reads what has changed and returns the entries, oldest first, with the texts
// of their numbers. Both may be read for as long as one likes.
func (l *ledger) follow(ctx context.Context, q store.Querier) ([]entry, []string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var fresh []entry
	feed := l.feed
	err := selectResultsSince(ctx, q, l.scope, l.feed, func(r *resultRow, at int64, newest bool) {
		feed = max(feed, at)
		e := l.pack(r)
		e.newest = newest
		fresh = append(fresh, e)
	})
	if err != nil {
		return nil, nil, err
	}
	l.feed = feed
	l.merge(fresh)
	return l.entries, l.names.text, nil
}

// merge puts the fresh entries in, and takes out what they have replaced. Readers keep
// the slice that they have.
func (l *ledger) merge(fresh []entry) {
	changed := make(map[int64]bool, len(fresh))
	for _, e := range fresh {
		changed[e.id] = true
	}
	stale := false
	for i := range l.entries {
		stale = stale || changed[l.entries[i].id]
	}
	if stale {
		kept := make([]entry, 0, len(l.entries)+len(fresh))
		for _, e := range l.entries {
			if !changed[e.id] {
				kept = append(kept, e)
			}
		}
		l.entries = kept
	}
	for _, e := range fresh {
		if e.newest {
			l.entries = append(l.entries, e)
		}
	}
}

func (l *ledger) pack(r *resultRow) entry {
	e := entry{
		id: r.ID, hours: float32(r.hours), value: float32(r.Value), day: int32(r.Day),
		loading: l.names.of(r.Loading), unloading: l.names.of(r.Unloading), indicators: l.names.of(r.indicators),
		right: l.names.of(r.right), wrong: l.names.of(r.wrong), arrests: int32(r.Arrests),
		channel: channelNumber(r.Channel), selection: selectionNumber(r.Selection),
		examined: r.Examined, found: r.Examined && r.Result != NothingFound && r.Result != "", released: r.Ending == Released,
	}
	for i, c := range Categories {
		for w := range strings.FieldsSeq(r.categories) {
			if w == string(c) {
				e.categories |= 1 << i
			}
		}
	}
	return e
}
