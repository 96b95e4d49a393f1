package simulate

import "strconv"

// containerValue maps letters to ISO 6346's values: 10 to 38 without the multiples of 11.
var containerValue = func() (v [256]int) {
	for i := 0; i < 10; i++ {
		v['0'+i] = i
	}
	n := 10
	for c := 'A'; c <= 'Z'; c++ {
		if n%11 == 0 {
			n++
		}
		v[c] = n
		n++
	}
	return v
}()

// containerCheck returns the check digit of the ten characters. ISO 6346 annex A.
func containerCheck(ten string) byte {
	sum := 0
	for i := 0; i < 10; i++ {
		sum += containerValue[ten[i]] << i
	}
	return byte('0' + sum%11%10)
}

// boxes hands out container numbers: the serial numbers of an owner run through all
// its million in an order that looks like chance, so none comes twice.
type boxes struct {
	next  map[string]int
	shift int
}

func newBoxes(d *dice) *boxes { return &boxes{map[string]int{}, d.n(1_000_000)} }

func (b *boxes) number(owner string) string {
	k := b.next[owner]
	b.next[owner] = k + 1
	salt := 0
	for i := 0; i < len(owner); i++ {
		salt = salt*31 + int(owner[i])
	}
	// Both steps are one-to-one on 0..999999: an affine map, then the halves swapped and mixed.
	x := (k*381_967 + b.shift + salt*7919) % 1_000_000
	hi, lo := x/1000, x%1000
	hi = (hi + lo*lo*7 + lo*13 + 5) % 1000
	lo = (lo + hi*hi*3 + hi*17 + 1) % 1000
	ten := owner + pad(hi*1000+lo, 6)
	return ten + string(containerCheck(ten))
}

// spoil changes digits of a container number until its check digit no longer fits,
// without touching the owner.
func spoil(d *dice, number string) string {
	b := []byte(number)
	if len(b) != 11 {
		return number
	}
	for containerCheck(string(b[:10])) == b[10] {
		switch i := d.between(4, 8); d.n(2) {
		case 0: // two neighbours swapped, as a tired hand types
			b[i], b[i+1] = b[i+1], b[i]
		default:
			b[i] = byte('0' + (int(b[i]-'0')+d.between(1, 9))%10)
		}
	}
	return string(b)
}

// imoNumber returns a ship number with its check digit. IMO resolution A.1117(30).
func imoNumber(six int) string {
	s := pad(900_000+six%99_999, 6)
	sum := 0
	for i := 0; i < 6; i++ {
		sum += int(s[i]-'0') * (7 - i)
	}
	return s + strconv.Itoa(sum%10)
}

// airWaybill returns an air waybill number: the airline's prefix, seven digits and
// their remainder by 7. IATA Resolution 600a.
func airWaybill(prefix string, serial int) string {
	serial %= 10_000_000
	return prefix + "-" + pad(serial, 7) + strconv.Itoa(serial%7)
}

// wagonNumber returns an eight-digit wagon number of the 1520 mm railways: the digits
// are weighted 2 and 1 in turn and the last makes the sum a multiple of ten.
func wagonNumber(kind, serial int) string {
	s := strconv.Itoa(kind%10) + pad(serial%1_000_000, 6)
	sum := 0
	for i := 0; i < 7; i++ {
		v := int(s[i] - '0')
		if i%2 == 0 {
			v *= 2
		}
		sum += v/10 + v%10
	}
	return s + strconv.Itoa((10-sum%10)%10)
}

// pad writes n with at least width digits.
func pad(n, width int) string {
	s := strconv.Itoa(n)
	for len(s) < width {
		s = "0" + s
	}
	return s
}
