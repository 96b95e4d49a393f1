package learning

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// acts is a trail that is read by the test; one that refuses undoes the act.
type acts struct {
	names []string
	err   error
}

func (a *acts) Record(_ context.Context, _ store.Querier, e identity.Entry) error {
	a.names = append(a.names, e.Act+" "+e.ObjectID)
	return a.err
}

func TestClients(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		trail := &acts{}
		clients := NewRecords(db, evidence.NewFiles(db), Options{Trail: trail}).Clients
		ctx := t.Context()
		c, secret, err := clients.Add(ctx, " cmi5 player ", []Scope{WriteStatements, UseState}, xapi.V103)
		if err != nil || len(secret) != 64 {
			t.Fatalf("%+v, a secret of %d digits, %v", c, len(secret), err)
		}
		got, err := clients.ByCredentials(ctx, "cmi5 player", secret)
		if err != nil || got.ID != c.ID || got.Version != xapi.V103 || !got.May(UseState) || got.May(ReadMine, UseProfile, Define) {
			t.Fatalf("%+v, %v", got, err)
		}
		var hash string
		if err := db.Read.QueryRow(`SELECT secret_hash FROM learning_clients`).Scan(&hash); err != nil || strings.Contains(hash, secret) {
			t.Fatalf("the secret is kept as it is, %v", err)
		}
		for _, wrong := range []string{"", secret[1:], strings.ToUpper(secret), secret + "0"} {
			if _, err := clients.ByCredentials(ctx, "cmi5 player", wrong); !errors.Is(err, ErrCredentials) {
				t.Errorf("a wrong secret: %v", err)
			}
		}
		if _, err := clients.ByCredentials(ctx, "nobody", secret); !errors.Is(err, ErrCredentials) {
			t.Errorf("nobody: %v", err)
		}
		if _, _, err := clients.Add(ctx, "cmi5 player", nil, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("the name again: %v", err)
		}
		for _, bad := range []struct {
			name    string
			scope   Scope
			version xapi.Version
		}{{"", All, ""}, {"a:b", All, ""}, {"x", "everything", ""}, {"x", All, "0.95"}, {strings.Repeat("x", 101), All, ""}} {
			if _, _, err := clients.Add(ctx, bad.name, []Scope{bad.scope}, bad.version); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		plain, _, err := clients.Add(ctx, "plain", nil, "")
		if err != nil || !plain.May(WriteStatements) || !plain.May(ReadMine) || plain.May(ReadStatements) || plain.Version != xapi.V200 {
			t.Errorf("without scopes: %+v, %v", plain, err)
		}
		if err := clients.Revoke(ctx, "cmi5 player"); err != nil {
			t.Fatal(err)
		}
		if _, err := clients.ByCredentials(ctx, "cmi5 player", secret); !errors.Is(err, ErrCredentials) {
			t.Errorf("after it was revoked: %v", err)
		}
		if err := clients.Revoke(ctx, "cmi5 player"); !fault.Is(err, fault.NotFound) {
			t.Errorf("revoked again: %v", err)
		}
		all, err := clients.All(ctx)
		if err != nil || len(all) != 2 || all[0].Revoked.IsZero() || !all[1].Revoked.IsZero() {
			t.Errorf("%+v, %v", all, err)
		}
		if got := strings.Join(trail.names, ", "); !strings.HasPrefix(got, "lrs-client.added cmi5 player, ") || !strings.HasSuffix(got, "lrs-client.added plain, lrs-client.revoked cmi5 player") {
			t.Errorf("the trail says %s", got)
		}
		trail.err = errors.New("the trail is full")
		if _, _, err := clients.Add(ctx, "unseen", nil, ""); err == nil {
			t.Error("a client came in unseen")
		}
		if _, err := clients.ByCredentials(ctx, "unseen", secret); !errors.Is(err, ErrCredentials) {
			t.Errorf("unseen: %v", err)
		}
	})
}

// A client that another process revoked is let in for a moment only.
func TestRevokedElsewhere(t *testing.T) {
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	here, there := NewRecords(db, nil, Options{}).Clients, NewRecords(db, nil, Options{}).Clients
	_, secret, err := here.Add(t.Context(), "player", nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := here.ByCredentials(t.Context(), "player", secret); err != nil {
		t.Fatal(err)
	}
	if err := there.Revoke(t.Context(), "player"); err != nil {
		t.Fatal(err)
	}
	here.mu.Lock()
	known := here.recent["player"]
	known.until = time.Now().Add(-time.Nanosecond) // the moment has passed
	here.recent["player"] = known
	here.mu.Unlock()
	if _, err := here.ByCredentials(t.Context(), "player", secret); !errors.Is(err, ErrCredentials) {
		t.Errorf("revoked elsewhere: %v", err)
	}
}
