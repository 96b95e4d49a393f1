package simulate

import (
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
)

// maker draws consignments of one period, one after another. It keeps what must run
// on from one to the next: numbers of documents, containers and seals.
type maker struct {
	w        *world
	d        *dice
	period   Period
	t        int // months since the first
	boxes    *boxes
	counters map[string]int
	wagons   int
	messages int
	quotas   quotas
	cases    int // planted ones and twins, so far
	registry *registry
	pending  map[*lane][]*draft // bills of a case that wait for the next place on the lane
	houses   []words            // addresses that front companies share
	seal     string             // lately fixed, for those who copy one
}

func newMaker(w *world, p Period) *maker {
	stream := uint64(2)
	if p == Past {
		stream = 3
	}
	d := newDice(w.Seed, stream)
	m := &maker{w: w, d: d, period: p, boxes: newBoxes(d), counters: map[string]int{}, wagons: d.n(400_000),
		registry: w.registry.after(), pending: map[*lane][]*draft{}}
	for range 6 {
		m.houses = append(m.houses, m.registry.address(d, w.countries["KG"]))
	}
	if p == Past { // the same order of numbers, another part of it
		m.boxes.shift = (m.boxes.shift + 1) % 1_000_000
	}
	return m
}

// draft is a consignment in the making, with what it came from.
type draft struct {
	cargo.Consignment
	rel    *relation
	voyage *voyage
	truth  Truth
	amend  func(*cargo.Consignment) // what a later message changes; nil for none
	more   []*draft                 // further bills of the same case
	usd    float64                  // what the goods are worth, stated or not
}

// ordinary makes the consignment that the relation would send on the voyage.
func (m *maker) ordinary(v *voyage, r *relation) *draft {
	c := &draft{rel: r, voyage: v}
	c.truth.Period = m.period
	c.Nature = cargo.NatureImport
	if r.delivery.country != v.lane.unload.country {
		c.Nature = cargo.NatureTransit
	}
	c.Carrier, c.Transport = v.Carrier, v.Transport
	m.route(c)
	m.load(c)
	m.parties(c)
	m.money(c)
	m.number(c)
	return c
}

// route states the journey: where received, loaded, on the way, unloaded, delivered.
func (m *maker) route(c *draft) {
	v, r := c.voyage, c.rel
	cyr := v.Sender.Cyrillic
	load := r.origin
	if v.lane.load != nil {
		load = v.lane.load
	}
	j := &c.Journey
	j.Voyage, j.Arrival = v.Voyage, v.Arrival
	j.Departure = m.leaves(v, load)
	j.Places = make([]cargo.Place, 0, 6+len(v.lane.via))
	if load != r.origin {
		j.Places = append(j.Places, stop(cargo.PlaceOrigin, r.origin, cyr))
	}
	j.Places = append(j.Places, stop(cargo.PlaceLoading, load, cyr))
	for _, p := range v.lane.via {
		j.Places = append(j.Places, stop(cargo.PlaceTransit, p, cyr))
	}
	j.Places = append(j.Places, stop(cargo.PlaceUnloading, v.lane.unload, cyr))
	j.Places = append(j.Places, stop(cargo.PlaceDestination, r.delivery, cyr))
	j.Places = append(j.Places, cargo.Place{Role: cargo.PlaceOffice, Code: v.lane.office})
	before := m.d.hours(4, 60)
	if v.lane.mode == cargo.ModeAir || v.lane.mode == cargo.ModeRoad {
		before = m.d.hours(1, 20)
	}
	c.Document.Issued = j.Departure.Add(before - 50*time.Hour).Truncate(24 * time.Hour)
	if c.Document.Issued.After(j.Departure) {
		c.Document.Issued = j.Departure.Truncate(24 * time.Hour)
	}
}

func (m *maker) parties(c *draft) {
	r, cyr := c.rel, c.voyage.Sender.Cyrillic
	c.Parties = make([]cargo.Party, 0, 5)
	c.Parties = append(c.Parties, r.seller.party(cargo.Consignor, cyr))
	if r.toOrder != "" {
		c.Parties = append(c.Parties, cargo.Party{Role: cargo.Consignee, Name: r.toOrder})
	} else {
		c.Parties = append(c.Parties, r.buyer.party(cargo.Consignee, cyr))
	}
	if r.tells.notify {
		c.Parties = append(c.Parties, r.buyer.party(cargo.NotifyParty, cyr))
	}
	if g := c.voyage.group; g != nil && c.Document.Kind == cargo.DocumentHouse {
		c.Parties = append(c.Parties, g.forwards.party(cargo.Forwarder, cyr))
	} else if r.forwards != nil {
		c.Parties = append(c.Parties, r.forwards.party(cargo.Forwarder, cyr))
	}
	if r.agent != nil {
		c.Parties = append(c.Parties, r.agent.party(cargo.Agent, cyr))
	}
}

// euro and rouble are units of the currency for one US dollar.
const (
	euro   = 0.92
	rouble = 88.0
)

func inCurrency(usd float64, currency string) cargo.Money {
	switch currency {
	case "EUR":
		usd *= euro
	case "RUB":
		usd *= rouble
	}
	return cargo.Money{Amount: cents(usd), Currency: currency}
}

// cents rounds to two decimals.
func cents(x float64) float64 { return float64(int64(x*100+0.5)) / 100 }

// kilos rounds as a scale does: to the kilogram, or to ten grams for little things.
func kilos(x float64) float64 {
	if x < 200 {
		return float64(int64(x*10+0.5)) / 10
	}
	return float64(int64(x + 0.5))
}

func (m *maker) money(c *draft) {
	r := c.rel
	currency := m.w.countries[r.seller.country].currency
	for i := range c.Goods {
		g := &c.Goods[i]
		usd := g.NetMass * r.goods.price * r.price * m.d.lognormal(1, 0.05)
		c.usd += usd
		if r.tells.value {
			g.Value = inCurrency(usd, currency)
		}
		if !r.tells.net {
			g.NetMass = 0
		}
	}
	if r.tells.value {
		c.Charges.Customs = inCurrency(c.usd, currency)
	}
	freight := m.freight(c)
	if r.tells.freight {
		c.Charges.Freight = inCurrency(freight, "USD")
		c.Charges.Payment = "prepaid"
		if m.d.chance(0.3) {
			c.Charges.Payment = "collect"
		}
	}
	if r.tells.insurance {
		c.Charges.Insurance = inCurrency(c.usd*m.d.span(0.002, 0.006)+12, "USD")
	}
}

// freight is what the carriage costs in US dollars: by distance, and by container,
// wagon, lorry or weight.
func (m *maker) freight(c *draft) float64 {
	v, mass := c.voyage, c.GrossMass()
	km := kilometres(c.rel.origin, v.lane.unload, c.rel.delivery) * 1.25
	noise := m.d.lognormal(1, 0.12)
	units := float64(max(1, len(c.Equipment)))
	share := 1.0
	if c.rel.groupage && c.voyage.group != nil {
		share = min(1, mass/15_000+0.05)
	}
	switch v.lane.mode {
	case cargo.ModeSea:
		if len(c.Equipment) == 0 {
			return mass / 1000 * (9 + km*0.0022) * noise
		}
		perBox := 650 + km*0.11
		if c.Equipment[0].Temperature != nil {
			perBox *= 1.8
		}
		return perBox * units * share * noise
	case cargo.ModeRail:
		return (400 + km*0.55) * units * share * noise
	case cargo.ModeRoad:
		return (180 + km*0.95) * max(0.04, min(1, mass/20_000)) * units * noise
	default:
		return (1.1 + km*0.00042) * max(mass, 45) * noise
	}
}

// number gives the transport document its number, unique in the world, in the shape
// of whoever issues it.
func (m *maker) number(c *draft) {
	v := c.voyage
	t := &c.Document
	house := t.Kind == cargo.DocumentHouse
	if t.Kind == "" {
		t.Kind = cargo.DocumentMaster
	}
	switch v.lane.mode {
	case cargo.ModeSea:
		t.Type = "705"
	case cargo.ModeRail:
		t.Type = "720"
	case cargo.ModeRoad:
		t.Type = "730"
	default:
		t.Type = "741"
		if !house {
			t.Type = "740"
		}
	}
	if house {
		f := v.group.forwards
		if v.lane.mode != cargo.ModeAir {
			t.Type = "714"
		} else {
			t.Type = "703"
		}
		t.Master = v.group.master
		t.Number = m.run("house", initials(f.name.lat)+strings.Repeat("9", 9))
		return
	}
	t.Number = m.masterNumber(v)
}

func (m *maker) masterNumber(v *voyage) string {
	switch {
	case v.haulier != nil:
		return m.run("cmr", "CMR"+v.haulier.country+"99999999")
	case v.lane.mode == cargo.ModeAir:
		n, _ := strconv.Atoi(m.run(v.carrier.airline, "9999999"))
		return airWaybill(v.carrier.airline, n)
	default:
		return m.run(v.carrier.code, v.carrier.shape)
	}
}

// run counts up in a shape, by small steps as a busy office does: 9 stands for a
// digit, A for a letter, and the carry goes from right to left. The past counts in the
// lower part of the range and the month in the upper, so that they never meet.
func (m *maker) run(series, pattern string) string {
	size := 1
	for _, c := range pattern {
		if c == '9' {
			size *= 10
		} else if c == 'A' {
			size *= 26
		}
		if size > 1_000_000_000 {
			size = 1_000_000_000
		}
	}
	n, seen := m.counters[series]
	if !seen {
		salt := 0
		for i := 0; i < len(series); i++ {
			salt = (salt*31 + int(series[i])) % 9973
		}
		n = int(float64(size) * (0.1 + float64(salt)/9973*0.05 + float64(m.w.Seed%89)/89*0.02))
		if m.period == ThisMonth {
			n += size * 2 / 5
		}
	}
	n += m.d.between(1, 4)
	m.counters[series] = n
	b := []byte(pattern)
	for i := len(b) - 1; i >= 0; i-- {
		switch b[i] {
		case '9':
			b[i] = byte('0' + n%10)
			n /= 10
		case 'A':
			b[i] = byte('A' + n%26)
			n /= 26
		}
	}
	return string(b)
}

// initials are the first three letters of a name, to mark a forwarder's house bills.
func initials(name string) string {
	b := make([]byte, 0, 3)
	for i := 0; i < len(name) && len(b) < 3; i++ {
		if name[i] >= 'A' && name[i] <= 'Z' && name[i] != 'A' {
			b = append(b, name[i])
		}
	}
	for len(b) < 3 {
		b = append(b, 'X')
	}
	return string(b)
}
