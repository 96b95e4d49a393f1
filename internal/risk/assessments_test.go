package risk

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// desk is a unit's traffic on a database of its own, with a bus that delivers.
type desk struct {
	*testing.T
	db   *store.DB
	bus  *bus.Bus
	keep *cargo.Consignments
	*Assessments
	scope cargo.ScopeID
}

func eachDesk(t *testing.T, fn func(d *desk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := &desk{T: t, db: db}
		d.bus = storetest.StartBus(t, db, func(b *bus.Bus) {
			d.keep = cargo.NewConsignments(db, b)
			d.Assessments = NewAssessments(db, b, d.keep, Reference{Places: testSettings().Places, Owners: testSettings().Owners})
		})
		scope, err := d.keep.LiveScope(context.Background(), 1)
		if err != nil {
			t.Fatal(err)
		}
		d.scope = scope.ID
		if err := d.SetUp(context.Background(), d.scope, "EG"); err != nil {
			t.Fatal(err)
		}
		fn(d)
	})
}

// save keeps consignments as one batch and waits until they are assessed.
func (d *desk) save(cs ...*cargo.Consignment) {
	d.Helper()
	err := d.db.InTx(context.Background(), func(tx *sql.Tx) error {
		_, err := d.keep.Save(context.Background(), tx, d.scope, cs)
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	storetest.Drain(d.T, d.bus)
}

func (d *desk) change(change func(*UnitSettings)) UnitSettings {
	d.Helper()
	set, err := d.Settings(context.Background(), d.scope)
	if err != nil {
		d.Fatal(err)
	}
	change(&set)
	set.Reason = "the test wants it"
	if set, err = d.SaveSettings(context.Background(), d.scope, set); err != nil {
		d.Fatal(err)
	}
	return set
}

func (d *desk) page(f Filter) Page {
	d.Helper()
	p, err := d.Board(d.scope).Page(context.Background(), f, 0, 1000)
	if err != nil {
		d.Fatal(err)
	}
	return p
}

// doubtful is a consignment with more wrong the greater n is.
func doubtful(n int) *cargo.Consignment {
	c := innocent()
	c.Document.Number = fmt.Sprintf("DOUBT%05d", n)
	c.Equipment[0].Number = boxNumber(n)
	c.Equipment[0].Seals[0].Number = fmt.Sprintf("FX%07d", n)
	if n > 0 {
		c.Goods[0].Description = "GENERAL CARGO"
	}
	if n > 1 {
		c.Equipment[0].Seals = nil
	}
	if n > 2 {
		c.Totals.GrossMass *= 3
	}
	return c
}

func TestScoreIsTheSumOfItsFindings(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.save(trades(40)...)
		p := d.page(Filter{})
		if len(p.Rows) != 40 {
			d.Fatalf("%d rows, want 40", len(p.Rows))
		}
		found := 0
		for _, r := range p.Rows {
			kept, err := d.Newest(context.Background(), []int64{r.Consignment})
			if err != nil {
				d.Fatal(err)
			}
			k := kept[r.Consignment]
			sum := k.Base
			for _, f := range k.Findings {
				sum += f.Contribution
				found++
			}
			if sum != k.Score || k.Score != r.Score {
				d.Errorf("consignment %d: sum %v, kept %v, queue %v", r.Consignment, sum, k.Score, r.Score)
			}
		}
		if found == 0 {
			d.Error("nothing was found in 40 consignments: the test shows nothing")
		}
	})
}

// A batch that is delivered twice is assessed once.
func TestBatchTwice(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ctx := context.Background()
		d.save(doubtful(1), doubtful(2))
		p := d.page(Filter{})
		var refs []cargo.VersionRef
		for _, r := range p.Rows {
			refs = append(refs, cargo.VersionRef{ID: r.Consignment, Version: 1})
		}
		before := map[int64]Kept{}
		for _, ref := range refs {
			h, err := d.History(ctx, ref.ID)
			if err != nil || len(h) != 1 {
				d.Fatalf("history %v, %v", h, err)
			}
			before[ref.ID] = h[0]
		}
		if err := d.assess(ctx, cargo.Received{Scope: d.scope, Versions: refs}); err != nil {
			d.Fatal(err)
		}
		for _, ref := range refs {
			h, err := d.History(ctx, ref.ID)
			if err != nil || len(h) != 1 || !h[0].At.Equal(before[ref.ID].At) || h[0].Score != before[ref.ID].Score {
				d.Errorf("after the second delivery: %v, %v; before %v", h, err, before[ref.ID])
			}
		}
		if again := d.page(Filter{}); again.Counts.Total != 2 {
			d.Errorf("%d rows, want 2", again.Counts.Total)
		}
	})
}

// What is saved in a transaction that fails is neither kept nor assessed, and coming
// again it is assessed whole: announcement and act are one.
func TestCrashBetween(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ctx := context.Background()
		crash := errors.New("killed")
		err := d.db.InTx(ctx, func(tx *sql.Tx) error {
			if _, err := d.keep.Save(ctx, tx, d.scope, []*cargo.Consignment{doubtful(1)}); err != nil {
				return err
			}
			return crash
		})
		if !errors.Is(err, crash) {
			d.Fatal(err)
		}
		storetest.Drain(d.T, d.bus)
		if n := d.page(Filter{}).Counts.Total; n != 0 {
			d.Fatalf("%d rows of a transaction that was rolled back", n)
		}
		d.save(doubtful(1), doubtful(2), doubtful(3))
		if n := d.page(Filter{}).Counts.Total; n != 3 {
			d.Errorf("%d rows, want 3", n)
		}
	})
}

// An amendment gets an assessment of its own, and its place in the queue by it.
func TestAmendmentRanksAnew(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.save(doubtful(1), doubtful(3))
		first := d.page(Filter{}).Rows[0]
		amended := doubtful(1)
		amended.Goods[0].Description = "GENERAL CARGO"
		amended.Equipment[0].Number = "MSCU0000000"
		amended.Equipment[0].Seals = nil
		amended.Totals = cargo.Totals{Packages: 3, GrossMass: 3, Containers: 9}
		amended.Parties = nil
		amended.Journey.Arrival = amended.Journey.Arrival.AddDate(0, 0, 2)
		d.save(amended)
		rows := d.page(Filter{}).Rows
		if len(rows) != 2 {
			d.Fatalf("%d rows, want 2", len(rows))
		}
		if rows[0].Consignment == first.Consignment {
			d.Errorf("the amended consignment did not rise: %+v", rows)
		}
		h, err := d.History(context.Background(), rows[0].Consignment)
		if err != nil || len(h) != 2 || h[0].Score >= h[1].Score {
			d.Errorf("history %+v, %v: want two versions with a rising score", h, err)
		}
		if got := rows[0].Day; got != Day(amended.Journey.Arrival) {
			d.Errorf("it arrives on day %d, want %d", got, Day(amended.Journey.Arrival))
		}
	})
}

// The random draw examines its share whatever the score, and its probability is kept.
func TestRandomDrawIsRecorded(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.change(func(s *UnitSettings) { s.Draw = Draw{Seed: 7, Share: 0.25}; s.Capacity = Capacity{} })
		d.save(trades(120)...)
		set, err := d.Settings(context.Background(), d.scope)
		if err != nil {
			d.Fatal(err)
		}
		random := 0
		for _, r := range d.page(Filter{}).Rows {
			rows, err := d.Rows(context.Background(), d.scope, []int64{r.Consignment})
			row, known := rows[r.Consignment]
			if err != nil || !known || row.Inclusion != 0.25 {
				d.Fatalf("inclusion %v, %v", row.Inclusion, err)
			}
			c, err := d.keep.Get(context.Background(), d.scope, r.Consignment)
			if err != nil {
				d.Fatal(err)
			}
			if want := set.Draw.Chosen(int64(d.scope), c.Document.Key()); row.Random != want {
				d.Errorf("%s: random %v, the draw says %v", c.Document.Number, row.Random, want)
			}
			if row.Random {
				random++
			}
			if (row.Channel == Examine) != row.Random {
				d.Errorf("%s: channel %s without capacity, random %v", c.Document.Number, row.Channel, row.Random)
			}
		}
		if random == 0 || random == 120 {
			d.Errorf("%d of 120 were drawn at a share of one quarter", random)
		}
	})
}

// The capacity of a day goes to its highest scores, and what arrives later pushes others
// down.
func TestCapacityDividesTheDay(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.change(func(s *UnitSettings) {
			s.Draw.Share = 0
			s.Capacity = Capacity{Examine: 2, Look: 3, ExamineFloor: -20, LookFloor: -20}
		})
		batch := func(from int) (cs []*cargo.Consignment) {
			for n := from; n < from+6; n++ {
				c := doubtful(n % 4)
				c.Document.Number = fmt.Sprintf("DAY%04d", n)
				c.Equipment[0].Number = boxNumber(5000 + n)
				cs = append(cs, c)
			}
			return cs
		}
		for from := 0; from < 18; from += 6 {
			d.save(batch(from)...)
			rows := d.page(Filter{}).Rows
			for i, r := range rows {
				want := Release
				if i < 5 {
					want = Look
				}
				if i < 2 {
					want = Examine
				}
				if r.Channel != want {
					d.Errorf("after %d: place %d with %v is in %s, want %s", from+6, i, r.Score, r.Channel, want)
				}
			}
		}
		withdrawn := d.page(Filter{}).Rows[0]
		c, err := d.keep.Get(context.Background(), d.scope, withdrawn.Consignment)
		if err != nil {
			d.Fatal(err)
		}
		c.Withdrawn = true
		d.save(c)
		rows := slices.DeleteFunc(d.page(Filter{}).Rows, func(r Row) bool { return r.Withdrawn })
		if len(rows) != 17 || rows[0].Channel != Examine || rows[1].Channel != Examine || rows[2].Channel != Look {
			d.Errorf("a withdrawn document does not make room: %+v", rows[:3])
		}
	})
}

func TestSettingsConflict(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ctx := context.Background()
		seen, err := d.Settings(ctx, d.scope)
		if err != nil {
			d.Fatal(err)
		}
		d.change(func(s *UnitSettings) { s.Capacity.Examine = 3 })
		seen.Capacity.Examine, seen.Reason = 99, "I did not see the other change"
		if _, err := d.SaveSettings(ctx, d.scope, seen); !fault.Is(err, fault.Conflict) {
			d.Fatalf("a change over another's: %v, want a conflict", err)
		}
		now, err := d.Settings(ctx, d.scope)
		if err != nil || now.Capacity.Examine != 3 || now.Version != 2 {
			d.Errorf("in force: %+v, %v", now.Capacity, err)
		}
		history, err := d.SettingsHistory(ctx, d.scope, 10)
		if err != nil || len(history) != 2 || history[0].Version != 2 || history[0].Reason == "" || history[1].Capacity != DefaultCapacity() {
			d.Errorf("history %+v, %v", history, err)
		}
		seen.Reason = ""
		if _, err := d.SaveSettings(ctx, d.scope, seen); !fault.Is(err, fault.Invalid) {
			d.Errorf("a change without a reason: %v", err)
		}
	})
}
