package casework

import (
	"context"
	"slices"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/risk"
)

// bases returns what is known of the consignments now, in their order, or a
// fault.NotFound for one that the scope does not have.
func (s *Cases) bases(ctx context.Context, scope cargo.ScopeID, ids []int64) ([]Basis, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	current, err := s.Cargo.Current(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	floor, err := s.examineFloor(ctx, scope)
	if err != nil {
		return nil, err
	}
	rows, err := s.Risk.Rows(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Basis, len(ids))
	for i, id := range ids {
		c := current[id]
		if c == nil {
			return nil, fault.New(fault.NotFound, "there is no consignment %d in this unit's traffic", id)
		}
		out[i] = describe(c)
		if row, assessed := rows[id]; assessed {
			out[i].assess(row.Row, row.Inclusion, floor)
		}
	}
	return out, nil
}

// describe returns what the papers say.
func describe(c *cargo.Consignment) Basis {
	b := Basis{
		Consignment: c.ID, Version: c.Version, Document: c.Document.Number, Mode: c.Transport.Mode,
		Loading: c.Journey.At(cargo.PlaceLoading).Code, Unloading: c.Journey.At(cargo.PlaceUnloading).Code,
		Arrival: c.Journey.Arrival.UTC(), Received: c.Received, Withdrawn: c.Withdrawn,
	}
	if p := c.Party(cargo.Consignor); p != nil {
		b.Consignor = p.Name
	}
	if p := c.Party(cargo.Consignee); p != nil {
		b.Consignee = p.Name
	}
	for _, e := range c.Equipment {
		if len(b.Equipment) < maxEquipment && e.Number != "" {
			b.Equipment = append(b.Equipment, e.Number)
		}
	}
	return b
}

// maxEquipment bounds how many containers of a consignment a case names.
const maxEquipment = 100

// assess adds what the queue says.
func (b *Basis) assess(row risk.Row, share float64, floor risk.LogOdds) {
	b.Version, b.Assessed, b.Score, b.Channel, b.Random, b.Inclusion = row.Version, true, row.Score, row.Channel, row.Random, share
	b.Indicators = row.Indicators
	b.Loading, b.Unloading = row.Loading, row.Unloading
	b.High = row.Channel == risk.Examine || row.Score >= floor
}

// examineFloor returns from which score on the unit examines.
func (s *Cases) examineFloor(ctx context.Context, scope cargo.ScopeID) (risk.LogOdds, error) {
	set, err := s.Risk.Settings(ctx, scope)
	return set.Capacity.ExamineFloor, err
}
