package simulate

import (
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
)

// Sender is who sends a manifest: a line, a railway, an airline or a customs agent.
type Sender struct {
	Code     string
	Name     string
	Cyrillic bool // writes in Cyrillic where the format allows
}

// Manifest is one message about one ship, train, lorry or aircraft; or a later
// amendment of some of its documents.
type Manifest struct {
	Period       Period
	Amendment    bool
	Batch        string // manifests of one batch may travel in one file
	Reference    string // the sender's number of the message
	Sender       Sender
	Office       string // customs office that receives it
	Lane         string
	Carrier      cargo.Carrier
	Transport    cargo.TransportMeans
	Voyage       string
	Loading      cargo.Place
	Unloading    cargo.Place
	Departure    time.Time
	Arrival      time.Time
	Created      time.Time
	Consignments []cargo.Consignment
	Truth        []Truth // of each consignment, in the same order; File is not yet known
}

// voyage is a manifest while it is being filled.
type voyage struct {
	*Manifest
	lane       *lane
	carrier    *carrier // nil on the road
	haulier    *company
	departures map[*place]time.Time
	bills      int
	fullTruck  bool
	room       float64 // kg left on a shared lorry
	group      *groupage
}

// groupage is a container that several house bills share.
type groupage struct {
	box      cargo.Equipment
	master   string
	forwards *company
	room     float64
	left     int
}

// sail makes a voyage of the lane that arrives on the day.
func (m *maker) sail(l *lane, day time.Time, bills int) *voyage {
	d := m.d
	v := &voyage{Manifest: &Manifest{Period: m.period, Lane: l.id, Office: l.office}, lane: l, bills: bills,
		departures: map[*place]time.Time{}, fullTruck: bills == 1, room: d.span(14_000, 21_500)}
	v.Arrival = day.Add(d.hours(0, 24))
	v.Unloading = stop(cargo.PlaceUnloading, l.unload, false)
	m.means(v)
	switch l.mode {
	case cargo.ModeSea:
		v.Created = v.Arrival.Add(-d.hours(26, 80))
	case cargo.ModeRail:
		v.Created = v.Arrival.Add(-d.hours(5, 40))
	case cargo.ModeRoad:
		v.Created = v.Arrival.Add(-d.hours(2, 20))
	default:
		v.Created = v.Arrival.Add(-d.hours(1, 6))
	}
	m.messages++
	v.Reference = v.Created.Format("060102") + pad(m.messages%1_000_000, 6)
	v.Batch = l.id + day.Format("-20060102-") + v.Sender.Code
	return v
}

// means chooses carrier and ship, train, lorry or aircraft.
func (m *maker) means(v *voyage) {
	d, l := m.d, v.lane
	code := one(d, l.carriers)
	v.Transport.Mode = l.mode
	if code[0] == '*' {
		h := one(d, m.w.hauliers[code[1:]])
		v.haulier = h
		v.Carrier = cargo.Carrier{Code: h.country + h.taxID[:min(6, len(h.taxID))], Name: h.name.lat, Address: h.address.lat + ", " + h.city.lat}
		if l.cyrillic {
			v.Carrier.Name, v.Carrier.Address = h.name.cyr, h.address.cyr+", "+h.city.cyr
		}
		v.Transport.ID = strings.ReplaceAll(shape(d, h.plate), " ", "")
		v.Transport.Nationality = h.country
		v.Transport.Master = one(d, m.w.countries[h.country].style.person).lat
		v.Voyage = "T" + d.digits(7)
		a := m.w.agents[l.unload.country][m.w.order[l]%len(m.w.agents[l.unload.country])]
		v.Sender = Sender{l.unload.country + "BRK" + strconv.Itoa(m.w.order[l]), a.name.lat, l.cyrillic}
		return
	}
	c := m.w.carriers[code]
	v.carrier = c
	v.Carrier = cargo.Carrier{Code: c.code, Name: c.name}
	v.Sender = Sender{c.code, c.name, l.cyrillic && c.cyr != ""}
	if v.Sender.Cyrillic {
		v.Carrier.Name = c.cyr
	}
	v.Transport.Nationality = c.country
	switch l.mode {
	case cargo.ModeSea:
		s := one(d, m.w.vessels[code])
		v.Transport.ID, v.Transport.Name, v.Transport.Nationality = s.imo, s.name, s.flag
		v.Voyage = pad(v.Arrival.YearDay()+100, 3) + one(d, []string{"W", "E", "N", "S"}) + strconv.Itoa(d.n(10))
	case cargo.ModeRail:
		v.Transport.ID = strconv.Itoa(d.between(1001, 3998))
		v.Voyage = v.Transport.ID + "-" + v.Arrival.Format("0201")
	default:
		v.Transport.ID = c.country + "-" + d.letters(3)
		v.Voyage = c.code + pad(d.between(101, 989), 3)
	}
}

// leaves returns when the means left the place of loading, the same for all bills
// of the voyage that were loaded there.
func (m *maker) leaves(v *voyage, from *place) time.Time {
	t, ok := v.departures[from]
	if !ok {
		far := 0.0
		for _, p := range v.lane.origins {
			far = max(far, kilometres(p, v.lane.unload))
		}
		share := kilometres(from, v.lane.unload) / max(far, 1)
		lo, hi := float64(v.lane.days[0]), float64(v.lane.days[1])
		days := lo + (hi-lo)*share*m.d.span(0.6, 1)
		t = v.Arrival.Add(-time.Duration(max(days*24, 3) * float64(time.Hour))).Truncate(time.Minute)
		if v.lane.mode == cargo.ModeAir { // hours, not days; some rest overnight at a hub
			t = v.Arrival.Add(-m.d.hours(2, 10) - time.Duration(lo*24)*time.Hour)
		}
		v.departures[from] = t
	}
	if v.Departure.IsZero() || t.Before(v.Departure) {
		v.Departure, v.Loading = t, stop(cargo.PlaceLoading, from, false)
	}
	return t
}

// stop states a place in a role.
func stop(role cargo.PlaceRole, p *place, cyrillic bool) cargo.Place {
	name := p.name
	if cyrillic {
		name = p.cyr
	}
	return cargo.Place{Role: role, Code: p.code, Name: name}
}
