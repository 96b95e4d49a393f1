package reference

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
)

// Place is a place of trade or transport and what it serves as.
type Place struct {
	Code        Locode
	Name        string
	Subdivision string // ISO 3166-2 part behind the country, may be empty
	Lat, Lon    float64
	Located     bool // Lat and Lon are known
	Function    Function
	IATA        string // airport code where it differs from the code's end, or is known
	Official    bool   // the code stands in UN/LOCODE; false for a private code of our table
	Source      PlaceSource
}

// PlaceSource says which table a place comes from.
type PlaceSource int8

// Sources of a place, the strongest last.
const (
	FromLocodeDB     PlaceSource = iota + 1 // locode-db: names and positions, no functions
	FromOwnTable                            // our table of corridors
	FromOfficialList                        // the imported UNECE release
)

// Function is what a place serves as, one bit for each classifier of UN/LOCODE.
// Zero means that our sources do not say, never that it serves for nothing.
type Function uint8

// Functions of a place. UN/ECE Recommendation 16, column "Function".
const (
	Port         Function = 1 << iota // 1, and 8 for inland water
	RailTerminal                      // 2
	RoadTerminal                      // 3
	Airport                           // 4
	PostOffice                        // 5
	InlandTerm                        // 6: inland clearance depot, dry port
	FixedInstall                      // 7: pipeline, power line, ropeway
	BorderCross                       // B
)

const functionSigns = "1234567B"

// ParseFunction reads the classifiers of UN/LOCODE, as in 1-3-----; other signs are
// passed over.
func ParseFunction(s string) (f Function) {
	for i := 0; i < len(s); i++ {
		if s[i] == '8' {
			f |= Port
		} else if bit := strings.IndexByte(functionSigns, s[i]); bit >= 0 {
			f |= 1 << bit
		}
	}
	return f
}

// String returns the classifiers as UN/LOCODE writes them, 1-3-----.
func (f Function) String() string {
	b := []byte("--------")
	for i := range b {
		if f&(1<<i) != 0 {
			b[i] = functionSigns[i]
		}
	}
	return string(b)
}

// Serves reports whether the place serves as any of want. known is false where our
// sources do not say what it serves as, and then nothing may be concluded.
func (p Place) Serves(want Function) (yes, known bool) { return p.Function&want != 0, p.Function != 0 }

// Country returns the country's code.
func (p Place) Country() Country { return p.Code.Country() }

// Distance returns the great-circle distance between two places in km; false where a
// position is unknown.
func Distance(a, b Place) (float64, bool) {
	if !a.Located || !b.Located {
		return 0, false
	}
	return GreatCircle(a.Lat, a.Lon, b.Lat, b.Lon), true
}

// GreatCircle returns the distance in km between two points in degrees, on a sphere
// of 6371 km, by the haversine formula.
func GreatCircle(lat1, lon1, lat2, lon2 float64) float64 {
	const rad, earth = math.Pi / 180, 6371.0
	dLat, dLon := (lat2-lat1)*rad, (lon2-lon1)*rad
	s, t := math.Sin(dLat/2), math.Sin(dLon/2)
	h := s*s + math.Cos(lat1*rad)*math.Cos(lat2*rad)*t*t
	return 2 * earth * math.Asin(math.Sqrt(min(1, h)))
}

//go:embed data/places.tsv
var placeTable string

type ownPlaces struct {
	byCode map[Locode]Place
	byName map[string]Locode // nameKey of names and aliases
}

var embeddedPlaces = sync.OnceValue(func() *ownPlaces {
	o := &ownPlaces{byCode: make(map[Locode]Place, 512), byName: make(map[string]Locode, 1024)}
	name := func(s string, code Locode) {
		if k := nameKey(s); k != "" {
			if _, taken := o.byName[k]; !taken {
				o.byName[k] = code
			}
		}
	}
	var aliases [][2]string
	eachRow(placeTable, 9, func(f []string) {
		p := Place{Code: Locode(f[0]), Official: f[1] == "official", Name: f[2], Subdivision: f[3],
			Function: ParseFunction(f[6]), IATA: f[7], Source: FromOwnTable}
		p.Lat, p.Lon, p.Located = position(f[4], f[5])
		o.byCode[p.Code] = p
		name(p.Name, p.Code)
		aliases = append(aliases, [2]string{f[8], f[0]})
	})
	for _, a := range aliases { // afterwards: a name wins over an alias
		for alias := range strings.SplitSeq(a[0], "|") {
			name(alias, Locode(a[1]))
		}
	}
	return o
})

func position(lat, lon string) (float64, float64, bool) {
	la, err1 := strconv.ParseFloat(lat, 64)
	lo, err2 := strconv.ParseFloat(lon, 64)
	ok := err1 == nil && err2 == nil && math.Abs(la) <= 90 && math.Abs(lo) <= 180
	if !ok {
		return 0, 0, false
	}
	return la, lo, true
}
