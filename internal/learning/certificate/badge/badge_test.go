package badge

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/fault"
)

const home = Home("https://learn.example.org")

var (
	completed = time.Date(2026, 11, 23, 14, 5, 6, 789, time.UTC)
	later     = completed.Add(48 * time.Hour)
	award     = Award{
		Number: "K7QM3XWP9RTV", Holder: "Айзада Токтогулова", Unit: "Osh Port Control Unit", Course: "seals", Version: "1.2", Title: "Seals", Lang: "en",
		Score: 0.925, Minutes: 240, At: completed, List: 1, Place: 94567,
	}
)

func newKey(t testing.TB) Key {
	t.Helper()
	k, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func signed1(t testing.TB, at Home, k Key) string {
	t.Helper()
	token, err := New(at, k, award).Sign(k)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// ringOf is what a stranger has: the issuer's document.
func ringOf(t testing.TB, did string, keys ...Key) Ring {
	t.Helper()
	raw, err := Document(did, keys)
	if err != nil {
		t.Fatal(err)
	}
	ring := Ring{}
	if err := ring.ReadDocument(raw); err != nil {
		t.Fatal(err)
	}
	return ring
}

func TestSignedAndVerified(t *testing.T) {
	for _, at := range []Home{home, ""} {
		k := newKey(t)
		token := signed1(t, at, k)
		if again := signed1(t, at, k); again != token {
			t.Error("the same badge has other bytes")
		}
		v, err := ringOf(t, at.DID(k), k).Verify(" "+token+"\n", later)
		if err != nil {
			t.Fatal(err)
		}
		if !v.Known || v.Holder() != award.Holder || v.Number() != award.Number || v.Subject.Achievement.Code != "seals" || v.Subject.Result[0].Value != "93" {
			t.Errorf("%+v", v)
		}
		if v.From != "2026-11-23T14:05:06Z" {
			t.Errorf("valid from %s", v.From)
		}
	}
}

// parts returns header and payload of a token.
func parts(t testing.TB, token string) (header, payload map[string]any) {
	t.Helper()
	for i, into := range []*map[string]any{&header, &payload} {
		raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[i])
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return header, payload
}

// The form that the schema of AchievementCredential (OB §F.1) demands: what must be there,
// of which type, and the words of its enumerations.
func TestForm(t *testing.T) {
	for _, at := range []Home{home, "http://10.0.0.7:8080", ""} {
		k := newKey(t)
		header, c := parts(t, signed1(t, at, k))
		if header["alg"] != "EdDSA" || header["typ"] != "JWT" || len(header) != 4 {
			t.Errorf("header %v", header)
		}
		if jwk := header["jwk"].(map[string]any); jwk["d"] != nil || jwk["x"] == nil || jwk["kty"] != "OKP" {
			t.Errorf("the header has the key %v", jwk)
		}
		if got := c["@context"].([]any); got[0] != credentials2 || got[1] != badges3 {
			t.Errorf("context %v", got)
		}
		subject := c["credentialSubject"].(map[string]any)
		achievement := subject["achievement"].(map[string]any)
		result := subject["result"].([]any)[0].(map[string]any)
		description := achievement["resultDescription"].([]any)[0].(map[string]any)
		status := c["credentialStatus"].(map[string]any)
		issuer := c["issuer"].(map[string]any)
		for what, in := range map[string]struct {
			object map[string]any
			typ    string
		}{
			"credential": {c, "OpenBadgeCredential"}, "subject": {subject, "AchievementSubject"}, "achievement": {achievement, "Achievement"},
			"result": {result, "Result"}, "description": {description, "ResultDescription"}, "issuer": {issuer, "Profile"},
		} {
			if types := in.object["type"].([]any); !slices.Contains(types, any(in.typ)) {
				t.Errorf("%s has the types %v", what, types)
			}
		}
		for what, id := range map[string]any{
			"credential": c["id"], "issuer": issuer["id"], "subject": subject["id"], "achievement": achievement["id"], "description": description["id"],
			"result": result["resultDescription"], "status": status["id"], "list": status["statusListCredential"], "key": header["kid"],
		} {
			if u, err := url.Parse(id.(string)); err != nil || u.Scheme == "" {
				t.Errorf("the id of the %s is %v, which is no URI", what, id)
			}
		}
		for _, name := range []string{"name", "description", "achievementType", "humanCode"} {
			if s, _ := achievement[name].(string); s == "" {
				t.Errorf("the achievement has no %s", name)
			}
		}
		if achievement["criteria"].(map[string]any)["narrative"] == "" || achievement["achievementType"] != "Course" || description["resultType"] != "Percent" {
			t.Errorf("achievement %v", achievement)
		}
		if _, err := time.Parse(time.RFC3339, c["validFrom"].(string)); err != nil {
			t.Error(err)
		}
		for _, one := range subject["identifier"].([]any) {
			if id := one.(map[string]any); id["type"] != "IdentityObject" || id["hashed"] != false || id["identityHash"] == "" || id["identityType"] == "" {
				t.Errorf("identifier %v", id)
			}
		}
		if status["type"] != "BitstringStatusListEntry" || status["statusPurpose"] != "revocation" || status["statusListIndex"] != "94567" {
			t.Errorf("status %v", status)
		}
		if c["iss"] != issuer["id"] || c["jti"] != c["id"] || c["sub"] != subject["id"] || c["nbf"] != float64(completed.Unix()) {
			t.Errorf("claims %v %v %v %v", c["iss"], c["jti"], c["sub"], c["nbf"])
		}
	}
}

// Whatever character is another one, the badge is refused: in the header, the payload and
// the signature.
func TestEveryCharacterCounts(t *testing.T) {
	k := newKey(t)
	token := signed1(t, home, k)
	ring := ringOf(t, home.DID(k), k)
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range token {
		for _, by := range []int{1, 32} {
			at := strings.IndexByte(letters, token[i])
			other := letters[(at+by+len(letters))%len(letters)]
			if altered := token[:i] + string(other) + token[i+1:]; altered != token {
				if _, err := ring.Verify(altered, later); !fault.Is(err, fault.Invalid) {
					t.Fatalf("character %d of %d made %q: %v", i, len(token), other, err)
				}
			}
		}
		if _, err := ring.Verify(token[:i]+token[i+1:], later); err == nil {
			t.Fatalf("character %d of %d left out", i, len(token))
		}
	}
}

func b64(v any) string {
	raw, ok := v.(string)
	if !ok {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		raw = string(b)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(raw))
}

func TestForged(t *testing.T) {
	ours, theirs := newKey(t), newKey(t)
	did := home.DID(ours)
	ring := ringOf(t, did, ours)
	token := signed1(t, home, ours)
	header, payload := parts(t, token)
	_, signature, _ := strings.Cut(token[strings.Index(token, ".")+1:], ".")

	withHeader := func(name string, value any) string {
		h := map[string]any{}
		for k, v := range header {
			h[k] = v
		}
		h[name] = value
		return b64(h) + "." + b64(payload) + "." + signature
	}
	byOther := New(home, ours, award)
	forged, err := sign(theirs, did, "JWT", signed{byOther, claims{Issuer: did, ID: byOther.ID, Subject: byOther.Subject.ID, From: completed.Unix()}})
	if err != nil {
		t.Fatal(err)
	}
	under, err := sign(Key{Secret: theirs.Secret, Public: ours.Public}, did, "JWT", byOther) // names our key, signs with another
	if err != nil {
		t.Fatal(err)
	}
	pretends, err := sign(theirs, Home("").DID(theirs), "JWT", signed{byOther, claims{Issuer: did, ID: byOther.ID, Subject: byOther.Subject.ID, From: completed.Unix()}})
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		token string
		want  error // nil: any
	}{
		"signed by a key that the document lacks":      {forged, ErrForeign},
		"signed by another key under the name of ours": {under, ErrAltered},
		"its own did:key, but our name":                {pretends, nil},
		"alg none":                                     {withHeader("alg", "none"), ErrUnreadable},
		"alg none without signature":                   {b64(map[string]any{"alg": "none"}) + "." + b64(payload) + ".", ErrUnreadable},
		"alg HS256":                                    {withHeader("alg", "HS256"), ErrUnreadable},
		"a critical header that nobody knows":          {withHeader("crit", []string{"exp"}), nil},
		"another type of token":                        {withHeader("typ", "vc+jwt"), nil},
		"another key embedded":                         {withHeader("jwk", theirs.jwk()), ErrAltered},
		"no key named":                                 {withHeader("kid", ""), ErrForeign},
		"empty":                                        {"", ErrUnreadable},
		"JSON":                                         {`{"@context":[]}`, ErrUnreadable},
		"too long":                                     {strings.Repeat("a", MaxToken+1), ErrUnreadable},
		"four parts":                                   {token + ".", ErrUnreadable},
		"padding":                                      {token + "=", ErrUnreadable},
		"a line break within":                          {token[:50] + "\n" + token[50:], ErrUnreadable},
	} {
		_, err := ring.Verify(c.token, later)
		if !fault.Is(err, fault.Invalid) || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
}

// A badge whose key is known by its did:key only is unaltered, but may be anybody's.
func TestOwnKey(t *testing.T) {
	k := newKey(t)
	v, err := Ring{}.Verify(signed1(t, "", k), later)
	if err != nil || v.Known {
		t.Errorf("known %v, %v", v.Known, err)
	}
	if _, err := (Ring{}).Verify(signed1(t, home, k), later); !errors.Is(err, ErrForeign) {
		t.Errorf("did:web without a document: %v", err)
	}
}

// What the issuer signs must not contradict itself either.
func TestContradictions(t *testing.T) {
	k := newKey(t)
	did := home.DID(k)
	ring := ringOf(t, did, k)
	for what, change := range map[string]func(*signed){
		"iss":       func(s *signed) { s.claims.Issuer = "did:web:other.example" },
		"jti":       func(s *signed) { s.claims.ID = "https://learn.example.org/verify/OTHER" },
		"sub":       func(s *signed) { s.claims.Subject = "urn:uuid:0" },
		"nbf":       func(s *signed) { s.claims.From++ },
		"validFrom": func(s *signed) { s.Credential.From = "yesterday" },
		"types":     func(s *signed) { s.Type = []string{"VerifiableCredential"} },
		"context":   func(s *signed) { s.Context = nil },
		"not yet": func(s *signed) {
			s.Credential.From = later.Add(time.Hour).Format(time.RFC3339)
			s.claims.From = later.Add(time.Hour).Unix()
		},
		"expired":   func(s *signed) { s.Credential.Until = later.Add(-time.Hour).Format(time.RFC3339) },
		"until ???": func(s *signed) { s.Credential.Until = "never" },
	} {
		c := New(home, k, award)
		s := signed{c, claims{Issuer: did, ID: c.ID, Subject: c.Subject.ID, From: completed.Unix()}}
		change(&s)
		token, err := sign(k, did, "JWT", s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ring.Verify(token, later); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// After a rotation, badges of both keys are good for who has the document of now.
func TestRotation(t *testing.T) {
	before, now := newKey(t), newKey(t)
	old, fresh := signed1(t, home, before), signed1(t, home, now)
	oldKeyed, freshKeyed := signed1(t, "", before), signed1(t, "", now)
	for _, at := range []Home{home, ""} {
		both := ringOf(t, at.DID(now), before, now)
		for _, token := range []string{oldKeyed, freshKeyed, old, fresh} {
			if v, err := both.Verify(token, later); (err != nil || !v.Known) && (at == home || token == oldKeyed || token == freshKeyed) {
				t.Errorf("%q: %v, known %v", at, err, v.Known)
			}
		}
	}
	if _, err := ringOf(t, home.DID(now), now).Verify(old, later); !errors.Is(err, ErrForeign) {
		t.Errorf("a key that the document has dropped: %v", err)
	}
}

func TestStatus(t *testing.T) {
	k := newKey(t)
	did := home.DID(k)
	ring := ringOf(t, did, k)
	v, err := ring.Verify(signed1(t, home, k), later)
	if err != nil {
		t.Fatal(err)
	}
	standing := func(at Home, k Key, n int, places ...int) Standing {
		t.Helper()
		list := NewList()
		for _, p := range places {
			list.Revoke(p)
		}
		token, err := SignList(at, k, n, list, later)
		if err != nil {
			t.Fatal(err)
		}
		s, err := ringOf(t, at.DID(k), k).ReadList(token, later.Add(time.Hour))
		if err != nil || !s.At.Equal(later.Truncate(time.Second)) {
			t.Fatalf("%v, of %s", err, s.At)
		}
		return s
	}
	if revoked, err := v.Revoked(standing(home, k, 1, 94566, 94568)); revoked || err != nil {
		t.Errorf("neighbours revoked: %v, %v", revoked, err)
	}
	if revoked, err := v.Revoked(standing(home, k, 1, 94567)); !revoked || err != nil {
		t.Errorf("revoked: %v, %v", revoked, err)
	}
	if _, err := v.Revoked(standing(home, k, 2)); !fault.Is(err, fault.Invalid) {
		t.Errorf("another list: %v", err)
	}
	if _, err := v.Revoked(standing("https://other.example", k, 1)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a list of another issuer: %v", err)
	}
	token, err := SignList(home, k, 1, NewList(), later)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ring.ReadList(token, later.Add(listGood+time.Hour)); !fault.Is(err, fault.Invalid) {
		t.Errorf("an old list: %v", err)
	}
	if _, err := ring.ReadList(token, later.Add(-time.Hour)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a list of tomorrow: %v", err)
	}
	if _, err := ring.Verify(token, later); !errors.Is(err, ErrUnreadable) {
		t.Errorf("a list as a badge: %v", err)
	}
	if _, err := ring.ReadList(signed1(t, home, k), later); !errors.Is(err, errList) {
		t.Errorf("a badge as a list: %v", err)
	}
	v.Status.Index = "-1"
	if _, err := v.Revoked(standing(home, k, 1)); !fault.Is(err, fault.Invalid) {
		t.Errorf("no place: %v", err)
	}
}
