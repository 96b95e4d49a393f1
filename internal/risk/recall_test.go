package risk

import (
	"context"
	"database/sql"
	"reflect"
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
		var refs []cargo.VersionRef
		err := d.db.InTx(ctx, func(tx *sql.Tx) error {
			var batch []*cargo.Consignment
			for _, c := range all {
				c.Source = cargo.Source{}
				batch = append(batch, c)
			}
			_, err := d.keep.Save(ctx, tx, d.scope, batch)
			for _, c := range batch {
				refs = append(refs, cargo.VersionRef{ID: c.ID, Version: c.Version})
			}
			// The announcement is left to the two processes below.
			_, err2 := tx.ExecContext(ctx, `DELETE FROM river_job`)
			if err == nil {
				err = err2
			}
			return err
		})
		if err != nil {
			d.Fatal(err)
		}
		newDesk := func() *Assessments {
			return &Assessments{db: d.db, bus: d.bus, cargo: d.keep, reference: d.reference,
				boards: map[cargo.ScopeID]*Board{}, engines: map[cargo.ScopeID]*unitEngine{}, pasts: map[cargo.ScopeID]*recalled{}}
		}
		processes := []*Assessments{newDesk(), newDesk()}
		turns := []int{0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 0}
		for i, who := range turns {
			if err := processes[who].assessBatch(ctx, d.scope, refs[10*i:10*i+10]); err != nil {
				d.Fatal(err)
			}
		}
		engine, err := d.engine(ctx, d.scope)
		if err != nil {
			d.Fatal(err)
		}
		memory, kept := NewMemory(), map[int64]Kept{}
		for i := range turns {
			for _, k := range assessAll(engine, memory, all[10*i:10*i+10], time.Now()) {
				kept[k.Consignment] = k
			}
		}
		got, err := d.Newest(ctx, idsOf(all))
		if err != nil || len(got) != len(all) {
			d.Fatal(len(got), err)
		}
		fired := 0
		for id, k := range got {
			if k.Score != kept[id].Score || !reflect.DeepEqual(k.Findings, kept[id].Findings) && len(k.Findings)+len(kept[id].Findings) > 0 {
				d.Errorf("%d: %v %v, want %v %v", id, k.Score, k.Findings, kept[id].Score, kept[id].Findings)
			}
			fired += len(k.Findings)
		}
		if fired == 0 {
			d.Error("nothing fired: the test shows nothing")
		}
	})
}

func idsOf(cs []*cargo.Consignment) (ids []int64) {
	for _, c := range cs {
		ids = append(ids, c.ID)
	}
	return ids
}
