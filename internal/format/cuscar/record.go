package cuscar

import (
	"time"

	"tidewaiter/internal/format/edifact"
)

// Span is a run of bytes in the file.
type Span struct {
	Offset int64
	Length int
}

// Mark says where the value of a field was read.
type Mark struct {
	Field string
	Span  Span
}

// Problem is a value or a stretch of the file that cannot be read.
type Problem struct {
	Segment int // number in the message, UNH being 1
	Offset  int64
	Length  int
	Field   string // as in Mark; empty where no field is concerned
	Value   string
	Reason  string
	Fatal   bool // the record must not be used without mending
}

// Manifest is what a message says of the voyage as a whole.
type Manifest struct {
	Interchange edifact.Interchange
	Message     edifact.Message

	Number    string // of the document, BGM 1004
	Document  string // its kind, BGM 1001: 85 customs manifest
	Function  string // BGM 1225: 9 original, 4 change, 5 replace, 1 cancellation
	Issued    time.Time
	Nature    int // 22 export, 23 import, 24 transit, 28 transhipment; 0 when not stated
	Carrier   Carrier
	Transport Transport
	Voyage    string
	Departure time.Time
	Arrival   time.Time
	Places    []Place
	Parties   []Party // MS is the sender of the message
	Refs      []Reference
	Equipment []Equipment
	Totals    Totals
	Remarks   string

	Span     Span // of the header
	Marks    []Mark
	Problems []Problem
}

// Carrier is who carries.
type Carrier struct{ Code, Name, Address string }

// Transport is the means: ship, train, lorry or aircraft.
type Transport struct {
	Mode        string // element 8067: 1 sea, 2 rail, 3 road, 4 air, 8 inland water
	IMO         string // seven digits
	CallSign    string
	ID          string // anything else: plate, wagon, tail number
	Name        string
	Nationality string
}

// Place is a point of the journey.
type Place struct {
	Role      string // origin, loading, transit, unloading, delivery, destination or office
	Qualifier string // element 3227
	Code      string
	Name      string
	Date      time.Time
	Span      Span
	DateSpan  Span
}

// Party is a company or person. Element 3035 is in Code, what it means in Role:
// consignor, consignee, notify, forwarder, agent, carrier, sender, or nothing.
type Party struct {
	Code, Role, ID                        string
	Name, Address, City, Region, Postcode string
	Country, Contact, Phone, Email        string
	Span                                  Span
}

// Reference is a reference number by its qualifier, element 1153.
type Reference struct{ Code, Number string }

// Money is an amount in a currency.
type Money struct {
	Amount   float64
	Currency string
}

// Charges are amounts of a bill.
type Charges struct {
	Freight, Insurance, Customs, Transport Money
	Payment                                string // prepaid, collect, or the sender's code
}

// Totals are what is stated of the whole.
type Totals struct {
	Packages, Containers, Bills int
	GrossMass, Volume           float64 // kg, m³
}

// Bill is one transport document.
type Bill struct {
	Manifest      *Manifest
	Number        string
	Type          string // qualifier of its RFF: BM, BH, AWB, ...; empty where only CNI names it
	Kind          string // master, house or nothing
	Master        string // number of the master document
	Consolidation string // number in CNI, where it is another
	Line          string // number of the consignment in the message
	Nature        int    // the manifest's holds where this is 0
	Issued        time.Time
	Carrier       Carrier // the manifest's holds where this is empty
	Places        []Place // those of its own; see Route
	Parties       []Party
	Goods         []Goods
	Equipment     []Equipment
	Charges       Charges
	Totals        Totals
	Refs          []Reference
	Service       string // element 4065, contract and carriage condition
	Origin        string // country of origin, LOC 27, stated for the whole
	Location      string // where the goods lie
	Remarks       string
	remarksFull   bool

	Span     Span // from its first segment to the next bill
	Marks    []Mark
	Problems []Problem
}

// Goods is one goods item.
type Goods struct {
	Number                     int
	Description, HS, Origin    string
	Packages                   int
	PackageType, PackageName   string
	GrossMass, NetMass, Volume float64 // kg, kg, m³
	Value                      Money
	DG, DGClass                string
	Marks                      string
	Temperature                *float64 // °C
	Splits                     []Split
	marksFull, descriptionFull bool
}

// Split is the part of a goods item in one container.
type Split struct {
	Equipment         string
	Packages          int
	GrossMass, Volume float64
}

// Equipment is a container, wagon, trailer or unit load device.
type Equipment struct {
	Number         string
	Kind           string // element 8053: CN container, TE trailer, ...
	SizeType       string
	Supplier       string // element 8077: 1 shipper, 2 carrier
	Movement       string // element 8249
	Status         string // element 8169: 4 empty, 5 full, 7 shared, 8 of one consignment
	Tare           float64
	GrossMass      float64 // kg of goods: as stated of it, else the sum of this bill's splits
	VerifiedGross  float64
	Volume         float64
	Packages       int // of this bill
	Temperature    *float64
	TemperatureMin *float64
	TemperatureMax *float64
	DG, DGClass    string
	Seals          []Seal

	marks    []Mark // relative to the equipment
	problems []Problem
}

// Seal is a seal with the party that fixed it, element 9303.
type Seal struct{ Number, Party string }

// Fullness returns empty, full, lcl, fcl, or nothing.
func (e *Equipment) Fullness() string {
	switch e.Status {
	case "4":
		return "empty"
	case "5":
		return "full"
	case "7":
		return "lcl"
	case "8":
		return "fcl"
	}
	return ""
}

// ShipperOwned reports whether the shipper supplied it.
func (e *Equipment) ShipperOwned() bool { return e.Supplier == "1" }

// Fatal reports whether the bill must be set aside.
func (b *Bill) Fatal() bool {
	for i := range b.Problems {
		if b.Problems[i].Fatal {
			return true
		}
	}
	return false
}

// Party returns the first party of the role, or nil.
func (b *Bill) Party(role string) *Party {
	for i := range b.Parties {
		if b.Parties[i].Role == role {
			return &b.Parties[i]
		}
	}
	return nil
}
