package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
)

func (w *world) record(t *testing.T, ctx context.Context, e Entry) {
	t.Helper()
	ok(t, "record", w.db.InTx(ctx, func(tx *sql.Tx) error { return w.Audit.Record(ctx, tx, e) }))
}

func TestRecordIsPartOfTheAct(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.as(t, w.head, w.osh)
		undo := errors.New("undo")
		err := w.db.InTx(ctx, func(tx *sql.Tx) error {
			ok(t, "record", w.Audit.Record(ctx, tx, Entry{Act: "thing.undone"}))
			return undo
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		w.record(t, ctx, Entry{Act: "list.changed", ObjectKind: "list", ObjectID: "7", Detail: map[string]any{"added": "KZ"}})
		p, err := w.Audit.List(ctx, AuditFilter{Act: "list.changed"})
		ok(t, "list", err)
		if len(p.Entries) != 1 || p.Next != 0 {
			t.Fatalf("got %+v", p)
		}
		e := p.Entries[0]
		if e.Officer != w.head.ID || e.OfficerName != w.head.Name || e.Unit != w.osh.ID || e.UnitCode != w.osh.Code ||
			string(e.Detail) != `{"added":"KZ"}` || !e.At.Equal(w.clock.now()) || e.Seq != 0 {
			t.Errorf("got %+v", e)
		}
		if p, _ := w.Audit.List(ctx, AuditFilter{Act: "thing.undone"}); len(p.Entries) != 0 {
			t.Error("an act that was undone is on the trail")
		}
		if err := w.Audit.Record(ctx, w.db.Write, Entry{}); err == nil {
			t.Error("an entry without an act was taken")
		}
	})
}

func TestListFiltersAndPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		head, officer := w.as(t, w.head, w.osh), w.as(t, w.officer, w.osh)
		far := w.add(t, w.port.ID, "far", RoleHead)
		w.record(t, w.as(t, far, w.port), Entry{Act: "case.opened", ObjectKind: "case", ObjectID: "far"})
		start := w.clock.now()
		for i := range 25 {
			w.clock.turn(time.Minute)
			w.record(t, officer, Entry{Act: "case.opened", ObjectKind: "case", ObjectID: fmt.Sprint(i)})
		}
		var got []string
		f := AuditFilter{Officer: w.officer.ID, Act: "case.opened", Limit: 10}
		for pages := 0; ; pages++ {
			p, err := w.Audit.List(head, f)
			ok(t, "list", err)
			for _, e := range p.Entries {
				got = append(got, e.ObjectID)
			}
			if f.Before = p.Next; p.Next == 0 {
				break
			}
		}
		if len(got) != 25 || got[0] != "24" || got[24] != "0" {
			t.Errorf("got %v", got)
		}
		for what, c := range map[string]struct {
			f    AuditFilter
			want int
		}{
			"time":   {AuditFilter{Act: "case.opened", From: start.Add(5 * time.Minute), To: start.Add(8 * time.Minute)}, 3},
			"object": {AuditFilter{ObjectKind: "case", ObjectID: "3"}, 1},
			"unit":   {AuditFilter{Act: "case.opened", Limit: 500}, 25},
		} {
			if p, err := w.Audit.List(head, c.f); err != nil || len(p.Entries) != c.want {
				t.Errorf("%s: got %d, %v", what, len(p.Entries), err)
			}
		}
		if p, err := w.Audit.List(w.as(t, w.root, w.osh), AuditFilter{Act: "case.opened", Limit: 999}); err != nil || len(p.Entries) != 26 {
			t.Errorf("root sees %d, %v", len(p.Entries), err)
		}
		_, err := w.Audit.List(officer, AuditFilter{})
		wantKind(t, "an officer", err, fault.Denied)
		_, err = w.Audit.List(head, AuditFilter{Unit: w.port.ID})
		wantKind(t, "another unit", err, fault.Denied)
	})
}

func TestSawOnceAMinute(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx, head := w.as(t, w.officer, w.osh), w.as(t, w.head, w.osh)
		count := func(want int) {
			t.Helper()
			ok(t, "flush", w.Audit.Flush(ctx))
			p, err := w.Audit.List(head, AuditFilter{Act: "consignment.seen", Limit: 500})
			if err != nil || len(p.Entries) != want {
				t.Errorf("got %d views, want %d: %v", len(p.Entries), want, err)
			}
		}
		for range 3 {
			ok(t, "saw", w.Audit.Saw(ctx, "consignment", "1", "2"))
		}
		count(2)
		ok(t, "saw by another", w.Audit.Saw(head, "consignment", "1"))
		w.clock.turn(59 * time.Second)
		ok(t, "saw", w.Audit.Saw(ctx, "consignment", "1"))
		count(3)
		w.clock.turn(2 * time.Second)
		ok(t, "saw", w.Audit.Saw(ctx, "consignment", "1"))
		ok(t, "nobody saw", w.Audit.Saw(context.Background(), "consignment", "1"))
		count(4)
		for i := range maxViews {
			ok(t, "saw", w.Audit.Saw(ctx, "page", fmt.Sprint(i)))
		}
		if p, _ := w.Audit.List(head, AuditFilter{Act: "page.seen", Limit: 500}); len(p.Entries) != 500 {
			t.Error("a full buffer is not written at once")
		}
	})
}

func TestRunWritesWhatIsLeft(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- w.Run(ctx) }()
		ok(t, "saw", w.Audit.Saw(w.as(t, w.officer, w.osh), "consignment", "1"))
		stop()
		ok(t, "run", <-done)
		c, err := w.Audit.Verify(w.console)
		if err != nil || c.Waiting != 0 || len(c.Broken) != 0 || c.Length == 0 {
			t.Errorf("got %+v, %v", c, err)
		}
		p, _ := w.Audit.List(w.console, AuditFilter{Act: "consignment.seen"})
		if len(p.Entries) != 1 || p.Entries[0].Seq == 0 {
			t.Errorf("got %+v", p)
		}
	})
}

// Every way to meddle with the trail shows.
func TestTamperingShows(t *testing.T) {
	for _, c := range []struct {
		what, sql string
		want      BreakKind
	}{
		{"nothing", ``, ""},
		{"another officer", `UPDATE identity_audit SET officer_id = 1 WHERE object_id = '5'`, EntryAltered},
		{"another time", `UPDATE identity_audit SET at = '2026-01-01 00:00:00+00:00' WHERE object_id = '5'`, EntryAltered},
		{"moved between fields", `UPDATE identity_audit SET act = 'thing', object_kind = '.donething' WHERE object_id = '5'`, EntryAltered},
		{"detail", `UPDATE identity_audit SET detail = '{ }' WHERE object_id = '5'`, EntryAltered},
		{"a deleted entry", `DELETE FROM identity_audit WHERE object_id = '5'`, EntryMissing},
		{"a deleted seal", `DELETE FROM identity_audit_seals WHERE seq = 7`, SealMissing},
		{"the end cut off", `DELETE FROM identity_audit_seals WHERE seq >= 9`, SealMissing},
		{"an entry slipped in", `INSERT INTO identity_audit SELECT 1, at, officer_id, unit_id, act, object_kind, 'x', detail, address FROM identity_audit WHERE object_id = '5'`, EntryInserted},
		{"the head moved", `UPDATE identity_audit_head SET hash = 'x'`, EntryAltered},
		{"another seal", `UPDATE identity_audit_seals SET hash = 'x' WHERE seq = 7`, EntryAltered},
	} {
		t.Run(c.what, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				for i := range 10 {
					w.record(t, w.console, Entry{Act: "thing.done", ObjectKind: "thing", ObjectID: fmt.Sprint(i)})
				}
				ok(t, "flush", w.Audit.Flush(w.console))
				if _, err := w.db.Write.Exec(c.sql); err != nil {
					t.Fatal(err)
				}
				got, err := w.Audit.Verify(w.console)
				ok(t, "verify", err)
				if c.want == "" && len(got.Broken) == 0 {
					return
				}
				if len(got.Broken) == 0 || got.Broken[0].Kind != c.want {
					t.Errorf("got %+v, want %s", got.Broken, c.want)
				}
			})
		})
	}
}

// Many record and seal at once, as several processes on one database do.
func TestChainUnderACrowd(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		other := Open(w.db, nil, WithCost(cheap), WithClock(w.clock.now))
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				for j := range 8 {
					err := w.db.InTx(w.console, func(tx *sql.Tx) error {
						return w.Audit.Record(w.console, tx, Entry{Act: "thing.done", ObjectID: fmt.Sprint(i, j)})
					})
					if err != nil {
						t.Error(err)
					}
					if err := []*Registry{w.Registry, other}[i%2].Audit.Flush(w.console); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		c, err := w.Audit.Verify(w.console)
		if err != nil || len(c.Broken) != 0 || c.Waiting != 0 || c.Length < 48 {
			t.Errorf("got %+v, %v", c, err)
		}
	})
}

// Any change of any field changes the hash.
func TestHashCoversEveryField(t *testing.T) {
	rows := rapid.Custom(func(t *rapid.T) auditRow {
		s := rapid.StringN(0, 3, -1)
		return auditRow{
			ID: rapid.Int64Range(1, 3).Draw(t, "id"), At: time.UnixMicro(rapid.Int64Range(0, 2).Draw(t, "at")),
			Officer: rapid.Int64Range(0, 2).Draw(t, "officer"), Unit: rapid.Int64Range(0, 2).Draw(t, "unit"),
			Act: s.Draw(t, "act"), ObjectKind: s.Draw(t, "kind"), ObjectID: s.Draw(t, "object"),
			Detail: s.Draw(t, "detail"), Address: s.Draw(t, "address"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := rows.Draw(t, "a"), rows.Draw(t, "b")
		if (a == b) != (a.next(1, "p") == b.next(1, "p")) {
			t.Fatalf("%+v and %+v", a, b)
		}
		if a.next(1, "p") == a.next(2, "p") || a.next(1, "p") == a.next(1, "q") {
			t.Fatal("the place in the chain is not covered")
		}
	})
}
