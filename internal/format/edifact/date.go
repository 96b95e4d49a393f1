package edifact

import (
	"strings"
	"time"

	"tidewaiter/internal/fault"
)

// layouts says how the format qualifiers of element 2379 write a date: C century, Y
// year, M month, D day, h hour, m minute, s second, W week, w day of the week, J day
// of the year. Z at the end is a time zone.
var layouts = map[string]string{
	"2": "DDMMYY", "3": "MMDDYY", "4": "DDMMCCYY", "5": "DDMMCCYYhhmm",
	"101": "YYMMDD", "102": "CCYYMMDD", "103": "YYWWw", "105": "YYJJJ",
	"201": "YYMMDDhhmm", "202": "YYMMDDhhmmss", "203": "CCYYMMDDhhmm", "204": "CCYYMMDDhhmmss",
	"205": "CCYYMMDDhhmmZ", "208": "CCYYMMDDhhmmssZ",
	"301": "YYMMDDhhmmZ", "302": "YYMMDDhhmmssZ", "303": "CCYYMMDDhhmmZ", "304": "CCYYMMDDhhmmssZ",
	"401": "hhmm", "402": "hhmmss", "602": "CCYY", "603": "YY", "609": "YYMM", "610": "CCYYMM",
	"615": "YYWW", "616": "CCYYWW",
	// Periods: their beginning is read.
	"713": "YYMMDDhhmm", "717": "YYMMDD", "718": "CCYYMMDD", "719": "CCYYMMDDhhmm",
}

// ParseTime reads the value of a DTM by its format qualifier (element 2379) and
// returns it in UTC. A bare time of day (401, 402) falls on the first of January of
// the year 0. Where the qualifier is missing or does not fit the length of the value,
// the length decides. Errors are faults that name the value.
func ParseTime(value, format string) (time.Time, error) {
	value = strings.TrimSpace(value)
	layout, known := layouts[strings.TrimSpace(format)]
	core, zone := value, ""
	if strings.HasSuffix(layout, "Z") {
		layout = layout[:len(layout)-1]
		if len(value) > len(layout) {
			core, zone = value[:len(layout)], value[len(layout):]
		}
	}
	if len(format) == 3 && format[0] == '7' && len(core) > len(layout) {
		core = core[:len(layout)]
	}
	if !known || len(core) != len(layout) {
		core, layout = strings.NewReplacer("-", "", ".", "", ":", "", "T", "", " ", "").Replace(core), ""
		layout = byLength(core)
	}
	if layout == "" {
		return time.Time{}, fault.New(fault.Invalid, "%q is not a date of format %q", clip(value), clip(format))
	}
	p, ok := splitDate(core, layout)
	if !ok {
		return time.Time{}, fault.New(fault.Invalid, "%q is not a date: it must be written %s", clip(value), layout)
	}
	t, ok := p.time()
	if !ok {
		return time.Time{}, fault.New(fault.Invalid, "the date %q does not exist", clip(value))
	}
	shift, ok := zoneShift(zone)
	if !ok {
		return time.Time{}, fault.New(fault.Invalid, "the time zone %q of %q is unknown to us", clip(zone), clip(value))
	}
	return t.Add(-shift), nil
}

// byLength returns the usual layout of a value without a usable qualifier.
func byLength(s string) string {
	switch len(s) {
	case 6:
		return "YYMMDD"
	case 8:
		return "CCYYMMDD"
	case 10:
		return "YYMMDDhhmm"
	case 12:
		if s[:2] == "20" || s[:2] == "19" {
			return "CCYYMMDDhhmm"
		}
		return "YYMMDDhhmmss"
	case 14:
		return "CCYYMMDDhhmmss"
	}
	return ""
}

// dateParts are the numbers of a date; -1 for what the layout does not hold.
type dateParts struct{ century, year, month, day, hour, minute, second, week, weekday, yearday int }

func splitDate(s, layout string) (dateParts, bool) {
	p := dateParts{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}
	for i := range len(s) {
		if !isDigit(s[i]) {
			return p, false
		}
		field := p.field(layout[i])
		*field = max(*field, 0)*10 + int(s[i]-'0')
	}
	return p, true
}

func (p *dateParts) field(letter byte) *int {
	switch letter {
	case 'C':
		return &p.century
	case 'Y':
		return &p.year
	case 'M':
		return &p.month
	case 'D':
		return &p.day
	case 'h':
		return &p.hour
	case 'm':
		return &p.minute
	case 's':
		return &p.second
	case 'W':
		return &p.week
	case 'w':
		return &p.weekday
	default:
		return &p.yearday
	}
}

// time returns the moment, false when it does not exist. ISO 8601: 24:00 is the end of
// the day. Two digits of a year up to 79 are of this century.
func (p dateParts) time() (time.Time, bool) {
	year := 0
	switch {
	case p.century >= 0:
		year = p.century*100 + p.year
		if year < 1900 || year > 2199 {
			return time.Time{}, false
		}
	case p.year >= 80:
		year = 1900 + p.year
	case p.year >= 0:
		year = 2000 + p.year
	}
	h, m, s := max(p.hour, 0), max(p.minute, 0), max(p.second, 0)
	if h > 24 || m > 59 || s > 60 || h == 24 && m+s > 0 {
		return time.Time{}, false
	}
	var t time.Time
	switch {
	case p.week >= 0:
		day := max(p.weekday, 1)
		if p.week < 1 || p.week > 53 || day > 7 {
			return time.Time{}, false
		}
		t = time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // always in week 1, ISO 8601
		t = t.AddDate(0, 0, -(int(t.Weekday())+6)%7+(p.week-1)*7+day-1)
	case p.yearday >= 0:
		t = time.Date(year, 1, max(p.yearday, 0), 0, 0, 0, 0, time.UTC)
		if p.yearday < 1 || t.Year() != year {
			return time.Time{}, false
		}
	default:
		month, day := 1, 1
		if p.month >= 0 {
			month = p.month
		}
		if p.day >= 0 {
			day = p.day
		}
		t = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if month < 1 || month > 12 || day < 1 || t.Day() != day {
			return time.Time{}, false
		}
	}
	return t.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second), true
}

var zones = map[string]int{
	"": 0, "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "CET": 60, "BST": 60, "EET": 120, "CES": 120, "CEST": 120,
	"MSK": 180, "EES": 180, "EEST": 180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "PST": -480, "PDT": -420,
	"KGT": 360, "ALM": 300,
}

// zoneShift returns what a zone is ahead of UTC: a name, or +hh, +hhmm and +hh:mm.
func zoneShift(zone string) (time.Duration, bool) {
	zone = strings.ToUpper(strings.TrimSpace(zone))
	if m, ok := zones[zone]; ok {
		return time.Duration(m) * time.Minute, true
	}
	if len(zone) < 3 || zone[0] != '+' && zone[0] != '-' && zone[0] != 'Z' {
		return 0, false
	}
	digits := strings.ReplaceAll(zone[1:], ":", "")
	if len(digits) != 2 && len(digits) != 4 {
		return 0, false
	}
	n := 0
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return 0, false
		}
		n = n*10 + int(digits[i]-'0')
	}
	if len(digits) == 2 {
		n *= 100
	}
	if n/100 > 14 || n%100 > 59 {
		return 0, false
	}
	d := time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
	if zone[0] == '-' {
		d = -d
	}
	return d, true
}
