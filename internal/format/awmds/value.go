package awmds

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// text is the content of one element and where it stands.
type text struct {
	value  string
	offset int64
	length int
	line   int
}

// set puts the text into the place that dst points to. It returns the reason why it
// cannot, or an empty string.
func set(dst any, v text, join bool) string {
	switch d := dst.(type) {
	case *string:
		return setString(d, v.value, join)
	case *int:
		return setInt(d, v.value)
	case *float64:
		return setNumber(d, v.value)
	case *bool:
		return setBool(d, v.value)
	case *time.Time:
		return setDate(d, v.value)
	case *clock:
		return d.set(v.value)
	}
	return ""
}

func setString(d *string, v string, join bool) string {
	switch {
	case *d == "" || *d == v:
		*d = v
	case join:
		*d += "\n" + v
	default:
		return "stated twice: the first one counts"
	}
	return ""
}

// number reads what senders write for N18: spaces between thousands, and a comma for the
// decimal mark, since the format knows no thousands separator.
func number(s string) (float64, string) {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f':
			return -1
		case ',':
			return '.'
		}
		return r
	}, s)
	if strings.Count(s, ".") > 1 {
		last := strings.LastIndexByte(s, '.')
		s = strings.ReplaceAll(s[:last], ".", "") + s[last:]
	}
	if s == "" || strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, "is not a number"
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) > 1e18 {
		return 0, "is not a number"
	}
	return f, ""
}

func setNumber(d *float64, v string) string {
	f, reason := number(v)
	if reason == "" && *d == 0 {
		*d = f
	}
	return reason
}

func setInt(d *int, v string) string {
	if n, err := strconv.Atoi(v); err == nil && n < 1e15 && n > -1e15 {
		*d = n
		return ""
	}
	f, reason := number(v)
	if reason != "" {
		return reason
	}
	if f != math.Trunc(f) || math.Abs(f) >= 1e15 {
		return "is not a whole number"
	}
	*d = int(f)
	return ""
}

func setBool(d *bool, v string) string {
	switch strings.ToLower(v) {
	case "1", "y", "yes", "true":
		*d = true
	case "0", "n", "no", "false":
	default:
		return "is neither yes nor no"
	}
	return ""
}

// dateLayouts start with the standard's; the others are what senders write instead.
var dateLayouts = []string{"2006-01-02", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05",
	"2006/01/02", "02.01.2006", "02/01/2006", "20060102"}

func setDate(d *time.Time, v string) string {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, v); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
			if d.IsZero() {
				*d = t.UTC()
			} else {
				// Time_of_arrival may come before Date_of_arrival.
				*d = t.UTC().Add(d.Sub(d.Truncate(24 * time.Hour)))
			}
			return ""
		}
	}
	return "is not a date that exists: write yyyy-mm-dd"
}

func (c *clock) set(v string) string {
	for _, layout := range []string{"15:04", "15:04:05", "1504"} {
		if t, err := time.Parse(layout, v); err == nil {
			day := c.Arrival.Truncate(24 * time.Hour)
			c.Arrival = day.Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
			return ""
		}
	}
	return "is not a time of day: write hh:mm"
}

// add takes one or several seal numbers and returns where each stands.
func (s *Seals) add(v text) []text {
	var found []text
	for rest, at := v.value, 0; rest != ""; {
		end := strings.IndexAny(rest, ",;\n")
		next := end + 1
		if end < 0 {
			end, next = len(rest), len(rest)
		}
		one := strings.TrimSpace(rest[:end])
		if one != "" {
			part := text{value: one, offset: v.offset, length: v.length, line: v.line}
			if v.length == len(v.value) { // nothing escaped or in another encoding
				part.offset += int64(at + strings.Index(rest[:end], one))
				part.length = len(one)
			}
			found = append(found, part)
			s.Numbers = append(s.Numbers, one)
		}
		rest, at = rest[next:], at+next
	}
	return found
}
