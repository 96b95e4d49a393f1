package simulate

import (
	"io"
	"strconv"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/format/cuscar"
	"tidewaiter/internal/format/edifact"
)

// writeCUSCAR writes the manifests as one interchange, a message each.
func writeCUSCAR(to io.Writer, options edifact.WriterOptions, list []*Manifest) error {
	messages := make([]cuscar.Message, len(list))
	for i, m := range list {
		messages[i] = cuscarMessage(m)
	}
	first := list[0]
	messages[0].Manifest.Interchange = edifact.Interchange{
		Charset: options.Charset, Version: options.Version, Sender: first.Sender.Code, Recipient: first.Office,
		Prepared: first.Created, Reference: first.Reference,
	}
	return cuscar.Write(to, options, messages...)
}

// cuscarMessage maps a manifest; directories differ from sender to sender.
func cuscarMessage(m *Manifest) cuscar.Message {
	h := &cuscar.Manifest{
		Message:  edifact.Message{Reference: m.Reference, Type: "CUSCAR", Version: "D", Release: "95B", Agency: "UN"},
		Document: "85", Number: m.Reference, Function: "9", Issued: m.Created,
		Carrier: cuscar.Carrier(m.Carrier), Voyage: m.Voyage, Departure: m.Departure, Arrival: m.Arrival,
		Transport: cuscar.Transport{Mode: strconv.Itoa(int(m.Transport.Mode)), ID: m.Transport.ID, Name: m.Transport.Name, Nationality: m.Transport.Nationality},
		Parties:   []cuscar.Party{{Code: "MS", Role: "sender", ID: m.Sender.Code, Name: m.Sender.Name}},
	}
	switch m.Transport.Mode {
	case cargo.ModeSea:
		h.Transport.IMO, h.Transport.ID = m.Transport.ID, ""
	case cargo.ModeRail:
		h.Message.Release = "99B"
	case cargo.ModeAir:
		h.Message.Release = "03B"
	}
	if m.Amendment {
		h.Function = "4"
	}
	h.Places = []cuscar.Place{
		{Role: "office", Code: m.Office},
		{Role: "unloading", Code: m.Unloading.Code, Name: m.Unloading.Name},
	}
	out := cuscar.Message{Manifest: h, Bills: make([]*cuscar.Bill, len(m.Consignments))}
	for i := range m.Consignments {
		c := &m.Consignments[i]
		out.Bills[i] = cuscarBill(h, c)
		h.Totals.Bills++
		h.Totals.Packages += c.Totals.Packages
		h.Totals.GrossMass = cents(h.Totals.GrossMass + c.Totals.GrossMass)
	}
	return out
}

// documentQualifier is UN/EDIFACT 1153 for the type codes of UN/EDIFACT 1001.
var documentQualifier = map[string]string{"705": "BM", "714": "BH", "703": "HWB", "740": "AWB", "741": "HWB", "720": "SMG", "730": "CMR"}

func cuscarBill(h *cuscar.Manifest, c *cargo.Consignment) *cuscar.Bill {
	b := &cuscar.Bill{
		Manifest: h, Number: c.Document.Number, Type: documentQualifier[c.Document.Type], Master: c.Document.Master,
		Line: c.Document.Line, Nature: int(c.Nature), Issued: c.Document.Issued, Remarks: c.Remarks,
		Charges: cuscar.Charges{
			Freight: cuscar.Money(c.Charges.Freight), Insurance: cuscar.Money(c.Charges.Insurance),
			Customs: cuscar.Money(c.Charges.Customs), Payment: c.Charges.Payment,
		},
		Totals: cuscar.Totals{Packages: c.Totals.Packages, Containers: c.Totals.Containers, GrossMass: c.Totals.GrossMass},
	}
	for _, p := range c.Journey.Places {
		x := cuscar.Place{Role: string(p.Role), Code: p.Code, Name: p.Name, Date: p.Date}
		switch p.Role {
		case cargo.PlaceOffice:
			continue // the manifest's
		case cargo.PlaceLoading:
			x.Date = c.Journey.Departure
		case cargo.PlaceUnloading:
			if !c.Journey.Arrival.Equal(h.Arrival) {
				x.Date = c.Journey.Arrival
			}
		}
		b.Places = append(b.Places, x)
	}
	for _, p := range c.Parties {
		b.Parties = append(b.Parties, cuscar.Party{
			Role: string(p.Role), ID: p.ID, Name: p.Name, Address: p.Address, City: p.City, Country: p.Country, Phone: p.Phone, Email: p.Email,
		})
	}
	for i := range c.Goods {
		b.Goods = append(b.Goods, cuscarGoods(c, &c.Goods[i], len(c.Goods) == 1))
	}
	for i := range c.Equipment {
		b.Equipment = append(b.Equipment, cuscarEquipment(c.Transport.Mode, &c.Equipment[i]))
	}
	return b
}

func cuscarGoods(c *cargo.Consignment, g *cargo.GoodsItem, only bool) cuscar.Goods {
	x := cuscar.Goods{
		Number: g.Number, Description: g.Description, HS: g.HS, Origin: g.Origin, Packages: g.Packages, PackageType: g.PackageType,
		GrossMass: g.GrossMass, NetMass: g.NetMass, Volume: g.Volume, Value: cuscar.Money(g.Value), DG: g.DG, DGClass: g.DGClass, Marks: g.Marks,
	}
	for _, n := range g.Equipment {
		s := cuscar.Split{Equipment: n}
		for k := range c.Equipment {
			if e := &c.Equipment[k]; e.Number == n && only {
				s.Packages, s.GrossMass = e.Packages, e.GrossMass
			}
		}
		if !only && len(c.Equipment) == 1 {
			s.Packages, s.GrossMass = g.Packages, g.GrossMass
		}
		x.Splits = append(x.Splits, s)
	}
	return x
}

// fullness is UN/EDIFACT 8169.
var fullness = map[cargo.Fullness]string{cargo.Empty: "4", cargo.Full: "5", cargo.LCL: "7", cargo.FCL: "8"}

// sealParty is UN/EDIFACT 9303.
var sealParty = map[string]string{"carrier": "CA", "shipper": "SH", "customs": "CU"}

func cuscarEquipment(m cargo.Mode, e *cargo.Equipment) cuscar.Equipment {
	x := cuscar.Equipment{
		Number: e.Number, Kind: "CN", SizeType: e.SizeType, Status: fullness[e.Fullness], Tare: e.Tare, GrossMass: e.GrossMass,
		VerifiedGross: e.VerifiedGross, Packages: e.Packages, Temperature: e.Temperature, Supplier: "2",
	}
	switch {
	case m == cargo.ModeRoad:
		x.Kind, x.Supplier = "TE", ""
	case m == cargo.ModeAir:
		x.Kind, x.Supplier = "UL", ""
	case m == cargo.ModeRail && e.SizeType == "":
		x.Kind, x.Supplier = "RR", ""
	}
	if e.ShipperOwned {
		x.Supplier = "1"
	}
	for _, s := range e.Seals {
		x.Seals = append(x.Seals, cuscar.Seal{Number: s.Number, Party: sealParty[s.Party]})
	}
	return x
}
