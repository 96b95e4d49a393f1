package reference

// ContainerNumber is the number painted on a container: owner code of three
// letters, equipment category, serial number of six digits and check digit, as in
// CSQU3054383. ISO 6346 §3.1. The value may carry a wrong check digit; Valid tells.
type ContainerNumber string

// ParseContainer reads a container number as senders write it. A value of another
// shape gives "" and Malformed; a wrong check digit gives the number and CheckDigit,
// for it is still what stands on the document.
func ParseContainer(s string) (ContainerNumber, error) {
	n, _, err := ReadContainer(s)
	return n, err
}

// ReadContainer is ParseContainer that also tells what it had to put right.
func ReadContainer(s string) (ContainerNumber, Repair, error) {
	if isPlain(s, 11) {
		if n := ContainerNumber(s); n.wellFormed() {
			return n, 0, n.check(s)
		}
	}
	var buf [12]byte
	size, repair, ok := squeeze(s, buf[:])
	switch {
	case size == 0 && ok:
		return "", repair, malformed(containerNoun, s, "is empty")
	case !ok && size == len(buf):
		return "", repair, malformed(containerNoun, s, "is longer than 11 characters")
	case !ok:
		return "", repair, malformed(containerNoun, s, "holds a sign that is neither letter nor digit")
	}
	if repair&RepairLookalike != 0 && size > 3 && buf[3] == 'Y' {
		buf[3] = 'U' // a Cyrillic У is typed for the sound, not the look
	}
	repair |= digitsForLetters(buf[4:max(4, size)])
	n := ContainerNumber(buf[:size])
	if err := shapeError(n, s); err != nil {
		return "", repair, err
	}
	return n, repair, n.check(s)
}

// digitsForLetters puts 0 for O and 1 for I where only digits can stand.
func digitsForLetters(b []byte) (r Repair) {
	for i, c := range b {
		switch c {
		case 'O':
			b[i], r = '0', r|RepairLetterO
		case 'I':
			b[i], r = '1', r|RepairLetterO
		}
	}
	return r
}

// shapeError explains why n cannot be a container number; nil where it can.
func shapeError(n ContainerNumber, value string) error {
	if n.wellFormed() {
		return nil
	}
	if len(n) == 10 {
		if full := n + "0"; full.wellFormed() {
			return malformed(containerNoun, value, "has no check digit").
				hint("it would be %d: %s%d", full.ExpectedDigit(), string(n), full.ExpectedDigit())
		}
	}
	if len(n) != 11 {
		return malformed(containerNoun, value, "has %d characters, not 11", len(n))
	}
	for i := 0; i < 3; i++ {
		if !isUpper(n[i]) {
			return malformed(containerNoun, value, "does not begin with an owner code of three letters")
		}
	}
	switch n[3] {
	case 'U', 'J', 'Z':
		return malformed(containerNoun, value, "does not end in seven digits")
	}
	return malformed(containerNoun, value, "has %q for its category", n[3]).
		hint("the fourth letter is U for a container, J for its equipment, Z for a trailer or chassis")
}

func (n ContainerNumber) wellFormed() bool {
	if len(n) != 11 || !isUpper(n[0]) || !isUpper(n[1]) || !isUpper(n[2]) {
		return false
	}
	if n[3] != 'U' && n[3] != 'J' && n[3] != 'Z' {
		return false
	}
	return allDigits(string(n[4:]))
}

func (n ContainerNumber) check(value string) error {
	if n.Valid() {
		return nil
	}
	return wrong(containerNoun, value, CheckDigit, "check digit is %d, the number asks for %d", n.CheckDigit(), n.ExpectedDigit())
}

// Prefix returns owner code and category, MSCU; "" for a malformed number.
func (n ContainerNumber) Prefix() string { return n.part(0, 4) }

// Owner returns the owner code, MSC.
func (n ContainerNumber) Owner() string { return n.part(0, 3) }

// Serial returns the six digits of the serial number.
func (n ContainerNumber) Serial() string { return n.part(4, 10) }

func (n ContainerNumber) part(from, to int) string {
	if len(n) != 11 {
		return ""
	}
	return string(n[from:to])
}

// Category returns U for a freight container, J for detachable equipment, Z for a
// trailer or chassis, 0 for a malformed number. ISO 6346 §3.1.2.
func (n ContainerNumber) Category() byte {
	if len(n) != 11 {
		return 0
	}
	return n[3]
}

// CheckDigit returns the digit that the number carries, -1 for a malformed number.
func (n ContainerNumber) CheckDigit() int {
	if !n.wellFormed() {
		return -1
	}
	return int(n[10] - '0')
}

// ExpectedDigit returns the digit that the number asks for, -1 for a malformed
// number. ISO 6346 annex A: each character's value times 2^position, modulo 11; a
// remainder of 10 is written 0.
func (n ContainerNumber) ExpectedDigit() int {
	if !n.wellFormed() {
		return -1
	}
	sum := 0
	for i := 0; i < 10; i++ {
		sum += containerValue(n[i]) << i
	}
	return sum % 11 % 10
}

// containerValue gives letters 10 to 38, leaving out the multiples of 11.
func containerValue(c byte) int {
	if isDigit(c) {
		return int(c - '0')
	}
	v := int(c-'A') + 10
	return v + (v-1)/10
}

// Valid reports whether the number is well-formed and its check digit fits.
func (n ContainerNumber) Valid() bool { return n.wellFormed() && n.CheckDigit() == n.ExpectedDigit() }

// Spaced returns the number as painted: CSQU 305438 3.
func (n ContainerNumber) Spaced() string {
	if len(n) != 11 {
		return string(n)
	}
	return string(n[:4] + " " + n[4:10] + " " + n[10:])
}

// Correction is a valid number that differs from a wrong one by one slip.
type Correction struct {
	Number   ContainerNumber
	Swap     bool // characters at Position and Position+1 changed places
	Position int  // of the slip, from 0
}

// Corrections returns the valid numbers that one slip of the hand could have turned
// into n: neighbours swapped first, then one digit misread. Nil where n is valid or
// malformed.
func (n ContainerNumber) Corrections() []Correction {
	if !n.wellFormed() || n.Valid() {
		return nil
	}
	var found []Correction
	try := func(b [11]byte, swap bool, at int) {
		if c := ContainerNumber(b[:]); c.Valid() {
			found = append(found, Correction{Number: c, Swap: swap, Position: at})
		}
	}
	var digits [11]byte
	copy(digits[:], n)
	for i := 0; i < 10; i++ {
		if b := digits; b[i] != b[i+1] && i != 2 && i != 3 { // never across the category letter
			b[i], b[i+1] = b[i+1], b[i]
			try(b, true, i)
		}
	}
	for i := 4; i < 11; i++ {
		for d := byte('0'); d <= '9'; d++ {
			if b := digits; b[i] != d {
				b[i] = d
				try(b, false, i)
			}
		}
	}
	return found
}
