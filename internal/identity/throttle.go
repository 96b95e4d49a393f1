package identity

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// Wait says how long to wait before the next attempt to sign in. It is the cause of the
// fault.TooMany, so that a page can say it in its language.
type Wait struct{ For time.Duration }

// Error returns the English words.
func (w *Wait) Error() string { return "wait " + w.For.String() }

// forgetAfter is how long failures are remembered after the last one.
const forgetAfter = 24 * time.Hour

// limit says how many failures cost nothing, after which each doubles the wait.
type limit struct {
	free int64
	most time.Duration
}

// An account is guessed at by one attacker from many places; an address holds a whole
// office behind one router, so it has more room.
var (
	accountLimit = limit{free: 5, most: 15 * time.Minute}
	addressLimit = limit{free: 30, most: 15 * time.Minute}
)

// wait returns the pause after so many failures: none, then 2 s, 4 s, 8 s, ... to the most.
func (l limit) wait(failures int64) time.Duration {
	over := failures - l.free
	if over <= 0 {
		return 0
	}
	if over > 20 {
		return l.most
	}
	return min(time.Second<<over, l.most)
}

// throttle counts failures to sign in by account and by address, for all processes.
type throttle struct {
	db  *store.DB
	now func() time.Time
}

// take counts an attempt as failed before it is made, so that many at once cannot all
// slip through, and returns a fault.TooMany while the last failure is too fresh. An
// attempt that succeeds is forgiven. An empty address is not counted.
func (t *throttle) take(ctx context.Context, username, address string) error {
	return t.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := t.count(ctx, tx, accountSubject(username), accountLimit); err != nil {
			return err
		}
		if address == "" {
			return nil
		}
		return t.count(ctx, tx, addressSubject(address), addressLimit)
	})
}

func (t *throttle) count(ctx context.Context, tx *sql.Tx, subject string, l limit) error {
	now := t.now()
	failures, failedAt, until, err := lockThrottle(ctx, tx, subject, now)
	if err != nil {
		return fmt.Errorf("read failures to sign in: %w", err)
	}
	if left := until.Sub(now); left > 0 {
		wait := &Wait{For: max(left.Round(time.Second), time.Second)}
		return fault.Wrap(fault.TooMany, wait, "too many attempts to sign in")
	}
	if now.Sub(failedAt) > forgetAfter {
		failures = 0
	}
	failures++
	return updateThrottle(ctx, tx, subject, failures, now, now.Add(l.wait(failures)))
}

// forgive clears the account, and takes this attempt off the address: not all, or
// somebody with an account of their own could guess at others without end.
func (t *throttle) forgive(ctx context.Context, tx *sql.Tx, username, address string) error {
	if err := deleteThrottle(ctx, tx, accountSubject(username)); err != nil {
		return err
	}
	if address == "" {
		return nil
	}
	return forgiveThrottle(ctx, tx, addressSubject(address), t.now())
}

// accountSubject hashes the name: people type passwords into the wrong field.
func accountSubject(username string) string {
	sum := sha256.Sum256([]byte(username))
	return "account:" + hex.EncodeToString(sum[:16])
}

// addressSubject is the address, or its /64 on IPv6, which one subscriber commands whole.
func addressSubject(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "address:" + address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return "address:" + p.String()
		}
	}
	return "address:" + ip.String()
}
