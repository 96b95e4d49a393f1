package identity

import (
	"context"
	"testing"

	"tidewaiter/internal/fault"
)

func TestUnits(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.as(t, w.root, w.osh)
		good := Unit{Code: " poti-1 ", Name: "Poti", Country: "ge", Place: "GE PTI", Timezone: "Asia/Tbilisi", Language: "en"}
		u, err := w.Units.Add(ctx, good)
		ok(t, "add", err)
		if u.Code != "POTI-1" || u.Place != "GEPTI" || u.Location().String() != "Asia/Tbilisi" {
			t.Errorf("got %+v", u)
		}
		_, err = w.Units.Add(ctx, good)
		wantKind(t, "twice", err, fault.Conflict)
		wantCode(t, "twice", err, "code-taken")
		_, err = w.Units.Add(ctx, Unit{Code: "x", Country: "KGZ", Place: "KG0SH", Timezone: "Moon/Sea", Language: "xx"})
		for _, code := range []string{"code-form", "name-empty", "country-form", "place-form", "timezone-unknown", "language-unknown"} {
			wantCode(t, "bad unit", err, code)
		}
		u.Name = "Poti port"
		_, err = w.Units.Change(ctx, u)
		ok(t, "change", err)
		_, err = w.Units.Change(ctx, u)
		wantKind(t, "change of an old version", err, fault.Conflict)
		u.Code = w.osh.Code
		u.Version++
		_, err = w.Units.Change(ctx, u)
		wantCode(t, "a taken code", err, "code-taken")
		_, err = w.Units.Get(ctx, 12345)
		wantKind(t, "absent", err, fault.NotFound)
		_, err = w.Units.Add(w.as(t, w.admin, w.osh), Unit{})
		wantKind(t, "by a unit's administrator", err, fault.Denied)
		_, err = w.Units.Add(context.Background(), Unit{})
		wantKind(t, "by nobody", err, fault.Denied)
	})
}

func TestAddOfficer(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.as(t, w.head, w.osh)
		n := NewOfficer{Username: "Данияр@example.org", Name: "Данияр", Language: "ky", Role: RoleOfficer}
		o, oneTime, err := w.Officers.Add(ctx, w.osh.ID, n)
		ok(t, "add", err)
		if o.Username != "данияр@example.org" || !o.MustChange || oneTime == "" {
			t.Errorf("got %+v, %q", o, oneTime)
		}
		got, err := w.Officers.SignIn(context.Background(), n.Username, oneTime, "")
		if err != nil || !got.MustChange {
			t.Errorf("with the one-time password: %+v, %v", got, err)
		}
		_, _, err = w.Officers.Add(ctx, w.osh.ID, n)
		wantCode(t, "twice", err, "username-taken")
		_, _, err = w.Officers.Add(ctx, w.osh.ID, NewOfficer{Username: "a b", Role: "king", Password: "x"})
		for _, code := range []string{"username-form", "name-empty", "language-unknown", "role-unknown", "password-short"} {
			wantCode(t, "bad officer", err, code)
		}
		n.Username = "other"
		n.Role = RoleAdministrator
		_, _, err = w.Officers.Add(ctx, w.osh.ID, n)
		wantKind(t, "more than one holds", err, fault.Denied)
		n.Role = RoleOfficer
		_, _, err = w.Officers.Add(ctx, w.port.ID, n)
		wantKind(t, "in another unit", err, fault.Denied)
		_, _, err = w.Officers.Add(w.as(t, w.officer, w.osh), w.osh.ID, n)
		wantKind(t, "by an officer", err, fault.Denied)
		_, _, err = w.Officers.Add(w.console, SystemUnit, n)
		wantKind(t, "an officer of the system", err, fault.Invalid)
		_, _, err = w.Officers.Add(w.console, 999, n)
		wantKind(t, "in no unit", err, fault.NotFound)
		if o, err = w.Officers.Ensure(w.console, w.osh.ID, NewOfficer{Username: "AIGUL"}); err != nil || o.ID != w.officer.ID {
			t.Errorf("ensure: %+v, %v", o, err)
		}
		_, err = w.Officers.OfUnit(ctx, w.port.ID)
		wantKind(t, "officers of another unit", err, fault.Denied)
		members, err := w.Officers.OfUnit(ctx, w.osh.ID)
		if err != nil || len(members) != 4 {
			t.Errorf("got %d members, %v", len(members), err)
		}
	})
}

// Who may do what to whom: the head rules over officers and heads of the own unit, the
// unit's administrator over all of the unit, the system's over all; nobody over themselves.
func TestManageOfficers(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		both := w.add(t, w.osh.ID, "both", RoleOfficer)
		ok(t, "join", w.Officers.Join(w.as(t, w.root, w.osh), Membership{both.ID, w.port.ID, RoleHead}))
		far := w.add(t, w.port.ID, "far", RoleOfficer)
		for _, c := range []struct {
			by, whom Officer
			want     fault.Kind // of reset and close; Failure is none
			role     fault.Kind // of a change of role in Osh
		}{
			{w.officer, w.head, fault.Denied, fault.Denied},
			{w.head, w.officer, 0, 0},
			{w.head, w.head, fault.Denied, fault.Denied},
			{w.head, w.admin, fault.Denied, fault.Denied},
			{w.head, both, fault.Denied, 0},
			{w.head, far, fault.NotFound, fault.NotFound},
			{w.head, w.root, fault.NotFound, fault.NotFound},
			{w.admin, w.head, 0, 0},
			{w.admin, w.root, fault.NotFound, fault.NotFound},
			{w.root, w.admin, 0, 0},
			{w.root, both, 0, 0},
			{w.root, far, 0, fault.NotFound},
			{w.root, w.root, fault.Denied, fault.Denied},
		} {
			ctx := w.as(t, c.by, w.osh)
			_, reset := w.Officers.ResetPassword(ctx, c.whom.ID)
			role := w.Officers.SetRole(ctx, Membership{c.whom.ID, w.osh.ID, RoleHead})
			for what, got := range map[string]error{"reset": reset, "close": w.Officers.SetActive(ctx, c.whom.ID, true)} {
				if fault.KindOf(got) != c.want || (c.want == 0) != (got == nil) {
					t.Errorf("%s %s by %s: got %v", what, c.whom.Username, c.by.Username, got)
				}
			}
			if fault.KindOf(role) != c.role || (c.role == 0) != (role == nil) {
				t.Errorf("role of %s by %s: got %v", c.whom.Username, c.by.Username, role)
			}
		}
		ctx := w.as(t, w.head, w.osh)
		wantKind(t, "more than one holds", w.Officers.SetRole(ctx, Membership{w.officer.ID, w.osh.ID, RoleAdministrator}), fault.Denied)
		wantKind(t, "join by a head", w.Officers.Join(ctx, Membership{far.ID, w.osh.ID, RoleOfficer}), fault.Denied)
		ok(t, "leave", w.Officers.Leave(ctx, both.ID, w.osh.ID))
		v, err := w.Officers.Viewer(ctx, both.ID, w.osh.ID)
		if err != nil || v.Unit.ID != w.port.ID || v.Role != RoleHead || len(v.Units) != 1 {
			t.Errorf("after leaving: %+v, %v", v, err)
		}
	})
}

func TestViewer(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		v, err := w.Officers.Viewer(ctx, w.root.ID, w.osh.ID)
		if err != nil || !v.System || v.Role != RoleAdministrator || v.Unit.ID != w.osh.ID || len(v.Units) != 2 {
			t.Errorf("root: %+v, %v", v, err)
		}
		v, err = w.Officers.Viewer(ctx, w.officer.ID, w.port.ID)
		if err != nil || v.System || v.Role != RoleOfficer || v.Unit.ID != w.osh.ID || len(v.Units) != 1 {
			t.Errorf("officer: %+v, %v", v, err)
		}
		ok(t, "close", w.Officers.SetActive(w.console, w.officer.ID, false))
		_, err = w.Officers.Viewer(ctx, w.officer.ID, 0)
		wantKind(t, "closed", err, fault.Denied)
		ok(t, "leave", w.Officers.Leave(w.console, w.head.ID, w.osh.ID))
		_, err = w.Officers.Viewer(ctx, w.head.ID, 0)
		wantKind(t, "of no unit", err, fault.Denied)
	})
}

func TestOwnAccount(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.as(t, w.officer, w.osh)
		ok(t, "profile", w.Officers.ChangeProfile(ctx, " Айгүл ", "ky"))
		if o, _ := w.Officers.Get(ctx, w.officer.ID); o.Name != "Айгүл" || o.Language != "ky" {
			t.Errorf("got %+v", o)
		}
		wantCode(t, "profile", w.Officers.ChangeProfile(ctx, "", "ky"), "name-empty")
		wantCode(t, "language", w.Officers.SetLanguage(ctx, "fr"), "language-unknown")
		wantCode(t, "wrong", w.Officers.ChangePassword(ctx, "not-my-password", "another-good-one"), "current-wrong")
		wantCode(t, "short", w.Officers.ChangePassword(ctx, goodPassword, "short"), "password-short")
		wantCode(t, "same", w.Officers.ChangePassword(ctx, goodPassword, goodPassword), "password-same")
		ok(t, "change", w.Officers.ChangePassword(ctx, goodPassword, "another-good-one"))
		if _, err := w.Officers.SignIn(ctx, "aigul", goodPassword, ""); err != ErrCredentials {
			t.Errorf("the old password: %v", err)
		}
		var err error
		for range 10 {
			err = w.Officers.ChangePassword(ctx, "not-my-password", "another-good-two")
		}
		wantKind(t, "guessing with a stolen session", err, fault.TooMany)
		wantKind(t, "by the console", w.Officers.ChangePassword(w.console, "", "another-good-one"), fault.Denied)
	})
}
