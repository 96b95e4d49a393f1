package simulate

import (
	"embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tidewaiter/internal/cargo"
)

//go:embed data/*.txt
var dataFiles embed.FS

// atlas is what the world is made of: the same for every seed.
type atlas struct {
	places    map[string]*place
	countries map[string]*country
	styles    map[string]*style
	carriers  map[string]*carrier
	goods     []*goods
	lanes     []*lane
}

type place struct {
	code, name, cyr, country string // code is empty where there is no UN/LOCODE
	lat, lon                 float64
}

// words is a word in Latin letters and, where the country writes it, in Cyrillic.
type words struct{ lat, cyr string }

type country struct {
	code, phone, currency, tld, plate string
	style                             *style
	cities                            []words
	legal, legalCyr                   []string
	taxDigits                         int
	freeMail                          float64 // share of companies with a free e-mail address
}

type style struct{ first, second, street, person []words }

type carrier struct {
	code, name, cyr, country string
	mode                     cargo.Mode
	shape, seal, airline     string
	owners                   []string
}

// goods is a line of trade: what it is called, costs and weighs.
type goods struct {
	hs, sector   string
	en, ru       []string
	price, sigma float64 // USD per kg
	pack         string  // UN/ECE Recommendation 21
	packMass     float64 // gross kg of one package
	density      float64 // kg per m³ as stowed
	modes        string
	origins      []string
	box          string // dry, reefer, tank, bulk, open, air
	temperature  *float64
	un, class    string
	months       [13]bool // in which it is traded; all where not seasonal
	seasonal     bool
}

// lane is a service: the way that means of one mode take from somewhere to us.
type lane struct {
	id, office, sender string
	mode               cargo.Mode
	origins            []*place
	load, unload       *place // load is nil where goods are loaded at their origin
	via, delivery      []*place
	carriers           []string // codes, or *CC for a haulier of the country
	days, bills        [2]int
	weight             float64
	cyrillic           bool
}

var theAtlas = sync.OnceValue(readAtlas)

// readAtlas panics on a fault in the embedded data: a test reads them all.
func readAtlas() *atlas {
	a := &atlas{
		places: map[string]*place{}, countries: map[string]*country{},
		styles: map[string]*style{}, carriers: map[string]*carrier{},
	}
	rows("names.txt", 3, func(f []string) { a.addNames(f) })
	rows("places.txt", 6, func(f []string) {
		p := &place{code: f[0], name: f[1], cyr: f[2], country: f[3], lat: number(f[4]), lon: number(f[5])}
		if strings.HasPrefix(p.code, "#") {
			p.code = ""
		}
		a.places[f[0]] = p
	})
	rows("countries.txt", 11, func(f []string) {
		a.countries[f[0]] = &country{
			code: f[0], phone: f[1], style: must(a.styles, f[2]), cities: pairs(f[3]), legal: split(f[4]),
			legalCyr: split(f[5]), currency: f[6], tld: f[7], taxDigits: int(number(f[8])), plate: f[9], freeMail: number(f[10]),
		}
	})
	rows("carriers.txt", 10, func(f []string) {
		a.carriers[f[0]] = &carrier{
			code: f[0], name: f[1], cyr: f[2], mode: modeOf(f[3]), country: f[4], shape: f[5],
			owners: split(f[6]), seal: f[7], airline: f[8],
		}
	})
	rows("goods.txt", 15, func(f []string) { a.goods = append(a.goods, readGoods(f)) })
	rows("lanes.txt", 14, func(f []string) { a.lanes = append(a.lanes, a.readLane(f)) })
	return a
}

func rows(file string, columns int, each func([]string)) {
	b, err := dataFiles.ReadFile("data/" + file)
	if err != nil {
		panic(err)
	}
	for i, line := range strings.Split(string(b), "\n") {
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		f := strings.Split(line, "|")
		if len(f) < columns {
			panic(fmt.Sprintf("%s:%d: %d columns, not %d", file, i+1, len(f), columns))
		}
		each(f)
	}
}

func (a *atlas) addNames(f []string) {
	s := a.styles[f[0]]
	if s == nil {
		s = &style{}
		a.styles[f[0]] = s
	}
	list := pairs(f[2])
	switch f[1] {
	case "first":
		s.first = list
	case "second":
		s.second = list
	case "street":
		s.street = list
	default:
		s.person = list
	}
}

func readGoods(f []string) *goods {
	g := &goods{
		hs: f[0], sector: f[1], en: strings.Split(f[2], ";"), ru: strings.Split(f[3], ";"), price: number(f[4]),
		sigma: number(f[5]), pack: f[6], packMass: number(f[7]), density: number(f[8]), modes: f[9], origins: split(f[10]), box: f[11],
	}
	if f[12] != "" {
		t := number(f[12])
		g.temperature = &t
	}
	g.un, g.class, _ = strings.Cut(f[13], "/")
	g.seasonal = f[14] != ""
	first, last := 1, 12
	if g.seasonal {
		lo, hi, _ := strings.Cut(f[14], "-")
		first, last = int(number(lo)), int(number(hi))
	}
	for m := first; ; m = m%12 + 1 {
		g.months[m] = true
		if m == last {
			return g
		}
	}
}

func (a *atlas) readLane(f []string) *lane {
	l := &lane{
		id: f[0], mode: modeOf(f[1]), origins: a.list(f[2]), via: a.list(f[4]), unload: must(a.places, f[5]),
		delivery: a.list(f[6]), office: f[7], carriers: split(f[8]), days: limits(f[9]), bills: limits(f[10]),
		weight: number(f[11]), cyrillic: f[12] == "cyr", sender: f[13],
	}
	if f[3] != "" {
		l.load = must(a.places, f[3])
	}
	return l
}

func (a *atlas) list(s string) (out []*place) {
	for _, code := range split(s) {
		out = append(out, must(a.places, code))
	}
	return out
}

// fits reports whether the goods travel by the mode, and grow or are made in the country.
func (g *goods) fits(m cargo.Mode, origin string) bool {
	return strings.IndexByte(g.modes, " stra"[m]) >= 0 && slices.Contains(g.origins, origin)
}

// kilometres is the great-circle distance over the points in turn.
func kilometres(points ...*place) float64 {
	sum := 0.0
	for i := 1; i < len(points); i++ {
		p, q := points[i-1], points[i]
		const rad = math.Pi / 180
		h := math.Pow(math.Sin((q.lat-p.lat)*rad/2), 2) +
			math.Cos(p.lat*rad)*math.Cos(q.lat*rad)*math.Pow(math.Sin((q.lon-p.lon)*rad/2), 2)
		sum += 2 * 6371 * math.Asin(math.Sqrt(h))
	}
	return sum
}

func modeOf(s string) cargo.Mode { return cargo.Mode(strings.IndexByte(" stra", s[0])) }

func split(s string) []string {
	if s == "" {
		return nil
	}
	list := strings.Split(s, ",")
	for i := range list {
		list[i] = strings.ReplaceAll(list[i], "_", ",")
	}
	return list
}

func pairs(s string) []words {
	var out []words
	for _, w := range split(s) {
		lat, cyr, ok := strings.Cut(w, "=")
		if !ok {
			cyr = lat
		}
		out = append(out, words{lat, cyr})
	}
	return out
}

func limits(s string) [2]int {
	lo, hi, _ := strings.Cut(s, "-")
	return [2]int{int(number(lo)), int(number(hi))}
}

func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return v
}

func must[T any](m map[string]T, key string) T {
	v, ok := m[key]
	if !ok {
		panic("simulate: no " + key)
	}
	return v
}
