package certificate_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/certificate"
	"tidewaiter/internal/learning/certificate/badge"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

const home = badge.Home("https://learn.example.org")

func TestIssuedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db, home)
		first := w.issue(w.staff[0], "seals")
		w.turn(time.Hour)
		if again := w.issue(w.staff[0], "seals"); again.ID != first.ID || again.Number != first.Number {
			t.Errorf("issued twice: %s and %s", first.Number, again.Number)
		}
		next := w.award(w.staff[0], "seals")
		next.Version = "2.0"
		second, err := w.certs.Issue(context.Background(), next)
		if err != nil || second.ID == first.ID {
			t.Errorf("another version: %v", err)
		}
		mine, err := w.certs.Mine(as(w.staff[0]))
		if err != nil || len(mine) != 2 || mine[0].ID != second.ID || mine[1].Name != w.staff[0].Officer.Name || mine[1].Title["ky"] != "Мөөрлөр" || !mine[1].At.Equal(first.At) {
			t.Errorf("%+v, %v", mine, err)
		}
		if others, err := w.certs.Mine(as(w.staff[1])); err != nil || len(others) != 0 {
			t.Errorf("another officer has %v, %v", others, err)
		}
		if acts := w.acts("certificate"); !slices.Equal(acts, []string{"certificate.issued", "certificate.issued"}) {
			t.Errorf("the trail says %v", acts)
		}
	})
}

// Two processes that hear of a completed course at once issue one certificate.
func TestIssuedAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db, home)
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				_, err := w.certs.Issue(context.Background(), w.award(w.staff[0], "seals"))
				if err != nil && !fault.Is(err, fault.Conflict) { // which the bus tries again
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if mine, err := w.certs.Mine(as(w.staff[0])); err != nil || len(mine) != 1 {
			t.Errorf("%d certificates, %v", len(mine), err)
		}
	})
}

func TestAwardsThatAreRefused(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.DSN(t, store.SQLite)), home)
	for what, change := range map[string]func(*certificate.Award){
		"nobody": func(a *certificate.Award) { a.Officer = 0 }, "no name": func(a *certificate.Award) { a.Name = " \t" }, "no course": func(a *certificate.Award) { a.Course = "" },
		"no time": func(a *certificate.Award) { a.At = time.Time{} }, "no unit": func(a *certificate.Award) { a.UnitID = 0 }, "more than all": func(a *certificate.Award) { a.Score = 1.01 },
		"no score": func(a *certificate.Award) { a.Score = math.NaN() }, "a long name": func(a *certificate.Award) { a.Name = strings.Repeat("ы", 201) },
	} {
		a := w.award(w.staff[0], "seals")
		change(&a)
		if _, err := w.certs.Issue(context.Background(), a); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Whose certificate it is sees it, and whoever teaches in its unit; nobody else does.
func TestWhoSees(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db, home)
		c := w.issue(w.staff[0], "seals")
		for what, may := range map[string]struct {
			ctx       context.Context
			see, mend bool
		}{
			"the holder": {as(w.staff[0]), true, false}, "the head": {as(w.heads[0]), true, true},
			"an officer of another unit": {as(w.staff[1]), false, false}, "the head of another unit": {as(w.heads[1]), false, false},
			"nobody": {context.Background(), false, false},
		} {
			got, err := w.certs.Get(may.ctx, c.ID)
			if (err == nil) != may.see || err == nil && got.Number != c.Number {
				t.Errorf("%s sees %q, %v", what, got.Number, err)
			}
			if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Denied) {
				t.Errorf("%s: %v", what, err)
			}
			if w.certs.MayChange(may.ctx, c) != may.mend {
				t.Errorf("%s may change it: %v", what, !may.mend)
			}
			if !may.mend {
				if err := w.certs.Revoke(may.ctx, c.ID, "because"); err == nil {
					t.Errorf("%s revoked it", what)
				}
				if _, err := w.certs.Reissue(may.ctx, c.ID, "Another", "because"); err == nil {
					t.Errorf("%s issued it anew", what)
				}
			}
		}
		if _, err := w.certs.OfUnit(as(w.staff[0]), "", 0, 10); !fault.Is(err, fault.Denied) {
			t.Errorf("an officer sees the unit's: %v", err)
		}
		if _, err := w.certs.Get(as(w.heads[0]), c.ID+1); !fault.Is(err, fault.NotFound) {
			t.Errorf("one that is not there: %v", err)
		}
	})
}

func TestOfUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db, home)
		var ids []int64
		for _, course := range []string{"risk", "seals", "x_ray"} {
			ids = append(ids, w.issue(w.staff[0], course).ID)
		}
		one := w.issue(w.heads[0], "seals")
		w.issue(w.staff[1], "seals")
		page, err := w.certs.OfUnit(as(w.heads[0]), "", 0, 3)
		if err != nil || len(page.Certificates) != 3 || page.Certificates[0].ID != one.ID || page.Next != ids[1] {
			t.Fatalf("%d certificates, next %d, %v", len(page.Certificates), page.Next, err)
		}
		rest, err := w.certs.OfUnit(as(w.heads[0]), "", page.Next, 3)
		if err != nil || len(rest.Certificates) != 1 || rest.Certificates[0].ID != ids[0] || rest.Next != 0 {
			t.Errorf("%d certificates, next %d, %v", len(rest.Certificates), rest.Next, err)
		}
		for words, want := range map[string]int{"АЙГҮЛ": 4, "head": 1, " x_ray ": 1, "x%ray": 0, "_": 1, "пломбы": 4, certificate.Spaced(one.Number): 1, one.Number: 1, "nothing": 0} {
			if page, err := w.certs.OfUnit(as(w.heads[0]), words, 0, 10); err != nil || len(page.Certificates) != want {
				t.Errorf("%q finds %d, want %d (%v)", words, len(page.Certificates), want, err)
			}
		}
	})
}

func TestRevoked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db, home)
		c, other := w.issue(w.staff[0], "seals"), w.issue(w.heads[0], "seals")
		token, err := w.certs.Badge(as(w.staff[0]), c)
		w.ok(err)
		for _, reason := range []string{"", "  ", strings.Repeat("ы", 501)} {
			if err := w.certs.Revoke(as(w.heads[0]), c.ID, reason); !fault.Is(err, fault.Invalid) {
				t.Errorf("for the reason %.10q: %v", reason, err)
			}
		}
		w.turn(time.Hour)
		w.ok(w.certs.Revoke(as(w.heads[0]), c.ID, " answers were copied "))
		if err := w.certs.Revoke(as(w.heads[0]), c.ID, "again"); !fault.Is(err, fault.Conflict) {
			t.Errorf("revoked again: %v", err)
		}
		got, err := w.certs.Find(context.Background(), c.Number, "192.0.2.1")
		if err != nil || got.State() != certificate.Revoked || !got.Revoked.Equal(w.now()) || got.Reason != "answers were copied" || got.RevokedBy != w.heads[0].Officer.ID {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := w.certs.Badge(as(w.staff[0]), got); !fault.Is(err, fault.Conflict) {
			t.Errorf("its badge: %v", err)
		}
		if shown, err := w.certs.CheckBadge(context.Background(), token); err != nil || shown.State() != certificate.Revoked {
			t.Errorf("its badge is shown: %s, %v", shown.State(), err)
		}
		if revoked := w.byList(token); !revoked {
			t.Error("the status list does not have it")
		}
		good, err := w.certs.Badge(as(w.heads[0]), other)
		w.ok(err)
		if w.byList(good) {
			t.Error("the status list has another one")
		}
		if acts := w.acts("certificate"); !slices.Contains(acts, "certificate.revoked") {
			t.Errorf("the trail says %v", acts)
		}
	})
}

// byList says what somebody far away finds out of a badge, with the issuer's document and
// the status list.
func (w *world) byList(token string) bool {
	w.Helper()
	raw, err := w.certs.Document(context.Background())
	w.ok(err)
	ring := badge.Ring{}
	w.ok(ring.ReadDocument(raw))
	v, err := ring.Verify(token, w.now())
	w.ok(err)
	list, err := w.certs.StatusList(context.Background(), 1)
	w.ok(err)
	standing, err := ring.ReadList(list, w.now())
	w.ok(err)
	revoked, err := v.Revoked(standing)
	w.ok(err)
	return revoked
}

func TestReissued(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db, home)
		old := w.issue(w.staff[0], "seals")
		if _, err := w.certs.Reissue(as(w.heads[0]), old.ID, " ", "wrong"); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a name: %v", err)
		}
		if _, err := w.certs.Reissue(as(w.heads[0]), old.ID, "Name", " "); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		next, err := w.certs.Reissue(as(w.heads[0]), old.ID, " Айгүл   Өмүрова ", "married")
		if err != nil || next.Number == old.Number || next.Name != "Айгүл Өмүрова" || next.Edition != 2 || next.Officer != old.Officer || !next.At.Equal(old.At) {
			t.Fatalf("%+v, %v", next, err)
		}
		was, err := w.certs.Get(as(w.staff[0]), old.ID)
		if err != nil || was.State() != certificate.Replaced || was.ReplacedBy != next.ID {
			t.Errorf("%+v, %v", was, err)
		}
		if _, err := w.certs.Reissue(as(w.heads[0]), old.ID, "Third", "again"); !fault.Is(err, fault.Conflict) {
			t.Errorf("the old one issued again: %v", err)
		}
		if again := w.issue(w.staff[0], "seals"); again.ID != next.ID {
			t.Errorf("the course completed again gives %d, want the newest, %d", again.ID, next.ID)
		}
		if acts := w.acts("certificate"); !slices.Equal(acts, []string{"certificate.issued", "certificate.replaced", "certificate.issued"}) {
			t.Errorf("the trail says %v", acts)
		}
	})
}

// Who asks for numbers that are not there has to wait, and nobody else has.
func TestGuessing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db, home)
		c := w.issue(w.staff[0], "seals")
		ctx := context.Background()
		ask := func(number, address string) error {
			_, err := w.certs.Find(ctx, number, address)
			return err
		}
		for i := range 30 { // numbers that are there cost nothing
			if err := ask(c.Number, "2001:db8::1"); err != nil {
				t.Fatalf("time %d: %v", i, err)
			}
		}
		for i := range 11 {
			if err := ask("222222222222", "2001:db8::1"); !fault.Is(err, fault.NotFound) {
				t.Fatalf("guess %d: %v", i+1, err)
			}
		}
		var wait *certificate.Wait
		if err := ask(c.Number, "2001:db8::2"); !fault.Is(err, fault.TooMany) || !errors.As(err, &wait) || wait.For != 2*time.Second {
			t.Errorf("a neighbour: %v", err)
		}
		if err := ask(c.Number, "2001:db8:0:1::1"); err != nil {
			t.Errorf("somebody else: %v", err)
		}
		w.turn(3 * time.Second)
		if err := ask(c.Number, "2001:db8::1"); err != nil {
			t.Errorf("after the wait: %v", err)
		}
		for range 20 {
			if err := ask("222222222222", "2001:db8::1"); !fault.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
			w.turn(time.Hour)
		}
		if err := ask("222222222222", "2001:db8::1"); !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		if err := ask(c.Number, "2001:db8::1"); !errors.As(err, &wait) || wait.For != 15*time.Minute {
			t.Errorf("after many: %v", err)
		}
		w.turn(25 * time.Hour)
		if err := ask("222222222222", "2001:db8::1"); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		if err := ask(c.Number, "2001:db8::1"); err != nil {
			t.Errorf("a day later: %v", err)
		}
	})
}

func TestBadges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db, home)
		ctx := context.Background()
		c := w.issue(w.staff[0], "seals")
		old, err := w.certs.Badge(ctx, c)
		w.ok(err)
		if _, err := w.certs.RotateKey(as(w.heads[0])); !fault.Is(err, fault.Denied) {
			t.Errorf("a head made a key: %v", err)
		}
		system := w.heads[0]
		system.System = true
		if _, err := w.certs.RotateKey(as(system)); err != nil {
			t.Fatal(err)
		}
		fresh, err := w.certs.Badge(ctx, c)
		w.ok(err)
		if fresh == old {
			t.Error("the new key does not sign")
		}
		for _, token := range []string{old, fresh} {
			if got, err := w.certs.CheckBadge(ctx, token); err != nil || got.ID != c.ID {
				t.Errorf("certificate %d, %v", got.ID, err)
			}
			if w.byList(token) {
				t.Error("revoked")
			}
		}
		if _, err := w.certs.CheckBadge(ctx, fresh[:len(fresh)-8]+"AAAAAAAA"); !errors.Is(err, badge.ErrAltered) && !errors.Is(err, badge.ErrUnreadable) {
			t.Errorf("altered: %v", err)
		}
		foreign, err := badge.NewKey()
		w.ok(err)
		theirs, err := badge.New("", foreign, badge.Award{Number: c.Number, Holder: "Somebody", At: w.now()}).Sign(foreign)
		w.ok(err)
		if _, err := w.certs.CheckBadge(ctx, theirs); !errors.Is(err, badge.ErrForeign) {
			t.Errorf("a badge with the number, by another issuer: %v", err)
		}
		if acts := w.acts("badge-key"); len(acts) != 2 {
			t.Errorf("the trail says %v", acts)
		}
		if _, err := w.certs.StatusList(ctx, 2); !fault.Is(err, fault.NotFound) {
			t.Errorf("a list that was not begun: %v", err)
		}
	})
}

// Badges that were given out before the program had its address stay good.
func TestBadgeFromBeforeTheAddress(t *testing.T) {
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	w := newWorld(t, db, "")
	ctx := context.Background()
	c := w.issue(w.staff[0], "seals")
	token, err := w.certs.Badge(ctx, c)
	w.ok(err)
	moved := certificate.New(certificate.Needs{DB: db, Audit: w.reg.Audit, Home: home})
	if got, err := moved.CheckBadge(ctx, token); err != nil || got.ID != c.ID {
		t.Errorf("%d, %v", got.ID, err)
	}
	if again, err := moved.Badge(ctx, c); err != nil || again == token {
		t.Errorf("the badge still has no address: %v", err)
	}
}

// Of several processes that need the first key at once, all sign with the same.
func TestFirstKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db, home)
		documents := make([]string, 6)
		var wait sync.WaitGroup
		for i := range documents {
			wait.Go(func() {
				raw, err := w.certs.Document(context.Background())
				if err != nil {
					t.Error(err)
				}
				documents[i] = string(raw)
			})
		}
		wait.Wait()
		for _, d := range documents {
			if d != documents[0] || !strings.Contains(d, "did:web:learn.example.org#") {
				t.Errorf("%s", d)
			}
		}
	})
}
