package intake

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/format/awmds"
)

// awmdsSource maps ASYCUDA World manifests to consignments.
type awmdsSource struct {
	r *awmds.Reader
	n int
}

func newAWMDS(r io.Reader) (*awmdsSource, error) {
	reader, err := awmds.NewReader(r)
	if err != nil {
		return nil, err
	}
	return &awmdsSource{r: reader}, nil
}

func (s *awmdsSource) next() (*Record, error) {
	b, err := s.r.Next()
	if err != nil {
		return nil, err
	}
	s.n++
	if b.Header == nil {
		s.r.Manifest().Complete(b)
	}
	rec := &Record{Number: s.n, Document: b.Reference, At: cargo.Span{Offset: b.Offset, Length: b.Length}}
	for _, p := range b.Problems {
		rec.Problems = append(rec.Problems, Problem{
			Place: "line " + strconv.Itoa(p.Line), Document: b.Reference, Field: p.Field, Value: p.Value, Reason: p.Reason,
			At: cargo.Span{Offset: p.Offset, Length: p.Length},
		})
	}
	if !b.Fatal() {
		rec.Consignment = fromBol(b)
	}
	return rec, nil
}

func (s *awmdsSource) warnings() (out []Warning) {
	for _, p := range s.r.Manifest().Problems {
		out = append(out, Warning{Place: "line " + strconv.Itoa(p.Line), Reason: strings.TrimPrefix(p.String(), fmt.Sprintf("line %d, ", p.Line))})
	}
	return out
}

func (s *awmdsSource) sender() string {
	m := s.r.Manifest()
	if m.Carrier.Name != "" {
		return m.Carrier.Name
	}
	return m.Carrier.Code
}

func fromBol(b *awmds.Bol) *cargo.Consignment {
	c := &cargo.Consignment{
		Document: cargo.TransportDocument{
			Number: b.Reference, Type: b.Type, Master: firstOf(b.MasterReference, b.Master.Reference),
			Consolidated: b.Consolidated,
		},
		Nature:   natureOf(b.Nature),
		Location: strings.TrimSpace(b.Location + " " + b.LocationIn),
		Charges: cargo.Charges{
			Freight: cargo.Money(b.Values.Freight), Insurance: cargo.Money(b.Values.Insurance),
			Customs: cargo.Money(b.Values.Customs), Transport: cargo.Money(b.Values.Transport),
			Payment: paymentOf(b.Values.Payment),
		},
	}
	if b.LineNumber > 0 {
		c.Document.Line = strconv.Itoa(b.LineNumber)
	}
	c.Document.Kind = kindOf(b.Type, c.Document.Master, b.Consolidated)
	for _, p := range b.Places() {
		c.Journey.Places = append(c.Journey.Places, cargo.Place{Role: cargo.PlaceRole(p.Role), Code: p.Code})
	}
	if m := b.Header; m != nil {
		c.Carrier = cargo.Carrier{Code: m.Carrier.Code, Name: m.Carrier.Name, Address: m.Carrier.Address}
		c.Transport = cargo.TransportMeans{
			Mode: cargo.ParseMode(m.Transport.Mode), ID: m.Transport.Registration, Name: m.Transport.Identity,
			Nationality: m.Transport.Nationality, Master: m.Transport.Master,
		}
		c.Journey.Voyage, c.Journey.Departure, c.Journey.Arrival = m.Voyage, m.Departure, m.Arrival
	}
	if b.Carrier != (awmds.Carrier{}) {
		c.Carrier = cargo.Carrier{Code: b.Carrier.Code, Name: b.Carrier.Name, Address: b.Carrier.Address}
	}
	for _, p := range []struct {
		role cargo.PartyRole
		awmds.Party
	}{{cargo.Consignor, b.Exporter}, {cargo.Consignee, b.Consignee}, {cargo.NotifyParty, b.Notify}} {
		if p.Party != (awmds.Party{}) {
			c.Parties = append(c.Parties, withContacts(cargo.Party{Role: p.role, ID: p.Code, Name: p.Name, Address: p.Address}))
		}
	}
	c.Equipment = bolEquipment(b)
	c.Goods = bolGoods(b)
	for _, m := range b.Marks {
		c.Source.Fields = append(c.Source.Fields, cargo.Mark{Field: m.Field, Span: cargo.Span{Offset: m.Offset, Length: m.Length}})
	}
	return c
}

func bolEquipment(b *awmds.Bol) []cargo.Equipment {
	var out []cargo.Equipment
	for _, ctn := range b.Containers {
		e := cargo.Equipment{
			Number: ctn.Number, SizeType: ctn.Type, Fullness: fullnessOf(ctn.Status), ShipperOwned: b.ShipperOwned,
			Tare: ctn.Tare, GrossMass: ctn.GrossMass, Packages: ctn.Packages,
		}
		if t, err := strconv.ParseFloat(strings.Replace(ctn.Temperature, ",", ".", 1), 64); err == nil {
			e.Temperature = &t
		}
		for _, n := range ctn.Seals.Numbers {
			e.Seals = append(e.Seals, cargo.Seal{Number: n, Party: sealParty(ctn.Seals.Party)})
		}
		out = append(out, e)
	}
	if len(out) == 1 {
		for _, g := range b.Goods { // ASYCUDA lists further seals with the goods
			for _, n := range g.Seals.Numbers {
				out[0].Seals = append(out[0].Seals, cargo.Seal{Number: n, Party: sealParty(g.Seals.Party)})
			}
		}
	}
	return out
}

func bolGoods(b *awmds.Bol) []cargo.GoodsItem {
	var numbers []string
	dg, class := "", ""
	for _, ctn := range b.Containers {
		if ctn.Number != "" {
			numbers = append(numbers, ctn.Number)
		}
		dg, class = firstOf(dg, ctn.UN), firstOf(class, ctn.IMDG)
	}
	var out []cargo.GoodsItem
	for i, g := range b.Goods {
		out = append(out, cargo.GoodsItem{
			Number: i + 1, Description: g.Description, HS: g.HS, Packages: g.Packages, PackageType: g.PackageType,
			GrossMass: g.GrossMass, NetMass: g.NetMass, Volume: g.Volume, Marks: g.Marks, DG: dg, DGClass: class, Equipment: numbers,
		})
	}
	return out
}
