package cargoweb

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/web"
)

// Mode says how the goods travel.
func Mode(ctx context.Context, m cargo.Mode) string { return web.T(ctx, "cargo.mode."+m.String()) }

// ModeIcon is the name of the icon of a mode.
func ModeIcon(m cargo.Mode) string {
	switch m {
	case cargo.ModeSea:
		return iconSea
	case cargo.ModeRail:
		return iconRail
	case cargo.ModeRoad:
		return iconRoad
	case cargo.ModeAir:
		return iconAir
	}
	return iconUnknown
}

// Icons of the modes; the bundler finds them here.
const (
	iconSea     = "ship"
	iconRail    = "train"
	iconRoad    = "truck"
	iconAir     = "plane"
	iconUnknown = "help"
)

// Nature says why the goods cross the border.
func Nature(ctx context.Context, n cargo.Nature) string {
	return web.T(ctx, "cargo.nature."+n.String())
}

// PartyRole says what a party is to the consignment.
func PartyRole(ctx context.Context, r cargo.PartyRole) string {
	return word(ctx, "cargo.parties.role."+string(r), string(r))
}

// PlaceRole says what happens at a place.
func PlaceRole(ctx context.Context, r cargo.PlaceRole) string {
	return word(ctx, "cargo.journey.places.role."+string(r), string(r))
}

// Volume writes cubic metres.
func Volume(ctx context.Context, m3 float64) string { return web.Number(ctx, m3) + "\u00a0m³" }

// Celsius writes a temperature.
func Celsius(ctx context.Context, degrees float64) string {
	return web.Number(ctx, degrees) + "\u00a0°C"
}

// Moment writes a day, with its time where the sender gave one.
func Moment(ctx context.Context, t time.Time) string {
	if h, m, s := t.UTC().Clock(); h+m+s == 0 {
		return web.Date(web.SetZone(ctx, time.UTC), t)
	}
	return web.DateTime(ctx, t)
}

// Amount writes money, nothing where none is stated.
func Amount(ctx context.Context, m cargo.Money) string {
	if m.Amount == 0 && m.Currency == "" {
		return ""
	}
	return web.Money(ctx, m.Amount, m.Currency)
}

// PlaceName is a place as a person says it: by the sender's name or that of the code
// table, else by its code.
func PlaceName(codes *reference.Directory, p cargo.Place) string {
	if known, ok := lookup(codes, p.Code); ok && known.Name != "" {
		return known.Name
	}
	if p.Name != "" {
		return p.Name
	}
	return p.Code
}

// CodeName is the name of a place code, or the code.
func CodeName(codes *reference.Directory, locode string) string {
	return PlaceName(codes, cargo.Place{Code: locode})
}

func lookup(codes *reference.Directory, locode string) (reference.Place, bool) {
	code, err := reference.ParseLocode(locode)
	if err != nil || codes == nil {
		return reference.Place{}, false
	}
	return codes.Place(code)
}

// HSName is what an HS code covers, in the person's language where we have it.
func HSName(ctx context.Context, codes *reference.Directory, hs string) string {
	code, err := reference.ParseHS(hs)
	if err != nil || codes == nil {
		return ""
	}
	g, ok := codes.Goods(code)
	if !ok {
		return ""
	}
	return g.Name(string(web.LanguageOf(ctx)))
}

// PackageName is a package type in words where we know them. The list is in English.
func PackageName(code string) string {
	if p, ok := reference.LookupPackageType(strings.ToUpper(code)); ok {
		return strings.ToLower(p.Name)
	}
	return code
}

// SizeType says an ISO 6346 size-type code in words, or nothing where it is none.
func SizeType(ctx context.Context, text string) string {
	t, err := reference.ParseSizeType(text)
	if err != nil {
		return ""
	}
	parts := []string{}
	if t.Length > 0 {
		parts = append(parts, web.T(ctx, "cargo.box.feet", "N", strconv.Itoa(t.Feet())))
	}
	if t.Height > 0 && t.IsHighCube() {
		parts = append(parts, web.T(ctx, "cargo.box.high"))
	}
	if t.Group != 0 {
		parts = append(parts, word(ctx, "cargo.box."+string(rune(t.Group)), ""))
	}
	return strings.Trim(strings.Join(parts, ", "), ", ")
}

// boxProblem says what is wrong with a container's number, or nothing. Other equipment
// has numbers of other shapes, of which nothing is said.
func boxProblem(ctx context.Context, number string) string {
	n, err := reference.ParseContainer(number)
	if err == nil || reference.ProblemOf(err) != reference.CheckDigit {
		return ""
	}
	return web.T(ctx, "cargo.box.check-digit", "Is", strconv.Itoa(n.CheckDigit()), "Should", strconv.Itoa(n.ExpectedDigit()))
}

// boxGood reports whether the number is a container's with the right check digit.
func boxGood(number string) bool {
	n, err := reference.ParseContainer(number)
	return err == nil && n.Valid()
}

// sealParty says who fixed a seal; a code that we do not know stays as it is.
func sealParty(ctx context.Context, party string) string {
	return word(ctx, "cargo.seal.party."+party, party)
}

// Fullness says how a container travels.
func Fullness(ctx context.Context, f cargo.Fullness) string {
	return FieldValue(ctx, "equipment.fullness", string(f))
}

// Short cuts a text at a word, with an ellipsis, to at most so many characters.
func Short(text string, most int) string { return short(text, most) }

// Country is the name of a country as it is said where the officers work; a code that is
// none stays as the sender wrote it.
func Country(ctx context.Context, code string) string {
	at, err := reference.ParseCountry(code)
	if err != nil || len(code) != 2 {
		return code
	}
	lang := web.LanguageOf(ctx)
	if lang == web.Russian && at == "KG" {
		return "Кыргызстан" // CLDR has Киргизия, which nobody in the country writes
	}
	return at.Name(string(lang))
}

// DayOrMoment writes a text that is a day (2006-01-02) or a moment in UTC (2006-01-02
// 15:04), as findings cite them; any other text stays as it is.
func DayOrMoment(ctx context.Context, text string) string {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return web.Date(web.SetZone(ctx, time.UTC), t)
	}
	if t, err := time.Parse("2006-01-02 15:04", text); err == nil {
		return web.DateTime(ctx, t)
	}
	return text
}
