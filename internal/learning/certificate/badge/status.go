package badge

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"tidewaiter/internal/fault"
)

// Places is how many badges a status list has room for: the least that the standard
// allows, so that a place tells nothing of the holder (BSL §6.1).
const Places = 131_072

// List says of each place whether its badge is revoked.
type List struct{ bits []byte }

// NewList returns a list on which nothing is revoked.
func NewList() *List { return &List{make([]byte, Places/8)} }

// Revoke marks a place; the first is the leftmost bit (BSL §3.3).
func (l *List) Revoke(place int) { l.bits[place/8] |= 0x80 >> (place % 8) }

// Revoked reports whether the badge at the place is revoked. A place that the list does
// not have is a false.
func (l *List) Revoked(place int) bool {
	return place >= 0 && place/8 < len(l.bits) && l.bits[place/8]&(0x80>>(place%8)) != 0
}

// Len is how many places the list has.
func (l *List) Len() int { return len(l.bits) * 8 }

// Encode writes the list as multibase base64url of its gzip (BSL §3.3).
func (l *List) Encode() (string, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(l.bits)
	}
	if err == nil {
		err = z.Close()
	}
	return "u" + base64.RawURLEncoding.EncodeToString(b.Bytes()), err
}

// maxList bounds a list that is unpacked: a million places.
const maxList = 1_000_000 / 8

var errList = fault.New(fault.Invalid, "this is not a status list that can be read").
	WithHint("it is served as /badges/status/ with the number of the list")

// DecodeList reads what Encode wrote, also by another issuer.
func DecodeList(text string) (*List, error) {
	packed, ok := strings.CutPrefix(text, "u")
	raw, err := base64.RawURLEncoding.DecodeString(packed)
	if err != nil || !ok {
		return nil, errList
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, errList
	}
	bits, err := io.ReadAll(io.LimitReader(z, maxList+1))
	if err != nil || len(bits) > maxList || len(bits) < Places/8 {
		return nil, errList
	}
	return &List{bits}, nil
}

// listCredential is a BitstringStatusListCredential (BSL §2.2).
type listCredential struct {
	Context []string    `json:"@context"`
	ID      string      `json:"id"`
	Type    []string    `json:"type"`
	Issuer  string      `json:"issuer"`
	From    string      `json:"validFrom"`
	Until   string      `json:"validUntil"`
	Subject listSubject `json:"credentialSubject"`
}

type listSubject struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	Encoded string `json:"encodedList"`
}

const (
	listType = "vc+jwt" // VC-JOSE-COSE §3.1.1
	listGood = 30 * 24 * time.Hour
)

// SignList returns the status list as a signed file. It says how things stood at the
// moment, and is of use for thirty days.
func SignList(home Home, k Key, n int, l *List, at time.Time) (string, error) {
	encoded, err := l.Encode()
	if err != nil {
		return "", err
	}
	did := home.DID(k)
	id := home.StatusList(did, n)
	at = at.UTC().Truncate(time.Second)
	return sign(k, did, listType, struct {
		listCredential
		claims
	}{
		listCredential{
			Context: []string{credentials2}, ID: id, Type: []string{"VerifiableCredential", "BitstringStatusListCredential"}, Issuer: did,
			From: at.Format(time.RFC3339), Until: at.Add(listGood).Format(time.RFC3339),
			Subject: listSubject{ID: id + "#list", Type: "BitstringStatusList", Purpose: "revocation", Encoded: encoded},
		},
		claims{Issuer: did, ID: id, Subject: id + "#list", From: at.Unix(), Until: at.Add(listGood).Unix()},
	})
}

// Standing is a status list that was read and believed.
type Standing struct {
	ID     string
	Issuer string
	At     time.Time // how things stood then
	List   *List
}

// ReadList checks a status list's signature and returns it. One that is older than it says
// it is good for is a fault.Invalid.
func (r Ring) ReadList(token string, now time.Time) (Standing, error) {
	body, kid, _, err := r.open(token, listType)
	if errors.Is(err, ErrUnreadable) {
		return Standing{}, errList
	}
	if err != nil {
		return Standing{}, err
	}
	var c listCredential
	if err := json.Unmarshal(body, &c); err != nil || c.Subject.Type != "BitstringStatusList" || c.Subject.Purpose != "revocation" {
		return Standing{}, errList
	}
	from, err := time.Parse(time.RFC3339, c.From)
	until, err2 := time.Parse(time.RFC3339, c.Until)
	if err != nil || err2 != nil || !ofIssuer(kid, c.Issuer) {
		return Standing{}, errList
	}
	if now.Before(from.Add(-5 * time.Minute)) { // clocks differ
		return Standing{}, fault.New(fault.Invalid, "the status list is from %s, which is yet to come", from.Format(time.DateOnly)).WithHint("check the clock of this machine")
	}
	if now.After(until) {
		return Standing{}, fault.New(fault.Invalid, "the status list is from %s, which is too old", from.Format(time.DateOnly)).WithHint("fetch it anew")
	}
	list, err := DecodeList(c.Subject.Encoded)
	return Standing{ID: c.ID, Issuer: c.Issuer, At: from, List: list}, err
}
