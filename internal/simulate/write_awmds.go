package simulate

import (
	"io"
	"strconv"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/format/awmds"
)

// writeAWMDS writes a manifest within ASYCUDA's limits: no HS code, no net mass, no
// verified mass, names of 35 characters, seals of 10.
func writeAWMDS(to io.Writer, m *Manifest) error {
	w := awmds.NewWriter(to)
	h := &awmds.Manifest{
		Office: m.Office, Voyage: limit(m.Voyage, 17), Departure: m.Departure, Arrival: m.Arrival,
		Transport: awmds.Transport{
			Mode: strconv.Itoa(int(m.Transport.Mode)), Identity: limit(or(m.Transport.Name, m.Transport.ID), 27),
			Nationality: m.Transport.Nationality, Registration: m.Transport.ID, Master: m.Transport.Master,
		},
		Carrier:          awmds.Carrier{Code: m.Carrier.Code, Name: limit(m.Carrier.Name, 35), Address: limit(or(m.Carrier.Address, m.Carrier.Name), 175)},
		PlaceOfDeparture: m.Loading.Code, PlaceOfDestination: m.Unloading.Code,
	}
	for i := range m.Consignments {
		t := m.Consignments[i].Totals
		h.Totals.Bols++
		h.Totals.Packages += t.Packages
		h.Totals.Containers += t.Containers
		h.Totals.GrossMass = cents(h.Totals.GrossMass + t.GrossMass)
	}
	if err := w.WriteHeader(h); err != nil {
		return err
	}
	for i := range m.Consignments {
		if err := w.WriteBol(bol(&m.Consignments[i])); err != nil {
			return err
		}
	}
	return w.Close()
}

func bol(c *cargo.Consignment) *awmds.Bol {
	line, _ := strconv.Atoi(c.Document.Line)
	b := &awmds.Bol{
		Reference: limit(c.Document.Number, 17), LineNumber: line, Nature: strconv.Itoa(int(c.Nature)), Type: c.Document.Type,
		MasterReference: limit(c.Document.Master, 17), Consolidated: c.Document.Kind == cargo.DocumentHouse,
		Exporter: awmdsParty(c.Party(cargo.Consignor)), Consignee: awmdsParty(c.Party(cargo.Consignee)), Notify: awmdsParty(c.Party(cargo.NotifyParty)),
		Values: awmds.Values{
			Payment: map[string]string{"prepaid": "PP", "collect": "CC"}[c.Charges.Payment], Freight: awmds.Money(c.Charges.Freight),
			Customs: awmds.Money(c.Charges.Customs), Insurance: awmds.Money(c.Charges.Insurance),
		},
	}
	for _, p := range c.Journey.Places {
		switch p.Role {
		case cargo.PlaceOrigin:
			b.PlaceOfOrigin = p.Code
		case cargo.PlaceLoading:
			b.PlaceOfLoading = p.Code
		case cargo.PlaceUnloading:
			b.PlaceOfUnloading = p.Code
		case cargo.PlaceDestination:
			b.PlaceOfDelivery = p.Code
		}
	}
	if b.PlaceOfOrigin == "" {
		b.PlaceOfOrigin = b.PlaceOfLoading
	}
	for i := range c.Equipment {
		e := awmdsContainer(c, &c.Equipment[i])
		b.ShipperOwned = b.ShipperOwned || c.Equipment[i].ShipperOwned
		b.Containers = append(b.Containers, e)
	}
	for i := range c.Goods {
		b.Goods = append(b.Goods, awmdsGoods(c, &c.Goods[i]))
	}
	if b.ShipperOwned {
		b.Goods[0].Remarks = limit(strings.TrimSpace("SOC "+b.Goods[0].Remarks), 70)
	}
	return b
}

func awmdsGoods(c *cargo.Consignment, g *cargo.GoodsItem) awmds.Goods {
	x := awmds.Goods{
		Packages: g.Packages, PackageType: g.PackageType, GrossMass: g.GrossMass, Marks: limit(or(g.Marks, "N/M"), 512),
		Description: limit(g.Description, 512), Volume: g.Volume, Containers: c.Totals.Containers,
	}
	if g.Number == 1 {
		x.Remarks = limit(c.Remarks, 70)
		x.Seals = moreSeals(c)
	}
	return x
}

// moreSeals are those beyond the one that a ctn_segment holds, as far as
// Marks_of_seals has room for them.
func moreSeals(c *cargo.Consignment) (s awmds.Seals) {
	for i := range c.Equipment {
		for k, x := range c.Equipment[i].Seals {
			if k == 0 {
				continue
			}
			s.Count++
			if len(strings.Join(append(s.Numbers, x.Number), ",")) <= 20 {
				s.Numbers = append(s.Numbers, x.Number)
				s.Party = map[string]string{"carrier": "CAR", "shipper": "SHI", "customs": "CUS"}[x.Party]
			}
		}
	}
	return s
}

func awmdsContainer(c *cargo.Consignment, e *cargo.Equipment) awmds.Container {
	x := awmds.Container{
		Number: e.Number, Packages: e.Packages, Type: or(e.SizeType, "0000"), Status: "FCL",
		GrossMass: float64(int64(e.GrossMass + 0.5)), UN: c.Goods[0].DG, IMDG: c.Goods[0].DGClass,
	}
	if e.Fullness == cargo.LCL {
		x.Status = "LCL"
	}
	if len(e.Seals) > 0 {
		x.Seals.Numbers = []string{limit(e.Seals[0].Number, 10)}
	}
	return x
}

// awmdsParty puts everything that has no tag of its own behind the address.
func awmdsParty(p *cargo.Party) awmds.Party {
	if p == nil {
		return awmds.Party{}
	}
	a := make([]string, 0, 5)
	for _, s := range []string{p.Address, p.City, p.Country} {
		if s != "" {
			a = append(a, s)
		}
	}
	if p.Phone != "" {
		a = append(a, "TEL "+p.Phone)
	}
	if p.Email != "" {
		a = append(a, p.Email)
	}
	return awmds.Party{Code: limit(p.ID, 17), Name: limit(p.Name, 35), Address: limit(strings.Join(a, ", "), 175)}
}

// limit cuts to so many characters.
func limit(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if r := []rune(s); len(r) > n {
		return strings.TrimRight(string(r[:n]), " ")
	}
	return s
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
