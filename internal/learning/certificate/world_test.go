package certificate_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/certificate"
	"tidewaiter/internal/learning/certificate/badge"
	"tidewaiter/internal/store"
)

// world is two units, each with a head and an officer, and their certificates.
type world struct {
	*testing.T
	db    *store.DB
	reg   *identity.Registry
	certs *certificate.Certificates
	units [2]identity.Unit
	heads [2]identity.Viewer
	staff [2]identity.Viewer

	mu sync.Mutex
	at time.Time
}

func newWorld(t *testing.T, db *store.DB, home badge.Home) *world {
	t.Helper()
	w := &world{T: t, db: db, at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	db.SetClock(w.now)
	w.reg = identity.Open(db, slog.New(slog.DiscardHandler), identity.WithCost(identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}), identity.WithClock(w.now))
	w.certs = certificate.New(certificate.Needs{DB: db, Audit: w.reg.Audit, Home: home})
	console := identity.With(context.Background(), identity.Console(identity.Unit{}))
	for i, code := range []string{"KGOSS-PCU", "EGALY-PCU"} {
		var err error
		w.units[i], err = w.reg.Units.Add(console, identity.Unit{Code: code, Name: "Unit " + code, Country: code[:2], Timezone: "Asia/Bishkek", Language: "en"})
		w.ok(err)
		w.heads[i] = w.officer(console, i, "head", identity.RoleHead)
		w.staff[i] = w.officer(console, i, "officer", identity.RoleOfficer)
	}
	return w
}

func (w *world) officer(console context.Context, unit int, name string, role identity.Role) identity.Viewer {
	w.Helper()
	o, _, err := w.reg.Officers.Add(console, w.units[unit].ID, identity.NewOfficer{
		Username: fmt.Sprintf("%s%d", name, unit), Name: fmt.Sprintf("Айгүл %s %d", name, unit), Language: "en", Role: role, Password: "vessel-anchor-rope"})
	w.ok(err)
	v, err := w.reg.Officers.Viewer(console, o.ID, w.units[unit].ID)
	w.ok(err)
	return v
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) turn(by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(by)
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func as(v identity.Viewer) context.Context { return identity.With(context.Background(), v) }

// award is what the officer achieved in a course.
func (w *world) award(v identity.Viewer, course string) certificate.Award {
	return certificate.Award{
		Officer: v.Officer.ID, Name: v.Officer.Name, Unit: v.Unit.Name, UnitID: v.Unit.ID, Course: course, Version: "1.0", Score: 0.92, Minutes: 240, At: w.now(),
		Title: map[string]string{"en": "Seals", "ru": "Пломбы", "ky": "Мөөрлөр"},
	}
}

// issue issues a certificate as the program does it: nobody asks.
func (w *world) issue(v identity.Viewer, course string) certificate.Certificate {
	w.Helper()
	c, err := w.certs.Issue(context.Background(), w.award(v, course))
	w.ok(err)
	return c
}

// acts are what the trail has of a kind of object, the oldest first.
func (w *world) acts(kind string) (list []string) {
	w.Helper()
	rows, err := w.db.Read.Query(`SELECT act, officer_id, unit_id FROM identity_audit WHERE object_kind = $1 ORDER BY id`, kind)
	w.ok(err)
	defer rows.Close()
	for rows.Next() {
		var act string
		var officer, unit int64
		w.ok(rows.Scan(&act, &officer, &unit))
		list = append(list, act)
	}
	w.ok(rows.Err())
	return list
}
