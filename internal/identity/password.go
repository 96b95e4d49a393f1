package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Cost is what one password hash takes.
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

// StandardCost is the second recommended option of RFC 9106 §4: 64 MiB, 3 passes, 4 lanes.
var StandardCost = Cost{MemoryKiB: 64 * 1024, Passes: 3, Lanes: 4}

// Lengths of RFC 9106 §4: a salt of 128 bits and a tag of 256.
const (
	saltLength = 16
	tagLength  = 32
)

// hasher makes and checks argon2id hashes, few at a time: each takes Cost.MemoryKiB, so
// a crowd at the door must queue or it would exhaust the memory.
type hasher struct {
	cost  Cost
	busy  chan struct{} // held while hashing
	queue chan struct{} // held while waiting or hashing
	dummy string        // a hash of no password, checked for an unknown user
}

func newHasher(cost Cost) *hasher {
	salt, tag := make([]byte, saltLength), make([]byte, tagLength)
	rand.Read(salt)
	rand.Read(tag)
	return &hasher{
		cost: cost, busy: make(chan struct{}, 2), queue: make(chan struct{}, 64),
		dummy: phc(cost, salt, tag),
	}
}

// slot waits for a turn, and returns what gives it back.
func (h *hasher) slot(ctx context.Context) (func(), error) {
	select {
	case h.queue <- struct{}{}:
	default:
		return nil, ErrCrowd
	}
	select {
	case h.busy <- struct{}{}:
		return func() { <-h.busy; <-h.queue }, nil
	case <-ctx.Done():
		<-h.queue
		return nil, ctx.Err()
	}
}

// hash returns the PHC string for the password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	release, err := h.slot(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	salt := make([]byte, saltLength)
	rand.Read(salt)
	c := h.cost
	tag := argon2.IDKey([]byte(normal(password)), salt, c.Passes, c.MemoryKiB, c.Lanes, tagLength)
	return phc(c, salt, tag), nil
}

// verify reports whether the password matches the PHC string, in a time that does not
// depend on where they differ, and whether the string was made at another cost. An
// empty string takes as long as any other and matches nothing.
func (h *hasher) verify(ctx context.Context, encoded, password string) (match, stale bool, err error) {
	unknown := encoded == ""
	if unknown {
		encoded = h.dummy
	}
	cost, salt, tag, err := parsePHC(encoded)
	if err != nil {
		return false, false, err
	}
	release, err := h.slot(ctx)
	if err != nil {
		return false, false, err
	}
	defer release()
	got := argon2.IDKey([]byte(normal(password)), salt, cost.Passes, cost.MemoryKiB, cost.Lanes, uint32(len(tag)))
	match = subtle.ConstantTimeCompare(got, tag) == 1 && !unknown
	return match, cost != h.cost, nil
}

func phc(c Cost, salt, tag []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.MemoryKiB, c.Passes, c.Lanes, b64(salt), b64(tag))
}

var errPHC = errors.New("identity: a stored password hash is not an argon2id string")

// parsePHC reads $argon2id$v=19$m=65536,t=3,p=4$salt$tag. Its limits keep a forged row
// from asking for all the memory.
func parsePHC(s string) (c Cost, salt, tag []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.MemoryKiB, &c.Passes, &c.Lanes); err != nil {
		return c, nil, nil, errPHC
	}
	if c.MemoryKiB > 1<<20 || c.Passes < 1 || c.Passes > 100 || c.Lanes < 1 {
		return c, nil, nil, errPHC
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	tag, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(salt) > 64 || len(tag) < 16 || len(tag) > 64 {
		return c, nil, nil, errPHC
	}
	return c, salt, tag, nil
}

// normal makes the same characters the same bytes, whatever keyboard they came from
// (NIST SP 800-63B §5.1.1.2 asks for NFKC or NFKD).
func normal(s string) string { return norm.NFKC.String(s) }

//go:embed common.txt
var commonText string

var commonPasswords = func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonText) {
		m[strings.TrimSpace(line)] = true
	}
	return m
}()

// passwordProblem returns the code of what is wrong with the password, or "".
func passwordProblem(password, username string) string {
	if len(password) > 4*200 {
		return "password-long" // before anything that costs more for more
	}
	p := strings.ToLower(normal(password))
	name, _, _ := strings.Cut(username, "@")
	switch n := utf8.RuneCountInString(p); {
	case n < 10:
		return "password-short"
	case n > 200:
		return "password-long"
	case len(name) >= 3 && strings.Contains(p, name), strings.Contains(p, username):
		return "password-name"
	case commonPasswords[p], monotonous(p):
		return "password-common"
	}
	return ""
}

// monotonous reports a password of three different characters or fewer, one that counts
// up or down, and one that repeats a short piece: "aaaaaaaaab", "0123456789", "abcabcabcabc".
func monotonous(p string) bool {
	runes := []rune(p)
	distinct := map[rune]bool{}
	up, down := 0, 0
	for i, r := range runes {
		distinct[r] = true
		if i > 0 && r == runes[i-1]+1 {
			up++
		}
		if i > 0 && r == runes[i-1]-1 {
			down++
		}
	}
	if len(distinct) <= 3 || max(up, down) >= len(runes)-2 {
		return true
	}
	for n := 1; n <= 4; n++ {
		if len(runes) > n && strings.HasPrefix(strings.Repeat(string(runes[:n]), len(runes)/n+1), p) {
			return true
		}
	}
	return false
}

// oneTimeAlphabet leaves out the letters that are misread when copied by hand.
const oneTimeAlphabet = "abcdefghjkmnpqrstuvwxyz23456789x"

// oneTimePassword returns a password of nearly 80 bits in four groups, to be told to a person.
func oneTimePassword() string {
	b := make([]byte, 16)
	rand.Read(b)
	var s strings.Builder
	for i, x := range b {
		if i > 0 && i%4 == 0 {
			s.WriteByte('-')
		}
		s.WriteByte(oneTimeAlphabet[x&31])
	}
	return s.String()
}
