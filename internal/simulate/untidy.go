package simulate

import (
	"strings"
	"time"

	"tidewaiter/internal/cargo"
)

// untidy does to an innocent's papers what hurry does: words left out, vague
// descriptions, typing errors, forgotten seals, round weights, late amendments.
func (m *maker) untidy(c *draft) {
	d := m.d
	care := 0.5 + 4*c.rel.seller.careless // about 0.5 to 1.7
	odds := func(p float64) bool { return d.chance(p * care) }
	if odds(0.03) {
		m.vague(c)
	}
	if odds(0.03) {
		m.unsealed(c)
	}
	if odds(0.06) {
		m.roundMass(c)
	}
	if odds(0.05) {
		m.dropContacts(c)
	}
	if odds(0.03) {
		m.mistype(c)
	}
	if odds(0.04) && len(c.Goods) > 0 {
		c.Goods[0].DG, c.Goods[0].DGClass = "", ""
	}
	if odds(0.008) {
		m.wrongTotal(c)
	}
	if odds(0.006) && c.Document.Kind == cargo.DocumentHouse {
		c.Document.Master = ""
	}
	if odds(0.012) {
		c.Remarks = one(d, []string{"FREIGHT AS PER AGREEMENT", "SHIPPER'S LOAD STOW AND COUNT", "14 DAYS FREE TIME AT DESTINATION", "CLEAN ON BOARD"})
	}
	if odds(0.012) && c.amend == nil {
		m.correct(c)
	}
	c.Goods[0].Description = m.embellish(c, c.Goods[0].Description)
}

var vagueWords = []string{"GENERAL CARGO", "CONSOLIDATED CARGO", "SAID TO CONTAIN GOODS", "SPARE PARTS", "HOUSEHOLD GOODS", "PERSONAL EFFECTS", "FAK", "VARIOUS GOODS", "ACCESSORIES", "EQUIPMENT"}
var vagueWordsCyr = []string{"ТОВАРЫ НАРОДНОГО ПОТРЕБЛЕНИЯ", "СБОРНЫЙ ГРУЗ", "ТНП", "ЗАПЧАСТИ", "ОБОРУДОВАНИЕ", "ХОЗТОВАРЫ", "ЛИЧНЫЕ ВЕЩИ", "АКСЕССУАРЫ"}

func (m *maker) vague(c *draft) {
	list := vagueWords
	if c.voyage.Sender.Cyrillic {
		list = vagueWordsCyr
	}
	c.Goods[0].Description = one(m.d, list)
}

// embellish adds what senders add around the goods' name.
func (m *maker) embellish(c *draft, s string) string {
	g := &c.Goods[0]
	latin := !c.voyage.Sender.Cyrillic
	switch m.d.n(9) {
	case 0:
		if latin && g.Packages > 1 {
			return pad(g.Packages, 1) + " " + packName[g.PackageType] + " OF " + s
		}
	case 1:
		if latin && len(g.HS) >= 6 {
			return s + " HS CODE " + g.HS[:6]
		}
	case 2:
		if latin && g.NetMass > 0 {
			return s + " NET WEIGHT " + decimal(g.NetMass) + " KGS"
		}
		if g.NetMass > 0 {
			return s + ", НЕТТО " + decimal(g.NetMass) + " КГ"
		}
	case 3:
		if latin {
			return s + " AS PER INVOICE " + m.d.letters(2) + m.d.digits(5)
		}
		return s + " СОГЛАСНО ИНВОЙСУ " + m.d.digits(4)
	}
	return s
}

var packName = map[string]string{"CT": "CARTONS", "BG": "BAGS", "DR": "DRUMS", "PX": "PALLETS", "BL": "BALES", "RO": "ROLLS", "CS": "CASES", "BE": "BUNDLES", "CA": "CANS", "PP": "PIECES", "NE": "UNITS", "IC": "IBC", "CL": "COILS"}

// unsealed forgets a container's seals, or writes a placeholder as real senders do.
func (m *maker) unsealed(c *draft) bool {
	if len(c.Equipment) == 0 || len(c.Equipment[0].Seals) == 0 {
		return false
	}
	e := &c.Equipment[m.d.n(len(c.Equipment))]
	e.Seals = nil
	if m.d.chance(0.25) {
		e.Seals = []cargo.Seal{{Number: one(m.d, []string{"NOSEALS", "SI", "NONE"})}}
	}
	return true
}

// roundMass states a weight to the hundred or to the tonne.
func (m *maker) roundMass(c *draft) {
	g := &c.Goods[0]
	step := 100.0
	if g.GrossMass > 15_000 {
		step = 500
	}
	if g.GrossMass < 500 {
		return
	}
	x := float64(int64(g.GrossMass/step+0.5)) * step
	m.rescale(c, x)
}

// rescale states another gross mass for the first item, and what follows from it: net
// mass, containers' parts, totals. Verified masses stay: they come from a scale.
func (m *maker) rescale(c *draft, mass float64) {
	g := &c.Goods[0]
	f := mass / g.GrossMass
	g.GrossMass = mass
	if g.NetMass > 0 {
		g.NetMass = kilos(g.NetMass * f)
	}
	left := mass
	for i := range c.Equipment {
		e := &c.Equipment[i]
		if len(c.Equipment) == 1 {
			e.GrossMass = mass
			break
		}
		e.GrossMass = kilos(e.GrossMass * f)
		if i == len(c.Equipment)-1 {
			e.GrossMass = cents(left)
		}
		left -= e.GrossMass
	}
	m.total(c)
}

func (m *maker) dropContacts(c *draft) {
	for i := range c.Parties {
		p := &c.Parties[i]
		switch m.d.n(5) {
		case 0:
			p.Phone = ""
		case 1:
			p.Email = ""
		case 2:
			p.ID = ""
		case 3:
			if p.Role != cargo.Consignee {
				p.Address = p.City
			}
		}
	}
}

// mistype swaps two neighbouring letters of a party's name.
func (m *maker) mistype(c *draft) {
	p := &c.Parties[m.d.n(min(2, len(c.Parties)))]
	r := []rune(p.Name)
	if len(r) < 8 || strings.HasPrefix(p.Name, "TO ") {
		return
	}
	i := m.d.between(2, len(r)-3)
	r[i], r[i+1] = r[i+1], r[i]
	p.Name = string(r)
}

func (m *maker) wrongTotal(c *draft) {
	if m.d.chance(0.5) {
		c.Totals.Packages += m.d.between(1, 20)
	} else {
		c.Totals.GrossMass = float64(int64(c.Totals.GrossMass*m.d.span(0.97, 1.03) + 0.5))
	}
}

// correct makes a later message put something small right.
func (m *maker) correct(c *draft) {
	switch m.d.n(3) {
	case 0:
		packs := c.Goods[0].Packages + m.d.between(1, 3)
		c.amend = func(x *cargo.Consignment) { x.Goods[0].Packages, x.Totals.Packages = packs, packs }
	case 1:
		if n := len(c.Parties); c.Parties[n-1].Phone == "" {
			number := phone(m.d, m.w.countries[c.rel.buyer.country])
			c.amend = func(x *cargo.Consignment) { x.Parties[n-1].Phone = number }
		}
	default:
		late := m.d.hours(6, 60)
		c.amend = func(x *cargo.Consignment) { x.Journey.Arrival = x.Journey.Arrival.Add(late) }
	}
}

// decimal writes a mass without needless digits.
func decimal(x float64) string {
	n := int64(x*10 + 0.5)
	if n%10 == 0 {
		return pad(int(n/10), 1)
	}
	return pad(int(n/10), 1) + "." + pad(int(n%10), 1)
}

// day is 24 hours, for reckoning with dates in UTC.
const day = 24 * time.Hour
