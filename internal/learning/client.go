package learning

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

// Scope is something that a client of the record store may do (1.0.3 part 3 §4.0).
type Scope string

// The scopes of the standard.
const (
	WriteStatements Scope = "statements/write"
	ReadMine        Scope = "statements/read/mine" // statements that the client itself sent
	ReadStatements  Scope = "statements/read"
	UseState        Scope = "state"
	UseProfile      Scope = "profile"
	Define          Scope = "define" // what it tells of activities and agents becomes theirs
	ReadAll         Scope = "all/read"
	All             Scope = "all"
)

// Scopes are all scopes.
var Scopes = []Scope{WriteStatements, ReadMine, ReadStatements, UseState, UseProfile, Define, ReadAll, All}

// defaultScopes are what the standard gives a client that asks for none.
var defaultScopes = []Scope{WriteStatements, ReadMine}

// Client is a program that may use the record store.
type Client struct {
	ID      int64
	Name    string // its user name, and the name of the account that stands as authority
	Scopes  []Scope
	Version xapi.Version // by which requests are answered that do not say
	Created time.Time
	Revoked time.Time // zero while it is good
	Session Session   // that it is bound to; nil: none
	hash    string
}

// Session binds a client to one launch of a learning activity: what the client may say
// there has rules of its own, such as those of cmi5.
type Session interface {
	// Keep keeps the statements of one request by keep, or refuses them.
	Keep(ctx context.Context, statements []*xapi.Statement, keep func() ([]string, error)) ([]string, error)
	// Read refuses documents that are not the session's. The name is empty for a list.
	Read(ctx context.Context, p Place) error
	// Write refuses documents that the session must not change. d is nil for one that is
	// to be deleted; the name is empty where all are.
	Write(ctx context.Context, p Place, d *Document) error
}

// May reports whether the client has any of the scopes, or one that includes it.
func (c Client) May(any ...Scope) bool {
	for _, s := range any {
		if slices.Contains(c.Scopes, s) || slices.Contains(c.Scopes, All) {
			return true
		}
		reads := s == ReadStatements || s == ReadMine || s == ReadAll
		if reads && slices.Contains(c.Scopes, ReadAll) {
			return true
		}
	}
	return false
}

// onlyMine reports whether the client sees its own statements only.
func (c Client) onlyMine() bool { return !c.May(ReadStatements) }

// ErrCredentials answers a name and secret that are unknown, wrong or revoked.
var ErrCredentials = fault.New(fault.Denied, "these credentials are not known, or have been revoked").
	WithHint("tidewaiter lrs add NAME gives out new ones")

// Trail keeps who changed what, such as identity.Audit.
type Trail interface {
	Record(ctx context.Context, tx store.Querier, e identity.Entry) error
}

// Clients are the programs that may use the record store.
type Clients struct {
	// Sessions knows clients that come and go with a session, by credentials that were
	// given out for it; nil: there are none. Unknown ones are ErrCredentials.
	Sessions func(ctx context.Context, name, secret string) (Client, error)

	db    *store.DB
	trail Trail

	mu     sync.Mutex
	recent map[string]seen // by name
}

// seen is a client as it was a moment ago. Each request brings credentials; a look at the
// database once in a while suffices.
type seen struct {
	Client
	until time.Time
}

const (
	seenFor  = time.Second // so long a client may go on that another process revoked
	seenMost = 1000
)

// Add lets a program in and returns its secret, which is shown only now. No scopes are
// the standard's own: write statements, read one's own. A name that is taken is a
// fault.Conflict.
func (s *Clients) Add(ctx context.Context, name string, scopes []Scope, version xapi.Version) (Client, string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 100 || strings.ContainsAny(name, ":\x00") {
		return Client{}, "", fault.New(fault.Invalid, "a client needs a name of at most 100 bytes without a colon")
	}
	for _, scope := range scopes {
		if !slices.Contains(Scopes, scope) {
			return Client{}, "", fault.New(fault.Invalid, "%q is not a scope", scope).WithHint("there are %v", Scopes)
		}
	}
	if len(scopes) == 0 {
		scopes = defaultScopes
	}
	if version == "" {
		version = xapi.V200
	}
	if !slices.Contains(xapi.Versions, version) {
		return Client{}, "", fault.New(fault.Invalid, "%q is not a version of xAPI that is spoken here", version).WithHint("there are %v", xapi.Versions)
	}
	var random [32]byte
	rand.Read(random[:]) // never fails, by its contract
	secret := hex.EncodeToString(random[:])
	c := Client{ID: store.NewID(), Name: name, Scopes: scopes, Version: version, Created: s.db.Now(), hash: hashSecret(secret)}
	err := s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertClient(ctx, tx, c); err != nil {
			return err
		}
		return s.record(ctx, tx, "lrs-client.added", name, map[string]any{"scopes": scopes})
	})
	if fault.Is(err, fault.Conflict) {
		return Client{}, "", fault.New(fault.Conflict, "there is a client with the name %q already", name).WithHint("choose another name")
	}
	return c, secret, err
}

// ByCredentials returns the client with the name and secret, or ErrCredentials.
func (s *Clients) ByCredentials(ctx context.Context, name, secret string) (Client, error) {
	if name != store.Text(name) { // no client has such a name, and PostgreSQL would not take it
		return Client{}, ErrCredentials
	}
	c, err := s.byName(ctx, name)
	if fault.Is(err, fault.NotFound) {
		if s.Sessions != nil {
			return s.Sessions(ctx, name, secret)
		}
		return Client{}, ErrCredentials
	}
	if err != nil {
		return Client{}, err
	}
	right := subtle.ConstantTimeCompare([]byte(c.hash), []byte(hashSecret(secret))) == 1
	if !right || !c.Revoked.IsZero() {
		return Client{}, ErrCredentials
	}
	return c, nil
}

func (s *Clients) byName(ctx context.Context, name string) (Client, error) {
	s.mu.Lock()
	known, ok := s.recent[name]
	s.mu.Unlock()
	if ok && time.Now().Before(known.until) {
		return known.Client, nil
	}
	c, err := selectClient(ctx, s.db.Read, name)
	if err != nil {
		return c, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.recent == nil || len(s.recent) >= seenMost {
		s.recent = map[string]seen{}
	}
	s.recent[name] = seen{c, time.Now().Add(seenFor)}
	return c, nil
}

// All returns all clients, revoked ones too, by name.
func (s *Clients) All(ctx context.Context) ([]Client, error) {
	return selectClients(ctx, s.db.Read)
}

// Revoke ends a client's access. What it sent stays.
func (s *Clients) Revoke(ctx context.Context, name string) error {
	err := s.db.InTx(ctx, func(tx *sql.Tx) error {
		ended, err := endClient(ctx, tx, name, s.db.Now())
		if err == nil && !ended {
			return fault.New(fault.NotFound, "no client with the name %q has access", name)
		}
		if err != nil {
			return err
		}
		return s.record(ctx, tx, "lrs-client.revoked", name, nil)
	})
	s.mu.Lock()
	delete(s.recent, name)
	s.mu.Unlock()
	return err
}

func (s *Clients) record(ctx context.Context, tx *sql.Tx, act, name string, detail any) error {
	if s.trail == nil {
		return nil
	}
	return s.trail.Record(ctx, tx, identity.Entry{Act: act, ObjectKind: "lrs-client", ObjectID: name, Detail: detail})
}

// hashSecret needs no salt and no stretching: a secret has 256 bits of chance.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
