package risk

import (
	"strings"

	"tidewaiter/internal/cargo"
)

var goods = []Indicator{
	{ID: "G03", Group: Goods, Weight: 1.25, Family: "novelty", Source: "own; gATE (exploration)", Test: newGoods,
		Title:   "Goods that this importer or origin never had",
		Meaning: "An importer that we know brings a new kind of goods, or goods come from a country from which they never came."},
	{ID: "G06", Group: Goods, Weight: 0.5, Family: "cover", Source: "EC and WCO guides, by list", Test: hidesWell,
		Title:   "Goods that hide well",
		Meaning: "Dense, bulky, dirty or frozen goods are costly to search, and so they are chosen as cover."},
	{ID: "G07", Group: Goods, Weight: 0.75, Family: "cover", Source: "own; EU guide on freight cost", Test: cheapAndFar,
		Title:   "Cheap goods carried far",
		Meaning: "The goods are hardly worth the freight. Someone else may be paying for the journey."},
	{ID: "G08", Group: Goods, Weight: 0.75, Source: "own", Test: mixedGoods,
		Title:   "Goods of many kinds in one container",
		Meaning: "Many chapters of the tariff in one load that is no groupage. One more parcel is not noticed among them."},
	{ID: "G09", Group: Goods, Weight: 0.75, Source: "own, by list", Test: oddPackaging,
		Title:   "Packaging unusual for the goods",
		Meaning: "Nobody packs such goods like this. The packages may hold other goods."},
	{ID: "G10", Group: Goods, Weight: 2, Source: "WCO indicators on intellectual property, by list", Test: brandElsewhere,
		Title:   "Brand goods from an unusual country",
		Meaning: "The brand's goods are usually not shipped from there. Counterfeits are, and so are returns and parallel trade."},
	{ID: "G14", Group: Goods, Weight: 0.375, Source: "own, by list", Test: valuableGoods,
		Title:   "Goods of high value or duty",
		Meaning: "Goods worth smuggling, stealing or declaring as something else. It counts beside other reasons."},
}

func newGoods(v *View) Hit {
	h, g := &v.history, v.heaviest()
	if g == nil || v.maturity == 0 {
		return none
	}
	if h.consignee.n >= 4 && h.importerKind.n == 0 && g.chapter() != "" && v.consignee.named() {
		return hit(v.maturity, evidence(description(v.main), g.item.Description, "new-chapter", g.chapter(), decimal(float64(h.consignee.n))))
	}
	if h.goods.n >= 20 && h.goodsOrigin.n == 0 && len(g.item.Origin) == 2 && g.headingCode() != "" {
		return hit(0.6*v.maturity, evidence(cargo.GoodsField(v.main, "origin"), g.item.Origin, "new-origin", g.headingCode(), decimal(float64(h.goods.n))))
	}
	return none
}

func hidesWell(v *View) Hit {
	best := none
	for i := range v.goods {
		g := &v.goods[i]
		if g.facts.cover != "" && g.facts.coverWeight > best.Strength {
			field, value := cargo.GoodsField(i, "hs"), g.item.HS
			if !g.declared {
				field, value = description(i), g.item.Description
			}
			best = hit(g.facts.coverWeight, evidence(field, value, "cover", g.facts.cover))
		}
	}
	for _, m := range v.matches {
		if m.term == termCover && v.t.strength[termCover][m.row] > best.Strength {
			best = hit(v.t.strength[termCover][m.row], evidence(description(m.item), v.goods[m.item].item.Description, "cover", v.t.cover[m.row][1]))
		}
	}
	return best
}

func cheapAndFar(v *View) Hit {
	g := v.heaviest()
	if g == nil || v.load == nil || len(v.boxes) == 0 || v.gross < 5000 {
		return none
	}
	to := first(v.destination, v.unload)
	if to == nil || !v.load.facts.Located || !to.facts.Located {
		return none
	}
	far := km(v.load, to)
	price, stated := g.facts.price, false
	if v.value > 0 {
		price, stated = v.value/v.gross, true
	}
	if far < 4000 || price == 0 || price > 0.25 {
		return none
	}
	if stated {
		return hit(1, evidence(description(v.main), g.item.Description, "cheap-far", rough(price), rough(far)))
	}
	return hit(0.6, evidence(description(v.main), g.item.Description, "cheap-far-norm", rough(price), rough(far)))
}

func mixedGoods(v *View) Hit {
	if v.C.Document.Consolidated || len(v.goods) < 4 {
		return none
	}
	for i := range v.boxes {
		if v.boxes[i].box.Fullness == cargo.LCL {
			return none
		}
	}
	var seen [100]bool
	var list []string
	for i := range v.goods {
		if c := v.goods[i].chapter(); c != "" {
			n := int(c[0]-'0')*10 + int(c[1]-'0')
			if !seen[n] {
				seen[n] = true
				list = append(list, c)
			}
		}
	}
	if len(list) < 4 {
		return none
	}
	strength := 0.5
	if len(list) >= 6 {
		strength = 1
	}
	return hit(strength, evidence("goods", decimal(float64(len(v.goods))), "chapters", strings.Join(list[:min(len(list), 12)], " ")))
}

func oddPackaging(v *View) Hit {
	for i := range v.goods {
		g := &v.goods[i]
		if g.item.PackageType != "" && has(g.facts.packaging, g.item.PackageType) {
			return hit(1, evidence(cargo.GoodsField(i, "package_type"), g.item.PackageType, "packaging", orElse(g.headingCode(), g.code)))
		}
	}
	return none
}

func brandElsewhere(v *View) Hit {
	for _, m := range v.matches {
		if m.term != termBrand {
			continue
		}
		g, row := &v.goods[m.item], v.t.brands[m.row]
		from, field := g.item.Origin, cargo.GoodsField(m.item, "origin")
		if from == "" && v.load != nil {
			from, field = v.load.country, v.load.field()
		}
		if len(from) != 2 || has(row[2], from) || g.chapter() != "" && !has(row[1], g.chapter()) || v.ownBrand(m.row) {
			continue
		}
		strength := 1.0
		if g.chapter() == "" {
			strength = 0.75
		}
		if v.t.hubs[v.loadCode()] && g.item.Origin == "" {
			strength *= 0.5
		}
		text := g.item.Description
		return hit(strength, evidence(description(m.item), text, "brand", text[m.start:m.end]), evidence(field, from, "brand-origins", row[0], row[2]))
	}
	return none
}

// ownBrand reports whether the shipper's name holds the brand.
func (v *View) ownBrand(row int) bool {
	if !v.consignor.named() {
		return false
	}
	words := tokenize(v.scratch[:0], v.consignor.p.Name, nil)
	v.scratch = words
	brand := wordHash(v.t.brands[row][0])
	for _, w := range words {
		if w.hash == brand {
			return true
		}
	}
	return false
}

func (v *View) loadCode() string {
	if v.load == nil {
		return ""
	}
	return v.load.code
}

func valuableGoods(v *View) Hit {
	for i := range v.goods {
		if g := &v.goods[i]; g.facts.valuable != "" {
			return hit(g.facts.valuableness, evidence(description(i), g.item.Description, "valuable", g.facts.valuable))
		}
	}
	return none
}
