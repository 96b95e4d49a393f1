package risk

import (
	"math"

	"tidewaiter/internal/cargo"
)

var weightSums = []Indicator{
	{ID: "W06", Group: Weight, Weight: 2.5, Family: "weight", Source: "documents check 25", Test: textAgainstFields,
		Title:   "Totals in the text against the fields",
		Meaning: "The description states another mass than the fields do. One of the two was changed, or belongs to another consignment."},
	{ID: "W09", Group: Weight, Weight: 1, Family: "weight", Source: "documents checks 18 and 24", Test: itemsAgainstTotals,
		Title:   "Items do not sum to the totals",
		Meaning: "The items together are more or less than the document's own total. A line may be missing, or added."},
	{ID: "W10", Group: Weight, Weight: 1.25, Family: "weight", Source: "documents check 18", Test: boxesAgainstGoods,
		Title:   "Masses of containers and goods differ",
		Meaning: "What is said to be in the containers is not what the goods weigh together."},
}

func textAgainstFields(v *View) Hit {
	if v.gross == 0 {
		return none
	}
	for i := range v.goods {
		text := v.goods[i].item.Description
		if len(text) < 8 || !hasDigit(text) || i > 0 && text == v.goods[i-1].item.Description {
			continue
		}
		v.figures, v.lexemes = readFigures(v.figures[:0], v.lexemes, text)
		var worst *figure // a labelled gross mass says more than a net mass, that more than a count
		for k := range v.figures {
			if f := &v.figures[k]; !v.consistent(f, i) && (worst == nil || figureRank[f.kind] > figureRank[worst.kind]) {
				worst = f
			}
		}
		if worst == nil {
			continue
		}
		strength, said := 1.0, decimal(worst.readings[0])
		if worst.kind == figureCount {
			strength = 0.6
		}
		return hit(strength, evidence(description(i), text[worst.start:worst.end], "text-says", said, decimal(v.gross)),
			evidence(cargo.GoodsField(i, "gross_mass"), plain(v.goods[i].item.GrossMass), "text-sum", decimal(v.gross), decimal(float64(len(v.goods))), said))
	}
	return none
}

var figureRank = [...]int{figureCount: 0, figureNet: 1, figureGross: 2}

// consistent reports whether any reading of the figure fits any of the masses that it
// may speak of: the item, the whole, the stated total, a container, the verified mass.
func (v *View) consistent(f *figure, i int) bool {
	masses := [...]float64{v.goods[i].item.GrossMass, v.gross, v.C.Totals.GrossMass, v.goods[i].item.NetMass, v.net}
	for _, r := range f.readings[:f.n] {
		for _, m := range masses {
			if fitsFigure(f.kind, r, m) {
				return true
			}
		}
		for k := range v.boxes {
			b := v.boxes[k].box
			if fitsFigure(f.kind, r, b.GrossMass) || fitsFigure(f.kind, r, b.VerifiedGross) || fitsFigure(f.kind, r, b.VerifiedGross-b.Tare) {
				return true
			}
		}
	}
	return false
}

// fitsFigure allows packing (net may be well below gross) and pallets.
func fitsFigure(kind figureKind, said, mass float64) bool {
	if mass <= 0 {
		return false
	}
	switch kind {
	case figureGross:
		return math.Abs(said-mass) <= max(50, 0.06*mass)
	case figureNet:
		return said <= mass*1.02+20 && said >= mass*0.55-50
	default: // count times unit mass: may be a part of the goods, never more than them
		return said <= mass*1.08+50
	}
}

func itemsAgainstTotals(v *View) Hit {
	t, sum := v.C.Totals, 0.0
	for i := range v.goods {
		sum += sane(v.goods[i].item.GrossMass)
	}
	if total := sane(t.GrossMass); total > 0 && sum > 0 && math.Abs(total-sum) > max(2, 0.005*total) {
		strength, note := 0.75, "sum"
		if q := total / sum; near(q, 1000) || near(q, 0.001) || near(q, 2.2046) || near(q, 1/2.2046) {
			note = "sum-unit"
		}
		return hit(strength, evidence("totals.gross_mass", plain(total), note, decimal(sum), decimal(math.Abs(total-sum))))
	}
	if t.Packages > 0 && v.packages > 0 && max(t.Packages-v.packages, v.packages-t.Packages) > 1 {
		return hit(0.75, evidence("totals.packages", decimal(float64(t.Packages)), "sum", decimal(float64(v.packages)), decimal(math.Abs(float64(t.Packages-v.packages)))))
	}
	return none
}

func near(x, y float64) bool { return math.Abs(x-y) <= 0.01*y }

func boxesAgainstGoods(v *View) Hit {
	boxes, tare := 0.0, 0.0
	for i := range v.boxes {
		b := &v.boxes[i]
		m := sane(b.box.GrossMass)
		if m == 0 {
			return none
		}
		boxes += m
		if t := sane(b.box.Tare); t > 0 {
			tare += t
		} else if b.bound {
			tare += b.limits.Tare
		} else {
			tare += 3000
		}
	}
	if boxes == 0 || v.gross == 0 || len(v.C.Goods) > maxGoods || len(v.C.Equipment) > maxBoxes {
		return none
	}
	slack := max(200, 0.02*v.gross)
	if math.Abs(boxes-v.gross) <= slack || math.Abs(boxes-v.gross-tare) <= max(slack, 0.35*tare) {
		return none
	}
	for i := range v.boxes {
		if v.boxes[i].box.Fullness == cargo.LCL {
			return none // the box holds goods of others, too
		}
	}
	return hit(0.75, evidence(cargo.EquipmentField(0, "gross_mass"), plain(v.boxes[0].box.GrossMass), "boxes-sum", decimal(boxes), decimal(v.gross)))
}
