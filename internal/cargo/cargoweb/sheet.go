package cargoweb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// Sheet is one version of a consignment as it is shown.
type Sheet struct {
	*cargo.Consignment
	Codes *reference.Directory
	Marks map[string][]Cite // by field path: the findings that cite the field

	// Addresses of what belongs together; nil functions and "" give no link.
	PartyHref     func(cargo.PartyRole) string
	ContainerHref func(number string) string
}

// Cite is a finding that cites a field.
type Cite struct {
	Short string // stands beside the value, such as W01
	Title string
	Href  string // where the finding is explained
}

func (s Sheet) cited(field string) bool { return len(s.Marks[field]) > 0 }

// Unshown returns the cited fields that no fragment shows, since the sender left out the
// party, item or place that they belong to; in the order of their paths.
func (s Sheet) Unshown() []string {
	var out []string
	for field := range s.Marks {
		if !s.shows(field) {
			out = append(out, field)
		}
	}
	slices.Sort(out)
	return out
}

func (s Sheet) shows(field string) bool {
	generic, keys := split(field)
	if _, known := kinds[generic]; !known || strings.HasSuffix(generic, ".amount") || strings.HasSuffix(generic, ".currency") {
		return false
	}
	if len(keys) == 0 {
		return true
	}
	i, err := strconv.Atoi(keys[0])
	within := func(n int) bool { return err == nil && i >= 0 && i < n }
	switch {
	case strings.HasPrefix(generic, "parties"):
		return s.Party(cargo.PartyRole(keys[0])) != nil
	case strings.HasPrefix(generic, "goods"):
		return within(len(s.Goods)) && len(keys) == 1
	case strings.HasPrefix(generic, "equipment.seals"):
		k := -1
		if len(keys) > 1 {
			k, _ = strconv.Atoi(keys[1])
		}
		return within(len(s.Equipment)) && (len(keys) == 1 || k >= 0 && k < len(s.Equipment[i].Seals))
	case strings.HasPrefix(generic, "equipment"):
		return within(len(s.Equipment))
	case strings.HasPrefix(generic, "journey.places"):
		return within(len(s.Journey.Places))
	}
	return false
}

// datum is one field of a list of facts.
type datum struct {
	field string
	text  string // "" when not stated
}

// stated parts data into those to show and the names of those that the sender left out.
func (s Sheet) stated(ctx context.Context, data []datum) (shown []datum, left []string) {
	for _, d := range data {
		if d.text != "" || s.cited(d.field) {
			shown = append(shown, d)
		} else {
			left = append(left, strings.ToLower(FieldName(ctx, d.field)))
		}
	}
	return shown, left
}

func (s Sheet) documentData(ctx context.Context) []datum {
	d := s.Document
	data := []datum{
		{"document.number", d.Number}, {"document.kind", FieldValue(ctx, "document.kind", string(d.Kind))}, {"document.type", d.Type},
		{"document.master", d.Master}, {"document.issued", zeroless(ctx, d)}, {"nature", natureText(ctx, s.Nature)},
		{"document.line", d.Line}, {"location", s.Location}, {"remarks", s.Remarks},
	}
	if d.Consolidated {
		data = append(data, datum{"document.consolidated", web.T(ctx, "cargo.flag.true")})
	}
	if s.Withdrawn || s.cited("withdrawn") {
		data = append(data, datum{"withdrawn", web.T(ctx, "cargo.flag."+strconv.FormatBool(s.Withdrawn))})
	}
	return data
}

func zeroless(ctx context.Context, d cargo.TransportDocument) string {
	if d.Issued.IsZero() {
		return ""
	}
	return Moment(ctx, d.Issued)
}

func natureText(ctx context.Context, n cargo.Nature) string {
	if n == cargo.NatureUnknown {
		return ""
	}
	return Nature(ctx, n)
}

func (s Sheet) transportData(ctx context.Context) []datum {
	t, j := s.Transport, s.Journey
	mode := ""
	if t.Mode != cargo.ModeUnknown {
		mode = Mode(ctx, t.Mode)
	}
	data := []datum{
		{"transport.mode", mode}, {"transport.name", t.Name}, {"transport.id", t.ID}, {"transport.nationality", countryText(ctx, t.Nationality)},
		{"transport.master", t.Master}, {"journey.voyage", j.Voyage}, {"journey.departure", ""}, {"journey.arrival", ""},
		{"carrier.name", s.Carrier.Name}, {"carrier.code", s.Carrier.Code}, {"carrier.address", s.Carrier.Address},
	}
	if !j.Departure.IsZero() {
		data[6].text = Moment(ctx, j.Departure)
	}
	if !j.Arrival.IsZero() {
		data[7].text = Moment(ctx, j.Arrival)
	}
	return data
}

func countryText(ctx context.Context, code string) string {
	if code == "" {
		return ""
	}
	return Country(ctx, code)
}

func (s Sheet) moneyData(ctx context.Context) []datum {
	ch, t := s.Charges, s.Totals
	return []datum{
		{"charges.freight", Amount(ctx, ch.Freight)}, {"charges.insurance", Amount(ctx, ch.Insurance)},
		{"charges.customs", Amount(ctx, ch.Customs)}, {"charges.transport", Amount(ctx, ch.Transport)},
		{"charges.payment", FieldValue(ctx, "charges.payment", ch.Payment)},
		{"totals.packages", total(ctx, float64(t.Packages), float64(s.Packages()), false)},
		{"totals.gross_mass", total(ctx, t.GrossMass, s.GrossMass(), true)},
		{"totals.containers", total(ctx, float64(t.Containers), float64(len(s.Equipment)), false)},
	}
}

// total writes what the document states of the whole, and the sum of its parts where
// that is another figure.
func total(ctx context.Context, stated, sum float64, kg bool) string {
	write := func(f float64) string {
		if kg {
			return web.Mass(ctx, f)
		}
		return web.Number(ctx, f)
	}
	switch {
	case stated == 0:
		return ""
	case stated == sum || sum == 0:
		return write(stated)
	}
	return web.T(ctx, "cargo.total.differs", "Stated", write(stated), "Sum", write(sum))
}

// Route returns the places of the journey for a map; places that follow each other
// under one code are one.
func (s Sheet) Route(ctx context.Context) []c.Place {
	var out []c.Place
	var last string
	for i, p := range s.Journey.Places {
		if p.Role == cargo.PlaceOffice || p.Code == "" && p.Name == "" {
			continue
		}
		doubt := s.cited(cargo.PlaceField(i, "code")) || s.cited(cargo.PlaceField(i, "name"))
		key := strings.ToUpper(p.Code + "\x00")
		if p.Code == "" {
			key = strings.ToUpper(p.Name)
		}
		if len(out) > 0 && key == last {
			at := &out[len(out)-1]
			at.Role += ", " + strings.ToLower(PlaceRole(ctx, p.Role))
			at.Doubt = at.Doubt || doubt
			continue
		}
		last = key
		at := c.Place{Name: PlaceName(s.Codes, p), Code: p.Code, Role: PlaceRole(ctx, p.Role), Doubt: doubt}
		if known, ok := lookup(s.Codes, p.Code); ok && known.Located {
			at.Lat, at.Lon, at.Known = known.Lat, known.Lon, true
		}
		out = append(out, at)
	}
	return out
}

// Changes are the differences between two versions, in words.
func Changes(ctx context.Context, older, newer *cargo.Consignment) []c.Change {
	var out []c.Change
	for _, d := range cargo.Differences(older, newer) {
		in := newer
		if d.New == "" {
			in = older
		}
		out = append(out, c.Change{
			Field: FieldLabelOf(ctx, d.Field, in), Was: FieldValue(ctx, d.Field, d.Old), Is: FieldValue(ctx, d.Field, d.New),
		})
	}
	return out
}

// nameOnly is the code table's name of a place that the sender gave only a code for.
func nameOnly(s Sheet, p cargo.Place) string {
	if known, ok := lookup(s.Codes, p.Code); ok {
		return known.Name
	}
	return ""
}

func dateOf(ctx context.Context, p cargo.Place) string {
	if p.Date.IsZero() {
		return ""
	}
	return Moment(ctx, p.Date)
}
