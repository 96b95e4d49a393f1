package table

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"

	"tidewaiter/internal/fault"
)

func noRows() error {
	return fault.New(fault.Invalid, "the file holds no table: no row of it has text in two columns or more").
		WithHint("the first row should name the columns")
}

// headingRow returns the index of the row that names the columns, or -1: the one with
// most headings that we know, two at least, else the first that is text in most columns.
func headingRow(rows []Row) int {
	best, most, width := -1, 1, 0
	for i, row := range rows {
		width = max(width, filled(row))
		known := 0
		for _, c := range row.Cells {
			if _, score := bySynonym(c.Text); score >= 0.7 {
				known++
			}
		}
		if known > most {
			best, most = i, known
		}
	}
	if best >= 0 {
		return best
	}
	for i, row := range rows {
		if n := filled(row); n >= 2 && n*5 >= width*3 && mostlyText(row) {
			return i
		}
	}
	for i, row := range rows {
		if filled(row) >= 2 {
			return i
		}
	}
	return -1
}

func filled(row Row) int {
	n := 0
	for _, c := range row.Cells {
		if c.Text != "" {
			n++
		}
	}
	return n
}

func mostlyText(row Row) bool {
	letters := 0
	for _, c := range row.Cells {
		if strings.ContainsFunc(c.Text, unicode.IsLetter) {
			letters++
		}
	}
	return letters*2 > filled(row)
}

// numbered reports whether the row says 1 2 3 …, as official forms do below the heading.
func numbered(row Row) bool {
	for i, c := range row.Cells {
		if strings.Trim(c.Text, "() ") != strconv.Itoa(i+1) {
			return false
		}
	}
	return len(row.Cells) >= 3
}

// normal returns a heading in small letters, its words separated by one space.
func normal(heading string) string {
	words := strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return strings.ReplaceAll(strings.Join(words, " "), "ё", "е")
}

// Fingerprint names a heading whatever its capitals, spaces and punctuation, so that a
// mapping can be remembered for a sender and a heading.
func Fingerprint(heading []string) string {
	h := sha256.New()
	for _, c := range heading {
		h.Write([]byte(normal(c) + "\x1f"))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
