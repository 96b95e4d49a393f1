package casework

import (
	"slices"
	"strconv"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
)

// Checklist returns what is to be looked at in a consignment: what every examination of
// such a container holds, and what the findings ask for besides, in the order in which
// one walks around it. It depends on nothing but its arguments.
func Checklist(c *cargo.Consignment, findings []risk.Finding) []Item {
	m := maker{consignment: c.ID, suspect: suspicions(findings)}
	boxes := c.Equipment
	if len(boxes) > maxBoxes {
		boxes = boxes[:maxBoxes]
	}
	for i := range boxes {
		m.box(&boxes[i], i)
	}
	if len(boxes) == 0 {
		m.equipment, m.prefix = "", "goods"
		m.add(PartIdentity, "packages-marked", "")
	}
	m.equipment, m.prefix = "", "goods"
	m.cargo(c)
	return m.items
}

// maxBoxes bounds a checklist; a consignment with more containers is examined by sample.
const maxBoxes = 40

// suspicions returns the indicators that fired and speak for a look, by their group.
func suspicions(findings []risk.Finding) map[risk.Group][]string {
	groups := map[string]risk.Group{}
	for _, i := range risk.Indicators() {
		groups[i.ID] = i.Group
	}
	out := map[risk.Group][]string{}
	for _, f := range findings {
		if f.Contribution > 0 {
			out[groups[f.Indicator]] = append(out[groups[f.Indicator]], f.Indicator)
		}
	}
	return out
}

// maker collects the items of one consignment.
type maker struct {
	consignment int64
	suspect     map[risk.Group][]string
	equipment   string // container number
	prefix      string // of the items' ids
	items       []Item
}

// because returns the indicators of the groups that fired.
func (m *maker) because(groups ...risk.Group) (ids []string) {
	for _, g := range groups {
		ids = append(ids, m.suspect[g]...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// add puts an item on the list that is always looked at; groups that fired are named.
func (m *maker) add(part Part, check, subject string, groups ...risk.Group) *Item {
	id := strconv.FormatInt(m.consignment, 36) + "/" + m.prefix + "/" + check
	if subject != "" {
		id += "/" + subject
	}
	m.items = append(m.items, Item{
		ID: id, Part: part, Check: check, Consignment: m.consignment, Equipment: m.equipment, Subject: subject,
		Input: InputState, Because: m.because(groups...),
	})
	return &m.items[len(m.items)-1]
}

// when puts an item on the list only if one of the groups fired.
func (m *maker) when(part Part, check string, groups ...risk.Group) *Item {
	if len(m.because(groups...)) == 0 {
		return &Item{}
	}
	return m.add(part, check, "", groups...)
}

// form returns the form of a box and its inside length, as its size-type says. A box
// that says nothing is taken for the most frequent one.
func form(e *cargo.Equipment) (Container, float64) {
	size, err := reference.ParseSizeType(e.SizeType)
	if err != nil && size.Code == "" {
		if e.Temperature != nil {
			return Reefer, 0
		}
		return Dry, 0
	}
	switch {
	case size.IsTank():
		return Tank, 0
	case size.IsFlat():
		return Flat, 0
	case size.IsOpenTop():
		return OpenTop, insideLength[size.Feet()]
	case size.IsReefer() || size.Group == reference.Insulated:
		return Reefer, 0 // the walls of insulated boxes differ too much to say
	}
	return Dry, insideLength[size.Feet()]
}

// insideLength is the least inside length in mm of a dry box, by its nominal feet.
// ISO 668:2013 table 3 (minimum internal dimensions).
var insideLength = map[int]float64{10: 2802, 20: 5867, 30: 8931, 40: 11998, 45: 13542}

// box adds what is looked at in one container.
func (m *maker) box(e *cargo.Equipment, n int) {
	m.equipment, m.prefix = e.Number, e.Number
	if e.Number == "" {
		m.prefix = "box-" + strconv.Itoa(n+1)
	}
	kind, length := form(e)
	m.add(PartIdentity, "number-on-all-sides", e.Number, risk.Containers)
	m.when(PartIdentity, "safety-plate", risk.Containers, risk.Weight)
	m.seals(e, kind)
	m.walkAround(kind)
	if kind == Reefer {
		m.reefer()
	}
	if kind == Dry || kind == Reefer || kind == OpenTop {
		if i := m.when(PartStructure, "inside-length", risk.Containers, risk.Weight, risk.Goods, risk.Seals); i.ID != "" {
			i.Input, i.Unit, i.Expect = InputMeasure, "mm", length
		}
		m.when(PartStructure, "front-wall-sound", risk.Containers, risk.Weight)
		m.when(PartStructure, "floor-height", risk.Containers, risk.Weight)
	}
	if i := m.when(PartWeight, "gross-mass-weighed", risk.Weight); i.ID != "" {
		i.Input, i.Unit, i.Expect = InputMeasure, "kg", weightOf(e)
	}
}

// weightOf returns what the box should weigh with its goods, in kg; 0 when nobody says.
func weightOf(e *cargo.Equipment) float64 {
	if e.VerifiedGross > 0 {
		return e.VerifiedGross
	}
	if e.GrossMass > 0 && e.Tare > 0 {
		return e.GrossMass + e.Tare
	}
	return 0
}

// seals adds a View-Verify-Tug-Twist record for each seal on the papers, and one for what
// hangs there when they name none.
func (m *maker) seals(e *cargo.Equipment, kind Container) {
	if kind == Flat {
		return // nothing to seal
	}
	seen := map[string]bool{}
	for _, s := range e.Seals {
		if s.Number != "" && !seen[s.Number] {
			seen[s.Number] = true
			m.add(PartSeals, "seal", s.Number, risk.Seals).Input = InputSeal
		}
	}
	if len(seen) == 0 {
		m.add(PartSeals, "seal-not-on-papers", "", risk.Seals).Input = InputSeal
	}
	m.when(PartSeals, "door-hardware", risk.Seals, risk.Containers)
}

// walkAround adds the seven points of a box, or what the form of the box has instead.
func (m *maker) walkAround(kind Container) {
	points := []string{"undercarriage", "doors", "right-side", "left-side", "front-wall", "ceiling", "floor"}
	switch kind {
	case OpenTop:
		points[5] = "tarpaulin"
	case Tank:
		points = []string{"frame", "shell", "manhole", "valves", "walkway"}
	case Flat:
		points = []string{"undercarriage", "end-walls", "lashings", "load-from-all-sides"}
	}
	for _, p := range points {
		m.add(PartContainer, p, "", risk.Containers)
	}
}

// reefer adds the cooling unit: a machine with room around it.
func (m *maker) reefer() {
	m.add(PartReefer, "machinery-compartment", "", risk.Containers)
	m.add(PartReefer, "evaporator-panels", "", risk.Containers)
	m.add(PartReefer, "temperature-against-papers", "", risk.Goods, risk.Documentary)
}

// cargo adds what is looked at in the goods themselves.
func (m *maker) cargo(c *cargo.Consignment) {
	m.add(PartCargo, "goods-against-description", "", risk.Goods, risk.Documentary)
	m.add(PartCargo, "packages-counted", "", risk.Weight, risk.Documentary)
	m.add(PartCargo, "marks-and-labels", "", risk.Route, risk.Parties, risk.Documentary)
	m.add(PartCargo, "goods-that-do-not-belong", "", risk.Seals)
	m.when(PartCargo, "packages-opened", risk.Goods, risk.Documentary, risk.Weight)
	m.when(PartCargo, "package-weighed", risk.Weight)
	m.when(PartCargo, "brand-and-quality", risk.Value, risk.Goods)
	m.when(PartCargo, "dual-use-and-licences", risk.Goods)
	if slices.ContainsFunc(c.Goods, func(g cargo.GoodsItem) bool { return g.DG != "" }) {
		m.add(PartCargo, "dangerous-goods-placards", "")
	}
	m.when(PartDocuments, "papers-in-the-load", risk.Parties, risk.Route, risk.Documentary, risk.Value)
	m.when(PartDocuments, "way-of-the-container", risk.Route, risk.Timing)
}

// Checks returns every check of any checklist, for the test that pages have a text for
// each.
func Checks() []string {
	var all []string
	everything := map[risk.Group][]string{}
	for _, g := range risk.Groups {
		everything[g] = []string{"X01"}
	}
	temperature := -18.0
	for _, size := range []string{"22G1", "45R1", "22T1", "22U1", "22P1"} {
		m := maker{suspect: everything}
		m.box(&cargo.Equipment{SizeType: size, Temperature: &temperature, Seals: []cargo.Seal{{Number: "1"}}}, 0)
		m.box(&cargo.Equipment{SizeType: size}, 1)
		m.cargo(&cargo.Consignment{Goods: []cargo.GoodsItem{{DG: "1203"}}})
		m.add(PartIdentity, "packages-marked", "")
		for _, i := range m.items {
			all = append(all, i.Check)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
