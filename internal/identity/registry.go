package identity

import (
	"context"
	"log/slog"
	"time"

	"tidewaiter/internal/store"
)

// Registry is the whole of identity: what app opens once and hands to the pages.
type Registry struct {
	Units    *Units
	Officers *Officers
	Sessions *Sessions
	Tokens   *Tokens
	Audit    *Audit
	log      *slog.Logger
}

// Option changes how a Registry is opened.
type Option func(*settings)

type settings struct {
	cost Cost
	now  func() time.Time
}

// WithCost sets what a password hash takes; tests take a cheap one.
func WithCost(c Cost) Option { return func(s *settings) { s.cost = c } }

// WithClock sets where the time comes from; tests turn it forward.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// Open returns the registry over db. Run must be running for the trail to be sealed.
func Open(db *store.DB, log *slog.Logger, options ...Option) *Registry {
	s := settings{cost: StandardCost, now: time.Now}
	for _, o := range options {
		o(&s)
	}
	now := func() time.Time { return store.Time(s.now()) }
	audit := &Audit{db: db, now: now, seen: map[sighting]time.Time{}}
	sessions := &Sessions{db: db, audit: audit, now: now}
	return &Registry{
		Units: &Units{db: db, audit: audit, now: now},
		Officers: &Officers{
			db: db, audit: audit, now: now, hash: newHasher(s.cost),
			throttle: &throttle{db: db, now: now},
		},
		Sessions: sessions,
		Tokens:   &Tokens{db: db, audit: audit, now: now},
		Audit:    audit,
		log:      log,
	}
}

// Run writes and seals the trail twice a second and sweeps what has expired once an
// hour, until ctx ends; then it writes and seals what is left. Several processes on one
// database may each run it.
func (r *Registry) Run(ctx context.Context) error {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	sweep := time.NewTicker(time.Hour)
	defer sweep.Stop()
	for {
		select {
		case <-tick.C:
			r.report("write the audit trail", r.Audit.Flush(ctx))
		case <-sweep.C:
			r.report("sweep expired sessions", r.Sweep(ctx))
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			return r.Audit.Flush(last)
		}
	}
}

// report logs a failure that the next turn may mend.
func (r *Registry) report(what string, err error) {
	if err != nil && r.log != nil {
		r.log.Error(what, "error", err)
	}
}

// Sweep deletes expired sessions and forgotten failures to sign in.
func (r *Registry) Sweep(ctx context.Context) error {
	if err := deleteExpiredSessions(ctx, r.Sessions.db.Write, r.Sessions.now()); err != nil {
		return err
	}
	return deleteThrottles(ctx, r.Sessions.db.Write, r.Sessions.now().Add(-forgetAfter))
}
