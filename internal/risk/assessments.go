package risk

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

// batchSize is how many consignments are assessed in one transaction.
const batchSize = 500

// Assessments are the use-cases of what deserves a look.
type Assessments struct {
	db        *store.DB
	bus       *bus.Bus
	cargo     *cargo.Consignments
	reference Reference

	mu      sync.Mutex
	boards  map[cargo.ScopeID]*Board
	engines map[cargo.ScopeID]*unitEngine
	pasts   map[cargo.ScopeID]*recalled
	ledgers map[cargo.ScopeID]*ledger
}

// unitEngine is the engine of one version of a unit's settings.
type unitEngine struct {
	*Engine
	settings UnitSettings
}

// Queue is that of the bus in which this package's events are delivered.
const Queue = "risk"

// NewAssessments returns the use-cases and subscribes them to cargo.Received.
func NewAssessments(db *store.DB, b *bus.Bus, c *cargo.Consignments, ref Reference) *Assessments {
	s := unsubscribed(db, b, c, ref)
	bus.Subscribe(b, Queue, "risk.assess", s.assess)
	return s
}

// unsubscribed are the use-cases of a process that hears nothing.
func unsubscribed(db *store.DB, b *bus.Bus, c *cargo.Consignments, ref Reference) *Assessments {
	return &Assessments{db: db, bus: b, cargo: c, reference: ref, boards: map[cargo.ScopeID]*Board{},
		engines: map[cargo.ScopeID]*unitEngine{}, pasts: map[cargo.ScopeID]*recalled{}, ledgers: map[cargo.ScopeID]*ledger{}}
}

// Assessed is announced for each batch that has been assessed.
type Assessed struct {
	Scope    cargo.ScopeID      `json:"scope"`
	Versions []cargo.VersionRef `json:"versions"`
}

// EventName is risk.assessed.
func (Assessed) EventName() string { return "risk.assessed" }

// Kept is an assessment as it was saved, with what it was made of.
type Kept struct {
	Consignment int64
	Version     int // of the consignment
	Assessment
	Settings int // version of the unit's settings
	At       time.Time
}

// Board returns the queue of a scope.
func (s *Assessments) Board(scope cargo.ScopeID) *Board {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.boards[scope]
	if b == nil {
		b = newBoard(s.db, scope)
		s.boards[scope] = b
	}
	return b
}

// Newest returns the newest assessment of each consignment, by its id. The caller has
// seen to it that they are of a scope that may be seen.
func (s *Assessments) Newest(ctx context.Context, ids []int64) (map[int64]Kept, error) {
	return selectNewest(ctx, s.db.Read, ids)
}

// History returns the assessments of all versions of a consignment, oldest first.
func (s *Assessments) History(ctx context.Context, id int64) ([]Kept, error) {
	all, err := selectAllVersions(ctx, s.db.Read, []int64{id})
	return all[id], err
}

// Queued is what the queue knows of a consignment.
type Queued struct {
	Row
	Inclusion float64 // probability of the random draw
}

// Rows returns what the queue knows of consignments, by their id; those that have not
// been assessed, or that are of another scope, are left out.
func (s *Assessments) Rows(ctx context.Context, scope cargo.ScopeID, ids []int64) (map[int64]Queued, error) {
	return selectRows(ctx, s.db.Read, scope, ids)
}

// assess hears cargo.Received. A version that is assessed already is left alone, so
// that a batch may come twice.
func (s *Assessments) assess(ctx context.Context, e cargo.Received) error {
	for refs := e.Versions; len(refs) > 0; {
		n := min(batchSize, len(refs))
		if err := s.assessBatch(ctx, e.Scope, refs[:n]); err != nil {
			// Not wrapped: whatever it is, it is ours to mend, and tried again until then.
			return fmt.Errorf("assess %d consignments from %d on: %v", n, refs[0].ID, err)
		}
		refs = refs[n:]
	}
	return nil
}

// assessBatch assesses before the transaction, so that on SQLite an import saves its next
// batch meanwhile: versions never change, and of the memory the scope's counter of
// changes tells whether it is still the one that was read. If not, the batch is assessed
// again inside.
func (s *Assessments) assessBatch(ctx context.Context, scope cargo.ScopeID, refs []cargo.VersionRef) error {
	engine, err := s.engine(ctx, scope)
	if err != nil {
		return err
	}
	cs, err := s.cargo.Load(ctx, s.db.Read, refs)
	if err != nil {
		return err
	}
	past, err := s.recall(ctx, scope, engine, cs)
	if err != nil {
		return err
	}
	kept := assessAll(engine, past.memory, cs, s.db.Now())
	err = s.db.InTx(ctx, func(tx *sql.Tx) error {
		feed, err := nextFeed(ctx, tx, scope) // also the lock that puts batches in a row
		if err != nil {
			return err
		}
		todo, err := notAssessed(ctx, tx, refs)
		if err != nil || len(todo) == 0 {
			return err
		}
		if past.feed++; feed != past.feed || len(todo) != len(cs) {
			cs = ofVersions(cs, todo)
			if past, err = freshPast(ctx, tx, scope, engine, cs, feed); err != nil {
				return err
			}
			kept = assessAll(engine, past.memory, cs, s.db.Now())
		}
		if err := saveMemory(ctx, tx, scope, past.memory); err != nil {
			return err
		}
		if err := insertAssessments(ctx, tx, kept); err != nil {
			return err
		}
		if err := s.queue(ctx, tx, scope, engine, feed, cs, kept); err != nil {
			return err
		}
		return s.bus.Announce(ctx, tx, Assessed{Scope: scope, Versions: todo})
	})
	if err == nil {
		s.remember(scope, past)
	}
	return err
}

// ofVersions returns those of the consignments that are of the versions.
func ofVersions(all []*cargo.Consignment, refs []cargo.VersionRef) []*cargo.Consignment {
	wanted := make(map[cargo.VersionRef]bool, len(refs))
	for _, r := range refs {
		wanted[r] = true
	}
	out := make([]*cargo.Consignment, 0, len(refs))
	for _, c := range all {
		if wanted[cargo.VersionRef{ID: c.ID, Version: c.Version}] {
			out = append(out, c)
		}
	}
	return out
}

// assessAll assesses consignments one after the other, each with what the unit
// remembers of those before it.
func assessAll(engine *unitEngine, memory *Memory, cs []*cargo.Consignment, now time.Time) []Kept {
	kept := make([]Kept, len(cs))
	for i, found := range engine.AssessAll(cs, memory) {
		kept[i] = Kept{
			Consignment: cs[i].ID, Version: cs[i].Version, Assessment: found, Settings: engine.settings.Version, At: now,
		}
	}
	return kept
}

// queue puts the newest versions into the queue, and divides the days that they
// arrive on among the channels anew.
func (s *Assessments) queue(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, engine *unitEngine, feed int64, cs []*cargo.Consignment, kept []Kept) error {
	parties, err := s.cargo.PartyIDs(ctx, tx, scope, cs)
	if err != nil {
		return err
	}
	earlier, err := selectDrawn(ctx, tx, cs)
	if err != nil {
		return err
	}
	days := map[int]bool{}
	rows := make([]queueRow, len(cs))
	at := map[int64]int{} // the last version of a consignment in the batch counts
	n := 0
	for i, c := range cs {
		r := queueRow{Row: newRow(c, &kept[i].Assessment, parties[c.ID]), feed: feed}
		before, known := earlier[c.ID] // neither an amendment nor another seed draws again
		if !known {
			before = drawn{engine.settings.Draw.Chosen(int64(scope), c.Document.Key()), engine.settings.Draw.Share}
		}
		r.Random, r.inclusion = before.chosen, before.share
		r.Channel = Release
		if r.Random && !r.Withdrawn {
			r.Channel = Examine
		}
		days[r.Day] = true
		if k, twice := at[c.ID]; twice {
			rows[k] = r
			continue
		}
		at[c.ID] = n
		rows[n] = r
		n++
	}
	left, err := upsertQueue(ctx, tx, scope, rows[:n])
	if err != nil {
		return err
	}
	for _, day := range left {
		days[day] = true
	}
	for day := range days {
		if err := divide(ctx, tx, scope, day, engine.settings.Capacity, feed); err != nil {
			return err
		}
	}
	return nil
}

func newRow(c *cargo.Consignment, a *Assessment, parties map[cargo.PartyRole]int64) Row {
	arrival := c.Journey.Arrival
	if arrival.IsZero() {
		arrival = c.Received
	}
	r := Row{
		Consignment: c.ID, Version: c.Version, Score: a.Score, Withdrawn: c.Withdrawn, Mode: c.Transport.Mode, Day: Day(arrival),
		Loading:   strings.ToUpper(c.Journey.At(cargo.PlaceLoading).Code),
		Unloading: strings.ToUpper(c.Journey.At(cargo.PlaceUnloading).Code),
		Consignor: parties[cargo.Consignor], Consignee: parties[cargo.Consignee], Notify: parties[cargo.NotifyParty],
	}
	for _, f := range a.Findings {
		r.Indicators = append(r.Indicators, f.Indicator)
	}
	return r
}

// redivide divides the days from today on among the channels by another capacity.
func redivide(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, capacity Capacity, now time.Time) error {
	feed, err := nextFeed(ctx, tx, scope)
	if err != nil {
		return err
	}
	days, err := selectDays(ctx, tx, scope, Day(now))
	if err != nil {
		return err
	}
	for _, day := range days {
		if err := divide(ctx, tx, scope, day, capacity, feed); err != nil {
			return err
		}
	}
	return nil
}

// divide gives the best of a day's consignments to the deeper channels, as far as the
// unit's capacity goes. What the random draw chose is examined besides.
func divide(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, day int, capacity Capacity, feed int64) error {
	best, err := selectBest(ctx, tx, scope, day, capacity.Examine+capacity.Look)
	if err != nil {
		return err
	}
	scored := make([]Scored, len(best))
	for i, r := range best {
		scored[i] = Scored{Key: fmt.Sprint(r.Consignment), Score: r.Score}
	}
	wanted := map[int64]Channel{}
	for i, channel := range Divide(scored, capacity) {
		wanted[best[i].Consignment] = channel
	}
	raised, err := selectRaised(ctx, tx, scope, day)
	if err != nil {
		return err
	}
	for id, now := range raised {
		if _, ok := wanted[id]; !ok {
			wanted[id] = Release
		}
		if wanted[id] == now {
			delete(wanted, id)
		}
	}
	for id, channel := range wanted {
		if _, was := raised[id]; !was && channel == Release {
			continue // it is in no other channel already
		}
		if err := updateChannel(ctx, tx, id, channel, feed); err != nil {
			return err
		}
	}
	return nil
}
