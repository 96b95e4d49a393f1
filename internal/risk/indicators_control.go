package risk

import "tidewaiter/internal/cargo"

var goodsControl = []Indicator{
	{ID: "G05", Group: Goods, Weight: 1.75, Family: "control", Source: "1988 Convention; CWC; Montreal, Basel and CITES lists", Test: controlledGoods,
		Title:   "Controlled goods",
		Meaning: "Code or words name a precursor, weapon, endangered species, waste or the like. It is a question, not a finding: is there a permit, and does the receiver need them?"},
	{ID: "G11", Group: Goods, Weight: 2, Family: "control", Source: "common high priority list", Test: strategicGoods,
		Title:   "Strategic goods by way of a third country",
		Meaning: "Goods of high priority for export control come through a country that often passes them on, go on in transit, or to a receiver that we do not know."},
	{ID: "G12", Group: Goods, Weight: 1, Family: "control", Source: "UN Model Regulations", Test: dangerousUndeclared,
		Title:   "Words of dangerous goods without a UN number",
		Meaning: "The description names goods that burn, poison or corrode, and no UN number is stated. A danger to the ship, and a way to avoid inspection."},
	{ID: "G13", Group: Goods, Weight: 2.25, Family: "control", Source: "own; screening of descriptions against codes", Test: controlledUnderOtherCode,
		Title:   "Controlled goods under another code",
		Meaning: "The words name controlled goods, the HS code something else. A hidden precursor looks like this."},
}

// settled lowers what control lists say of an importer who has long brought such goods.
func (v *View) settled() float64 {
	switch n := v.history.importerKind.n; {
	case n >= 8:
		return 0.4
	case n >= 4:
		return 0.65
	default:
		return 1
	}
}

// stranger adds weight where the receiver is unknown to a unit that knows its trade.
func (v *View) stranger() float64 {
	if v.history.consignee.n <= 1 && v.consignee.named() {
		return 0.3 * v.maturity
	}
	return 0
}

func controlledGoods(v *View) Hit {
	best := none
	for i := range v.goods {
		g := &v.goods[i]
		if g.facts.controlWeight > best.Strength && len(g.code) >= 6 {
			best = hit(g.facts.controlWeight, evidence(cargo.GoodsField(i, "hs"), g.item.HS, "controlled", g.facts.regime, g.facts.controlled))
		}
	}
	for _, m := range v.matches {
		if m.term != termControlled || v.t.strength[termControlled][m.row] <= best.Strength || m.words == 1 && v.mereWord(m) {
			continue
		}
		row := v.t.controlledWords[m.row]
		text := v.goods[m.item].item.Description
		best = hit(v.t.strength[termControlled][m.row], evidence(description(m.item), text, "controlled", row[1], text[m.start:m.end]))
	}
	if best.Strength > 0 {
		best.Strength = best.Strength*v.settled() + v.stranger()
	}
	return best
}

// mereWord reports whether a controlled word of little weight stands in goods that
// are declared as something else: acetone-free nail polish is no acetone.
func (v *View) mereWord(m match) bool {
	g := &v.goods[m.item]
	return g.declared && v.t.strength[termControlled][m.row] <= 0.5 && !has(v.t.controlledWords[m.row][2], g.headingCode())
}

func strategicGoods(v *View) Hit {
	for i := range v.goods {
		g := &v.goods[i]
		if g.facts.tier == "" || len(g.code) < 6 {
			continue
		}
		strength := 0.3
		if t := g.facts.tier[0]; t == '1' || t == '2' {
			strength = 0.45
		}
		ev := []Evidence{evidence(cargo.GoodsField(i, "hs"), g.item.HS, "strategic", g.facts.tier)}
		if p := v.passedOn(g); p != nil {
			strength += 0.5
			ev = append(ev, evidence(p.field(), p.label(), "re-export", p.country))
		}
		if n := v.C.Nature; n == cargo.NatureTransit || n == cargo.NatureTranshipment || v.e.home != "" && v.destination != nil && v.destination.country != "" && v.destination.country != v.e.home {
			strength += 0.3
			ev = append(ev, evidence("nature", v.C.Nature.String(), "goes-on", v.destination.label()))
		}
		return Hit{strength*v.settled() + v.stranger(), ev}
	}
	return none
}

// passedOn returns the place in a re-export country, other than the goods' origin
// and our own, from which the goods come.
func (v *View) passedOn(g *goodsView) *placeView {
	for i := range v.places {
		p := &v.places[i]
		switch p.place.Role {
		case cargo.PlaceOrigin, cargo.PlaceLoading, cargo.PlaceTransit:
			if v.t.reexport[p.country] && p.country != g.item.Origin && p.country != v.e.home && g.item.Origin != "" {
				return p
			}
		}
	}
	return nil
}

func dangerousUndeclared(v *View) Hit {
	for _, m := range v.matches {
		if m.term != termDangerous {
			continue
		}
		g, row := &v.goods[m.item], v.t.dangerous[m.row]
		if g.item.DG != "" || g.item.DGClass != "" || g.declared && len(g.code) >= 2 && !dangerous(g) {
			continue
		}
		strength := 0.6
		if m.words > 1 {
			strength = 1
		}
		text := g.item.Description
		return hit(strength, evidence(description(m.item), text, "dangerous", text[m.start:m.end], row[1]), evidence(cargo.GoodsField(m.item, "dg"), "", "no-un"))
	}
	return none
}

// dangerous tells codes under which such words mean the goods themselves from those
// where they only describe them (a paint brush, a match box).
func dangerous(g *goodsView) bool {
	return has("23 25 27 28 29 31 32 33 34 35 36 37 38 93", g.chapter()) || has("4402 8506 8507 9613", g.headingCode())
}

func controlledUnderOtherCode(v *View) Hit {
	for _, m := range v.matches {
		if m.term != termControlled {
			continue
		}
		g, row := &v.goods[m.item], v.t.controlledWords[m.row]
		if !g.declared || len(g.code) < 4 || row[2] == "" || has(row[2], g.headingCode()) {
			continue
		}
		strength := v.t.strength[termControlled][m.row]
		if m.words == 1 && strength <= 0.5 {
			strength = 0.25
		}
		if has(row[2], g.headingCode()) || sameChapter(row[2], g.chapter()) {
			strength *= 0.4
		}
		text := g.item.Description
		return hit(strength, evidence(cargo.GoodsField(m.item, "hs"), g.item.HS, "belongs-under", text[m.start:m.end], row[2]),
			evidence(description(m.item), text, "controlled", row[1], row[0]))
	}
	return none
}

// sameChapter reports whether one of the headings lies in the chapter.
func sameChapter(headings, chapter string) bool {
	for len(headings) >= 2 {
		if headings[:2] == chapter {
			return true
		}
		if len(headings) < 5 {
			return false
		}
		headings = headings[5:]
	}
	return false
}
