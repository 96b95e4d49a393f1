package badge

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/fault"
)

// Verified is a badge whose signature fits.
type Verified struct {
	Credential
	Key   string // name of the key that signed it
	Known bool   // the key is one that we were given; else the badge itself names it, and may be anybody's
}

// Verify checks a badge's signature and that its parts agree (OB §8.2.4). It does not say
// whether the badge was revoked: see Standing. Errors: ErrUnreadable, ErrAltered,
// ErrForeign, and others of kind fault.Invalid.
func (r Ring) Verify(token string, now time.Time) (Verified, error) {
	body, kid, known, err := r.open(token, "JWT")
	if err != nil {
		return Verified{}, err
	}
	var s signed
	if err := json.Unmarshal(body, &s); err != nil {
		return Verified{}, ErrUnreadable
	}
	if err := s.agrees(kid, now); err != nil {
		return Verified{}, err
	}
	return Verified{Credential: s.Credential, Key: kid, Known: known}, nil
}

// agrees checks what the claims say against what the credential says.
func (s signed) agrees(kid string, now time.Time) error {
	isBadge := slices.Contains(s.Type, "OpenBadgeCredential") || slices.Contains(s.Type, "AchievementCredential")
	if !isBadge || len(s.Context) == 0 || s.Context[0] != credentials2 {
		return ErrUnreadable
	}
	from, err := time.Parse(time.RFC3339, s.Credential.From)
	for _, c := range []struct {
		what  string
		agree bool
	}{
		{"iss", s.claims.Issuer == s.Credential.Issuer.ID && ofIssuer(kid, s.claims.Issuer)},
		{"jti", s.claims.ID == s.Credential.ID},
		{"sub", s.claims.Subject == s.Credential.Subject.ID},
		{"nbf", err == nil && s.claims.From == from.Unix()},
	} {
		if !c.agree {
			return fault.New(fault.Invalid, "the badge contradicts itself: the claim %s is not what the credential says", c.what)
		}
	}
	if now.Before(from) {
		return fault.New(fault.Invalid, "the badge is good from %s only", from.Format(time.DateOnly))
	}
	if until, err := time.Parse(time.RFC3339, s.Credential.Until); s.Credential.Until != "" && (err != nil || now.After(until)) {
		return fault.New(fault.Invalid, "the badge has expired")
	}
	return nil
}

// ofIssuer reports whether a key's name is one of the issuer's.
func ofIssuer(kid, did string) bool {
	owner, fragment, ok := strings.Cut(kid, "#")
	return ok && fragment != "" && owner == did
}

// Holder is the name on the badge.
func (c Credential) Holder() string { return c.identifier("name") }

// Number is that of the certificate.
func (c Credential) Number() string { return c.identifier("identifier") }

func (c Credential) identifier(kind string) string {
	for _, id := range c.Subject.Identifier {
		if id.Kind == kind && !id.Hashed {
			return id.Name
		}
	}
	return ""
}

// Revoked reports whether the badge is revoked by the status list, which must be the one
// that the badge names, of the same issuer.
func (v Verified) Revoked(s Standing) (bool, error) {
	if v.Status == nil || v.Status.List != s.ID || v.Issuer.ID != s.Issuer {
		return false, fault.New(fault.Invalid, "this status list is not the one of the badge").WithHint("the badge names it as credentialStatus")
	}
	place, err := strconv.Atoi(v.Status.Index)
	if err != nil || place < 0 || place >= s.List.Len() {
		return false, fault.New(fault.Invalid, "the badge names no place on its status list")
	}
	return s.List.Revoked(place), nil
}
