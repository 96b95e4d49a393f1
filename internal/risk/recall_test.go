package risk

import (
	"context"
	"database/sql"
	"reflect"
	"slices"
	"testing"
	"time"

	"tidewaiter/internal/cargo"
)

// Two processes take turns at assessing one scope, so that what each has kept of the
// memory grows stale: the scores are those of an engine that sees all in order.
func TestProcessesTakeTurns(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ctx := context.Background()
		all := trades(120)
		refs := d.saveUnheard(all)
		var processes [2]*Assessments
		for i := range processes {
			processes[i] = unsubscribed(d.db, d.bus, d.keep, d.reference)
		}
		for i, who := range []int{0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 0} {
			if err := processes[who].assessBatch(ctx, d.scope, refs[10*i:10*i+10]); err != nil {
				d.Fatal(err)
			}
		}
		want := d.assessedInOrder(all, 10)
		got, err := d.Newest(ctx, idsOf(all))
		if err != nil || len(got) != len(all) {
			d.Fatal(len(got), err)
		}
		fired := 0
		for id, k := range got {
			if k.Score != want[id].Score || !reflect.DeepEqual(k.Findings, want[id].Findings) && len(k.Findings)+len(want[id].Findings) > 0 {
				d.Errorf("%d: %v %v, want %v %v", id, k.Score, k.Findings, want[id].Score, want[id].Findings)
			}
			fired += len(k.Findings)
		}
		if fired == 0 {
			d.Error("nothing fired: the test shows nothing")
		}
	})
}

// saveUnheard saves consignments of which no subscriber hears.
func (d *desk) saveUnheard(all []*cargo.Consignment) (refs []cargo.VersionRef) {
	d.Helper()
	ctx := context.Background()
	for _, c := range all {
		c.Source = cargo.Source{}
	}
	err := d.db.InTx(ctx, func(tx *sql.Tx) error {
		if _, err := d.keep.Save(ctx, tx, d.scope, all); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM river_job`)
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	for _, c := range all {
		refs = append(refs, cargo.VersionRef{ID: c.ID, Version: c.Version})
	}
	return refs
}

// assessedInOrder assesses consignments, so many at once, with one memory and no database.
func (d *desk) assessedInOrder(all []*cargo.Consignment, atOnce int) map[int64]Kept {
	d.Helper()
	engine, err := d.engine(context.Background(), d.scope)
	if err != nil {
		d.Fatal(err)
	}
	memory, kept := NewMemory(), map[int64]Kept{}
	for batch := range slices.Chunk(all, atOnce) {
		for _, k := range assessAll(engine, memory, batch, time.Now()) {
			kept[k.Consignment] = k
		}
	}
	return kept
}

func idsOf(cs []*cargo.Consignment) (ids []int64) {
	for _, c := range cs {
		ids = append(ids, c.ID)
	}
	return ids
}
