package app

import (
	"math"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/risk"
)

// detection is the share of planted cases that an examination finds: no team finds all.
const detection = 0.9

// erring is the share of innocent consignments whose papers turn out to err.
const erring = 0.04

// seizure is what a scheme of the generated world hides.
type seizure struct {
	result      casework.Result
	category    casework.Category
	description string
	unit        casework.Unit
	from, to    float64 // quantity
	dollars     float64 // for each unit
	concealment casework.Concealment
	position    casework.Position
}

// seizures are by the names of simulate.Schemes.
var seizures = map[string]seizure{
	"rip_on_rip_off":                {casework.Seizure, casework.Cocaine, "Cocaine in sports bags", casework.Kilogram, 15, 240, 28_000, "rip-off", "doors"},
	"undeclared_weight":             {casework.Seizure, casework.Tobacco, "Cigarettes without excise stamps", casework.Stick, 400_000, 6_000_000, 0.06, "among-goods", "load-middle"},
	"precursor_diversion":           {casework.Seizure, casework.Precursors, "Acetic anhydride", casework.Kilogram, 800, 14_000, 3, "packaging", "throughout"},
	"strategic_goods_third_country": {casework.Seizure, casework.StrategicGoods, "Machine tool parts on the control list", casework.Piece, 4, 120, 2_600, "among-goods", "load-front"},
	"counterfeit_brands":            {casework.Seizure, casework.Counterfeit, "Sports shoes with a false mark", casework.Piece, 600, 9_000, 22, "none", "throughout"},
	"front_company":                 {casework.Irregularity, casework.RevenueFraud, "Goods of a higher duty than declared", casework.Kilogram, 1_000, 18_000, 4, "none", "throughout"},
	"revived_dormant_importer":      {casework.Seizure, casework.OtherDrugs, "Synthetic stimulants", casework.Kilogram, 20, 300, 9_000, "inside-goods", "load-middle"},
	"switched_bill":                 {casework.Irregularity, casework.RevenueFraud, "Origin of the goods changed in the papers", casework.Kilogram, 2_000, 20_000, 3, "none", "throughout"},
	"bad_check_digit":               {casework.Seizure, casework.OtherDrugs, "Hashish behind a false wall", casework.Kilogram, 60, 900, 2_400, "false-wall", "front-wall"},
	"circuitous_route":              {casework.Seizure, casework.Medicines, "Tablets without registration", casework.Tablet, 20_000, 400_000, 0.8, "among-goods", "load-rear"},
	"split_consignments":            {casework.Irregularity, casework.RevenueFraud, "One purchase split below the threshold", casework.Piece, 50, 900, 18, "none", "throughout"},
}

// outcome is what an examination of the consignment comes to.
func (s *shift) outcome(m casework.Member, findings []risk.Finding) casework.Outcome {
	methods := []casework.Method{casework.ByScan, casework.AtDoors, casework.Partial, casework.Full}
	o := casework.Outcome{
		Consignment: m.Consignment, Method: methods[s.dice.IntN(len(methods))], Result: casework.NothingFound, Verdicts: map[string]casework.Verdict{},
	}
	truth := s.truth[m.Document]
	hides, known := seizures[truth.Scheme]
	switch {
	case truth.Planted && known && s.dice.Float64() < detection:
		quantity := hides.from + math.Pow(s.dice.Float64(), 2)*(hides.to-hides.from) // small finds are frequent
		if hides.unit.Whole() {
			quantity = math.Round(quantity)
		}
		quantity = math.Round(quantity*10) / 10
		o.Result, o.Method = hides.result, casework.Full
		o.Goods = []casework.FoundGoods{{
			Category: hides.category, Description: hides.description, Quantity: quantity, Unit: hides.unit,
			Value:       cargo.Money{Amount: math.Round(quantity * hides.dollars), Currency: "USD"},
			Concealment: hides.concealment, Position: hides.position,
		}}
		if hides.result == casework.Seizure {
			o.Arrests = s.dice.IntN(3)
		}
	case s.dice.Float64() < erring:
		o.Result, o.Words = casework.Discrepancy, "The number of packages is not that of the packing list."
	}
	s.judge(&o, findings)
	return o
}

// judge says of the findings whether they proved right. Not every finding can be checked.
func (s *shift) judge(o *casework.Outcome, findings []risk.Finding) {
	found := o.Result == casework.Seizure || o.Result == casework.Irregularity
	for _, f := range findings {
		id := f.Indicator
		switch dice := s.dice.Float64(); {
		case dice < 0.25:
			o.Verdicts[id] = casework.NotChecked
		case found && dice < 0.85:
			o.Verdicts[id] = casework.ProvedRight
		default:
			o.Verdicts[id] = casework.ProvedWrong
		}
	}
}
