package reference

import (
	"sort"
	"strings"
	"sync"

	"github.com/nspcc-dev/locode-db/pkg/locodedb"

	"tidewaiter/internal/fault"
)

// Directory answers what a code means, from the tables built in and from the official
// lists that a user has imported over them. It does not change after it is made, and
// many goroutines may ask it at once.
type Directory struct {
	places *placeList
	goods  map[HS]string
	owners map[string]Owner
	lists  map[Kind]List
}

// Kind is a kind of list that can be imported.
type Kind string

// Kinds of list.
const (
	Places Kind = "places" // UN/LOCODE
	Tariff Kind = "hs"     // Harmonized System
	Owners Kind = "owners" // container owner prefixes
)

// Kinds lists the kinds in the order in which pages show them.
var Kinds = []Kind{Places, Tariff, Owners}

// List tells which list has been imported.
type List struct {
	Kind    Kind
	Release string // as its publisher names it, 2024-1
	Rows    int
	Full    bool // complete enough to say that a code does not exist
}

var embedded = &Directory{}

// Embedded returns the directory of the tables built in.
func Embedded() *Directory { return embedded }

// List returns the imported list of a kind, false where none is.
func (d *Directory) List(kind Kind) (List, bool) {
	l, ok := d.lists[kind]
	return l, ok
}

// Full reports whether a full official list of the kind is loaded: only then may a
// code that we lack be called absent from the list, else it is unknown to us.
func (d *Directory) Full(kind Kind) bool { return d.lists[kind].Full }

// Lists returns the imported lists.
func (d *Directory) Lists() []List {
	var all []List
	for _, k := range Kinds {
		if l, ok := d.lists[k]; ok {
			all = append(all, l)
		}
	}
	return all
}

// Absence says what to tell an officer of a code that no table holds: unknown to us,
// or not in the official list of its release.
func (d *Directory) Absence(kind Kind) fault.Phrase {
	if l := d.lists[kind]; l.Full {
		return fault.Say("not in the official list %s", l.Release)
	}
	return fault.Say("unknown to us")
}

// Place returns the place of a code. The imported list gives name and subdivision;
// what a place serves as is the union of the list's and our table's functions, for
// codes are used in trade beyond what the list grants (CNSHA for the port of
// Shanghai); the position comes from the first source that has one.
func (d *Directory) Place(code Locode) (Place, bool) {
	own, known := embeddedPlaces().byCode[code]
	if d.places != nil {
		if p, ok := d.places.place(code); ok {
			return overlay(p, own, known), true
		}
	}
	if known {
		return own, true
	}
	return locodeDB(code)
}

func overlay(p, own Place, known bool) Place {
	if known {
		p.Function |= own.Function
		if own.Located {
			p.Lat, p.Lon, p.Located = own.Lat, own.Lon, true
		}
	}
	if !p.Located {
		if q, ok := locodeDB(p.Code); ok {
			p.Lat, p.Lon, p.Located = q.Lat, q.Lon, q.Located
		}
	}
	return p
}

// locodeDB asks the module's table, which loads itself at the first question (about
// half a second, 4 MiB).
func locodeDB(code Locode) (Place, bool) {
	r, err := locodedb.Get(string(code))
	if err != nil {
		return Place{}, false
	}
	return Place{Code: code, Name: r.Location, Subdivision: r.SubDivCode, Lat: float64(r.Point.Latitude),
		Lon: float64(r.Point.Longitude), Located: true, Official: true, Source: FromLocodeDB}, true
}

// Warm loads everything that loads lazily, so that the first consignment does not
// wait for it.
func (d *Directory) Warm() {
	locodeDB("KGFRU")
	embeddedPlaces()
	ownOwners()
	ownGoods()
	stems()
	countryNames()
	airlines()
	packageTypes()
}

// FindPlace finds a place by its code or by its name in English, Russian or Kyrgyz,
// in that order. Names are those of our table and of the imported list; where a name
// is another country's too, the place of our table comes first. The error says that
// the text is neither code nor known name (fault.NotFound).
func (d *Directory) FindPlace(text string) (Place, error) {
	if len(text) > 200 {
		return Place{}, fault.New(fault.Invalid, "the place %q is too long for a code or a name", clip(text))
	}
	if code, err := ParseLocode(text); err == nil {
		if p, ok := d.Place(code); ok {
			return p, nil
		}
	}
	key := nameKey(text)
	if code, ok := embeddedPlaces().byName[key]; ok && key != "" {
		p, _ := d.Place(code)
		return p, nil
	}
	if d.places != nil {
		if p, ok := d.places.named(key); ok {
			return overlay(p, Place{}, false), nil
		}
	}
	return Place{}, fault.New(fault.NotFound, "the place %q is %s", clip(text), d.Absence(Places))
}

// FindPlaceIn finds a place by its name within a country. It knows every name of
// locode-db as well.
func (d *Directory) FindPlaceIn(country Country, name string) (Place, error) {
	p, err := d.FindPlace(name)
	if err == nil && p.Country() == country {
		return p, nil
	}
	if len(name) <= 200 && country.Known() {
		if code, ok := countryPlaces(country)[nameKey(name)]; ok {
			p, _ = d.Place(code)
			return p, nil
		}
	}
	return Place{}, fault.New(fault.NotFound, "the place %q in %s is %s", clip(name), country, d.Absence(Places))
}

var countryPlaceCache sync.Map // Country -> map[string]Locode

// countryPlaces is locode-db's names of one country. The module can only be asked by
// code, so all 39,304 codes of the country are tried once (about 5 ms).
func countryPlaces(c Country) map[string]Locode {
	if m, ok := countryPlaceCache.Load(c); ok {
		return m.(map[string]Locode)
	}
	const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789"
	m := make(map[string]Locode)
	b := []byte(string(c) + "___")
	for _, b[2] = range []byte(signs) {
		for _, b[3] = range []byte(signs) {
			for _, b[4] = range []byte(signs) {
				if r, err := locodedb.Get(string(b)); err == nil {
					if k := nameKey(r.Location); m[k] == "" {
						m[k] = Locode(b)
					}
				}
			}
		}
	}
	kept, _ := countryPlaceCache.LoadOrStore(c, m)
	return kept.(map[string]Locode)
}

// OwnPlaces returns the places of our own table, sorted by code.
func OwnPlaces() []Place {
	all := make([]Place, 0, len(embeddedPlaces().byCode))
	for _, p := range embeddedPlaces().byCode {
		all = append(all, p)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Code < all[j].Code })
	return all
}

// Owner returns who registered the prefix of a container number, MSCU.
func (d *Directory) Owner(prefix string) (Owner, bool) {
	own, known := ownOwners()[prefix]
	if o, ok := d.owners[prefix]; ok {
		o.Lessor = own.Lessor
		return o, true
	}
	return own, known
}

// Goods returns the most specific entry that covers the code: the subheading where
// the imported list has it, else the heading, else the chapter.
func (d *Directory) Goods(code HS) (Goods, bool) {
	own := ownGoods()
	for n := min(len(code), 6); n >= 2; n -= 2 {
		h := code[:n]
		g, known := own[h]
		if t, ok := d.goods[h]; ok {
			g.Code, g.Title = h, t
			return g, true
		}
		if known {
			return g, true
		}
	}
	return Goods{}, false
}

// Assigned reports whether the Harmonized System has the code, as far as six digits.
// known is false where only a full nomenclature could tell.
func (d *Directory) Assigned(code HS) (yes, known bool) {
	h := code.cut(min(len(code)&^1, 6))
	if h == "" {
		return false, true
	}
	if _, ok := ownGoods()[h]; ok {
		return true, true
	}
	if _, ok := d.goods[h]; ok {
		return true, true
	}
	return false, d.Full(Tariff) || len(h) == 2
}

// trimField drops spaces and a byte-order mark around a field.
func trimField(s string) string { return strings.TrimSpace(strings.Trim(s, "\ufeff")) }
