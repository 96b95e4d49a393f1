package risk

import (
	"fmt"
	"testing"
	"time"

	"tidewaiter/internal/cargo"
)

// twin is a case that must fire the indicator, and one much like it that must not.
type twin struct {
	id       string
	guilty   func(s *stage)
	innocent func(s *stage)
}

func TestTwins(t *testing.T) {
	e := testEngine(t)
	tested := map[string]bool{}
	for i, tw := range twins {
		tested[tw.id] = true
		for _, half := range []struct {
			name string
			set  func(*stage)
			want bool
		}{{"guilty", tw.guilty, true}, {"innocent", tw.innocent, false}} {
			t.Run(fmt.Sprintf("%s/%d/%s", tw.id, i, half.name), func(t *testing.T) {
				s := &stage{t, e, NewMemory(), innocent()}
				half.set(s)
				f := finding(e.Assess(s.c, s.m), tw.id)
				if (f != nil) != half.want {
					t.Errorf("finding %v, want fired %v", f, half.want)
				}
			})
		}
	}
	for _, in := range Indicators() {
		if !tested[in.ID] {
			t.Errorf("indicator %s has no twins", in.ID)
		}
	}
}

// TestInnocent: a consignment with nothing wrong gives nobody a reason to look.
func TestInnocent(t *testing.T) {
	e := testEngine(t)
	s := &stage{t, e, NewMemory(), innocent()}
	for range 2 {
		a := e.Assess(s.c, s.m)
		if a.Score > a.Base+0.25 {
			t.Errorf("score %v over base %v by %v", a.Score, a.Base, a.Findings)
		}
		s.grown()
		for i := range 8 {
			s.before(float64(4*i+4), fmt.Sprintf("MEDU777000%d", i), nil)
		}
	}
}

var twins = []twin{
	{"D01", func(s *stage) { s.is("FAK", "", "NL") }, func(s *stage) { s.is("Spare parts for washing machines, drums and pumps", "845090", "NL") }},
	{"D01", func(s *stage) { s.is("Товары народного потребления", "", "CN") }, func(s *stage) { s.is("Бананы свежие", "", "EC") }},
	{"D01", func(s *stage) { s.is("Ар түрдүү товар", "", "CN") }, func(s *stage) { s.is("Жүн килем жана мебель", "", "CN") }},
	{"D02", func(s *stage) { s.is("Skimmed milk powder", "848210", "NL") }, func(s *stage) { s.is("Frozen fish fillets", "030487", "NL") }},
	{"D03", func(s *stage) { s.c.Parties = nil }, func(s *stage) { s.c.Goods[0].HS = "" }},
	{"D04", func(s *stage) { s.c.Parties = s.c.Parties[:2]; s.consignee().Name = "TO ORDER OF BANK" }, func(s *stage) { s.consignee().Name = "TO ORDER" }},
	{"D04", func(s *stage) { s.c.Parties = s.c.Parties[:2]; s.consignee().Name = "ПО ПРИКАЗУ" }, func(s *stage) { s.c.Parties = s.c.Parties[:2]; s.consignee().Name = "New Order Clothing Ltd" }},
	{"D06", func(s *stage) { s.amend(func(c *cargo.Consignment) { c.Goods[0].Description = "Whey powder" }) },
		func(s *stage) { s.e.Observe(s.c, s.m) }},
	{"D07", func(s *stage) {
		s.before(2, "SWITCH1", func(c *cargo.Consignment) { other("Gulf")(c); c.Equipment[0] = *s.box() })
	},
		func(s *stage) {
			s.before(45, "MEDU8", func(c *cargo.Consignment) { other("Gulf")(c); c.Equipment[0] = *s.box() })
		}},
	{"D07", func(s *stage) {
		s.before(-1, "SWITCH2", func(c *cargo.Consignment) { other("Gulf")(c); c.Equipment[0] = *s.box() })
	},
		func(s *stage) { // a house and its master share the container
			s.c.Document.Kind, s.c.Document.Master = cargo.DocumentHouse, "MEDU42"
			s.before(0, "MEDU42", func(c *cargo.Consignment) { other("Forwarder")(c); c.Equipment[0] = *s.box() })
		}},
	{"D08", func(s *stage) { s.c.Document.Kind = cargo.DocumentHouse }, func(s *stage) { s.c.Document.Kind, s.c.Document.Master = cargo.DocumentHouse, "MEDU42" }},
	{"D10", func(s *stage) { s.box().Number = "CSQU3054384" }, func(s *stage) { s.box().Number = "CSQU3054383" }},
	{"D10", func(s *stage) { s.box().Number = "MSCU1234560" }, func(s *stage) { s.box().Number = "AD12345" }},
	{"D12", func(s *stage) {
		s.before(40, s.c.Document.Number, func(c *cargo.Consignment) { other("Else")(c); c.Version, c.Journey.Voyage = 0, "X1" })
	},
		func(s *stage) {
			s.before(1, s.c.Document.Number, func(c *cargo.Consignment) { c.Version = 0; c.Equipment[0] = *s.box() })
		}},
	{"D13", func(s *stage) { s.c.Journey.Departure = s.c.Journey.Arrival.AddDate(0, 0, 4) }, func(s *stage) { s.c.Document.Issued = s.c.Journey.Departure.AddDate(0, 0, 5) }},
	{"D14", func(s *stage) { s.c.Transport.ID = "9074720" }, func(s *stage) { s.c.Transport.ID = "D5LQ7" }},
	{"D15", func(s *stage) {
		s.c.Transport = cargo.TransportMeans{Mode: cargo.ModeAir}
		s.c.Document.Number = "020-12345670"
	},
		func(s *stage) {
			s.c.Transport = cargo.TransportMeans{Mode: cargo.ModeAir}
			s.c.Document.Number = "020-12345675"
		}},
	{"D16", func(s *stage) { s.goods().HS = "770100" }, func(s *stage) { s.goods().HS = "0402" }},
	{"D17", func(s *stage) { s.grown(); s.c.Document.Number = "QQ-99" }, func(s *stage) { s.grown() }},
	{"R01", func(s *stage) { s.load("ECGYE"); s.is("Bananas fresh", "080390", "EC") }, func(s *stage) { s.load("BRSSZ"); s.c.Journey.Places[0].Code = "ITGIT"; s.is("Marble", "251511", "IT") }},
	{"R02", func(s *stage) { s.via("BRSSZ") }, func(s *stage) { s.via("TRIST") }},
	{"R03", func(s *stage) { s.amend(func(c *cargo.Consignment) { c.Journey.Places[1].Code = "TRIST" }) },
		func(s *stage) { s.amend(func(c *cargo.Consignment) { c.Goods[0].Packages = 961 }) }},
	{"R04", func(s *stage) { s.load("CHGVA"); s.goods().Origin = "CN" }, func(s *stage) { s.load("NLRTM"); s.goods().Origin = "CN" }},
	{"R05", func(s *stage) { s.load("AEJEA"); s.goods().Origin = "CN" }, func(s *stage) { s.via("TRIST") }},
	{"R06", func(s *stage) { s.grown(); regular(s); s.load("BRSSZ") }, func(s *stage) { s.grown(); regular(s) }},
	{"R07", func(s *stage) { s.is("Bananas fresh", "080390", "KZ") }, func(s *stage) { s.is("Bananas fresh", "080390", "EC") }},
	{"R08", func(s *stage) { s.is("Raw cotton", "520100", "NL") }, func(s *stage) { s.is("Raw cotton", "520100", "NL"); s.c.Nature = cargo.NatureTransit }},
	{"R09", func(s *stage) { s.is("Bananas fresh", "080390", "EC"); t := -18.0; s.box().Temperature = &t }, func(s *stage) {
		s.is("Bananas fresh", "080390", "EC")
		t := 13.5
		s.box().Temperature, s.box().SizeType = &t, "22R1"
	}},
	{"R11", func(s *stage) { s.load("CHGVA") }, func(s *stage) { s.load("CHGVA"); s.c.Transport.Mode = cargo.ModeRail }},
	{"P01", func(s *stage) { s.grown() }, func(s *stage) { s.grown(); regular(s) }},
	{"P01", func(s *stage) { s.grown() }, func(s *stage) {}}, // without a past, nobody is new
	{"P02", func(s *stage) { s.grown(); s.goods().GrossMass = 150000 }, func(s *stage) { s.grown(); regular(s); s.goods().GrossMass = 150000 }},
	{"P03", func(s *stage) { s.before(400, "OLD1", nil) }, func(s *stage) { s.before(400, "OLD1", nil); s.before(20, "OLD2", nil) }},
	{"P04", func(s *stage) {
		s.consignee().Name = "Golden Crust Bakery Ltd"
		s.is("Integrated circuits", "854231", "CN")
	}, func(s *stage) { s.consignee().Name = "Golden Crust Bakery Ltd" }},
	{"P05", func(s *stage) {
		s.before(10, "A1", func(c *cargo.Consignment) { c.Party(cargo.Consignee).Name = "Blue Lotus Import LLC" })
	},
		func(s *stage) {
			s.before(10, "A1", func(c *cargo.Consignment) { c.Party(cargo.Consignee).Name = "NILE FOODS" })
		}},
	{"P06", func(s *stage) {
		s.before(10, "A1", func(c *cargo.Consignment) { c.Party(cargo.Consignee).Name = "Blue Lotus Import LLC" })
	}, func(s *stage) {
		s.before(10, "A1", other("Gulf"))
		for i := range s.c.Parties {
			s.c.Parties[i].Phone, s.c.Parties[i].Email = fmt.Sprintf("+20 3 555 099%d", i), ""
		}
	}},
	{"P09", func(s *stage) { s.consignor().Email = s.consignee().Email }, func(s *stage) {}},
	{"P10", func(s *stage) {
		for i := range 4 {
			s.before(float64(4*i+4), fmt.Sprint("AG", i), func(c *cargo.Consignment) {
				c.Parties = append(c.Parties, cargo.Party{Role: cargo.Agent, Name: "Delta Clearing"})
			})
		}
		s.c.Parties = append(s.c.Parties, cargo.Party{Role: cargo.Agent, Name: "Nobody Brokers"})
	}, func(s *stage) {
		s.c.Parties = append(s.c.Parties, cargo.Party{Role: cargo.Agent, Name: "Nobody Brokers"})
	}},
	{"P13", func(s *stage) { s.consignee().Name = "Aibek Sydykov" }, func(s *stage) { s.consignee().Name = "ОсОО Айбек" }},
	{"P14", func(s *stage) { s.consignee().Phone = "+971 4 555 0101" }, func(s *stage) { s.consignee().Phone = "0020 3 5550101" }},
	{"P15", func(s *stage) { s.consignee().Email = "nilefoods@mail.ru" }, func(s *stage) { s.consignee().Email = "office@nilefoods.example" }},
	{"P16", func(s *stage) {
		s.c.Document.Kind = cargo.DocumentUnknown
		s.c.Parties = s.c.Parties[:2]
		s.consignee().Name = "Silk Way Logistics"
	},
		func(s *stage) { s.c.Document.Kind = cargo.DocumentUnknown; s.consignee().Name = "Silk Way Logistics" }},
	{"P17", func(s *stage) { s.consignor().Country, s.goods().Origin = "AE", "NL" }, func(s *stage) { s.load("TRIST") }},
	{"P17", func(s *stage) { s.load("CNSHA"); s.goods().Origin = "CN" }, func(s *stage) { s.load("BEANR"); s.goods().Origin = "FR" }},
	{"P18", func(s *stage) { s.registered() }, func(s *stage) { s.registered(); s.consignee().ID = "200123456" }},
	{"P18", func(s *stage) { s.registered() }, func(s *stage) { s.grown() }}, // where nobody states it, nobody lacks it
	{"N01", regular, func(s *stage) { s.before(1, "B1", nil); s.before(2, "B2", nil) }},
	{"G03", func(s *stage) { s.grown(); regular(s); s.is("Ball bearings", "848210", "NL") }, func(s *stage) { s.grown(); regular(s) }},
	{"G05", func(s *stage) { s.is("Acetic anhydride in drums", "291524", "CN") }, func(s *stage) { s.is("Nail polish remover acetone free", "330430", "FR") }},
	{"G05", func(s *stage) { s.is("Ангидрид уксусный", "", "CN") }, func(s *stage) { s.is("Уксус столовый", "220900", "RU") }},
	{"G06", func(s *stage) { s.is("Scrap of copper", "740400", "NL") }, func(s *stage) {}},
	{"G07", func(s *stage) { s.load("CNSHA"); s.is("Portland cement", "252329", "CN") }, func(s *stage) { s.load("TRIST"); s.is("Portland cement", "252329", "TR") }},
	{"G08", func(s *stage) {
		s.c.Goods = nil
		for _, hs := range []string{"0402", "6403", "8471", "9503", "7323"} {
			s.c.Goods = append(s.c.Goods, cargo.GoodsItem{HS: hs, Description: "goods", Packages: 2, GrossMass: 100})
		}
	}, func(s *stage) {
		s.c.Goods = nil
		for _, hs := range []string{"6402", "6403", "6404", "6405", "6406"} {
			s.c.Goods = append(s.c.Goods, cargo.GoodsItem{HS: hs, Description: "goods", Packages: 2, GrossMass: 100})
		}
	}},
	{"G09", func(s *stage) { s.is("Bananas fresh", "080390", "EC"); s.goods().PackageType = "DR" }, func(s *stage) { s.is("Bananas fresh", "080390", "EC"); s.goods().PackageType = "CT" }},
	{"G10", func(s *stage) { s.is("Nike sports shoes", "640411", "TR") }, func(s *stage) { s.is("Nike sports shoes", "640411", "VN") }},
	{"G10", func(s *stage) { s.is("Lipstick Chanel", "330410", "CN") }, func(s *stage) { s.is("Apple juice, fresh apple", "200979", "KZ") }},
	{"G11", func(s *stage) {
		s.is("Integrated circuits", "854231", "TW")
		s.load("HKHKG")
		s.c.Nature = cargo.NatureTransit
	},
		func(s *stage) { s.is("Household kettles", "851679", "CN"); s.load("HKHKG") }},
	{"G12", func(s *stage) { s.is("Sulphuric acid", "280700", "NL") }, func(s *stage) { s.is("Sulphuric acid", "280700", "NL"); s.goods().DG = "1830" }},
	{"G12", func(s *stage) { s.is("Acetone", "291411", "NL") }, func(s *stage) { s.is("Paint brushes", "960340", "NL") }},
	{"G13", func(s *stage) { s.is("Acetic anhydride", "340290", "CN") }, func(s *stage) { s.is("Acetic anhydride", "291524", "CN") }},
	{"G14", func(s *stage) { s.is("Cigarettes", "240220", "CH") }, func(s *stage) {}},
	{"W01", func(s *stage) { s.box().GrossMass, s.goods().GrossMass = 35000, 35000 }, func(s *stage) { s.box().GrossMass = 27900 }},
	{"W02", func(s *stage) { s.goods().Packages = 9 }, func(s *stage) { s.goods().Packages = 900 }},
	{"W02", func(s *stage) {
		s.grown()
		regular(s)
		s.before(50, "W1", nil)
		s.before(55, "W2", nil)
		s.goods().Packages = 320
	}, func(s *stage) { s.grown(); regular(s); s.before(50, "W1", nil); s.before(55, "W2", nil) }},
	{"W02", func(s *stage) { regular(s); s.goods().Packages = 700 }, func(s *stage) { regular(s); s.goods().Packages = 955 }},
	{"W07", func(s *stage) { voluminous(s); s.goods().Volume = 48 }, func(s *stage) { voluminous(s); s.goods().Volume = 37 }},
	{"P03", func(s *stage) { s.before(500, "OLD1", nil); s.consignor().Name = "Gulf General Trading FZE" },
		func(s *stage) { s.before(700, "OLD1", nil); s.before(350, "OLD2", nil) }}, // once a year is a rhythm
	{"R02", func(s *stage) { s.via("BRSSZ") }, func(s *stage) {
		for i := range 60 {
			s.before(float64(70-i), fmt.Sprint("WAY", i), func(c *cargo.Consignment) {
				other("Line")(c)
				c.Journey.Places = []cargo.Place{c.Journey.Places[0], {Role: cargo.PlaceTransit, Code: "TRIST"}, c.Journey.Places[1]}
			})
		}
		s.via("TRIST")
	}},
	{"W03", func(s *stage) { s.box().VerifiedGross = 29100 }, func(s *stage) { s.box().VerifiedGross = 27100 }},
	{"W03", func(s *stage) { s.box().VerifiedGross = 21000 }, func(s *stage) { s.box().VerifiedGross = 24480 }},
	{"W04", func(s *stage) {
		s.goods().GrossMass = 24483.7
		s.before(9, "W1", shareMass(24483.7))
		s.before(4, "W2", shareMass(24483.7))
	}, func(s *stage) {
		s.goods().GrossMass = 24000
		s.before(9, "W1", shareMass(24000))
		s.before(4, "W2", shareMass(24000))
	}},
	{"W05", func(s *stage) { s.goods().NetMass = 25000 }, func(s *stage) { s.goods().NetMass = 20500 }},
	{"W07", func(s *stage) { s.goods().Volume = 2 }, func(s *stage) { s.goods().Volume = 31 }},
	{"W08", func(s *stage) { s.goods().Volume = 60 }, func(s *stage) { s.goods().Volume = 33 }},
	{"W09", func(s *stage) { s.c.Totals.GrossMass = 21480 }, func(s *stage) { s.c.Totals.GrossMass = 24500 }},
	{"W10", func(s *stage) { s.box().GrossMass = 20000 }, func(s *stage) { s.box().GrossMass = 26730 }},
	{"V01", func(s *stage) { s.goods().Value.Amount = 9000 }, func(s *stage) { s.goods().Value.Amount = 60000 }},
	{"V02", func(s *stage) { s.goods().Value.Amount = 900000 }, func(s *stage) { s.goods().Value.Amount = 120000 }},
	{"V03", func(s *stage) { s.c.Charges.Freight = cargo.Money{Amount: 70000, Currency: "USD"} }, func(s *stage) { s.c.Charges.Freight = cargo.Money{Amount: 2400, Currency: "USD"} }},
	{"V04", func(s *stage) { s.grown(); s.c.Charges.Payment = "prepaid" }, func(s *stage) { s.grown(); regular(s); s.c.Charges.Payment = "prepaid" }},
	{"V05", func(s *stage) { s.goods().Value = cargo.Money{Amount: 9900, Currency: "USD"} }, func(s *stage) { s.goods().Value = cargo.Money{Amount: 10000, Currency: "USD"} }},
	{"S01", func(s *stage) { s.box().Seals[0].Number = "NOSEALS" }, func(s *stage) { s.box().Fullness, s.box().Seals = cargo.Empty, nil }},
	{"S01", func(s *stage) { s.grown(); s.box().Seals = nil }, func(s *stage) { s.box().SizeType, s.box().Seals = "22P1", nil }},
	{"S02", func(s *stage) {
		s.before(6, "S1", func(c *cargo.Consignment) { c.Equipment[0].Seals[0].Number = "fx 1234567" })
	},
		func(s *stage) {
			s.before(6, "S1", func(c *cargo.Consignment) { c.Equipment[0].Seals[0].Number = "FX1234568" })
		}},
	{"S02", func(s *stage) { b := *s.box(); b.Number = boxNumber(7); s.c.Equipment = append(s.c.Equipment, b) },
		func(s *stage) {
			b := *s.box()
			b.Number, b.Seals = boxNumber(7), []cargo.Seal{{Number: "FX1234568"}}
			s.c.Equipment = append(s.c.Equipment, b)
		}},
	{"S04", func(s *stage) {
		s.amend(func(c *cargo.Consignment) { c.Equipment[0].Seals = []cargo.Seal{{Number: "ZZ999"}} })
	},
		func(s *stage) { s.amend(func(c *cargo.Consignment) { c.Goods[0].Packages = 961 }) }},
	{"S06", func(s *stage) { s.grown(); s.box().Seals[0].Number = "Q-77-A" }, func(s *stage) { s.grown() }},
	{"C01", func(s *stage) { s.box().ShipperOwned = true }, func(s *stage) {}},
	{"C02", func(s *stage) { s.is("Ball bearings", "848210", "NL"); s.box().SizeType = "22R1" }, func(s *stage) { s.is("Butter", "040510", "NL"); s.box().SizeType = "22R1" }},
	{"C03", func(s *stage) { s.box().SizeType = "22T1" }, func(s *stage) {}},
	{"C04", func(s *stage) { s.load("ECGYE"); s.box().Fullness = cargo.Empty }, func(s *stage) { s.load("ECGYE") }},
	{"C08", func(s *stage) { s.box().SizeType = "99Z9" }, func(s *stage) { s.box().SizeType = "20GP" }},
	{"C09", func(s *stage) { s.box().Fullness = cargo.Empty }, func(s *stage) {
		s.box().Fullness = cargo.Empty
		s.box().GrossMass, s.box().VerifiedGross = 2300, 0
		s.c.Goods = nil
		s.c.Totals = cargo.Totals{}
	}},
	{"C10", func(s *stage) {
		s.before(3, "C1", func(c *cargo.Consignment) {
			other("G")(c)
			c.Equipment[0] = *s.box()
			c.Journey.Places[0].Code = "CNSHA"
		})
	},
		func(s *stage) {
			s.before(60, "C1", func(c *cargo.Consignment) {
				other("G")(c)
				c.Equipment[0] = *s.box()
				c.Journey.Places[0].Code = "CNSHA"
			})
		}},
	{"T01", func(s *stage) { s.c.Received = s.c.Journey.Arrival.Add(5 * time.Hour) }, func(s *stage) { s.c.Received = s.c.Journey.Arrival.AddDate(1, 0, 0) }},
	{"T03", func(s *stage) { s.c.Journey.Arrival = time.Date(2026, 3, 8, 3, 20, 0, 0, time.UTC) }, func(s *stage) { s.c.Journey.Arrival = time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC) }},
	{"T04", func(s *stage) { s.load("BRSSZ"); s.c.Journey.Departure = s.c.Journey.Arrival.Add(-30 * time.Hour) }, func(s *stage) { s.load("BRSSZ") }},
	{"T05", func(s *stage) { s.before(0, "T1", nil); s.before(1, "T2", nil); s.before(1.5, "T3", nil) },
		func(s *stage) { s.before(7, "T1", nil); s.before(14, "T2", nil); s.before(21, "T3", nil) }},
	// documents.md, check 25: text and fields of a real manifest, in our words and figures.
	{"W06", func(s *stage) {
		s.is("MILK SKIMMED POWDER 25KGS NO OF BAGS:1440 X 25KGS NETT WEIGHT :36000.00KGS GROSS WEIGHT:36468.00KGS TOTAL VGM W EIGHT: 42488.00KGS", "", "")
		s.goods().GrossMass = 16182
		s.goods().NetMass = 0
		s.box().GrossMass, s.box().VerifiedGross, s.c.Totals = 0, 0, cargo.Totals{}
	},
		func(s *stage) {
			s.is("699 BAGS MILK PROTEIN CONC ENTRATE NET: 13.980 KGS 21 DAYS FREE", "", "")
			s.goods().GrossMass = 14259.6
			s.goods().NetMass = 0
			s.box().GrossMass, s.box().VerifiedGross, s.c.Totals = 0, 0, cargo.Totals{}
		}},
	{"W06", func(s *stage) { s.goods().Description += ", вес брутто 31 500,0 кг gross weight 31500 kg" },
		func(s *stage) {
			s.is("800 PE+PAP BAG P.B. STRI 25.000 KG NET NEOSORB P 60A NET WEIGHT = 20000.000 KG", "", "")
			s.goods().GrossMass = 20602
			s.goods().NetMass = 0
			s.box().GrossMass, s.box().VerifiedGross, s.c.Totals = 0, 0, cargo.Totals{}
		}},
}
