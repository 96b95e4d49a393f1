package edifact

import (
	"math"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
)

var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// ParseNumber reads a number with either decimal mark, whatever UNA declares: senders
// do not keep to it. ISO 9735-1 §10.1 forbids thousands separators; where both marks
// occur, the last is the decimal one, and a mark that occurs more than once groups
// thousands. Errors are faults that name the value.
func ParseNumber(s string) (float64, error) {
	s = strings.TrimSpace(s)
	if v, ok := plainNumber(s); ok {
		return v, nil
	}
	bad := func() (float64, error) { return 0, fault.New(fault.Invalid, "%q is not a number", clip(s)) }
	if len(s) == 0 || len(s) > 64 {
		return bad()
	}
	negative := false
	digits := s
	switch {
	case digits[0] == '-' || digits[0] == '+':
		negative, digits = digits[0] == '-', digits[1:]
	case digits[len(digits)-1] == '-':
		negative, digits = true, digits[:len(digits)-1]
	}
	clean, ok := ungroup(digits)
	if !ok {
		return bad()
	}
	v, err := strconv.ParseFloat(clean, 64)
	if err != nil || math.IsInf(v, 0) {
		return bad()
	}
	if negative {
		v = -v
	}
	return v, nil
}

// plainNumber reads the usual case: up to 15 digits and one mark.
func plainNumber(s string) (float64, bool) {
	if len(s) == 0 || len(s) > 16 {
		return 0, false
	}
	var mantissa int64
	decimals, mark, digits := 0, false, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case isDigit(c):
			mantissa = mantissa*10 + int64(c-'0')
			digits++
			if mark {
				decimals++
			}
		case (c == '.' || c == ',') && !mark:
			mark = true
		default:
			return 0, false
		}
	}
	if digits == 0 || digits > 15 {
		return 0, false
	}
	return float64(mantissa) / powers[decimals], true
}

// ungroup returns s with a decimal point and without thousands separators.
func ungroup(s string) (string, bool) {
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	mark := byte(0)
	switch {
	case dots > 1 && commas > 1:
		return "", false
	case dots > 0 && commas > 0:
		mark = s[max(strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ','))]
		if strings.Count(s, string(mark)) > 1 {
			return "", false
		}
	case dots == 1:
		mark = '.'
	case commas == 1:
		mark = ','
	}
	var b strings.Builder
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digits++
			b.WriteByte(c)
		case c == mark:
			b.WriteByte('.')
		case c == '.' || c == ',':
		default:
			return "", false
		}
	}
	return b.String(), digits > 0
}
