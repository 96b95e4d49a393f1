package risk

import (
	"math"

	"tidewaiter/internal/cargo"
)

var value = []Indicator{
	{ID: "V01", Group: Value, Weight: 1.25, Family: "price", Source: "WCO and DATE; own norms until the unit's past suffices", Test: func(v *View) Hit { return v.price(-1) },
		Title:   "Unit price far below the norm",
		Meaning: "A kilogram costs far less than such goods do. Undervaluation, counterfeits, or goods that are not what they are called."},
	{ID: "V02", Group: Value, Weight: 0.75, Family: "price", Source: "FATF trade-based money laundering", Test: func(v *View) Hit { return v.price(+1) },
		Title:   "Unit price far above the norm",
		Meaning: "A kilogram costs far more than such goods do. Money may be moved by the invoice, or better goods are inside."},
	{ID: "V03", Group: Value, Weight: 0.75, Family: "price", Source: "DATE; documents check 37", Test: freightAgainstValue,
		Title:   "Freight or insurance out of proportion to the value",
		Meaning: "Freight eats the value of the goods, or insurance is far too dear. Somebody has a reason to ship at a loss."},
	{ID: "V04", Group: Value, Weight: 0.75, Family: "novelty", Source: "EU guide", Test: prepaidStranger,
		Title:   "Freight prepaid for parties that we do not know",
		Meaning: "Freight was paid in advance and neither party has a history. Prepaid is usual with customers that the line knows."},
	{ID: "V05", Group: Value, Weight: 1, Source: "structuring; list of thresholds", Test: belowThreshold,
		Title:   "Value just below a threshold",
		Meaning: "The value stays a little under the amount above which a licence, a fuller declaration or an inspection is due."},
}

// price compares the unit price with the unit's past of the same goods and origin,
// else with the list of norms, in the direction of the sign.
func (v *View) price(sign float64) Hit {
	for i := range v.goods {
		g := &v.goods[i]
		x := v.unitPrice(g)
		if math.IsNaN(x) || math.IsInf(x, 0) || sane(g.item.GrossMass)+sane(g.item.NetMass) < 20 {
			continue
		}
		if s := v.history.goodsOrigin.stats[0]; i == v.main && s.N >= 12 {
			if z := sign * (x - s.Mean()) / s.Deviation(0.35); z > 3 {
				return hit(min(z/4, 1.5), v.priced(i, "price-history", rough(math.Exp(x)), rough(math.Exp(s.Mean())), decimal(float64(s.N))))
			}
			continue
		}
		if f := g.facts; f.price > 0 && f.priceFactor > 1 {
			if q := sign * (x - math.Log(f.price)) / math.Log(f.priceFactor); q > 1.1 {
				return hit(min(0.5+(q-1.1)/2, 1.25), v.priced(i, "price-norm", rough(math.Exp(x)), rough(f.price), plain(f.priceFactor)))
			}
		}
	}
	return none
}

// priced cites the field from which the value of an item was taken.
func (v *View) priced(i int, note string, args ...string) Evidence {
	if m := v.goods[i].item.Value; v.dollars(m) > 0 {
		return evidence(cargo.GoodsField(i, "value"), money(m), note, args...)
	}
	return evidence("charges.customs", money(v.C.Charges.Customs), note, args...)
}

func freightAgainstValue(v *View) Hit {
	c := &v.C.Charges
	freight, insurance := v.dollars(c.Freight), v.dollars(c.Insurance)
	if v.value < 100 {
		return none
	}
	switch {
	case freight > v.value*0.6:
		return hit(min(freight/v.value, 1.25), evidence("charges.freight", money(c.Freight), "freight-share", rough(100*freight/v.value)))
	case insurance > v.value*0.05:
		return hit(0.75, evidence("charges.insurance", money(c.Insurance), "insurance-share", rough(100*insurance/v.value)))
	}
	return none
}

func prepaidStranger(v *View) Hit {
	h := &v.history
	if v.C.Charges.Payment != "prepaid" || !v.consignee.named() || h.consignee.n > 0 || h.consignor.n > 0 || v.maturity == 0 {
		return none
	}
	return hit(v.maturity, evidence("charges.payment", v.C.Charges.Payment, "prepaid"))
}

func belowThreshold(v *View) Hit {
	m, field := v.C.Charges.Customs, "charges.customs"
	if len(v.goods) == 1 && v.goods[0].item.Value.Amount > 0 {
		m, field = v.goods[0].item.Value, cargo.GoodsField(0, "value")
	}
	for _, t := range v.t.thresholds[m.Currency] {
		if m.Amount < t.amount && m.Amount >= t.amount*0.96 {
			strength := 0.75
			if n, _ := v.siblings(); n > 0 {
				strength = 1.25
			}
			return hit(strength, evidence(field, money(m), "threshold", plain(t.amount), m.Currency, t.meaning))
		}
	}
	return none
}
