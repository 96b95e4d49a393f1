package simulate

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
)

var fiveThousand = sync.OnceValues(func() (*Month, error) { return Generate(Defaults(7, 5000)) })

func month(t *testing.T) *Month {
	t.Helper()
	m, err := fiveThousand()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestCounts: exactly what was asked for, and about the shares of chance.
func TestCounts(t *testing.T) {
	for _, o := range []Options{Defaults(1, 1), Defaults(2, 37), Defaults(3, 400), {Seed: 4, Consignments: 250}, Defaults(7, 5000)} {
		m, err := Generate(o)
		if err != nil {
			t.Fatal(err)
		}
		list, truth := m.Consignments()
		if len(list) != o.Consignments || len(truth) != o.Consignments {
			t.Errorf("%d consignments, %d truths, want %d", len(list), len(truth), o.Consignments)
		}
		planted, twins := 0, 0
		for i, x := range truth {
			if x.Document != list[i].Document.Number {
				t.Fatalf("truth %q beside document %q", x.Document, list[i].Document.Number)
			}
			if x.Planted {
				planted++
			}
			if x.Twin {
				twins++
			}
		}
		if o.Consignments >= 5000 && (planted != int(o.PlantedRate*float64(o.Consignments)) || twins != int(o.TwinRate*float64(o.Consignments))) {
			t.Errorf("%d planted and %d twins of %d", planted, twins, o.Consignments)
		}
		past := 0
		for _, x := range m.History {
			past += len(x.Consignments)
			for _, y := range x.Truth {
				if y.Planted || y.Twin || y.Period != Past {
					t.Fatalf("history holds %+v", y)
				}
			}
		}
		if want := int(0.6 * float64(o.Consignments)); o.History > 0 && past > want || o.History == 0 && past > 0 || o.Consignments >= 400 && o.History > 0 && past < want*95/100 {
			t.Errorf("%d consignments of history, want about %d", past, want)
		}
	}
}

// TestManySeeds: small worlds of many seeds, thick with cases, come out whole.
func TestManySeeds(t *testing.T) {
	for seed := range uint64(60) {
		o := Options{Seed: seed, Consignments: 40 + int(seed)*7, PlantedRate: 0.2, TwinRate: 0.3, History: int(seed % 20), Month: DefaultMonth.AddDate(0, int(seed), 0)}
		m, err := Generate(o)
		if err != nil {
			t.Fatal(err)
		}
		if list, _ := m.Consignments(); len(list) != o.Consignments {
			t.Errorf("seed %d: %d consignments, want %d", seed, len(list), o.Consignments)
		}
	}
}

func TestOptionsRefused(t *testing.T) {
	for _, o := range []Options{{}, {Consignments: -1}, {Consignments: 5, PlantedRate: 0.6}, {Consignments: 5, TwinRate: math.NaN()}, {Consignments: 5, History: 99}, {Consignments: 5, Months: 25}, {Consignments: 5, Months: -1}} {
		if _, err := Generate(o); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestDocumentsUnique over the month and its past together.
func TestDocumentsUnique(t *testing.T) {
	m := month(t)
	seen := map[string]bool{}
	for _, x := range slices.Concat(m.History, m.Manifests) {
		for _, c := range x.Consignments {
			if seen[c.Document.Number] {
				t.Errorf("document %s twice", c.Document.Number)
			}
			seen[c.Document.Number] = true
			if n := c.Document.Number; n == "" || len(n) > 17 {
				t.Errorf("document number %q does not fit AN17", n)
			}
		}
	}
	for _, x := range m.Amendments {
		for _, c := range x.Consignments {
			if !seen[c.Document.Number] {
				t.Errorf("amendment of unknown document %s", c.Document.Number)
			}
		}
	}
	if len(m.Amendments) == 0 {
		t.Error("no amendments")
	}
}

// check digits by another way than the generator's: the values written out.
const isoValues = "0123456789A?BCDEFGHIJK?LMNOPQRSTU?VWXYZ"

func isoRight(n string) bool {
	sum, weight := 0, 1
	for _, c := range n[:10] {
		sum += strings.IndexRune(isoValues, c) * weight
		weight *= 2
	}
	return sum%11%10 == int(n[10]-'0')
}

func TestIdentifiers(t *testing.T) {
	if !isoRight("CSQU3054383") || isoRight("CSQU3054384") {
		t.Fatal("the oracle is wrong") // the standard's own example
	}
	for _, x := range slices.Concat(month(t).History, month(t).Manifests) {
		for i, c := range x.Consignments {
			if c.Transport.Mode == cargo.ModeSea {
				sum := 0
				for k := range 6 {
					sum += int(c.Transport.ID[k]-'0') * (7 - k)
				}
				if len(c.Transport.ID) != 7 || sum%10 != int(c.Transport.ID[6]-'0') {
					t.Errorf("IMO number %s", c.Transport.ID)
				}
			}
			if c.Document.Type == "740" {
				serial, err := strconv.Atoi(c.Document.Number[4:11])
				if err != nil || serial%7 != int(c.Document.Number[11]-'0') {
					t.Errorf("air waybill %s", c.Document.Number)
				}
			}
			for _, e := range c.Equipment {
				wrong := e.SizeType != "" && !isoRight(e.Number)
				if wrong != (wrong && x.Truth[i].Scheme == "bad_check_digit") {
					t.Errorf("%s: container %s has a wrong check digit, truth %+v", c.Document.Number, e.Number, x.Truth[i])
				}
			}
			if x.Truth[i].Scheme == "bad_check_digit" && !slices.ContainsFunc(c.Equipment, func(e cargo.Equipment) bool { return !isoRight(e.Number) }) {
				t.Errorf("%s: every check digit is right, truth %+v", c.Document.Number, x.Truth[i])
			}
		}
	}
}

// TestConsistent: in innocent consignments the figures agree with each other.
func TestConsistent(t *testing.T) {
	wrongTotals, n := 0, 0
	for _, x := range slices.Concat(month(t).History, month(t).Manifests) {
		for i := range x.Consignments {
			c := &x.Consignments[i]
			if x.Truth[i].Planted {
				continue
			}
			n++
			gross, packs := 0.0, 0
			for _, g := range c.Goods {
				if g.GrossMass <= 0 || g.NetMass > g.GrossMass+0.01 || g.Packages < 1 || g.Description == "" || g.Value.Amount < 0 {
					t.Errorf("%s: goods %+v", c.Document.Number, g)
				}
				gross += g.GrossMass
				packs += g.Packages
			}
			if math.Abs(gross-c.Totals.GrossMass) > 1 || packs != c.Totals.Packages {
				wrongTotals++
			}
			held := 0.0
			for _, e := range c.Equipment {
				held += e.GrossMass
				if e.SizeType != "" && e.Tare > 0 && e.GrossMass+e.Tare > maxGross+600 {
					t.Errorf("%s: %s holds %g kg", c.Document.Number, e.Number, e.GrossMass)
				}
				if e.VerifiedGross > 0 && math.Abs(e.VerifiedGross-e.GrossMass-e.Tare) > 1000 {
					t.Errorf("%s: verified %g of %g + %g, %+v", c.Document.Number, e.VerifiedGross, e.GrossMass, e.Tare, x.Truth[i])
				}
			}
			if len(c.Equipment) > 0 && math.Abs(held-gross) > 1 {
				t.Errorf("%s: %g kg in equipment, %g kg of goods", c.Document.Number, held, gross)
			}
			if !c.Journey.Departure.Before(c.Journey.Arrival) || c.Document.Issued.After(c.Journey.Departure) {
				t.Errorf("%s: issued %v, left %v, arrived %v", c.Document.Number, c.Document.Issued, c.Journey.Departure, c.Journey.Arrival)
			}
			if c.Party(cargo.Consignor) == nil || c.Party(cargo.Consignee) == nil {
				t.Errorf("%s: parties %+v", c.Document.Number, c.Parties)
			}
		}
	}
	if wrongTotals == 0 || wrongTotals > n/40 {
		t.Errorf("%d of %d innocent totals are wrong; careless senders make a few", wrongTotals, n)
	}
}

func TestEverySchemeAndTwin(t *testing.T) {
	_, truth := month(t).Consignments()
	planted, twins := map[string]int{}, map[string]int{}
	notes := map[string]map[string]bool{}
	for _, x := range truth {
		if x.Planted {
			planted[x.Scheme]++
			if notes[x.Scheme] == nil {
				notes[x.Scheme] = map[string]bool{}
			}
			notes[x.Scheme][x.Note] = true
		}
		if x.Twin {
			twins[x.Scheme]++
		}
		if (x.Planted || x.Twin) != (x.Scheme != "") || x.Planted && x.Twin || x.Planted && x.Note == "" {
			t.Errorf("truth %+v", x)
		}
	}
	for _, s := range Schemes() {
		t.Logf("%-30s %3d planted %3d twins %3d different cases", s, planted[s], twins[s], len(notes[s]))
		if planted[s] < 4 || twins[s] < 4 || len(notes[s]) < 2 {
			t.Errorf("%s: %d planted (%d different), %d twins", s, planted[s], len(notes[s]), twins[s])
		}
	}
	if len(Schemes()) < 11 {
		t.Error("fewer than eleven schemes")
	}
}

// TestSkew: few companies do much, the modes keep their shares, seals and values are
// often stated and not always.
func TestSkew(t *testing.T) {
	list, _ := month(t).Consignments()
	modes := map[cargo.Mode]float64{}
	buyers := map[string]int{}
	cyrillic, sealed, boxes := 0, 0, 0
	for _, c := range list {
		modes[c.Transport.Mode]++
		p := c.Party(cargo.Consignee)
		buyers[p.Name]++
		if strings.ContainsAny(p.Name, "АБВГДЕОС") {
			cyrillic++
		}
		for _, e := range c.Equipment {
			if e.SizeType != "" {
				boxes++
				if len(e.Seals) > 0 {
					sealed++
				}
			}
		}
	}
	for m, share := range modeShare {
		if got := modes[m] / float64(len(list)); math.Abs(got-share) > 0.04 {
			t.Errorf("%s has a share of %.3f, want %.2f", m, got, share)
		}
	}
	sizes := slices.Sorted(maps.Values(buyers))
	slices.Reverse(sizes)
	head := 0
	for _, n := range sizes[:len(sizes)/20] {
		head += n
	}
	t.Logf("%d consignees, largest %d; the top 5 %% receive %.2f; Cyrillic %.2f; sealed %d of %d boxes", len(sizes), sizes[0], float64(head)/float64(len(list)), float64(cyrillic)/float64(len(list)), sealed, boxes)
	if share := float64(head) / float64(len(list)); share < 0.2 || share > 0.7 {
		t.Errorf("the largest 5 %% of consignees receive %.2f of all", share)
	}
	if cyrillic < len(list)/8 || sealed < boxes*9/10 || sealed == boxes {
		t.Errorf("%d Cyrillic, %d of %d boxes sealed", cyrillic, sealed, boxes)
	}
}

// TestMonthsFollow: several months are one world, each with its own cases, and the first
// is about new companies as much as the last.
func TestMonthsFollow(t *testing.T) {
	o := Defaults(11, 1500)
	o.Months = 4
	m, err := Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	var planted, twins, bills, fresh [4]int
	seen := map[string]bool{}
	buyers := map[string]bool{}
	for _, x := range m.History {
		for _, c := range x.Consignments {
			seen[c.Document.Number] = true
			buyers[c.Party(cargo.Consignee).Name] = true
		}
	}
	for _, x := range m.Manifests {
		at := int(x.Arrival.Month()-DefaultMonth.Month()+12) % 12
		for i, c := range x.Consignments {
			bills[at]++
			if x.Truth[i].Planted {
				planted[at]++
			}
			if x.Truth[i].Twin {
				twins[at]++
			}
			if seen[c.Document.Number] {
				t.Errorf("document %s twice", c.Document.Number)
			}
			seen[c.Document.Number] = true
			if name := c.Party(cargo.Consignee).Name; !buyers[name] {
				buyers[name] = true
				fresh[at]++
			}
		}
	}
	for at := range 4 {
		if bills[at] != 1500 || planted[at] != 30 || twins[at] != 60 {
			t.Errorf("month %d: %d bills, %d planted, %d twins", at, bills[at], planted[at], twins[at])
		}
		if fresh[at] < 20 || fresh[at] > 500 {
			t.Errorf("month %d: %d buyers that were never seen", at, fresh[at])
		}
	}
	t.Logf("new buyers by month: %v", fresh)
}
