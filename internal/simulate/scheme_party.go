package simulate

import (
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
)

// plantFront: a company that exists on paper receives much at once.
func plantFront(m *maker, v *voyage, draw drawer) *draft {
	r := *m.seek(draw, nil)
	r.toOrder, r.size = "", r.size*m.d.span(1.5, 3.5)
	r.buyer = m.fresh(r.delivery.country, r.delivery.name)
	if m.d.chance(0.5) {
		r.agent = nil
	}
	c := m.varied(v, r)
	c.note("buyer never seen, a large first order")
	m.leave(c, 3,
		trace{0.5, "address of many companies", func() bool { return m.sharedHouse(c) }},
		trace{0.3, "address is a flat", func() bool {
			flat := pad(m.d.between(1, 90), 1)
			word := ", APT "
			if v.Sender.Cyrillic {
				word = ", КВ. "
			}
			return c.both(func(p *cargo.Party) { p.Address, _, _ = strings.Cut(p.Address, ", "); p.Address += word + flat })
		}},
		trace{0.35, "phone of another company", func() bool {
			other := one(m.d, m.w.forwards).phone
			return other != "" && c.both(func(p *cargo.Party) { p.Phone = other })
		}},
		trace{0.5, "free mailbox", func() bool { return m.freeMailbox(c) }},
		trace{0.35, "no tax number", func() bool { return c.both(func(p *cargo.Party) { p.ID = "" }) }},
		trace{0.25, "phone of another country", func() bool {
			return c.both(func(p *cargo.Party) {
				p.Phone = phone(m.d, m.w.countries[one(m.d, []string{"AE", "CN", "TR", "RU"})])
			})
		}},
		trace{0.3, "vague goods", func() bool { m.vague(c); return true }},
		trace{0.3, "below the usual price", func() bool { return m.discount(c, m.d.span(0.15, 0.5)) }},
		trace{0.25, "round mass", func() bool { m.roundMass(c); return true }},
	)
	return c
}

// twinFront: a new company with an office, a domain, an agent and a big first order.
func twinFront(m *maker, v *voyage, draw drawer) *draft {
	r := *m.seek(draw, nil)
	r.toOrder, r.size = "", r.size*m.d.span(1.3, 3)
	r.tells.value, r.tells.hs = true, true
	r.buyer = m.fresh(r.delivery.country, r.delivery.name)
	n := m.w.countries[r.buyer.country]
	r.buyer.phone = phone(m.d, n)
	r.buyer.email = "import@" + strings.ToLower(initials(r.buyer.name.lat)) + m.d.digits(2) + "group." + n.tld
	r.agent = one(m.d, m.w.agents[v.lane.unload.country])
	c := m.varied(v, r)
	c.note("a new company's honest first order")
	return c
}

// plantRevived: an importer that slept for a year or more trades again, in other
// goods, from others, with other people at the phone.
func plantRevived(m *maker, v *voyage, draw drawer) *draft {
	base := *m.seek(draw, nil)
	var old *relation
	for range 20 {
		list := m.w.dormant[v.lane.mode]
		if x := one(m.d, list); x.buyer.country == base.delivery.country {
			old = x
			break
		}
	}
	if old == nil {
		return nil
	}
	b := *old.buyer
	r := base
	r.buyer, r.toOrder = &b, ""
	c := m.varied(v, r)
	c.note("importer silent since long")
	m.leave(c, 2,
		trace{0.7, "seller never seen", func() bool { return m.replace(c, cargo.Consignor, m.fresh(base.seller.country, "")) }},
		trace{0.5, "other phone and mailbox than before", func() bool {
			n := m.w.countries[b.country]
			return c.both(func(p *cargo.Party) {
				p.Phone, p.Email = phone(m.d, n), "office"+m.d.digits(3)+"@"+freeDomain(m.d, b.country)
			})
		}},
		trace{0.4, "another agent", func() bool {
			return m.replace(c, cargo.Agent, m.fresh(v.lane.unload.country, ""))
		}},
		trace{0.3, "other address than before", func() bool { return m.sharedHouse(c) }},
		trace{0.3, "vague goods", func() bool { m.vague(c); return true }},
		trace{0.25, "round mass", func() bool { m.roundMass(c); return true }},
		trace{0.3, "below the usual price", func() bool { return m.discount(c, m.d.span(0.2, 0.5)) }},
	)
	return c
}

// twinRevived: who trades in a season was silent outside it.
func twinRevived(m *maker, v *voyage, _ drawer) *draft {
	var fit []*relation
	for _, r := range m.w.returning[v.lane.mode] {
		if r.lane == v.lane && r.from == m.t-13 {
			fit = append(fit, r)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	c := m.varied(v, *one(m.d, fit))
	c.note("returns for the season")
	return c
}

// plantSwitched: the first bill was exchanged for another that hides where the goods
// come from, who sent them, or to whom they go.
func plantSwitched(m *maker, v *voyage, draw drawer) *draft {
	base := m.seek(draw, func(r *relation) bool { return !r.groupage })
	if base == nil {
		return nil
	}
	r := *base
	c := m.varied(v, r)
	t := &c.Document
	m.leave(c, 3,
		trace{0.5, "number not in the carrier's shape", func() bool {
			t.Number = m.run("switch", "AA999999") + one(m.d, []string{"A", "B", "S", "-2"})
			return true
		}},
		trace{0.6, "shipper in a third country", func() bool {
			x := m.fresh(one(m.d, []string{"HK", "AE", "SG", "CY", "CH"}), "")
			return m.replace(c, cargo.Consignor, x)
		}},
		trace{0.5, "issued after departure", func() bool {
			t.Issued = c.Journey.Departure.Add(m.d.hours(60, 300)).Truncate(day)
			if t.Issued.After(v.Created) {
				t.Issued = v.Created.Truncate(day)
			}
			return t.Issued.After(c.Journey.Departure)
		}},
		trace{0.45, "made elsewhere than loaded", func() bool {
			c.Goods[0].Origin = one(m.d, []string{"CN", "IR", "RU", "KP", "SY", "TR"})
			return c.Goods[0].Origin != r.made
		}},
		trace{0.4, "to order", func() bool {
			*c.Party(cargo.Consignee) = cargo.Party{Role: cargo.Consignee, Name: "TO ORDER"}
			return m.replace(c, cargo.NotifyParty, one(m.d, m.w.forwards))
		}},
		trace{0.35, "consignee changed by a late amendment", func() bool {
			x := m.fresh(r.delivery.country, "").party(cargo.Consignee, v.Sender.Cyrillic)
			c.amend = func(k *cargo.Consignment) { *k.Party(cargo.Consignee) = x }
			return true
		}},
		trace{0.25, "house bill without a master", func() bool { t.Kind, t.Type, t.Master = cargo.DocumentHouse, "714", ""; return true }},
		trace{0.12, "the remark says so", func() bool { c.Remarks = "SECOND SET OF BILLS ISSUED AT TRANSHIPMENT PORT"; return true }},
	)
	return c
}

// twinSwitched: a trading house sells what others ship, openly.
func twinSwitched(m *maker, v *voyage, draw drawer) *draft {
	base := m.seek(draw, func(r *relation) bool { return !r.groupage })
	pool := slices.Concat(m.w.sellers["HK"], m.w.sellers["AE"], m.w.sellers["NL"])
	if base == nil || len(pool) == 0 {
		return nil
	}
	r := *base
	r.seller = one(m.d, pool)
	r.tells.origin, r.tells.value = true, true
	if v.lane.mode == cargo.ModeSea {
		r.toOrder, r.tells.notify = "TO ORDER OF COMMERCIAL BANK", true
	}
	c := m.varied(v, r)
	c.note("sold by a trading house, origin stated")
	return c
}

// plantDetour: a way that costs more than it earns, through places where papers change.
func plantDetour(m *maker, v *voyage, draw drawer) *draft {
	r := *m.seek(draw, nil)
	c := m.varied(v, r)
	var stops []*place
	direct := kilometres(r.origin, v.lane.unload)
	for range 60 {
		a, b := m.w.places[one(m.d, detours)], m.w.places[one(m.d, detours)]
		if a != b && a != v.lane.unload && b != v.lane.unload && kilometres(r.origin, a, b, v.lane.unload) > 1.7*direct+1500 {
			stops = []*place{a, b}
			break
		}
	}
	if stops == nil {
		return nil
	}
	n := m.d.between(1, 2)
	for _, p := range stops[:n] {
		m.via(c, p.code)
	}
	c.note("by way of " + stops[0].name)
	m.leave(c, 2,
		trace{0.55, "much longer on the way", func() bool {
			took := c.Journey.Arrival.Sub(c.Journey.Departure)
			c.Journey.Departure = c.Journey.Departure.Add(-time.Duration(float64(took)*m.d.span(0.6, 1.6)) - 48*time.Hour).Truncate(time.Minute)
			c.Document.Issued = c.Journey.Departure.Truncate(day)
			return true
		}},
		trace{0.45, "freight high against the value", func() bool {
			c.Charges.Freight.Amount = cents(c.Charges.Freight.Amount * m.d.span(1.6, 3))
			return c.Charges.Freight.Amount > 0
		}},
		trace{0.4, "by way of a free zone", func() bool { return m.via(c, "AEJEA") }},
		trace{0.4, "made elsewhere than shipped", func() bool {
			c.Goods[0].Origin = one(m.d, []string{"CN", "IN", "TR", "IR", "VN"})
			return c.Goods[0].Origin != r.made
		}},
		trace{0.35, "seller never seen", func() bool { return m.replace(c, cargo.Consignor, m.fresh(one(m.d, []string{"AE", "HK", "CY"}), "")) }},
		trace{0.35, "goods worth little", func() bool { return m.discount(c, m.d.span(0.2, 0.5)) }},
		trace{0.3, "buyer never seen", func() bool { return m.newBuyer(c) }},
	)
	return c
}

var detours = []string{"AEJEA", "PAONX", "MYPKG", "SGSIN", "KEMBA", "OMSLL", "LTVNO", "TRMER", "IRBND", "LKCMB", "ROCND", "ZADUR"}

// twinDetour: the service network goes by a hub, or the ship left out a port.
func twinDetour(m *maker, v *voyage, draw drawer) *draft {
	r := *m.seek(draw, nil)
	c := m.varied(v, r)
	direct := kilometres(r.origin, v.lane.unload)
	hub := m.w.places[one(m.d, []string{"AEJEA", "SGSIN", "MYPKG", "LKCMB", "GRPIR", "ESALG", "OMSLL", "TRMER"})]
	if kilometres(r.origin, hub, v.lane.unload) > 1.6*direct+1200 || !m.via(c, hub.code) {
		return nil
	}
	if m.d.chance(0.4) {
		c.Remarks = "PORT OMITTED, CARGO TRANSHIPPED AT " + strings.ToUpper(hub.name)
	}
	c.note("hub of the service network")
	return c
}

// plantSplit: one shipment on several small bills, each below what somebody looks at.
func plantSplit(m *maker, v *voyage, draw drawer) *draft {
	n := m.d.between(3, 5)
	room := v.bills - len(v.Consignments)
	if room < n || m.quotas.planted < n {
		return nil
	}
	base := m.seek(draw, func(r *relation) bool { return r.goods.price > 1.5 && r.goods.packMass < 100 && r.goods.box == "dry" })
	if base == nil {
		return nil
	}
	r := *base
	r.toOrder, r.groupage, r.tells.value = "", true, true
	below := m.d.chance(0.7) // below 10,000 dollars, where banks and customs ask
	names := !below || m.d.chance(0.45)
	house := m.registry.address(m.d, m.w.countries[r.buyer.country])
	var list []*draft
	for range n {
		x := r
		if names {
			b := *m.fresh(r.buyer.country, r.buyer.city.lat)
			b.address, b.city = house, r.buyer.city
			if m.d.chance(0.5) {
				b.phone = r.buyer.phone
			}
			x.buyer = &b
		}
		mass := m.d.span(8_300, 9_950) / r.goods.price / r.price
		x.size = r.size
		c := m.ordinary(v, &x)
		m.sized(c, mass, below)
		list = append(list, c)
	}
	list[0].note("one shipment on several bills")
	if below {
		list[0].note("each worth just under 10,000")
	}
	if names {
		list[0].note("buyers of several names at one address")
	}
	vague, free, round := m.d.chance(0.3), m.d.chance(0.35), m.d.chance(0.25)
	for _, c := range list {
		if vague {
			m.vague(c)
		}
		if free {
			m.freeMailbox(c)
		}
		if round {
			m.roundMass(c)
		}
	}
	for i, left := range []bool{vague, free, round} {
		if left {
			list[0].note([]string{"vague goods", "free mailbox", "round mass"}[i])
		}
	}
	list[0].more = list[1:]
	return list[0]
}

// sized makes the goods weigh about so much, whatever was drawn.
func (m *maker) sized(c *draft, mass float64, below bool) {
	g := &c.Goods[0]
	packs := max(1, int(mass/c.rel.goods.packMass))
	unit := c.rel.goods.packMass * m.d.span(0.99, 1.01)
	f := float64(packs) * unit / g.GrossMass
	g.Packages = packs
	g.Volume = cents(g.Volume * f)
	g.Value.Amount = cents(g.Value.Amount * f)
	m.rescale(c, kilos(float64(packs)*unit))
	for i := range c.Equipment {
		c.Equipment[i].Packages = packs / len(c.Equipment)
	}
	if below {
		g.Value = inCurrency(m.d.span(8_700, 9_950), "USD")
	}
	c.Charges.Customs = g.Value
	if c.Charges.Freight.Amount > 0 {
		c.Charges.Freight.Amount = cents(max(60, c.Charges.Freight.Amount*min(1, f)))
	}
}

// twinSplit: more than one lorry or box holds goes on several, all full, in the open.
func twinSplit(m *maker, v *voyage, draw drawer) *draft {
	n := m.d.between(2, 3)
	room := v.bills - len(v.Consignments) + m.quotas.ahead
	if room < n || m.quotas.twins < n {
		return nil
	}
	base := m.seek(draw, func(r *relation) bool { return !r.groupage })
	if base == nil {
		return nil
	}
	r := *base
	var list []*draft
	for range n {
		x := r
		c := m.ordinary(v, &x)
		list = append(list, c)
	}
	list[0].note("one order on several full loads")
	list[0].more = list[1:]
	return list[0]
}
