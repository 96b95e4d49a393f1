package identity

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"tidewaiter/internal/store"
)

// How long a session lasts: at most a long shift, and not through a long absence.
const (
	SessionLifetime = 12 * time.Hour
	SessionIdle     = 2 * time.Hour
)

// The values of a session that the store reads, too.
const (
	SessionOfficer = "officer" // id as text
	SessionUnit    = "unit"    // id as text
	SessionAddress = "address" // of the sign-in
	SessionAgent   = "agent"   // User-Agent of the sign-in
)

// touchEvery is how far the expiry may lag: a page that changes nothing in the session
// costs a write at most so often.
const touchEvery = time.Minute

// Session is one place where an officer is signed in.
type Session struct {
	ID        int64
	CreatedAt time.Time
	SeenAt    time.Time
	Address   string
	Agent     string
}

// Sessions keeps sessions in the database: it is the store and the codec of
// github.com/alexedwards/scs. Tokens are stored as their SHA-256, so that a copy of the
// database opens no session.
type Sessions struct {
	db    *store.DB
	audit *Audit
	now   func() time.Time
}

// sessionData is the form of a session's values at rest.
type sessionData struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

// Encode is scs.Codec's. Values are text only; anything else is an error of ours.
func (s *Sessions) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	d := sessionData{Deadline: deadline.UTC(), Values: make(map[string]string, len(values))}
	for k, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("session value %q is a %T, not text", k, v)
		}
		d.Values[k] = text
	}
	return json.Marshal(d)
}

// Decode is scs.Codec's.
func (s *Sessions) Decode(b []byte) (time.Time, map[string]any, error) {
	var d sessionData
	if err := json.Unmarshal(b, &d); err != nil {
		return time.Time{}, nil, fmt.Errorf("read a session: %w", err)
	}
	values := make(map[string]any, len(d.Values))
	for k, v := range d.Values {
		values[k] = v
	}
	return d.Deadline, values, nil
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// FindCtx is scs.CtxStore's: the data of a session that is neither expired nor revoked.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	row, err := selectSession(ctx, s.db.Read, tokenHash(token))
	if err != nil || !row.live(s.now()) {
		return nil, false, err
	}
	return []byte(row.data), true, nil
}

// CommitCtx is scs.CtxStore's. A revoked session is not revived, and one that has not
// changed is written at most once a minute.
func (s *Sessions) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	hash := tokenHash(token)
	old, err := selectSession(ctx, s.db.Read, hash)
	if err != nil {
		return err
	}
	if old.id != 0 && (old.revoked || old.data == string(b) && expiry.Sub(old.expires) < touchEvery) {
		return nil
	}
	var d sessionData
	if err := json.Unmarshal(b, &d); err != nil {
		return fmt.Errorf("read a session: %w", err)
	}
	officer, _ := strconv.ParseInt(d.Values[SessionOfficer], 10, 64) // 0: nobody yet
	return upsertSession(ctx, s.db.Write, sessionRow{
		id: store.NewID(), hash: hash, officer: officer, data: string(b), expires: store.Time(expiry),
		address: d.Values[SessionAddress], agent: d.Values[SessionAgent],
	}, s.now())
}

// DeleteCtx is scs.CtxStore's.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return revokeToken(ctx, s.db.Write, tokenHash(token), s.now())
}

// Find is scs.Store's.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is scs.Store's.
func (s *Sessions) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is scs.Store's.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// IDOf returns the id of the session with the token, or 0.
func (s *Sessions) IDOf(ctx context.Context, token string) (int64, error) {
	row, err := selectSession(ctx, s.db.Read, tokenHash(token))
	return row.id, err
}

// OfViewer returns the live sessions of the viewer in ctx, the latest first.
func (s *Sessions) OfViewer(ctx context.Context) ([]Session, error) {
	v, ok := From(ctx)
	if !ok {
		return nil, nil
	}
	return selectSessions(ctx, s.db.Read, v.Officer.ID, s.now())
}

// Revoke ends one session of the viewer in ctx, or all with id 0.
func (s *Sessions) Revoke(ctx context.Context, id int64) error {
	v, ok := From(ctx)
	if !ok {
		return nil
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := revokeSessions(ctx, tx, v.Officer.ID, id, s.now()); err != nil {
			return err
		}
		act := "officer.session-ended"
		if id == 0 {
			act = "officer.signed-out-everywhere"
		}
		return s.audit.Record(ctx, tx, officerEntry(act, v.Officer.ID, nil))
	})
}
