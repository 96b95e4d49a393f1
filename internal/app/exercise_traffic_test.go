package app

import (
	"context"
	"reflect"
	"testing"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/simulate"
)

// TestFillGoesOn: a world whose making was interrupted is made to its end, the same and
// without doubles.
func TestFillGoesOn(t *testing.T) {
	s := newAcademy(t)
	o := exercise.Order{Seed: 5, Month: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Consignments: 50, Planted: 4, Twins: 4, Traces: 1, Schemes: simulate.Schemes()[:4]}
	scope, err := traffic{s.App}.Scope(s.ctx, s.unit.ID, "again")
	s.must(err)
	stopped, stop := context.WithCancel(s.ctx)
	_, err = traffic{s.App}.Fill(stopped, scope, o, func(done, _ int) {
		if done == 2 {
			stop()
		}
	})
	if err == nil {
		t.Fatal("it was not interrupted")
	}
	truths, err := traffic{s.App}.Fill(s.ctx, scope, o, func(int, int) {})
	s.must(err)
	again, err := traffic{s.App}.Fill(s.ctx, scope, o, func(int, int) {})
	s.must(err)
	if len(truths) != o.Consignments || !reflect.DeepEqual(truths, again) {
		t.Errorf("%d and %d consignments", len(truths), len(again))
	}
	imports, err := s.Imports.Recent(s.ctx, cargo.ScopeID(scope), farFuture, 1000)
	s.must(err)
	names := map[string]bool{}
	for _, im := range imports {
		if names[im.Hash] || im.Quarantined > 0 {
			t.Errorf("%s came twice, or holds %d records that could not be read", im.Name, im.Quarantined)
		}
		names[im.Hash] = true
	}
	var ids []int64
	for _, x := range truths {
		ids = append(ids, x.Consignment)
	}
	looks, err := traffic{s.App}.Look(s.ctx, scope, ids)
	s.must(err)
	if len(looks) != len(ids) {
		t.Errorf("%d of %d were assessed", len(looks), len(ids))
	}
}
