package cargoweb

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/web"
)

// kind says how the value of a field is written for a person.
type kind int8

const (
	plain kind = iota
	number
	mass
	volume
	moment
	country
	code    // of a list whose words are messages: cargo.<generic path>.<value>
	mode    // cargo.Mode
	nature  // cargo.Nature
	flag    // true or false
	celsius // temperature
)

// kinds are all fields by their path without indexes, see cargo.GoodsField and others.
var kinds = map[string]kind{
	"document.number": plain, "document.kind": code, "document.type": plain, "document.master": plain,
	"document.consolidated": flag, "document.issued": moment, "document.line": plain,
	"nature": nature, "remarks": plain, "location": plain, "withdrawn": flag,
	"carrier.code": plain, "carrier.name": plain, "carrier.address": plain,
	"transport.mode": mode, "transport.id": plain, "transport.name": plain, "transport.nationality": country, "transport.master": plain,
	"journey.voyage": plain, "journey.departure": moment, "journey.arrival": moment, "journey.places": plain,
	"journey.places.role": code, "journey.places.code": plain, "journey.places.name": plain, "journey.places.date": moment,
	"parties": plain, "parties.role": code, "parties.id": plain, "parties.name": plain, "parties.address": plain, "parties.city": plain,
	"parties.country": country, "parties.phone": plain, "parties.email": plain,
	"goods": plain, "goods.number": number, "goods.description": plain, "goods.hs": plain, "goods.origin": country, "goods.packages": number,
	"goods.package_type": plain, "goods.gross_mass": mass, "goods.net_mass": mass, "goods.volume": volume,
	"goods.value": plain, "goods.value.amount": number, "goods.value.currency": plain,
	"goods.dg": plain, "goods.dg_class": plain, "goods.marks": plain, "goods.equipment": plain,
	"equipment": plain, "equipment.number": plain, "equipment.size_type": plain, "equipment.fullness": code, "equipment.shipper_owned": flag,
	"equipment.temperature": celsius, "equipment.tare": mass, "equipment.gross_mass": mass, "equipment.verified_gross": mass,
	"equipment.packages": number, "equipment.seals": plain, "equipment.seals.number": plain, "equipment.seals.party": plain,
	"charges.freight": plain, "charges.freight.amount": number, "charges.freight.currency": plain,
	"charges.insurance": plain, "charges.insurance.amount": number, "charges.insurance.currency": plain,
	"charges.customs": plain, "charges.customs.amount": number, "charges.customs.currency": plain,
	"charges.transport": plain, "charges.transport.amount": number, "charges.transport.currency": plain,
	"charges.payment": code,
	"totals.packages": number, "totals.gross_mass": mass, "totals.containers": number,
}

// split takes a field path apart: the path without what stands in brackets, and that.
func split(path string) (generic string, keys []string) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(path, "[")
		b.WriteString(before)
		if !ok {
			return b.String(), keys
		}
		key, after, closed := strings.Cut(rest, "]")
		if !closed {
			b.WriteString("[" + rest)
			return b.String(), keys
		}
		keys = append(keys, key)
		path = after
	}
}

// FieldName says the name of a field alone in the person's language: "Gross mass" for
// goods[1].gross_mass. A path that no consignment has is returned as it is.
func FieldName(ctx context.Context, path string) string {
	generic, _ := split(path)
	if _, ok := kinds[generic]; !ok {
		return path
	}
	return web.T(ctx, "cargo.field."+generic)
}

// FieldLabel says which field a path names: "Item 2 · Gross mass", "Consignee · Address".
func FieldLabel(ctx context.Context, path string) string { return FieldLabelOf(ctx, path, nil) }

// FieldLabelOf is FieldLabel with a container by its number and a place by its role, as
// they stand in c.
func FieldLabelOf(ctx context.Context, path string, c *cargo.Consignment) string {
	generic, keys := split(path)
	name := FieldName(ctx, path)
	if len(keys) == 0 {
		return name
	}
	parts := []string{owner(ctx, generic, keys[0], c)}
	if strings.HasPrefix(generic, "equipment.seals") && len(keys) > 1 {
		parts = append(parts, web.T(ctx, "cargo.nth.seal", "N", nth(keys[1])))
	}
	if generic == "equipment.seals.number" || generic == "goods" || generic == "equipment" {
		return strings.Join(parts, " · ")
	}
	return strings.Join(append(parts, name), " · ")
}

// owner names the element of a list that a field belongs to.
func owner(ctx context.Context, generic, key string, c *cargo.Consignment) string {
	i, err := strconv.Atoi(key)
	switch {
	case strings.HasPrefix(generic, "parties"):
		return PartyRole(ctx, cargo.PartyRole(key))
	case err != nil:
		return key
	case strings.HasPrefix(generic, "goods"):
		return web.T(ctx, "cargo.nth.goods", "N", nth(key))
	case strings.HasPrefix(generic, "equipment"):
		if c != nil && i >= 0 && i < len(c.Equipment) && c.Equipment[i].Number != "" {
			return c.Equipment[i].Number
		}
		return web.T(ctx, "cargo.nth.equipment", "N", nth(key))
	case strings.HasPrefix(generic, "journey.places"):
		if c != nil && i >= 0 && i < len(c.Journey.Places) {
			return PlaceRole(ctx, c.Journey.Places[i].Role)
		}
		return web.T(ctx, "cargo.nth.place", "N", nth(key))
	}
	return key
}

// nth counts from 1 what stands in a path from 0.
func nth(key string) string {
	i, err := strconv.Atoi(key)
	if err != nil {
		return key
	}
	return strconv.Itoa(i + 1)
}

// FieldValue writes the raw value of a field, as cargo.Differences and evidence have it,
// for a person.
func FieldValue(ctx context.Context, path, raw string) string {
	if raw == "" {
		return ""
	}
	generic, _ := split(path)
	f, err := strconv.ParseFloat(raw, 64)
	isNumber := err == nil
	switch kinds[generic] {
	case number:
		if isNumber {
			return web.Number(ctx, f)
		}
	case mass:
		if isNumber {
			return web.Mass(ctx, f)
		}
	case volume:
		if isNumber {
			return Volume(ctx, f)
		}
	case celsius:
		if isNumber {
			return Celsius(ctx, f)
		}
	case mode:
		return Mode(ctx, cargo.ParseMode(raw))
	case nature:
		if isNumber {
			return Nature(ctx, cargo.Nature(f))
		}
	case moment:
		if t, err := time.Parse(time.RFC3339Nano, raw); err == nil {
			return Moment(ctx, t)
		}
		return DayOrMoment(ctx, raw)
	case country:
		return Country(ctx, raw)
	case flag:
		return word(ctx, "cargo.flag."+raw, raw)
	case code:
		return word(ctx, "cargo."+generic+"."+raw, raw)
	}
	return raw
}

// FieldID is the id of the element that shows a field, so that a link can lead to it.
func FieldID(path string) string {
	var b strings.Builder
	b.WriteString("f-")
	for _, r := range path {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_':
			b.WriteRune(r)
		default:
			b.WriteByte('-')
		}
	}
	return strings.TrimRight(strings.ReplaceAll(b.String(), "--", "-"), "-")
}

// word says a message, or the fallback where there is none.
func word(ctx context.Context, id, fallback string) string {
	if web.Known(id) {
		return web.T(ctx, id)
	}
	return fallback
}
