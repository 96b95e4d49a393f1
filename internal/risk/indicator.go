package risk

import "slices"

// Indicator is one reason to look at a consignment, or not to.
type Indicator struct {
	ID      string
	Group   Group
	Title   string
	Meaning string // to an officer, one or two sentences
	Source  string // where the indicator is from
	Weight  LogOdds
	Family  string // indicators of one family often have one cause: see Engine.Assess
	Test    func(*View) Hit
}

// Group is the part of the papers that an indicator looks at.
type Group string

// Groups, in the order in which pages show them.
const (
	Documentary Group = "documentary"
	Route       Group = "route"
	Parties     Group = "party"
	Goods       Group = "goods"
	Weight      Group = "weight"
	Value       Group = "value"
	Seals       Group = "seal"
	Containers  Group = "container"
	Timing      Group = "timing"
	Trust       Group = "trust"
)

// Groups lists the groups.
var Groups = []Group{Documentary, Route, Parties, Goods, Weight, Value, Seals, Containers, Timing, Trust}

// Hit is what an indicator found: how strongly (1 is usual, 0 nothing) and what it saw.
type Hit struct {
	Strength float64
	Evidence []Evidence
}

// none is the hit of an indicator that has nothing to say.
var none = Hit{}

// hit leaves room for what Assess may add: that the finding is common here, or that
// it is damped.
func hit(strength float64, evidence ...Evidence) Hit {
	return Hit{strength, append(make([]Evidence, 0, len(evidence)+1), evidence...)}
}

var indicators = slices.Concat(documentary, chronology, route, routeTrade, parties, partyContacts, goods, goodsControl,
	weight, weightSums, value, seals, containers, timing)

// Indicators returns all indicators in the order of their groups.
func Indicators() []Indicator { return slices.Clone(indicators) }

// LeftOut are the indicators of the field's list that this engine does not test, and
// why, so that nobody takes their silence for an answer.
var LeftOut = map[string]string{
	"D05": "needs the customs declaration beside the manifest",
	"D09": "needs the invoice, permit or certificate itself",
	"D11": "needs a register of permits",
	"R10": "needs ship tracks (AIS) and a watch list of ships",
	"P07": "screening of names against lists is the work of package screening",
	"P08": "needs outcomes of earlier examinations",
	"P11": "needs outcomes of earlier examinations",
	"P12": "needs outcomes of earlier examinations",
	"G01": "needs outcomes; until then G06 uses a list",
	"G02": "needs outcomes of earlier examinations",
	"G04": "needs the tariff",
	"V06": "needs the taxes of the declaration",
	"S03": "needs an officer at the seal",
	"S05": "needs an officer or an image of the doors",
	"C05": "needs a watch list of containers",
	"C06": "needs an officer or an image of the container",
	"C07": "needs the scanner's image",
	"T02": "needs a log of enquiries",
	"T06": "needs events after arrival",
	"T07": "needs the terminal's log",
}
