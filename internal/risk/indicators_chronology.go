package risk

import (
	"strconv"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
)

var chronology = []Indicator{
	{ID: "D06", Group: Documentary, Weight: 0.75, Family: "amendment", Source: "own", Test: amended,
		Title:   "Amended late or more than once",
		Meaning: "The document was changed after departure, or repeatedly. Late changes let goods arrive under other words than they left."},
	{ID: "R03", Group: Route, Weight: 1.5, Family: "amendment", Source: "documents check 47", Test: destinationChanged,
		Title:   "Destination changed",
		Meaning: "An amendment sends the goods elsewhere than the first message said. Diversion in transit avoids those who waited for them."},
	{ID: "D13", Group: Documentary, Weight: 1, Source: "documents check 13; IMB", Test: impossibleDates,
		Title:   "Dates contradict one another",
		Meaning: "What must come first is dated after what follows it. False bills of lading often borrow a real voyage and shift its dates."},
	{ID: "D14", Group: Documentary, Weight: 0.5, Source: "IMO resolution A.1117", Test: shipNumber,
		Title:   "IMO ship number fails its check digit",
		Meaning: "No ship has this number. It concerns the whole manifest: ask the agent for the ship's papers."},
}

func amended(v *View) Hit {
	o, c := v.history.earlier, v.C
	if o == nil || v.again() {
		return none
	}
	strength := 0.4
	left := c.Journey.Departure
	if late := !left.IsZero() && c.Received.After(left); late {
		strength = 0.75
	}
	if !c.Journey.Arrival.IsZero() && c.Received.After(c.Journey.Arrival) || v.history.versions > 1 {
		strength = 1
	}
	if o.Consignee != v.version.Consignee {
		strength += 0.5
	}
	ev := []Evidence{evidence("document.number", c.Document.Number, "amended", strconv.Itoa(v.history.versions), day(o.Received))}
	if o.Consignee != v.version.Consignee && v.consignee.p != nil {
		ev = append(ev, evidence(cargo.PartyField(cargo.Consignee, "name"), v.consignee.p.Name, "was", orElse(o.PartyText, empty)))
	}
	if o.Mass != v.version.Mass {
		ev = append(ev, evidence(cargo.GoodsField(0, "gross_mass"), plain(v.gross), "was", plain(o.Mass)))
	}
	return Hit{strength, ev}
}

func destinationChanged(v *View) Hit {
	o, to := v.history.earlier, first(v.destination, v.unload)
	if o == nil || v.again() || to == nil || o.Destination == v.version.Destination || o.Destination == 0 {
		return none
	}
	strength := 0.75
	if left := v.C.Journey.Departure; !left.IsZero() && v.C.Received.After(left) {
		strength = 1
	}
	return hit(strength, evidence(to.field(), to.label(), "was", orElse(o.PlaceText, empty)))
}

func impossibleDates(v *View) Hit {
	j, issued := v.C.Journey, v.C.Document.Issued
	switch {
	case !j.Departure.IsZero() && !j.Arrival.IsZero() && j.Departure.After(j.Arrival):
		return hit(1, evidence("journey.departure", day(j.Departure), "after", day(j.Arrival)))
	case !issued.IsZero() && !j.Arrival.IsZero() && issued.Sub(j.Arrival).Hours() > 36:
		return hit(0.75, evidence("document.issued", day(issued), "after", day(j.Arrival)))
	case !issued.IsZero() && !j.Departure.IsZero() && j.Departure.Sub(issued).Hours() > 24*120:
		return hit(0.5, evidence("document.issued", day(issued), "long-before", day(j.Departure)))
	}
	return none
}

func shipNumber(v *View) Hit {
	t := &v.C.Transport
	if t.Mode != cargo.ModeSea || len(t.ID) < 7 || len(t.ID) > 11 {
		return none
	}
	imo, err := reference.ParseIMO(t.ID)
	if reference.ProblemOf(err) != reference.CheckDigit {
		return none
	}
	return hit(1, evidence("transport.id", t.ID, "check-digit", strconv.Itoa(imo.ExpectedDigit())))
}
