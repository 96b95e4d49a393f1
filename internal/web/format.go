package web

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/number"
)

// Missing stands where a value is not known.
const Missing = "–"

// Number writes a number with the language's grouping and decimal mark, with at most
// three decimals. It takes any integer or float type.
func Number[N ~int | ~int32 | ~int64 | ~uint | ~uint32 | ~uint64 | ~float32 | ~float64](ctx context.Context, n N) string {
	f := float64(n)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Missing
	}
	p := printers[LanguageOf(ctx)]
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return minus(p.Sprintf("%d", int64(f)))
	}
	return minus(p.Sprint(number.Decimal(f, number.MaxFractionDigits(3))))
}

// Decimal writes a number with exactly so many decimals, so that a column aligns.
func Decimal(ctx context.Context, f float64, decimals int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Missing
	}
	p := printers[LanguageOf(ctx)]
	return minus(p.Sprint(number.Decimal(f, number.MinFractionDigits(decimals), number.MaxFractionDigits(decimals))))
}

// Signed writes a contribution: with its sign, a true minus, and so many decimals.
func Signed(ctx context.Context, f float64, decimals int) string {
	s := Decimal(ctx, f, decimals)
	if f > 0 {
		return "+" + s
	}
	return s
}

func minus(s string) string { return strings.ReplaceAll(s, "-", "−") }

// Percent writes a share (0.125) as a percentage with at most one decimal.
func Percent(ctx context.Context, share float64) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return Missing
	}
	return printers[LanguageOf(ctx)].Sprint(number.Percent(share, number.MaxFractionDigits(1)))
}

// Mass writes kilograms; NaN, a mass that nobody stated, is Missing.
func Mass(ctx context.Context, kg float64) string {
	if math.IsNaN(kg) || math.IsInf(kg, 0) {
		return Missing
	}
	return Number(ctx, kg) + "\u00a0" + T(ctx, "web.unit.kg")
}

// Money writes an amount and its ISO 4217 code, with two decimals.
func Money(ctx context.Context, amount float64, currency string) string {
	return strings.TrimRight(Decimal(ctx, amount, 2)+"\u00a0"+currency, "\u00a0")
}

// Bytes writes a size of data in decimal units.
func Bytes[N ~int | ~int64](ctx context.Context, n N) string {
	f, units := float64(n), strings.Fields(T(ctx, "web.unit.bytes"))
	i := 0
	for f >= 1000 && i < len(units)-1 {
		f /= 1000
		i++
	}
	if i == 0 {
		return Number(ctx, f) + "\u00a0" + units[0]
	}
	p := printers[LanguageOf(ctx)]
	return p.Sprint(number.Decimal(f, number.MaxFractionDigits(1))) + "\u00a0" + units[i]
}

// Date writes a day in the person's zone: 23 Nov 2026. A zero time is Missing.
func Date(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return Missing
	}
	t = t.In(Zone(ctx))
	month := strings.Fields(T(ctx, "web.months"))[t.Month()-1]
	return T(ctx, "web.date", "Day", strconv.Itoa(t.Day()), "Month", month, "Year", strconv.Itoa(t.Year()))
}

// DateTime writes a day and time in the person's zone: 23 Nov 2026, 14:05.
func DateTime(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return Missing
	}
	return Date(ctx, t) + ", " + Clock(ctx, t)
}

// Clock writes the time of day: 14:05.
func Clock(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return Missing
	}
	return t.In(Zone(ctx)).Format("15:04")
}

// Ago writes how long ago t was, or how soon it will be; beyond six days, its date.
func Ago(ctx context.Context, t time.Time) string { return ago(ctx, t, time.Now()) }

func ago(ctx context.Context, t, now time.Time) string {
	if t.IsZero() {
		return Missing
	}
	d, side := now.Sub(t), "ago"
	if d < 0 {
		d, side = -d, "in"
	}
	switch {
	case d < time.Minute:
		return T(ctx, "web.ago.now")
	case d < time.Hour:
		return T(ctx, "web."+side+".minutes", "Count", int(d.Minutes()))
	case d < 24*time.Hour:
		return T(ctx, "web."+side+".hours", "Count", int(d.Hours()))
	case d < 7*24*time.Hour:
		return T(ctx, "web."+side+".days", "Count", int(d.Hours()/24))
	default:
		return Date(ctx, t)
	}
}

// Duration writes a span in its two largest units: 2 h 5 min.
func Duration(ctx context.Context, d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%s\u00a0%s", Number(ctx, d.Milliseconds()), T(ctx, "web.unit.ms"))
	case d < time.Minute:
		return Number(ctx, int64(d.Seconds())) + "\u00a0" + T(ctx, "web.unit.s")
	case d < time.Hour:
		return fmt.Sprintf("%d\u00a0%s %d\u00a0%s", int(d.Minutes()), T(ctx, "web.unit.min"), int(d.Seconds())%60, T(ctx, "web.unit.s"))
	default:
		return fmt.Sprintf("%s\u00a0%s %d\u00a0%s", Number(ctx, int(d.Hours())), T(ctx, "web.unit.h"), int(d.Minutes())%60, T(ctx, "web.unit.min"))
	}
}

var countries = map[Language]display.Namer{
	English: display.Regions(tags[English]), Russian: display.Regions(tags[Russian]), Kyrgyz: display.Regions(tags[Kyrgyz]),
}

// Country writes the name of an ISO 3166 alpha-2 code; a code that is none is shown as
// it is, since the sender wrote it.
func Country(ctx context.Context, code string) string {
	region, err := language.ParseRegion(code)
	if len(code) != 2 || err != nil || !region.IsCountry() {
		return code
	}
	if name := countries[LanguageOf(ctx)].Name(region); name != "" {
		return name
	}
	return code
}
