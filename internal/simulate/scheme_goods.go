package simulate

import (
	"slices"
	"strconv"

	"tidewaiter/internal/cargo"
)

// newBuyer makes a company that nobody has seen the consignee.
func (m *maker) newBuyer(c *draft) bool {
	b := m.fresh(c.rel.delivery.country, c.rel.delivery.name)
	name := c.buyer().Name
	for i := range c.Parties {
		if p := &c.Parties[i]; p.Name == name {
			*p = b.party(p.Role, c.voyage.Sender.Cyrillic)
		}
	}
	c.rel.buyer = b
	return true
}

// freeMailbox gives the buyer an address at a free provider.
func (m *maker) freeMailbox(c *draft) bool {
	return c.both(func(p *cargo.Party) {
		p.Email = "trade" + m.d.digits(3) + "@" + freeDomain(m.d, c.rel.buyer.country)
	})
}

var coverForChemicals = []struct{ en, ru, hs string }{
	{"CLEANING AGENT", "СРЕДСТВО МОЮЩЕЕ", "340290"}, {"TEXTILE AUXILIARIES", "ВСПОМОГАТЕЛЬНЫЕ СРЕДСТВА ДЛЯ ТЕКСТИЛЯ", "380991"},
	{"INDUSTRIAL SOLVENT", "РАСТВОРИТЕЛЬ", "381400"}, {"VINEGAR ESSENCE", "УКСУСНАЯ ЭССЕНЦИЯ", "220900"},
	{"CHEMICAL PREPARATIONS", "СРЕДСТВА ХИМИЧЕСКИЕ", "382499"}, {"WATER TREATMENT CHEMICAL", "РЕАГЕНТ ДЛЯ ВОДООЧИСТКИ", "382499"},
}

// plantPrecursor: chemicals for heroin or synthetic drugs, openly to somebody with no
// use for them, or under another name in the same drums.
func plantPrecursor(m *maker, v *voyage, draw drawer) *draft {
	r, ok := m.withGoods(v, draw, "291524", "291524", "291411", "290230", "284161", "280700", "282710")
	if !ok {
		return nil
	}
	r.tells.hs = r.tells.hs || m.d.chance(0.5)
	if m.d.chance(0.35) {
		r.delivery = m.w.places[one(m.d, []string{"AFKBL", "AFMZR", "AFHEA", "UZTER"})]
		r.buyer = m.fresh(r.delivery.country, r.delivery.name)
	}
	c := m.varied(v, r)
	g := &c.Goods[0]
	m.leave(c, 3,
		trace{0.55, "named as something harmless", func() bool {
			x := one(m.d, coverForChemicals)
			g.Description = x.en
			if v.Sender.Cyrillic {
				g.Description = x.ru
			}
			if g.HS != "" {
				g.HS = x.hs
			}
			g.DG, g.DGClass = "", ""
			return true
		}},
		trace{0.45, "dangerous goods not declared", func() bool {
			had := g.DG != ""
			g.DG, g.DGClass = "", ""
			return had
		}},
		trace{0.5, "buyer never seen", func() bool { return m.newBuyer(c) }},
		trace{0.4, "free mailbox", func() bool { return m.freeMailbox(c) }},
		trace{0.25, "the forwarder is the consignee", func() bool {
			return m.replace(c, cargo.Consignee, one(m.d, m.w.forwards))
		}},
		trace{0.25, "far above the usual price", func() bool { return m.discount(c, m.d.span(1.8, 3.5)) }},
		trace{0.25, "a detour", func() bool { return m.via(c, one(m.d, []string{"AEJEA", "IRBND", "PKKHI"})) }},
		trace{0.2, "no tax number", func() bool { return c.both(func(p *cargo.Party) { p.ID = "" }) }},
	)
	return c
}

// twinPrecursor: a factory that needs the chemical, under licence, as every month.
func twinPrecursor(m *maker, v *voyage, draw drawer) *draft {
	r, ok := m.withGoods(v, draw, "291524", "291411", "290230", "284161", "280700", "282710")
	if !ok {
		return nil
	}
	r.tells.hs, r.tells.value = true, true
	c := m.varied(v, r)
	c.Goods[0].DG, c.Goods[0].DGClass = r.goods.un, r.goods.class
	c.Remarks = "IMPORT LICENCE NO " + m.d.digits(6) + " END USE: OWN PRODUCTION"
	c.note("licensed end user")
	return c
}

// plantStrategic: controlled electronics and machines by way of a trader who sells
// them on to where they must not go.
func plantStrategic(m *maker, v *voyage, draw drawer) *draft {
	r, ok := m.withGoods(v, draw, "854231", "854231", "851762", "845710", "880622", "900190", "902690", "848210", "853400", "847330")
	if !ok {
		return nil
	}
	r.made = one(m.d, []string{"US", "DE", "JP", "TW", "KR"})
	r.seller = m.fresh(one(m.d, []string{"HK", "AE", "TR", "HK", "CN"}), "")
	c := m.varied(v, r)
	g := &c.Goods[0]
	m.leave(c, 3,
		trace{0.6, "buyer never seen", func() bool { return m.newBuyer(c) }},
		trace{0.65, "made elsewhere than shipped", func() bool { g.Origin = r.made; return true }},
		trace{0.4, "on to Russia", func() bool {
			c.Nature = cargo.NatureTransit
			p := m.w.places[one(m.d, []string{"RUMOW", "RUYEK", "RUOVB", "RUCEK"})]
			for i := range c.Journey.Places {
				if c.Journey.Places[i].Role == cargo.PlaceDestination {
					c.Journey.Places[i] = stop(cargo.PlaceDestination, p, v.Sender.Cyrillic)
				}
			}
			return true
		}},
		trace{0.3, "notify party in Russia", func() bool { return m.replace(c, cargo.NotifyParty, m.fresh("RU", "")) }},
		trace{0.45, "worded as parts", func() bool {
			g.Description = one(m.d, []string{"SPARE PARTS", "ELECTRONIC ITEMS", "INDUSTRIAL EQUIPMENT PARTS", "ELECTRICAL ACCESSORIES"})
			if v.Sender.Cyrillic {
				g.Description = one(m.d, []string{"ЗАПЧАСТИ", "КОМПЛЕКТУЮЩИЕ", "ЧАСТИ ОБОРУДОВАНИЯ"})
			}
			return true
		}},
		trace{0.35, "a catch-all heading", func() bool {
			had := g.HS != ""
			if had {
				g.HS = one(m.d, []string{"854370", "847990", "850490", "847330"})
			}
			return had
		}},
		trace{0.35, "address of many companies", func() bool { return m.sharedHouse(c) }},
		trace{0.3, "buyer's phone is Russian", func() bool {
			return c.both(func(p *cargo.Party) { p.Phone = phone(m.d, m.w.countries["RU"]) })
		}},
	)
	return c
}

// twinStrategic: an operator or distributor of the trade buys by way of a hub.
func twinStrategic(m *maker, v *voyage, draw drawer) *draft {
	r, ok := m.withGoods(v, draw, "851762", "854231", "845710", "902690", "848210", "847330")
	if !ok {
		return nil
	}
	r.made = one(m.d, []string{"CN", "KR", "DE", "JP"})
	r.tells.hs, r.tells.value, r.tells.origin = true, true, m.d.chance(0.7)
	if m.d.chance(0.6) && len(m.w.sellers["AE"]) > 0 {
		r.seller = one(m.d, m.w.sellers["AE"])
	}
	c := m.varied(v, r)
	c.Goods[0].Description = r.goods.en[0] + " MODEL " + m.d.letters(2) + m.d.digits(4) + " SERIAL NOS AS PER PACKING LIST"
	c.note("known distributor, bought by way of a hub")
	return c
}

// sharedHouse states an address where several front companies are registered.
func (m *maker) sharedHouse(c *draft) bool {
	h := one(m.d, m.houses)
	return c.both(func(p *cargo.Party) {
		p.Address = h.lat
		if c.voyage.Sender.Cyrillic {
			p.Address = h.cyr
		}
	})
}

var brands = map[string][]string{
	"640411": {"NIKE", "ADIDAS", "ADIBAS", "PUMA", "NEW BALANCE"}, "610910": {"LACOSTE", "TOMMY HILFIGER", "NIKE", "GUCCI"},
	"620342": {"LEVIS", "DIESEL", "CALVIN KLEIN"}, "420292": {"LOUIS VUITTON", "MICHAEL KORS", "GUCCI"},
	"330300": {"CHANEL", "DIOR", "HUGO BOSS"}, "851830": {"AIRPODS", "JBL", "SONY"}, "910211": {"ROLEX", "CASIO", "OMEGA"},
	"950300": {"LEGO", "BARBIE", "DISNEY"}, "870899": {"BOSCH", "TOYOTA GENUINE", "DENSO"}, "330499": {"MAC", "MAYBELLINE", "LOREAL"},
}
var brandHeadings = []string{"640411", "610910", "620342", "420292", "330300", "851830", "910211", "950300", "870899", "330499"}

// plantCounterfeit: false brands, cheap, among other things, from where the brand
// does not make them.
func plantCounterfeit(m *maker, v *voyage, draw drawer) *draft {
	r, ok := m.withGoods(v, draw, brandHeadings...)
	if !ok {
		return nil
	}
	r.tells.value = r.tells.value || m.d.chance(0.4)
	if !slices.Contains([]string{"CN", "HK", "TR", "AE"}, r.seller.country) || m.d.chance(0.4) {
		r.seller = m.fresh(one(m.d, []string{"CN", "CN", "TR", "AE", "HK"}), "")
	}
	c := m.varied(v, r)
	g := &c.Goods[0]
	m.leave(c, 3,
		trace{0.5, "brand named", func() bool { g.Description += " " + one(m.d, brands[r.goods.hs]); return true }},
		trace{0.65, "far below the usual price", func() bool { return m.discount(c, m.d.span(0.08, 0.35)) }},
		trace{0.35, "vague goods", func() bool { m.vague(c); return true }},
		trace{0.3, "by way of a free zone", func() bool { return m.via(c, "AEJEA") }},
		trace{0.35, "goods of many chapters together", func() bool { return m.mixed(c, m.d.between(2, 4)) }},
		trace{0.4, "no marks", func() bool { g.Marks = "N/M"; return true }},
		trace{0.35, "buyer never seen", func() bool { return m.newBuyer(c) }},
		trace{0.35, "seller with a free mailbox", func() bool {
			c.Party(cargo.Consignor).Email = "factory" + m.d.digits(4) + "@" + freeDomain(m.d, "CN")
			return true
		}},
	)
	return c
}

// mixed divides the goods among several lines of other chapters.
func (m *maker) mixed(c *draft, lines int) bool {
	g := c.Goods[0]
	if g.Packages < 10*lines || len(c.Equipment) > 1 {
		return false
	}
	for range lines {
		other := one(m.d, m.w.goods)
		for other.pack != "CT" || other.hs[:2] == g.HS[:min(2, len(g.HS))] {
			other = one(m.d, m.w.goods)
		}
		x := g
		x.Number = len(c.Goods) + 1
		x.Packages = g.Packages / (lines + 2)
		part := float64(x.Packages) / float64(g.Packages)
		x.GrossMass, x.NetMass, x.Volume = cents(g.GrossMass*part), cents(g.NetMass*part), cents(g.Volume*part)
		x.Value.Amount = cents(g.Value.Amount * part)
		x.Description, x.DG, x.DGClass = other.en[0], "", ""
		if c.voyage.Sender.Cyrillic {
			x.Description = other.ru[0]
		}
		if x.HS != "" {
			x.HS = m.heading(other, len(x.HS))
		}
		first := &c.Goods[0]
		first.Packages -= x.Packages
		first.GrossMass, first.NetMass = cents(first.GrossMass-x.GrossMass), cents(first.NetMass-x.NetMass)
		first.Volume, first.Value.Amount = cents(first.Volume-x.Volume), cents(first.Value.Amount-x.Value.Amount)
		c.Goods = append(c.Goods, x)
	}
	return true
}

// twinCounterfeit: the brand's own distributor; or honest things without a brand,
// cheap because they are.
func twinCounterfeit(m *maker, v *voyage, draw drawer) *draft {
	r, ok := m.withGoods(v, draw, brandHeadings...)
	if !ok {
		return nil
	}
	r.tells.value = true
	if m.d.chance(0.5) {
		r.price = m.d.span(1.1, 1.9)
		c := m.varied(v, r)
		c.Goods[0].Description += " " + one(m.d, brands[r.goods.hs][:1]) + ", DISTRIBUTOR CONTRACT " + strconv.Itoa(m.d.between(100, 999))
		c.note("authorised distributor")
		return c
	}
	r.price = m.d.span(0.3, 0.5)
	c := m.varied(v, r)
	c.note("cheap goods without a brand")
	return c
}
