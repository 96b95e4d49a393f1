package reference

import "testing"

// fuzzParse holds that no bytes make parse panic, and that what it takes without a
// complaint it takes again, unchanged.
func fuzzParse[T ~string](f *testing.F, parse func(string) (T, error), seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := parse(s)
		if err != nil {
			if err.Error() == "" || len(err.Error()) > 1000 {
				t.Errorf("error of %q is empty or too long", s)
			}
			return
		}
		if again, err := parse(string(v)); again != v || err != nil {
			t.Errorf("%q gives %q, which gives %q, %v", s, v, again, err)
		}
	})
}

func FuzzContainer(f *testing.F) {
	fuzzParse(f, func(s string) (ContainerNumber, error) {
		n, err := ParseContainer(s)
		if n.Corrections(); err == nil && !n.Valid() {
			f.Errorf("%q is taken as right", n)
		}
		return n, err
	}, "CSQU3054383", "csqu 305438-3", "СSQU3054383", "CSQU305438")
}

func FuzzIMO(f *testing.F)        { fuzzParse(f, ParseIMO, "9074729", "IMO 9074729") }
func FuzzAirWaybill(f *testing.F) { fuzzParse(f, ParseAirWaybill, "020-12345675", "AWB02012345675") }
func FuzzWagon(f *testing.F)      { fuzzParse(f, ParseWagon, "31 81 6650 286-2", "52345678") }
func FuzzUNNumber(f *testing.F)   { fuzzParse(f, ParseUNNumber, "UN1263", "1") }
func FuzzLocode(f *testing.F)     { fuzzParse(f, ParseLocode, "KGFRU", "kg fru") }
func FuzzHS(f *testing.F)         { fuzzParse(f, ParseHS, "8471.30", "10121") }
func FuzzCountry(f *testing.F)    { fuzzParse(f, ParseCountry, "KG", "Киргизия", "417") }

func FuzzSizeType(f *testing.F) {
	fuzzParse(f, func(s string) (string, error) {
		t, err := ParseSizeType(s)
		t.Limits()
		return t.Code, err
	}, "22G1", "4532", "40'HC", "45RT")
}

func FuzzFitDescription(f *testing.F) {
	f.Add("847130", "LAPTOP COMPUTERS, ноутбуки")
	f.Fuzz(func(t *testing.T, code, text string) {
		if got := FitDescription(HS(code), text); len(got.Headings) > mostHeadings {
			t.Errorf("%d headings", len(got.Headings))
		}
	})
}
