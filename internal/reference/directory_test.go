package reference

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
)

// sharedData returns the folder of real data beside the checkout, or skips.
func sharedData(t *testing.T) string {
	t.Helper()
	dir, _ := os.Getwd()
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			if data := filepath.Join(dir, "..", "shared", "data", "reference"); isDir(data) {
				return data
			}
		}
	}
	t.Skip("no shared/data beside the checkout")
	return ""
}

func isDir(p string) bool { info, err := os.Stat(p); return err == nil && info.IsDir() }

func TestFindPlace(t *testing.T) {
	d := Embedded()
	for text, want := range map[string]Locode{
		"KGFRU": "KGFRU", "Бишкек": "KGFRU", "bishkek": "KGFRU", "ОШ": "KGOSS", "Достук": "KGDS9", "Хоргос": "KZKH9",
		"Алматы": "KZALA", "Alma-Ata": "KZALA", "EGEDK": "EGEDK", "El Dekheila": "EGEDK", "USCHI": "USCHI", "Port-Said": "EGPSD",
	} {
		if p, err := d.FindPlace(text); err != nil || p.Code != want || !p.Located {
			t.Errorf("%s: %+v, %v", text, p, err)
		}
	}
	if _, err := d.FindPlace("Nowhere-on-Sea"); !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "unknown to us") {
		t.Errorf("got %v", err)
	}
	if p, err := d.FindPlaceIn("KG", "Kara-Balta"); err != nil || p.Code != "KGKAB" {
		t.Errorf("got %+v, %v", p, err)
	}
	if p, err := d.FindPlaceIn("DE", "Lübeck"); err != nil || p.Code != "DELBC" {
		t.Errorf("got %+v, %v", p, err)
	}
	if _, ok := d.Place("KGQQQ"); ok {
		t.Error("KGQQQ is a place")
	}
}

// moved are places that we put elsewhere than the lists, knowingly: Yantian is the
// port of Shenzhen in trade, and the others' positions in the lists are plainly off.
var moved = map[Locode]bool{"CNYTN": true, "BDDAC": true, "AFRKH": true, "PAMIT": true}

func TestOwnPlaces(t *testing.T) {
	for _, p := range OwnPlaces() {
		if _, err := ParseLocode(string(p.Code)); err != nil {
			t.Error(err)
		}
		private := strings.Contains(string(p.Code), "9")
		if !p.Located || p.Function == 0 || p.Name == "" || private == p.Official {
			t.Errorf("%+v", p)
		}
		if q, ok := locodeDB(p.Code); ok {
			if !p.Official {
				t.Errorf("%s is called private, but UN/LOCODE has it", p.Code)
			}
			if km, _ := Distance(p, q); km > 100 && !moved[p.Code] {
				t.Errorf("%s %s lies %.0f km from where locode-db has %s", p.Code, p.Name, km, q.Name)
			}
		}
		if p.Function&Port != 0 && p.Country().Landlocked() && !map[Country]bool{"KZ": true, "AZ": true, "TM": true, "UZ": true, "AF": true, "AT": true, "HU": true, "RS": true, "PY": true}[p.Country()] {
			t.Errorf("%s is a port of a landlocked country", p.Code)
		}
	}
}

func TestDistance(t *testing.T) {
	d := Embedded()
	a, _ := d.Place("CNSHA")
	b, _ := d.Place("NLRTM")
	if km, ok := Distance(a, b); !ok || math.Abs(km-8970) > 60 {
		t.Errorf("Shanghai to Rotterdam: %.0f km", km)
	}
	if _, ok := Distance(a, Place{}); ok {
		t.Error("a distance to nowhere")
	}
	if f := ParseFunction("1-34---B"); f.String() != "1-34---B" || f != Port|RoadTerminal|Airport|BorderCross {
		t.Errorf("%v", f)
	}
}

func TestPositionsAgreeWithSeaPorts(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(sharedData(t), "sea-ports.json"))
	if err != nil {
		t.Fatal(err)
	}
	var ports map[string]struct{ Coordinates []float64 }
	if err := json.Unmarshal(data, &ports); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range OwnPlaces() {
		q, ok := ports[string(p.Code)]
		if !ok || len(q.Coordinates) != 2 || p.Function&Port == 0 {
			continue
		}
		seen++
		if km := GreatCircle(p.Lat, p.Lon, q.Coordinates[1], q.Coordinates[0]); km > 120 && !moved[p.Code] {
			t.Errorf("%s %s lies %.0f km from where sea-ports has it", p.Code, p.Name, km)
		}
	}
	if seen < 50 {
		t.Errorf("only %d ports compared", seen)
	}
}

func TestGoods(t *testing.T) {
	d := Embedded()
	for code := 1; code <= 97; code++ {
		h := HS([]byte{'0' + byte(code/10), '0' + byte(code%10)})
		g, ok := d.Goods(h)
		if ok == (code == 77) || ok && (g.Name("en") == "" || g.Name("ru") == g.Title || g.Name("ky") == g.Title) {
			t.Errorf("chapter %s: %+v", h, g)
		}
	}
	if g, _ := d.Goods("0402101900"); g.Code != "0402" {
		t.Errorf("got %+v", g)
	}
	if yes, known := d.Assigned("010199"); yes || known {
		t.Error("a subheading is judged without a nomenclature")
	}
}

func TestFitDescription(t *testing.T) {
	for _, c := range []struct {
		hs   HS
		text string
		want Fit
	}{
		{"040210", "36 METRIC TONNES MILK SKIMMED POWDER LH HALAL 25KGS", FitHeading},
		{"040490", "699 BAGS MILK PROTEIN CONC", FitHeading},
		{"290544", "NEOSORB P 60A - SORBITOL - E420I", FitHeading},
		{"847130", "ноутбуки и компьютеры", FitHeading},
		{"640299", "Обувь детская в ассортименте", FitHeading},
		{"610910", "T-SHIRTS cotton", FitHeading},
		{"640299", "LAPTOP COMPUTERS", FitNone},
		{"690722", "bananas fresh", FitNone},
		{"080510", "fresh bananas", FitChapter},
		{"080510", "STC 20 PALLETS", FitUnknown},
		{"", "bananas", FitUnknown},
	} {
		if got := FitDescription(c.hs, c.text); got.Fit != c.want {
			t.Errorf("%s %q: %v, headings %v; want %v", c.hs, c.text, got.Fit, got.Headings, c.want)
		}
	}
}

func TestTablesAreWellFormed(t *testing.T) {
	for code := range ownGoods() {
		if _, err := ParseHS(string(code)); err != nil {
			t.Error(err)
		}
	}
	for prefix, o := range ownOwners() {
		if !ContainerNumber(prefix+"0000000").wellFormed() || o.Name == "" {
			t.Errorf("%+v", o)
		}
	}
	for prefix, a := range airlines() {
		if len(prefix) != 3 || len(a.Designator) != 2 || a.Name == "" {
			t.Errorf("%+v", a)
		}
	}
	if p, ok := LookupPackageType("bg"); !ok || p.Name != "Bag" || p.Bulk {
		t.Errorf("%+v", p)
	}
	if p, _ := LookupPackageType("VL"); !p.Bulk {
		t.Errorf("%+v", p)
	}
	if a, ok := AirWaybill("235-12345675").Airline(); !ok || a.Designator != "TK" {
		t.Errorf("%+v", a)
	}
}

const unlocodePart = ",\"KG\",,\".KYRGYZSTAN\",,,,,,,,\r\n" +
	"+,\"KG\",\"OSS\",\"Osh\",\"Osh\",\"O\",\"AI\",\"--34----\",\"0601\",,\"4032N 07248E\",\r\n" +
	",\"DE\",\"LBC\",\"L\xfcbeck\",\"Lubeck\",\"SH\",\"AI\",\"12345---\",\"0601\",,\"5352N 01041E\",\r\n" +
	",\"DE\",\"L1C\",\"Wrong\",\"Wrong\",,\"AI\",\"1-------\",\"0601\",,,\r\n" +
	",\"CN\",\"ZZY\",\"No position\",\"No position\",,\"AI\",\"1-------\",\"0601\",,\"9999N 01041E\",\r\n" +
	"=,\"DE\",\"LBC\",\"Travemunde = Lubeck\",\"\",,,,,,,\r\n" +
	"short,row\r\n"

func TestImportPlaces(t *testing.T) {
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	for _, name := range []string{"2024-1 UNLOCODE CodeListPart1.csv", "2024-1 SubdivisionCodes.csv"} {
		f, _ := w.Create(name)
		f.Write([]byte(unlocodePart))
	}
	w.Close()
	dir := t.TempDir()
	rep, err := Import(Places, &z, dir, ImportOptions{Name: "loc241csv.zip"})
	if err != nil || rep.List.Rows != 3 || rep.List.Release != "2024-1" || rep.List.Full || rep.Bad != 3 || rep.Skipped != 2 {
		t.Fatalf("%+v, %v", rep, err)
	}
	if r := rep.Rows[0]; r.Line != 4 || r.Field != "location" || r.Value != "DEL1C" {
		t.Errorf("%+v", r)
	}
	d, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := d.Place("DELBC")
	if !ok || p.Name != "Lubeck" || p.Source != FromOfficialList || !p.Located || math.Abs(p.Lat-53.8667) > 0.001 || p.Function&Port == 0 {
		t.Errorf("%+v", p)
	}
	if p, _ := d.Place("KGOSS"); p.Function&(RailTerminal|Airport) != RailTerminal|Airport {
		t.Errorf("functions of our table are lost: %+v", p)
	}
	if p, err := d.FindPlace("lubeck"); err != nil || p.Code != "DELBC" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestFullListSaysAbsent(t *testing.T) {
	d := &Directory{lists: map[Kind]List{Places: {Kind: Places, Release: "2024-1", Full: true}}}
	if s := d.Absence(Places).String(); s != "not in the official list 2024-1" {
		t.Error(s)
	}
	if s := d.Absence(Owners).String(); s != "unknown to us" {
		t.Error(s)
	}
}

func TestImportRefuses(t *testing.T) {
	var bomb bytes.Buffer
	w := zip.NewWriter(&bomb)
	f, _ := w.Create("2024-1 UNLOCODE CodeListPart1.csv")
	zeros := bytes.Repeat([]byte("a,"), 1<<20)
	for range mostListBytes/len(zeros) + 2 {
		f.Write(zeros)
	}
	w.Close()
	for name, in := range map[string][]byte{
		"empty": nil, "binary": {0, 1, 2, 3}, "cut zip": []byte("PK\x03\x04nonsense"), "bomb": bomb.Bytes(), "prose": []byte("Dear Sir,\nplease\n"),
	} {
		dir := t.TempDir()
		if _, err := Import(Places, bytes.NewReader(in), dir, ImportOptions{Name: name}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s left %v", name, left)
		}
	}
	dir := t.TempDir()
	os.WriteFile(listPath(dir, Owners), []byte("#tidewaiter 1\towners\tx\tfull\t7\nMSCU\tMSC\n"), 0o644)
	if _, err := Load(dir); !fault.Is(err, fault.Invalid) {
		t.Errorf("a damaged list is loaded: %v", err)
	}
	if d, err := Load(filepath.Join(dir, "missing")); err != nil || len(d.Lists()) != 0 {
		t.Errorf("a missing directory: %v", err)
	}
}

func TestImportSharedLists(t *testing.T) {
	data, dir := sharedData(t), t.TempDir()
	for kind, name := range map[Kind]string{Tariff: "harmonized-system.csv", Owners: "owner-prefixes.csv"} {
		f, err := os.Open(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		rep, err := Import(kind, f, dir, ImportOptions{Name: name, Release: "2022"})
		f.Close()
		if err != nil || rep.Bad > 5 {
			t.Fatalf("%s: %+v, %v", name, rep, err)
		}
		t.Logf("%s: %+v", name, rep)
	}
	d, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if g, ok := d.Goods("010121"); !ok || !strings.Contains(g.Title, "pure-bred") || !d.Full(Tariff) {
		t.Errorf("%+v", g)
	}
	if yes, known := d.Assigned("010199"); yes || !known {
		t.Error("010199 is not judged by the full nomenclature")
	}
	if o, ok := d.Owner("AAAU"); !ok || o.Name != "Asia Container" || d.Full(Owners) {
		t.Errorf("%+v", o)
	}
	for code := range ownGoods() {
		if _, ok := d.goods[code]; !ok {
			t.Errorf("our %s is not in HS 2022", code)
		}
	}
}

func TestCallingCodesAgreeWithList(t *testing.T) {
	f, err := os.Open(filepath.Join(sharedData(t), "country-codes.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	a2, dial := column(rows[0], []string{"ISO3166-1-Alpha-2"}), column(rows[0], []string{"Dial"})
	a3 := column(rows[0], []string{"ISO3166-1-Alpha-3"})
	for _, r := range rows[1:] {
		c := Country(r[a2])
		if c.Alpha3() != r[a3] {
			t.Errorf("%s: %q, the list says %q", c, c.Alpha3(), r[a3])
		}
		want, _, _ := strings.Cut(strings.NewReplacer("-", "", " ", "").Replace(r[dial]), ",")
		if strings.TrimSpace(want) != "" && c != "PN" && want != c.CallingCode() && !strings.HasPrefix(c.CallingCode(), want) && !strings.HasPrefix(want, c.CallingCode()) {
			t.Errorf("%s: calling code %s, the list says %s", c, c.CallingCode(), want)
		}
	}
}

func BenchmarkLookups(b *testing.B) {
	d := Embedded()
	d.Warm()
	for _, bb := range []struct {
		name string
		do   func()
	}{
		{"container", func() { ParseContainer("CSQU3054383") }},
		{"sizetype", func() { ParseSizeType("45R1") }},
		{"hs", func() { ParseHS("847130") }},
		{"locode", func() { ParseLocode("KGFRU") }},
		{"country", func() { ParseCountry("KG") }},
		{"place-own", func() { d.Place("KGFRU") }},
		{"place-db", func() { d.Place("USCHI") }},
		{"owner", func() { d.Owner("MSCU") }},
		{"goods", func() { d.Goods("847130") }},
		{"fit", func() {
			FitDescription("040210", "36 METRIC TONNES MILK SKIMMED POWDER LH HALAL 25KGS NO OF BAGS 1440")
		}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bb.do()
			}
		})
	}
}
