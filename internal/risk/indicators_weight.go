package risk

import (
	"math"

	"tidewaiter/internal/cargo"
)

var weight = []Indicator{
	{ID: "W01", Group: Weight, Weight: 2, Family: "weight", Source: "ISO 668; documents check 21", Test: overweight,
		Title:   "More than the container can carry",
		Meaning: "The stated mass exceeds what a container of this type may hold. The mass, the type or the number of containers is wrong."},
	{ID: "W02", Group: Weight, Weight: 1.25, Family: "weight", Source: "own; documents checks 19 and 23", Test: packageWeight,
		Title:   "Mass of a package off the norm",
		Meaning: "A package is much heavier or lighter than such packages are. Something else is in it, or the count is wrong."},
	{ID: "W03", Group: Weight, Weight: 2.5, Family: "weight", Source: "SOLAS VI/2; documents check 20", Test: verifiedMass,
		Title:   "Verified gross mass differs from goods and tare",
		Meaning: "The container was weighed, and it weighs more or less than declared goods and the box together. The difference is something."},
	{ID: "W04", Group: Weight, Weight: 0.5, Family: "weight", Source: "own", Test: repeatedMass,
		Title:   "Exactly repeated mass",
		Meaning: "The shipper's last consignments weigh the same to the last kilogram. Weights that are copied were not weighed."},
	{ID: "W05", Group: Weight, Weight: 0.75, Family: "weight", Source: "documents check 19", Test: netAgainstGross,
		Title:   "Net and gross mass do not fit",
		Meaning: "Net exceeds gross, or packing would weigh more than the goods."},
	{ID: "W07", Group: Weight, Weight: 1.25, Family: "weight", Source: "documents check 23, by list", Test: oddDensity,
		Title:   "Density does not fit the goods",
		Meaning: "Mass and volume together make goods far heavier or lighter than these are."},
	{ID: "W08", Group: Weight, Weight: 1.25, Family: "weight", Source: "documents check 22", Test: overCube,
		Title:   "More volume than the containers hold",
		Meaning: "The stated volume does not go into the stated containers."},
}

// boxMass returns the mass of goods in a box: as stated, or a fair share of the whole.
func (v *View) boxMass(b *boxView) (mass float64, stated bool) {
	if m := sane(b.box.GrossMass); m > 0 {
		return m, true
	}
	if v.gross > 0 && len(v.boxes) > 0 {
		return v.gross / float64(len(v.boxes)), false
	}
	return 0, false
}

func overweight(v *View) Hit {
	for i := range v.boxes {
		b := &v.boxes[i]
		if !b.bound {
			continue
		}
		m, stated := v.boxMass(b)
		most, usual := b.limits.MaxPayload(), b.limits.Payload()
		vgm := sane(b.box.VerifiedGross)
		if vgm > b.limits.MaxGrossPlate {
			return hit(1, evidence(cargo.EquipmentField(i, "verified_gross"), plain(vgm), "max-gross", b.box.SizeType, plain(b.limits.MaxGrossPlate)))
		}
		strength, limit := 1.0, most
		if m <= most {
			strength, limit = 0.4, usual
		}
		if m <= usual*1.03 {
			continue
		}
		field, value := cargo.EquipmentField(i, "gross_mass"), plain(b.box.GrossMass)
		if !stated {
			field, value = cargo.GoodsField(0, "gross_mass"), plain(v.gross)
		}
		return hit(strength, evidence(field, value, "max-payload", b.box.SizeType, decimal(m), plain(limit)))
	}
	return none
}

func packageWeight(v *View) Hit {
	if h := v.shipperPackage(); h.Strength > 0 {
		return h
	}
	for i := range v.goods {
		g := &v.goods[i]
		x := packageMass(g)
		if math.IsNaN(x) {
			continue
		}
		mass := math.Exp(x)
		if h := v.packageHistory(i); h.N >= 8 {
			if z := math.Abs(x-h.Mean()) / h.Deviation(0.25); z > 3.5 {
				return hit(min(z/5, 1.5), v.perPackage(i, "per-package-history", rough(mass), rough(math.Exp(h.Mean())), decimal(float64(h.N))))
			}
			continue
		}
		norm, ok := v.t.packages[g.item.PackageType]
		if ok && (mass < norm.low/1.5 || mass > norm.high*1.5) {
			return hit(0.6, v.perPackage(i, "per-package", rough(mass), rough(norm.low), rough(norm.high), g.item.PackageType))
		}
	}
	return none
}

func (v *View) perPackage(i int, note string, args ...string) Evidence {
	return evidence(cargo.GoodsField(i, "packages"), decimal(float64(v.goods[i].item.Packages)), note, args...)
}

// packageHistory returns the statistics of package masses for the main goods.
func (v *View) packageHistory(i int) Stat {
	if i != v.main {
		return Stat{}
	}
	if s := v.history.goodsOrigin.stats[1]; s.N >= 8 {
		return s
	}
	return v.history.goods.stats[1]
}

// A shipper packs the same goods the same way: against its own past a smaller
// difference speaks than against that of all. packingSpread is the least deviation
// (of a logarithm) that is taken for its habit.
const packingSpread = 0.06

func (v *View) shipperPackage() Hit {
	g := v.heaviest()
	if g == nil || v.history.trade.stats[1].N < 4 {
		return none
	}
	s, x := v.history.trade.stats[1], packageMass(g)
	z := math.Abs(x-s.Mean()) / s.Deviation(packingSpread)
	if math.IsNaN(x) || z <= 3.5 || g.item.Packages < 5 {
		return none
	}
	return hit(min(0.6+(z-3.5)/8, 1.25), v.perPackage(v.main, "per-package-shipper", rough(math.Exp(x)), rough(math.Exp(s.Mean())), decimal(float64(s.N))))
}

func (v *View) shipperDensity() Hit {
	g := v.heaviest()
	if g == nil || v.history.trade.stats[0].N < 4 {
		return none
	}
	s, x := v.history.trade.stats[0], v.density(g)
	z := math.Abs(x-s.Mean()) / s.Deviation(packingSpread)
	if math.IsNaN(x) || z <= 3.5 {
		return none
	}
	return hit(min(0.6+(z-3.5)/8, 1.25), evidence(cargo.GoodsField(v.main, "volume"), plain(g.item.Volume), "density-shipper", rough(math.Exp(x)), rough(math.Exp(s.Mean())), decimal(float64(s.N))))
}

func verifiedMass(v *View) Hit {
	for i := range v.boxes {
		b := &v.boxes[i]
		vgm := sane(b.box.VerifiedGross)
		m, stated := v.boxMass(b)
		if vgm == 0 || m == 0 || !stated && len(v.boxes) > 1 {
			continue
		}
		low, high := sane(b.box.Tare), sane(b.box.Tare)
		if low == 0 && b.bound {
			low, high = b.limits.TareMin, b.limits.TareMax
		} else if low == 0 {
			low, high = 1800, 5000
		}
		if math.Abs(vgm-m) < 0.01*vgm {
			continue // the sender states the gross mass with the box
		}
		off := 0.0
		if vgm > m+high {
			off = vgm - m - high
		} else if vgm < m+low {
			off = m + low - vgm
		}
		tolerance := max(500, 0.03*vgm)
		if off <= tolerance {
			continue
		}
		return hit(min(0.6+(off-tolerance)/3000, 1.5), evidence(cargo.EquipmentField(i, "verified_gross"), plain(vgm), "vgm", decimal(m), decimal((low+high)/2), decimal(off)))
	}
	return none
}

func repeatedMass(v *View) Hit {
	if v.gross < 100 || math.Mod(v.gross, 50) == 0 {
		return none
	}
	n, last := 0, ""
	v.history.consignor.refs(func(r *Ref) bool {
		if r.Mass == v.gross {
			n++
			last = r.Document
		}
		return true
	})
	if n < 2 {
		return none
	}
	return hit(1, evidence(cargo.GoodsField(0, "gross_mass"), plain(v.gross), "repeated", decimal(float64(n)), last))
}

func netAgainstGross(v *View) Hit {
	for i := range v.goods {
		it := v.goods[i].item
		gross, net := sane(it.GrossMass), sane(it.NetMass)
		if gross == 0 || net == 0 {
			continue
		}
		if net > gross*1.001+0.5 {
			return hit(1, evidence(cargo.GoodsField(i, "net_mass"), plain(net), "net-over", plain(gross)))
		}
		if net < gross*0.4 && gross > 100 {
			return hit(0.75, evidence(cargo.GoodsField(i, "net_mass"), plain(net), "net-under", plain(gross)))
		}
	}
	return none
}

func oddDensity(v *View) Hit {
	if h := v.shipperDensity(); h.Strength > 0 {
		return h
	}
	for i := range v.goods {
		g := &v.goods[i]
		m, vol := sane(g.item.GrossMass), sane(g.item.Volume)
		if m < 100 || vol < 0.1 {
			continue
		}
		d, norm := m/vol, g.facts.density
		if norm.high == 0 {
			norm = span{8, 9000}
		}
		if d < norm.low/2 || d > norm.high*1.6 {
			return hit(1, evidence(cargo.GoodsField(i, "volume"), plain(vol), "density", rough(d), plain(norm.low), plain(norm.high)))
		}
	}
	return none
}

func overCube(v *View) Hit {
	if v.volume == 0 || len(v.boxes) == 0 {
		return none
	}
	cube := 0.0
	for i := range v.boxes {
		b := &v.boxes[i]
		if !b.bound || b.limits.Cube == 0 {
			return none
		}
		cube += b.limits.Cube
	}
	if v.volume <= cube*1.05 {
		return none
	}
	return hit(min(v.volume/cube*0.75, 1.25), evidence(cargo.GoodsField(0, "volume"), plain(v.volume), "cube", decimal(cube)))
}
