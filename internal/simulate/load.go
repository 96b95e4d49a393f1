package simulate

import (
	"math"
	"strconv"
	"strings"

	"tidewaiter/internal/cargo"
)

// maxGross is what a container may weigh with its goods. ISO 668:2013.
const maxGross = 30_480

// boxType is a kind of container: its tare and what goes in.
type boxType struct {
	code       string // ISO 6346 size-type
	tare, cube float64
	payload    float64
}

var boxTypes = map[string]boxType{
	"22G1": {"22G1", 2230, 33, 27_500}, "42G1": {"42G1", 3720, 67, 26_400}, "45G1": {"45G1", 3880, 76, 26_300},
	"22R1": {"22R1", 3050, 28, 26_800}, "45R1": {"45R1", 4620, 67, 25_600}, "22T1": {"22T1", 3650, 26, 26_400},
	"22U1": {"22U1", 2330, 32, 27_300}, "42U1": {"42U1", 3900, 65, 26_200},
}

func (m *maker) boxFor(g *goods) boxType {
	switch {
	case g.box == "reefer" && m.d.chance(0.88):
		return boxTypes["45R1"]
	case g.box == "reefer":
		return boxTypes["22R1"]
	case g.box == "tank":
		return boxTypes["22T1"]
	case g.box == "open" && g.density > 600:
		return boxTypes["22U1"]
	case g.box == "open":
		return boxTypes["42U1"]
	case g.density > 650:
		return boxTypes["22G1"]
	case m.d.chance(0.75):
		return boxTypes["45G1"]
	default:
		return boxTypes["42G1"]
	}
}

// load packs the goods: how much, in how many packages, in which equipment.
func (m *maker) load(c *draft) {
	g, v := c.rel.goods, c.voyage
	switch v.lane.mode {
	case cargo.ModeSea, cargo.ModeRail:
		switch {
		case g.box == "bulk" && v.lane.mode == cargo.ModeSea:
			m.loose(c, m.d.lognormal(4_000_000, 0.7))
		case v.lane.mode == cargo.ModeRail && (g.box == "bulk" || g.box == "tank" || g.box == "open" || g.density > 700 && m.d.chance(0.4)):
			m.inWagons(c)
		case c.rel.groupage && v.bills > 1:
			m.shared(c)
		default:
			m.inBoxes(c)
		}
	case cargo.ModeRoad:
		m.onLorry(c)
	default:
		m.onFlight(c)
	}
	m.total(c)
}

// total states the sums of the document, as most senders do.
func (m *maker) total(c *draft) {
	c.Totals = cargo.Totals{Packages: c.Packages(), GrossMass: cents(c.GrossMass()), Containers: len(c.Equipment)}
}

// item writes the goods line of a mass near the wanted one, in whole packages.
func (m *maker) item(c *draft, mass float64) *cargo.GoodsItem {
	r, g := c.rel, c.rel.goods
	perPack := g.packMass * m.d.span(0.985, 1.015)
	n := 1
	if g.pack != "VR" && g.pack != "VL" {
		n = max(1, int(math.Round(mass/perPack)))
		mass = float64(n) * perPack
	}
	mass = kilos(mass)
	item := cargo.GoodsItem{
		Number: len(c.Goods) + 1, Description: m.describe(c), Packages: n, PackageType: g.pack,
		GrossMass: mass, NetMass: kilos(mass * (1 - wrapping[g.pack])), DG: g.un, DGClass: g.class,
	}
	if r.tells.hs {
		item.HS = m.heading(g, r.tells.hsDigits)
	}
	if r.tells.origin {
		item.Origin = r.made
	}
	if r.tells.volume {
		item.Volume = float64(int64(mass/g.density*m.d.span(0.97, 1.03)*100+0.5)) / 100
	}
	item.Marks = m.marks(c)
	c.Goods = append(c.Goods, item)
	return &c.Goods[len(c.Goods)-1]
}

// wrapping is the part of the gross mass that a kind of package is.
var wrapping = map[string]float64{"BG": 0.008, "CT": 0.065, "DR": 0.08, "IC": 0.06, "PX": 0.03, "BL": 0.008, "RO": 0.03, "CS": 0.06, "BE": 0.004, "CA": 0.07, "PP": 0.03}

func (m *maker) heading(g *goods, digits int) string {
	hs := g.hs
	for len(hs) < digits {
		hs += []string{"00", "10", "90"}[(len(g.en[0])+len(hs))%3]
	}
	return hs
}

// describe words the goods as this sender does.
func (m *maker) describe(c *draft) string {
	g := c.rel.goods
	if c.voyage.Sender.Cyrillic {
		return g.ru[c.rel.wording%len(g.ru)]
	}
	return g.en[c.rel.wording%len(g.en)]
}

func (m *maker) marks(c *draft) string {
	switch m.d.n(5) {
	case 0:
		return "N/M"
	case 1:
		return initials(c.rel.buyer.name.lat) + " / " + strings.ToUpper(c.rel.delivery.name) + " / C-NO 1-UP"
	case 2:
		return "ORDER " + strconv.Itoa(m.d.between(1000, 99_999))
	default:
		return ""
	}
}

// inBoxes fills whole containers.
func (m *maker) inBoxes(c *draft) {
	g := c.rel.goods
	kind := m.boxFor(g)
	n := min(14, max(1, int(c.rel.size*m.d.pareto(1.5, 14))))
	limit := min(kind.payload-300, kind.cube*0.93*g.density)
	each := limit * m.d.span(0.8, 0.98)
	if n == 1 && m.d.chance(0.15) {
		each *= m.d.span(0.4, 0.9)
	}
	if g.packMass > each/12 && g.pack != "VR" && g.pack != "VL" { // pieces so heavy that each box takes the same number
		each = max(1, math.Floor(each/g.packMass/1.02)) * g.packMass
	}
	item := m.item(c, each*float64(n))
	m.spread(c, item, n, kind)
}

// spread divides an item over n new containers.
func (m *maker) spread(c *draft, item *cargo.GoodsItem, n int, kind boxType) {
	packs, mass := item.Packages, item.GrossMass
	for i := range n {
		p := packs / (n - i)
		share := kilos(mass / float64(n-i))
		if item.Packages >= n {
			share = kilos(item.GrossMass * float64(p) / float64(item.Packages))
		}
		if i == n-1 {
			share = cents(mass)
		}
		e := m.container(c, kind, share)
		e.Packages = p
		c.Equipment = append(c.Equipment, e)
		item.Equipment = append(item.Equipment, e.Number)
		packs, mass = packs-p, mass-share
	}
}

// container takes a box of the carrier or a lessor, and seals it.
func (m *maker) container(c *draft, kind boxType, goods float64) cargo.Equipment {
	v := c.voyage
	owners := lessors
	if v.carrier != nil && len(v.carrier.owners) > 0 && m.d.chance(0.68) {
		owners = v.carrier.owners
	}
	e := cargo.Equipment{
		Number: m.boxes.number(one(m.d, owners)), SizeType: kind.code, Fullness: cargo.FCL, GrossMass: goods,
		Tare: math.Round(kind.tare*m.d.span(0.97, 1.03)/10) * 10,
	}
	if t := c.rel.goods.temperature; t != nil && c.rel.goods.box == "reefer" {
		set := *t
		e.Temperature = &set
	}
	if c.rel.tells.vgm {
		e.VerifiedGross = m.weigh(goods + e.Tare)
	}
	e.Seals = m.seals(v)
	return e
}

// lessors own containers that any line uses.
var lessors = []string{"TCLU", "TGHU", "FCIU", "CAIU", "BMOU", "TEMU", "GESU", "TRHU", "SEGU", "DFSU"}

// weigh is the verified gross mass: pallets and dunnage come on top, and scales err.
func (m *maker) weigh(x float64) float64 {
	if m.d.chance(0.3) {
		x += m.d.span(60, 380)
	}
	return min(maxGross, math.Round(x*(1+0.003*m.d.r.NormFloat64())/10)*10)
}

// seals fixes the carrier's seal, of its running series, and at times the shipper's.
func (m *maker) seals(v *voyage) []cargo.Seal {
	s := []cargo.Seal{{Number: m.carrierSeal(v), Party: "carrier"}}
	if m.d.chance(0.16) {
		s = append(s, cargo.Seal{Number: shape(m.d, "SH999999"), Party: "shipper"})
	}
	return s
}

func (m *maker) carrierSeal(v *voyage) string {
	if v.haulier != nil {
		return m.run("seal "+v.haulier.country, v.haulier.country+"9999999")
	}
	return m.run("seal "+v.carrier.code, v.carrier.seal)
}

// shared puts a house consignment into the forwarder's groupage container.
func (m *maker) shared(c *draft) {
	v := c.voyage
	mass := min(9000, m.d.lognormal(1900*c.rel.size, 0.8))
	if v.group == nil || v.group.left == 0 || v.group.room < mass {
		f := one(m.d, m.w.forwards)
		e := m.container(c, boxTypes["45G1"], 0)
		e.Fullness, e.Temperature, e.VerifiedGross = cargo.LCL, nil, 0
		v.group = &groupage{box: e, master: m.masterNumber(v), forwards: f, room: 21_000, left: m.d.between(3, 7)}
	}
	item := m.item(c, mass)
	v.group.room -= item.GrossMass
	v.group.left--
	e := v.group.box
	e.GrossMass, e.Packages = item.GrossMass, item.Packages
	e.Seals = append([]cargo.Seal(nil), e.Seals...)
	c.Equipment = []cargo.Equipment{e}
	item.Equipment = []string{e.Number}
	c.Document.Kind = cargo.DocumentHouse
}

// inWagons loads wagons of the 1520 mm gauge; the first digit tells the kind.
func (m *maker) inWagons(c *draft) {
	g := c.rel.goods
	kind, load := 2, 66_000.0 // covered
	switch g.box {
	case "tank":
		kind, load = 7, 60_000
	case "bulk", "open":
		kind, load = 6, 69_000
	}
	n := min(20, max(1, int(c.rel.size*m.d.pareto(1.4, 20))))
	limit := min(load, 118*g.density*0.95)
	item := m.item(c, limit*m.d.span(0.9, 0.99)*float64(n))
	mass, packs := item.GrossMass, item.Packages
	for i := range n {
		m.wagons += m.d.between(1, 5)
		share, p := kilos(mass/float64(n-i)), packs/(n-i)
		e := cargo.Equipment{Number: wagonNumber(kind, m.wagons), Fullness: cargo.Full, GrossMass: share, Packages: p, Tare: m.d.span(22, 27) * 1000}
		e.Tare = math.Round(e.Tare/100) * 100
		if kind != 6 {
			e.Seals = []cargo.Seal{{Number: m.carrierSeal(c.voyage), Party: "carrier"}}
		}
		mass, packs = mass-share, packs-p
		c.Equipment = append(c.Equipment, e)
		item.Equipment = append(item.Equipment, e.Number)
	}
}

// loose is bulk in a ship's hold.
func (m *maker) loose(c *draft, mass float64) {
	m.item(c, math.Round(min(mass, 30e6)/1000)*1000)
}

// onLorry loads a whole lorry, or a part of a shared one.
func (m *maker) onLorry(c *draft) {
	g, v := c.rel.goods, c.voyage
	limit := min(21_800, 86*g.density*0.9)
	mass := limit * m.d.span(0.72, 0.99)
	if !v.fullTruck {
		mass = min(m.d.lognormal(2400*c.rel.size, 0.8), limit*0.6, max(v.room, 60))
	}
	item := m.item(c, max(mass, min(g.packMass, 21_500)))
	v.room -= item.GrossMass
	if !v.fullTruck {
		return // nobody states the lorry as the equipment of a part load
	}
	e := cargo.Equipment{Number: v.Transport.ID, Fullness: cargo.Full, GrossMass: item.GrossMass, Packages: item.Packages}
	e.Seals = []cargo.Seal{{Number: m.carrierSeal(v), Party: "carrier"}}
	if m.d.chance(0.3) {
		e.Seals[0] = cargo.Seal{Number: shape(m.d, "CU9999999"), Party: "customs"}
	}
	if g.box == "reefer" && g.temperature != nil {
		set := *g.temperature
		e.Temperature = &set
	}
	c.Equipment = []cargo.Equipment{e}
	item.Equipment = []string{e.Number}
}

// onFlight sends cartons by air, loose or on a unit load device.
func (m *maker) onFlight(c *draft) {
	g := c.rel.goods
	mass := min(8000, max(g.packMass, m.d.lognormal(260*c.rel.size, 1.0)))
	item := m.item(c, mass)
	item.Volume = 0
	v := c.voyage
	if mass > 900 && m.d.chance(0.5) {
		e := cargo.Equipment{Number: one(m.d, []string{"AKE", "PMC", "PAG"}) + m.d.digits(5) + v.carrier.code, Fullness: cargo.Full, GrossMass: item.GrossMass, Packages: item.Packages}
		c.Equipment = []cargo.Equipment{e}
		item.Equipment = []string{e.Number}
	}
	if c.rel.groupage && m.d.chance(0.7) {
		if v.group == nil || v.group.left == 0 {
			v.group = &groupage{master: m.masterNumber(v), forwards: one(m.d, m.w.forwards), left: m.d.between(2, 6)}
		}
		v.group.left--
		c.Document.Kind = cargo.DocumentHouse
	}
}
