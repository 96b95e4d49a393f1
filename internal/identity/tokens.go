package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// Token is a key by which a program, such as a carrier's system, sends files to one
// unit. Only the hash of its secret is kept.
type Token struct {
	ID      int64
	Unit    int64
	Name    string // whose program it is
	Role    Role   // as which it acts
	Created time.Time
	Revoked time.Time // zero while it is good
}

// tokenPrefix makes a secret recognisable where it should not be, such as in a log.
const tokenPrefix = "twk_"

// ErrToken answers a secret that is unknown or revoked.
var ErrToken = fault.New(fault.Denied, "this token is not known, or has been revoked").
	WithHint("ask the administrator of the unit for a new one: tidewaiter token add")

// Tokens are the use-cases of tokens.
type Tokens struct {
	db    *store.DB
	audit *Audit
	now   func() time.Time
}

// Add gives out a token for a unit, and its secret, which is shown only now. It needs
// ManageOfficers; a name that the unit has used is a fault.Conflict.
func (s *Tokens) Add(ctx context.Context, unit int64, name string) (Token, string, error) {
	return s.AddAs(ctx, unit, name, RoleOfficer)
}

// AddAs is Add for a program that acts in a role, such as one that brings in packages for
// those who teach. Nobody gives more than they hold.
func (s *Tokens) AddAs(ctx context.Context, unit int64, name string, role Role) (Token, string, error) {
	err := mayManage(ctx, unit)
	if v, ok := From(ctx); err == nil && ok {
		err = v.mayGrant(unit, role)
	}
	if err != nil {
		return Token{}, "", err
	}
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 100 {
		return Token{}, "", fault.New(fault.Invalid, "a token needs a name of at most 100 bytes").WithHint("say whose program it is for")
	}
	secret := tokenPrefix + rand.Text()
	t := Token{ID: store.NewID(), Unit: unit, Name: name, Role: role, Created: s.now()}
	err = s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertToken(ctx, tx, t, hashSecret(secret)); err != nil {
			return err
		}
		return s.audit.Record(ctx, tx, Entry{Act: "token.added", ObjectKind: "token", ObjectID: strconv.FormatInt(t.ID, 10), Detail: map[string]string{"name": name, "role": string(role)}})
	})
	if fault.Is(err, fault.Conflict) {
		return Token{}, "", fault.New(fault.Conflict, "the unit already has a token with the name %q", name).WithHint("choose another name")
	}
	return t, secret, err
}

// OfUnit returns the tokens of a unit, revoked ones included. It needs ManageOfficers.
func (s *Tokens) OfUnit(ctx context.Context, unit int64) ([]Token, error) {
	if err := mayManage(ctx, unit); err != nil {
		return nil, err
	}
	return selectTokens(ctx, s.db.Read, unit)
}

// Revoke ends the unit's token with the name. It needs ManageOfficers.
func (s *Tokens) Revoke(ctx context.Context, unit int64, name string) error {
	if err := mayManage(ctx, unit); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		revoked, err := endToken(ctx, tx, unit, name, s.now())
		if err != nil {
			return err
		}
		if !revoked {
			return fault.New(fault.NotFound, "the unit has no token with the name %q that is still good", name)
		}
		return s.audit.Record(ctx, tx, Entry{Act: "token.revoked", ObjectKind: "token", ObjectID: name})
	})
}

// Viewer returns who acts by the secret: the token's name, in the token's role in its unit.
// An unknown or revoked secret is ErrToken.
func (s *Tokens) Viewer(ctx context.Context, secret string) (Viewer, error) {
	if !strings.HasPrefix(secret, tokenPrefix) || len(secret) > 100 {
		return Viewer{}, ErrToken
	}
	t, err := selectToken(ctx, s.db.Read, hashSecret(secret))
	if fault.Is(err, fault.NotFound) || err == nil && !t.Revoked.IsZero() {
		return Viewer{}, ErrToken
	}
	if err != nil {
		return Viewer{}, err
	}
	unit, err := selectUnit(ctx, s.db.Read, "id", t.Unit)
	return Viewer{Officer: Officer{Name: t.Name, Active: true}, Unit: unit, Role: t.Role, Units: []Unit{unit}}, err
}

// mayManage reports whether the viewer manages the officers, and so the tokens, of a unit.
func mayManage(ctx context.Context, unit int64) error {
	v, err := May(ctx, ManageOfficers)
	if err == nil && v.Unit.ID != unit && !v.System {
		return ErrOtherUnit
	}
	return err
}

// hashSecret needs no salt and no stretching: a secret has 128 bits of chance.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
