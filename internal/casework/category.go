package casework

import (
	"strconv"

	"tidewaiter/internal/fault"
)

// Category is a kind of goods in which the programme counts.
type Category string

// Categories of the programme.
const (
	Cocaine           Category = "cocaine"
	Heroin            Category = "heroin"
	OtherDrugs        Category = "other-drugs"
	Precursors        Category = "precursors" // of drugs and explosives
	Tobacco           Category = "tobacco"    // cigarettes and tobacco
	Alcohol           Category = "alcohol"
	Medicines         Category = "medicines"
	Counterfeit       Category = "counterfeit"
	Wildlife          Category = "wildlife" // and timber
	Fishery           Category = "fishery"
	HazardousWaste    Category = "hazardous-waste"
	Weapons           Category = "weapons" // ammunition and explosives
	StrategicGoods    Category = "strategic-goods"
	StolenVehicles    Category = "stolen-vehicles"
	CulturalGoods     Category = "cultural-goods"
	CurrencyNotes     Category = "currency"
	RevenueFraud      Category = "revenue-fraud"
	OtherContravening Category = "other"
)

// Categories lists the categories in the programme's order.
var Categories = []Category{Cocaine, Heroin, OtherDrugs, Precursors, Tobacco, Alcohol, Medicines, Counterfeit, Wildlife, Fishery,
	HazardousWaste, Weapons, StrategicGoods, StolenVehicles, CulturalGoods, CurrencyNotes, RevenueFraud, OtherContravening}

// Unit is what a quantity is counted in.
type Unit string

// Units of quantity.
const (
	Kilogram Unit = "kg"
	Litre    Unit = "litre"
	Piece    Unit = "piece"
	Stick    Unit = "stick" // cigarettes
	Tablet   Unit = "tablet"
)

// Terms are the names under which pages say them.
func (c Category) term() fault.Phrase { return fault.Term("case.category."+string(c), string(c)) }
func (u Unit) term() fault.Phrase     { return fault.Term("case.unit."+string(u), string(u)) }

// Units lists the units.
var Units = []Unit{Kilogram, Litre, Piece, Stick, Tablet}

// Whole reports a unit of things that are counted.
func (u Unit) Whole() bool { return u == Piece || u == Stick || u == Tablet }

// CategoryUnits are the units that fit a category, the usual one first.
var CategoryUnits = map[Category][]Unit{
	Cocaine:           {Kilogram, Litre}, // dissolved
	Heroin:            {Kilogram, Litre},
	OtherDrugs:        {Kilogram, Tablet, Litre, Piece}, // ampoules, blotters, plants
	Precursors:        {Kilogram, Litre, Tablet},        // tablets of pseudoephedrine
	Tobacco:           {Stick, Kilogram, Piece},         // cigars, cartridges
	Alcohol:           {Litre, Piece},
	Medicines:         {Tablet, Kilogram, Litre, Piece},
	Counterfeit:       {Piece, Kilogram, Litre},
	Wildlife:          {Kilogram, Piece},
	Fishery:           {Kilogram, Piece},
	HazardousWaste:    {Kilogram, Litre, Piece},
	Weapons:           {Piece, Kilogram},
	StrategicGoods:    {Piece, Kilogram, Litre},
	StolenVehicles:    {Piece},
	CulturalGoods:     {Piece, Kilogram},
	CurrencyNotes:     {Piece, Kilogram},
	RevenueFraud:      {Kilogram, Piece, Litre, Stick, Tablet},
	OtherContravening: {Piece, Kilogram, Litre, Stick, Tablet},
}

// Concealment is how goods were hidden.
type Concealment string

// Concealments, in the order in which pages show them. Pages look up
// "case.concealment.<concealment>".
var Concealments = []Concealment{
	"none",         // not hidden: declared wrongly or not at all
	"rip-off",      // bags behind the doors, without the owner's knowledge
	"among-goods",  // packages between those of the cover load
	"inside-goods", // within the goods themselves
	"packaging",    // in pallets, drums, cartons, reels
	"dissolved",    // in liquids, or soaked into fabric or paper
	"false-wall",
	"floor",
	"ceiling",
	"frame", // beams, corner posts, undercarriage
	"doors",
	"reefer-unit",
	"tank",
	"vehicle", // in the parts of a vehicle or machine that is carried
	"other",
}

// Position is where in or on the container goods were.
type Position string

// Positions, in the order in which pages show them. Pages look up
// "case.position.<position>".
var Positions = []Position{
	"doors", "load-rear", "load-middle", "load-front", "front-wall", "left-side", "right-side", "ceiling", "floor",
	"undercarriage", "reefer-unit", "tank", "outside", "throughout", "unknown",
}

func goodsField(i int, name string) string { return "goods." + strconv.Itoa(i) + "." + name }
