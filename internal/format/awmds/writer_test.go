package awmds

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	anyText  = rapid.Map(rapid.StringMatching(`[A-Za-zА-яӨөҮүҢң0-9<>&'" .,;/\n\t-]{0,30}`), strings.TrimSpace)
	anyCode  = rapid.StringMatching(`[A-Z0-9]{0,8}`)
	anySeal  = rapid.SliceOfN(rapid.StringMatching(`[A-Z0-9&-]{1,9}`), 0, 3)
	anyMass  = rapid.Map(rapid.IntRange(0, 1e9), func(n int) float64 { return float64(n) / 1000 })
	anyCount = rapid.IntRange(0, 1e6)
	anyMoney = rapid.Custom(func(t *rapid.T) Money { return Money{anyMass.Draw(t, "amount"), anyCode.Draw(t, "currency")} })
	anyParty = rapid.Custom(func(t *rapid.T) Party {
		return Party{anyCode.Draw(t, "code"), anyText.Draw(t, "name"), anyText.Draw(t, "address")}
	})
)

func anyDate(t *rapid.T, minutes int) time.Time {
	if rapid.Bool().Draw(t, "no date") {
		return time.Time{}
	}
	day := time.Date(2026, 1, rapid.IntRange(1, 3000).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
	return day.Add(time.Duration(rapid.IntRange(0, minutes).Draw(t, "minute")) * time.Minute)
}

func anySeals(t *rapid.T) Seals {
	n := anySeal.Draw(t, "seals")
	if len(n) == 0 {
		n = nil
	}
	return Seals{Count: anyCount.Draw(t, "count"), Numbers: n, Party: anyCode.Draw(t, "sealer")}
}

func anyManifest(t *rapid.T) *Manifest {
	return &Manifest{
		Office: anyCode.Draw(t, "office"), Voyage: anyText.Draw(t, "voyage"),
		Departure: anyDate(t, 0), Arrival: anyDate(t, 1439), LastDischarge: anyDate(t, 0),
		Totals: Totals{anyCount.Draw(t, "bols"), anyCount.Draw(t, "packages"), anyCount.Draw(t, "containers"), anyMass.Draw(t, "mass")},
		Transport: Transport{anyCode.Draw(t, "mode"), anyText.Draw(t, "identity"), anyCode.Draw(t, "flag"), anyText.Draw(t, "place"),
			anyCode.Draw(t, "registration"), anyDate(t, 0), anyText.Draw(t, "master")},
		Carrier:          Carrier(anyParty.Draw(t, "carrier")),
		PlaceOfDeparture: anyCode.Draw(t, "from"), PlaceOfDestination: anyCode.Draw(t, "to"),
		NetTonnage: anyCount.Draw(t, "net"), GrossTonnage: anyCount.Draw(t, "gross"),
	}
}

func anyBol(t *rapid.T) *Bol {
	b := &Bol{
		Reference: "B" + anyCode.Draw(t, "reference"), LineNumber: anyCount.Draw(t, "line"), Nature: anyCode.Draw(t, "nature"),
		Type: anyCode.Draw(t, "type"), MasterReference: anyCode.Draw(t, "master"), DGStatus: anyText.Draw(t, "dg"),
		Consolidated: rapid.Bool().Draw(t, "consolidated"), PlaceOfOrigin: anyCode.Draw(t, "origin"),
		PlaceOfLoading: anyCode.Draw(t, "loading"), PlaceOfUnloading: anyCode.Draw(t, "unloading"), PlaceOfDelivery: anyCode.Draw(t, "delivery"),
		Carrier: Carrier(anyParty.Draw(t, "carrier")), Exporter: anyParty.Draw(t, "exporter"),
		Consignee: anyParty.Draw(t, "consignee"), Notify: anyParty.Draw(t, "notify"),
		Values:   Values{anyCode.Draw(t, "payment"), anyMoney.Draw(t, "f"), anyMoney.Draw(t, "c"), anyMoney.Draw(t, "i"), anyMoney.Draw(t, "t")},
		Location: anyCode.Draw(t, "location"), LocationIn: anyText.Draw(t, "info"),
		Master: Master{anyCode.Draw(t, "mo"), anyText.Draw(t, "mv"), anyDate(t, 0), anyCode.Draw(t, "mr")},
	}
	for range rapid.IntRange(0, 3).Draw(t, "containers") {
		b.Containers = append(b.Containers, Container{Number: "C" + anyCode.Draw(t, "ctn"), Packages: anyCount.Draw(t, "p"),
			Type: anyCode.Draw(t, "st"), Status: anyCode.Draw(t, "status"), Seals: anySeals(t), IMDG: anyCode.Draw(t, "imdg"),
			UN: anyCode.Draw(t, "un"), Location: anyCode.Draw(t, "cl"), GrossMass: anyMass.Draw(t, "gm"), Tare: anyMass.Draw(t, "tare"),
			Temperature: anyCode.Draw(t, "temp")})
	}
	for range rapid.IntRange(0, 3).Draw(t, "goods") {
		g := Goods{Packages: anyCount.Draw(t, "p"), PackageType: anyCode.Draw(t, "pt"), GrossMass: anyMass.Draw(t, "gm"),
			NetMass: anyMass.Draw(t, "nm"), Marks: anyText.Draw(t, "marks"), Description: anyText.Draw(t, "desc"), HS: anyCode.Draw(t, "hs"),
			Volume: anyMass.Draw(t, "vol"), Containers: anyCount.Draw(t, "n"), Remarks: rapid.OneOf(anyText, rapid.Just("s.o.c. / SOC")).Draw(t, "rem"), Seals: anySeals(t)}
		b.ShipperOwned = b.ShipperOwned || SOC(g.Remarks)
		b.Goods = append(b.Goods, g)
	}
	return b
}

func write(w io.Writer, m *Manifest, bols ...*Bol) error {
	out := NewWriter(w)
	if err := out.WriteHeader(m); err != nil {
		return err
	}
	for _, b := range bols {
		if err := out.WriteBol(b); err != nil {
			return err
		}
	}
	return out.Close()
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, want := anyManifest(t), rapid.SliceOfN(rapid.Custom(anyBol), 0, 3).Draw(t, "bols")
		var out bytes.Buffer
		if err := write(&out, m, want...); err != nil {
			t.Fatal(err)
		}
		r, err := NewReader(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			got, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Problems) > 0 {
				t.Fatalf("problems %v", got.Problems)
			}
			got.Header, got.Line, got.Offset, got.Length, got.Marks = nil, 0, 0, 0, nil
			if !reflect.DeepEqual(got, want[i]) {
				t.Fatalf("read   %+v\nwanted %+v\n%s", got, want[i], out.String())
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Fatal(err)
		}
		head := *r.Manifest()
		if head.Marks = nil; len(head.Problems) > 0 || !reflect.DeepEqual(&head, m) {
			t.Fatalf("read   %+v\nwanted %+v", head, m)
		}
	})
}

func FuzzAwmds(f *testing.F) {
	for _, name := range []string{"plain", "cyrillic", "sloppy"} {
		raw, err := os.ReadFile("testdata/" + name + ".xml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("\xff\xfe<\x00A\x00/\x00>\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		checkMarks(t, raw, readAll(t, raw))
	})
}

func BenchmarkRead(b *testing.B) {
	plain, err := os.ReadFile("testdata/plain.xml")
	if err != nil {
		b.Fatal(err)
	}
	r, err := NewReader(bytes.NewReader(plain))
	if err != nil {
		b.Fatal(err)
	}
	bol, err := r.Next()
	if err != nil {
		b.Fatal(err)
	}
	const n = 1000
	bols := make([]*Bol, n)
	for i := range bols {
		c := *bol
		c.Reference = fmt.Sprintf("REF%06d", i)
		bols[i] = &c
	}
	var out bytes.Buffer
	if err := write(&out, r.Manifest(), bols...); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(out.Len()))
	b.ReportAllocs()
	for b.Loop() {
		r, err := NewReader(bytes.NewReader(out.Bytes()))
		if err != nil {
			b.Fatal(err)
		}
		count := 0
		for ; err == nil; count++ {
			_, err = r.Next()
		}
		if count != n+1 {
			b.Fatal(count, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "bols/s")
}
