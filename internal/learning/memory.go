package learning

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"slices"
	"sync"

	"tidewaiter/internal/learning/xapi"
)

// memory remembers what was last kept under a key, so that what statements repeat costs
// no look at the database. It forgets everything when it is full.
type memory struct {
	mu   sync.Mutex
	last map[xapi.Key]digest
}

type digest [16]byte

const memorySize = 100_000

func digestOf(text []byte) (d digest) {
	sum := sha256.Sum256(text)
	copy(d[:], sum[:])
	return d
}

func (m *memory) knows(key xapi.Key, d digest) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, ok := m.last[key]
	return ok && known == d
}

func (m *memory) remember(key xapi.Key, d digest) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last == nil || len(m.last) >= memorySize {
		m.last = make(map[xapi.Key]digest)
	}
	m.last[key] = d
}

// learnActivities merges what new statements tell of activities into what is known of
// them, where the client may define them. It returns what to remember after the commit.
func (r *Records) learnActivities(ctx context.Context, tx *sql.Tx, fresh []*entry) (news []func(), err error) {
	known := map[xapi.Key]*xapi.Node{} // as this commit has made them
	for _, e := range fresh {
		if !e.client.May(Define) {
			continue
		}
		for _, told := range e.statement.Definitions() {
			key := xapi.ActivityKey(told.ID, false)
			d := digestOf(told.Definition.Append(nil))
			if known[key] == nil && r.told.knows(key, d) {
				continue
			}
			if known[key], err = mergeDefinition(ctx, tx, key, known[key], told.Definition); err != nil {
				return nil, err
			}
			news = append(news, func() { r.told.remember(key, d) })
		}
	}
	return news, nil
}

// mergeDefinition returns what is known of an activity now, and saves it when that is
// more or other than before.
func mergeDefinition(ctx context.Context, tx *sql.Tx, key xapi.Key, known, told *xapi.Node) (*xapi.Node, error) {
	var before []byte
	if known != nil {
		before = known.Append(nil)
	} else {
		bodies, err := selectDefinitions(ctx, tx, []xapi.Key{key})
		if err != nil {
			return nil, err
		}
		if before = bodies[key]; before == nil {
			return told, upsertDefinition(ctx, tx, key, told.Append(nil))
		}
		if known, err = xapi.Parse(before); err != nil {
			return nil, err
		}
	}
	merged := xapi.MergeDefinition(known, told)
	after := merged.Append(nil)
	if slices.Equal(before, after) {
		return merged, nil
	}
	return merged, upsertDefinition(ctx, tx, key, after)
}

// learnNames keeps the names that new statements give to agents.
func (r *Records) learnNames(ctx context.Context, tx *sql.Tx, fresh []*entry) (news []func(), err error) {
	var rows [][]any
	for _, e := range fresh {
		if !e.client.May(Define) {
			continue
		}
		for _, a := range e.statement.Named() {
			agent, name := a.Key(false), a.Name()
			d := digestOf([]byte(name))
			key := agent // one entry for each pair of agent and name
			for i := range key {
				key[i] ^= d[i]
			}
			if r.named.knows(key, d) {
				continue
			}
			rows = append(rows, nameRow(agent, d, name))
			news = append(news, func() { r.named.remember(key, d) })
		}
	}
	return news, insertNames(ctx, tx, rows)
}
