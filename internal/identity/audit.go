package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"tidewaiter/internal/store"
)

// Entry is one act of one officer. Act is "<kind of object>.<verb in the past>", such as
// "case.concluded"; pages look up "identity.act." + Act.
type Entry struct {
	Act        string
	ObjectKind string
	ObjectID   string
	Detail     any // of a JSON object; nil for nothing to add; no secrets

	// Where zero, these are the viewer's in the context, and now.
	Officer int64
	Unit    int64
	Address string
	At      time.Time
}

// Audit is the trail of who saw and changed what. Entries are only ever added.
type Audit struct {
	db  *store.DB
	now func() time.Time

	mu     sync.Mutex
	seen   map[sighting]time.Time // for a minute
	views  []auditRow             // to be written
	writes sync.Mutex             // one Flush at a time
}

// auditRow is an entry as it is stored and sealed.
type auditRow struct {
	ID         int64
	At         time.Time
	Officer    int64
	Unit       int64
	Act        string
	ObjectKind string
	ObjectID   string
	Detail     string
	Address    string
}

// Record adds the entry in the caller's transaction: the act and its entry are saved
// both or neither. It takes no lock that another transaction could wait for.
func (a *Audit) Record(ctx context.Context, tx store.Querier, e Entry) error {
	row, err := a.row(ctx, e)
	if err != nil {
		return err
	}
	return insertAudit(ctx, tx, []auditRow{row})
}

// row fills what the entry leaves open.
func (a *Audit) row(ctx context.Context, e Entry) (auditRow, error) {
	if e.Act == "" {
		return auditRow{}, fmt.Errorf("identity: an audit entry without an act")
	}
	v, _ := From(ctx)
	r := auditRow{
		ID: store.NewID(), At: store.Time(e.At), Officer: e.Officer, Unit: e.Unit,
		Act: e.Act, ObjectKind: e.ObjectKind, ObjectID: e.ObjectID, Detail: "{}", Address: e.Address,
	}
	if e.At.IsZero() {
		r.At = a.now()
	}
	if r.Officer == 0 {
		r.Officer = v.Officer.ID
	}
	if r.Unit == 0 {
		r.Unit = v.Unit.ID
	}
	if r.Address == "" {
		r.Address = v.Address
	}
	if e.Detail != nil {
		b, err := json.Marshal(e.Detail)
		if err != nil {
			return r, fmt.Errorf("audit %s: %w", e.Act, err)
		}
		r.Detail = string(b)
	}
	return r, nil
}

// sighting is who saw what.
type sighting struct {
	officer, unit int64
	kind, id      string
}

// Views are coalesced for sightAgain; a buffer of maxViews is written at once.
const (
	sightAgain = time.Minute
	maxViews   = 1000
)

// Saw notes that the viewer in ctx was shown the objects; again within a minute counts
// as once. It does not wait for the disk: Registry.Run writes twice a second and when
// the program stops, so a killed process loses at most that half second of views (never
// an act). When the buffer is full it is written at once, and only that may fail.
func (a *Audit) Saw(ctx context.Context, kind string, ids ...string) error {
	v, ok := From(ctx)
	if !ok {
		return nil // a program without a viewer shows nothing to anybody
	}
	now := a.now()
	a.mu.Lock()
	for _, id := range ids {
		s := sighting{v.Officer.ID, v.Unit.ID, kind, id}
		if last, again := a.seen[s]; again && now.Sub(last) < sightAgain {
			continue
		}
		a.seen[s] = now
		a.views = append(a.views, auditRow{
			ID: store.NewID(), At: now, Officer: s.officer, Unit: s.unit, Act: kind + ".seen",
			ObjectKind: kind, ObjectID: id, Detail: "{}", Address: v.Address,
		})
	}
	full := len(a.views) >= maxViews
	a.mu.Unlock()
	if full {
		return a.Flush(ctx)
	}
	return nil
}

// Flush writes the views that wait, and seals every entry that waits.
func (a *Audit) Flush(ctx context.Context) error {
	a.writes.Lock()
	defer a.writes.Unlock()
	a.mu.Lock()
	views := a.views
	a.views = nil
	for s, at := range a.seen {
		if a.now().Sub(at) >= sightAgain {
			delete(a.seen, s)
		}
	}
	a.mu.Unlock()
	if len(views) > 0 {
		if err := a.write(ctx, views); err != nil {
			a.mu.Lock()
			a.views = append(views, a.views...) // for the next turn
			a.mu.Unlock()
			return fmt.Errorf("write %d views: %w", len(views), err)
		}
	}
	return a.seal(ctx)
}
