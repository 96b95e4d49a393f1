package casework

import (
	"math"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
)

// Result is what an examination came to.
type Result string

// Results of an examination, in rising gravity.
const (
	NothingFound Result = "nothing"
	Discrepancy  Result = "discrepancy"  // the papers err, without gain to anybody
	Irregularity Result = "irregularity" // a rule was broken
	Seizure      Result = "seizure"      // goods were taken
)

// Results lists the results.
var Results = []Result{NothingFound, Discrepancy, Irregularity, Seizure}

// Method is how deep the look was.
type Method string

// Methods of examination, from the lightest on.
const (
	ByDocuments Method = "documents" // papers only: not counted as an examination
	ByScan      Method = "scan"      // X-ray image
	AtDoors     Method = "doors"     // opened, and looked into
	Partial     Method = "partial"   // partly unloaded
	Full        Method = "full"      // unloaded
)

// Methods lists the methods.
var Methods = []Method{ByDocuments, ByScan, AtDoors, Partial, Full}

// Physical reports whether the method counts as an examination of the goods.
func (m Method) Physical() bool { return m != ByDocuments && m != "" }

// Verdict is what the examination says of a finding of the assessment.
type Verdict string

// Verdicts on a finding.
const (
	ProvedRight Verdict = "right"
	ProvedWrong Verdict = "wrong"
	NotChecked  Verdict = "not-checked"
)

// Verdicts lists the verdicts.
var Verdicts = []Verdict{ProvedRight, ProvedWrong, NotChecked}

// Outcome is what was found in one consignment.
type Outcome struct {
	Consignment int64              `json:"consignment"`
	Method      Method             `json:"method"`
	Result      Result             `json:"result"`
	Goods       []FoundGoods       `json:"goods,omitempty"`
	Arrests     int                `json:"arrests,omitempty"`
	Verdicts    map[string]Verdict `json:"verdicts,omitempty"` // by indicator; one that is missing was not checked
	Photos      []int              `json:"photos,omitempty"`   // numbers (Seq) of attachments
	Words       string             `json:"words,omitempty"`
	Correction  string             `json:"correction,omitempty"` // why an outcome is corrected after the conclusion
	Dollars     float64            `json:"dollars,omitempty"`    // value of the goods by the unit's rates; RecordOutcome sets it
}

// FoundGoods is one line of what was found.
type FoundGoods struct {
	Category    Category    `json:"category"`
	Description string      `json:"description,omitempty"`
	Quantity    float64     `json:"quantity"`
	Unit        Unit        `json:"unit"`
	Value       cargo.Money `json:"value,omitzero"`
	Concealment Concealment `json:"concealment,omitempty"`
	Position    Position    `json:"position,omitempty"`
}

// OutcomeVersion is an outcome as it was recorded. The newest version counts.
type OutcomeVersion struct {
	Outcome
	Basis   Basis // what was known of the consignment then
	Version int   // 1 for the first of the consignment in this case
	Seq     int   // of its act
	Officer int64
	At      time.Time
}

// Outcome returns the newest outcome of a consignment in the case, or false.
func (c *Case) Outcome(consignment int64) (OutcomeVersion, bool) {
	for _, o := range slices.Backward(c.Outcomes) {
		if o.Consignment == consignment {
			return o, true
		}
	}
	return OutcomeVersion{}, false
}

// check returns a fault.Invalid when the outcome contradicts itself.
func (o *Outcome) check() error {
	if !slices.Contains(Methods, o.Method) {
		return invalid("method", "say how the goods were examined")
	}
	if !slices.Contains(Results, o.Result) {
		return invalid("result", "say what the examination came to")
	}
	if o.Result == NothingFound && (len(o.Goods) > 0 || o.Arrests > 0) {
		return invalid("result", "nothing was found, yet there are goods or arrests")
	}
	if o.Result == Seizure && len(o.Goods) == 0 {
		return invalid("goods", "a seizure names what was seized")
	}
	if (o.Result == Discrepancy || o.Result == Irregularity) && len(o.Goods) == 0 && strings.TrimSpace(o.Words) == "" {
		return invalid("words", "say in words what did not agree")
	}
	if o.Arrests < 0 || o.Arrests > 1000 {
		return invalid("arrests", "the number of arrests lies between 0 and 1,000")
	}
	if len(o.Goods) > maxGoods {
		return invalid("goods", "an outcome has %d lines of goods at most", maxGoods)
	}
	for i, g := range o.Goods {
		if err := g.check(i); err != nil {
			return err
		}
	}
	for _, v := range o.Verdicts {
		if !slices.Contains(Verdicts, v) {
			return invalid("verdicts", "a finding proved right, proved wrong, or was not checked")
		}
	}
	return checkLength("words", o.Words, maxText)
}

const maxGoods = 100

// check returns a fault.Invalid of line i, counted from 0. Fields are "goods.0.unit".
func (g FoundGoods) check(i int) error {
	field := func(name string) string { return goodsField(i, name) }
	units, known := CategoryUnits[g.Category]
	switch {
	case !known:
		return invalid(field("category"), "choose a category from the list")
	case !slices.Contains(units, g.Unit):
		return invalid(field("unit"), "%s is not measured in %q", g.Category.term(), g.Unit.term())
	case !(g.Quantity > 0 && g.Quantity <= 1e12):
		return invalid(field("quantity"), "the quantity is a number above 0")
	case g.Unit.Whole() && g.Quantity != math.Trunc(g.Quantity):
		return invalid(field("quantity"), "%ss are counted in whole numbers", g.Unit.term())
	case !(g.Value.Amount >= 0 && g.Value.Amount <= 1e15):
		return invalid(field("value"), "the value is a number, 0 or above")
	case g.Value.Amount > 0 && !isCurrency(g.Value.Currency):
		return invalid(field("currency"), "a value needs its currency, three letters as in USD")
	case g.Concealment != "" && !slices.Contains(Concealments, g.Concealment):
		return invalid(field("concealment"), "choose a concealment from the list")
	case g.Position != "" && !slices.Contains(Positions, g.Position):
		return invalid(field("position"), "choose a place in the container from the list")
	}
	return checkLength(field("description"), g.Description, maxLine)
}

func isCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
