package risk

import (
	"context"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

// recalled is a part of the unit's memory as it was at a count of the scope's changes.
// A process keeps it from one batch to the next: much of what a batch touches, such as
// carriers and places, the one before it has touched too.
type recalled struct {
	memory  *Memory
	feed    int64
	version int // of the unit's settings: others may look under other keys
}

// maxRecalled bounds the traces that are kept between batches, to some 20 MB.
const maxRecalled = 40_000

// recall returns the memory of everything that the consignments touch, and takes what
// was kept out of s: remember puts it back once it has been written.
func (s *Assessments) recall(ctx context.Context, scope cargo.ScopeID, engine *unitEngine, cs []*cargo.Consignment) (*recalled, error) {
	feed, err := selectFeed(ctx, s.db.Read, scope)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	past := s.pasts[scope]
	delete(s.pasts, scope)
	s.mu.Unlock()
	if past == nil || past.feed != feed || past.version != engine.settings.Version {
		return freshPast(ctx, s.db.Read, scope, engine, cs, feed)
	}
	return past, loadMemory(ctx, s.db.Read, scope, engine.Engine, cs, past.memory)
}

func freshPast(ctx context.Context, q store.Querier, scope cargo.ScopeID, engine *unitEngine, cs []*cargo.Consignment, feed int64) (*recalled, error) {
	past := &recalled{memory: NewMemory(), feed: feed, version: engine.settings.Version}
	return past, loadMemory(ctx, q, scope, engine.Engine, cs, past.memory)
}

// remember keeps what has been written for the next batch.
func (s *Assessments) remember(scope cargo.ScopeID, past *recalled) {
	if past.memory.Len() > maxRecalled {
		return
	}
	past.memory.Settle()
	s.mu.Lock()
	s.pasts[scope] = past
	s.mu.Unlock()
}
