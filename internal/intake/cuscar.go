package intake

import (
	"fmt"
	"io"
	"sort"
	"strconv"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/format/cuscar"
)

// cuscarSource maps UN/EDIFACT customs cargo reports to consignments.
type cuscarSource struct {
	r *cuscar.Reader
	n int
}

func newCUSCAR(r io.Reader) *cuscarSource { return &cuscarSource{r: cuscar.NewReader(r)} }

func (s *cuscarSource) next() (*Record, error) {
	b, err := s.r.Next()
	if err != nil {
		return nil, err
	}
	s.n++
	rec := &Record{Number: s.n, Document: b.Number, At: cargo.Span(b.Span)}
	for _, p := range b.Problems {
		rec.Problems = append(rec.Problems, Problem{
			Place: "segment " + strconv.Itoa(p.Segment), Document: b.Number, Field: p.Field, Value: p.Value, Reason: p.Reason,
			At: cargo.Span{Offset: p.Offset, Length: p.Length},
		})
	}
	if !b.Fatal() {
		rec.Consignment = fromBill(b)
	}
	return rec, nil
}

func (s *cuscarSource) warnings() (out []Warning) {
	found, more := s.r.Warnings()
	for _, w := range found {
		out = append(out, Warning{Place: fmt.Sprintf("segment %d, byte %d", w.Segment, w.Offset), Reason: w.Text})
	}
	if more > 0 {
		out = append(out, Warning{Reason: fmt.Sprintf("and %d more warnings", more)})
	}
	for _, m := range s.r.Manifests() {
		for _, p := range m.Problems {
			out = append(out, Warning{Place: "segment " + strconv.Itoa(p.Segment), Reason: fmt.Sprintf("%s %q: %s", p.Field, clip(p.Value, 80), p.Reason)})
		}
	}
	skipped := s.r.Skipped()
	kinds := make([]string, 0, len(skipped))
	for kind := range skipped {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		out = append(out, Warning{Reason: fmt.Sprintf("%d messages of the type %q are not cargo reports and were left out", skipped[kind], kind)})
	}
	return out
}

func (s *cuscarSource) sender() string {
	for _, m := range s.r.Manifests() {
		if m.Interchange.Sender != "" {
			return m.Interchange.Sender
		}
		for _, p := range m.Parties {
			if p.Role == "sender" {
				return firstOf(p.Name, p.ID)
			}
		}
	}
	return ""
}

func fromBill(b *cuscar.Bill) *cargo.Consignment {
	m := b.Manifest
	c := &cargo.Consignment{
		Document: cargo.TransportDocument{
			Number: b.Number, Type: b.Type, Kind: cargo.DocumentKind(b.Kind), Master: firstOf(b.Master, b.Consolidation),
			Issued: b.Issued, Line: b.Line,
		},
		Nature:  cargo.Nature(b.Nature),
		Carrier: cargo.Carrier(b.Carrier),
		Transport: cargo.TransportMeans{
			Mode: cargo.ParseMode(m.Transport.Mode), ID: firstOf(m.Transport.IMO, m.Transport.CallSign, m.Transport.ID),
			Name: m.Transport.Name, Nationality: m.Transport.Nationality,
		},
		Journey: cargo.Journey{Voyage: m.Voyage, Departure: m.Departure, Arrival: m.Arrival},
		Charges: cargo.Charges{
			Freight: cargo.Money(b.Charges.Freight), Insurance: cargo.Money(b.Charges.Insurance),
			Customs: cargo.Money(b.Charges.Customs), Transport: cargo.Money(b.Charges.Transport), Payment: paymentOf(b.Charges.Payment),
		},
		Totals:    cargo.Totals{Packages: b.Totals.Packages, GrossMass: b.Totals.GrossMass, Containers: b.Totals.Containers},
		Remarks:   b.Remarks,
		Location:  b.Location,
		Withdrawn: m.Function == "1",
	}
	if c.Nature == 0 {
		c.Nature = cargo.Nature(m.Nature)
	}
	if c.Carrier == (cargo.Carrier{}) {
		c.Carrier = cargo.Carrier(m.Carrier)
	}
	for _, p := range b.Route() {
		c.Journey.Places = append(c.Journey.Places, cargo.Place{Role: cargo.PlaceRole(p.Role), Code: p.Code, Name: p.Name, Date: p.Date})
	}
	c.Source.Prepared = m.Interchange.Prepared
	c.Parties = billParties(b)
	c.Goods = billGoods(b)
	c.Equipment = billEquipment(b)
	for _, mark := range b.AllMarks() {
		c.Source.Fields = append(c.Source.Fields, cargo.Mark{Field: mark.Field, Span: cargo.Span(mark.Span)})
	}
	return c
}

func billParties(b *cuscar.Bill) []cargo.Party {
	var out []cargo.Party
	for _, p := range b.Parties {
		role := cargo.PartyRole(p.Role)
		switch role {
		case cargo.Consignor, cargo.Consignee, cargo.NotifyParty, cargo.Forwarder, cargo.Agent:
		default:
			continue
		}
		address := p.Address
		for _, more := range []string{p.Postcode, p.Region} {
			if more != "" {
				address += ", " + more
			}
		}
		out = append(out, withContacts(cargo.Party{
			Role: role, ID: p.ID, Name: p.Name, Address: address, City: p.City, Country: p.Country, Phone: p.Phone, Email: p.Email,
		}))
	}
	return out
}

func billGoods(b *cuscar.Bill) []cargo.GoodsItem {
	var out []cargo.GoodsItem
	for _, g := range b.Goods {
		item := cargo.GoodsItem{
			Number: g.Number, Description: g.Description, HS: g.HS, Origin: firstOf(g.Origin, b.Origin),
			Packages: g.Packages, PackageType: firstOf(g.PackageType, g.PackageName), GrossMass: g.GrossMass, NetMass: g.NetMass,
			Volume: g.Volume, Value: cargo.Money(g.Value), DG: g.DG, DGClass: g.DGClass, Marks: g.Marks,
		}
		for _, s := range g.Splits {
			item.Equipment = append(item.Equipment, s.Equipment)
		}
		out = append(out, item)
	}
	return out
}

func billEquipment(b *cuscar.Bill) []cargo.Equipment {
	var out []cargo.Equipment
	for i := range b.Equipment {
		e := &b.Equipment[i]
		item := cargo.Equipment{
			Number: e.Number, SizeType: e.SizeType, Fullness: cargo.Fullness(e.Fullness()), ShipperOwned: e.ShipperOwned(),
			Temperature: e.Temperature, Tare: e.Tare, GrossMass: e.GrossMass, VerifiedGross: e.VerifiedGross, Packages: e.Packages,
		}
		for _, s := range e.Seals {
			item.Seals = append(item.Seals, cargo.Seal{Number: s.Number, Party: sealParty(s.Party)})
		}
		out = append(out, item)
	}
	return out
}
