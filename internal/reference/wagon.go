package reference

// WagonNumber is a railway wagon's number: twelve digits on the UIC's network, eight
// on the 1520 mm network of the CIS. Both end in a Luhn check digit.
// UIC leaflet 438-2; the 1520 mm network's eight-digit numbering of 1986.
type WagonNumber string

// ParseWagon reads a wagon number. A wrong check digit gives the number and CheckDigit.
func ParseWagon(s string) (WagonNumber, error) {
	n := s
	if !allDigits(s) {
		var buf [16]byte
		size, _, ok := squeeze(s, buf[:])
		if n = string(buf[:size]); !ok || !allDigits(n) {
			return "", malformed(wagonNoun, s, "is not twelve or eight digits")
		}
	}
	if len(n) != 12 && len(n) != 8 {
		return "", malformed(wagonNoun, s, "has %d digits, not twelve or eight", len(n))
	}
	w := WagonNumber(n)
	if !w.Valid() {
		return w, wrong(wagonNoun, s, CheckDigit, "check digit is %c, the number asks for %d", n[len(n)-1], w.ExpectedDigit())
	}
	return w, nil
}

// ExpectedDigit returns the Luhn digit: from the right, every other digit doubled,
// digits of the products summed; -1 for a malformed number.
func (w WagonNumber) ExpectedDigit() int {
	if (len(w) != 12 && len(w) != 8) || !allDigits(string(w)) {
		return -1
	}
	sum := 0
	for i := len(w) - 2; i >= 0; i-- {
		d := int(w[i] - '0')
		if (len(w)-2-i)%2 == 0 {
			d *= 2
			d = d/10 + d%10
		}
		sum += d
	}
	return (10 - sum%10) % 10
}

// Valid reports whether the check digit fits.
func (w WagonNumber) Valid() bool {
	d := w.ExpectedDigit()
	return d >= 0 && int(w[len(w)-1]-'0') == d
}
