package cargo

import (
	"strings"
	"time"
)

// Consignment is what one transport document moves from a consignor to a consignee:
// the thing that an officer decides about. It is immutable once saved; amendments
// are new versions. Zero values mean "not stated by the sender".
type Consignment struct {
	ID      int64   `json:"-"`
	Scope   ScopeID `json:"-"`
	Version int     `json:"-"` // 1 for the first message about the document

	Document  TransportDocument `json:"document"`
	Nature    Nature            `json:"nature,omitempty"`
	Carrier   Carrier           `json:"carrier,omitzero"`
	Transport TransportMeans    `json:"transport,omitzero"`
	Journey   Journey           `json:"journey,omitzero"`
	Parties   []Party           `json:"parties,omitempty"`
	Goods     []GoodsItem       `json:"goods,omitempty"`
	Equipment []Equipment       `json:"equipment,omitempty"`
	Charges   Charges           `json:"charges,omitzero"`
	Totals    Totals            `json:"totals,omitzero"`
	Remarks   string            `json:"remarks,omitempty"`
	Location  string            `json:"location,omitempty"`  // where the goods lie after discharge
	Withdrawn bool              `json:"withdrawn,omitempty"` // the sender has cancelled the document

	Received time.Time `json:"-"` // when the message reached us, UTC
	Source   Source    `json:"-"` // where in which message it stands
}

// Mode is the mode of transport at the border. UN/ECE Recommendation 19.
type Mode int8

// Modes of transport, with the codes of UN/ECE Recommendation 19.
const (
	ModeUnknown Mode = 0
	ModeSea     Mode = 1
	ModeRail    Mode = 2
	ModeRoad    Mode = 3
	ModeAir     Mode = 4
)

// Modes lists the modes in the order in which pages show them.
var Modes = []Mode{ModeSea, ModeRail, ModeRoad, ModeAir}

// String returns sea, rail, road, air or unknown.
func (m Mode) String() string {
	switch m {
	case ModeSea:
		return "sea"
	case ModeRail:
		return "rail"
	case ModeRoad:
		return "road"
	case ModeAir:
		return "air"
	default:
		return "unknown"
	}
}

// ParseMode reads a name as String writes it, or a code of Recommendation 19
// (one digit, or two as in 10 and 31); anything else is ModeUnknown.
func ParseMode(s string) Mode {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, m := range Modes {
		if s == m.String() {
			return m
		}
	}
	if len(s) >= 1 && len(s) <= 3 && s[0] >= '1' && s[0] <= '4' {
		return Mode(s[0] - '0')
	}
	return ModeUnknown
}

// Nature is why the goods cross: import, export, transit or transhipment.
// ASYCUDA World Bol_nature: 22, 23, 24, 28.
type Nature int8

// Natures of a consignment, with ASYCUDA's codes.
const (
	NatureUnknown      Nature = 0
	NatureExport       Nature = 22
	NatureImport       Nature = 23
	NatureTransit      Nature = 24
	NatureTranshipment Nature = 28
)

// String returns export, import, transit, transhipment or unknown.
func (n Nature) String() string {
	switch n {
	case NatureExport:
		return "export"
	case NatureImport:
		return "import"
	case NatureTransit:
		return "transit"
	case NatureTranshipment:
		return "transhipment"
	default:
		return "unknown"
	}
}

// DocumentKind says which contract a transport document stands for.
type DocumentKind string

// Kinds of transport document. A master is the carrier's, a house the forwarder's.
const (
	DocumentUnknown DocumentKind = ""
	DocumentMaster  DocumentKind = "master"
	DocumentHouse   DocumentKind = "house"
)

// TransportDocument is the bill of lading, air waybill, rail or road consignment note.
type TransportDocument struct {
	Number       string       `json:"number"`
	Kind         DocumentKind `json:"kind,omitempty"`
	Type         string       `json:"type,omitempty"`   // the sender's type code: BM, AWB, 705, ...
	Master       string       `json:"master,omitempty"` // number of the master document, for a house
	Consolidated bool         `json:"consolidated,omitempty"`
	Issued       time.Time    `json:"issued,omitzero"`
	Line         string       `json:"line,omitempty"` // line number in the manifest
}

// Key is what makes two messages speak of the same transport document: its number
// in capitals without spaces, and the master's for a house number, which only its
// forwarder keeps unique.
func (d TransportDocument) Key() string {
	k := squeeze(d.Number)
	if d.Kind == DocumentHouse && d.Master != "" {
		k += "/" + squeeze(d.Master)
	}
	return k
}

func squeeze(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(s), ""))
}

// Carrier is who carries by the contract of the document.
type Carrier struct {
	Code    string `json:"code,omitempty"` // SCAC, IATA, UIC or a national code
	Name    string `json:"name,omitempty"`
	Address string `json:"address,omitempty"`
}

// TransportMeans is the ship, train, lorry or aircraft.
type TransportMeans struct {
	Mode        Mode   `json:"mode,omitempty"`
	ID          string `json:"id,omitempty"`   // IMO number, call sign, wagon, registration plate, tail number
	Name        string `json:"name,omitempty"` // of the ship
	Nationality string `json:"nationality,omitempty"`
	Master      string `json:"master,omitempty"` // of the ship, or the driver
}

// PlaceRole is what happens at a place of the journey.
type PlaceRole string

// Roles of a place, in the order of a journey.
const (
	PlaceOrigin      PlaceRole = "origin"      // of the goods' carriage: place of receipt
	PlaceLoading     PlaceRole = "loading"     // onto the means that arrives
	PlaceTransit     PlaceRole = "transit"     // on the way, transhipment included
	PlaceUnloading   PlaceRole = "unloading"   // from the means that arrives
	PlaceDelivery    PlaceRole = "delivery"    // by the contract
	PlaceDestination PlaceRole = "destination" // final
	PlaceOffice      PlaceRole = "office"      // customs office where the report is lodged
)

// Place is one point of the journey.
type Place struct {
	Role PlaceRole `json:"role"`
	Code string    `json:"code,omitempty"` // UN/LOCODE, or the sender's own
	Name string    `json:"name,omitempty"`
	Date time.Time `json:"date,omitzero"`
}

// Journey is the way of the goods to us: voyage, places in order, dates.
type Journey struct {
	Voyage    string    `json:"voyage,omitempty"` // voyage, train, flight or trip number
	Places    []Place   `json:"places,omitempty"`
	Departure time.Time `json:"departure,omitzero"` // of the means from the place of loading
	Arrival   time.Time `json:"arrival,omitzero"`   // of the means, estimated or actual
}

// At returns the first place of the role, or a zero Place.
func (j Journey) At(role PlaceRole) Place {
	for _, p := range j.Places {
		if p.Role == role {
			return p
		}
	}
	return Place{}
}

// PartyRole is what a party is to the consignment. UN/EDIFACT 3035: CZ, CN, NI, ...
type PartyRole string

// Roles of a party.
const (
	Consignor   PartyRole = "consignor"
	Consignee   PartyRole = "consignee"
	NotifyParty PartyRole = "notify"
	Forwarder   PartyRole = "forwarder"
	Agent       PartyRole = "agent" // broker, declarant or carrier's agent
)

// Party is a company or person with the address and contacts that the sender gave.
type Party struct {
	Role    PartyRole `json:"role"`
	ID      string    `json:"id,omitempty"` // tax or registration number
	Name    string    `json:"name,omitempty"`
	Address string    `json:"address,omitempty"` // lines joined by ", "
	City    string    `json:"city,omitempty"`
	Country string    `json:"country,omitempty"` // ISO 3166-1 alpha-2, where stated
	Phone   string    `json:"phone,omitempty"`
	Email   string    `json:"email,omitempty"`
}

// GoodsItem is one line of goods.
type GoodsItem struct {
	Number      int      `json:"number,omitempty"` // as in the document, from 1
	Description string   `json:"description,omitempty"`
	HS          string   `json:"hs,omitempty"`     // digits only, 4 to 10 of them
	Origin      string   `json:"origin,omitempty"` // ISO 3166-1 alpha-2
	Packages    int      `json:"packages,omitempty"`
	PackageType string   `json:"package_type,omitempty"` // UN/ECE Recommendation 21
	GrossMass   float64  `json:"gross_mass,omitempty"`   // kg
	NetMass     float64  `json:"net_mass,omitempty"`     // kg
	Volume      float64  `json:"volume,omitempty"`       // m³
	Value       Money    `json:"value,omitzero"`
	DG          string   `json:"dg,omitempty"` // UN number of dangerous goods, four digits
	DGClass     string   `json:"dg_class,omitempty"`
	Marks       string   `json:"marks,omitempty"`
	Equipment   []string `json:"equipment,omitempty"` // numbers of the containers that hold it
}

// Equipment is a container, wagon, trailer or unit load device.
type Equipment struct {
	Number        string   `json:"number"`
	SizeType      string   `json:"size_type,omitempty"` // ISO 6346 size-type code
	Fullness      Fullness `json:"fullness,omitempty"`
	ShipperOwned  bool     `json:"shipper_owned,omitempty"`
	Temperature   *float64 `json:"temperature,omitempty"`    // set point, °C; nil when not stated
	Tare          float64  `json:"tare,omitempty"`           // kg
	GrossMass     float64  `json:"gross_mass,omitempty"`     // kg of goods in it, as stated
	VerifiedGross float64  `json:"verified_gross,omitempty"` // kg, SOLAS VGM: goods, packing and tare
	Packages      int      `json:"packages,omitempty"`
	Seals         []Seal   `json:"seals,omitempty"`
}

// Fullness is how a container travels. UN/EDIFACT 8169, ASYCUDA Status.
type Fullness string

// States of a container: empty, full load of one consignment, shared, or full with no more said.
const (
	Empty Fullness = "empty"
	FCL   Fullness = "fcl"
	LCL   Fullness = "lcl"
	Full  Fullness = "full"
)

// Seal is a seal's number and who fixed it. UN/EDIFACT 9303: CA, SH, CU, ...
type Seal struct {
	Number string `json:"number"`
	Party  string `json:"party,omitempty"` // carrier, shipper, customs, terminal, or the sender's code
}

// Money is an amount in a currency. ISO 4217.
type Money struct {
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency,omitempty"`
}

// Charges are what the document says of money.
type Charges struct {
	Freight   Money  `json:"freight,omitzero"`
	Insurance Money  `json:"insurance,omitzero"`
	Customs   Money  `json:"customs,omitzero"`   // declared value of the goods
	Transport Money  `json:"transport,omitzero"` // value for carriage
	Payment   string `json:"payment,omitempty"`  // prepaid or collect
}

// Totals are what the document states of the whole, to be held against the items.
type Totals struct {
	Packages   int     `json:"packages,omitempty"`
	GrossMass  float64 `json:"gross_mass,omitempty"` // kg
	Containers int     `json:"containers,omitempty"`
}

// Source is where in which message a consignment stands, so that every field can be
// shown in the bytes as they came.
type Source struct {
	Import   int64     `json:"import,omitempty"` // the import that brought it, 0 without a database
	File     string    `json:"file,omitempty"`   // its name at the sender's
	Format   string    `json:"format,omitempty"` // cuscar, awmds, csv, xlsx
	Sender   string    `json:"sender,omitempty"`
	Prepared time.Time `json:"prepared,omitzero"` // by the sender, as the message says
	At       Span      `json:"at,omitzero"`       // the record in the file
	Mended   bool      `json:"mended,omitempty"`  // a person mended the record: the places are those of the mended text
	Fields   []Mark    `json:"fields,omitempty"`  // where each field was read, in order of reading
}

// Span is a run of bytes in a raw file.
type Span struct {
	Offset int64 `json:"o"`
	Length int   `json:"l"`
}

// Mark says where in the raw file the value of a field was read.
type Mark struct {
	Field string `json:"f"` // a field path as in Field
	Span  Span   `json:"s"`
}

// Party returns the first party of the role, or nil.
func (c *Consignment) Party(role PartyRole) *Party {
	for i := range c.Parties {
		if c.Parties[i].Role == role {
			return &c.Parties[i]
		}
	}
	return nil
}

// GrossMass returns the sum of the items' gross masses in kg.
func (c *Consignment) GrossMass() float64 {
	var sum float64
	for i := range c.Goods {
		sum += c.Goods[i].GrossMass
	}
	return sum
}

// Packages returns the sum of the items' packages.
func (c *Consignment) Packages() int {
	var sum int
	for i := range c.Goods {
		sum += c.Goods[i].Packages
	}
	return sum
}
