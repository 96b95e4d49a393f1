package app

import (
	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
)

// engineReference answers the engine's questions from the code tables.
func engineReference(d *reference.Directory) risk.Reference {
	d.Warm()
	return risk.Reference{Places: risk.DirectoryPlaces(d), Owners: risk.DirectoryOwners(d)}
}

// NewEngine returns an engine of the program's default settings for a unit in the
// country home, with the code lists in folder and those that the program has built in.
func NewEngine(folder, home string) (*risk.Engine, error) {
	codes, err := reference.Load(folder)
	if err != nil {
		return nil, err
	}
	return risk.NewEngine(engineSettings(codes, home))
}

// engineSettings are the program's own, for a unit in the country home.
func engineSettings(codes *reference.Directory, home string) risk.Settings {
	s := risk.DefaultSettings()
	ref := engineReference(codes)
	s.Home, s.Places, s.Owners = home, ref.Places, ref.Owners
	return s
}
