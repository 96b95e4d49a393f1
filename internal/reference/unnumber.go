package reference

// UNNumber is the four digits that name a dangerous substance or article in the
// UN Recommendations on the Transport of Dangerous Goods (Model Regulations).
type UNNumber string

const unHighest = "3560" // list of the Model Regulations' 23rd revised edition, 2023

// ParseUNNumber reads a UN number with or without the letters UN before it. Numbers
// outside 0004 to 3560 are Reserved.
func ParseUNNumber(s string) (UNNumber, error) {
	n := s
	if len(s) != 4 || !allDigits(s) {
		var buf [10]byte
		size, _, ok := squeeze(s, buf[:])
		b := buf[:size]
		if size > 2 && (string(b[:2]) == "UN" || string(b[:2]) == "ID" || string(b[:2]) == "NA") {
			b = b[2:]
		}
		if n = string(b); !ok || !allDigits(n) {
			return "", malformed(unNoun, s, "is not four digits")
		}
	}
	if len(n) != 4 {
		err := malformed(unNoun, s, "has %d digits, not four", len(n))
		if len(n) < 4 {
			err = err.hint("leading zeros may have been lost: %s%s", "0000"[len(n):], n)
		}
		return "", err
	}
	// ID8000 (consumer commodity) is IATA's own number, written in the same place.
	if (n < "0004" || n > unHighest) && n != "8000" {
		return UNNumber(n), wrong(unNoun, s, Reserved, "is outside the list, 0004 to %s", unHighest)
	}
	return UNNumber(n), nil
}

// Explosive reports a number of class 1: the list keeps 0004 to 0999 for them.
func (u UNNumber) Explosive() bool { return len(u) == 4 && u >= "0004" && u < "1000" }
