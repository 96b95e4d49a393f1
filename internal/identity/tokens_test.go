package identity

import (
	"context"
	"log/slog"
	"testing"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

func TestTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := Open(db, slog.New(slog.DiscardHandler))
		ctx := With(context.Background(), Console(Unit{}))
		unit, err := r.Units.Ensure(ctx, Unit{Code: "KGOSS", Name: "Osh", Country: "KG", Timezone: "UTC", Language: "ky"})
		if err != nil {
			t.Fatal(err)
		}
		token, secret, err := r.Tokens.Add(ctx, unit.ID, "MSC")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.Tokens.Add(ctx, unit.ID, "MSC"); !fault.Is(err, fault.Conflict) {
			t.Errorf("the same name again: %v", err)
		}
		v, err := r.Tokens.Viewer(ctx, secret)
		if err != nil || v.Unit.ID != unit.ID || !v.Can(Import) || v.Can(ManageOfficers) {
			t.Errorf("got %+v, %v", v, err)
		}
		for _, wrong := range []string{"", "twk_", secret + "A", secret[:len(secret)-1], "x" + secret} {
			if _, err := r.Tokens.Viewer(ctx, wrong); err != ErrToken {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		_, teaching, err := r.Tokens.AddAs(ctx, unit.ID, "another LMS", RoleHead)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := r.Tokens.Viewer(ctx, teaching); err != nil || !v.Can(Teach) || v.System {
			t.Errorf("a program that teaches: %+v, %v", v, err)
		}
		if err := r.Tokens.Revoke(ctx, unit.ID, "another LMS"); err != nil {
			t.Fatal(err)
		}
		officer := With(context.Background(), v)
		if _, _, err := r.Tokens.Add(officer, unit.ID, "more"); !fault.Is(err, fault.Denied) {
			t.Errorf("an officer gives out a token: %v", err)
		}
		if err := r.Tokens.Revoke(ctx, unit.ID, token.Name); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Tokens.Viewer(ctx, secret); err != ErrToken {
			t.Errorf("a revoked token: %v", err)
		}
		all, err := r.Tokens.OfUnit(ctx, unit.ID)
		if err != nil || len(all) != 2 || all[0].Revoked.IsZero() || all[0].Role != RoleOfficer || all[1].Role != RoleHead {
			t.Errorf("got %+v, %v", all, err)
		}
	})
}
