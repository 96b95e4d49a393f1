package learning

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

// Options say how the record store behaves.
type Options struct {
	// Home is the home page of the accounts that stand as authority of statements, such as
	// https://tidewaiter.example.kg/xapi. Empty: https://tidewaiter.invalid/xapi.
	Home  string
	Trail Trail        // of the clients that come and go; nil: nowhere
	Log   *slog.Logger // nil: nothing is logged
}

// Records are the use-cases of the record store.
type Records struct {
	Clients *Clients

	db      *store.DB
	files   *evidence.Files
	home    string
	log     *slog.Logger
	commits committer
	last    ledger // of the last commit; only who commits may look
	tail    tail
	press   press
	told    memory       // of activities: what was told last
	named   memory       // of agents: names that are kept
	stamp   atomic.Int64 // while a commit is under way, a time before all that it keeps, in microseconds
}

// NewRecords returns the record store in the database; attachments are kept in files.
func NewRecords(db *store.DB, files *evidence.Files, o Options) *Records {
	if o.Home == "" {
		o.Home = "https://tidewaiter.invalid/xapi"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &Records{Clients: &Clients{db: db, trail: o.Trail}, db: db, files: files, home: o.Home, log: o.Log}
	r.commits.commit, r.commits.after = r.commitGroup, r.sealFull
	return r
}

// Keep keeps the statements of one request, all or none, and returns their ids as the
// request wrote them. A statement that is kept already is left as it is; where the one
// that is kept says something else, it is a fault.Conflict. It needs WriteStatements.
func (r *Records) Keep(ctx context.Context, c Client, statements []*xapi.Statement) ([]string, error) {
	if !c.May(WriteStatements) {
		return nil, mayNot("send statements")
	}
	if c.Session != nil {
		return c.Session.Keep(ctx, statements, func() ([]string, error) { return r.keep(ctx, c, statements) })
	}
	return r.keep(ctx, c, statements)
}

func (r *Records) keep(ctx context.Context, c Client, statements []*xapi.Statement) ([]string, error) {
	q := &request{turn: make(chan bool, 1), entries: make([]*entry, len(statements))}
	authority := xapi.NewAccount(r.home, c.Name)
	ids := make([]string, len(statements))
	for i, s := range statements {
		if !s.HasID() {
			s.SetID(xapi.NewUUID())
		}
		ids[i] = s.IDText()
		draft := s.Draft(authority)
		q.bytes += draft.Len()
		q.entries[i] = &entry{
			statement: s, draft: draft, client: c,
			keys: append(s.Keys(), xapi.ClientKey(c.ID), authority.Key(true)),
		}
	}
	if len(statements) == 0 {
		return ids, nil
	}
	return ids, r.commits.do(ctx, q)
}

// mayNot refuses what a client's scopes do not hold.
func mayNot(what string) error {
	return fault.New(fault.Denied, "the client's scopes do not allow it to %s", what).WithHint("tidewaiter lrs add NAME --scope gives out others")
}

// Kept is a statement as it is kept.
type Kept struct {
	Body   []byte // its JSON
	Stored time.Time
	seq    int64
}

// Statement returns a statement that has not been voided, or one that has. Another one, or
// one that the client may not see, is fault.NotFound.
func (r *Records) Statement(ctx context.Context, c Client, id xapi.UUID, voided bool) (Kept, error) {
	if !c.May(ReadStatements, ReadMine) {
		return Kept{}, mayNot("read statements")
	}
	row, err := r.press.selectStatement(ctx, r.db.Read, id)
	if err != nil {
		return Kept{}, err
	}
	if row.voided != voided || c.onlyMine() && row.client != c.ID {
		return Kept{}, noStatement(id)
	}
	return row.Kept, nil
}

func noStatement(id xapi.UUID) error {
	return fault.New(fault.NotFound, "there is no statement %s", id)
}

// ConsistentThrough returns a time before which everything that was sent is found: now,
// or while statements are being kept, a time before theirs. Processes on several machines
// need clocks that agree.
func (r *Records) ConsistentThrough(ctx context.Context) (time.Time, error) {
	now := r.db.Now()
	if r.db.Dialect == store.SQLite { // no other process keeps statements
		if at := r.stamp.Load(); at != 0 {
			return time.UnixMicro(at).UTC(), nil
		}
		return now, nil
	}
	free, err := nobodyKeeps(ctx, r.db.Read)
	if err != nil || free {
		return now, err
	}
	l, err := selectLedger(ctx, r.db.Read)
	return l.stored, err
}

// Names returns the names that statements gave an agent.
func (r *Records) Names(ctx context.Context, a xapi.Agent) ([]string, error) {
	return selectNames(ctx, r.db.Read, a.Key(false))
}

// Definition returns what statements told of an activity; nil when they told nothing.
func (r *Records) Definition(ctx context.Context, id string) (*xapi.Node, error) {
	known, err := r.Definitions(ctx, []string{id})
	return known[id], err
}

// Definitions returns what statements told of activities, by their ids.
func (r *Records) Definitions(ctx context.Context, ids []string) (map[string]*xapi.Node, error) {
	byKey := make(map[xapi.Key]string, len(ids))
	for _, id := range ids {
		byKey[xapi.ActivityKey(id, false)] = id
	}
	bodies, err := selectDefinitions(ctx, r.db.Read, slices.Collect(maps.Keys(byKey)))
	if err != nil {
		return nil, err
	}
	known := make(map[string]*xapi.Node, len(bodies))
	for key, body := range bodies {
		n, err := xapi.Parse(body)
		if err != nil {
			return nil, fmt.Errorf("definition of %s: %w", byKey[key], err)
		}
		known[byKey[key]] = n
	}
	return known, nil
}
