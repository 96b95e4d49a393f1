package simulate

import (
	"math"
	"slices"
	"strings"

	"tidewaiter/internal/cargo"
)

// scheme is a way to smuggle that officers know. plant makes a consignment with some
// of the traces that it leaves in papers; twin one that looks alike and is innocent.
// Both return nil where the voyage offers no occasion.
type scheme struct {
	name  string
	modes string // of "stra"
	plant func(m *maker, v *voyage, draw drawer) *draft
	twin  func(m *maker, v *voyage, draw drawer) *draft
}

// schemes are the planted ones. Sources: field notes, targeting §2 (documentary,
// route, party, goods, weight, price, seal signs), documents §4, seals §4.
var schemes = []scheme{
	{"rip_on_rip_off", "s", plantRip, twinRip},
	{"undeclared_weight", "str", plantWeight, twinWeight},
	{"precursor_diversion", "str", plantPrecursor, twinPrecursor},
	{"strategic_goods_third_country", "tra", plantStrategic, twinStrategic},
	{"counterfeit_brands", "stra", plantCounterfeit, twinCounterfeit},
	{"front_company", "stra", plantFront, twinFront},
	{"revived_dormant_importer", "stra", plantRevived, twinRevived},
	{"switched_bill", "st", plantSwitched, twinSwitched},
	{"bad_check_digit", "st", plantDigit, twinDigit},
	{"circuitous_route", "stra", plantDetour, twinDetour},
	{"split_consignments", "stra", plantSplit, twinSplit},
}

// Schemes returns the names of the planted schemes.
func Schemes() []string {
	names := make([]string, len(schemes))
	for i, s := range schemes {
		names[i] = s.name
	}
	return names
}

// quotas say how much is still to be planted over the rest of the month, so that the
// counts come out exact wherever the dice fall.
type quotas struct {
	slots, planted, twins int
	ahead                 int // bills on later voyages of the lane today
	used                  [2][16]int
	open                  [16]bool // schemes that may be planted
	opened                int      // how many these are
	reach                 float64  // share of the trade that goes by a mode of theirs
}

func newQuotas(o Options) quotas {
	n := float64(o.Consignments)
	q := quotas{slots: o.Consignments, planted: int(math.Round(o.PlantedRate * n)), twins: int(math.Round(o.TwinRate * n)), reach: 1}
	for i, s := range schemes {
		if q.open[i] = len(o.Schemes) == 0 || slices.Contains(o.Schemes, s.name); q.open[i] {
			q.opened++
		}
	}
	if len(o.Schemes) > 0 {
		q.reach = 0
		for _, mode := range cargo.Modes {
			if q.fits(mode) {
				q.reach += modeShare[mode]
			}
		}
	}
	return q
}

// fits reports whether a scheme that may be planted goes by the mode.
func (q *quotas) fits(mode cargo.Mode) bool {
	for i, s := range schemes {
		if q.open[i] && strings.IndexByte(s.modes, " stra"[mode]) >= 0 {
			return true
		}
	}
	return false
}

// next makes the next consignment of the voyage: a waiting bill of a case, a planted
// one, a twin, or an ordinary one.
func (m *maker) next(v *voyage, draw drawer) []*draft {
	q := &m.quotas
	if list := m.pending[v.lane]; len(list) > 0 {
		m.pending[v.lane] = list[1:]
		list[0].board(v)
		return list[:1]
	}
	defer func() { q.slots-- }()
	planted, twins := q.wanted(v, 0), q.wanted(v, 1)
	if x := m.d.f() * float64(q.slots); x < planted {
		if c := m.enact(v, draw, 0); c != nil {
			return []*draft{c}
		}
	} else if x < planted+twins {
		if c := m.enact(v, draw, 1); c != nil {
			return []*draft{c}
		}
	}
	c := m.ordinary(v, draw.list[draw.draw(m.d)])
	m.untidy(c)
	return []*draft{c}
}

// wanted is how many cases are still to come, more of them where the rest of the trade
// has no room for any, and on a lane from a source country as long as rip-on/rip-off,
// which needs one, is behind.
func (q *quotas) wanted(v *voyage, which int) float64 {
	left := q.planted
	if which == 1 {
		left = q.twins
	}
	if v.lane.mode == cargo.ModeSea && left > 0 && q.open[0] {
		sum := 0
		for _, n := range q.used[which] {
			sum += n
		}
		if rip := q.used[which][0]; rip*q.opened <= sum && slices.ContainsFunc(v.lane.origins, fromSource) {
			return float64(left) * 3 / q.reach
		}
	}
	return float64(left) / q.reach
}

func fromSource(p *place) bool { return slices.Contains(sourceCountries, p.country) }

// board moves a waiting bill to the voyage that carries it.
func (c *draft) board(v *voyage) {
	if c.voyage == v {
		return
	}
	old := c.Transport.ID
	c.voyage, c.Carrier, c.Transport = v, v.Carrier, v.Transport
	late := v.Arrival.Sub(c.Journey.Arrival)
	c.Journey.Voyage, c.Journey.Arrival, c.Journey.Departure = v.Voyage, v.Arrival, c.Journey.Departure.Add(late)
	if c.Journey.Departure.Before(v.Departure) || v.Departure.IsZero() {
		v.Departure, v.Loading = c.Journey.Departure, c.Journey.At(cargo.PlaceLoading)
	}
	for k := range c.Equipment {
		if c.Equipment[k].Number == old {
			c.renumber(k, v.Transport.ID)
		}
	}
}

// enact makes a case of the scheme that was used least among those that fit; which is
// 0 for a planted one and 1 for a twin.
func (m *maker) enact(v *voyage, draw drawer, which int) *draft {
	q := &m.quotas
	tried := [16]bool{}
	for range schemes {
		best, start := -1, m.d.n(len(schemes))
		for k := range schemes {
			i := (start + k) % len(schemes)
			if tried[i] || !q.open[i] || strings.IndexByte(schemes[i].modes, " stra"[v.lane.mode]) < 0 {
				continue
			}
			if best < 0 || q.used[which][i] < q.used[which][best] {
				best = i
			}
		}
		if best < 0 {
			return nil
		}
		tried[best] = true
		do := schemes[best].plant
		if which == 1 {
			do = schemes[best].twin
		}
		if c := do(m, v, draw); c != nil {
			m.account(c, schemes[best].name, which)
			q.used[which][best] += 1 + len(c.more)/2
			return c
		}
	}
	return nil
}

// account writes the truth of a case and counts its bills.
func (m *maker) account(c *draft, name string, which int) {
	q := &m.quotas
	m.cases++
	for i, x := range append([]*draft{c}, c.more...) {
		x.truth.Case = m.cases
		x.truth.Scheme, x.truth.Planted, x.truth.Twin = name, which == 0, which == 1
		x.truth.Note = c.truth.Note
		if which == 0 {
			q.planted--
		} else {
			q.twins--
		}
		if i > 0 {
			q.slots--
			m.pending[c.voyage.lane] = append(m.pending[c.voyage.lane], x)
		}
	}
}

// trace is one sign that a scheme may leave, with its chance.
type trace struct {
	chance float64
	note   string
	leave  func() bool // false where the papers have no room for it
}

// leave draws which traces there are, but at least so many of them where possible:
// a case that shows nothing in its papers is not a papers' case.
func (m *maker) leave(c *draft, least int, list ...trace) {
	left := 0
	order := m.d.r.Perm(len(list))
	done := make([]bool, len(list))
	for pass := range 2 {
		for _, i := range order {
			t := list[i]
			if done[i] || pass == 0 && !m.d.chance(t.chance*m.w.Traces) || pass == 1 && left >= least {
				continue
			}
			done[i] = true
			if t.leave() {
				left++
				c.note(t.note)
			}
		}
	}
}

func (c *draft) note(s string) {
	if c.truth.Note != "" {
		c.truth.Note += "; "
	}
	c.truth.Note += s
}

// seek draws a relation of the lane that the test likes, or nil.
func (m *maker) seek(draw drawer, like func(*relation) bool) *relation {
	for range 60 {
		if r := draw.list[draw.draw(m.d)]; like == nil || like(r) {
			return r
		}
	}
	return nil
}

// varied makes the consignment of a relation that was changed for this case.
func (m *maker) varied(v *voyage, r relation) *draft {
	c := m.ordinary(v, &r)
	m.untidy(c)
	return c
}

// replace states another company in a role, or adds it.
func (m *maker) replace(c *draft, role cargo.PartyRole, with *company) bool {
	p := with.party(role, c.voyage.Sender.Cyrillic)
	if old := c.Party(role); old != nil {
		*old = p
	} else {
		c.Parties = append(c.Parties, p)
	}
	return true
}

// buyer returns the party that gets the goods: the notify party of an order bill.
func (c *draft) buyer() *cargo.Party {
	if c.rel.toOrder != "" {
		if p := c.Party(cargo.NotifyParty); p != nil {
			return p
		}
	}
	return c.Party(cargo.Consignee)
}

// both changes what is stated of the buyer wherever it stands.
func (c *draft) both(change func(*cargo.Party)) bool {
	name := c.buyer().Name
	for i := range c.Parties {
		if p := &c.Parties[i]; p.Name == name && (p.Role == cargo.Consignee || p.Role == cargo.NotifyParty) {
			change(p)
		}
	}
	return true
}

// fresh founds a company that never traded before.
func (m *maker) fresh(country, city string) *company { return m.registry.found(m.d, country, city) }

// withGoods returns a relation of the lane, changed to one of the headings.
func (m *maker) withGoods(v *voyage, draw drawer, headings ...string) (relation, bool) {
	base := m.seek(draw, nil)
	hs := one(m.d, headings)
	for _, g := range m.w.goods {
		if g.hs == hs && strings.IndexByte(g.modes, " stra"[v.lane.mode]) >= 0 {
			r := *base
			r.goods, r.toOrder = g, ""
			r.groupage = r.groupage && g.packMass < 300
			return r, true
		}
	}
	return *base, false
}

// discount states lower values.
func (m *maker) discount(c *draft, factor float64) bool {
	stated := false
	for i := range c.Goods {
		if c.Goods[i].Value.Amount > 0 {
			c.Goods[i].Value.Amount = cents(c.Goods[i].Value.Amount * factor)
			stated = true
		}
	}
	c.Charges.Customs.Amount = cents(c.Charges.Customs.Amount * factor)
	return stated
}
