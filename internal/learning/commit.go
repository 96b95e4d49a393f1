package learning

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/xapi"
)

// The bounds of a commit: how long it may take, how many statements and bytes it takes
// from the requests that wait.
const (
	commitTime       = 30 * time.Second
	commitStatements = 1000
	commitBytes      = 8 << 20
)

// request are the statements of one request, which are kept together or not at all.
type request struct {
	entries []*entry
	bytes   int
	turn    chan bool // true: commit for yourself and those who wait; false: it is done
	err     error
}

// entry is a statement on its way into the database.
type entry struct {
	statement *xapi.Statement
	draft     xapi.Draft
	client    Client
	keys      []xapi.Key
	seq       int64
	stored    time.Time
	body      []byte
	voided    bool
	known     bool // is kept already
}

// committer commits the statements of several requests in one transaction, as waiting
// for the disk is what takes long. There is no goroutine of its own: the first request
// that comes while nobody commits does it for all that wait, and then hands on.
type committer struct {
	commit func(context.Context, []*request) error
	after  func(context.Context) // once everybody has the answer

	mu      sync.Mutex
	waiting []*request
	busy    bool
}

// do commits a request, or waits until somebody has. It does not end with ctx: what is
// under way is not known to have failed.
func (c *committer) do(ctx context.Context, q *request) error {
	c.mu.Lock()
	c.waiting = append(c.waiting, q)
	lead := !c.busy
	c.busy = true
	c.mu.Unlock()
	if !lead {
		lead = <-q.turn
	}
	if lead {
		c.lead(context.WithoutCancel(ctx), q)
	}
	return q.err
}

func (c *committer) lead(ctx context.Context, q *request) {
	group := c.take()
	if err := c.commit(ctx, group); err != nil {
		for _, other := range group {
			other.err = fmt.Errorf("keep statements: %w", err)
		}
	}
	for _, other := range group {
		if other != q {
			other.turn <- false
		}
	}
	c.after(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) > 0 {
		c.waiting[0].turn <- true
	} else {
		c.busy = false
	}
}

// take returns the requests of the next commit, in the order in which they came.
func (c *committer) take() []*request {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, statements, bytes := 0, 0, 0
	for n < len(c.waiting) && (n == 0 || statements < commitStatements && bytes < commitBytes) {
		statements += len(c.waiting[n].entries)
		bytes += c.waiting[n].bytes
		n++
	}
	group := c.waiting[:n:n]
	c.waiting = append([]*request(nil), c.waiting[n:]...)
	return group
}

// commitGroup keeps the statements of a group in one transaction. A request that clashes
// with what is kept has an error of its own; an error that is returned is everybody's.
func (r *Records) commitGroup(ctx context.Context, group []*request) error {
	ctx, cancel := context.WithTimeout(ctx, commitTime)
	defer cancel()
	var l ledger
	var news []func() // what the process remembers once the transaction has ended well
	err := r.db.InTx(ctx, func(tx *sql.Tx) (err error) {
		if l, err = r.lockLedger(ctx, tx); err != nil {
			return err
		}
		fresh, err := r.judge(ctx, tx, group)
		if err != nil || len(fresh) == 0 {
			return err
		}
		r.number(&l, fresh)
		if news, err = r.save(ctx, tx, &l, fresh); err != nil {
			return err
		}
		return updateLedger(ctx, tx, l)
	})
	r.stamp.Store(0)
	if err != nil {
		return err
	}
	for _, remember := range news {
		remember()
	}
	r.last = l
	return nil
}

// number gives statements their numbers, and times of which no two are the same, so that
// the parameter since parts them.
func (r *Records) number(l *ledger, fresh []*entry) {
	r.stamp.Store(r.db.Now().UnixMicro() - 1) // before the time is taken: see ConsistentThrough
	at := r.db.Now()
	if !at.After(l.stored) {
		at = l.stored.Add(time.Microsecond)
	}
	for _, e := range fresh {
		e.seq, e.stored = l.next, at
		e.body = e.draft.Stored(at)
		l.next, l.stored = l.next+1, at
		at = at.Add(time.Microsecond)
	}
}

func (r *Records) save(ctx context.Context, tx *sql.Tx, l *ledger, fresh []*entry) (news []func(), err error) {
	links := newLinks(&r.press, l, fresh)
	if err := links.follow(ctx, tx); err != nil {
		return nil, err
	}
	bodies := make([][]byte, len(fresh))
	for i, e := range fresh {
		bodies[i] = e.body
	}
	packed, adopt, err := r.press.pack(ctx, tx, bodies)
	if err != nil {
		return nil, err
	}
	if err := insertStatements(ctx, tx, fresh, packed); err != nil {
		return nil, err
	}
	if err := links.save(ctx, tx); err != nil {
		return nil, err
	}
	told, err := r.learnActivities(ctx, tx, fresh)
	if err != nil {
		return nil, err
	}
	named, err := r.learnNames(ctx, tx, fresh)
	return append(append(told, named...), adopt), err
}

// judge returns the statements that are new, and gives an error to each request of which
// one is kept already and says something else.
func (r *Records) judge(ctx context.Context, tx *sql.Tx, group []*request) (fresh []*entry, err error) {
	var ids []xapi.UUID
	for _, q := range group {
		for _, e := range q.entries {
			ids = append(ids, e.statement.ID)
		}
	}
	kept, err := selectKept(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	accepted := map[xapi.UUID]*xapi.Statement{}
	for _, q := range group {
		if q.err, err = r.clash(ctx, tx, q, kept, accepted); err != nil {
			return nil, err
		}
		if q.err != nil {
			continue
		}
		for _, e := range q.entries {
			if !e.known {
				accepted[e.statement.ID] = e.statement
				fresh = append(fresh, e)
			}
		}
	}
	return fresh, nil
}

// clash returns why a request can not be kept, if so, and marks those of its statements
// that are kept already.
func (r *Records) clash(ctx context.Context, tx *sql.Tx, q *request, kept map[xapi.UUID]bool, accepted map[xapi.UUID]*xapi.Statement) (refusal, err error) {
	for _, e := range q.entries {
		id := e.statement.ID
		earlier := accepted[id]
		if earlier == nil && kept[id] {
			row, err := r.press.selectStatement(ctx, tx, id)
			if err != nil {
				return nil, err
			}
			if earlier, err = xapi.Read(row.Body); err != nil {
				return nil, fmt.Errorf("read statement %s: %w", id, err)
			}
		}
		if earlier != nil && !xapi.Same(earlier, e.statement) {
			return fault.New(fault.Conflict, "there is a statement %s already, and it says something else", id), nil
		}
		e.known = earlier != nil
		if refusal, err = r.mayVoid(ctx, tx, e); refusal != nil || err != nil {
			return refusal, err
		}
	}
	return nil, nil
}

// mayVoid refuses to take back what another client sent, but for one that may do all.
func (r *Records) mayVoid(ctx context.Context, tx *sql.Tx, e *entry) (refusal, err error) {
	target, voids, ok := e.statement.Refers()
	if !ok || !voids || e.client.May(All) {
		return nil, nil
	}
	row, err := r.press.selectStatement(ctx, tx, target)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err == nil && row.client != e.client.ID {
		return fault.New(fault.Denied, "statement %s was sent by another client, which alone may void it", target), nil
	}
	return nil, err
}
