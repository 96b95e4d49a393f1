package awmds

import (
	"strings"
	"time"
)

// Manifest is the General_segment: the voyage that all Bols share.
type Manifest struct {
	Office        string    // customs office where the manifest is lodged
	Voyage        string    // voyage, flight, train or trip number
	Departure     time.Time // date
	Arrival       time.Time // date, with the time of day where it is stated
	LastDischarge time.Time

	Totals    Totals
	Transport Transport
	Carrier   Carrier

	PlaceOfDeparture   string // UN/LOCODE
	PlaceOfDestination string
	NetTonnage         int // of the ship
	GrossTonnage       int

	Marks    []Mark    // where each value was read; places by role: journey.places[loading].code
	Problems []Problem // of the header and of the file as a whole
}

// Totals are the sums that the header states of all Bols.
type Totals struct {
	Bols       int
	Packages   int
	Containers int
	GrossMass  float64 // kg
}

// Transport is the means: ship, lorry, train or aircraft.
type Transport struct {
	Mode         string // code of the customs service, mostly UN/ECE Recommendation 19
	Identity     string // a ship's name, a plate
	Nationality  string
	Place        string
	Registration string // a ship's IMO number
	Registered   time.Time
	Master       string // of the ship, or the driver
}

// Carrier is who carries.
type Carrier struct {
	Code    string
	Name    string
	Address string
}

// Party is an exporter, consignee or notify party.
type Party struct {
	Code    string // tax or registration number
	Name    string
	Address string
}

// Money is an amount in a currency.
type Money struct {
	Amount   float64
	Currency string // ISO 4217
}

// Seals is a Seals_segment of goods, or the seals of a container.
type Seals struct {
	Count   int
	Numbers []string
	Party   string // who fixed them: CAR, SHI, CUS, or the sender's code
}

// Container is a ctn_segment.
type Container struct {
	Number      string
	Packages    int
	Type        string // ISO 6346 size-type code
	Status      string // FCL, LCL, PRT, or what the sender says of empty and full
	Seals       Seals
	IMDG        string // class of dangerous goods (IMCO)
	UN          string // UN number of dangerous goods
	Location    string
	GrossMass   float64 // kg, of the goods in it
	Tare        float64 // kg
	Temperature string  // as stated
}

// Goods is a Goods_segment.
type Goods struct {
	Packages    int
	PackageType string // UN/ECE Recommendation 21
	GrossMass   float64
	NetMass     float64
	Marks       string
	Description string
	HS          string // no tag of the standard; some services add one
	Volume      float64
	Containers  int // stated number of containers
	Remarks     string
	Seals       Seals
}

// Values is the Value_segment.
type Values struct {
	Payment   string // PC_indicator: prepaid or collect
	Freight   Money
	Customs   Money
	Insurance Money
	Transport Money
}

// Master is the Master_bol segment: the document above a house bill.
type Master struct {
	Office    string
	Voyage    string
	Departure time.Time
	Reference string
}

// Bol is one transport document of the manifest.
type Bol struct {
	Reference       string
	LineNumber      int
	Nature          string // 22 export, 23 import, 24 transit, 28 transhipment
	Type            string
	MasterReference string
	DGStatus        string
	Consolidated    bool

	PlaceOfOrigin    string
	PlaceOfLoading   string
	PlaceOfUnloading string
	PlaceOfDelivery  string

	Carrier    Carrier
	Exporter   Party
	Consignee  Party
	Notify     Party
	Containers []Container
	Goods      []Goods
	Values     Values
	Location   string // where the goods lie, code
	LocationIn string // the same in words
	Master     Master

	ShipperOwned bool // a remark says SOC: the containers are the shipper's

	Header   *Manifest // nil where the General_segment comes after the Bol
	Line     int       // in the file, from 1
	Offset   int64     // of the segment in the raw file
	Length   int
	Marks    []Mark
	Problems []Problem
}

// Place is one point of a Bol's journey. Roles are those of a consignment's journey.
type Place struct {
	Role string
	Code string
}

// Mark says where in the raw file the value of a field stands. Field is a path of a
// consignment's field: goods[0].gross_mass, parties[consignee].name.
type Mark struct {
	Field  string
	Offset int64
	Length int
}

// Fatal reports whether a problem forbids to take the Bol as a consignment.
func (b *Bol) Fatal() bool {
	for _, p := range b.Problems {
		if p.Fatal {
			return true
		}
	}
	return false
}

// Places returns the places of the journey that are stated, in the journey's order; the
// i-th is journey.places[i] of the Bol's marks. What the Bol leaves out is the header's.
func (b *Bol) Places() []Place {
	loading, destination, office := b.PlaceOfLoading, "", ""
	if h := b.Header; h != nil {
		destination, office = h.PlaceOfDestination, h.Office
		if loading == "" {
			loading = h.PlaceOfDeparture
		}
	}
	all := []Place{
		{"origin", b.PlaceOfOrigin}, {"loading", loading}, {"unloading", b.PlaceOfUnloading},
		{"delivery", b.PlaceOfDelivery}, {"destination", destination}, {"office", office},
	}
	stated := all[:0]
	for _, p := range all {
		if p.Code != "" {
			stated = append(stated, p)
		}
	}
	return stated
}

// SOC reports whether a remark says that the container is the shipper's own.
func SOC(remark string) bool {
	words := strings.FieldsFunc(strings.ToUpper(remark), func(r rune) bool {
		return r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 0x80
	})
	for i, w := range words {
		if w == "SOC" || w == "SHIPPER" && i+1 < len(words) && words[i+1] == "OWNED" {
			return true
		}
	}
	return false
}
