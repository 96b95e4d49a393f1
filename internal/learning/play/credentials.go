package play

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/cmi5"
	"tidewaiter/internal/learning/xapi"
)

// clientPrefix stands before the key of a session in the name of its credentials.
const clientPrefix = "cmi5-"

// The faults of a fetch (cmi5 §8.2.3).
var (
	ErrFetched = fault.New(fault.Conflict, "the token has been used already")
	ErrFetch   = fault.New(fault.Denied, "the token is unknown, or too old")
)

// Fetch trades the token of a launch for the session's credentials as HTTP Basic writes
// them, once: afterwards it is ErrFetched, and ErrFetch where there is nothing to trade.
func (p *Player) Fetch(ctx context.Context, token string) (string, error) {
	s, err := selectSession(ctx, p.DB.Read, `fetch_hash = $1`, hashOf(token))
	if fault.Is(err, fault.NotFound) {
		return "", ErrFetch
	}
	if err != nil {
		return "", err
	}
	switch {
	case !s.Fetched.IsZero():
		return "", ErrFetched
	case !s.Ended.IsZero() || p.elapsed(s) > fetchFor:
		return "", ErrFetch
	}
	key := secret()
	first, err := tradeToken(ctx, p.DB, s.ID, hashOf(key), p.DB.Now())
	if err != nil {
		return "", err
	}
	if !first {
		return "", ErrFetched
	}
	return base64.StdEncoding.EncodeToString([]byte(clientPrefix + s.Key + ":" + key)), nil
}

// sessionScopes are what a unit may do in the record store, within its session.
var sessionScopes = []learning.Scope{learning.WriteStatements, learning.ReadMine, learning.UseState, learning.UseProfile, learning.Define}

// Client returns the client of the record store that has the credentials of a session, or
// learning.ErrCredentials once it has ended. It reads what was sent in its registration.
func (p *Player) Client(ctx context.Context, name, given string) (learning.Client, error) {
	key, ok := strings.CutPrefix(name, clientPrefix)
	if !ok {
		return learning.Client{}, learning.ErrCredentials
	}
	s, err := selectSession(ctx, p.DB.Read, `key = $1`, key)
	if fault.Is(err, fault.NotFound) {
		return learning.Client{}, learning.ErrCredentials
	}
	if err != nil {
		return learning.Client{}, err
	}
	right := s.secretHash != "" && subtle.ConstantTimeCompare([]byte(s.secretHash), []byte(hashOf(given))) == 1
	if !right || !s.Ended.IsZero() || p.DB.Now().After(s.Expires) {
		return learning.Client{}, learning.ErrCredentials
	}
	agent, err := xapi.ParseAgent(string(s.Launch.Actor), xapi.V103)
	if err != nil {
		return learning.Client{}, err
	}
	return learning.Client{ID: s.Registration, Name: name, Scopes: sessionScopes, Version: xapi.V103, Created: s.Launched,
		Session: &bound{p: p, session: s, agent: agent}}, nil
}

// bound holds a unit to the rules of its session.
type bound struct {
	p       *Player
	session *Session
	agent   xapi.Agent
}

// Read refuses documents of others, and notes that the preferences were asked for
// (11.0.0.0-3).
func (b *bound) Read(ctx context.Context, place learning.Place) error {
	if err := b.own(place); err != nil {
		return err
	}
	if place.Name == cmi5.Preferences && place.Activity == "" && !b.session.Preferences {
		return notePreferences(ctx, b.p.DB, b.session.ID)
	}
	return nil
}

// Write refuses documents of others, and those that only the program writes.
func (b *bound) Write(_ context.Context, place learning.Place, d *learning.Document) error {
	if err := b.own(place); err != nil {
		return err
	}
	state := place.Activity != "" && place.Agent.Identity != ""
	switch {
	case state:
		return cmi5.CheckState(place.Name)
	case d != nil && place.Activity == "" && place.Name == cmi5.Preferences:
		return cmi5.CheckPreferences(d.ContentType, d.Body)
	}
	return nil
}

func (b *bound) own(place learning.Place) error {
	return b.session.Launch.CheckOwner(place.Activity, place.Agent.Identity, b.agent.Identity, place.Registration)
}
