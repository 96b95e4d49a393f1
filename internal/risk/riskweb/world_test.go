package riskweb_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
	"tidewaiter/internal/web"
)

// desk is a served site over one unit's traffic, and another unit's that nobody may see.
type desk struct {
	*testing.T
	db          *store.DB
	bus         *bus.Bus
	cargo       *cargo.Consignments
	assessments *risk.Assessments
	scope       cargo.Scope
	other       cargo.Scope
	files       files
	trail       *trail
	server      *httptest.Server
	now         time.Time
	options     riskweb.Options
}

// trail remembers what was recorded.
type trail struct {
	sync.Mutex
	acts []string
}

func (a *trail) add(act string) {
	a.Lock()
	defer a.Unlock()
	a.acts = append(a.acts, act)
}

func (a *trail) Saw(_ context.Context, kind string, ids ...string) error {
	a.add(kind + ".seen " + strings.Join(ids, " "))
	return nil
}

func (a *trail) Record(_ context.Context, e identity.Entry) error {
	a.add(e.Act + " " + e.ObjectID)
	return nil
}

func (a *trail) has(act string) bool {
	a.Lock()
	defer a.Unlock()
	for _, s := range a.acts {
		if strings.HasPrefix(s, act) {
			return true
		}
	}
	return false
}

// files are raw files by import.
type files map[int64]string

func (f files) Excerpt(_ context.Context, _ cargo.ScopeID, id, offset int64, length int) ([]byte, error) {
	text, ok := f[id]
	if !ok || offset > int64(len(text)) {
		return nil, fault.New(fault.NotFound, "no such file")
	}
	return []byte(text[offset:min(int(offset)+length, len(text))]), nil
}

type arrivals struct{}

func (arrivals) OpenProblems(context.Context, cargo.ScopeID) (int, error) { return 3, nil }
func (arrivals) LastImports(context.Context, cargo.ScopeID, int) ([]riskweb.ImportNote, error) {
	return []riskweb.ImportNote{{ID: 5, Name: "манифест.edi", Sender: "CRC", Received: time.Now(), Records: 40, Problems: 2}}, nil
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, db: storetest.Open(t, storetest.DSN(t, store.SQLite)), files: files{}, trail: &trail{}, now: time.Now()}
	codes := reference.Embedded()
	places := func(code string) (risk.PlaceFacts, bool) {
		p, ok := codes.Place(reference.Locode(code))
		return risk.PlaceFacts{Name: p.Name, Lat: p.Lat, Lon: p.Lon, Located: p.Located}, ok
	}
	d.bus = storetest.StartBus(t, d.db, func(b *bus.Bus) {
		d.cargo = cargo.NewConsignments(d.db, b)
		d.assessments = risk.NewAssessments(d.db, b, d.cargo, risk.Reference{Places: places})
	})
	ctx := context.Background()
	for i, scope := range []*cargo.Scope{&d.scope, &d.other} {
		var err error
		if *scope, err = d.cargo.LiveScope(ctx, int64(i+1)); err != nil {
			t.Fatal(err)
		}
		if err := d.assessments.SetUp(ctx, scope.ID, "KG"); err != nil {
			t.Fatal(err)
		}
	}
	d.options = riskweb.Options{Assessments: d.assessments, Cargo: d.cargo, Reference: codes, Audit: d.trail, Raw: d.files, Intake: arrivals{},
		Now: func() time.Time { return d.now }}
	d.serve(riskweb.New(d.options))
	return d
}

// serve answers requests as a viewer whose role stands in the header Role, or in a
// browser's cookie; none is nobody.
func (d *desk) serve(pages *riskweb.Pages) {
	site := web.NewSite(web.Options{Logger: slog.New(slog.DiscardHandler), Frame: func(ctx context.Context) web.Frame {
		return web.Frame{Nav: append(riskweb.Nav(ctx), riskweb.SettingsNav(ctx)...), Search: riskweb.Search(ctx)}
	}})
	site.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := r.Context()
			role := r.Header.Get("Role")
			if c, err := r.Cookie("role"); err == nil {
				role = c.Value
			}
			if role != "" {
				ctx = identity.With(ctx, identity.Viewer{Officer: identity.Officer{ID: 9, Name: "Айгүл"}, Unit: identity.Unit{ID: 1}, Role: identity.Role(role)})
				ctx = cargoweb.WithScope(ctx, d.scope)
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	})
	pages.Routes(site, func(a identity.Action, h web.Handler) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			if _, err := identity.May(r.Context(), a); err != nil {
				return err
			}
			return h(w, r)
		}
	})
	d.server = httptest.NewServer(site.Handler())
	d.Cleanup(d.server.Close)
}

// answer is what the server said.
type answer struct {
	status int
	body   string
	header http.Header
}

func (d *desk) ask(method, path, role, lang string, form url.Values) answer {
	d.Helper()
	r, err := http.NewRequest(method, d.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		d.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.Header.Set("Role", role)
	r.AddCookie(&http.Cookie{Name: "lang", Value: lang})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		d.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		d.Fatal(err)
	}
	return answer{res.StatusCode, string(body), res.Header}
}

func (d *desk) get(path string) answer {
	d.Helper()
	a := d.ask("GET", path, "officer", "en", nil)
	if a.status != http.StatusOK {
		d.Fatalf("GET %s: %d\n%s", path, a.status, a.body)
	}
	return a
}

func (d *desk) save(scope cargo.Scope, cs ...*cargo.Consignment) {
	d.Helper()
	err := d.db.InTx(context.Background(), func(tx *sql.Tx) error {
		_, err := d.cargo.Save(context.Background(), tx, scope.ID, cs)
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	storetest.Drain(d.T, d.bus)
}

// rows are all rows of the queue in its order.
func (d *desk) rows() []risk.Row {
	d.Helper()
	page, err := d.assessments.Board(d.scope.ID).Page(context.Background(), risk.Filter{}, 0, 1000)
	if err != nil {
		d.Fatal(err)
	}
	return page.Rows
}

const longName = `Общество с ограниченной ответственностью «Өзгөн Транс Логистик Сервис Центр имени Ысык-Көлдүн жээгиндеги соода кызматтары»`

// traffic is what a unit really gets: four modes, long names, gaps, forty items, an
// amendment, hostile text.
func traffic(now time.Time) []*cargo.Consignment {
	var out []*cargo.Consignment
	ways := [][2]string{{"CNSHA", "KGFRU"}, {"CNURC", "KGOSS"}, {"ECGYE", "EGALY"}, {"AEJEA", "KGFRU"}}
	for n := range 32 {
		way := ways[n%4]
		c := &cargo.Consignment{
			Document:  cargo.TransportDocument{Number: fmt.Sprintf("DOC%05d", n), Kind: cargo.DocumentMaster, Issued: now.AddDate(0, 0, -20)},
			Nature:    cargo.NatureImport,
			Transport: cargo.TransportMeans{Mode: cargo.Modes[n%4], ID: fmt.Sprintf("01KG%03dABC", n)},
			Journey: cargo.Journey{Departure: now.AddDate(0, 0, -9), Arrival: now.AddDate(0, 0, n%9-4), Places: []cargo.Place{
				{Role: cargo.PlaceLoading, Code: way[0], Date: now.AddDate(0, 0, -9)}, {Role: cargo.PlaceTransit, Name: "Достык"}, {Role: cargo.PlaceUnloading, Code: way[1]}}},
			Parties: []cargo.Party{{Role: cargo.Consignor, Name: fmt.Sprintf("Trading House %d Co., Ltd", n%5), Country: "CN", Email: "x@163.com"},
				{Role: cargo.Consignee, Name: fmt.Sprintf("ОсОО «Ак-Жол %d»", n%7), Country: "KG", Phone: "+996 555 010 101"}},
			Goods: []cargo.GoodsItem{{Number: 1, Description: []string{"GENERAL CARGO", "Подшипники шариковые", "FRESH BANANAS", "FAK"}[n%4], HS: []string{"", "848210", "080390", ""}[n%4],
				Packages: 10 + n, GrossMass: 1000 * float64(n+1), NetMass: 900 * float64(n+1), Value: cargo.Money{Amount: 500 * float64(n), Currency: "USD"}}},
			Equipment: []cargo.Equipment{{Number: fmt.Sprintf("MSCU%06d%d", n*7, n%10), SizeType: "45G1", Fullness: cargo.FCL}},
			Totals:    cargo.Totals{Packages: 10 + n, GrossMass: 1000 * float64(n+1+n%3), Containers: 1},
		}
		out = append(out, c)
	}
	bare := &cargo.Consignment{Document: cargo.TransportDocument{Number: "BARE"}}
	long := &cargo.Consignment{Document: cargo.TransportDocument{Number: "LONG/" + strings.Repeat("9", 60)},
		Parties: []cargo.Party{{Role: cargo.Consignee, Name: longName, Address: strings.Repeat("Масалиев проспектиси 93, ", 12)}, {Role: cargo.Forwarder, Name: `<script>alert("x")</script>`}},
		Remarks: `=HYPERLINK("http://x")`}
	for i := range 45 {
		long.Goods = append(long.Goods, cargo.GoodsItem{Number: i + 1, Description: fmt.Sprintf("Товар %d: запасные части для машин, не поименованные в другом месте", i), GrossMass: float64(i), Equipment: []string{"MSCU1234566"}})
	}
	formula := &cargo.Consignment{Document: cargo.TransportDocument{Number: "FORMULA"}, Parties: []cargo.Party{{Role: cargo.Consignee, Name: "=cmd|' /C calc'!A0"}}}
	return append(out, bare, long, formula)
}

const message = "UNB+UNOC:3+CRC+KG'UNH+1+CUSCAR:D:95B:UN'DTM+132:20261123:102'CNI+1+RAW1'GID+1+3:CT'FTX+AAA+++GENERAL \x01CARGO'MEA+AAE+G+KGM:500'UNT+5+1'"

// rawConsignment stands in the message, with the places of its fields.
func rawConsignment(now time.Time) *cargo.Consignment {
	at := func(field, text string) cargo.Mark {
		return cargo.Mark{Field: field, Span: cargo.Span{Offset: int64(strings.Index(message, text)), Length: len(text)}}
	}
	from := strings.Index(message, "CNI")
	return &cargo.Consignment{
		Document: cargo.TransportDocument{Number: "RAW1"}, Transport: cargo.TransportMeans{Mode: cargo.ModeRail}, Journey: cargo.Journey{Arrival: now},
		Goods: []cargo.GoodsItem{{Number: 1, Description: "GENERAL CARGO", Packages: 3, GrossMass: 500}},
		Source: cargo.Source{Import: 5, File: "манифест.edi", Format: "cuscar", Sender: "CRC", At: cargo.Span{Offset: int64(from), Length: strings.Index(message, "UNT") - from},
			Fields: []cargo.Mark{at("journey.arrival", "20261123"), at("document.number", "RAW1"), at("goods[0].description", "GENERAL \x01CARGO"), at("goods[0].gross_mass", "500")}},
	}
}

// busy is a desk with all the traffic.
func busy(t *testing.T) *desk {
	d := newDesk(t)
	d.files[5] = message
	d.save(d.scope, traffic(d.now)...)
	d.save(d.scope, rawConsignment(d.now))
	amended := traffic(d.now)[3]
	amended.Goods[0].Description, amended.Goods[0].GrossMass = "ELECTRONIC PARTS", 99
	amended.Equipment[0].Seals = []cargo.Seal{{Number: "NEW1", Party: "customs"}}
	d.save(d.scope, amended)
	d.save(d.other, &cargo.Consignment{Document: cargo.TransportDocument{Number: "SECRET"}, Parties: []cargo.Party{{Role: cargo.Consignee, Name: "Secret Party"}}})
	return d
}

// find returns the row of a document.
func (d *desk) find(number string) risk.Row {
	d.Helper()
	for _, r := range d.rows() {
		c, err := d.cargo.Get(context.Background(), d.scope.ID, r.Consignment)
		if err != nil {
			d.Fatal(err)
		}
		if c.Document.Number == number {
			return r
		}
	}
	d.Fatalf("there is no %s in the queue", number)
	return risk.Row{}
}
