package cuscar

import (
	"io"
	"slices"
	"strconv"

	"tidewaiter/internal/format/edifact"
)

// Message is a manifest with its bills, to be written.
type Message struct {
	Manifest *Manifest
	Bills    []*Bill
}

// writer writes messages as CUSCAR.
type writer struct{ out *edifact.Writer }

// el returns an element of components.
func el(components ...string) edifact.Element { return components }

// Write writes an interchange of CUSCAR messages. UNB is made of the first manifest's
// Interchange, UNH of each one's Message: D.95B where it names no directory. Of a means
// of transport the IMO number is written, else its call sign, else its ID; the mass and
// packages in a container only as splits of goods. It fails on text that the character
// set does not hold.
func Write(to io.Writer, options edifact.WriterOptions, messages ...Message) error {
	out, err := edifact.NewWriter(to, options)
	if err != nil {
		return err
	}
	w := &writer{out}
	if len(messages) > 0 {
		out.Begin(messages[0].Manifest.Interchange)
	}
	for _, m := range messages {
		w.message(m)
	}
	return out.End()
}

func (w *writer) message(m Message) {
	h := m.Manifest.Message
	h.Type = "CUSCAR"
	if h.Release == "" {
		h.Version, h.Release, h.Agency = "D", "95B", "UN"
	}
	w.out.BeginMessage(h)
	w.header(m.Manifest)
	w.allEquipment(m)
	for _, b := range m.Bills {
		w.bill(b)
	}
	w.out.EndMessage()
}

func (w *writer) header(m *Manifest) {
	seg := w.out.Segment
	seg("BGM", el(m.Document), el(m.Number), el(m.Function))
	if !m.Issued.IsZero() {
		seg("DTM", el("137", edifact.FormatTime(m.Issued, "204"), "204"))
	}
	w.totals(m.Totals)
	for _, r := range m.Refs {
		seg("RFF", el(r.Code, r.Number))
	}
	w.nature(m.Nature)
	w.texts("AAI", m.Remarks)
	w.parties(m.Parties)
	w.carrier(m.Carrier)
	t := m.Transport
	id, list := t.ID, ""
	switch {
	case t.IMO != "":
		id, list = t.IMO, "146"
	case t.CallSign != "":
		id, list = t.CallSign, "103"
	}
	if m.Voyage != "" || t != (Transport{}) {
		seg("TDT", el("20"), el(m.Voyage), el(t.Mode), nil, el(m.Carrier.Code), nil, nil, el(id, list, "", t.Name, t.Nationality))
	}
	if !m.Departure.IsZero() {
		seg("DTM", el("133", edifact.FormatTime(m.Departure, "204"), "204"))
	}
	if !m.Arrival.IsZero() {
		seg("DTM", el("132", edifact.FormatTime(m.Arrival, "204"), "204"))
	}
	w.places(m.Places)
}

func (w *writer) totals(t Totals) {
	w.control("7", t.GrossMass, "KGM")
	w.control("11", float64(t.Packages), "")
	w.control("16", float64(t.Containers), "")
	w.control("15", t.Volume, "MTQ")
	w.control("10", float64(t.Bills), "")
}

func (w *writer) control(code string, v float64, unit string) {
	if v != 0 {
		w.out.Segment("CNT", el(code, w.out.Number(v), unit))
	}
}

func (w *writer) nature(n int) {
	if n != 0 {
		w.out.Segment("GIS", el(strconv.Itoa(n)))
	}
}

func (w *writer) places(list []Place) {
	for _, p := range list {
		q := first(p.Qualifier, roleQualifiers[p.Role])
		w.out.Segment("LOC", el(q), el(p.Code, "139", "6", p.Name))
		if !p.Date.IsZero() {
			function := "132"
			if p.Role == "loading" || p.Role == "origin" {
				function = "133"
			}
			w.out.Segment("DTM", el(function, edifact.FormatTime(p.Date, "204"), "204"))
		}
	}
}

func (w *writer) parties(list []Party) {
	for _, p := range list {
		code := p.Code
		if code == "" {
			code = map[string]string{"consignor": "CZ", "consignee": "CN", "notify": "NI", "forwarder": "FW", "agent": "AG", "sender": "MS"}[p.Role]
		}
		w.out.Segment("NAD", el(code), el(p.ID), nil, cut(p.Name, lineWidth), cut(p.Address, lineWidth),
			el(p.City), el(p.Region), el(p.Postcode), el(p.Country))
		if p.Contact != "" {
			w.out.Segment("CTA", el("IC"), el("", p.Contact))
		}
		if p.Phone != "" {
			w.out.Segment("COM", el(p.Phone, "TE"))
		}
		if p.Email != "" {
			w.out.Segment("COM", el(p.Email, "EM"))
		}
	}
}

func (w *writer) carrier(c Carrier) {
	if c != (Carrier{}) {
		w.out.Segment("NAD", el("CA"), el(c.Code), nil, cut(c.Name, lineWidth), cut(c.Address, lineWidth))
	}
}

// cut cuts s into components of the width.
func cut(s string, width int) edifact.Element {
	var out edifact.Element
	runes := 0
	start := 0
	for i := range s {
		if runes == width {
			out = append(out, s[start:i])
			start, runes = i, 0
		}
		runes++
	}
	return append(out, s[start:])
}

// texts writes s as one or more FTX of five components.
func (w *writer) texts(code, s string) {
	if s == "" {
		return
	}
	for part := range slices.Chunk(cut(s, textWidth), 5) {
		w.out.Segment("FTX", el(code), nil, nil, part)
	}
}

// allEquipment writes what the manifest and its bills hold, each once.
func (w *writer) allEquipment(m Message) {
	seen := make(map[string]bool)
	once := func(e *Equipment, stated bool) {
		if !seen[e.Number] {
			seen[e.Number] = true
			w.equipment(e, stated)
		}
	}
	for i := range m.Manifest.Equipment {
		once(&m.Manifest.Equipment[i], true)
	}
	for _, b := range m.Bills {
		for i := range b.Equipment {
			once(&b.Equipment[i], false)
		}
	}
}

func (w *writer) equipment(e *Equipment, stated bool) {
	seg := w.out.Segment
	seg("EQD", el(first(e.Kind, "CN")), el(e.Number), el(e.SizeType, "102", "5"), el(e.Supplier), el(e.Movement), el(e.Status))
	w.measure("T", "KGM", e.Tare)
	if stated {
		w.measure("G", "KGM", e.GrossMass)
	}
	w.measure("VGM", "KGM", e.VerifiedGross)
	w.measure("AAW", "MTQ", e.Volume)
	for _, s := range e.Seals {
		seg("SEL", el(s.Number), el(s.Party))
	}
	if e.Temperature != nil {
		seg("TMP", el("2"), el(w.out.Number(*e.Temperature), "CEL"))
	}
	if e.TemperatureMin != nil || e.TemperatureMax != nil {
		seg("RNG", el("5"), el("CEL", w.optional(e.TemperatureMin), w.optional(e.TemperatureMax)))
	}
	if e.DG != "" || e.DGClass != "" {
		seg("DGS", el("IMD"), el(e.DGClass), el(e.DG))
	}
}

func (w *writer) optional(v *float64) string {
	if v == nil {
		return ""
	}
	return w.out.Number(*v)
}

func (w *writer) measure(what, unit string, v float64) {
	if v != 0 {
		w.out.Segment("MEA", el("AAE"), el(what), el(unit, w.out.Number(v)))
	}
}

func (w *writer) bill(b *Bill) {
	seg := w.out.Segment
	seg("CNI", el(b.Line), el(first(b.Consolidation, b.Number)))
	if b.Type != "" {
		seg("RFF", el(b.Type, b.Number))
	}
	if b.Master != "" {
		seg("RFF", el("MB", b.Master))
	}
	for _, r := range b.Refs {
		seg("RFF", el(r.Code, r.Number))
	}
	if !b.Issued.IsZero() {
		seg("DTM", el("182", edifact.FormatTime(b.Issued, "204"), "204"))
	}
	w.totals(b.Totals)
	w.charges(&b.Charges)
	w.places(b.Places)
	if b.Location != "" {
		seg("LOC", el("14"), el(b.Location))
	}
	if b.Origin != "" {
		seg("LOC", el("27"), el(b.Origin))
	}
	w.nature(b.Nature)
	if b.Service != "" {
		seg("TSR", el(b.Service))
	}
	w.texts("AAI", b.Remarks)
	w.parties(b.Parties)
	w.carrier(b.Carrier)
	for i := range b.Goods {
		w.goods(&b.Goods[i])
	}
}

func (w *writer) charges(c *Charges) {
	w.money("64", c.Freight)
	w.money("157", c.Insurance)
	w.money("40", c.Customs)
	w.money("44", c.Transport)
	switch c.Payment {
	case "":
	case "prepaid":
		w.out.Segment("CPI", el("4"), nil, el("P"))
	case "collect":
		w.out.Segment("CPI", el("4"), nil, el("C"))
	default:
		w.out.Segment("CPI", el("4"), nil, el(c.Payment))
	}
}

func (w *writer) money(code string, m Money) {
	if m != (Money{}) {
		w.out.Segment("MOA", el(code, w.out.Number(m.Amount), m.Currency))
	}
}

func (w *writer) goods(g *Goods) {
	seg := w.out.Segment
	seg("GID", el(whole(g.Number)), el(whole(g.Packages), g.PackageType, "", "", g.PackageName))
	w.texts("AAA", g.Description)
	if g.Origin != "" {
		seg("LOC", el("27"), el(g.Origin))
	}
	w.money("40", g.Value)
	w.measure("G", "KGM", g.GrossMass)
	w.measure("AAA", "KGM", g.NetMass)
	w.measure("AAW", "MTQ", g.Volume)
	if g.Temperature != nil {
		seg("TMP", el("2"), el(w.out.Number(*g.Temperature), "CEL"))
	}
	if g.DG != "" || g.DGClass != "" {
		seg("DGS", el("IMD"), el(g.DGClass), el(g.DG))
	}
	if g.Marks != "" {
		for part := range slices.Chunk(cut(g.Marks, lineWidth), 10) {
			seg("PCI", el("28"), part)
		}
	}
	if g.HS != "" {
		seg("CST", el(whole(g.Number)), el(g.HS, "122"))
	}
	for _, s := range g.Splits {
		seg("SGP", el(s.Equipment), el(whole(s.Packages)))
		w.measure("G", "KGM", s.GrossMass)
		w.measure("AAW", "MTQ", s.Volume)
	}
}

func whole(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
