package risk

import (
	"sync"

	"tidewaiter/internal/reference"
)

// DirectoryPlaces answers a PlaceLookup from a directory of places, and remembers
// what it was asked, since a unit's traffic names few places and names them often.
func DirectoryPlaces(d *reference.Directory) PlaceLookup {
	type answer struct {
		facts PlaceFacts
		known bool
	}
	const most = 20000 // places asked for; more are answered, but not remembered
	var mu sync.RWMutex
	cache := map[string]answer{}
	return func(code string) (PlaceFacts, bool) {
		mu.RLock()
		a, ok := cache[code]
		mu.RUnlock()
		if ok {
			return a.facts, a.known
		}
		var p reference.Place
		if l, err := reference.ParseLocode(code); err == nil {
			p, a.known = d.Place(l)
		}
		if a.known {
			f := p.Function
			a.facts = PlaceFacts{Name: p.Name, Lat: p.Lat, Lon: p.Lon, Located: p.Located, Functions: f != 0,
				Port: f&reference.Port != 0, Rail: f&reference.RailTerminal != 0, Road: f&reference.RoadTerminal != 0, Air: f&reference.Airport != 0}
		}
		mu.Lock()
		if len(cache) < most {
			cache[code] = a
		}
		mu.Unlock()
		return a.facts, a.known
	}
}

// DirectoryOwners answers an OwnerLookup from a directory. Only a full register of
// owners can say that a prefix is unknown; without one every prefix passes.
func DirectoryOwners(d *reference.Directory) OwnerLookup {
	if !d.Full(reference.Owners) {
		return func(string) bool { return true }
	}
	return func(prefix string) bool { _, ok := d.Owner(prefix); return ok }
}
