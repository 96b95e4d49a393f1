package casework

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
)

// The size at which pages must still be quick: see the issue.
const (
	benchCases    = 50_000
	benchOutcomes = 30_000
)

// BenchmarkLargeUnit measures what pages ask of a unit with many cases. The first case is
// made by officers; the others are copies of its rows. The database is a new file, or an
// empty one that TIDEWAITER_BENCH_DATABASE names.
func BenchmarkLargeUnit(b *testing.B) {
	d := fill(b)
	ctx := d.asAigul
	ids := make([]int64, 100)
	for i := range ids {
		ids[i] = int64(1000 + i)
	}
	for _, m := range []struct {
		name string
		do   func(i int) error
	}{
		{"case", func(i int) error { _, err := d.Case(ctx, d.scope, int64(1+i*7919%benchCases)); return err }},
		{"list", func(i int) error { _, err := d.List(ctx, d.scope, Filter{}, 0, 50); return err }},
		{"list-deep", func(i int) error { _, err := d.List(ctx, d.scope, Filter{}, benchCases/2, 50); return err }},
		{"list-text", func(i int) error {
			_, err := d.List(ctx, d.scope, Filter{Text: fmt.Sprintf("doc%d", i*7919%benchCases)}, 0, 50)
			return err
		}},
		{"list-common-text", func(i int) error {
			_, err := d.List(ctx, d.scope, Filter{Text: "shenz bright"}, 0, 50)
			return err
		}},
		{"list-state", func(i int) error {
			_, err := d.List(ctx, d.scope, Filter{States: []State{Held}, Order: ByScore}, 0, 50)
			return err
		}},
		{"list-deadline", func(i int) error { _, err := d.List(ctx, d.scope, Filter{Order: ByDeadline}, 0, 50); return err }},
		{"list-mine", func(i int) error { _, err := d.List(ctx, d.scope, Filter{Mine: true}, 0, 50); return err }},
		{"board", func(i int) error { _, err := d.Board(ctx, d.scope, Filter{}, 20); return err }},
		{"board-mine", func(i int) error { _, err := d.Board(ctx, d.scope, Filter{Mine: true}, 20); return err }},
		{"tasks", func(i int) error { _, err := d.Tasks(ctx, d.scope, d.aigul.ID, 50); return err }},
		{"marks", func(i int) error { _, err := d.Marks(ctx, d.scope, ids); return err }},
		{"results-cold", func(i int) error {
			_, err := New(d.Needs).Results(ctx, d.scope, ResultsFilter{})
			return err
		}},
		{"results", func(i int) error { _, err := d.Results(ctx, d.scope, ResultsFilter{}); return err }},
		{"results-filtered", func(i int) error {
			_, err := d.Results(ctx, d.scope, ResultsFilter{Loading: "CN", Indicator: "W01", Step: Months})
			return err
		}},
	} {
		b.Run(m.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if err := m.do(i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fill makes the unit: officers make the first case, the others are copies of its rows.
func fill(b *testing.B) *desk {
	b.Helper()
	dsn := cmp.Or(os.Getenv("TIDEWAITER_BENCH_DATABASE"), filepath.Join(b.TempDir(), "bench.db"))
	db, err := store.Open(context.Background(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	d := newDesk(b, db, false)
	ids := d.bring(1)
	ref := d.open(ids...)
	done := d.done(&ref)
	done(d.Hold(d.asAigul, ref, Reason{Code: "awaiting-examination"}))
	done(d.OrderExamination(d.asAigul, ref))
	done(d.PlanExamination(d.asAigul, ref, Plan{Place: "Yard 3", Team: []int64{d.aigul.ID}}))
	for _, item := range d.load(ref).Examination.Items {
		done(d.CheckItem(d.asAigul, ref, Entry{Item: item.ID, State: ItemInOrder}))
	}
	for range 5 {
		done(d.Note(d.asAigul, ref, "The agent says that the papers follow tomorrow. @bakyt knows him."))
	}
	done(d.AddTask(d.asAigul, ref, NewTask{Text: "call the agent", For: d.aigul.ID}))
	done(d.RecordOutcome(d.asAigul, ref, Outcome{Consignment: ids[0], Method: Full, Result: NothingFound}))
	c := d.load(ref)
	d.ok(db.InTx(context.Background(), func(tx *sql.Tx) error { return d.copyCase(tx, c) }))
	d.ok(db.InTx(context.Background(), func(tx *sql.Tx) error { return d.copyResults(tx) }))
	if db.Dialect == store.Postgres {
		_, err := db.Write.Exec(`ANALYZE`)
		d.ok(err)
	}
	return d
}

// copyCase inserts copies of the case under the ids from 1 on.
func (d *desk) copyCase(tx *sql.Tx, c *Case) error {
	ctx := context.Background()
	dice := rand.New(rand.NewPCG(1, 2))
	for id := int64(1); id <= benchCases; id++ {
		s := c.Summary()
		s.ID, s.Number = id, fmt.Sprintf("KGOSS-PCU-2025-%05d", id)
		s.State, s.Score, s.Assessed = Closed, risk.LogOdds(dice.IntN(80)-40)*risk.Step, true
		if id%25 == 0 {
			s.State = States[dice.IntN(len(States))]
			s.Deadline = d.at.Add(time.Duration(dice.IntN(1000)) * time.Hour)
		}
		if err := upsertCase(ctx, tx, s); err != nil {
			return err
		}
		one := *c
		one.ID, one.State = id, s.State
		one.Number, one.Title = s.Number, fmt.Sprintf("DOC%d", id)
		one.Consignments = slices.Clone(c.Consignments)
		one.Consignments[0].Consignment = 1000 + id
		if id%50 != 0 {
			one.Owner, one.Watchers, one.Tasks, one.Examination.Plan = 99, nil, nil, nil
		}
		if err := replaceIndex(ctx, tx, id, caseIndex{}, indexOf(&one)); err != nil {
			return err
		}
		rows := make([][]any, len(c.Acts))
		for i, a := range c.Acts {
			rows[i] = []any{id, a.Seq, int64(c.Scope), a.Version, a.Officer, a.At, string(a.Kind), string(a.Body), a.Aside}
		}
		err := store.InsertRows(ctx, tx, `INSERT INTO casework_acts (case_id, seq, scope_id, version, officer_id, at, kind, body, aside) VALUES`, rows, "")
		if err != nil {
			return err
		}
	}
	return nil
}

// copyResults inserts results of the first cases.
func (d *desk) copyResults(tx *sql.Tx) error {
	dice := rand.New(rand.NewPCG(3, 4))
	pick := func(of ...string) string { return of[dice.IntN(len(of))] }
	var rows []resultRow
	for id := int64(1); id <= benchOutcomes; id++ {
		day := 20_000 + dice.IntN(365)
		r := resultRow{ID: id, Scope: d.scope, Case: id, Day: day, ConsignmentResult: ConsignmentResult{
			Consignment: 1000 + id, Version: 1, Revision: 1, Ending: Released, Examined: id%3 != 0, Method: Full, Result: Results[dice.IntN(4)],
			Selection: Selections[dice.IntN(5)], Channel: risk.Channels[dice.IntN(3)], Loading: pick("CNXSZ", "CNSHA", "TRIST", "AEJEA", "DEHAM"),
			Unloading: pick("KGOSS", "KGFRU"), ConcludedAt: risk.DayTime(day), Received: risk.DayTime(day - dice.IntN(5)),
		}}
		for range dice.IntN(5) {
			r.Indicators = append(r.Indicators, pick("W01", "W02", "S01", "R02", "G03", "P01", "D01", "V01", "C01", "T01"))
		}
		if r.Result != NothingFound {
			r.Categories, r.Value = []Category{Categories[dice.IntN(len(Categories))]}, 1000
		}
		rows = append(rows, r)
	}
	return insertResults(context.Background(), tx, 1, rows)
}
