package risk

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
)

// testPlaces are the places of the tests: coordinates in degrees, functions as letters.
var testPlaces = map[string]PlaceFacts{
	"CNSHA": {Name: "Shanghai", Lat: 31.23, Lon: 121.47, Located: true, Port: true, Rail: true, Air: true, Functions: true},
	"CNURC": {Name: "Urumqi", Lat: 43.8, Lon: 87.6, Located: true, Rail: true, Road: true, Air: true, Functions: true},
	"KGFRU": {Name: "Bishkek", Lat: 42.87, Lon: 74.59, Located: true, Rail: true, Road: true, Air: true, Functions: true},
	"KGOSS": {Name: "Osh", Lat: 40.53, Lon: 72.8, Located: true, Rail: true, Road: true, Air: true, Functions: true},
	"ECGYE": {Name: "Guayaquil", Lat: -2.2, Lon: -79.9, Located: true, Port: true, Functions: true},
	"EGALY": {Name: "Alexandria", Lat: 31.2, Lon: 29.9, Located: true, Port: true, Rail: true, Functions: true},
	"NLRTM": {Name: "Rotterdam", Lat: 51.9, Lon: 4.5, Located: true, Port: true, Rail: true, Functions: true},
	"AEJEA": {Name: "Jebel Ali", Lat: 25, Lon: 55.1, Located: true, Port: true, Functions: true},
	"BRSSZ": {Name: "Santos", Lat: -23.9, Lon: -46.3, Located: true, Port: true, Functions: true},
	"CHGVA": {Name: "Geneva", Lat: 46.2, Lon: 6.1, Located: true, Rail: true, Road: true, Air: true, Functions: true},
	"TRIST": {Name: "Istanbul", Lat: 41, Lon: 29, Located: true, Port: true, Rail: true, Functions: true},
}

func testSettings() Settings {
	s := DefaultSettings()
	s.Places = func(code string) (PlaceFacts, bool) { f, ok := testPlaces[code]; return f, ok }
	s.Owners = func(prefix string) bool { return prefix != "ZZZU" }
	return s
}

func testEngine(t testing.TB) *Engine {
	t.Helper()
	e, err := NewEngine(testSettings())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var day0 = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// boxNumber makes a container number with the right check digit.
func boxNumber(n int) string {
	body := fmt.Sprintf("MSCU%06d", n%1000000)
	return fmt.Sprintf("%s%d", body, reference.ContainerNumber(body+"0").ExpectedDigit())
}

// innocent is a consignment with which nothing is wrong: milk powder from Rotterdam
// to Alexandria, by sea, in one sealed container.
func innocent() *cargo.Consignment {
	return &cargo.Consignment{
		Version:   1,
		Document:  cargo.TransportDocument{Number: "MEDU1234567", Kind: cargo.DocumentMaster, Issued: day0.AddDate(0, 0, -14)},
		Nature:    cargo.NatureImport,
		Carrier:   cargo.Carrier{Code: "MSCU", Name: "MSC"},
		Transport: cargo.TransportMeans{Mode: cargo.ModeSea, ID: "9074729", Name: "NORTHERN DAWN"},
		Journey: cargo.Journey{Voyage: "AB652A", Departure: day0.AddDate(0, 0, -12), Arrival: day0, Places: []cargo.Place{
			{Role: cargo.PlaceLoading, Code: "NLRTM"}, {Role: cargo.PlaceUnloading, Code: "EGALY"}}},
		Parties: []cargo.Party{
			{Role: cargo.Consignor, Name: "Polder Dairy B.V.", Address: "Havenweg 12, 3011 Rotterdam", City: "Rotterdam", Country: "NL", Phone: "+31 10 555 0101", Email: "export@polderdairy.example"},
			{Role: cargo.Consignee, Name: "Nile Foods S.A.E.", Address: "Sharia El Gomhoria 40, Alexandria", City: "Alexandria", Country: "EG", Phone: "+20 3 555 0202", Email: "import@nilefoods.example"},
			{Role: cargo.NotifyParty, Name: "Nile Foods S.A.E.", Country: "EG"}},
		Goods: []cargo.GoodsItem{{Number: 1, Description: "Skimmed milk powder, 960 bags", HS: "040210", Origin: "NL", Packages: 960, PackageType: "BG",
			GrossMass: 24480, NetMass: 24000, Value: cargo.Money{Amount: 84000, Currency: "USD"}}},
		Equipment: []cargo.Equipment{{Number: boxNumber(123456), SizeType: "22G1", Fullness: cargo.FCL, GrossMass: 24480, Tare: 2250, VerifiedGross: 26750,
			Packages: 960, Seals: []cargo.Seal{{Number: "FX1234567", Party: "carrier"}}}},
		Totals:   cargo.Totals{Packages: 960, GrossMass: 24480, Containers: 1},
		Received: day0.AddDate(0, 0, -3),
	}
}

// finding returns the finding of the indicator, or nil.
func finding(a Assessment, id string) *Finding {
	for i := range a.Findings {
		if a.Findings[i].Indicator == id {
			return &a.Findings[i]
		}
	}
	return nil
}

// trade makes the n-th of many varied consignments.
func trade(r *rand.Rand, n int) *cargo.Consignment {
	c := innocent()
	goods := []cargo.GoodsItem{
		{Description: "Fresh bananas in cartons", HS: "080390", Origin: "EC", Packages: 1080, PackageType: "CT", GrossMass: 21000, NetMass: 19600, Value: cargo.Money{Amount: 13000, Currency: "USD"}},
		{Description: "Подшипники шариковые, 120 мест", HS: "848210", Origin: "CN", Packages: 120, PackageType: "CT", GrossMass: 2400, NetMass: 2300, Value: cargo.Money{Amount: 21000, Currency: "USD"}},
		{Description: "SHOES SPORTS SHOES OF TEXTILE AND RUBBER, NET WEIGHT: 6400.00 KGS", HS: "640411", Origin: "CN", Packages: 640, PackageType: "CT", GrossMass: 7000, NetMass: 6400, Value: cargo.Money{Amount: 90000, Currency: "USD"}},
		{Description: "General cargo, household goods and parts", Packages: 40, PackageType: "PK", GrossMass: 3100},
		{Description: "Хлопчатобумажная ткань суровая", HS: "520811", Origin: "UZ", Packages: 220, PackageType: "RO", GrossMass: 9900, NetMass: 9700, Value: cargo.Money{Amount: 48000, Currency: "USD"}},
		{Description: "Frozen poultry cuts, HALAL", HS: "020714", Origin: "BR", Packages: 1350, PackageType: "CT", GrossMass: 27000, NetMass: 25600, Value: cargo.Money{Amount: 41000, Currency: "USD"}},
	}
	g := goods[r.IntN(len(goods))]
	g.GrossMass *= 0.8 + 0.3*r.Float64()
	c.Goods = []cargo.GoodsItem{g}
	c.Document.Number = fmt.Sprintf("MEDU%07d", n)
	for i := range c.Parties {
		k := r.IntN(400)
		c.Parties[i].Name = fmt.Sprintf("%s %c%c Trading %d LLC", c.Parties[i].Name[:5], 'A'+k%26, 'A'+k/26%26, k)
		c.Parties[i].Address = fmt.Sprintf("%s street %d, house %d, Town", c.Parties[i].Role, k, k)
		c.Parties[i].Email = fmt.Sprintf("office@%s%d.example", c.Parties[i].Role, k)
		c.Parties[i].Phone = fmt.Sprintf("%s 10 55%d %04d", map[string]string{"NL": "+31", "EG": "+20"}[c.Parties[i].Country], i, k)
	}
	at := day0.Add(time.Duration(n) * 9 * time.Minute)
	c.Journey.Arrival, c.Journey.Departure, c.Received = at, at.AddDate(0, 0, -12), at.AddDate(0, 0, -2)
	places := []string{"CNSHA", "NLRTM", "BRSSZ", "ECGYE", "TRIST"}
	c.Journey.Places[0].Code = places[r.IntN(len(places))]
	from := reference.Country(c.Journey.Places[0].Code[:2]) // the shipper is where its goods are loaded
	c.Parties[0].Country, c.Parties[0].Phone = string(from), "+"+from.CallingCode()+strings.TrimPrefix(c.Parties[0].Phone, "+31")
	b := &c.Equipment[0]
	b.Number, b.GrossMass, b.VerifiedGross = boxNumber(n), g.GrossMass, g.GrossMass+2250
	b.Seals = []cargo.Seal{{Number: fmt.Sprintf("FX%07d", n)}}
	c.Totals = cargo.Totals{Packages: g.Packages, GrossMass: g.GrossMass, Containers: 1}
	return c
}

func trades(n int) []*cargo.Consignment {
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]*cargo.Consignment, n)
	for i := range all {
		all[i] = trade(r, i)
	}
	return all
}

// BenchmarkAssess measures one assessment with all indicators against a grown memory.
func BenchmarkAssess(b *testing.B) {
	e, m, all := testEngine(b), NewMemory(), trades(5000)
	for _, c := range all {
		e.Observe(c, m)
	}
	b.ReportAllocs()
	b.ResetTimer()
	findings, cpu := 0, cpuTime()
	for i := range b.N {
		findings += len(e.Assess(all[i%len(all)], m).Findings)
	}
	b.ReportMetric(float64((cpuTime()-cpu).Nanoseconds())/float64(b.N), "cpu-ns/op")
	b.ReportMetric(float64(findings)/float64(b.N), "findings/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "consignments/s")
}

// BenchmarkAssessParallel is the same on all cores.
func BenchmarkAssessParallel(b *testing.B) {
	e, m, all := testEngine(b), NewMemory(), trades(5000)
	for _, c := range all {
		e.Observe(c, m)
	}
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			e.Assess(all[i%len(all)], m)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "consignments/s")
}

// cpuTime returns the processor time of this process: unlike the clock, it does not
// count what neighbours on the machine take.
func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkObserve measures adding one consignment to the memory.
func BenchmarkObserve(b *testing.B) {
	e, all := testEngine(b), trades(5000)
	m := NewMemory()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		e.Observe(all[i%len(all)], m)
	}
}
