package risk

import (
	"math"

	"tidewaiter/internal/cargo"
)

var parties = []Indicator{
	{ID: "P01", Group: Parties, Weight: 1.75, Family: "novelty", Source: "EU and FATF: no history", Test: neverSeen,
		Title:   "Parties that we have not seen before",
		Meaning: "Consignee or consignor have no history with us. New business is normal; nothing is known in its favour, either."},
	{ID: "P02", Group: Parties, Weight: 1.75, Family: "front", Source: "FATF", Test: newAndLarge,
		Title:   "New importer with large volume at once",
		Meaning: "A company that we did not know a short while ago brings many containers. Front companies are made for a few big deals."},
	{ID: "P03", Group: Parties, Weight: 2.25, Family: "front", Source: "FATF: sudden involvement", Test: revived,
		Title:   "Dormant importer active again",
		Meaning: "Nothing came for this consignee for months or years. Dormant companies are bought for their clean name."},
	{ID: "P04", Group: Parties, Weight: 1.25, Family: "front", Source: "FATF", Test: otherBusiness,
		Title:   "Goods do not fit the consignee's line of business",
		Meaning: "The company's name tells another trade than the goods. Ask what it wants with them."},
	{ID: "P10", Group: Parties, Weight: 0.5, Family: "novelty", Source: "own", Test: agentChanged,
		Title:   "Broker or forwarder changed",
		Meaning: "The consignee has always used another agent. A change for one consignment may mean that the usual one declined."},
	{ID: "P13", Group: Parties, Weight: 0.5, Source: "own", Test: privatePerson,
		Title:   "Private person receives a full container",
		Meaning: "Neither a legal form nor a business word stands in the consignee's name. Removal goods are the innocent case."},
	{ID: "N01", Group: Trust, Weight: -1, Source: "own", Test: regularTrade,
		Title:   "Regular trade",
		Meaning: "The same parties have moved the same goods from the same place many times. It lowers the score a little: regular shippers are chosen as innocent cover, too."},
}

func neverSeen(v *View) Hit {
	h := &v.history
	if v.maturity == 0 {
		return none
	}
	newTo, newFrom := v.consignee.named() && h.consignee.n == 0, v.consignor.named() && h.consignor.n == 0
	var ev []Evidence
	if newTo {
		ev = append(ev, evidence(cargo.PartyField(cargo.Consignee, "name"), v.consignee.p.Name, "first-time", decimal(float64(h.scope.n))))
	}
	if newFrom {
		ev = append(ev, evidence(cargo.PartyField(cargo.Consignor, "name"), v.consignor.p.Name, "first-time", decimal(float64(h.scope.n))))
	}
	strength := 0.75
	switch {
	case newTo && newFrom:
		strength = 1
	case !newTo && !newFrom:
		if h.pair.n > 0 || !v.consignee.named() || !v.consignor.named() {
			return none
		}
		strength = 0.25
		ev = append(ev, evidence(cargo.PartyField(cargo.Consignor, "name"), v.consignor.p.Name, "first-pair", v.consignee.p.Name))
	}
	return Hit{strength * v.maturity, ev}
}

// volume weighs how much the consignment is for one: containers, mass and value.
func (v *View) large() float64 {
	boxes := 0
	for i := range v.boxes {
		if v.boxes[i].full() && v.boxes[i].number != "" {
			boxes++
		}
	}
	switch {
	case boxes >= 5 || v.gross >= 120e3 || v.value >= 1e6:
		return 1
	case boxes >= 3 || v.gross >= 60e3 || v.value >= 400e3:
		return 0.7
	default:
		return 0
	}
}

func newAndLarge(v *View) Hit {
	h := &v.history
	if !v.consignee.named() || v.maturity == 0 || h.consignee.n > 12 {
		return none
	}
	field := cargo.PartyField(cargo.Consignee, "name")
	if large := v.large(); large > 0 && h.consignee.n <= 2 {
		return hit(large*v.maturity, evidence(field, v.consignee.p.Name, "new-large", decimal(float64(len(v.boxes))), decimal(v.gross), decimal(float64(h.consignee.n))))
	}
	recent, old := 0, false
	h.consignee.refs(func(r *Ref) bool {
		if d := v.At.Sub(r.At).Abs().Hours() / 24; d <= 14 {
			recent++
		} else {
			old = true
		}
		return true
	})
	if recent < 4 || old || h.consignee.first.IsZero() || v.At.Sub(h.consignee.first).Hours() > 24*21 || v.At.Sub(h.scope.first).Hours() < 24*20 {
		return none
	}
	return hit(0.6*v.maturity, evidence(field, v.consignee.p.Name, "new-frequent", decimal(float64(recent)), day(h.consignee.first)))
}

func revived(v *View) Hit {
	last, days := v.longSleep()
	if days < 300 {
		return none
	}
	strength := min(0.6+(days-300)/400, 1.25)
	h := &v.history
	switch {
	case h.pair.n > 0 && h.importerKind.n > 0:
		strength *= 0.25 // the same goods of the same shipper: a season, or a yearly order
	case h.importerKind.n > 0 || h.consignor.n > 2:
		strength *= 0.6
	}
	return hit(strength, evidence(cargo.PartyField(cargo.Consignee, "name"), v.consignee.p.Name, "dormant", decimal(math.Round(days)), day(last.At), last.Document))
}

// longSleep returns the last consignment before the longest gap that ended with this
// consignment or in the weeks before it, and the days of the gap. Gaps as long as
// others of the importer are its rhythm, and are none.
func (v *View) longSleep() (last *Ref, days float64) {
	later, usual := v.At, 0.0
	v.history.consignee.refs(func(r *Ref) bool {
		if r.At.IsZero() || !r.At.Before(later) {
			return true
		}
		gap := later.Sub(r.At).Hours() / 24
		if v.At.Sub(later).Hours() > 24*14 || last != nil && gap <= days {
			usual = max(usual, gap)
		} else {
			last, days = r, gap
		}
		later = r.At
		return true
	})
	if days < 1.5*usual {
		return nil, 0
	}
	return last, days
}

func otherBusiness(v *View) Hit {
	g := v.heaviest()
	h := &v.history
	if g == nil || g.chapter() == "" || len(v.consignee.business) == 0 || v.consignee.forwarder || h.importerKind.n > 0 {
		return none // a word in a name is weak where the importer has long brought such goods
	}
	for _, row := range v.consignee.business {
		if has(v.t.business[row][1], g.chapter()) {
			return none
		}
	}
	row, strength := v.t.business[v.consignee.business[0]], 1.0
	if !g.declared {
		strength = 0.5 // the chapter is only what the words seem to mean
	}
	strength *= max(0.5, v.strange(&h.consignee))
	return hit(strength, evidence(cargo.PartyField(cargo.Consignee, "name"), v.consignee.p.Name, "business", row[0], g.chapter()),
		evidence(description(v.main), g.item.Description, "business", row[0], g.chapter()))
}

func agentChanged(v *View) Hit {
	if v.agent.key == 0 || !v.consignee.named() {
		return none
	}
	same, usual, other := true, Key(0), 0
	v.history.consignee.refs(func(r *Ref) bool {
		if r.What == 0 {
			return true
		}
		if usual == 0 {
			usual = r.What
		}
		same = same && r.What == usual
		other++
		return true
	})
	if other < 3 || !same || usual == v.agent.key {
		return none
	}
	return hit(1, evidence(cargo.PartyField(v.agent.p.Role, "name"), v.agent.p.Name, "agent-changed", decimal(float64(other))))
}

func privatePerson(v *View) Hit {
	p := &v.consignee
	if !p.named() || p.company || p.forwarder || len(p.business) > 0 || p.p.ID != "" || v.history.consignee.n >= 3 {
		return none
	}
	words := tokenize(v.scratch[:0], p.p.Name, nil)
	v.scratch = words
	if len(words) < 2 || len(words) > 3 || hasDigit(p.p.Name) {
		return none
	}
	for i := range v.boxes {
		if b := &v.boxes[i]; (b.box.Fullness == cargo.FCL || b.box.Fullness == cargo.Full) && b.number != "" {
			return hit(1, evidence(cargo.PartyField(cargo.Consignee, "name"), p.p.Name, "person"), evidence(cargo.EquipmentField(i, "number"), b.box.Number, "full-box"))
		}
	}
	return none
}

func regularTrade(v *View) Hit {
	earlier, sameLoad := 0, 0
	oldest, load := v.At, Key(placeKey(v.load))
	var last *Ref
	v.history.trade.refs(func(r *Ref) bool {
		if !r.At.IsZero() && v.At.Sub(r.At).Hours() > 36 {
			earlier++
			if r.Where == load {
				sameLoad++
			}
			if last == nil {
				last = r
			}
			if r.At.Before(oldest) {
				oldest = r.At
			}
		}
		return true
	})
	days := v.At.Sub(oldest).Hours() / 24
	if earlier < 3 || sameLoad < earlier-1 || days < 8 || v.At.Sub(last.At).Hours() > 24*120 {
		return none
	}
	strength := 0.5
	if earlier >= 5 && days >= 18 {
		strength = 1
	}
	return hit(strength, evidence(cargo.PartyField(cargo.Consignor, "name"), v.consignor.p.Name, "regular", decimal(float64(v.history.trade.n)), day(oldest), last.Document))
}
