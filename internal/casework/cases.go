package casework

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
)

// Needs are what the use-cases work with.
type Needs struct {
	DB       *store.DB
	Bus      *bus.Bus
	Cargo    *cargo.Consignments
	Risk     *risk.Assessments
	Files    *evidence.Files
	Officers *identity.Officers
	Audit    *identity.Audit
	// Unit returns the unit whose traffic a scope is.
	Unit func(ctx context.Context, scope cargo.ScopeID) (identity.Unit, error)
	Now  func() time.Time // nil for the database's clock
}

// Cases are the use-cases. Every method asks the viewer in the context for permission
// (identity.Decide for acts, identity.SeeQueue for looking), and knows nothing of other
// scopes than the one it is given: what lies there is a fault.NotFound.
type Cases struct {
	Needs
	ledgers ledgers
}

// New returns the use-cases.
func New(n Needs) *Cases {
	if n.Now == nil {
		n.Now = n.DB.Now
	}
	return &Cases{Needs: n}
}

func (s *Cases) now() time.Time { return store.Time(s.Now()) }

// Ref names what an act is about.
type Ref struct {
	Scope cargo.ScopeID
	Case  int64
	Saw   int    // the version of the case that the officer saw; acts that only add do without
	Key   string // chosen by the sender, at most 100 bytes; an act that comes again under it counts once
}

// Done is what became of an act.
type Done struct {
	Case    int64
	Seq     int  // of the act
	Version int  // of the case after it
	Again   bool // the act was here already, under the same key
}

// preparer is a deed that asks other domains before it is done.
type preparer interface {
	prepare(ctx context.Context, s *Cases, c *Case) error
}

// do makes the deed an act of the officer in ctx. Errors: fault.Denied, fault.NotFound,
// fault.Invalid with a FieldError, and fault.Conflict: what was written for an older
// version of the case is set aside, and stays in it.
func (s *Cases) do(ctx context.Context, ref Ref, d deed) (Done, error) {
	if _, err := identity.May(ctx, identity.Decide); err != nil {
		return Done{}, err
	}
	if err := checkKey(ref.Key); err != nil {
		return Done{}, err
	}
	if err := s.prepare(ctx, ref, d); err != nil {
		return Done{}, err
	}
	return s.perform(ctx, ref, d, 0)
}

// maxKey bounds a key, in bytes.
const maxKey = 100

func checkKey(key string) error {
	if len(key) > maxKey || key != store.Text(key) {
		return fault.New(fault.Invalid, "a key is a text of %d bytes at most", maxKey)
	}
	return nil
}

func (s *Cases) prepare(ctx context.Context, ref Ref, d deed) error {
	p, needs := d.(preparer)
	if !needs {
		return nil
	}
	c, err := selectCase(ctx, s.DB.Read, ref.Scope, ref.Case)
	if err != nil {
		return err
	}
	return p.prepare(ctx, s, c)
}

// perform does the deed in a transaction; aside is the number of the set-aside act that
// it applies, or 0.
func (s *Cases) perform(ctx context.Context, ref Ref, d deed, aside int) (done Done, err error) {
	unit, err := s.Unit(ctx, ref.Scope)
	if err != nil {
		return done, err
	}
	var late error // told after the commit, so that what was set aside stays
	err = s.DB.InTx(ctx, func(tx *sql.Tx) (err error) {
		done, late, err = s.performIn(ctx, tx, unit, ref, d, aside)
		return err
	})
	if err != nil {
		return Done{}, err
	}
	return done, late
}

// performIn does the deed, or sets it aside and says so with late.
func (s *Cases) performIn(ctx context.Context, tx *sql.Tx, unit identity.Unit, ref Ref, d deed, aside int) (done Done, late, err error) {
	if err := lockCase(ctx, tx, ref.Scope, ref.Case); err != nil {
		return done, nil, err
	}
	before, known, err := selectEarlier(ctx, tx, ref.Scope, ref.Key)
	if err != nil {
		return done, nil, err
	}
	if known {
		done, late = again(ctx, ref.Case, before)
		return done, late, nil
	}
	c, err := selectCase(ctx, tx, ref.Scope, ref.Case)
	if err != nil {
		return done, nil, err
	}
	late = tooLate(c, ref, d.kind())
	switch {
	case aside != 0 && late != nil:
		return done, nil, errAgain // it stays where it is
	case aside != 0:
		if _, err := c.waiting(aside); err != nil {
			return done, nil, err
		}
	case late != nil:
		body, err := encode(d)
		if err != nil {
			return done, nil, err
		}
		d = &setAside{Act: d.kind(), Saw: ref.Saw, Body: body}
	}
	if err := permit(c, d); err != nil {
		return done, nil, err
	}
	done, err = s.record(ctx, tx, unit, c, d, Act{Key: ref.Key, Aside: aside})
	return done, late, err
}

// again is the answer to an act that was here before.
func again(ctx context.Context, id int64, e earlier) (Done, error) {
	v, _ := identity.From(ctx)
	if id != e.caseID || e.officer != v.Officer.ID {
		return Done{}, errKeyTaken
	}
	d := Done{Case: e.caseID, Seq: e.seq, Version: e.version, Again: true}
	if e.kind == ActSetAside {
		return d, errLate
	}
	return d, nil
}

var errKeyTaken = fault.New(fault.Conflict, "another act has come under this key").WithHint("choose a new key for each act")

var errLate = fault.New(fault.Conflict, "somebody else has changed this case since you loaded it; what you wrote is kept there, set aside").
	WithHint("load the case again, and apply it or dismiss it")

var errAgain = fault.New(fault.Conflict, "the case has changed again since you loaded it").
	WithHint("load it again; a concluded case must be reopened first")

// tooLate returns a fault.Conflict when the act was made for a case that is no more.
func tooLate(c *Case, ref Ref, kind Kind) error {
	k := kinds[kind]
	switch {
	case k.adds && !k.forever && c.State == Closed && ref.Saw != c.Version:
		return errLate // who saw it concluded is refused by the deed
	case !k.adds && ref.Saw != c.Version:
		return errLate
	}
	return nil
}

// record makes the deed the next act of the case, with all that follows from it.
func (s *Cases) record(ctx context.Context, tx *sql.Tx, unit identity.Unit, c *Case, d deed, a Act) (Done, error) {
	v, _ := identity.From(ctx)
	next := c.next(d)
	next.Officer, next.At, next.Key, next.Aside = v.Officer.ID, s.now(), a.Key, a.Aside
	var err error
	if next.Body, err = encode(d); err != nil {
		return Done{}, err
	}
	if d, err = next.read(); err != nil { // as a replay will read it
		return Done{}, err
	}
	was := indexOf(c)
	c.take(next, d)
	if err := upsertCase(ctx, tx, c.Summary()); err != nil {
		return Done{}, err
	}
	if err := insertAct(ctx, tx, c, next); err != nil {
		return Done{}, err
	}
	if err := replaceIndex(ctx, tx, c.ID, was, indexOf(c)); err != nil {
		return Done{}, err
	}
	if err := s.follow(ctx, tx, unit, c, next, d); err != nil {
		return Done{}, err
	}
	return Done{Case: c.ID, Seq: next.Seq, Version: next.Version}, s.Audit.Record(ctx, tx, auditEntry(unit, c, next))
}

// auditEntry puts the whole act on the trail, so that a case can be rebuilt from it.
func auditEntry(unit identity.Unit, c *Case, a Act) identity.Entry {
	return identity.Entry{
		Act: "case." + string(a.Kind), ObjectKind: "case", ObjectID: strconv.FormatInt(c.ID, 10), Unit: unit.ID, At: a.At,
		Detail: map[string]any{"number": c.Number, "act": a},
	}
}

// maxBody bounds what one act holds, in bytes.
const maxBody = 1 << 20

// encode returns the deed as JSON that both databases keep.
func encode(d deed) (json.RawMessage, error) {
	body, err := json.Marshal(d)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "this can't be kept") // a number or a date out of all bounds
	}
	if len(body) > maxBody {
		return nil, fault.New(fault.Invalid, "the act holds %d bytes; %d are the most", len(body), maxBody)
	}
	return withoutNUL(body), nil
}

// withoutNUL takes the character NUL out of the texts of a JSON value: PostgreSQL keeps
// none. An escape counts where its backslash is not itself escaped.
func withoutNUL(body []byte) []byte {
	if !bytes.Contains(body, []byte(`\u0000`)) {
		return body
	}
	clean := make([]byte, 0, len(body))
	for i := 0; i < len(body); i++ {
		switch {
		case body[i] != '\\':
			clean = append(clean, body[i])
		case bytes.HasPrefix(body[i:], []byte(`\u0000`)):
			i += len(`u0000`)
		default:
			clean = append(clean, body[i], body[i+1])
			i++
		}
	}
	return clean
}
