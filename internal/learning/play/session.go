package play

import (
	"context"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// abandonOpen abandons the sessions of a registration that are still open.
func (p *Player) abandonOpen(ctx context.Context, registration int64) error {
	open, err := selectSessions(ctx, p.DB.Read, `registration_id = $1 AND ended_at IS NULL`, registration)
	for _, s := range open {
		if err == nil {
			err = p.abandon(ctx, s)
		}
	}
	return err
}

// Abandon ends a session whose unit will not do so any more, such as one that was closed
// (§9.3.6). Those who teach may abandon any of their unit, learners their own.
func (p *Player) Abandon(ctx context.Context, key string) error {
	s, _, err := p.session(ctx, key)
	if err != nil {
		return err
	}
	if !s.Ended.IsZero() {
		return fault.New(fault.Conflict, "the session has ended already")
	}
	return p.abandon(ctx, s)
}

func (p *Player) abandon(ctx context.Context, s *Session) error {
	ended, err := endSession(ctx, p.DB, s.ID, p.DB.Now(), true)
	if err != nil || !ended || s.Launch.MoveOn == "" { // it ended meanwhile; SCORM has no word for it
		return err
	}
	said, err := s.Launch.SayAbandoned(derived(s.Key, "abandoned"), p.DB.Now(), s.Last.Sub(s.Launched))
	if err != nil {
		return err
	}
	return p.say(ctx, said)
}

// session returns a session that the viewer may see: their own, or for those who teach one
// of their unit.
func (p *Player) session(ctx context.Context, key string) (*Session, *Registration, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, nil, err
	}
	s, err := selectSession(ctx, p.DB.Read, `key = $1`, store.Text(key))
	if err != nil {
		return nil, nil, err
	}
	r, err := p.registration(ctx, p.DB.Read, `id = $1`, s.Registration)
	if err != nil {
		return nil, nil, err
	}
	own := r.Officer != 0 && r.Officer == v.Officer.ID
	if r.Unit != v.Unit.ID || !own && !v.Can(identity.Teach) {
		return nil, nil, errNoSession
	}
	return s, r, nil
}

var errNoSession = fault.New(fault.NotFound, "there is no such session")

// elapsed is the time since a session was launched.
func (p *Player) elapsed(s *Session) time.Duration { return p.DB.Now().Sub(s.Launched) }
