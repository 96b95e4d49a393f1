package identity

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPasswordRules(t *testing.T) {
	for _, c := range []struct{ password, want string }{
		{"short", "password-short"},
		{"парольная", "password-short"},
		{"парольная фраза", ""},
		{"Password123", "password-common"},
		{"ЙЦУКЕН12345", "password-common"},
		{"aaaaaaaaaaaa", "password-common"},
		{"3456789012", "password-common"},
		{"23456789:;<=", "password-common"},
		{"abcdabcdabcd", "password-common"},
		{"aigul-in-osh-2", "password-name"},
		{"AIGUL-in-osh-2", "password-name"},
		{goodPassword, ""},
		{strings.Repeat("x1y2", 60), "password-long"},
		{strings.Repeat("x", 1<<20), "password-long"},
	} {
		if got := passwordProblem(c.password, "aigul@example.org"); got != c.want {
			t.Errorf("%.20q: got %q, want %q", c.password, got, c.want)
		}
	}
}

func TestHashVerifiesOnlyItsPassword(t *testing.T) {
	h, ctx := newHasher(cheap), context.Background()
	rapid.Check(t, func(t *rapid.T) {
		p, q := rapid.String().Draw(t, "p"), rapid.String().Draw(t, "q")
		encoded, err := h.hash(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		if match, stale, err := h.verify(ctx, encoded, p); !match || stale || err != nil {
			t.Fatalf("%q against its own hash: %v %v %v", p, match, stale, err)
		}
		if match, _, _ := h.verify(ctx, encoded, q); match != (normal(p) == normal(q)) {
			t.Fatalf("%q against the hash of %q: %v", q, p, match)
		}
		if match, _, _ := h.verify(ctx, "", p); match {
			t.Fatalf("%q matches nobody's hash", p)
		}
	})
}

// The example of the PHC string format with RFC 9106's parameters, and forgeries.
func TestPHC(t *testing.T) {
	const good = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	c, salt, tag, err := parsePHC(good)
	if err != nil || c != StandardCost || string(salt) != "somesaltsomesalt" || len(tag) != 32 {
		t.Fatalf("got %v %q %d %v", c, salt, len(tag), err)
	}
	if got := phc(c, salt, tag); got != good {
		t.Fatalf("got %s", got)
	}
	for _, bad := range []string{
		"", "$", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=65536", "m=4294967295", 1), strings.Replace(good, "t=3", "t=0", 1),
		strings.Replace(good, "p=4", "p=0", 1), strings.Replace(good, "c29t", "!!!!", 1), good + "$",
		"$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$",
	} {
		if _, _, _, err := parsePHC(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestCrowdQueuesAndThenIsRefused(t *testing.T) {
	h := newHasher(cheap)
	for range cap(h.queue) {
		h.queue <- struct{}{}
	}
	if _, err := h.hash(context.Background(), goodPassword); err == nil {
		t.Error("the queue has no end")
	}
	<-h.queue
	h.busy <- struct{}{}
	h.busy <- struct{}{}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := h.hash(ctx, goodPassword); err == nil {
		t.Error("a third hash is made while two are")
	}
}

func TestOneTimePasswordsAreGoodAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		p := oneTimePassword()
		if seen[p] || passwordProblem(p, "aigul") != "" || len(p) != 19 {
			t.Fatalf("%q", p)
		}
		seen[p] = true
	}
}

func TestNormalKeyboards(t *testing.T) {
	composed, decomposed := "й"+goodPassword, "и\u0306"+goodPassword
	h, ctx := newHasher(cheap), context.Background()
	encoded, err := h.hash(ctx, composed)
	ok(t, "hash", err)
	if match, _, _ := h.verify(ctx, encoded, decomposed); !match {
		t.Error("the same letters from another keyboard do not match")
	}
}
