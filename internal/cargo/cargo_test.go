package cargo_test

import (
	"testing"
	"time"

	"tidewaiter/internal/cargo"
)

func TestDocumentKey(t *testing.T) {
	for _, tc := range []struct {
		doc  cargo.TransportDocument
		want string
	}{
		{cargo.TransportDocument{Number: " msc u99 "}, "MSCU99"},
		{cargo.TransportDocument{Number: "h-1", Kind: cargo.DocumentHouse, Master: "174-1234 5675"}, "H-1/174-12345675"},
		{cargo.TransportDocument{Number: "M1", Kind: cargo.DocumentMaster, Master: "M0"}, "M1"},
		{cargo.TransportDocument{}, ""},
	} {
		if got := tc.doc.Key(); got != tc.want {
			t.Errorf("%+v: got %q, want %q", tc.doc, got, tc.want)
		}
	}
}

func TestNormalName(t *testing.T) {
	for in, want := range map[string]string{
		`ОсОО "Ак-Жол Трейд"`:     "ак жол трейд",
		"ROQUETTE  FRERES S.A.":   "roquette freres",
		"Co., Ltd.":               "co ltd",
		"FRONERI ICE CREAM EGYPT": "froneri ice cream egypt",
		"ИП Ибраимов Ө.":          "ибраимов ө",
		"":                        "",
	} {
		if got := cargo.NormalName(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestDifferences(t *testing.T) {
	older := sample("B1")
	newer := sample("B1")
	newer.Goods[0].GrossMass = 21_000
	newer.Parties[1].Name = "Someone Else"
	newer.Remarks = "COD"
	newer.Equipment = nil
	got := map[string]cargo.Difference{}
	for _, d := range cargo.Differences(older, newer) {
		got[d.Field] = d
	}
	for field, want := range map[string][2]string{
		"goods[0].gross_mass":          {"20602", "21000"},
		"parties[consignee].name":      {`ОсОО "Ак-Жол Трейд"`, "Someone Else"},
		"remarks":                      {"", "COD"},
		"equipment[0].number":          {"TGCU0235724", ""},
		"equipment[0].seals[0].number": {"SEAL77", ""},
	} {
		if d := got[field]; d.Old != want[0] || d.New != want[1] {
			t.Errorf("%s: got %q -> %q, want %q -> %q", field, d.Old, d.New, want[0], want[1])
		}
	}
	if n := len(cargo.Differences(older, sample("B1"))); n != 0 {
		t.Errorf("%d differences between equal consignments", n)
	}
}

// sample is a consignment with something in every part.
func sample(number string) *cargo.Consignment {
	return &cargo.Consignment{
		Document:  cargo.TransportDocument{Number: number, Kind: cargo.DocumentMaster},
		Nature:    cargo.NatureImport,
		Transport: cargo.TransportMeans{Mode: cargo.ModeSea, ID: "9074729", Name: "MSC SENA"},
		Journey: cargo.Journey{
			Places:  []cargo.Place{{Role: cargo.PlaceLoading, Code: "FRDKK"}, {Role: cargo.PlaceUnloading, Code: "EGEDK"}},
			Arrival: time.Date(2026, 10, 3, 4, 0, 0, 0, time.UTC),
		},
		Parties: []cargo.Party{
			{Role: cargo.Consignor, Name: "ROQUETTE FRERES", Country: "FR"},
			{Role: cargo.Consignee, Name: `ОсОО "Ак-Жол Трейд"`, Country: "KG"},
		},
		Goods:     []cargo.GoodsItem{{Number: 1, Description: "SORBITOL", Packages: 20, GrossMass: 20602, Equipment: []string{"TGCU0235724"}}},
		Equipment: []cargo.Equipment{{Number: "TGCU0235724", Seals: []cargo.Seal{{Number: "SEAL77", Party: "carrier"}}}},
		Source:    cargo.Source{Import: 5, File: "x.edi", At: cargo.Span{Offset: 10, Length: 20}},
	}
}
