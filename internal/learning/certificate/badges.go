package certificate

import (
	"context"
	"database/sql"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/certificate/badge"
	"tidewaiter/internal/store"
)

// Badge returns the certificate's badge: one line of text, an Open Badge 3.0 as a JWT. A
// certificate that is not good any more is a fault.Conflict.
func (s *Certificates) Badge(ctx context.Context, c Certificate) (string, error) {
	if err := c.Good(); err != nil {
		return "", err
	}
	keys, err := s.keys(ctx)
	if err != nil {
		return "", err
	}
	return badge.New(s.Home, newest(keys), c.badge()).Sign(newest(keys))
}

// Good returns nil while the certificate is valid, else the fault.Conflict with which its
// paper and badge are refused.
func (c Certificate) Good() error {
	if c.State() == Valid {
		return nil
	}
	return fault.New(fault.Conflict, "this certificate was revoked and is not given out any more")
}

// CheckBadge says of a badge file whether it is one of ours, as it was signed, and returns
// its certificate as it stands now. Errors: those of badge.Ring.Verify; a badge of another
// issuer is badge.ErrForeign.
func (s *Certificates) CheckBadge(ctx context.Context, token string) (Certificate, error) {
	keys, err := s.keys(ctx)
	if err != nil {
		return Certificate{}, err
	}
	ring := badge.Ring{}
	ring.Add(s.Home.DID(newest(keys)), keys...)
	v, err := ring.Verify(token, s.DB.Now())
	if err != nil {
		return Certificate{}, err
	}
	if !v.Known {
		return Certificate{}, badge.ErrForeign
	}
	list, err := selectCertificates(ctx, s.DB.Read, `number = $1`, store.Text(v.Number()))
	if err != nil {
		return Certificate{}, err
	}
	if len(list) == 0 {
		return Certificate{}, errNone
	}
	return list[0], nil
}

// StatusList returns a status list as a signed file. A list that has not been begun is a
// fault.NotFound.
func (s *Certificates) StatusList(ctx context.Context, n int) (string, error) {
	places, begun, err := selectRevokedPlaces(ctx, s.DB.Read, n)
	if err != nil {
		return "", err
	}
	if !begun {
		return "", fault.New(fault.NotFound, "there is no such status list")
	}
	list := badge.NewList()
	for _, place := range places {
		list.Revoke(place)
	}
	keys, err := s.keys(ctx)
	if err != nil {
		return "", err
	}
	return badge.SignList(s.Home, newest(keys), n, list, s.DB.Now())
}

// Document returns the issuer's did.json, with the keys that sign and signed.
func (s *Certificates) Document(ctx context.Context) ([]byte, error) {
	keys, err := s.keys(ctx)
	if err != nil {
		return nil, err
	}
	return badge.Document(s.Home.DID(newest(keys)), keys)
}

// RotateKey makes a new key, which signs from now on, and returns its id. What the old ones
// signed stays good. It needs ManageUnits.
func (s *Certificates) RotateKey(ctx context.Context) (string, error) {
	if _, err := identity.May(ctx, identity.ManageUnits); err != nil {
		return "", err
	}
	keys, err := s.keys(ctx)
	if err != nil {
		return "", err
	}
	k, err := s.makeKey(ctx, len(keys)+1)
	return k.ID(), err
}

// makeKey makes a key with a serial. Of two processes that make the same at once one gets a
// fault.Conflict.
func (s *Certificates) makeKey(ctx context.Context, serial int) (badge.Key, error) {
	k, err := badge.NewKey()
	if err != nil {
		return k, err
	}
	err = s.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertKey(ctx, tx, serial, k.Seed(), s.DB.Now()); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, identity.Entry{Act: "badge-key.made", ObjectKind: "badge-key", ObjectID: k.ID()})
	})
	return k, err
}

// keys returns the keys, the oldest first, and makes the first one.
func (s *Certificates) keys(ctx context.Context) ([]badge.Key, error) {
	keys, err := s.madeKeys(ctx)
	if err != nil || len(keys) > 0 {
		return keys, err
	}
	if _, err := s.makeKey(ctx, 1); err != nil && !fault.Is(err, fault.Conflict) { // else somebody else has just made it
		return nil, err
	}
	return s.madeKeys(ctx)
}

func (s *Certificates) madeKeys(ctx context.Context) (keys []badge.Key, err error) {
	seeds, err := selectSeeds(ctx, s.DB.Read)
	for _, seed := range seeds {
		k, err := badge.KeyOf(seed)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, err
}

// newest is the key that signs.
func newest(keys []badge.Key) badge.Key { return keys[len(keys)-1] }
