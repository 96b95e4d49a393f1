package certificate

import (
	"context"
	"database/sql"
	"net/netip"
	"time"

	"tidewaiter/internal/fault"
)

// Wait says how long to wait before the next number may be asked for. It is the cause of
// the fault.TooMany, so that a page can say it in its language.
type Wait struct{ For time.Duration }

// Error returns the English words.
func (w *Wait) Error() string { return "wait " + w.For.String() }

// An address may name so many numbers that do not exist; then each further one doubles the
// wait. Numbers that exist cost nothing: an employer may check a hundred.
const (
	freeGuesses  = 10
	longestWait  = 15 * time.Minute
	forgetsAfter = 24 * time.Hour
)

// waitAfter returns the pause after so many numbers that do not exist.
func waitAfter(failures int64) time.Duration {
	over := failures - freeGuesses
	if over <= 0 {
		return 0
	}
	return min(time.Second<<min(over, 20), longestWait)
}

// admit refuses an address that has to wait.
func (s *Certificates) admit(ctx context.Context, address string) error {
	until, err := selectUntil(ctx, s.DB.Read, subject(address))
	if err != nil {
		return err
	}
	if left := until.Sub(s.DB.Now()); left > 0 {
		wait := &Wait{For: max(left.Round(time.Second), time.Second)}
		return fault.Wrap(fault.TooMany, wait, "too many numbers that do not exist were asked for")
	}
	return nil
}

// missed counts a number that does not exist, and returns the answer to it.
func (s *Certificates) missed(ctx context.Context, address string) error {
	now := s.DB.Now()
	err := s.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := deleteGuesses(ctx, tx, now.Add(-forgetsAfter)); err != nil {
			return err
		}
		failures, err := countGuess(ctx, tx, subject(address), now)
		if err != nil {
			return err
		}
		return updateWait(ctx, tx, subject(address), now.Add(waitAfter(failures)))
	})
	if err != nil {
		return err
	}
	return errNone
}

// subject is who asks: the address, or its /64 on IPv6, which one subscriber commands whole.
func subject(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
