package reference

import "strings"

// SizeType is the size and type code painted under a container's number, as in 45R1,
// and what it says of the box. ISO 6346 §4.2, annexes D and E.
type SizeType struct {
	Code   string // as written, in capitals
	Scheme SizeScheme
	Length int       // mm, outside
	Height int       // mm, outside; 0 where the code only bounds it
	Width  int       // mm, outside
	Group  TypeGroup // 0 where the code does not tell
	Detail byte      // second character of the type: 1 in G1
}

// SizeScheme says in which code a size-type is written.
type SizeScheme int8

// Schemes of the code.
const (
	ISO1995   SizeScheme = iota // 45R1
	ISOGroup                    // 45RT: group code in place of the type, ISO 6346 §4.2.2
	ISO1984                     // 4532: all digits, withdrawn in 1995 and still sent
	TradeName                   // 40HC: not a code of the standard, read as the trade means it
)

// TypeGroup is the letter of the type: what kind of box it is.
type TypeGroup byte

// Type groups. ISO 6346 annex E.
const (
	GeneralPurpose TypeGroup = 'G'
	Ventilated     TypeGroup = 'V'
	DryBulk        TypeGroup = 'B'
	NamedCargo     TypeGroup = 'S' // livestock, cars, live fish
	Reefer         TypeGroup = 'R'
	Insulated      TypeGroup = 'H' // refrigerated or heated by removable equipment, or insulated only
	OpenTop        TypeGroup = 'U'
	Platform       TypeGroup = 'P' // flat rack or bolster
	Tank           TypeGroup = 'T'
	TankDry        TypeGroup = 'N' // pressurised and other tanks for dry bulk
	AirSurface     TypeGroup = 'A'
)

// lengths is the first character. ISO 6346 table D.1; 9 is the old code's 45 feet.
var lengths = [256]int{
	'1': 2991, '2': 6058, '3': 9125, '4': 12192, 'A': 7150, 'B': 7315, 'C': 7430, 'D': 7450, 'E': 7820, 'F': 8100,
	'G': 12500, 'H': 13106, 'K': 13600, 'L': 13716, 'M': 14630, 'N': 14935, 'P': 16154, '9': 13716,
}

type section struct{ height, width int }

// sections is the second character: height and width. ISO 6346 table D.2. The odd
// digits 1 and 3 were the 1984 code's heights with a gooseneck tunnel.
var sections = [256]section{
	'0': {2438, 2438}, '1': {2438, 2438}, '2': {2591, 2438}, '3': {2591, 2438}, '4': {2743, 2438}, '5': {2896, 2438},
	'6': {0, 2438}, '8': {1295, 2438}, '9': {1219, 2438},
	'C': {2591, 2500}, 'D': {2743, 2500}, 'E': {2896, 2500}, 'F': {0, 2500},
	'L': {2591, 2550}, 'M': {2743, 2550}, 'N': {2896, 2550}, 'P': {0, 2550},
}

// typeDetails are the second characters in use with each letter. ISO 6346 table E.1
// and its later amendments; others are Reserved.
var typeDetails = [256]string{
	'G': "0123456789", 'V': "024", 'B': "0134567", 'S': "0123456789", 'R': "0123456789", 'H': "012567",
	'U': "01234567", 'P': "012345678", 'T': "0123456789", 'A': "0", 'N': "0123456789", 'K': "012345678",
}

// ParseSizeType reads a size-type code: of ISO 6346 since 1995 (45R1, 45RT), of 1984
// (4532), or a name of the trade (40HC).
func ParseSizeType(s string) (SizeType, error) {
	code := s
	if !isPlain(s, 4) {
		var buf [8]byte
		size, _, ok := squeeze(strings.Replace(s, "'", "", 1), buf[:])
		if !ok || size != 4 {
			return SizeType{}, malformed(sizeTypeNoun, s, "is not four letters and digits")
		}
		code = string(buf[:4])
	}
	if iso := tradeName(code); iso != "" {
		t, err := ParseSizeType(iso)
		t.Code, t.Scheme = code, TradeName
		return t, err
	}
	if allDigits(code) {
		return parseSize1984(code, s)
	}
	return parseSize1995(code, s)
}

func parseSize1995(code, value string) (SizeType, error) {
	t, err := parseSize(code, value)
	if err != nil {
		return SizeType{}, err
	}
	if isUpper(code[3]) {
		t.Scheme, t.Group = ISOGroup, groupCode(code[2:])
		if t.Group == 0 {
			return SizeType{}, malformed(sizeTypeNoun, value, "has an unknown type group %q", code[2:])
		}
		return t, nil
	}
	details := typeDetails[code[2]]
	if details == "" {
		return SizeType{}, malformed(sizeTypeNoun, value, "has an unknown type %q", code[2:])
	}
	t.Group, t.Detail = TypeGroup(code[2]), code[3]
	if t.Group == 'K' { // 2015 amendment: tanks under the portable-tank and gas rules
		t.Group = Tank
	}
	if strings.IndexByte(details, code[3]) < 0 {
		return t, wrong(sizeTypeNoun, value, Reserved, "has a type %q that the standard keeps free", code[2:])
	}
	return t, nil
}

func parseSize(code, value string) (SizeType, error) {
	length, sec := lengths[code[0]], sections[code[1]]
	if length == 0 {
		return SizeType{}, malformed(sizeTypeNoun, value, "has an unknown length %q", code[0])
	}
	if sec.width == 0 {
		return SizeType{}, malformed(sizeTypeNoun, value, "has an unknown height %q", code[1])
	}
	return SizeType{Code: code, Length: length, Height: sec.height, Width: sec.width}, nil
}

// heights1984 is the second digit of the old code: 4 and 5 both meant higher than
// 8 ft 6 in and name the 9 ft 6 in box today; 6 and 7 were half-height.
var heights1984 = [10]int{2438, 2438, 2591, 2591, 2896, 2896, 1295, 1295, 1219, 1219}

func parseSize1984(code, value string) (SizeType, error) {
	length := lengths[code[0]]
	if length == 0 {
		return SizeType{}, malformed(sizeTypeNoun, value, "has an unknown length %q", code[0])
	}
	t := SizeType{Code: code, Scheme: ISO1984, Length: length, Width: 2438, Detail: code[3]}
	t.Height = heights1984[code[1]-'0']
	t.Group = group1984(int(code[2]-'0')*10 + int(code[3]-'0'))
	return t, nil
}

// group1984 reads the last two digits of the old code. ISO 6346:1984 annex G.
func group1984(n int) TypeGroup {
	switch {
	case n < 10:
		return GeneralPurpose
	case n < 13:
		return GeneralPurpose // closed with passive vents
	case n < 20:
		return Ventilated
	case n < 25:
		return Insulated
	case n < 30:
		return NamedCargo
	case n < 40:
		return Reefer
	case n < 50:
		return Insulated // removable refrigerating or heating equipment
	case n < 60:
		return OpenTop
	case n < 70:
		return Platform
	case n < 80:
		return Tank
	case n < 90:
		return DryBulk
	default:
		return AirSurface
	}
}

// groupCode reads the two-letter group. ISO 6346 table E.1, first column.
func groupCode(g string) TypeGroup {
	switch g {
	case "GP":
		return GeneralPurpose
	case "VH":
		return Ventilated
	case "BU", "BK":
		return DryBulk
	case "SN":
		return NamedCargo
	case "RE", "RT", "RS":
		return Reefer
	case "HR", "HI":
		return Insulated
	case "UT":
		return OpenTop
	case "PL", "PF", "PC", "PS":
		return Platform
	case "TN", "TD", "TG", "KL":
		return Tank
	case "NH", "NN", "NP":
		return TankDry
	case "AS":
		return AirSurface
	}
	return 0
}

// tradeName returns the code that a name of the trade stands for. 20GP is read as
// the trade means it, 8 ft 6 in high, though the standard's digit 0 says 8 ft.
func tradeName(s string) string {
	switch s {
	case "20GP", "20DV", "20DC", "20ST", "20SD", "20DR":
		return "22G1"
	case "40GP", "40DV", "40DC", "40ST", "40SD", "40DR":
		return "42G1"
	case "20HC", "20HQ":
		return "25G1"
	case "40HC", "40HQ":
		return "45G1"
	case "45HC", "45HQ", "45GH":
		return "L5G1"
	case "20RF", "20RE":
		return "22R1"
	case "40RF", "40RE":
		return "42R1"
	case "40RH", "40RQ", "40HR":
		return "45R1"
	case "20OT":
		return "22U1"
	case "40OT":
		return "42U1"
	case "20FR", "20FL":
		return "22P1"
	case "40FR", "40FL":
		return "42P1"
	case "20TK", "20TN":
		return "22T1"
	case "40TK", "40TN":
		return "42T1"
	}
	return ""
}

// Feet returns the nominal length: 10, 20, 30, 40, 45, 48, 49, 53, or rounded.
func (t SizeType) Feet() int { return (t.Length + 152) / 305 }

// IsReefer reports a box with a cooling machine of its own.
func (t SizeType) IsReefer() bool { return t.Group == Reefer }

// IsTank reports a tank, for liquids, gas or powder.
func (t SizeType) IsTank() bool { return t.Group == Tank || t.Group == TankDry }

// IsFlat reports a platform or flat rack.
func (t SizeType) IsFlat() bool { return t.Group == Platform }

// IsOpenTop reports a box whose roof comes off.
func (t SizeType) IsOpenTop() bool { return t.Group == OpenTop }

// IsHighCube reports a box of 9 ft 6 in or higher.
func (t SizeType) IsHighCube() bool { return t.Height >= 2896 || (t.Height == 0 && t.Length != 0) }
