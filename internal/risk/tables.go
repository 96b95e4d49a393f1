package risk

import (
	"strconv"
	"strings"
)

// termID says which list a term in a text is from.
type termID uint8

const (
	termVague termID = iota
	termCover
	termControlled
	termBrand
	termDangerous
	termGoods
	termToOrder
	termBusiness
	termForwarder
	termCompany
)

// tables are the lists made ready for looking up; immutable.
type tables struct {
	goods, names phrases // terms looked for in goods descriptions and in party names

	vague, cover, controlledWords, brands, dangerous, words, business [][]string

	strength [6][]float64 // weights of vague, cover, controlled terms by row
	heading  []uint32     // of goods words by row
	also     [][]uint32

	hs           map[uint32]*hsFacts
	sources      map[string][]threat
	transit      map[string][]threat
	zones        map[string]string
	hubs         map[string]bool
	reexport     map[string]bool
	freeMail     map[string]bool
	placeholders map[uint64]bool
	rates        map[string]float64
	packages     map[string]span
	thresholds   map[string][]threshold
}

type threat struct {
	name     string
	weight   float64
	headings []uint32
}

type span struct{ low, high float64 }

type threshold struct {
	amount  float64
	meaning string
}

// hsFacts is all that the lists say of an HS code, the longest match of each.
type hsFacts struct {
	cover, valuable           string
	coverWeight, valuableness float64
	regime, controlled        string
	controlWeight             float64
	tier                      string
	perishable                string
	days, coldest, warmest    float64
	price, priceFactor        float64
	density                   span
	excluded, excludedWhy     string // countries, divided by spaces
	exporters                 string
	packaging                 string
}

// hsKey packs the first digits of a code with their number: 1234 -> 4<<24|1234.
func hsKey(digits string) uint32 {
	if len(digits) > 6 {
		digits = digits[:6]
	}
	v := uint32(0)
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return 0
		}
		v = v*10 + uint32(digits[i]-'0')
	}
	return uint32(len(digits))<<24 | v
}

func number(s string) float64 {
	x, _ := strconv.ParseFloat(s, 64) // checked by Lists.Validate; empty is 0
	return x
}

func hsKeys(cell string) []uint32 {
	var keys []uint32
	for _, f := range strings.Fields(cell) {
		keys = append(keys, hsKey(f))
	}
	return keys
}

// compile makes the lists ready.
func compile(l Lists) *tables {
	t := &tables{hs: map[uint32]*hsFacts{}, sources: map[string][]threat{}, transit: map[string][]threat{},
		zones: map[string]string{}, hubs: map[string]bool{}, reexport: map[string]bool{}, freeMail: map[string]bool{},
		placeholders: map[uint64]bool{}, rates: map[string]float64{}, packages: map[string]span{}, thresholds: map[string][]threshold{}}
	t.compileTerms(l)
	t.compileHS(l)
	for _, r := range l.rows["source-countries"] {
		t.sources[r[0]] = append(t.sources[r[0]], threat{r[1], number(r[2]), hsKeys(r[3])})
	}
	for _, r := range l.rows["transit-countries"] {
		t.transit[r[0]] = append(t.transit[r[0]], threat{name: r[1], weight: number(r[2])})
	}
	for _, r := range l.rows["free-zones"] {
		t.zones[r[0]] = r[1]
	}
	for _, r := range l.rows["hubs"] {
		t.hubs[r[0]] = true
	}
	for _, r := range l.rows["reexport-countries"] {
		t.reexport[r[0]] = true
	}
	for _, r := range l.rows["free-mail"] {
		t.freeMail[strings.ToLower(r[0])] = true
	}
	for _, r := range l.rows["seal-placeholders"] {
		t.placeholders[textHash(r[0])] = true
	}
	for _, r := range l.rows["rates"] {
		t.rates[r[0]] = number(r[1])
	}
	for _, r := range l.rows["package-norms"] {
		t.packages[r[0]] = span{number(r[1]), number(r[2])}
	}
	for _, r := range l.rows["thresholds"] {
		t.thresholds[r[0]] = append(t.thresholds[r[0]], threshold{number(r[1]), r[2]})
	}
	return t
}

func (t *tables) compileTerms(l Lists) {
	goods := []struct {
		list string
		term termID
		rows *[][]string
	}{
		{"vague-terms", termVague, &t.vague}, {"cover-words", termCover, &t.cover},
		{"controlled-words", termControlled, &t.controlledWords}, {"brands", termBrand, &t.brands},
		{"dangerous-words", termDangerous, &t.dangerous}, {"goods-words", termGoods, &t.words},
	}
	t.goods.first, t.names.first = map[uint64][]phrase{}, map[uint64][]phrase{}
	for _, g := range goods {
		*g.rows = l.rows[g.list]
		for _, r := range *g.rows {
			t.goods.addStems(r[0])
		}
	}
	weightColumn := [6]int{termVague: 1, termCover: 2, termControlled: 3}
	for _, g := range goods {
		for i, r := range *g.rows {
			t.goods.add(r[0], g.term, i)
			if c := weightColumn[g.term]; c > 0 {
				t.strength[g.term] = append(t.strength[g.term], number(r[c]))
			}
		}
	}
	for _, r := range t.words {
		t.heading = append(t.heading, hsKey(r[1]))
		t.also = append(t.also, hsKeys(r[2]))
	}
	t.compileNames(l)
}

func (t *tables) compileNames(l Lists) {
	t.business = l.rows["business-words"]
	names := []struct {
		list string
		term termID
	}{{"to-order", termToOrder}, {"business-words", termBusiness}, {"forwarder-words", termForwarder}, {"company-words", termCompany}}
	for _, n := range names {
		for _, r := range l.rows[n.list] {
			t.names.addStems(r[0])
		}
	}
	for _, n := range names {
		for i, r := range l.rows[n.list] {
			t.names.add(r[0], n.term, i)
		}
	}
}

// compileHS merges the lists by HS code, so that one look-up answers all. A longer
// code inherits what the shorter ones say, unless its own row says otherwise.
func (t *tables) compileHS(l Lists) {
	lists := []struct {
		id  string
		set func(f *hsFacts, r []string)
	}{
		{"cover-headings", func(f *hsFacts, r []string) { f.cover, f.coverWeight = r[1], number(r[2]) }},
		{"valuables", func(f *hsFacts, r []string) { f.valuable, f.valuableness = r[1], number(r[2]) }},
		{"controlled-headings", func(f *hsFacts, r []string) {
			if w := number(r[3]); w > f.controlWeight {
				f.regime, f.controlled, f.controlWeight = r[1], r[2], w
			}
		}},
		{"strategic-headings", func(f *hsFacts, r []string) { f.tier = r[1] }},
		{"perishables", func(f *hsFacts, r []string) {
			f.perishable, f.days, f.coldest, f.warmest = r[1], number(r[2]), number(r[3]), number(r[4])
		}},
		{"price-norms", func(f *hsFacts, r []string) { f.price, f.priceFactor = number(r[1]), number(r[2]) }},
		{"density-norms", func(f *hsFacts, r []string) { f.density = span{number(r[1]), number(r[2])} }},
		{"excluded-origins", func(f *hsFacts, r []string) { f.excluded, f.excludedWhy = r[1], r[2] }},
		{"home-exports", func(f *hsFacts, r []string) { f.exporters += " " + r[0] }},
		{"packaging", func(f *hsFacts, r []string) { f.packaging += " " + r[1] }},
	}
	column := map[string]int{"home-exports": 1}
	for _, digits := range []int{2, 4, 6} {
		for _, li := range lists {
			for _, r := range l.rows[li.id] {
				if code := r[column[li.id]]; len(code) == digits {
					li.set(t.factsFor(code), r)
				}
			}
		}
	}
}

// factsFor returns the facts of a code, made from those of the next shorter one.
func (t *tables) factsFor(code string) *hsFacts {
	k := hsKey(code)
	if f := t.hs[k]; f != nil {
		return f
	}
	f := &hsFacts{}
	for n := len(code) - 2; n >= 2; n -= 2 {
		if up := t.hs[hsKey(code[:n])]; up != nil {
			*f = *up
			break
		}
	}
	t.hs[k] = f
	return f
}

var noFacts = &hsFacts{}

// facts returns what the lists say of a code; never nil.
func (t *tables) facts(code string) *hsFacts {
	for n := min(6, len(code)/2*2); n >= 2; n -= 2 {
		if f := t.hs[hsKey(code[:n])]; f != nil {
			return f
		}
	}
	return noFacts
}

// has reports whether a list of words divided by spaces holds the word.
func has(list, word string) bool {
	for len(word) > 0 && list != "" {
		i := strings.Index(list, word)
		if i < 0 {
			return false
		}
		end := i + len(word)
		if (i == 0 || list[i-1] == ' ') && (end == len(list) || list[end] == ' ') {
			return true
		}
		list = list[end:]
	}
	return false
}
