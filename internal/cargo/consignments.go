package cargo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// Consignments are the use-cases on what moves.
type Consignments struct {
	db  *store.DB
	bus *bus.Bus
}

// NewConsignments returns the use-cases on the database.
func NewConsignments(db *store.DB, b *bus.Bus) *Consignments {
	return &Consignments{db: db, bus: b}
}

// Received is announced for each batch of new or amended consignments of one scope,
// in the transaction that saves them.
type Received struct {
	Scope    ScopeID      `json:"scope"`
	Versions []VersionRef `json:"versions"`
}

// EventName is cargo.received.
func (Received) EventName() string { return "cargo.received" }

// VersionRef names one version of a consignment.
type VersionRef struct {
	ID      int64 `json:"id"`
	Version int   `json:"v"`
}

// Saved counts what became of a batch.
type Saved struct {
	New       int `json:"new"`
	Amended   int `json:"amended"`
	Unchanged int `json:"unchanged"`
}

// Add adds the counts of another batch.
func (s *Saved) Add(o Saved) {
	s.New += o.New
	s.Amended += o.Amended
	s.Unchanged += o.Unchanged
}

// record is a consignment on its way into the tables.
type record struct {
	c    *Consignment
	key  string
	body string
	hash int64
}

// Save keeps a batch of one scope's consignments in the caller's transaction, and
// announces Received. A document that is not known yet is version 1; one that is
// known and says something else is an amendment, kept as the next version; one that
// says the same changes nothing. ID, Version and Received of the batch are set.
func (s *Consignments) Save(ctx context.Context, tx *sql.Tx, scope ScopeID, batch []*Consignment) (Saved, error) {
	var saved Saved
	records, err := toRecords(batch)
	if err != nil {
		return saved, err
	}
	if err := lockScope(ctx, tx, scope); err != nil {
		return saved, err
	}
	known, err := currentVersions(ctx, tx, scope, records)
	if err != nil {
		return saved, err
	}
	now := s.db.Now()
	changed := make([]record, 0, len(records))
	news := Received{Scope: scope}
	for _, r := range records {
		at, isKnown := known[r.key]
		switch {
		case isKnown && at.hash == r.hash:
			saved.Unchanged++
			r.c.ID, r.c.Version = at.id, at.version
			continue
		case isKnown:
			saved.Amended++
		default:
			saved.New++
			at.id = store.NewID()
		}
		at.version++
		at.hash = r.hash
		known[r.key] = at
		r.c.ID, r.c.Version, r.c.Scope, r.c.Received = at.id, at.version, scope, now
		changed = append(changed, r)
		news.Versions = append(news.Versions, VersionRef{ID: at.id, Version: at.version})
	}
	if len(changed) == 0 {
		return saved, nil
	}
	if err := insertRecords(ctx, tx, scope, changed); err != nil {
		return saved, err
	}
	return saved, s.bus.Announce(ctx, tx, news)
}

func toRecords(batch []*Consignment) ([]record, error) {
	records := make([]record, len(batch))
	for i, c := range batch {
		body, err := json.Marshal(c)
		if err == nil && bytes.Contains(body, []byte(`\u0000`)) {
			body, err = withoutNUL(c, body)
		}
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "consignment %s cannot be kept", c.Document.Number)
		}
		sum := sha256.Sum256(body)
		records[i] = record{c: c, key: c.Document.Key(), body: string(body), hash: int64(binary.BigEndian.Uint64(sum[:8]))}
		if records[i].key == "" {
			return nil, fault.New(fault.Invalid, "a consignment without a document number cannot be kept")
		}
	}
	return records, nil
}

// withoutNUL takes the character NUL out of every text of a consignment: some senders pad
// with it, and PostgreSQL keeps none. body is the consignment as JSON.
func withoutNUL(c *Consignment, body []byte) ([]byte, error) {
	// An escape counts where its backslash is not itself escaped.
	clean := make([]byte, 0, len(body))
	for i := 0; i < len(body); i++ {
		switch {
		case body[i] != '\\':
			clean = append(clean, body[i])
		case bytes.HasPrefix(body[i:], []byte(`\u0000`)):
			i += 5
		default:
			clean = append(clean, body[i], body[i+1])
			i++
		}
	}
	source := c.Source
	*c = Consignment{}
	err := json.Unmarshal(clean, c)
	c.Source = source
	return clean, err
}

// Get returns the newest version of a consignment of the scope, or fault.NotFound.
func (s *Consignments) Get(ctx context.Context, scope ScopeID, id int64) (*Consignment, error) {
	versions, err := s.Versions(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	return versions[len(versions)-1], nil
}

// Versions returns all versions of a consignment of the scope, oldest first, or
// fault.NotFound.
func (s *Consignments) Versions(ctx context.Context, scope ScopeID, id int64) ([]*Consignment, error) {
	versions, err := selectVersions(ctx, s.db.Read, scope, id)
	if err != nil {
		return nil, fmt.Errorf("consignment %d: %w", id, err)
	}
	if len(versions) == 0 {
		return nil, fault.New(fault.NotFound, "there is no consignment %d in this unit's traffic", id)
	}
	return versions, nil
}

// Load returns the named versions in the order of refs; those that are not there are
// left out.
func (s *Consignments) Load(ctx context.Context, q store.Querier, refs []VersionRef) ([]*Consignment, error) {
	return selectRefs(ctx, q, refs)
}

// Current returns the newest versions of the consignments, by their id.
func (s *Consignments) Current(ctx context.Context, scope ScopeID, ids []int64) (map[int64]*Consignment, error) {
	return selectCurrent(ctx, s.db.Read, scope, ids)
}

// OfImport returns at most limit consignments that an import brought, oldest first.
func (s *Consignments) OfImport(ctx context.Context, scope ScopeID, importID int64, limit int) ([]*Consignment, error) {
	return selectOfImport(ctx, s.db.Read, scope, importID, limit)
}

// MakeScope adds a scope of traffic to a unit.
func (s *Consignments) MakeScope(ctx context.Context, kind ScopeKind, unit int64, title string) (Scope, error) {
	scope := Scope{ID: ScopeID(store.NewID()), Kind: kind, Unit: unit, Title: title}
	return scope, insertScope(ctx, s.db.Write, scope)
}

// Scope returns the scope of the id, or fault.NotFound.
func (s *Consignments) Scope(ctx context.Context, id ScopeID) (Scope, error) {
	return selectScope(ctx, s.db.Read, id)
}

// LiveScope returns the unit's live traffic, which is made when it is not there yet.
func (s *Consignments) LiveScope(ctx context.Context, unit int64) (Scope, error) {
	scope, err := selectLive(ctx, s.db.Read, unit)
	if !fault.Is(err, fault.NotFound) {
		return scope, err
	}
	scope, err = s.MakeScope(ctx, Live, unit, "")
	if err != nil && store.IsUnique(err) { // another request was quicker
		return selectLive(ctx, s.db.Write, unit)
	}
	return scope, err
}
