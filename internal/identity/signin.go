package identity

import (
	"context"
	"database/sql"
	"fmt"

	"tidewaiter/internal/fault"
)

// ErrCredentials is the one answer to a wrong name, a wrong password and a closed
// account, so that nobody learns which accounts exist.
var ErrCredentials = fault.New(fault.Denied, "the user name or the password is wrong").
	WithHint("check both; the head of your unit can reset a password")

// SignIn checks the name and the password given from the address, and returns the
// officer. Errors: ErrCredentials; fault.TooMany with a *Wait as its cause. Success and
// failure are on the trail; attempts refused by the throttle are not, their number has
// no bound.
func (s *Officers) SignIn(ctx context.Context, username, password, address string) (Officer, error) {
	username = foldUsername(username)
	if len(username) > 400 || len(password) > 4*200 {
		return Officer{}, ErrCredentials // of no account that could exist
	}
	if err := s.throttle.take(ctx, username, address); err != nil {
		return Officer{}, err
	}
	o, encoded, err := selectOfficer(ctx, s.db.Read, "username", username)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Officer{}, err
	}
	match, stale, err := s.hash.verify(ctx, encoded, password)
	if err != nil {
		return Officer{}, fmt.Errorf("check the password of officer %d: %w", o.ID, err)
	}
	entry, err := s.doorEntry(ctx, o, address)
	if err != nil {
		return Officer{}, err
	}
	if !match || !o.Active {
		entry.Act = "officer.sign-in-failed"
		err := s.db.InTx(ctx, func(tx *sql.Tx) error { return s.audit.Record(ctx, tx, entry) })
		if err != nil {
			return Officer{}, err
		}
		return Officer{}, ErrCredentials
	}
	entry.Act = "officer.signed-in"
	return s.admit(ctx, o, encoded, password, stale, entry)
}

// doorEntry is the entry of an attempt; it stands in the first unit of the officer, so
// that the head sees it. The name that was typed is not kept: it may be a password.
func (s *Officers) doorEntry(ctx context.Context, o Officer, address string) (Entry, error) {
	e := Entry{Officer: o.ID, Address: address, ObjectKind: "officer", ObjectID: idText(o.ID)}
	if o.ID == 0 {
		return e, nil
	}
	ms, err := selectMemberships(ctx, s.db.Read, o.ID)
	for _, m := range ms {
		if m.Unit != SystemUnit {
			e.Unit = m.Unit
			break
		}
	}
	return e, err
}

// admit forgives the failures, notes the sign-in, and makes the hash anew when its cost
// is not today's.
func (s *Officers) admit(ctx context.Context, o Officer, encoded, password string, stale bool, entry Entry) (Officer, error) {
	fresh := ""
	if stale {
		var err error
		if fresh, err = s.hash.hash(ctx, password); err != nil {
			return Officer{}, err
		}
	}
	err := s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := s.throttle.forgive(ctx, tx, o.Username, entry.Address); err != nil {
			return err
		}
		if err := updateSignedIn(ctx, tx, o.ID, s.now()); err != nil {
			return err
		}
		if fresh != "" {
			if _, err := updatePassword(ctx, tx, o.ID, encoded, fresh, o.MustChange); err != nil {
				return err
			}
		}
		return s.audit.Record(ctx, tx, entry)
	})
	return o, err
}

// SignedOut notes that the viewer in ctx has left.
func (s *Officers) SignedOut(ctx context.Context) error {
	v, ok := From(ctx)
	if !ok {
		return nil
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		return s.audit.Record(ctx, tx, officerEntry("officer.signed-out", v.Officer.ID, nil))
	})
}
