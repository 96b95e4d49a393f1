package risk

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"tidewaiter/internal/cargo"
)

// history is what the unit remembers of the keys of one consignment, as if its own
// document had never been observed.
type history struct {
	scope, consignee, consignor, pair, trade         seen
	goodsOrigin, goods, importerKind, shipperPort    seen
	goodsPort, lane, carrier, sealShape, numberShape seen
	ship, imports, way                               seen
	consigneeAddress, consignorAddress               seen
	consigneePhone, consigneeEmail                   seen
	consignorPhone, consignorEmail                   seen
	boxes, seals                                     []seen
	sealBox                                          []int    // the box of each remembered seal
	sealNumber                                       []int    // its position in the box
	earlier                                          *Version // of the same document, nil when there is none
	versions                                         int
}

// Containers and seals of one consignment that are remembered.
const maxRemembered = 8

// mention lists every key that the consignment reads and is counted under.
func (v *View) mention() {
	v.doc = makeKey(kindDocument, textHash(v.C.Document.Key()))
	v.mentions = v.mentions[:0]
	goods, chapter, heading := v.heaviest(), uint64(0), uint64(0)
	if goods != nil {
		chapter, heading = textHash(goods.chapter()), textHash(goods.headingCode())
	}
	or, ee := uint64(v.consignor.key), uint64(v.consignee.key)
	load, unload := placeKey(v.load), placeKey(v.unload)
	ref := Ref{Document: clip(v.C.Document.Number, 35), Doc: v.doc, At: v.At, What: Key(heading), Where: Key(load), Mass: v.gross}
	if m := v.say(kindScope, ref, 1); m != nil {
		m.values[0] = v.identified()
	}
	v.say(kindDocument, ref, uint64(v.doc))
	v.say(kindConsignee, ref.who(&v.consignor).what(v.agent.key), ee)
	v.say(kindConsignor, ref.who(&v.consignee), or)
	// A tax number knows a party under another spelling of its name, and the name
	// knows it where a sender leaves the number out.
	v.say(kindConsignee, ref.who(&v.consignor).what(v.agent.key), uint64(v.consignee.id), 1)
	v.say(kindConsignor, ref.who(&v.consignee), uint64(v.consignor.id), 1)
	v.say(kindImport, ref.who(&v.consignor), ee, heading)
	v.say(kindWay, ref, load, v.transits(), unload)
	v.say(kindPair, ref, or, ee)
	v.say(kindTrade, ref, or, ee, heading)
	v.say(kindImporterKind, ref, ee, chapter)
	v.say(kindShipperPort, ref, or, load)
	v.say(kindGoodsPort, ref, chapter, load)
	v.sayParties(ref)
	v.sayGoods(ref, goods)
	v.sayLane(ref, load, unload)
	v.sayCarrier(ref)
	v.sayBoxes(ref)
}

func placeKey(p *placeView) uint64 {
	if p == nil {
		return 0
	}
	return uint64(p.key)
}

func (r Ref) who(p *partyView) Ref {
	r.Who, r.Name = p.key, ""
	if p.p != nil {
		r.Name = clip(p.p.Name, 40)
	}
	return r
}

func (r Ref) what(k Key) Ref {
	r.What = k
	return r
}

// clip shortens s to n bytes without cutting a letter in two.
func clip(s string, n int) string {
	s = strings.TrimSpace(s)
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// say mentions a key, unless a part of it is missing.
func (v *View) say(k kind, ref Ref, parts ...uint64) *mention {
	for _, p := range parts {
		if p == 0 {
			return nil
		}
	}
	v.mentions = append(v.mentions, mention{key: makeKey(k, parts...), kind: k, values: [2]int32{noValue, noValue}, ref: ref})
	return &v.mentions[len(v.mentions)-1]
}

func (v *View) sayParties(ref Ref) {
	for _, p := range [...]*partyView{&v.consignee, &v.consignor} {
		if p.named() {
			r := ref.who(p).what(p.id)
			v.say(kindAddress, r, uint64(p.address))
			v.say(kindContact, r, uint64(p.phone))
			v.say(kindContact, r, uint64(p.email))
		}
	}
}

func (v *View) sayGoods(ref Ref, g *goodsView) {
	if g == nil {
		return
	}
	values := [2]int32{fixed(v.unitPrice(g)), fixed(packageMass(g))}
	heading := textHash(g.headingCode())
	if m := v.find(kindTrade); m != nil {
		m.values = [2]int32{fixed(v.density(g)), values[1]}
	}
	if m := v.say(kindGoodsOrigin, ref, heading, textHash(g.item.Origin)); m != nil {
		m.values = values
	}
	if m := v.say(kindGoods, ref, heading); m != nil {
		m.values = values
	}
}

// find returns the mention of a kind, or nil.
func (v *View) find(k kind) *mention {
	for i := range v.mentions {
		if v.mentions[i].kind == k {
			return &v.mentions[i]
		}
	}
	return nil
}

// transits hashes the places of transit in their order, 0 where none is stated.
func (v *View) transits() uint64 {
	h := uint64(0)
	for i := range v.places {
		if p := &v.places[i]; p.place.Role == cargo.PlaceTransit && p.key != 0 {
			h = finish(h ^ uint64(p.key))
		}
	}
	return h
}

func (v *View) sayLane(ref Ref, load, unload uint64) {
	if m := v.say(kindLane, ref, load, unload); m != nil {
		m.values[0] = fixed(v.daysOnTheWay())
	}
}

// daysOnTheWay returns the days between departure and arrival, NaN when unknown.
func (v *View) daysOnTheWay() float64 {
	from, to := v.C.Journey.Departure, v.C.Journey.Arrival
	if from.IsZero() && v.load != nil {
		from = v.load.place.Date
	}
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return math.NaN()
	}
	return to.Sub(from).Hours() / 24
}

func (v *View) sayCarrier(ref Ref) {
	c := v.C.Carrier
	carrier := textHash(c.Code)
	if carrier == 0 {
		carrier = textHash(c.Name)
	}
	if m := v.say(kindCarrier, ref, carrier); m != nil {
		m.values[0] = v.sealed()
	}
	v.say(kindNumberShape, ref, carrier, shapeHash(v.C.Document.Number))
	if id := textHash(v.C.Transport.ID); id != 0 {
		r := ref
		r.Who, r.Name = Key(textHash(v.C.Transport.Name)), clip(v.C.Transport.Name, 40)
		v.say(kindShip, r, id)
	}
	for i := range v.boxes {
		for _, s := range v.boxes[i].box.Seals {
			if !v.placeholder(s.Number) {
				v.say(kindSealShape, ref, carrier, shapeHash(s.Number))
				return
			}
		}
	}
}

// sealed returns 1 when the first full box states a seal, 0 when it does not, and no
// value when the consignment has no full box.
func (v *View) sealed() int32 {
	for i := range v.boxes {
		if b := &v.boxes[i]; b.full() && b.number != "" {
			return fixed(float64(min(b.seals, 1)))
		}
	}
	return noValue
}

func (v *View) sayBoxes(ref Ref) {
	v.history.sealBox, v.history.sealNumber = v.history.sealBox[:0], v.history.sealNumber[:0]
	for i := range v.boxes[:min(len(v.boxes), maxRemembered)] {
		b := &v.boxes[i]
		box := textHash(b.box.Number)
		r := ref.who(&v.consignor).what(Key(textHash(v.C.Document.Master)))
		r.Full = b.box.Fullness == cargo.FCL || b.box.Fullness == cargo.Full
		v.say(kindContainer, r, box)
		for k, s := range b.box.Seals[:min(len(b.box.Seals), 2)] {
			if len(v.history.sealBox) < maxRemembered && !v.placeholder(s.Number) {
				v.say(kindSeal, r.what(Key(box)), textHash(s.Number))
				v.history.sealBox, v.history.sealNumber = append(v.history.sealBox, i), append(v.history.sealNumber, k)
			}
		}
	}
}

// lookUp fetches the traces of all mentions before any of them is read: a large
// memory does not fit the processor's cache, and so the fetches overlap.
func (v *View) lookUp() {
	v.traces = v.traces[:0]
	if m, ok := v.past.(*Memory); ok {
		for i := range v.mentions {
			v.traces = append(v.traces, m.slots[m.at(v.mentions[i].key)].trace)
		}
		n := 0
		for _, t := range v.traces {
			if t != nil {
				n += t.N + len(t.Refs)
			}
		}
		v.seenBefore = n
		return
	}
	for i := range v.mentions {
		v.traces = append(v.traces, v.past.Trace(v.mentions[i].key))
	}
}

// remember looks the mentions up in the past.
func (v *View) remember() {
	v.own = v.past.Trace(v.doc)
	v.lookUp()
	guess := 0
	h := &v.history
	*h = history{boxes: h.boxes[:0], seals: h.seals[:0], sealBox: h.sealBox, sealNumber: h.sealNumber}
	contacts := [...]*seen{&h.consigneePhone, &h.consigneeEmail, &h.consignorPhone, &h.consignorEmail}
	present := [...]Key{v.consignee.phone, v.consignee.email, v.consignor.phone, v.consignor.email}
	for i := range v.mentions {
		m := &v.mentions[i]
		t := v.traces[i]
		if t == nil && m.kind != kindContainer && m.kind != kindSeal {
			continue
		}
		touch := v.own.touch(m.key, guess)
		guess++
		s := t.without(v.doc, touch, keepOf(m.kind))
		switch m.kind {
		case kindAddress:
			if m.key == makeKey(kindAddress, uint64(v.consignee.address)) {
				h.consigneeAddress = s
			} else {
				h.consignorAddress = s
			}
		case kindContact:
			for k, c := range present {
				if c != 0 && m.key == makeKey(kindContact, uint64(c)) {
					*contacts[k] = s
				}
			}
		case kindContainer:
			h.boxes = append(h.boxes, s)
		case kindSeal:
			h.seals = append(h.seals, s)
		default:
			if at := h.slot(m.kind); at != nil && s.n >= at.n {
				*at = s
			}
		}
	}
	v.earlierVersion()
	v.maturity = h.maturity(v.At)
}

func (h *history) slot(k kind) *seen {
	switch k {
	case kindScope:
		return &h.scope
	case kindConsignee:
		return &h.consignee
	case kindConsignor:
		return &h.consignor
	case kindPair:
		return &h.pair
	case kindTrade:
		return &h.trade
	case kindGoodsOrigin:
		return &h.goodsOrigin
	case kindGoods:
		return &h.goods
	case kindImporterKind:
		return &h.importerKind
	case kindShipperPort:
		return &h.shipperPort
	case kindGoodsPort:
		return &h.goodsPort
	case kindLane:
		return &h.lane
	case kindCarrier:
		return &h.carrier
	case kindSealShape:
		return &h.sealShape
	case kindNumberShape:
		return &h.numberShape
	case kindShip:
		return &h.ship
	case kindImport:
		return &h.imports
	case kindWay:
		return &h.way
	}
	return nil
}

// maturity says how far the absence of something from the past means anything: with
// a handful of consignments or a few days of them, everything is new.
func (h *history) maturity(at time.Time) float64 {
	const enough, days = 600, 10
	if h.scope.n < 30 || h.scope.first.IsZero() || at.IsZero() {
		return 0
	}
	age := at.Sub(h.scope.first).Hours() / 24
	return min(1, float64(h.scope.n)/enough) * min(1, max(0, age/days))
}
