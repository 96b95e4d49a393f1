package edifact

// Syntax is the set of service characters. ISO 9735-1 §7: the UNA service string
// advice, or the defaults of level A where there is none.
type Syntax struct {
	Component  byte
	Element    byte
	Decimal    byte
	Release    byte
	Repetition byte // a space where it is not used
	Terminator byte
}

// DefaultSyntax holds the service characters that apply without UNA.
var DefaultSyntax = Syntax{
	Component: ':', Element: '+', Decimal: '.', Release: '?', Repetition: ' ', Terminator: '\'',
}

// UNA returns the service string advice that declares the syntax.
func (s Syntax) UNA() string {
	return "UNA" + string([]byte{s.Component, s.Element, s.Decimal, s.Release, s.Repetition, s.Terminator})
}

// usable reports whether the structural characters are distinct and are not
// letters or digits, without which nothing could be read.
func (s Syntax) usable() bool {
	chars := []byte{s.Component, s.Element, s.Terminator}
	if s.Release != ' ' {
		chars = append(chars, s.Release)
	}
	for i, c := range chars {
		if c >= 0x80 || c == 0 || isUpper(c) || isDigit(c) || c >= 'a' && c <= 'z' || c == ' ' {
			return false
		}
		for _, d := range chars[:i] {
			if c == d {
				return false
			}
		}
	}
	return true
}

// What a byte means to the scanner. Zero is data, which it passes over.
const (
	classData uint8 = iota
	classComponent
	classElement
	classRelease
	classTerminator
	classControl // a control character, to be cleaned from values
	classHigh    // needs a character set
)

// classes returns the table of what each byte means. When a line break ends a
// segment, the declared terminator is text.
func (s Syntax) classes(byLine bool) (table [256]uint8) {
	for i := range 256 {
		switch {
		case i < 0x20 || i == 0x7f:
			table[i] = classControl
		case i >= 0x80:
			table[i] = classHigh
		}
	}
	if s.Release != ' ' { // ISO 9735 §7: a space means that no release character is used
		table[s.Release] = classRelease
	}
	table[s.Component] = classComponent
	table[s.Element] = classElement
	if byLine {
		table['\n'] = classTerminator
	} else {
		table[s.Terminator] = classTerminator
	}
	return table
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isBlank(c byte) bool { return c <= ' ' }

// isTag reports whether b is a segment tag: a letter and two letters or digits.
func isTag(b []byte) bool {
	return len(b) == 3 && isUpper(b[0]) && (isUpper(b[1]) || isDigit(b[1])) && (isUpper(b[2]) || isDigit(b[2]))
}
