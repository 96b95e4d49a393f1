package intake

import (
	"fmt"
	"io"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/format/table"
)

// tableSource maps the rows of a table to consignments.
type tableSource struct {
	rows *table.Reader
	docs *table.Documents
	last *table.Document // that next returned
	n    int
}

func newTable(r io.Reader, m *table.Mapping) (*tableSource, error) {
	rows, err := table.Open(r)
	if err != nil {
		return nil, err
	}
	mapping := table.Mapping{}
	if m != nil {
		mapping = *m
	}
	if len(mapping.Columns) == 0 {
		mapping = table.Propose(rows.Heading.Texts(), rows.Sample(sampleRows))
	}
	docs, err := table.NewDocuments(rows, mapping)
	if err != nil {
		rows.Close()
		return nil, err
	}
	return &tableSource{rows: rows, docs: docs}, nil
}

func (s *tableSource) next() (*Record, error) {
	d, err := s.docs.Next()
	if err != nil {
		s.rows.Close()
		return nil, err
	}
	s.n++
	s.last = d
	rec := &Record{Number: s.n, Document: d.Number, At: documentSpan(d)}
	lost := false
	for _, p := range d.Problems {
		place := fmt.Sprintf("row %d", p.Row)
		if p.Sheet != "" {
			place = fmt.Sprintf("sheet %q, ", p.Sheet) + place
		}
		if p.Column != "" {
			place += " column " + p.Column
		}
		rec.Problems = append(rec.Problems, Problem{
			Place: place, Document: d.Number, Field: firstOf(p.Field, p.Heading), Value: p.Value, Reason: p.Reason,
			At: cargo.Span{Offset: max(p.Offset, 0), Length: p.Length},
		})
		lost = lost || p.Fatal
	}
	if !lost {
		rec.Consignment = fromDocument(d)
	}
	return rec, nil
}

// documentSpan is the run of bytes from the document's first row to its last.
func documentSpan(d *table.Document) cargo.Span {
	first, last := d.Records[0].Row, d.Records[len(d.Records)-1].Row
	if first.Offset < 0 { // a workbook has no bytes of its own
		return cargo.Span{}
	}
	return cargo.Span{Offset: first.Offset, Length: int(last.Offset) + last.Length - int(first.Offset)}
}

func (s *tableSource) warnings() (out []Warning) {
	for _, w := range s.rows.Warnings {
		out = append(out, Warning{Reason: w})
	}
	return out
}

func (s *tableSource) sender() string { return "" }

func fromDocument(d *table.Document) *cargo.Consignment {
	first := func(target string) string {
		for i := range d.Records {
			if text := d.Records[i].Text(target); text != "" {
				return text
			}
		}
		return ""
	}
	c := &cargo.Consignment{
		Document: cargo.TransportDocument{
			Number: d.Number, Master: first("master_document"), Line: first("line"), Type: first("document_kind"),
		},
		Nature:  natureOf(first("nature")),
		Carrier: cargo.Carrier{Code: first("carrier_code"), Name: first("carrier_name")},
		Transport: cargo.TransportMeans{
			Mode: modeOf(first("mode")), ID: first("means_id"), Name: first("means_name"),
			Nationality: first("means_nationality"), Master: first("means_master"),
		},
		Remarks:  first("remarks"),
		Location: first("location"),
	}
	c.Document.Kind = kindOf(c.Document.Type, c.Document.Master, false)
	if kind := cargo.DocumentKind(strings.ToLower(c.Document.Type)); kind == cargo.DocumentMaster || kind == cargo.DocumentHouse {
		c.Document.Kind = kind
	}
	c.Charges.Payment = paymentOf(first("payment"))
	for i := range d.Records {
		for j := range d.Records[i].Values {
			readValue(c, &d.Records[i], &d.Records[i].Values[j])
		}
	}
	readPlaces(c, d)
	readParties(c, first)
	readItems(c, d)
	for _, m := range d.Marks() {
		if m.Offset >= 0 {
			c.Source.Fields = append(c.Source.Fields, cargo.Mark{Field: placeIndex(c, m.Field), Span: cargo.Span{Offset: m.Offset, Length: m.Length}})
		}
	}
	return c
}

// readValue takes what is stated once for the document and is no text.
func readValue(c *cargo.Consignment, r *table.Record, v *table.Value) {
	switch v.Target {
	case "document_date":
		c.Document.Issued = v.Date
	case "departure":
		c.Journey.Departure = v.Date
	case "arrival":
		c.Journey.Arrival = v.Date
	case "voyage":
		c.Journey.Voyage = v.Text
	case "freight":
		c.Charges.Freight = cargo.Money{Amount: v.Number, Currency: firstOf(r.Text("freight_currency"), r.Text("currency"))}
	case "insurance":
		c.Charges.Insurance = cargo.Money{Amount: v.Number, Currency: firstOf(r.Text("freight_currency"), r.Text("currency"))}
	}
}

// placeTargets are the columns that name places, in the order of a journey.
var placeTargets = []struct {
	target string
	role   cargo.PlaceRole
}{
	{"place_origin", cargo.PlaceOrigin}, {"place_loading", cargo.PlaceLoading}, {"place_transit", cargo.PlaceTransit},
	{"place_unloading", cargo.PlaceUnloading}, {"place_delivery", cargo.PlaceDelivery},
	{"place_destination", cargo.PlaceDestination}, {"place_office", cargo.PlaceOffice},
}

func readPlaces(c *cargo.Consignment, d *table.Document) {
	for _, t := range placeTargets {
		for i := range d.Records {
			v := d.Records[i].Get(t.target)
			if v == nil {
				continue
			}
			texts := v.List
			if len(texts) == 0 {
				texts = []string{v.Text}
			}
			for _, text := range texts {
				c.Journey.Places = append(c.Journey.Places, placeOf(t.role, text))
			}
			break
		}
	}
}

// placeOf takes a text in the shape of a UN/LOCODE as a code, any other as a name.
func placeOf(role cargo.PlaceRole, text string) cargo.Place {
	code := strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	if len(code) != 5 || len(text) > 6 {
		return cargo.Place{Role: role, Name: text}
	}
	for i := range len(code) {
		letter := code[i] >= 'A' && code[i] <= 'Z'
		if !letter && (i < 2 || code[i] < '2' || code[i] > '9') {
			return cargo.Place{Role: role, Name: text}
		}
	}
	return cargo.Place{Role: role, Code: code}
}

// placeIndex turns journey.places[loading] into the path of the place itself.
func placeIndex(c *cargo.Consignment, field string) string {
	rest, ok := strings.CutPrefix(field, "journey.places[")
	if !ok {
		return field
	}
	role, _, _ := strings.Cut(rest, "]")
	for i, p := range c.Journey.Places {
		if string(p.Role) == role {
			if p.Code == "" {
				return cargo.PlaceField(i, "name")
			}
			return cargo.PlaceField(i, "code")
		}
	}
	return field
}

func readParties(c *cargo.Consignment, first func(string) string) {
	for _, role := range []cargo.PartyRole{cargo.Consignor, cargo.Consignee, cargo.NotifyParty, cargo.Agent} {
		get := func(name string) string { return first(string(role) + "_" + name) }
		p := cargo.Party{
			ID: get("id"), Name: get("name"), Address: get("address"), City: get("city"),
			Country: get("country"), Phone: get("phone"), Email: get("email"),
		}
		if p == (cargo.Party{}) {
			continue
		}
		p.Role = role
		c.Parties = append(c.Parties, withContacts(p))
	}
}

func modeOf(s string) cargo.Mode {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "vessel", "ocean", "maritime", "море", "морской", "деңиз":
		return cargo.ModeSea
	case "train", "railway", "жд", "ж/д", "железнодорожный", "темир жол":
		return cargo.ModeRail
	case "truck", "авто", "автомобильный", "унаа":
		return cargo.ModeRoad
	case "flight", "авиа", "воздушный", "аба":
		return cargo.ModeAir
	}
	return cargo.ParseMode(s)
}

func readItems(c *cargo.Consignment, d *table.Document) {
	c.Equipment = make([]cargo.Equipment, len(d.Numbers))
	for i, n := range d.Numbers {
		c.Equipment[i].Number = n
	}
	for i := range d.Records {
		r := &d.Records[i]
		if r.Goods >= 0 {
			c.Goods = append(c.Goods, goodsOf(r, d, len(c.Goods)+1))
		}
		for k, at := range r.Equipment {
			fillEquipment(&c.Equipment[at], r, r.Seals(k))
		}
	}
	if len(c.Equipment) == 0 {
		c.Equipment = nil
	}
}

func goodsOf(r *table.Record, d *table.Document, number int) cargo.GoodsItem {
	g := cargo.GoodsItem{
		Number: number, Description: r.Text("goods_description"), HS: digits(r.Text("hs")), Origin: r.Text("origin"),
		Packages: int(r.Number("packages")), PackageType: r.Text("package_type"), GrossMass: r.Number("gross_mass"),
		NetMass: r.Number("net_mass"), Volume: r.Number("volume"), DG: r.Text("dg"), Marks: r.Text("marks"),
		Value: cargo.Money{Amount: r.Number("value"), Currency: r.Text("currency")},
	}
	if g.Value.Amount == 0 {
		g.Value = cargo.Money{}
	}
	for _, at := range r.Equipment {
		g.Equipment = append(g.Equipment, d.Numbers[at])
	}
	return g
}

func fillEquipment(e *cargo.Equipment, r *table.Record, seals []string) {
	e.SizeType = firstOf(e.SizeType, r.Text("size_type"))
	if f := r.Text("fullness"); f != "" {
		e.Fullness = fullnessOf(f)
	}
	if v := r.Get("shipper_owned"); v != nil {
		e.ShipperOwned = v.Flag
	}
	if v := r.Get("temperature"); v != nil {
		t := v.Number
		e.Temperature = &t
	}
	e.Tare = max(e.Tare, r.Number("tare"))
	e.VerifiedGross = max(e.VerifiedGross, r.Number("verified_gross"))
	for _, n := range seals {
		if !hasSeal(e, n) {
			e.Seals = append(e.Seals, cargo.Seal{Number: n, Party: sealParty(r.Text("seal_party"))})
		}
	}
}

func hasSeal(e *cargo.Equipment, number string) bool {
	for _, s := range e.Seals {
		if s.Number == number {
			return true
		}
	}
	return false
}

// digits leaves the digits of an HS code: 0402.10 is 040210.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
