package badge

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// Key is a pair of keys by which badges are signed. One that is retired signs no more, but
// what it signed stays good.
type Key struct {
	Secret ed25519.PrivateKey // nil of a key of somebody else
	Public ed25519.PublicKey
}

// NewKey draws a key.
func NewKey() (Key, error) {
	public, secret, err := ed25519.GenerateKey(rand.Reader)
	return Key{Secret: secret, Public: public}, err
}

// KeyOf returns the key of a seed of 32 bytes, as Seed gave it.
func KeyOf(seed []byte) (Key, error) {
	if len(seed) != ed25519.SeedSize {
		return Key{}, fmt.Errorf("a seed has %d bytes, not %d", ed25519.SeedSize, len(seed))
	}
	secret := ed25519.NewKeyFromSeed(seed)
	return Key{Secret: secret, Public: secret.Public().(ed25519.PublicKey)}, nil
}

// Seed is the secret by which KeyOf makes the key again.
func (k Key) Seed() []byte { return k.Secret.Seed() }

// ID is the key's thumbprint (RFC 7638), by which documents name it.
func (k Key) ID() string {
	sum, err := (&jose.JSONWebKey{Key: k.Public}).Thumbprint(crypto.SHA256)
	if err != nil {
		panic("badge: a thumbprint of no Ed25519 key: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(sum)
}

// jwk is the public key as it stands in documents (RFC 8037 §2).
type jwk struct {
	Kind  string `json:"kty"`
	Curve string `json:"crv"`
	X     string `json:"x"`
}

func (k Key) jwk() jwk {
	return jwk{Kind: "OKP", Curve: "Ed25519", X: base64.RawURLEncoding.EncodeToString(k.Public)}
}

// key returns the public key that a document states; false for one of another kind.
func (j jwk) key() (Key, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(j.X)
	if err != nil || j.Kind != "OKP" || j.Curve != "Ed25519" || len(raw) != ed25519.PublicKeySize {
		return Key{}, false
	}
	return Key{Public: raw}, true
}
