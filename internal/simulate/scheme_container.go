package simulate

import (
	"math"
	"slices"

	"tidewaiter/internal/cargo"
)

// sourceCountries ship cocaine in other people's containers. UNODC, targeting §2.
var sourceCountries = []string{"EC", "CO", "BR", "PE", "CR", "DO"}

// plantRip: drugs laid behind the doors of an honest shipper's container. The papers
// are the honest ones; what changes is the seal, the weight on the scale, the way.
func plantRip(m *maker, v *voyage, draw drawer) *draft {
	r := m.seek(draw, func(r *relation) bool {
		return slices.Contains(sourceCountries, r.origin.country) && r.goods.box != "bulk" && !r.groupage
	})
	if r == nil {
		return nil
	}
	c := m.varied(v, *r)
	e := &c.Equipment[m.d.n(len(c.Equipment))]
	m.leave(c, 2,
		trace{0.28, "seal missing", func() bool { e.Seals = nil; return true }},
		trace{0.42, "seal not of the line's series", func() bool { return m.foreignSeal(v, e) }},
		trace{0.22, "seal number already on another container", func() bool { return m.copySeal(e) }},
		trace{0.5, "verified mass above goods and tare", func() bool { return m.heavier(e, m.d.span(260, 1100)) }},
		trace{0.3, "one transhipment more than the service has", func() bool {
			return m.via(c, one(m.d, []string{"PAONX", "ESALG", "MTMAR", "BEANR", "GRPIR"}))
		}},
		trace{0.25, "seal changed by a late amendment", func() bool {
			number := shape(m.d, "A9999999")
			k := slices.IndexFunc(c.Equipment, func(x cargo.Equipment) bool { return x.Number == e.Number })
			c.amend = func(x *cargo.Consignment) { x.Equipment[k].Seals = []cargo.Seal{{Number: number, Party: "carrier"}} }
			return true
		}},
		trace{0.12, "reefer switched off", func() bool {
			had := e.Temperature != nil
			e.Temperature = nil
			return had
		}},
	)
	return c
}

// twinRip: customs or the quarantine opened and sealed again, and says so; or pallets
// weigh; or the service goes by a hub.
func twinRip(m *maker, v *voyage, draw drawer) *draft {
	r := m.seek(draw, func(r *relation) bool {
		return slices.Contains(sourceCountries, r.origin.country) && r.goods.box != "bulk" && !r.groupage
	})
	if r == nil {
		return nil
	}
	c := m.varied(v, *r)
	e := &c.Equipment[m.d.n(len(c.Equipment))]
	switch m.d.n(3) {
	case 0:
		seal := shape(m.d, "CU999999")
		e.Seals = []cargo.Seal{{Number: seal, Party: "customs"}}
		c.Remarks = "RESEALED BY CUSTOMS AFTER EXAMINATION, CTR " + e.Number + " NEW SEAL " + seal
		c.note("resealed by customs, on record")
	case 1:
		m.heavier(e, m.d.span(250, 520))
		c.Remarks = "VGM INCL PALLETS AND AIRBAGS"
		c.note("pallets on the scale")
	default:
		m.via(c, "PAONX")
		c.note("hub of the service")
	}
	return c
}

// foreignSeal puts a seal that looks like none of the carrier's.
func (m *maker) foreignSeal(v *voyage, e *cargo.Equipment) bool {
	if v.carrier == nil && v.haulier == nil {
		return false
	}
	e.Seals = []cargo.Seal{{Number: shape(m.d, one(m.d, []string{"9999999", "A99999", "AAA99999", "X9999999"})), Party: "carrier"}}
	return true
}

// copySeal puts the number of a seal that was fixed elsewhere.
func (m *maker) copySeal(e *cargo.Equipment) bool {
	old := m.seal
	if len(e.Seals) > 0 {
		m.seal = e.Seals[0].Number
	}
	if old == "" || old == m.seal {
		return false
	}
	e.Seals = []cargo.Seal{{Number: old, Party: "carrier"}}
	return true
}

// heavier makes the scale show more than the papers; a box that was not weighed is.
func (m *maker) heavier(e *cargo.Equipment, by float64) bool {
	if e.Tare == 0 {
		return false
	}
	if x := e.GrossMass + e.Tare + by; x <= maxGross+600 {
		e.VerifiedGross = math.Round(x/10) * 10
		return true
	}
	return false
}

// via adds a call on the way, before the last of the service's own.
func (m *maker) via(c *draft, code string) bool {
	p := m.w.places[code]
	for i, x := range c.Journey.Places {
		if x.Code == p.code {
			return false
		}
		if x.Role == cargo.PlaceTransit || x.Role == cargo.PlaceUnloading {
			c.Journey.Places = slices.Insert(c.Journey.Places, i, stop(cargo.PlaceTransit, p, c.voyage.Sender.Cyrillic))
			return true
		}
	}
	return false
}

// plantWeight: more goods than declared. The papers state less, and something that
// nobody thought of still tells the truth: the scale, a text, a total, the packages.
func plantWeight(m *maker, v *voyage, draw drawer) *draft {
	r := m.seek(draw, func(r *relation) bool { return r.goods.box != "bulk" && !(r.groupage && v.lane.mode == cargo.ModeSea) })
	if r == nil {
		return nil
	}
	x := *r
	x.toOrder = ""
	x.tells.vgm = v.lane.mode == cargo.ModeSea && (x.tells.vgm || m.d.chance(0.5))
	c := m.varied(v, x)
	g := &c.Goods[0]
	whole, net, packs := g.GrossMass, g.NetMass, g.Packages
	total := c.Totals
	declared := kilos(whole * m.d.span(0.55, 0.84))
	m.rescale(c, declared)
	c.note("declared " + decimal(declared) + " kg of " + decimal(whole))
	m.leave(c, 2,
		trace{0.35, "text tells the true mass", func() bool {
			g.Description += " GROSS WEIGHT " + decimal(whole) + " KGS"
			return true
		}},
		trace{0.3, "total tells the true mass", func() bool { c.Totals.GrossMass = total.GrossMass; return true }},
		trace{0.3, "packages fewer as well", func() bool {
			if packs < 8 {
				return false
			}
			g.Packages = int(float64(packs) * declared / whole)
			c.Totals.Packages = g.Packages
			if len(c.Equipment) == 1 {
				c.Equipment[0].Packages = g.Packages
			}
			return true
		}},
		trace{0.35, "round mass", func() bool { m.roundMass(c); return true }},
		trace{0.2, "net mass above gross", func() bool { g.NetMass = net; return net > g.GrossMass }},
		trace{0.3, "buyer never seen", func() bool { return m.newBuyer(c) }},
		trace{0.25, "seal missing", func() bool { return m.unsealed(c) }},
	)
	return c
}

// twinWeight: wet timber, pallets and dunnage make the scale differ; or the packages
// are honestly of a smaller size.
func twinWeight(m *maker, v *voyage, draw drawer) *draft {
	r := m.seek(draw, func(r *relation) bool { return r.goods.box != "bulk" })
	if r == nil {
		return nil
	}
	if v.lane.mode == cargo.ModeSea && !r.groupage && m.d.chance(0.6) {
		c := m.varied(v, *r)
		for i := range c.Equipment {
			m.heavier(&c.Equipment[i], m.d.span(350, 900))
		}
		c.Remarks = "CARGO ON WOODEN PALLETS, VGM INCLUDES PALLETS"
		c.note("pallets on the scale")
		return c
	}
	x, g := *r, *r.goods
	g.packMass *= m.d.span(0.45, 0.7)
	x.goods = &g
	c := m.varied(v, x)
	c.Goods[0].Description += " SMALL PACK"
	c.note("a smaller package")
	return c
}

// plantDigit: a container whose number was painted over or made up, so that it is
// not the box that the papers speak of.
func plantDigit(m *maker, v *voyage, draw drawer) *draft {
	c := m.boxed(v, draw)
	if c == nil {
		return nil
	}
	k := m.d.n(len(c.Equipment))
	e := &c.Equipment[k]
	number := spoil(m.d, e.Number)
	if m.d.chance(0.25) {
		number = spoil(m.d, m.boxes.number(m.d.letters(3)+"U"))
		c.note("owner unknown")
	}
	c.renumber(k, number)
	c.note("check digit wrong")
	m.leave(c, 1,
		trace{0.3, "said to be the shipper's own", func() bool { e.ShipperOwned = true; return true }},
		trace{0.3, "tare of another kind of box", func() bool { e.Tare = math.Round(e.Tare * one(m.d, []float64{0.55, 1.7})); return e.Tare > 0 }},
		trace{0.28, "seal missing", func() bool { e.Seals = nil; return true }},
		trace{0.3, "seal not of the line's series", func() bool { return m.foreignSeal(v, e) }},
		trace{0.3, "verified mass above goods and tare", func() bool { return m.heavier(e, m.d.span(500, 1900)) }},
		trace{0.3, "buyer never seen", func() bool { return m.newBuyer(c) }},
		trace{0.25, "vague goods", func() bool { m.vague(c); return true }},
		trace{0.2, "round mass", func() bool { m.roundMass(c); return true }},
	)
	return c
}

// twinDigit: a clerk of a regular sender mistyped a number, and often notices.
func twinDigit(m *maker, v *voyage, draw drawer) *draft {
	c := m.boxed(v, draw)
	if c == nil {
		return nil
	}
	k := m.d.n(len(c.Equipment))
	right := c.Equipment[k].Number
	c.renumber(k, spoil(m.d, right))
	c.note("typing error")
	if m.d.chance(0.6) {
		c.amend = func(x *cargo.Consignment) {
			wrong := x.Equipment[k].Number
			x.Equipment[k].Number = right
			for i := range x.Goods {
				x.Goods[i].Equipment = slices.Clone(x.Goods[i].Equipment)
				for j, n := range x.Goods[i].Equipment {
					if n == wrong {
						x.Goods[i].Equipment[j] = right
					}
				}
			}
		}
		c.note("amended")
	}
	return c
}

// boxed makes an ordinary consignment in containers of its own, or nil.
func (m *maker) boxed(v *voyage, draw drawer) *draft {
	r := m.seek(draw, func(r *relation) bool {
		return r.goods.box != "bulk" && !r.groupage && (v.lane.mode == cargo.ModeSea || r.goods.box != "tank" && r.goods.box != "open" && r.goods.density <= 700)
	})
	if r == nil {
		return nil
	}
	return m.varied(v, *r)
}

// renumber changes the number of a container wherever it stands.
func (c *draft) renumber(k int, number string) {
	old := c.Equipment[k].Number
	c.Equipment[k].Number = number
	for i := range c.Goods {
		for j, n := range c.Goods[i].Equipment {
			if n == old {
				c.Goods[i].Equipment[j] = number
			}
		}
	}
}
