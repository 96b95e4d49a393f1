package simulate

import (
	"math"

	"tidewaiter/internal/cargo"
)

// relation is a standing trade: who sells what to whom by which way, and how often.
type relation struct {
	lane            *lane
	from, to        int // months in which it trades, counted from ours, which is 0
	origin          *place
	delivery        *place
	goods           *goods
	made            string // country where the goods are made
	seller, buyer   *company
	agent, forwards *company // either may be nil
	weight          float64
	phase           float64 // of the year's swing
	price           float64 // against the goods' usual one
	size            float64 // against the usual consignment
	wording         int
	groupage        bool
	toOrder         string // what stands in place of the consignee, else empty
	tells           tells
}

// tells are what its papers usually state.
type tells struct {
	value, hs, origin, net, volume, vgm, freight, insurance, notify bool
	hsDigits                                                        int
}

// active reports whether it trades in the month, which is the calendar month of the
// year at the offset t.
func (r *relation) active(t, calendar int) bool {
	return t >= r.from && t <= r.to && r.goods.months[calendar]
}

// pace is how much it trades in a calendar month: the standing weight and a swing.
func (r *relation) pace(calendar int) float64 {
	return r.weight * (1 + 0.35*math.Cos(2*math.Pi*(float64(calendar)-r.phase)/12))
}

// world is everything that stays the same through the months.
type world struct {
	Options
	*atlas
	registry  *registry
	relations []*relation
	byLane    map[*lane][]*relation
	dormant   map[cargo.Mode][]*relation // ended long ago; nobody uses them but a scheme
	returning map[cargo.Mode][]*relation // traded a year ago in this season, and not since
	hauliers  map[string][]*company
	vessels   map[string][]vessel
	sellers   map[string][]*company // with repeats: who sells much is found often
	buyers    map[string][]*company
	sector    map[*company]string
	agents    map[string][]*company
	forwards  []*company
	laneOf    map[cargo.Mode]alias
	modeLanes map[cargo.Mode][]*lane
	order     map[*lane]int
}

type vessel struct{ imo, name, flag string }

// modeShare is each mode's part of the transport documents.
var modeShare = map[cargo.Mode]float64{cargo.ModeSea: 0.36, cargo.ModeRail: 0.21, cargo.ModeRoad: 0.31, cargo.ModeAir: 0.12}

func newWorld(o Options) *world {
	w := &world{
		Options: o, atlas: theAtlas(), registry: newRegistry(theAtlas()), byLane: map[*lane][]*relation{},
		dormant: map[cargo.Mode][]*relation{}, returning: map[cargo.Mode][]*relation{}, hauliers: map[string][]*company{},
		vessels: map[string][]vessel{}, sellers: map[string][]*company{}, buyers: map[string][]*company{},
		sector: map[*company]string{}, agents: map[string][]*company{}, laneOf: map[cargo.Mode]alias{},
		modeLanes: map[cargo.Mode][]*lane{}, order: map[*lane]int{},
	}
	d := newDice(o.Seed, 1)
	relations := min(max(o.Consignments/5, 150), 60_000)
	w.settle(d, relations)
	for _, m := range cargo.Modes {
		var weights []float64
		var sum float64
		for _, l := range w.modeLanes[m] {
			weights = append(weights, l.weight)
			sum += l.weight
		}
		w.laneOf[m] = newAlias(weights)
		for _, l := range w.modeLanes[m] {
			n := max(4, int(float64(relations)*modeShare[m]*l.weight/sum))
			for range n {
				from, to := w.life(d)
				w.relate(d, l, from, to)
			}
			for t := 1; t < w.Months; t++ {
				for range n * newInHundred / 100 {
					w.relate(d, l, t, w.Months-1)
				}
			}
		}
		w.sleepers(d, m, relations)
	}
	return w
}

// settle founds who serves the trade: carriers' ships, hauliers, agents, forwarders.
func (w *world) settle(d *dice, relations int) {
	for i, l := range w.lanes {
		w.order[l] = i
		w.modeLanes[l.mode] = append(w.modeLanes[l.mode], l)
		for _, c := range l.carriers {
			switch {
			case c[0] == '*' && w.hauliers[c[1:]] == nil:
				for range 8 + relations/150 {
					w.hauliers[c[1:]] = append(w.hauliers[c[1:]], w.registry.found(d, c[1:], ""))
				}
			case l.mode == cargo.ModeSea && w.vessels[c] == nil:
				w.vessels[c] = launch(d, w.carriers[c])
			}
		}
		country := l.unload.country
		if w.agents[country] == nil {
			for range 6 + relations/120 {
				w.agents[country] = append(w.agents[country], w.registry.found(d, country, ""))
			}
		}
	}
	for range 12 + relations/80 {
		w.forwards = append(w.forwards, w.registry.found(d, one(d, []string{"CN", "TR", "DE", "AE", "RU", "KZ", "CN", "SG"}), ""))
	}
}

var shipNames = []string{"AURORA", "PACIFIC", "GRACE", "TRIUMPH", "HARMONY", "ORCHID", "LEVANT", "NILE", "HORIZON", "PEARL", "FORTUNE", "VOYAGER", "STELLA", "MERIDIAN"}
var flags = []string{"PA", "LR", "MH", "SG", "HK", "MT", "CY", "DK", "PT"}

func launch(d *dice, c *carrier) []vessel {
	list := make([]vessel, 12)
	for i := range list {
		list[i] = vessel{imoNumber(d.n(99_999)), c.code + " " + shipNames[(i+d.n(3)*4)%len(shipNames)], one(d, flags)}
		if i >= len(shipNames)/2 {
			list[i].name += " " + pad(d.between(2, 19), 1)
		}
	}
	return list
}

// newInHundred is how many of a hundred relations trade for the first time in a month,
// as life draws them for the first month.
const newInHundred = 6

// life draws in which months a relation trades.
func (w *world) life(d *dice) (from, to int) {
	switch past := max(w.History, 18); {
	case d.chance(0.62):
		return -past, w.Months - 1
	case d.chance(0.7):
		return -d.between(1, past), w.Months - 1
	case d.chance(0.5):
		return 0, w.Months - 1 // trades for the first time this month
	default:
		from = -d.between(6, past)
		return from, from + d.between(1, 5)
	}
}

// sleepers adds importers that fell silent long ago, and some that come back each
// year for one season.
func (w *world) sleepers(d *dice, m cargo.Mode, relations int) {
	for t := range w.Months {
		w.sleepersOf(d, m, relations, t)
	}
}

// sleepersOf adds those that come back in the month at the offset t.
func (w *world) sleepersOf(d *dice, m cargo.Mode, relations, t int) {
	month := (int(w.Month.Month())-1+t)%12 + 1
	for range 3 + relations/60 {
		l := w.modeLanes[m][w.laneOf[m].draw(d)]
		from := -d.between(13, 18)
		r := w.newRelation(d, l, from, from+d.between(0, 3), func(g *goods) bool { return !g.seasonal })
		r.buyer = w.registry.found(d, r.delivery.country, r.delivery.name) // nobody else's
		w.dormant[m] = append(w.dormant[m], r)
		l = w.modeLanes[m][w.laneOf[m].draw(d)]
		r = w.newRelation(d, l, t-13, t-11, func(g *goods) bool { return g.seasonal && g.months[month] })
		r.buyer = w.registry.found(d, r.delivery.country, r.delivery.name)
		w.returning[m] = append(w.returning[m], r)
	}
}

func (w *world) relate(d *dice, l *lane, from, to int) *relation {
	r := w.newRelation(d, l, from, to, nil)
	w.relations = append(w.relations, r)
	w.byLane[l] = append(w.byLane[l], r)
	return r
}

// newRelation draws a trade that fits the lane; with prefer it tries to find goods
// that the test likes.
func (w *world) newRelation(d *dice, l *lane, from, to int, prefer func(*goods) bool) *relation {
	r := &relation{lane: l, from: from, to: to, weight: d.pareto(1.05, 300), phase: d.span(0, 12), price: d.lognormal(1, 0.16), size: d.lognormal(1, 0.45)}
	r.delivery = l.delivery[min(int(d.pareto(0.9, 9))-1, len(l.delivery)-1)]
	r.origin = one(d, l.origins)
	for try := 0; ; try++ {
		if try > 0 && try%6 == 0 {
			r.origin = one(d, l.origins)
		}
		g := one(d, w.goods)
		made := r.origin.country
		if !g.fits(l.mode, made) {
			if !hubs[made] || try < 12 || !g.fits(l.mode, one(d, hubMakers)) {
				continue
			}
			made = one(d, g.origins)
		}
		if prefer == nil || prefer(g) || try > 900 {
			r.goods, r.made = g, made
			break
		}
	}
	w.partners(d, r)
	w.habits(d, r)
	return r
}

// hubs sell on what others make.
var hubs = map[string]bool{"HK": true, "AE": true, "NL": true, "LT": true, "SG": true, "BE": true, "GB": true, "MY": true, "PL": true, "GR": true, "MX": true, "SN": true}
var hubMakers = []string{"CN", "DE", "TR", "RU", "IN", "US"}

func (w *world) partners(d *dice, r *relation) {
	r.seller = w.known(d, w.sellers, r.origin.country, "", r.goods.sector)
	r.buyer = w.known(d, w.buyers, r.delivery.country, r.delivery.name, r.goods.sector)
	if d.chance(0.45) {
		r.agent = one(d, w.agents[r.lane.unload.country])
	}
	if d.chance(0.35) {
		r.forwards = one(d, w.forwards)
	}
	if r.lane.mode == cargo.ModeSea {
		commodity := r.goods.box == "bulk" || r.goods.sector == "agro" || r.goods.sector == "metal"
		if commodity && d.chance(0.22) || d.chance(0.03) {
			r.toOrder = one(d, []string{"TO ORDER", "TO THE ORDER", "TO ORDER OF NATIONAL BANK", "TO ORDER OF COMMERCIAL BANK", "TO ORDER OF SHIPPER"})
		}
	}
}

func (w *world) habits(d *dice, r *relation) {
	g, m := r.goods, r.lane.mode
	p := map[cargo.Mode][4]float64{ // value, HS, freight, notify
		cargo.ModeSea: {0.28, 0.65, 0.6, 0.85}, cargo.ModeRail: {0.6, 0.9, 0.6, 0.15},
		cargo.ModeRoad: {0.78, 0.88, 0.5, 0.1}, cargo.ModeAir: {0.7, 0.6, 0.9, 0.3},
	}[m]
	r.wording = d.n(6)
	r.groupage = g.box == "dry" && g.packMass < 300 && d.chance(map[cargo.Mode]float64{cargo.ModeSea: 0.2, cargo.ModeRail: 0.15, cargo.ModeRoad: 0.5, cargo.ModeAir: 0.5}[m])
	r.tells = tells{
		value: d.chance(p[0]), hs: d.chance(p[1]), freight: d.chance(p[2]), notify: d.chance(p[3]) || r.toOrder != "",
		origin: d.chance(0.55), net: d.chance(0.6), volume: d.chance(0.55), vgm: m == cargo.ModeSea && d.chance(0.85),
		insurance: d.chance(0.15), hsDigits: one(d, []int{6, 6, 6, 8, 10}),
	}
}

// known finds a company of the country that deals in the sector, the busier the
// likelier, or founds one. So few companies do much and many little.
func (w *world) known(d *dice, pool map[string][]*company, country, city, sector string) *company {
	list := pool[country]
	for range 4 {
		if len(list) == 0 || !d.chance(0.24) {
			continue
		}
		c := one(d, list)
		if w.sector[c] == sector || w.sector[c] == "any" || d.chance(0.03) {
			pool[country] = append(list, c)
			return c
		}
	}
	c := w.registry.found(d, country, city)
	w.sector[c] = sector
	if d.chance(0.12) {
		w.sector[c] = "any"
	}
	pool[country] = append(list, c)
	return c
}
