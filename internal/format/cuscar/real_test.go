package cuscar

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
)

func readAll(t testing.TB, data []byte) (*Reader, []*Bill) {
	t.Helper()
	r := NewReader(bytes.NewReader(data))
	var bills []*Bill
	for b, err := range r.Bills() {
		if err != nil {
			t.Fatal(err)
		}
		bills = append(bills, b)
	}
	return r, bills
}

// TestCarriersManifest reads the real manifest of a carrier.
func TestCarriersManifest(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(sharedDir(t), "edinet_CUSCAR_D95B.edi"))
	if err != nil {
		t.Fatal(err)
	}
	_, bills := readAll(t, data)
	if len(bills) != 3 {
		t.Fatalf("%d bills", len(bills))
	}
	m := bills[0].Manifest
	got := fmt.Sprint(m.Number, m.Function, m.Issued.Format(" 2006-01-02 "), m.Carrier, m.Transport, m.Voyage, m.Arrival.Format(" 2006-01-02"), m.Parties[0].Name)
	if want := "201701191AB6529 2017-01-19 {MSC  } {1  D5LQ7  MSC SENA EG}AB652A 2017-01-29MSC"; got != want {
		t.Errorf("manifest %s\nwant %s", got, want)
	}
	for i, want := range []string{
		"MSCUDB592345 AAA in MSCUXP080935: LAKELAND DAIRIES, > FRONERI ICE CREAM EGYPT; 560 BG 14182 FCIU5956299; 880 BG 2000 TCLU5546482; ",
		"MSCUDF421004 BM in MSCUXP080935: ROQUETTE FRERES LESTREM > MONDELEZ EGYPT FOODS SAE; 20 PE 20602 TGCU0235724; ",
		"MSCUEK569969 BM in : BPI A/S > TO ORDER; 699 BG 14259.6 FCIU2469131; ",
	} {
		b := bills[i]
		got := fmt.Sprintf("%s %s in %s: %s > %s; ", b.Number, b.Type, b.Consolidation, b.Party("consignor").Name, b.Party("consignee").Name)
		for j, g := range b.Goods {
			got += fmt.Sprintf("%d %s %v %s; ", g.Packages, g.PackageType, b.Equipment[j].GrossMass, b.Equipment[j].Number)
		}
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if len(b.Problems) > 0 {
			t.Errorf("problems %v", b.Problems)
		}
	}
	if d := bills[0].Goods[0].Description; !strings.Contains(d, "NO OF BAGS:1440 X 25KGS") ||
		!strings.Contains(d, "TOTAL VGM WEIGHT: 42488.00KGS") || !strings.Contains(d, "FREIGHT COLLECT 28") {
		t.Errorf("the text was joined as %s", d)
	}
	if d := bills[2].Goods[0].Description; !strings.Contains(d, "21 DAYS FREE TIME AT") {
		t.Errorf("the text was joined as %s", d)
	}
	if p := bills[0].Party("consignee"); p.Address != "SUMMIT 44,90 EL SHAMALY STREET AL T, NEW CAIRO" || p.City != "NEW CAIRO" {
		t.Errorf("consignee %+v", p)
	}
	if p := bills[2].Party("consignee"); p.Address != "" {
		t.Errorf("to order has the address %q", p.Address)
	}
	checkPlaces(t, data, bills)
}

// checkPlaces holds spans and marks against the bytes.
func checkPlaces(t *testing.T, data []byte, bills []*Bill) {
	t.Helper()
	starts := []string{"CNI+1", "RFF+BM:MSCUDF421004", "CNI+2"}
	for i, b := range bills {
		raw := data[b.Span.Offset : b.Span.Offset+int64(b.Span.Length)]
		if !bytes.HasPrefix(raw, []byte(starts[i])) {
			t.Errorf("bill %d begins with %.30q", i, raw)
		}
		at := make(map[string]string)
		for _, m := range b.AllMarks() {
			at[m.Field] = string(data[m.Span.Offset : m.Span.Offset+int64(m.Span.Length)])
		}
		g := b.Goods[0]
		for field, holds := range map[string]string{
			"document.number": b.Number, "goods[0].packages": fmt.Sprint(g.Packages), "equipment[0].number": b.Equipment[0].Number,
			"goods[0].gross_mass": fmt.Sprint(g.GrossMass), "parties[consignee].name": b.Party("consignee").Name[:5],
			"transport.name": "MSC SENA", "journey.voyage": "AB652A", "journey.arrival": "1701290000",
			"parties[notify].address": "NAD+N1", "journey.places[0].code": b.Route()[0].Code, "goods[0].description": g.Description[:10],
		} {
			if !strings.Contains(at[field], holds) {
				t.Errorf("bill %d: %s was read at %q, holds no %q", i, field, at[field], holds)
			}
		}
	}
}

// TestEveryFile: a file is read or refused with a reason.
func TestEveryFile(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(sharedDir(t), "*.edi"))
	if len(files) < 15 {
		t.Fatalf("%d files", len(files))
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, err = NewReader(bytes.NewReader(data)).Next()
		name := filepath.Base(f)
		if strings.Contains(name, "CUSCAR") {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if errors.Is(err, io.EOF) || !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "no CUSCAR message but") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCutAnywhere cuts the manifest at every byte: bills that were complete come
// unharmed, and the cut is told.
func TestCutAnywhere(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(sharedDir(t), "edinet_CUSCAR_D95B.edi"))
	if err != nil {
		t.Fatal(err)
	}
	_, whole := readAll(t, data)
	unt := bytes.Index(data, []byte("UNT+"))
	for cut := 100; cut < unt; cut++ {
		r, bills := readAll(t, data[:cut])
		fatal := slices.ContainsFunc(r.Manifests()[0].Problems, func(p Problem) bool { return p.Fatal })
		for i, b := range bills {
			last := i == len(bills)-1
			if b.Fatal() != last {
				t.Fatalf("cut at %d: bill %d fatal %v", cut, i, b.Fatal())
			}
			fatal = fatal || b.Fatal()
			if !last && fmt.Sprint(b.Goods, b.Number, b.Span) != fmt.Sprint(whole[i].Goods, whole[i].Number, whole[i].Span) {
				t.Fatalf("cut at %d: bill %d differs", cut, i)
			}
		}
		if !fatal {
			t.Fatalf("cut at %d: nothing is told", cut)
		}
	}
}
