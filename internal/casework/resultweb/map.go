package resultweb

import (
	"context"
	"encoding/json"
	"strings"

	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/web"
)

// outcomeMap is what the island outcome-map draws: places of loading by how much was
// examined and found of their goods, and the ways from there.
type outcomeMap struct {
	Places    []mapPlace `json:"places"`
	Ways      []mapWay   `json:"ways"`
	Unlocated int        `json:"-"` // places whose position nobody knows
}

type mapPlace struct {
	Name     string  `json:"name"`
	Lat      float64 `json:"lat"`
	Lon      float64 `json:"lon"`
	Examined int     `json:"examined"`
	Found    int     `json:"found"`
	Says     string  `json:"says"`
}

type mapWay struct {
	From     [2]float64 `json:"from"` // longitude, latitude
	To       [2]float64 `json:"to"`
	Examined int        `json:"examined"`
	Found    int        `json:"found"`
	Says     string     `json:"says"`
}

// json writes the part for an attribute.
func (m outcomeMap) json(part any) string {
	raw, err := json.Marshal(part)
	if err != nil {
		return "[]" // NaN is the only way: the table says the same
	}
	return string(raw)
}

func (p *Pages) mapOf(ctx context.Context, t casework.Tally) (m outcomeMap) {
	for _, r := range t.Places {
		at, located := p.position(r.Code)
		if !located {
			m.Unlocated++
			continue
		}
		name := p.placeName(r.Code)
		m.Places = append(m.Places, mapPlace{name, at[1], at[0], r.Examined, r.Found, says(ctx, name, r.Rate)})
	}
	for _, r := range t.Routes {
		from, known := p.position(r.Loading)
		to, both := p.position(r.Unloading)
		if known && both && from != to {
			way := p.placeName(r.Loading) + " → " + p.placeName(r.Unloading)
			m.Ways = append(m.Ways, mapWay{from, to, r.Examined, r.Found, says(ctx, way, r.Rate)})
		}
	}
	return m
}

func says(ctx context.Context, what string, r casework.Rate) string {
	return web.T(ctx, "result.map.says", "What", what, "Found", r.Found, "Examined", r.Examined)
}

// position returns longitude and latitude of a place, and false where nobody knows them.
func (p *Pages) position(code string) ([2]float64, bool) {
	at, known := p.lookup(code)
	return [2]float64{at.Lon, at.Lat}, known && at.Located
}

func (p *Pages) lookup(code string) (reference.Place, bool) {
	locode, err := reference.ParseLocode(code)
	if err != nil || p.Reference == nil {
		return reference.Place{}, false
	}
	return p.Reference.Place(locode)
}

// placeName is the name of a place, or its code.
func (p *Pages) placeName(code string) string {
	return cargoweb.CodeName(p.Reference, code)
}

// countryName is the name of a country; "" is one that the papers do not say.
func countryName(ctx context.Context, code string) string {
	if code == "" {
		return web.T(ctx, "result.country.unknown")
	}
	return cargoweb.Country(ctx, strings.ToUpper(code))
}
