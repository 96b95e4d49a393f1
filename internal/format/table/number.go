package table

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// factors turn a unit into kg or m³.
var factors = map[string]float64{"": 1, "kg": 1, "t": 1000, "lb": 0.45359237, "g": 0.001, "m3": 1, "l": 0.001, "ft3": 0.028316846592}

func unitFits(unit string, kind Kind) bool {
	volume := unit == "m3" || unit == "l" || unit == "ft3"
	return kind == Mass && !volume || kind == Volume && volume
}

// splitUnit parts a number from what stands before and behind it: a sign of currency, a unit.
func splitUnit(s string) (number, unit string, ok bool) {
	s = strings.TrimLeft(strings.TrimSpace(s), "$€£¥~ ")
	end := 0
	for i, r := range s {
		if !strings.ContainsRune("+-0123456789.,'’ \u00a0\u202f\u2009−", r) {
			if (r == 'e' || r == 'E') && i > 0 && i+1 < len(s) && strings.ContainsRune("+-0123456789", rune(s[i+1])) {
				continue
			}
			break
		}
		end = i + len(string(r))
	}
	unit = strings.ToLower(strings.Trim(s[end:], " .()\u00a0"))
	return strings.TrimSpace(s[:end]), unit, unit == "" || unitWords[unit] != ""
}

func looksNumber(s string) bool {
	_, reason := parseNumber(s, "")
	return reason == ""
}

// parseNumber reads a number with the decimal mark; an empty mark is told from the text.
func parseNumber(s, decimal string) (float64, string) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "", "’", "", "−", "-").Replace(s)
	if decimal == "" {
		decimal = "."
		dot, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
		if comma > dot && (dot >= 0 || len(s)-comma != 4 || strings.Trim(s[:comma], "+-") == "0") && strings.Count(s, ",") == 1 {
			decimal = ","
		}
	}
	group := ","
	if decimal == "," {
		group = "."
	}
	whole, fraction, has := strings.Cut(s, decimal)
	if strings.Contains(fraction, decimal) || strings.Contains(fraction, group) || !grouped(whole, group) {
		return 0, "is not a number"
	}
	s = strings.ReplaceAll(whole, group, "")
	if has {
		s += "." + fraction
	}
	if strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, "is not a number"
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) > 1e15 {
		return 0, "is not a number"
	}
	return f, ""
}

// grouped reports whether the groups of thousands have three digits, but for the first.
func grouped(whole, group string) bool {
	parts := strings.Split(whole, group)
	for i, p := range parts {
		if i > 0 && len(p) != 3 || i == 0 && len(parts) > 1 && (len(strings.TrimLeft(p, "+-")) > 3 || p == "") {
			return false
		}
	}
	return true
}

// marks counts what the column's numbers say of the decimal mark.
func (c content) marks() (comma, dot int) {
	for _, s := range c {
		n, _, ok := splitUnit(s)
		if !ok || n == "" {
			continue
		}
		i, j := strings.LastIndexByte(n, ','), strings.LastIndexByte(n, '.')
		switch {
		case i > j && j >= 0: // the last of the two is the mark
			comma++
		case j > i && i >= 0:
			dot++
		case strings.Count(n, ".") > 1, i >= 0 && strings.Count(n, ",") == 1 && len(n)-i != 4:
			comma++
		case strings.Count(n, ",") > 1, j >= 0 && len(n)-j != 4:
			dot++
		}
	}
	return comma, dot
}

// prefersComma reports whether the numbers of the table have a decimal comma, on the whole.
func prefersComma(all []content) bool {
	var comma, dot int
	for _, c := range all {
		if c.share(func(s string) bool { n, _, ok := splitUnit(s); return ok && looksNumber(n) }) < 0.6 {
			continue
		}
		i, j := c.marks()
		comma, dot = comma+i, dot+j
	}
	return comma > dot
}

// decimal returns the decimal mark of the column, and a doubt where no number tells it:
// 1,234 is either one and a bit or more than a thousand.
func (c content) decimal(european bool) (mark, doubt string) {
	comma, dot := c.marks()
	if comma == dot && c.share(func(s string) bool { return strings.ContainsAny(s, ".,") }) > 0 {
		doubt = "a comma or point before three digits could be decimal or of thousands"
	}
	if comma > dot || comma == dot && european {
		return ",", doubt
	}
	return ".", doubt
}

// layouts are the dates that senders write, the day first where nothing else is known.
var layouts = []string{
	"2006-01-02", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04",
	"02.01.2006", "2.1.2006", "02.01.2006 15:04", "02.01.2006 15:04:05", "02.01.06", "02/01/2006", "2/1/2006", "02/01/2006 15:04", "01/02/2006", "1/2/2006",
	"01/02/2006 15:04", "02-01-2006", "2006/01/02", "2006.01.02", "20060102", "02-Jan-2006", "2-Jan-06", "02 Jan 2006", "2 January 2006", "Jan 2, 2006",
}

func parseDate(s, layout string) (time.Time, bool) {
	t, err := time.Parse(layout, strings.TrimSuffix(strings.TrimSpace(s), " г."))
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return time.Time{}, false
	}
	return t.UTC(), true
}

func anyLayout(s string) (string, bool) {
	if len(s) < 6 || len(s) > 30 {
		return "", false
	}
	for _, l := range layouts {
		if _, ok := parseDate(s, l); ok {
			return l, true
		}
	}
	return "", false
}

// layout returns the layout that reads most cells, and a doubt, if there is one.
func (c content) layout() (layout, doubt string) {
	if len(c) == 0 {
		return "", ""
	}
	top := 0.0
	for _, l := range layouts {
		if n := c.share(func(s string) bool { _, ok := parseDate(s, l); return ok }); n > top {
			layout, top = l, n
		}
	}
	other := ""
	switch {
	case top < 0.6:
		return layout, "most cells are no dates that can be read"
	case strings.HasPrefix(layout, "02/01"):
		other = "01/02" + layout[5:]
	case strings.HasPrefix(layout, "2/1"):
		other = "1/2" + layout[3:]
	}
	if other != "" && c.share(func(s string) bool { _, ok := parseDate(s, other); return ok }) == top {
		return layout, "day and month could be the other way round"
	}
	return layout, ""
}
