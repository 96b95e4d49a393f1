package table

import (
	"regexp"
	"strings"
)

// content is the texts of one column, the empty ones left out.
type content []string

func contentOf(i int, sample [][]string) content {
	var c content
	for _, row := range sample {
		if i < len(row) && row[i] != "" {
			c = append(c, row[i])
		}
	}
	return c
}

var (
	containerShape = regexp.MustCompile(`^[A-Z]{3}[UJZ] ?[0-9]{6}[- ]?[0-9]$`) // ISO 6346 §3.1
	hsShape        = regexp.MustCompile(`^[0-9]{4}(\.?[0-9]{2}){0,3}$`)
	airWaybill     = regexp.MustCompile(`^[0-9]{3}-[0-9]{4} ?[0-9]{4}$`) // IATA Resolution 600a
	emailShape     = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	sizeTypeShape  = regexp.MustCompile(`^[1-9A-P][0-9A-Z][A-Z][0-9A-Z]$|^[24]0'?(DV|HC|GP|RF|OT|FR|TK)$`)
	currencyShape  = regexp.MustCompile(`^(USD|EUR|KGS|KZT|RUB|CNY|UZS|TJS|TRY|GBP|JPY|AED|INR|CHF)$`)
	massShape      = regexp.MustCompile(`(?i)^[0-9][0-9 .,\x{a0}]* ?(kgs?|кг|т|тн|тонн|t|lbs?)\.?$`)
	seaportShape   = regexp.MustCompile(`^[A-Z]{2}[A-Z2-9]{3}$`)
)

func (c content) share(is func(string) bool) float64 {
	if len(c) == 0 {
		return 0
	}
	n := 0
	for _, s := range c {
		if is(s) {
			n++
		}
	}
	return float64(n) / float64(len(c))
}

func firstOf(s string) string {
	if i := strings.IndexAny(s, ",;/|\n"); i >= 0 {
		s = s[:i]
	}
	return strings.ToUpper(strings.TrimSpace(s))
}

func isContainer(s string) bool { return containerShape.MatchString(firstOf(s)) }

// fits reports whether most cells can be what the target wants, and whether that could
// be checked at all.
func (c content) fits(target string) (ok, checked bool) {
	if len(c) == 0 {
		return false, false
	}
	switch target {
	case "hs":
		return c.share(func(s string) bool { return hsShape.MatchString(strings.ReplaceAll(s, " ", "")) }) > 0.6, true
	case "container":
		// Trailers and unit load devices have numbers of other shapes.
		return c.share(isContainer) > 0.5, c.share(isContainer) > 0.5
	case "currency", "freight_currency":
		return c.share(func(s string) bool { return len([]rune(s)) <= 4 }) > 0.6, true
	case "document_number":
		return true, c.share(func(s string) bool { return len(s) >= 4 }) > 0.8
	}
	switch targets[target].Kind {
	case Mass, Volume, Amount, Number, Count:
		return c.share(func(s string) bool { n, _, _ := splitUnit(s); return looksNumber(n) }) > 0.6, true
	case Date:
		_, why := c.layout()
		return why == "" || strings.HasPrefix(why, "day"), true
	}
	return false, false
}

// suggests names the target that the cells alone look like.
func (c content) suggests() (target string, share float64, what string) {
	for _, s := range []struct {
		target, what string
		is           func(string) bool
	}{
		{"container", "container numbers", isContainer},
		{"document_number", "air waybill numbers", airWaybill.MatchString},
		{"consignee_email", "addresses of mail", emailShape.MatchString},
		{"currency", "currencies", currencyShape.MatchString},
		{"gross_mass", "masses with their unit", massShape.MatchString},
		{"size_type", "size-type codes", sizeTypeShape.MatchString},
		{"place_loading", "UN/LOCODEs", seaportShape.MatchString},
		{"hs", "HS codes", func(s string) bool { return len(s) >= 6 && hsShape.MatchString(s) }},
		{"arrival", "dates", func(s string) bool { _, ok := anyLayout(s); return ok }},
	} {
		if n := c.share(s.is); n > 0.7 {
			return s.target, n, s.what
		}
	}
	return "", 0, ""
}

// separator returns what stands between the items of a list.
func (c content) separator() string {
	best, most := "", 0
	for _, sep := range []string{";", ",", "/", "\n", "|", "+"} {
		n := 0
		for _, s := range c {
			n += strings.Count(s, sep)
		}
		if n > most {
			best, most = sep, n
		}
	}
	return best
}
