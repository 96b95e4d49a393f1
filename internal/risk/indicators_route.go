package risk

import (
	"math"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
)

var route = []Indicator{
	{ID: "R01", Group: Route, Weight: 0.75, Family: "threat", Source: "UNODC route notes; list of source countries", Test: sourceCountry,
		Title:   "Loaded in or carried through a country of threat",
		Meaning: "The country is known as source or transit of drugs; more so when the goods are of a kind used as cover there. Most of its trade is honest: it counts beside other reasons."},
	{ID: "R02", Group: Route, Weight: 2, Family: "detour", Source: "WWF and TRAFFIC; FATF", Test: roundabout,
		Title:   "Roundabout route",
		Meaning: "The way over the stated places is far longer than the direct one. Nobody pays for a detour without a reason."},
	{ID: "R04", Group: Route, Weight: 1, Family: "detour", Source: "own", Test: departureNotOrigin,
		Title:   "Loaded in another country than the origin, at no hub",
		Meaning: "Goods made in one country leave from another that is neither a known hub nor a place from which we know such goods."},
	{ID: "R05", Group: Route, Weight: 0.75, Family: "detour", Source: "FATF", Test: freeZone,
		Title:   "Free zone or several transhipments",
		Meaning: "In free zones goods change papers, and with each transhipment a chance to open the container. Regular lines do it, too."},
	{ID: "R06", Group: Route, Weight: 1, Family: "novelty", Source: "usual practice in cargo targeting", Test: unusualPort,
		Title:   "Unusual place of loading for this shipper or these goods",
		Meaning: "A shipper that we know well has never loaded there, or such goods have never come from there."},
	{ID: "R09", Group: Route, Weight: 0.75, Source: "own; carriers' cargo guides", Test: perishableCare,
		Title:   "Perishable goods badly cared for",
		Meaning: "Temperature, container or days on the way do not suit the goods. Whoever does not mind that they spoil may not be after the goods."},
	{ID: "R11", Group: Route, Weight: 1.25, Family: "detour", Source: "UN/LOCODE functions; IMB", Test: impossiblePort,
		Title:   "Place does not serve the mode of transport",
		Meaning: "No ship loads in a landlocked country, no train where there is no railway. False bills of lading have such places."},
}

func sourceCountry(v *View) Hit {
	best := Hit{}
	try := func(country, field, value string, list map[string][]threat, note string) {
		for _, th := range list[country] {
			s := th.weight * v.threatens(th)
			if country != v.e.home && s > best.Strength {
				best = hit(s, evidence(field, value, note, th.name))
			}
		}
	}
	for i := range v.places {
		p := &v.places[i]
		switch p.place.Role {
		case cargo.PlaceOrigin, cargo.PlaceLoading, cargo.PlaceTransit:
			if p.country != "" {
				try(p.country, p.field(), p.place.Code, v.t.sources, "source-country")
				try(p.country, p.field(), p.place.Code, v.t.transit, "transit-country")
			}
		}
	}
	if g := v.heaviest(); g != nil && best.Strength == 0 && len(g.item.Origin) == 2 {
		try(g.item.Origin, cargo.GoodsField(v.main, "origin"), g.item.Origin, v.t.sources, "source-country")
	}
	return best
}

// threatens weighs how the goods suit the threat: its usual cover counts more.
func (v *View) threatens(th threat) float64 {
	if len(th.headings) == 0 || len(v.goods) == 0 {
		return 0.75
	}
	for i := range v.goods {
		if h := v.goods[i].headingCode(); h != "" {
			k := hsKey(h)
			for _, c := range th.headings {
				if c == k {
					return 1.25
				}
			}
		}
	}
	return 0.6
}

// km returns the great-circle distance of two located places.
func km(a, b *placeView) float64 {
	const r, deg = 6371.0, math.Pi / 180
	dLat, dLon := (b.facts.Lat-a.facts.Lat)*deg, (b.facts.Lon-a.facts.Lon)*deg
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(a.facts.Lat*deg)*math.Cos(b.facts.Lat*deg)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * r * math.Asin(math.Min(1, math.Sqrt(h)))
}

// path sums the way over all located places in the order of the journey.
func (v *View) path() (total, direct float64, start, end *placeView, via *placeView) {
	var prev *placeView
	longest := 0.0
	for i := range v.places {
		p := &v.places[i]
		if !p.known || !p.facts.Located || p.place.Role == cargo.PlaceOffice {
			continue
		}
		if start == nil {
			start = p
		}
		if prev != nil && prev.code != p.code {
			total += km(prev, p)
		}
		if p.place.Role == cargo.PlaceTransit || p.place.Role == cargo.PlaceLoading {
			if d := km(start, p); d > longest {
				longest, via = d, p
			}
		}
		prev, end = p, p
	}
	if start != nil && end != nil && start != end {
		direct = km(start, end)
	}
	return total, direct, start, end, via
}

func roundabout(v *View) Hit {
	total, direct, start, end, via := v.path()
	if via == nil || total-direct < 1500 {
		return none
	}
	ratio := total / max(direct, 200)
	limit := 1.7
	if v.t.hubs[via.code] {
		limit = 2.2
	}
	if ratio < limit {
		return none
	}
	strength := min(0.5+(ratio-limit)/1.5, 1.5)
	if usual := v.history.way.n; usual >= 3 {
		// What others on the lane do, too, is how it is served.
		return hit(strength*0.25, evidence(via.field(), via.label(), "detour", decimal(math.Round(total)), decimal(math.Round(direct)), start.label(), end.label()),
			evidence(via.field(), via.label(), "usual-way", decimal(float64(usual))))
	}
	return hit(strength, evidence(via.field(), via.label(), "detour", decimal(math.Round(total)), decimal(math.Round(direct)), start.label(), end.label()))
}

const europe = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE GB NO CH"

func departureNotOrigin(v *View) Hit {
	g := v.heaviest()
	if g == nil || v.load == nil || v.load.country == "" || len(g.item.Origin) != 2 {
		return none
	}
	origin, from := g.item.Origin, v.load.country
	if origin == from || v.t.hubs[v.load.code] || has(europe, origin) && has(europe, from) || v.history.goodsPort.n >= 5 {
		return none
	}
	strength := 0.5
	if v.t.reexport[from] {
		strength = 1
	}
	return hit(strength, evidence(v.load.field(), v.load.label(), "not-origin", origin), evidence(cargo.GoodsField(v.main, "origin"), origin, "loaded-in", from))
}

func freeZone(v *View) Hit {
	g := v.heaviest()
	stops := 0
	for i := range v.places {
		p := &v.places[i]
		role := p.place.Role
		if role == cargo.PlaceTransit {
			stops++
		}
		name, ok := v.t.zones[p.code]
		if !ok || role != cargo.PlaceTransit && role != cargo.PlaceLoading {
			continue
		}
		strength := 0.4
		if g != nil && len(g.item.Origin) == 2 && g.item.Origin != p.country && role == cargo.PlaceLoading {
			strength = 0.8
		}
		return hit(strength, evidence(p.field(), p.label(), "free-zone", name))
	}
	if mode := v.C.Transport.Mode; stops >= 3 && (mode == cargo.ModeSea || mode == cargo.ModeAir) {
		return hit(0.6, evidence("journey.places", decimal(float64(stops)), "transhipments"))
	}
	return none
}

func unusualPort(v *View) Hit {
	h := &v.history
	if v.load == nil || v.maturity == 0 {
		return none
	}
	if h.consignor.n >= 5 && h.shipperPort.n == 0 && v.load.key != 0 {
		return hit(v.maturity, evidence(v.load.field(), v.load.label(), "shipper-port", decimal(float64(h.consignor.n))))
	}
	if h.goods.n >= 25 && h.goodsPort.n == 0 && v.load.key != 0 {
		return hit(0.6*v.maturity, evidence(v.load.field(), v.load.label(), "goods-port", decimal(float64(h.goods.n))))
	}
	return none
}

func perishableCare(v *View) Hit {
	g := v.heaviest()
	if g == nil || g.facts.perishable == "" {
		return none
	}
	f := g.facts
	for i := range v.boxes {
		b := &v.boxes[i]
		if t := b.box.Temperature; t != nil && (*t > f.warmest+4 || *t < f.coldest-6) {
			return hit(1, evidence(cargo.EquipmentField(i, "temperature"), plain(*t), "temperature", f.perishable, plain(f.coldest), plain(f.warmest)))
		}
		if b.sized && b.size.Group == reference.GeneralPurpose && f.warmest <= 8 {
			return hit(0.75, evidence(cargo.EquipmentField(i, "size_type"), b.box.SizeType, "not-cooled", f.perishable))
		}
	}
	if d := v.daysOnTheWay(); d > f.days {
		return hit(0.75, evidence("journey.arrival", day(v.C.Journey.Arrival), "too-long", f.perishable, decimal(math.Round(d)), plain(f.days)))
	}
	return none
}

func impossiblePort(v *View) Hit {
	mode := v.C.Transport.Mode
	for i := range v.places {
		p := &v.places[i]
		role := p.place.Role
		if role != cargo.PlaceLoading && role != cargo.PlaceUnloading || p.country == "" {
			continue
		}
		f := p.facts
		switch {
		case mode == cargo.ModeSea && reference.Country(p.country).Landlocked() && !(p.known && f.Port):
			return hit(1, evidence(p.field(), p.label(), "landlocked", p.country))
		case !p.known || !f.Functions:
		case mode == cargo.ModeSea && !f.Port:
			return hit(0.4, evidence(p.field(), p.label(), "no-port"))
		case mode == cargo.ModeAir && !f.Air:
			return hit(0.4, evidence(p.field(), p.label(), "no-airport"))
		case mode == cargo.ModeRail && !f.Rail:
			return hit(0.25, evidence(p.field(), p.label(), "no-railway"))
		}
	}
	return none
}

var routeTrade = []Indicator{
	{ID: "R07", Group: Route, Weight: 1.5, Source: "own, by list", Test: notProduced,
		Title:   "Country does not produce the goods",
		Meaning: "Such goods do not grow or are not made where they are said to come from. The origin is wrong, or the goods are."},
	{ID: "R08", Group: Route, Weight: 1, Source: "own, by list", Test: coalsToNewcastle,
		Title:   "Goods that the country itself exports",
		Meaning: "The goods are brought to a country that sells them abroad. It happens out of season; it also covers something else."},
}

func notProduced(v *View) Hit {
	for i := range v.goods {
		g := &v.goods[i]
		if g.facts.excluded == "" {
			continue
		}
		if has(g.facts.excluded, g.item.Origin) {
			return hit(1, evidence(cargo.GoodsField(i, "origin"), g.item.Origin, "not-produced", g.facts.excludedWhy))
		}
		if g.item.Origin == "" && v.load != nil && !v.t.hubs[v.load.code] && has(g.facts.excluded, v.load.country) {
			return hit(0.4, evidence(v.load.field(), v.load.label(), "not-produced", g.facts.excludedWhy))
		}
	}
	return none
}

func coalsToNewcastle(v *View) Hit {
	to := first(v.destination, v.unload)
	if to == nil || to.country == "" || v.C.Nature == cargo.NatureExport || v.C.Nature == cargo.NatureTransit || v.C.Nature == cargo.NatureTranshipment {
		return none
	}
	if v.load != nil && v.load.country == to.country {
		return none
	}
	for i := range v.goods {
		g := &v.goods[i]
		if strings.Contains(g.facts.exporters, to.country) && g.item.Origin != to.country {
			return hit(1, evidence(to.field(), to.label(), "exports", to.country, g.code))
		}
	}
	return none
}
