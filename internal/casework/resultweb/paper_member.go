package resultweb

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/format/pdf"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
)

// Bounds of what a paper shows of one consignment; the data in the ZIP have all.
const (
	mostGoods      = 200
	mostContainers = 200
)

// member is one consignment: why it was chosen, what the papers say, what was found in
// them.
func (d *paper) member(m casework.Member) {
	title := d.t("result.file.consignment", "Document", m.Document)
	if m.Removed {
		title = caseword.Joined(" · ", title, d.t("case.member.gone"))
	}
	d.Heading(1, title)
	versions := d.Versions[m.Consignment]
	if len(versions) == 0 {
		d.Text(d.t("result.file.no-papers"))
		return
	}
	c := versions[len(versions)-1]
	d.Pairs(append(d.chosen(m, c, len(versions)), d.papers(c)...))
	if source := caseword.Joined(" · ", c.Source.File, c.Source.Sender, d.moment(c.Received)); source != "" {
		d.Note(d.t("result.file.source", "Source", source))
	}
	d.parties(c)
	d.goods(c)
	d.equipment(c)
	d.journey(c)
	d.findings(m, c)
}

// chosen says why the consignment is in the case.
func (d *paper) chosen(m casework.Member, c *cargo.Consignment, versions int) []pdf.Pair {
	pairs := []pdf.Pair{{Name: d.t("result.selection"), Value: selectionName(d.ctx, m.Selection)}}
	if m.Assessed {
		pairs = append(pairs, pdf.Pair{Name: d.t("result.column.score"), Value: caseword.Joined(" · ", web.Signed(d.ctx, float64(m.Score), 3), channelName(d.ctx, m.Channel))})
	}
	if versions > 1 {
		pairs = append(pairs, pdf.Pair{Name: d.t("case.versions"), Value: d.t("result.file.version", "Version", c.Version, "Was", m.Version)})
	}
	return pairs
}

// papers are the document and the means of transport, as far as they are stated.
func (d *paper) papers(c *cargo.Consignment) (pairs []pdf.Pair) {
	add := func(field, value string) {
		if value != "" {
			pairs = append(pairs, pdf.Pair{Name: cargoweb.FieldName(d.ctx, field), Value: value})
		}
	}
	moment := func(field string, at time.Time) {
		if !at.IsZero() {
			add(field, cargoweb.Moment(d.ctx, at))
		}
	}
	add("document.number", caseword.Joined(" · ", c.Document.Number, c.Document.Type, cargoweb.FieldValue(d.ctx, "document.kind", string(c.Document.Kind))))
	add("document.master", c.Document.Master)
	moment("document.issued", c.Document.Issued)
	if c.Nature != cargo.NatureUnknown {
		add("nature", cargoweb.Nature(d.ctx, c.Nature))
	}
	mode := ""
	if c.Transport.Mode != cargo.ModeUnknown {
		mode = cargoweb.Mode(d.ctx, c.Transport.Mode)
	}
	add("transport.mode", caseword.Joined(" · ", mode, c.Transport.Name, c.Transport.ID, c.Journey.Voyage))
	add("carrier.name", caseword.Joined(" · ", c.Carrier.Name, c.Carrier.Code))
	moment("journey.departure", c.Journey.Departure)
	moment("journey.arrival", c.Journey.Arrival)
	add("location", c.Location)
	add("charges.freight", cargoweb.Amount(d.ctx, c.Charges.Freight))
	add("charges.customs", cargoweb.Amount(d.ctx, c.Charges.Customs))
	add("remarks", c.Remarks)
	if c.Withdrawn {
		add("withdrawn", d.t("cargo.flag.true"))
	}
	return pairs
}

func (d *paper) parties(c *cargo.Consignment) {
	if len(c.Parties) == 0 {
		return
	}
	t := pdf.Table{Columns: []pdf.Column{
		{Title: cargoweb.FieldName(d.ctx, "parties.role")}, {Title: cargoweb.FieldName(d.ctx, "parties.name")},
		{Title: cargoweb.FieldName(d.ctx, "parties.address")}, {Title: cargoweb.FieldName(d.ctx, "parties.phone")},
	}}
	for _, p := range c.Parties {
		t.Rows = append(t.Rows, []string{
			cargoweb.PartyRole(d.ctx, p.Role), caseword.Joined("\n", p.Name, p.ID), caseword.Joined(", ", p.Address, p.City, cargoweb.Country(d.ctx, p.Country)), caseword.Joined("\n", p.Phone, p.Email),
		})
	}
	d.Heading(2, d.t("cargo.parties.title"))
	d.Table(t)
}

func (d *paper) goods(c *cargo.Consignment) {
	t := pdf.Table{Empty: d.t("cargo.goods.none"), Columns: []pdf.Column{
		{Title: "№"}, {Title: cargoweb.FieldName(d.ctx, "goods.description")}, {Title: cargoweb.FieldName(d.ctx, "goods.hs")},
		{Title: cargoweb.FieldName(d.ctx, "goods.origin")}, {Title: cargoweb.FieldName(d.ctx, "goods.packages"), Numeric: true},
		{Title: cargoweb.FieldName(d.ctx, "goods.gross_mass"), Numeric: true}, {Title: cargoweb.FieldName(d.ctx, "goods.value"), Numeric: true},
	}}
	for i, g := range c.Goods[:min(mostGoods, len(c.Goods))] {
		number := max(g.Number, 0)
		if number == 0 {
			number = i + 1
		}
		dangerous := ""
		if g.DG != "" {
			dangerous = "UN " + g.DG
		}
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(number), caseword.Joined("\n", g.Description, g.Marks, dangerous), g.HS, cargoweb.Country(d.ctx, g.Origin), cargoweb.Count(d.ctx, g.Packages),
			cargoweb.Mass(d.ctx, g.GrossMass), cargoweb.Amount(d.ctx, g.Value),
		})
	}
	d.Heading(2, d.t("cargo.goods.title"))
	d.Table(t)
	if n := len(c.Goods) - mostGoods; n > 0 {
		d.Note(d.t("cargo.goods.more", "Count", n))
	}
}

func (d *paper) equipment(c *cargo.Consignment) {
	if len(c.Equipment) == 0 {
		return
	}
	t := pdf.Table{Columns: []pdf.Column{
		{Title: cargoweb.FieldName(d.ctx, "equipment.number")}, {Title: cargoweb.FieldName(d.ctx, "equipment.size_type")},
		{Title: cargoweb.FieldName(d.ctx, "equipment.fullness")}, {Title: cargoweb.FieldName(d.ctx, "equipment.seals")},
		{Title: cargoweb.FieldName(d.ctx, "equipment.gross_mass"), Numeric: true},
	}}
	for _, e := range c.Equipment[:min(mostContainers, len(c.Equipment))] {
		var seals []string
		for _, s := range e.Seals {
			seals = append(seals, s.Number)
		}
		t.Rows = append(t.Rows, []string{
			e.Number, caseword.Joined(" · ", e.SizeType, cargoweb.SizeType(d.ctx, e.SizeType)), cargoweb.Fullness(d.ctx, e.Fullness), strings.Join(seals, ", "),
			cargoweb.Mass(d.ctx, e.GrossMass),
		})
	}
	d.Heading(2, d.t("cargo.equipment.title"))
	d.Table(t)
	if n := len(c.Equipment) - mostContainers; n > 0 {
		d.Note(d.t("cargo.equipment.more", "Count", n))
	}
}

func (d *paper) journey(c *cargo.Consignment) {
	if len(c.Journey.Places) == 0 {
		return
	}
	t := pdf.Table{Columns: []pdf.Column{
		{Title: cargoweb.FieldName(d.ctx, "journey.places.role")}, {Title: cargoweb.FieldName(d.ctx, "journey.places.code")},
		{Title: cargoweb.FieldName(d.ctx, "journey.places.name")}, {Title: cargoweb.FieldName(d.ctx, "journey.places.date")},
	}}
	for _, at := range c.Journey.Places {
		date := ""
		if !at.Date.IsZero() {
			date = cargoweb.Moment(d.ctx, at.Date)
		}
		t.Rows = append(t.Rows, []string{cargoweb.PlaceRole(d.ctx, at.Role), at.Code, cargoweb.PlaceName(d.site.Reference, at), date})
	}
	d.Heading(2, d.t("cargo.journey.places"))
	d.Table(t)
}

// findings are why the consignment deserved a look: each with the fields that it cites,
// what they say and what they were held against.
func (d *paper) findings(m casework.Member, c *cargo.Consignment) {
	d.Heading(2, d.t("result.file.findings"))
	kept, assessed := d.Kept[m.Consignment]
	if !assessed {
		d.Text(d.t("result.file.unassessed"))
		return
	}
	d.Note(d.t("result.file.assessed", "Version", kept.Version, "At", d.moment(kept.At)))
	t := pdf.Table{Empty: d.t("result.file.findings.none"), Columns: []pdf.Column{
		{Title: d.t("result.indicator")}, {Title: d.t("result.column.score"), Numeric: true}, {Title: d.t("result.file.field")},
		{Title: d.t("result.file.stated")}, {Title: d.t("result.file.against")},
	}}
	for _, f := range kept.Findings {
		row := []string{f.Indicator + " " + riskweb.IndicatorTitle(d.ctx, f.Indicator), web.Signed(d.ctx, float64(f.Contribution), 3), "", "", ""}
		for _, e := range f.Evidence {
			row[2], row[3], row[4] = cargoweb.FieldLabelOf(d.ctx, e.Field, c), evidenceValue(d.ctx, e), against(d.ctx, e)
			t.Rows = append(t.Rows, row)
			row = make([]string, 5)
		}
		if len(f.Evidence) == 0 {
			t.Rows = append(t.Rows, row)
		}
	}
	d.Table(t)
}

// evidenceValue writes the value that a finding saw.
func evidenceValue(ctx context.Context, e risk.Evidence) string {
	if v := strings.TrimSpace(e.Value); v != "" && v != "—" {
		return cargoweb.FieldValue(ctx, e.Field, v)
	}
	return web.Missing
}

// against says what a value was held against.
func against(ctx context.Context, e risk.Evidence) string {
	id := "note." + e.Note.ID
	if !web.Known(id) {
		return e.Reference
	}
	args := make([]string, len(e.Note.Args))
	for i, a := range e.Note.Args {
		args[i] = cargoweb.DayOrMoment(ctx, a)
	}
	if e.Note.ID == "damped" && len(args) > 0 {
		args[0] = "“" + riskweb.IndicatorTitle(ctx, args[0]) + "”"
	}
	return web.TArgs(ctx, id, args)
}
