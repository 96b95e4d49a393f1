package cuscar

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/format/edifact"
)

var (
	words = rapid.Custom(func(t *rapid.T) string {
		n := rapid.IntRange(1, 14).Draw(t, "words")
		s := ""
		for i := range n {
			if i > 0 {
				s += " "
			}
			s += rapid.StringMatching(`[A-Z0-9'+:?.,]{1,3}[a-zА-Яө]{0,9}`).Draw(t, "word")
		}
		return s
	})
	word   = rapid.StringMatching(`[A-ZА-Я][A-Za-z0-9'+:?]{0,12}`)
	code   = rapid.StringMatching(`[A-Z]{2,5}`)
	number = rapid.StringMatching(`[A-Z]{3}[0-9]{6,9}`)
	amount = rapid.Map(rapid.IntRange(0, 9_999_999), func(n int) float64 { return float64(n) / 1000 })
	moment = rapid.Map(rapid.IntRange(0, 400_000_000), func(n int) time.Time { return time.Date(2020, 1, 1, 0, 0, n, 0, time.UTC) })
)

func maybe[T any](t *rapid.T, g *rapid.Generator[T]) (v T) {
	if rapid.Bool().Draw(t, "present") {
		v = g.Draw(t, "value")
	}
	return v
}

func drawMoney(t *rapid.T) (m Money) {
	if rapid.Bool().Draw(t, "money") {
		m = Money{1 + amount.Draw(t, "amount"), "USD"}
	}
	return m
}

func drawDegrees(t *rapid.T) *float64 {
	if !rapid.Bool().Draw(t, "degrees") {
		return nil
	}
	v := float64(rapid.IntRange(-300, 300).Draw(t, "tenths")) / 10
	return &v
}

func drawParty(t *rapid.T, role, q string) Party {
	return Party{
		Role: role, Code: q, ID: maybe(t, number), Name: words.Draw(t, "name"), Address: maybe(t, words),
		City: maybe(t, word), Region: maybe(t, word), Postcode: maybe(t, number), Country: maybe(t, code),
		Contact: maybe(t, word), Phone: maybe(t, rapid.StringMatching(`\+[0-9]{6,12}`)), Email: maybe(t, rapid.StringMatching(`[a-z]{1,9}@[a-z]{1,9}\.kg`)),
	}
}

func drawPlaces(t *rapid.T, dated bool) (list []Place) {
	for _, role := range []string{"origin", "loading", "transit", "unloading", "delivery", "destination", "office"} {
		if rapid.Bool().Draw(t, role) {
			p := Place{Role: role, Qualifier: roleQualifiers[role], Code: rapid.StringMatching(`[A-Z]{5}`).Draw(t, "code"), Name: maybe(t, word)}
			if dated {
				p.Date = maybe(t, moment)
			}
			list = append(list, p)
		}
	}
	return list
}

func drawTotals(t *rapid.T) Totals {
	n := rapid.IntRange(0, 1e6)
	return Totals{Packages: n.Draw(t, "packages"), Containers: n.Draw(t, "containers"), GrossMass: amount.Draw(t, "mass"), Volume: amount.Draw(t, "volume")}
}

func drawManifest(t *rapid.T) *Manifest {
	m := &Manifest{
		Number: number.Draw(t, "number"), Document: "85", Function: rapid.SampledFrom([]string{"9", "4", "5", "1"}).Draw(t, "function"),
		Issued: moment.Draw(t, "issued"), Nature: rapid.SampledFrom([]int{0, 22, 23, 24, 28}).Draw(t, "nature"),
		Carrier: Carrier{maybe(t, code), maybe(t, words), maybe(t, words)}, Voyage: maybe(t, number),
		Departure: moment.Draw(t, "departure"), Arrival: moment.Draw(t, "arrival"),
		Places: drawPlaces(t, true), Totals: drawTotals(t), Remarks: maybe(t, words),
	}
	m.Totals.Bills = rapid.IntRange(0, 100).Draw(t, "bills")
	switch rapid.IntRange(0, 2).Draw(t, "means") {
	case 0:
		m.Transport = Transport{Mode: "1", IMO: rapid.StringMatching(`[0-9]{7}`).Draw(t, "imo"), Name: maybe(t, word), Nationality: "EG"}
	case 1:
		m.Transport = Transport{Mode: "1", CallSign: rapid.StringMatching(`[A-Z][0-9][A-Z]{3}`).Draw(t, "call"), Name: maybe(t, word)}
	default:
		m.Transport = Transport{Mode: "3", ID: rapid.StringMatching(`[0-9]{2}KG[0-9]{3}`).Draw(t, "plate")}
	}
	m.Parties = append(m.Parties, drawParty(t, "sender", "MS"), drawParty(t, "agent", "AG"))
	for i := range rapid.IntRange(0, 3).Draw(t, "equipment") {
		e := Equipment{
			Number: fmt.Sprintf("ABCU%07d", i), Kind: "CN", SizeType: maybe(t, rapid.Just("45G1")), Supplier: maybe(t, rapid.SampledFrom([]string{"1", "2"})),
			Status: maybe(t, rapid.SampledFrom([]string{"4", "5", "7", "8"})), Tare: amount.Draw(t, "tare"), VerifiedGross: amount.Draw(t, "vgm"),
			Volume: amount.Draw(t, "volume"), Temperature: drawDegrees(t), TemperatureMin: drawDegrees(t), TemperatureMax: drawDegrees(t),
			DG: maybe(t, rapid.Just("1263")), DGClass: maybe(t, rapid.Just("3")),
		}
		for j := range rapid.IntRange(0, 3).Draw(t, "seals") {
			e.Seals = append(e.Seals, Seal{fmt.Sprintf("SEAL%d", j), maybe(t, rapid.SampledFrom([]string{"CA", "SH", "CU"}))})
		}
		m.Equipment = append(m.Equipment, e)
	}
	return m
}

func drawGoods(t *rapid.T, i int, m *Manifest) Goods {
	g := Goods{
		Number: i + 1, Description: maybe(t, words), HS: maybe(t, rapid.StringMatching(`[0-9]{6}`)), Origin: maybe(t, code),
		Packages: rapid.IntRange(0, 10_000).Draw(t, "packages"), PackageType: maybe(t, code), PackageName: maybe(t, word),
		GrossMass: amount.Draw(t, "gross"), NetMass: amount.Draw(t, "net"), Volume: amount.Draw(t, "volume"), Value: drawMoney(t),
		DG: maybe(t, rapid.Just("3077")), DGClass: maybe(t, rapid.Just("9")), Marks: maybe(t, words), Temperature: drawDegrees(t),
	}
	for j := range m.Equipment {
		if rapid.Bool().Draw(t, "in") {
			g.Splits = append(g.Splits, Split{m.Equipment[j].Number, rapid.IntRange(0, 99).Draw(t, "n"), amount.Draw(t, "mass"), amount.Draw(t, "volume")})
		}
	}
	return g
}

func drawBill(t *rapid.T, i int, m *Manifest) *Bill {
	b := &Bill{
		Manifest: m, Number: fmt.Sprintf("BILL%06d", i), Line: fmt.Sprint(i + 1), Nature: rapid.SampledFrom([]int{0, 23, 28}).Draw(t, "nature"),
		Type: rapid.SampledFrom([]string{"", "BM", "AWB", "AAA", "BH", "HWB"}).Draw(t, "type"), Issued: maybe(t, moment),
		Places: drawPlaces(t, true), Totals: drawTotals(t), Service: maybe(t, rapid.Just("27")), Origin: maybe(t, code),
		Location: maybe(t, word), Remarks: maybe(t, words),
		Charges: Charges{drawMoney(t), drawMoney(t), drawMoney(t), drawMoney(t), rapid.SampledFrom([]string{"", "prepaid", "collect", "X"}).Draw(t, "payment")},
	}
	b.Kind = documents[b.Type]
	if b.Type != "" {
		b.Consolidation = maybe(t, number)
	}
	if b.Kind == "house" {
		b.Master = maybe(t, number)
	}
	for range rapid.IntRange(0, 2).Draw(t, "refs") {
		b.Refs = append(b.Refs, Reference{"UCN", number.Draw(t, "ref")})
	}
	if rapid.Bool().Draw(t, "carrier") {
		b.Carrier = Carrier{"XYZ", word.Draw(t, "name"), maybe(t, words)}
	}
	b.Parties = append(b.Parties, drawParty(t, "consignor", "CZ"), drawParty(t, "consignee", "CN"), drawParty(t, "notify", "NI"))
	for j := range rapid.IntRange(0, 3).Draw(t, "goods") {
		g := drawGoods(t, j, m)
		b.Goods = append(b.Goods, g)
		for _, s := range g.Splits {
			b.have(m, s.Equipment)
		}
	}
	weigh(b)
	return b
}

// have adds the manifest's container to b.
func (b *Bill) have(m *Manifest, number string) {
	for _, e := range b.Equipment {
		if e.Number == number {
			return
		}
	}
	for _, e := range m.Equipment {
		if e.Number == number {
			b.Equipment = append(b.Equipment, e)
		}
	}
}

// TestRoundTrip: what is written is read again, field by field.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var messages []Message
		for i := range rapid.IntRange(1, 2).Draw(t, "messages") {
			m := drawManifest(t)
			m.Interchange = edifact.Interchange{Charset: "UNOY", Version: "3", Sender: "A", Recipient: "B", Reference: "7", Prepared: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)}
			m.Message = edifact.Message{Reference: fmt.Sprint(i), Type: "CUSCAR", Version: "D", Release: "96B", Agency: "UN"}
			msg := Message{Manifest: m}
			for j := range rapid.IntRange(0, 3).Draw(t, "bills") {
				msg.Bills = append(msg.Bills, drawBill(t, j, m))
			}
			messages = append(messages, msg)
		}
		var buf bytes.Buffer
		if err := Write(&buf, edifact.WriterOptions{Charset: "UNOY", LineBreaks: true}, messages...); err != nil {
			t.Fatal(err)
		}
		got := regroup(t, buf.Bytes())
		if len(got) != len(messages) {
			t.Fatalf("%d messages of %d", len(got), len(messages))
		}
		for i := range messages {
			same(t, buf.String(), got[i].Manifest, messages[i].Manifest)
			if len(got[i].Bills) != len(messages[i].Bills) {
				t.Fatalf("%d bills of %d in\n%s", len(got[i].Bills), len(messages[i].Bills), buf.String())
			}
			for j, b := range messages[i].Bills {
				b.Manifest = nil
				same(t, buf.String(), got[i].Bills[j], b)
			}
		}
	})
}

func same(t *rapid.T, text string, got, want any) {
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v\nin\n%s", got, want, text)
	}
}

// regroup reads data into messages without places.
func regroup(t *rapid.T, data []byte) (out []Message) {
	r := NewReader(bytes.NewReader(data))
	of := make(map[*Manifest][]*Bill)
	for b, err := range r.Bills() {
		if err != nil {
			t.Fatal(err)
		}
		of[b.Manifest] = append(of[b.Manifest], b)
		if len(b.Problems) > 0 {
			t.Fatalf("problems %+v in\n%s", b.Problems, data)
		}
	}
	if list, _ := r.Warnings(); len(list) > 0 {
		t.Fatalf("warnings %v", list)
	}
	for _, m := range r.Manifests() {
		for _, b := range of[m] {
			bare(b)
		}
		m.Span, m.Marks = Span{}, nil
		m.Parties, m.Places = barePlaces(m.Parties, m.Places)
		for i := range m.Equipment {
			m.Equipment[i].marks = nil
		}
		out = append(out, Message{m, of[m]})
	}
	return out
}

func bare(b *Bill) {
	b.Manifest, b.Span, b.Marks, b.remarksFull = nil, Span{}, nil, false
	b.Parties, b.Places = barePlaces(b.Parties, b.Places)
	for i := range b.Goods {
		b.Goods[i].marksFull, b.Goods[i].descriptionFull = false, false
	}
}

func barePlaces(parties []Party, places []Place) ([]Party, []Place) {
	for i := range parties {
		parties[i].Span = Span{}
	}
	for i := range places {
		places[i].Span, places[i].DateSpan = Span{}, Span{}
	}
	return parties, places
}
