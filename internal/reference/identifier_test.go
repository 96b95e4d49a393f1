package reference

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
)

func TestReadContainer(t *testing.T) {
	for _, c := range []struct {
		in      string
		want    ContainerNumber
		repair  Repair
		problem Problem
		says    string
	}{
		{"CSQU3054383", "CSQU3054383", 0, NoProblem, ""}, // the standard's own example
		{"FCIU5956299", "FCIU5956299", 0, NoProblem, ""}, // a real carrier's
		{"csqu 305438-3", "CSQU3054383", RepairSpacing | RepairCase, NoProblem, ""},
		{"СSQU3054383", "CSQU3054383", RepairLookalike, NoProblem, ""},   // Cyrillic С
		{"CSQУ3054383", "CSQU3054383", RepairLookalike, NoProblem, ""},   // Cyrillic У for U
		{"CSQU3O54383", "CSQU3054383", RepairLetterO, NoProblem, ""},     // letter O
		{"CSQU3054384", "CSQU3054384", 0, CheckDigit, "asks for 3"},      // wrong digit is kept
		{"CSQU305438", "", 0, Malformed, "it would be 3: CSQU3054383"},   // digit lost
		{"CSQX3054383", "", 0, Malformed, "category"},                    //
		{"C5QU3054383", "", 0, Malformed, "owner code of three letters"}, //
		{"CSQU30543833", "", 0, Malformed, "12 characters"},              //
		{"CSQU305438334", "", 0, Malformed, "longer than 11"},            //
		{"", "", 0, Malformed, "empty"},                                  //
		{"AD12345", "", 0, Malformed, "7 characters"},                    // trailers in declarations
		{"CSQU3054§83", "", 0, Malformed, "neither letter nor digit"},    //
		{strings.Repeat("9", 1<<20), "", 0, Malformed, "longer than 11"}, //
	} {
		got, repair, err := ReadContainer(c.in)
		if got != c.want || repair != c.repair || ProblemOf(err) != c.problem {
			t.Errorf("%.20q: got %q, %v, %v; want %q, %v, %v", c.in, got, repair, err, c.want, c.repair, c.problem)
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || !fault.Is(err, fault.Invalid)) {
			t.Errorf("%.20q: error %v does not say %q as a fault", c.in, err, c.says)
		}
	}
}

func TestContainerParts(t *testing.T) {
	n := ContainerNumber("CSQU3054383")
	if n.Owner() != "CSQ" || n.Prefix() != "CSQU" || n.Category() != 'U' || n.Serial() != "305438" || n.CheckDigit() != 3 || n.Spaced() != "CSQU 305438 3" {
		t.Errorf("wrong parts of %s", n)
	}
	if bad := ContainerNumber("X"); bad.Owner() != "" || bad.CheckDigit() != -1 || bad.ExpectedDigit() != -1 || bad.Valid() || bad.Corrections() != nil {
		t.Error("a malformed number has parts")
	}
}

func containers() *rapid.Generator[ContainerNumber] {
	return rapid.Custom(func(t *rapid.T) ContainerNumber {
		s := rapid.StringMatching(`[A-Z]{3}[UJZ][0-9]{6}`).Draw(t, "number")
		return ContainerNumber(fmt.Sprint(s, ContainerNumber(s+"0").ExpectedDigit()))
	})
}

// Every slip of one digit is detected, but for the ambiguity of ISO 6346 annex A: a
// remainder of 10 is written 0, as a remainder of 0 is.
func TestContainerOneDigitWrong(t *testing.T) {
	remainder := func(n ContainerNumber) (sum int) {
		for i := 0; i < 10; i++ {
			sum += containerValue(n[i]) << i
		}
		return sum % 11
	}
	rapid.Check(t, func(t *rapid.T) {
		n := containers().Draw(t, "n")
		if _, err := ParseContainer(string(n)); err != nil {
			t.Fatal(err)
		}
		b := []byte(n)
		at := rapid.IntRange(4, 10).Draw(t, "at")
		b[at] = '0' + (b[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		m := ContainerNumber(b)
		ambiguous := at < 10 && remainder(n)%10 == 0 && remainder(m)%10 == 0
		if m.Valid() != ambiguous {
			t.Fatalf("%s from %s: valid %v, ambiguous %v", m, n, m.Valid(), ambiguous)
		}
		if !m.Valid() {
			found := false
			for _, c := range m.Corrections() {
				found = found || c.Number == n
				if !c.Number.Valid() {
					t.Fatalf("correction %s is wrong", c.Number)
				}
			}
			if !found {
				t.Fatalf("%s is not among the corrections of %s", n, m)
			}
		}
	})
}

func TestContainerCorrectionsBeginWithSwaps(t *testing.T) {
	c := ContainerNumber("CSQU3045383").Corrections()
	if len(c) == 0 || c[0].Number != "CSQU3054383" || !c[0].Swap || c[0].Position != 6 {
		t.Errorf("got %+v", c)
	}
}

func TestParseSizeType(t *testing.T) {
	for _, c := range []struct {
		in     string
		feet   int
		height int
		group  TypeGroup
		scheme SizeScheme
		want   Problem
	}{
		{"22G1", 20, 2591, GeneralPurpose, ISO1995, NoProblem},
		{"42G0", 40, 2591, GeneralPurpose, ISO1995, NoProblem},
		{"45R1", 40, 2896, Reefer, ISO1995, NoProblem},
		{"42P1", 40, 2591, Platform, ISO1995, NoProblem},
		{"22T6", 20, 2591, Tank, ISO1995, NoProblem},
		{"L5G1", 45, 2896, GeneralPurpose, ISO1995, NoProblem},
		{"45RT", 40, 2896, Reefer, ISOGroup, NoProblem},
		{"2210", 20, 2591, GeneralPurpose, ISO1984, NoProblem},
		{"4310", 40, 2591, GeneralPurpose, ISO1984, NoProblem},
		{"4510", 40, 2896, GeneralPurpose, ISO1984, NoProblem},
		{"4532", 40, 2896, Reefer, ISO1984, NoProblem},
		{"2270", 20, 2591, Tank, ISO1984, NoProblem},
		{"9510", 45, 2896, GeneralPurpose, ISO1984, NoProblem},
		{"40' HC", 40, 2896, GeneralPurpose, TradeName, NoProblem},
		{"20gp", 20, 2591, GeneralPurpose, TradeName, NoProblem},
		{"22V9", 20, 2591, Ventilated, ISO1995, Reserved},
		{"22Q1", 0, 0, 0, 0, Malformed},
		{"72G1", 0, 0, 0, 0, Malformed},
		{"2ZG1", 0, 0, 0, 0, Malformed},
		{"22XX", 0, 0, 0, 0, Malformed},
		{"22G", 0, 0, 0, 0, Malformed},
	} {
		got, err := ParseSizeType(c.in)
		if got.Feet() != c.feet || got.Height != c.height || got.Group != c.group || got.Scheme != c.scheme || ProblemOf(err) != c.want {
			t.Errorf("%s: %+v, %v", c.in, got, err)
		}
	}
}

func TestSizeLimits(t *testing.T) {
	for code, cube := range map[string]float64{"22G1": 33, "42G1": 67, "45G1": 76, "L5G1": 86, "42P1": 0} {
		s, _ := ParseSizeType(code)
		l, ok := s.Limits()
		if !ok || l.Cube != cube || l.TareMin > l.Tare || l.Tare > l.TareMax || l.MaxGross > l.MaxGrossPlate || l.Payload() > l.MaxPayload() {
			t.Errorf("%s: %+v", code, l)
		}
	}
}

func TestOtherIdentifiers(t *testing.T) {
	type parse func(string) (string, error)
	imo := func(s string) (string, error) { n, err := ParseIMO(s); return string(n), err }
	awb := func(s string) (string, error) { n, err := ParseAirWaybill(s); return string(n), err }
	wagon := func(s string) (string, error) { n, err := ParseWagon(s); return string(n), err }
	un := func(s string) (string, error) { n, err := ParseUNNumber(s); return string(n), err }
	hs := func(s string) (string, error) { n, err := ParseHS(s); return string(n), err }
	place := func(s string) (string, error) { n, err := ParseLocode(s); return string(n), err }
	country := func(s string) (string, error) { n, err := ParseCountry(s); return string(n), err }
	for _, c := range []struct {
		name  string
		parse parse
		in    string
		want  string
		p     Problem
	}{
		{"imo", imo, "9074729", "9074729", NoProblem}, {"imo", imo, "IMO 9074729", "9074729", NoProblem},
		{"imo", imo, "9074728", "9074728", CheckDigit}, {"imo", imo, "907472", "", Malformed},
		{"imo", imo, "IMONUMBER", "", Malformed}, {"imo", imo, "0074729", "", Reserved},
		{"awb", awb, "888-11111111", "888-11111111", NoProblem}, {"awb", awb, "02012345675", "020-12345675", NoProblem},
		{"awb", awb, "020 1234 5675", "020-12345675", NoProblem}, {"awb", awb, "020-12345676", "020-12345676", CheckDigit},
		{"awb", awb, "12345675", "", Malformed},
		{"wagon", wagon, "31 81 6650 286-0", "318166502860", NoProblem}, {"wagon", wagon, "318166502861", "318166502861", CheckDigit}, {"wagon", wagon, "12345678901", "", Malformed},
		{"un", un, "UN1263", "1263", NoProblem}, {"un", un, "4", "", Malformed}, {"un", un, "9999", "9999", Reserved},
		{"un", un, "0003", "0003", Reserved}, {"un", un, "3560", "3560", NoProblem},
		{"hs", hs, "8471.30", "847130", NoProblem}, {"hs", hs, "8471 30 0000", "8471300000", NoProblem},
		{"hs", hs, "10121", "", Malformed}, {"hs", hs, "7701", "7701", Reserved}, {"hs", hs, "9801", "9801", Reserved},
		{"hs", hs, "0001", "", Malformed}, {"hs", hs, "840012", "", Malformed}, {"hs", hs, "847130000012", "", Malformed},
		{"place", place, "KGFRU", "KGFRU", NoProblem}, {"place", place, "kg fru", "KGFRU", NoProblem},
		{"place", place, "KGFR0", "", Malformed}, {"place", place, "QQFRU", "", Reserved}, {"place", place, "XZABC", "XZABC", NoProblem},
		{"country", country, "KG", "KG", NoProblem}, {"country", country, "kgz", "KG", NoProblem}, {"country", country, "417", "KG", NoProblem},
		{"country", country, "Кыргызстан", "KG", NoProblem}, {"country", country, "Киргизия", "KG", NoProblem},
		{"country", country, "CHINA", "CN", NoProblem}, {"country", country, "Китай", "CN", NoProblem}, {"country", country, "uk", "GB", NoProblem},
		{"country", country, "КНР", "CN", NoProblem}, {"country", country, "XQ", "", Reserved}, {"country", country, "Atlantis", "", Malformed},
	} {
		got, err := c.parse(c.in)
		if got != c.want || ProblemOf(err) != c.p {
			t.Errorf("%s %q: got %q, %v; want %q, %v", c.name, c.in, got, err, c.want, c.p)
		}
		if err != nil && !errors.As(err, new(*fault.Error)) {
			t.Errorf("%s %q: %v is no fault", c.name, c.in, err)
		}
	}
}

// A digit changed anywhere breaks the check digit of a ship, a waybill's serial and a
// wagon. For ships only where the weight has no factor with ten, and for a waybill
// only where the change is no multiple of seven.
func TestCheckDigitsCatchOneDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[0-9]{11}`).Draw(t, "wagon")
		w := WagonNumber(s + "0")
		w = WagonNumber(fmt.Sprint(s, w.ExpectedDigit()))
		b := []byte(w)
		at := rapid.IntRange(0, 11).Draw(t, "at")
		b[at] = '0' + (b[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if !w.Valid() || WagonNumber(b).Valid() {
			t.Fatalf("%s and %s", w, b)
		}
		a := AirWaybill("020-" + s[:7] + "0")
		a = AirWaybill(fmt.Sprint("020-", s[:7], a.ExpectedDigit()))
		if back, err := ParseAirWaybill(strings.Replace(string(a), "-", "", 1)); err != nil || back != a {
			t.Fatalf("%s: %s, %v", a, back, err)
		}
		i := IMONumber("9" + s[:5] + "0")
		i = IMONumber(fmt.Sprint("9", s[:5], i.ExpectedDigit()))
		if back, err := ParseIMO("imo-" + string(i)); err != nil || back != i {
			t.Fatalf("%s: %s, %v", i, back, err)
		}
	})
}

func TestCountries(t *testing.T) {
	if n := len(Countries()); n != 249 {
		t.Errorf("%d countries, not 249", n)
	}
	for _, c := range Countries() {
		if len(c.Alpha3()) != 3 || len(c.Numeric()) != 3 || c.CallingCode() == "" {
			t.Errorf("%s: %q %q %q", c, c.Alpha3(), c.Numeric(), c.CallingCode())
		}
		for _, s := range []string{string(c), c.Alpha3(), c.Numeric(), c.Name("en"), c.Name("ru"), c.Name("ky")} {
			if got, err := ParseCountry(s); got != c {
				t.Errorf("%s: %q parses as %q, %v", c, s, got, err)
			}
		}
	}
	kg := Country("KG")
	if !kg.Landlocked() || Country("CN").Landlocked() || kg.CallingCode() != "996" || kg.Name("ru") == kg.Name("en") {
		t.Error("wrong facts of KG or CN")
	}
}
