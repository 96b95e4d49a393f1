package app

import (
	"strings"

	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
)

// engineReference answers the engine's questions from the code tables.
func engineReference(d *reference.Directory) risk.Reference {
	d.Warm()
	ref := risk.Reference{
		Places: func(code string) (risk.PlaceFacts, bool) {
			p, ok := d.Place(reference.Locode(strings.ToUpper(code)))
			if !ok {
				return risk.PlaceFacts{}, false
			}
			f := risk.PlaceFacts{Name: p.Name, Lat: p.Lat, Lon: p.Lon, Located: p.Located}
			f.Port, f.Functions = p.Serves(reference.Port)
			f.Rail, _ = p.Serves(reference.RailTerminal)
			f.Road, _ = p.Serves(reference.RoadTerminal)
			f.Air, _ = p.Serves(reference.Airport)
			return f, true
		},
	}
	if d.Full(reference.Owners) { // until then a prefix that we lack is unknown to us, not wrong
		ref.Owners = func(prefix string) bool {
			_, ok := d.Owner(prefix)
			return ok
		}
	}
	return ref
}

// NewEngine returns an engine of the program's default settings for a unit in the
// country home, with the code lists in folder and those that the program has built in.
func NewEngine(folder, home string) (*risk.Engine, error) {
	codes, err := reference.Load(folder)
	if err != nil {
		return nil, err
	}
	settings := risk.DefaultSettings()
	ref := engineReference(codes)
	settings.Home, settings.Places, settings.Owners = home, ref.Places, ref.Owners
	return risk.NewEngine(settings)
}
