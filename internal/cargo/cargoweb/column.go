package cargoweb

import (
	"context"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/web"
)

// goodsColumn is a column of the goods table. Columns that no item states and nobody
// cites are left out, and named below the table.
type goodsColumn struct {
	name    string // of the field
	numeric bool
	text    func(ctx context.Context, g *cargo.GoodsItem) string
}

var goodsColumns = []goodsColumn{
	{"hs", false, func(_ context.Context, g *cargo.GoodsItem) string { return g.HS }},
	{"origin", false, func(ctx context.Context, g *cargo.GoodsItem) string { return countryText(ctx, g.Origin) }},
	{"packages", true, func(ctx context.Context, g *cargo.GoodsItem) string { return Count(ctx, g.Packages) }},
	{"package_type", false, func(_ context.Context, g *cargo.GoodsItem) string { return PackageName(g.PackageType) }},
	{"gross_mass", true, func(ctx context.Context, g *cargo.GoodsItem) string { return Mass(ctx, g.GrossMass) }},
	{"net_mass", true, func(ctx context.Context, g *cargo.GoodsItem) string { return Mass(ctx, g.NetMass) }},
	{"volume", true, func(ctx context.Context, g *cargo.GoodsItem) string {
		if g.Volume == 0 {
			return ""
		}
		return Volume(ctx, g.Volume)
	}},
	{"value", true, func(ctx context.Context, g *cargo.GoodsItem) string { return Amount(ctx, g.Value) }},
	{"dg", false, func(_ context.Context, g *cargo.GoodsItem) string {
		if g.DG == "" {
			return ""
		}
		return "UN " + g.DG
	}},
	{"dg_class", false, func(_ context.Context, g *cargo.GoodsItem) string { return g.DGClass }},
}

// Count writes a number that is stated; 0 is none.
func Count(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return web.Number(ctx, n)
}

// Mass writes a mass in kg that is stated; 0 is none.
func Mass(ctx context.Context, kg float64) string {
	if kg == 0 {
		return ""
	}
	return web.Mass(ctx, kg)
}

// goodsShown returns the columns of the goods table, and those left out.
func (s Sheet) goodsShown(ctx context.Context) (shown, left []goodsColumn) {
	for _, col := range goodsColumns {
		used := false
		for i := range s.Goods {
			used = used || col.text(ctx, &s.Goods[i]) != "" || s.cited(cargo.GoodsField(i, col.name))
		}
		if used {
			shown = append(shown, col)
		} else {
			left = append(left, col)
		}
	}
	return shown, left
}

// equipmentColumn is a column of the equipment table.
type equipmentColumn struct {
	name    string
	numeric bool
	text    func(ctx context.Context, e *cargo.Equipment) string
}

var equipmentColumns = []equipmentColumn{
	{"size_type", false, func(_ context.Context, e *cargo.Equipment) string { return e.SizeType }},
	{"fullness", false, func(ctx context.Context, e *cargo.Equipment) string {
		return FieldValue(ctx, "equipment.fullness", string(e.Fullness))
	}},
	{"shipper_owned", false, func(ctx context.Context, e *cargo.Equipment) string {
		if !e.ShipperOwned {
			return ""
		}
		return web.T(ctx, "cargo.flag.true")
	}},
	{"packages", true, func(ctx context.Context, e *cargo.Equipment) string { return Count(ctx, e.Packages) }},
	{"gross_mass", true, func(ctx context.Context, e *cargo.Equipment) string { return Mass(ctx, e.GrossMass) }},
	{"verified_gross", true, func(ctx context.Context, e *cargo.Equipment) string { return Mass(ctx, e.VerifiedGross) }},
	{"tare", true, func(ctx context.Context, e *cargo.Equipment) string { return Mass(ctx, e.Tare) }},
	{"temperature", true, func(ctx context.Context, e *cargo.Equipment) string {
		if e.Temperature == nil {
			return ""
		}
		return Celsius(ctx, *e.Temperature)
	}},
}

func (s Sheet) equipmentShown(ctx context.Context) (shown, left []equipmentColumn) {
	for _, col := range equipmentColumns {
		used := false
		for i := range s.Equipment {
			used = used || col.text(ctx, &s.Equipment[i]) != "" || s.cited(cargo.EquipmentField(i, col.name))
		}
		if used {
			shown = append(shown, col)
		} else {
			left = append(left, col)
		}
	}
	return shown, left
}

// longList is how many rows of goods or containers are shown before the rest is folded.
const longList = 40
