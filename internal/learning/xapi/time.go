package xapi

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// stampPattern is ISO 8601 in its extended and in its basic form. The offset is that of
// RFC 3339, or the shorter ones that 1.0.3 knows.
var stampPattern = regexp.MustCompile(`^(\d{4})(?:-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)|(\d\d)(\d\d)[Tt](\d\d)(\d\d)(\d\d))(?:[.,](\d{1,12}))?([Zz]|[+-]\d\d(?::?\d\d)?)?$`)

// ParseTime reads a timestamp (1.0.3 part 2 §4.5; IEEE 9274.1.1 §4.2.7). An offset of
// minus zero is refused by both versions; a time without an offset is taken for UTC by
// 1.0.3 and refused by 2.0.0, which follows RFC 3339.
func ParseTime(s string, v Version) (time.Time, bool) {
	m := stampPattern.FindStringSubmatch(s)
	if m == nil || m[13] == "" && v != V103 || v == V200 && m[2] == "" {
		return time.Time{}, false
	}
	var part [6]int // year, month, day, hour, minute, second
	part[0], _ = strconv.Atoi(m[1])
	for i := range 5 {
		part[i+1], _ = strconv.Atoi(m[2+i] + m[7+i])
	}
	nanos, _ := strconv.Atoi((m[12] + "000000000")[:9])
	zone, ok := parseOffset(m[13])
	if !ok || part[3] > 23 || part[4] > 59 || part[5] > 60 {
		return time.Time{}, false
	}
	t := time.Date(part[0], time.Month(part[1]), part[2], part[3], part[4], min(part[5], 59), nanos, zone)
	if t.Year() != part[0] || int(t.Month()) != part[1] || t.Day() != part[2] { // there is no such day
		return time.Time{}, false
	}
	return t.UTC(), true
}

func parseOffset(s string) (*time.Location, bool) {
	if s == "" || s == "Z" || s == "z" {
		return time.UTC, true
	}
	digits := strings.ReplaceAll(s[1:], ":", "")
	hours, _ := strconv.Atoi(digits[:2])
	minutes, _ := strconv.Atoi(digits[2:])
	if hours > 23 || minutes > 59 || s[0] == '-' && hours == 0 && minutes == 0 {
		return nil, false
	}
	seconds := hours*3600 + minutes*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone("", seconds), true
}

// stampLayout has microseconds: what the database keeps.
const stampLayout = "2006-01-02T15:04:05.000000Z"

// FormatTime writes a time as timestamps are answered: UTC, to the microsecond.
func FormatTime(t time.Time) string { return t.UTC().Format(stampLayout) }

// durationPattern is ISO 8601 §4.4.3.2: the form with designators, of which only the
// last number may have a fraction. Weeks stand alone.
var durationPattern = regexp.MustCompile(`^P(?:(\d+(?:[.,]\d+)?)W|(?:(\d+(?:[.,]\d+)?)Y)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)D)?(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?)$`)

// isDuration reports whether s is a duration (1.0.3 part 2 §4.6).
func isDuration(s string) bool {
	m := durationPattern.FindStringSubmatch(s)
	if m == nil || strings.HasSuffix(s, "T") {
		return false
	}
	fraction, some := false, false
	for _, number := range m[1:] {
		if number == "" {
			continue
		}
		if fraction { // a number behind the one with the fraction
			return false
		}
		some, fraction = true, strings.ContainsAny(number, ".,")
	}
	return some
}

// secondsPattern finds the hundredths of the seconds of a duration, and what is behind
// them.
var secondsPattern = regexp.MustCompile(`^(.*[.,]\d\d)\d+S$`)

// comparableDuration returns a duration without what is finer than a hundredth of a second,
// which comparisons must not see (1.0.3 part 2 §4.6).
func comparableDuration(s string) string { return secondsPattern.ReplaceAllString(s, "${1}S") }
