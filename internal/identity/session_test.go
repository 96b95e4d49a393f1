package identity

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"
)

func (w *world) open(t *testing.T, token string, o Officer) []byte {
	t.Helper()
	b, err := w.Sessions.Encode(w.clock.now().Add(SessionLifetime), map[string]any{
		SessionOfficer: strconv.FormatInt(o.ID, 10), SessionAddress: "192.0.2.1", SessionAgent: "test",
	})
	ok(t, "encode", err)
	ok(t, "commit", w.Sessions.Commit(token, b, w.clock.now().Add(SessionIdle)))
	return b
}

func (w *world) found(t *testing.T, token string) bool {
	t.Helper()
	_, found, err := w.Sessions.Find(token)
	ok(t, "find", err)
	return found
}

func TestSessionLivesAndEnds(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if w.found(t, "absent") {
			t.Error("a session that nobody opened")
		}
		b := w.open(t, "token", w.officer)
		got, found, err := w.Sessions.Find("token")
		if !found || err != nil || string(got) != string(b) {
			t.Fatalf("got %s %v %v", got, found, err)
		}
		var rows string
		ok(t, "read", w.db.Read.QueryRow(`SELECT token_hash FROM identity_sessions`).Scan(&rows))
		if strings.Contains(rows, "token") || len(rows) != 64 {
			t.Errorf("the token is stored as %q", rows)
		}
		w.clock.turn(SessionIdle)
		if w.found(t, "token") {
			t.Error("a session outlives its idle time")
		}
		ok(t, "sweep", w.Sweep(context.Background()))
	})
}

func TestSessionIsRevokedForGood(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		mine, other := w.open(t, "mine", w.officer), w.open(t, "other", w.officer)
		w.open(t, "heads", w.head)
		ctx := w.as(t, w.officer, w.osh)
		list, err := w.Sessions.OfViewer(ctx)
		if err != nil || len(list) != 2 || list[0].Address != "192.0.2.1" || list[0].Agent != "test" {
			t.Fatalf("got %+v, %v", list, err)
		}
		id, err := w.Sessions.IDOf(ctx, "other")
		ok(t, "id", err)
		headID, err := w.Sessions.IDOf(ctx, "heads")
		ok(t, "id", err)
		ok(t, "revoke", w.Sessions.Revoke(ctx, id))
		ok(t, "revoke another's", w.Sessions.Revoke(ctx, headID))
		if w.found(t, "other") || !w.found(t, "mine") || !w.found(t, "heads") {
			t.Error("the wrong session was ended")
		}
		// A request that began before must not bring it back.
		ok(t, "commit", w.Sessions.Commit("other", append(other, ' '), w.clock.now().Add(SessionIdle)))
		if w.found(t, "other") {
			t.Error("a revoked session is back")
		}
		ok(t, "change password", w.Officers.ChangePassword(ctx, goodPassword, "another-good-one"))
		ok(t, "commit", w.Sessions.Commit("mine", append(mine, ' '), w.clock.now().Add(SessionIdle)))
		if w.found(t, "mine") || !w.found(t, "heads") {
			t.Error("a change of password ends all sessions of the officer and no other")
		}
		ok(t, "close", w.Officers.SetActive(w.as(t, w.admin, w.osh), w.head.ID, false))
		if w.found(t, "heads") {
			t.Error("a closed account has a session")
		}
		w.open(t, "bye", w.admin)
		ok(t, "delete", w.Sessions.Delete("bye"))
		if w.found(t, "bye") {
			t.Error("a deleted session is there")
		}
	})
}

func TestSessionIsWrittenOnceAMinute(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		b := w.open(t, "token", w.officer)
		seen := func() (at time.Time) {
			ok(t, "read", w.db.Read.QueryRow(`SELECT seen_at FROM identity_sessions`).Scan(&at))
			return at
		}
		first := seen()
		w.clock.turn(30 * time.Second)
		ok(t, "commit", w.Sessions.Commit("token", b, w.clock.now().Add(SessionIdle)))
		if !seen().Equal(first) {
			t.Error("written after half a minute")
		}
		w.clock.turn(30 * time.Second)
		ok(t, "commit", w.Sessions.Commit("token", b, w.clock.now().Add(SessionIdle)))
		if seen().Equal(first) {
			t.Error("not written after a minute")
		}
	})
}

func TestSessionHoldsOnlyText(t *testing.T) {
	var s Sessions
	if _, err := s.Encode(time.Now(), map[string]any{"n": 1}); err == nil {
		t.Error("a number was taken")
	}
	if _, _, err := s.Decode([]byte("{")); err == nil {
		t.Error("half a session was read")
	}
}
