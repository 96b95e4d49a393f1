package reference

import (
	_ "embed"
	"sync"
)

// AirWaybill is the number of an air waybill: airline prefix, serial number of seven
// digits and check digit, as in 020-12345675. IATA Resolution 600a.
type AirWaybill string

// ParseAirWaybill reads an air waybill number with or without its dash. A wrong check
// digit gives the number and CheckDigit.
func ParseAirWaybill(s string) (AirWaybill, error) {
	a := AirWaybill(s)
	if !a.wellFormed() {
		var buf [14]byte
		size, _, ok := squeeze(s, buf[:])
		b := buf[:size]
		if size == 14 && string(b[:3]) == "AWB" {
			b = b[3:]
		}
		switch {
		case !ok || !allDigits(string(b)):
			return "", malformed(airWaybillNoun, s, "is not a prefix of three digits and a number of eight")
		case len(b) == 8:
			return "", malformed(airWaybillNoun, s, "has no airline prefix").hint("three digits before it, as in 020-%s", b)
		case len(b) != 11:
			return "", malformed(airWaybillNoun, s, "has %d digits, not eleven", len(b))
		}
		a = AirWaybill(string(b[:3]) + "-" + string(b[3:]))
	}
	if !a.Valid() {
		return a, wrong(airWaybillNoun, s, CheckDigit, "check digit is %c, the number asks for %d", a[11], a.ExpectedDigit())
	}
	return a, nil
}

func (a AirWaybill) wellFormed() bool {
	return len(a) == 12 && a[3] == '-' && allDigits(string(a[:3])) && allDigits(string(a[4:]))
}

// Prefix returns the airline's three digits, "" for a malformed number.
func (a AirWaybill) Prefix() string {
	if !a.wellFormed() {
		return ""
	}
	return string(a[:3])
}

// Serial returns the seven digits and the check digit, "" for a malformed number.
func (a AirWaybill) Serial() string {
	if !a.wellFormed() {
		return ""
	}
	return string(a[4:])
}

// ExpectedDigit returns the seven-digit serial modulo 7, -1 for a malformed number.
func (a AirWaybill) ExpectedDigit() int {
	if !a.wellFormed() {
		return -1
	}
	v := 0
	for i := 4; i < 11; i++ {
		v = v*10 + int(a[i]-'0')
	}
	return v % 7
}

// Valid reports whether the check digit fits.
func (a AirWaybill) Valid() bool { return a.wellFormed() && int(a[11]-'0') == a.ExpectedDigit() }

// Airline is the carrier that a prefix belongs to.
type Airline struct {
	Prefix     string // three digits
	Designator string // IATA two-character designator
	Name       string
}

//go:embed data/airlines.tsv
var airlineTable string

var airlines = sync.OnceValue(func() map[string]Airline {
	m := make(map[string]Airline, 128)
	eachRow(airlineTable, 3, func(f []string) { m[f[0]] = Airline{f[0], f[1], f[2]} })
	return m
})

// Airline returns the carrier of the prefix; false where our list, which is not
// complete, lacks it.
func (a AirWaybill) Airline() (Airline, bool) {
	al, ok := airlines()[a.Prefix()]
	return al, ok
}
