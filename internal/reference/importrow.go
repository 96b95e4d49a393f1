package reference

import (
	"strconv"
	"strings"
)

// rowFunc takes one row. It returns the field, its value and the reason where the row
// has to be left out.
type rowFunc func(fields []string) (field, value, reason string)

func (im *importer) rowReader() rowFunc {
	switch im.kind {
	case Places:
		return im.placeRow
	case Tariff:
		return im.headed([]string{"hscode", "hs_code", "code"}, []string{"description", "title"}, im.goodsRow)
	default:
		return im.headed([]string{"prefix", "code", "bic"}, []string{"owner", "company", "name"}, im.ownerRow)
	}
}

// headed finds the two columns of a list by the heading row, then reads the others.
func (im *importer) headed(codes, titles []string, row func(code, title string) (string, string, string)) rowFunc {
	code, title := -1, -1
	return func(f []string) (string, string, string) {
		if code < 0 {
			code, title = column(f, codes), column(f, titles)
			if code < 0 || title < 0 {
				code = -1
				return "heading", strings.Join(f, ","), "no columns " + codes[0] + " and " + titles[0]
			}
			return "", "", ""
		}
		if len(f) <= max(code, title) {
			return "row", strings.Join(f, ","), "has too few columns"
		}
		return row(trimField(f[code]), cleanText(f[title]))
	}
}

func column(heading, names []string) int {
	for _, name := range names {
		for i, h := range heading {
			if strings.EqualFold(trimField(h), name) {
				return i
			}
		}
	}
	return -1
}

// cleanText takes out what would break the normal file's lines and columns.
func cleanText(s string) string { return strings.Join(strings.Fields(trimField(s)), " ") }

func (im *importer) goodsRow(code, title string) (string, string, string) {
	if strings.EqualFold(code, "TOTAL") || len(code) > 6 {
		im.report.Skipped++ // national codes below six digits are not the HS
		return "", "", ""
	}
	hs, err := ParseHS(code)
	if err != nil && ProblemOf(err) != Reserved {
		return "hscode", code, err.Error()
	}
	if title == "" {
		return "description", "", "is empty"
	}
	im.add(string(hs), string(hs)+"\t"+title)
	return "", "", ""
}

func (im *importer) ownerRow(code, name string) (string, string, string) {
	if len(code) == 3 {
		code += "U"
	}
	if !isPlain(code, 4) || !ContainerNumber(code+"0000000").wellFormed() {
		return "prefix", code, "is not three letters and U, J or Z"
	}
	if name == "" {
		return "owner", "", "is empty"
	}
	im.add(code, code+"\t"+name)
	return "", "", ""
}

// Columns of a part of the UNECE's release, which has no heading row: change, country,
// location, name, name without diacritics, subdivision, status, function, date, IATA,
// coordinates, remarks.
const (
	colChange = iota
	colCountry
	colLocation
	colName
	colPlainName
	colSubdivision
	_ // status
	colFunction
	_ // date
	colIATA
	colCoordinates
	placeColumns
)

func (im *importer) placeRow(f []string) (string, string, string) {
	if len(f) < placeColumns {
		if len(f) == 1 && trimField(f[0]) == "" {
			return "", "", ""
		}
		return "row", strings.Join(f, ","), "has " + strconv.Itoa(len(f)) + " columns, not 12"
	}
	change, place := trimField(f[colChange]), trimField(f[colLocation])
	if place == "" || change == "=" || strings.EqualFold(place, "location") {
		im.report.Skipped++ // a country's heading, a reference from another name, a heading row
		return "", "", ""
	}
	code := trimField(f[colCountry]) + place
	if _, err := ParseLocode(code); err != nil && ProblemOf(err) != Reserved {
		return "location", code, err.Error()
	}
	p := packedPlace{name: cleanText(f[colPlainName]), sub: cleanText(f[colSubdivision]),
		function: ParseFunction(f[colFunction]), iata: cleanText(f[colIATA])}
	if p.name == "" {
		p.name = cleanText(f[colName])
	}
	if !isPlain(code, 5) || p.name == "" {
		return "name", p.name, "is empty, or its code is not plain capitals"
	}
	copy(p.code[:], code)
	var ok bool
	p.lat, p.lon, ok = parseCoordinates(trimField(f[colCoordinates]))
	p.located = ok && f[colCoordinates] != ""
	im.add(code, p.line())
	if !ok { // the place is kept, the position is not
		return "coordinates", f[colCoordinates], "are not degrees and minutes as in 4230N 00131E"
	}
	return "", "", ""
}

// parseCoordinates reads 4230N 00131E: degrees and minutes. Empty is ok, and nowhere.
func parseCoordinates(s string) (lat, lon float32, ok bool) {
	if s == "" {
		return 0, 0, true
	}
	a, b, found := strings.Cut(s, " ")
	b = strings.TrimSpace(b)
	if !found {
		return 0, 0, false
	}
	lat, ok1 := degrees(a, 4, "NS", 90)
	lon, ok2 := degrees(b, 5, "EW", 180)
	return lat, lon, ok1 && ok2
}

func degrees(s string, digits int, signs string, most float32) (float32, bool) {
	if len(s) != digits+1 || !allDigits(s[:digits]) {
		return 0, false
	}
	n, _ := strconv.Atoi(s[:digits])
	v := float32(n/100) + float32(n%100)/60
	if n%100 >= 60 || v > most {
		return 0, false
	}
	switch s[digits] {
	case signs[0]:
		return v, true
	case signs[1]:
		return -v, true
	}
	return 0, false
}
