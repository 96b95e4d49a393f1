package risk

import (
	"math"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
)

// View is a consignment as indicators look at it: what can be read out of its fields
// once, with what the unit remembers of it. It lives for one assessment.
type View struct {
	C  *cargo.Consignment
	At time.Time // arrival, else the best date that the document states; UTC

	e    *Engine
	t    *tables
	past Past

	goods       []goodsView
	matches     []match // terms found in goods descriptions
	consignor   partyView
	consignee   partyView
	notify      partyView
	agent       partyView // agent, else forwarder
	boxes       []boxView
	places      []placeView
	load        *placeView // nil when not stated
	unload      *placeView
	destination *placeView // place of delivery, else final destination
	gross, net  float64
	volume      float64
	packages    int
	value       float64 // US dollars, 0 when not stated
	main        int     // the heaviest goods item, -1 without goods

	doc      Key
	own      *Trace // of the document
	history  history
	maturity float64 // 0 without history, 1 with enough to call something new

	mentions       []mention
	scratch, words []token
	named          []match
	figures        []figure
	lexemes        []lexeme
	version        Version
	fired          []fired
	counted        []Fire
	traces         []*Trace // of the mentions
	seenBefore     int
}

type goodsView struct {
	item     *cargo.GoodsItem
	facts    *hsFacts
	code     string // HS digits: declared, else of the heading that the words mean
	declared bool
	meant    int // row of the goods word found, -1 when none
	words    int // content words in the description
}

type boxView struct {
	box    *cargo.Equipment
	number reference.ContainerNumber
	fault  reference.Problem
	size   reference.SizeType
	limits reference.SizeLimits
	sized  bool // size is known
	bound  bool // limits are known
	seals  int  // real ones
	blank  int  // placeholders
}

type placeView struct {
	place   *cargo.Place
	index   int
	code    string // UN/LOCODE, or ""
	country string
	facts   PlaceFacts
	known   bool
	key     Key
}

// fill reads the consignment.
func (v *View) fill(e *Engine, c *cargo.Consignment, past Past) {
	v.C, v.e, v.t, v.past = c, e, e.tables, past
	if past == nil {
		v.past = NoPast
	}
	v.readPlaces()
	v.At = v.arrival()
	v.consignor.view(v, c.Party(cargo.Consignor))
	v.consignee.view(v, c.Party(cargo.Consignee))
	v.notify.viewSame(v, c.Party(cargo.NotifyParty), &v.consignee)
	agent := c.Party(cargo.Agent)
	if agent == nil {
		agent = c.Party(cargo.Forwarder)
	}
	v.agent.view(v, agent)
	v.readGoods()
	v.readBoxes()
	v.mention()
	v.version = v.snapshot()
}

// release drops what belongs to the consignment, so that a pooled View keeps nothing alive.
func (v *View) release() {
	v.C, v.past, v.own, v.history = nil, nil, nil, history{}
	clear(v.goods[:cap(v.goods)])
	clear(v.boxes[:cap(v.boxes)])
	clear(v.places[:cap(v.places)])
	clear(v.mentions[:cap(v.mentions)])
	clear(v.fired[:cap(v.fired)])
	clear(v.traces[:cap(v.traces)])
	v.consignor.p, v.consignee.p, v.notify.p, v.agent.p = nil, nil, nil, nil
	v.version = Version{}
}

func (v *View) arrival() time.Time {
	j := v.C.Journey
	dates := [...]time.Time{j.Arrival, j.At(cargo.PlaceUnloading).Date, v.C.Received, j.Departure, v.C.Document.Issued}
	for _, d := range dates {
		if y := d.Year(); y > 1970 && y < 2200 {
			return d.UTC().Truncate(time.Second)
		}
	}
	return time.Time{}
}

func (v *View) readPlaces() {
	places := v.C.Journey.Places
	if len(places) > maxPlaces {
		places = places[:maxPlaces]
	}
	v.places = v.places[:0]
	v.load, v.unload, v.destination = nil, nil, nil
	for i := range places {
		v.places = append(v.places, v.e.place(&places[i], i))
	}
	var final, origin *placeView
	for i := range v.places {
		switch p := &v.places[i]; p.place.Role {
		case cargo.PlaceLoading:
			v.load = first(v.load, p)
		case cargo.PlaceUnloading:
			v.unload = first(v.unload, p)
		case cargo.PlaceDelivery:
			v.destination = first(v.destination, p)
		case cargo.PlaceDestination:
			final = first(final, p)
		case cargo.PlaceOrigin:
			origin = first(origin, p)
		}
	}
	v.destination = first(v.destination, final)
	v.load = first(v.load, origin)
}

func first(a, b *placeView) *placeView {
	if a != nil {
		return a
	}
	return b
}

// Bounds of what is read of one consignment; more does not change the picture.
const (
	maxPlaces = 24
	maxGoods  = 200
	maxBoxes  = 200
)

func (e *Engine) place(p *cargo.Place, i int) placeView {
	pv := placeView{place: p, index: i}
	code := p.Code
	if len(code) == 6 {
		code = strings.ReplaceAll(code, " ", "")
	}
	if len(code) == 5 && isCapitals(code[:2]) {
		pv.code, pv.country = code, code[:2]
		if e.places != nil {
			pv.facts, pv.known = e.places(code)
		}
	}
	if pv.country != "" && !reference.Country(pv.country).Known() {
		pv.country = ""
	}
	if h := textHash(code); h != 0 {
		pv.key = Key(h)
	} else {
		pv.key = Key(textHash(p.Name))
	}
	return pv
}

func isCapitals(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

func (v *View) readGoods() {
	items := v.C.Goods
	if len(items) > maxGoods {
		items = items[:maxGoods]
	}
	v.goods, v.matches = v.goods[:0], v.matches[:0]
	v.gross, v.net, v.volume, v.packages, v.value, v.main = 0, 0, 0, 0, 0, -1
	same, heaviest := "", -1.0
	for i := range items {
		it := &items[i]
		g := goodsView{item: it, meant: -1}
		if i > 0 && it.Description == same {
			g.meant, g.words = v.goods[i-1].meant, v.goods[i-1].words
		} else {
			v.readWords(&g, i)
			same = it.Description
		}
		g.code, g.declared = hsDigits(it.HS), it.HS != ""
		if g.code == "" && g.meant >= 0 {
			g.code, g.declared = v.t.words[g.meant][1], false
		}
		g.facts = noFacts
		if g.code != "" {
			g.facts = v.t.facts(g.code)
		}
		v.goods = append(v.goods, g)
		v.gross, v.net, v.volume = v.gross+sane(it.GrossMass), v.net+sane(it.NetMass), v.volume+sane(it.Volume)
		v.packages += min(max(0, it.Packages), 1e8)
		v.value += v.dollars(it.Value)
		if m := sane(it.GrossMass); m > heaviest {
			heaviest, v.main = m, i
		}
	}
	if v.gross == 0 {
		v.gross = sane(v.C.Totals.GrossMass)
	}
	if v.value == 0 {
		v.value = v.dollars(v.C.Charges.Customs)
	}
}

// sane makes nothing of negative, endless and absurd quantities.
func sane(x float64) float64 {
	if x > 0 && x < 1e12 {
		return x
	}
	return 0
}

// hsDigits returns the code when it is digits, at least a chapter.
func hsDigits(s string) string {
	if len(s) < 2 || len(s) > 12 {
		return ""
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return ""
		}
	}
	if len(s) == 3 || len(s) == 5 {
		return s[:len(s)-1]
	}
	return s
}

// readWords finds the terms of all lists in the description, and among the goods
// words the one of most words, the first of them when several are as long.
func (v *View) readWords(g *goodsView, i int) {
	v.words = tokenize(v.words[:0], g.item.Description, &v.t.goods.stems)
	for _, w := range v.words {
		if !w.digits && w.end-w.start > 2 {
			g.words++
		}
	}
	from := len(v.matches)
	v.matches = v.t.goods.find(v.matches, v.words, i)
	best := 0
	for _, m := range v.matches[from:] {
		if m.term == termGoods && m.words > best {
			best, g.meant = m.words, m.row
		}
	}
}

func (v *View) readBoxes() {
	boxes := v.C.Equipment
	if len(boxes) > maxBoxes {
		boxes = boxes[:maxBoxes]
	}
	v.boxes = v.boxes[:0]
	for i := range boxes {
		b := boxView{box: &boxes[i]}
		if b.box.Number != "" {
			var err error
			b.number, err = reference.ParseContainer(b.box.Number)
			b.fault = reference.ProblemOf(err)
		}
		if b.box.SizeType != "" {
			size, err := reference.ParseSizeType(b.box.SizeType)
			if err == nil {
				b.size, b.sized = size, true
				b.limits, b.bound = size.Limits()
			}
		}
		for _, s := range b.box.Seals {
			if v.placeholder(s.Number) {
				b.blank++
			} else {
				b.seals++
			}
		}
		v.boxes = append(v.boxes, b)
	}
}

// placeholder reports whether the seal number says that there is none.
func (v *View) placeholder(number string) bool {
	h := textHash(number)
	return h == 0 || v.t.placeholders[h]
}

// dollars converts by the list of rates; 0 when the currency has none.
func (v *View) dollars(m cargo.Money) float64 {
	if m.Amount <= 0 || m.Amount > 1e12 {
		return 0
	}
	return m.Amount * v.t.rates[m.Currency]
}

// chapter returns the HS chapter of the goods, "" when unknown.
func (g *goodsView) chapter() string {
	if len(g.code) < 2 {
		return ""
	}
	return g.code[:2]
}

// heading returns the HS heading of the goods, "" when unknown.
func (g *goodsView) headingCode() string {
	if len(g.code) < 4 {
		return ""
	}
	return g.code[:4]
}

// heaviest returns the heaviest goods item, or nil.
func (v *View) heaviest() *goodsView {
	if v.main < 0 {
		return nil
	}
	return &v.goods[v.main]
}

// full reports whether the box travels as a full load.
func (b *boxView) full() bool {
	return b.box.Fullness == cargo.FCL || b.box.Fullness == cargo.Full || b.box.Fullness == cargo.LCL
}

// unitPrice returns the natural logarithm of US dollars a kilogram, NaN when unknown.
func (v *View) unitPrice(g *goodsView) float64 {
	mass := sane(g.item.NetMass)
	if mass == 0 {
		mass = sane(g.item.GrossMass)
	}
	usd := v.dollars(g.item.Value)
	if usd == 0 && len(v.goods) == 1 {
		usd = v.value
	}
	if mass == 0 || usd == 0 {
		return math.NaN()
	}
	return math.Log(usd / mass)
}

// density returns the natural logarithm of kilograms a cubic metre, NaN when unknown.
func (v *View) density(g *goodsView) float64 {
	m, vol := sane(g.item.GrossMass), sane(g.item.Volume)
	if m == 0 || vol == 0 {
		return math.NaN()
	}
	return math.Log(m / vol)
}

// packageMass returns the natural logarithm of the gross mass of a package, NaN when unknown.
func packageMass(g *goodsView) float64 {
	if m := sane(g.item.GrossMass); m > 0 && g.item.Packages > 0 {
		return math.Log(m / float64(g.item.Packages))
	}
	return math.NaN()
}
