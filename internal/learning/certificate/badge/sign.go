package badge

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"tidewaiter/internal/fault"
)

// claims are what a JWT says beside the credential (OB §8.2.2; RFC 7519 §4.1).
type claims struct {
	Issuer  string `json:"iss"`
	ID      string `json:"jti"`
	Subject string `json:"sub"`
	From    int64  `json:"nbf"`
	Until   int64  `json:"exp,omitempty"`
}

// signed is the payload of a badge.
type signed struct {
	Credential
	claims
}

// Sign returns the badge file of a credential: a compact JWS (OB §5.1). kind is the type
// of the token. The same credential and key give the same bytes.
func (c Credential) Sign(k Key) (string, error) {
	from, err := time.Parse(time.RFC3339, c.From)
	if err != nil {
		return "", fmt.Errorf("sign a badge: %w", err)
	}
	return sign(k, c.Issuer.ID, "JWT", signed{c, claims{Issuer: c.Issuer.ID, ID: c.ID, Subject: c.Subject.ID, From: from.Unix()}})
}

// sign signs a payload. The header names the key in the issuer's document, and has it with
// it for readers that fetch no documents (OB §8.2.1); a reader that trusts the latter
// alone learns only that the file was not altered.
func sign(k Key, did, kind string, payload any) (string, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return "", err
	}
	key := jose.SigningKey{Algorithm: jose.EdDSA, Key: jose.JSONWebKey{Key: k.Secret, KeyID: method(did, k)}}
	options := (&jose.SignerOptions{}).WithType(jose.ContentType(kind)).WithHeader("jwk", k.jwk())
	signer, err := jose.NewSigner(key, options)
	if err != nil {
		return "", err
	}
	token, err := signer.Sign(body)
	if err != nil {
		return "", err
	}
	return token.CompactSerialize()
}

// MaxToken is how many bytes a badge or status list has at most.
const MaxToken = 64 << 10

// What can be wrong with a badge file.
var (
	ErrUnreadable = fault.New(fault.Invalid, "this file is no badge that can be read").
			WithHint("a badge is a file of one long line, as it was downloaded here")
	ErrAltered = fault.New(fault.Invalid, "the signature does not fit: the file was altered after it was signed")
	ErrForeign = fault.New(fault.Invalid, "the file was signed by a key that is not known here").
			WithHint("ask the issuer for the document with their keys, did.json")
)

// open checks a token's signature and returns its payload, the name of the key, and
// whether that key is in the ring rather than named by the token itself.
func (r Ring) open(token, kind string) (body []byte, kid string, known bool, err error) {
	token = strings.TrimSpace(token)
	parsed, err := parse(token)
	if err != nil {
		return nil, "", false, ErrUnreadable
	}
	header := parsed.Signatures[0].Protected
	if typ, given := header.ExtraHeaders[jose.HeaderType]; given && typ != kind {
		return nil, "", false, ErrUnreadable
	}
	key, known, ok := r.find(header.KeyID)
	if !ok {
		return nil, "", false, ErrForeign
	}
	if body, err = parsed.Verify(key.Public); err != nil {
		return nil, "", false, ErrAltered
	}
	return body, header.KeyID, known, nil
}

// parse reads a compact JWS strictly: each of its three parts has one spelling, so that no
// other file is taken for the one that was signed.
func parse(token string) (*jose.JSONWebSignature, error) {
	parts := strings.Split(token, ".")
	if len(token) > MaxToken || len(parts) != 3 {
		return nil, ErrUnreadable
	}
	for _, part := range parts {
		raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || base64.RawURLEncoding.EncodeToString(raw) != part {
			return nil, ErrUnreadable
		}
	}
	parsed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil || len(parsed.Signatures) != 1 {
		return nil, ErrUnreadable
	}
	return parsed, nil
}
