package app

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/post"
	"tidewaiter/internal/learning/study"
	"tidewaiter/internal/store/storetest"
)

// newSchool returns a program with a unit, its head and a learner whose user name is an address.
func newSchool(t *testing.T, url string) (a *App, head, learner identity.Viewer) {
	t.Helper()
	ctx := context.Background()
	a, err := Open(ctx, Config{Database: filepath.Join(t.TempDir(), "tidewaiter.db"), PublicURL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	console := identity.With(ctx, identity.Console(identity.Unit{}))
	unit, _, err := a.AddUnit(ctx, identity.Unit{Code: "KGOSS-PCU", Name: "Osh Port Control Unit", Country: "KG", Timezone: "Asia/Bishkek", Language: "ru"})
	if err != nil {
		t.Fatal(err)
	}
	viewer := func(username string, role identity.Role) identity.Viewer {
		o, _, err := a.Identity.Officers.Add(console, unit.ID, identity.NewOfficer{Username: username, Name: "Айгүл", Language: "ru", Role: role, Password: "vessel-anchor-rope"})
		if err != nil {
			t.Fatal(err)
		}
		v, err := a.Identity.Officers.Viewer(console, o.ID, unit.ID)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	return a, viewer("head", identity.RoleHead), viewer("aigul@example.org", identity.RoleOfficer)
}

// Who completes a course has its certificate, with the names of the unit, the person and
// the course; news that come twice change nothing.
func TestCompletedCourseIsCertified(t *testing.T) {
	a, _, learner := newSchool(t, "https://learn.example.org")
	ctx := identity.With(context.Background(), learner)
	c := a.Studies.Shelf()[0]
	done := study.Completed{Officer: learner.Officer.ID, Unit: learner.Unit.ID, Course: c.ID, Version: c.Version, Score: 0.9, Minutes: c.Minutes, At: time.Now()}
	for range 2 {
		if err := a.DB.InTx(ctx, func(tx *sql.Tx) error { return a.Bus.Announce(ctx, tx, done) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Start(ctx); err != nil {
		t.Fatal(err)
	}
	storetest.Drain(t, a.Bus)
	mine, err := a.Certificates.Mine(ctx)
	if err != nil || len(mine) != 1 {
		t.Fatalf("%d certificates, %v", len(mine), err)
	}
	if one := mine[0]; one.Name != "Айгүл" || one.Unit != "Osh Port Control Unit" || one.TitleIn("ru") != c.Title["ru"] || one.Minutes != c.Minutes || one.Version != c.Version {
		t.Errorf("%+v", one)
	}
	if _, err := a.Certificates.Badge(ctx, mine[0]); err != nil {
		t.Error(err)
	}
}

func TestDueLetters(t *testing.T) {
	a, head, learner := newSchool(t, "https://learn.example.org")
	ctx := identity.With(context.Background(), head)
	c := a.Studies.Shelf()[0]
	due := time.Now().Add(3 * 24 * time.Hour)
	if err := a.Studies.Assign(ctx, c.ID, []int64{learner.Officer.ID, head.Officer.ID}, 0, due); err != nil {
		t.Fatal(err)
	}
	for now, want := range map[time.Time]int{time.Now(): 1, due.Add(time.Hour): 1, due.AddDate(0, 0, -10): 0} {
		letters, err := a.dueLetters(ctx, now)
		if err != nil || len(letters) != want {
			t.Fatalf("%s: %d letters, %v", now, len(letters), err)
		}
		if want == 1 && (letters[0].To != "aigul@example.org" || !strings.Contains(letters[0].Text, c.Title["ru"]) || !strings.Contains(letters[0].Text, "https://learn.example.org/courses/"+c.ID)) {
			t.Errorf("%+v", letters[0])
		}
	}
	if err := a.Identity.Officers.SetActive(ctx, learner.Officer.ID, false); err != nil {
		t.Fatal(err)
	}
	if letters, err := a.dueLetters(ctx, time.Now()); err != nil || len(letters) != 0 {
		t.Errorf("who has left gets %d letters, %v", len(letters), err)
	}
}

// Settings that cannot be right are told at the start, not in the log an hour later.
func TestMailSettings(t *testing.T) {
	a, _, _ := newSchool(t, "")
	if send, err := a.reminders(post.Settings{}); err != nil || send == nil {
		t.Errorf("no mail server: %v", err)
	}
	if _, err := a.reminders(post.Settings{Server: "nowhere", From: "a@example.org", Security: post.Plain}); err == nil {
		t.Error("a server without a port")
	}
	if _, err := Open(context.Background(), Config{Database: filepath.Join(t.TempDir(), "x.db"), PublicURL: "learn.example.org"}); err == nil {
		t.Error("an address without its scheme")
	}
}

// What is public is so by the first part of its path; nothing else of certificates is.
func TestOnlyVerificationIsPublic(t *testing.T) {
	for part, want := range map[string]bool{"verify": true, "badges": true, ".well-known": true, "certificates": false, "courses": false} {
		if public[part] != want {
			t.Errorf("/%s/ is public: %v", part, !want)
		}
	}
}
