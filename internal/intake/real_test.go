package intake

import (
	"os"
	"path/filepath"
	"testing"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

const milk = "36 METRIC TONNES MILK SKIMMED POWDER LH HALAL 25KGS NO OF BAGS:1440 X: 25KGS NETT WEIGHT :36000.00KGS GROSS WEIGHT:36468.00KGS TOTAL VGM W:EIGHT: 42488.00KGS GROSS CARGO WEIGHT IS EQUAL TO GROSS WEIGHT FREIGH:T COLLECT 28 DAYS FREE DEMURRAGE"

// realConsignment is what a person reads in the carrier's message.
type realConsignment struct {
	number, master, loading, unloading       string
	consignor, consignee, notify, notifyCity string
	goods                                    []realGoods
	containers                               []string
	mass                                     float64
}

type realGoods struct {
	packages  int
	kind      string
	mass      float64
	container string
}

var realManifest = []realConsignment{
	{number: "MSCUDB592345", loading: "IEDUB", unloading: "EGEDK",
		consignor: "LAKELAND DAIRIES,", consignee: "FRONERI ICE CREAM EGYPT", notify: "FRONERI ICE CREAM EGYPT", notifyCity: "NEW CAIRO",
		goods:      []realGoods{{560, "BG", 14182, "FCIU5956299"}, {880, "BG", 2000, "TCLU5546482"}},
		containers: []string{"FCIU5956299", "TCLU5546482"}, mass: 16182},
	{number: "MSCUDF421004", loading: "FRDKK", unloading: "EGEDK",
		consignor: "ROQUETTE FRERES LESTREM", consignee: "MONDELEZ EGYPT FOODS SAE", notify: "MONDELEZ EGYPT FOODS SAE", notifyCity: "ALEXANDRIA OLD PORT",
		goods:      []realGoods{{20, "PE", 20602, "TGCU0235724"}},
		containers: []string{"TGCU0235724"}, mass: 20602},
	{number: "MSCUEK569969", loading: "SGSIN", unloading: "EGALY",
		consignor: "BPI A/S", consignee: "TO ORDER", notify: "EL IMAN COMPANY FOR TRADING EXPORT AND IMPORT (SAAD AND MOHAMED ELFAR)", notifyCity: "AL MANSURAH",
		goods:      []realGoods{{699, "BG", 14259.6, "FCIU2469131"}},
		containers: []string{"FCIU2469131"}, mass: 14259.6},
}

func TestTheRealManifest(t *testing.T) {
	body, err := os.ReadFile(filepath.Join(sharedDir(t), "edinet_CUSCAR_D95B.edi"))
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		im := h.take("edinet_CUSCAR_D95B.edi", string(body))
		want(t, "import", counts(im), "done 3 records: 3 new, 0 amended, 0 unchanged, 0 quarantined")
		want(t, "sender", im.Sender, "MSC")
		cs := h.of(im)
		if len(cs) != len(realManifest) {
			t.Fatalf("%d consignments, want %d", len(cs), len(realManifest))
		}
		for i, c := range cs {
			checkReal(t, c, realManifest[i])
			for _, m := range c.Source.Fields {
				if m.Span.Offset < 0 || m.Span.Offset+int64(m.Span.Length) > int64(len(body)) {
					t.Errorf("%s: %s stands at %+v of %d bytes", c.Document.Number, m.Field, m.Span, len(body))
				}
			}
		}
		if got := cs[0].Goods[0].Description; len(got) < 200 || got[:40] != milk[:40] {
			t.Errorf("goods: %q", got)
		}
	})
}

func checkReal(t *testing.T, c *cargo.Consignment, r realConsignment) {
	t.Helper()
	n := r.number
	want(t, n+" number", c.Document.Number, r.number)
	want(t, n+" kind", c.Transport.Mode, cargo.ModeSea)
	want(t, n+" ship", c.Transport.Name+" "+c.Transport.ID, "MSC SENA D5LQ7")
	want(t, n+" voyage", c.Journey.Voyage, "AB652A")
	want(t, n+" arrival", c.Journey.Arrival.Format("2006-01-02 15:04"), "2017-01-29 00:00")
	want(t, n+" loading", c.Journey.At(cargo.PlaceLoading).Code, r.loading)
	want(t, n+" unloading", c.Journey.At(cargo.PlaceUnloading).Code, r.unloading)
	for role, name := range map[cargo.PartyRole]string{cargo.Consignor: r.consignor, cargo.Consignee: r.consignee, cargo.NotifyParty: r.notify} {
		p := c.Party(role)
		if p == nil || p.Name != name {
			t.Errorf("%s: %s is %+v, want %q", n, role, p, name)
		}
	}
	if p := c.Party(cargo.NotifyParty); p != nil {
		want(t, n+" notify city", p.City, r.notifyCity)
	}
	if len(c.Goods) != len(r.goods) {
		t.Fatalf("%s: %d goods items, want %d", n, len(c.Goods), len(r.goods))
	}
	for i, g := range c.Goods {
		container := ""
		if len(g.Equipment) == 1 {
			container = g.Equipment[0]
		}
		want(t, n+" goods", realGoods{g.Packages, g.PackageType, g.GrossMass, container}, r.goods[i])
	}
	var containers []string
	for _, e := range c.Equipment {
		containers = append(containers, e.Number)
	}
	want(t, n+" containers", containers, r.containers)
	want(t, n+" mass", c.GrossMass(), r.mass)
}
