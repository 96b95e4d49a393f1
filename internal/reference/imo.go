package reference

// IMONumber is a ship's number for life: seven digits, the last a check digit.
// IMO resolution A.1117(30).
type IMONumber string

// ParseIMO reads a ship number with or without the letters IMO before it. A wrong
// check digit gives the number and CheckDigit.
func ParseIMO(s string) (IMONumber, error) {
	n := s
	if len(s) != 7 || !allDigits(s) {
		var buf [12]byte
		size, _, ok := squeeze(s, buf[:])
		b := buf[:size]
		if size > 3 && string(b[:3]) == "IMO" {
			b = b[3:]
		}
		if n = string(b); !ok || !allDigits(n) {
			return "", malformed(imoNoun, s, "is not seven digits")
		}
	}
	if len(n) != 7 {
		return "", malformed(imoNoun, s, "has %d digits, not seven", len(n))
	}
	if n[0] == '0' {
		return "", wrong(imoNoun, s, Reserved, "begins with 0, as no ship's does")
	}
	imo := IMONumber(n)
	if !imo.Valid() {
		return imo, wrong(imoNoun, s, CheckDigit, "check digit is %c, the number asks for %d", n[6], imo.ExpectedDigit())
	}
	return imo, nil
}

// ExpectedDigit returns the last digit of the sum of the first six digits times
// 7, 6, 5, 4, 3, 2; -1 for a malformed number.
func (n IMONumber) ExpectedDigit() int {
	if len(n) != 7 || !allDigits(string(n)) {
		return -1
	}
	sum := 0
	for i := 0; i < 6; i++ {
		sum += int(n[i]-'0') * (7 - i)
	}
	return sum % 10
}

// Valid reports whether the check digit fits.
func (n IMONumber) Valid() bool {
	d := n.ExpectedDigit()
	return d >= 0 && int(n[6]-'0') == d
}
