package reference

// HS is a code of the Harmonized System, digits only: chapter (2), heading (4),
// subheading (6), or a national code below it (8 or 10). WCO HS Convention, annex.
type HS string

// ParseHS reads a commodity code with or without dots and spaces. Chapter 77 is
// Reserved, and so are 98 and 99, which states keep for uses of their own.
func ParseHS(s string) (HS, error) {
	code := s
	if len(s) > 10 || !allDigits(s) {
		var buf [11]byte
		n, _, ok := squeeze(s, buf[:])
		if code = string(buf[:n]); n == len(buf) {
			return "", malformed(hsNoun, s, "is longer than ten digits")
		}
		if !ok || !allDigits(code) {
			return "", malformed(hsNoun, s, "is not digits only")
		}
	}
	switch len(code) {
	case 2, 4, 6, 8, 10:
	case 1, 3, 5, 7, 9:
		return "", malformed(hsNoun, s, "has %d digits, an odd number", len(code)).
			hint("a leading zero may have been lost: 0%s", code)
	default:
		return "", malformed(hsNoun, s, "has %d digits, more than ten", len(code))
	}
	h := HS(code)
	switch c := h.ChapterNumber(); {
	case c == 0:
		return "", malformed(hsNoun, s, "begins with chapter 00")
	case c == 77:
		return h, wrong(hsNoun, s, Reserved, "is in chapter 77, which the Harmonized System keeps empty")
	case c > 97:
		return h, wrong(hsNoun, s, Reserved, "is in chapter %d, which is a state's own, not the Harmonized System's", c)
	case len(code) >= 4 && code[2:4] == "00":
		return "", malformed(hsNoun, s, "has heading 00")
	}
	return h, nil
}

// ChapterNumber returns 1 to 99, 0 for a malformed code.
func (h HS) ChapterNumber() int {
	if len(h) < 2 || !isDigit(h[0]) || !isDigit(h[1]) {
		return 0
	}
	return int(h[0]-'0')*10 + int(h[1]-'0')
}

// Chapter returns the first two digits.
func (h HS) Chapter() HS { return h.cut(2) }

// Heading returns the first four digits, "" for a chapter.
func (h HS) Heading() HS { return h.cut(4) }

// Sub returns the first six digits, "" for a shorter code.
func (h HS) Sub() HS { return h.cut(6) }

func (h HS) cut(n int) HS {
	if len(h) < n {
		return ""
	}
	return h[:n]
}

// Dotted returns the code as tariffs print it: 8471.30, 8471.30.0000.
func (h HS) Dotted() string {
	switch {
	case len(h) > 6:
		return string(h[:4] + "." + h[4:6] + "." + h[6:])
	case len(h) == 6:
		return string(h[:4] + "." + h[4:])
	}
	return string(h)
}
