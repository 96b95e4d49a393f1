package caseweb_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseweb"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
	"tidewaiter/internal/web"
)

// desk is a served site of a unit at work, and of another unit that may see nothing of it.
type desk struct {
	*testing.T
	*casework.Cases
	db     *store.DB
	bus    *bus.Bus
	reg    *identity.Registry
	units  map[cargo.ScopeID]identity.Unit
	scopes map[string]cargo.Scope // by officer
	views  map[string]identity.Viewer
	server *httptest.Server
	keys   int
	pages  *caseweb.Pages
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, db: storetest.Open(t, storetest.DSN(t, store.SQLite)), units: map[cargo.ScopeID]identity.Unit{},
		scopes: map[string]cargo.Scope{}, views: map[string]identity.Viewer{}}
	d.reg = identity.Open(d.db, slog.New(slog.DiscardHandler), identity.WithCost(identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}))
	codes := reference.Embedded()
	var assessments *risk.Assessments
	d.bus = storetest.StartBus(t, d.db, func(b *bus.Bus) {
		keep := cargo.NewConsignments(d.db, b)
		assessments = risk.NewAssessments(d.db, b, keep, risk.Reference{Places: risk.DirectoryPlaces(codes)})
		d.Cases = casework.New(casework.Needs{DB: d.db, Bus: b, Cargo: keep, Risk: assessments, Files: evidence.NewFiles(d.db),
			Officers: d.reg.Officers, Audit: d.reg.Audit, Unit: d.unitOf})
	})
	d.people()
	d.pages = caseweb.New(caseweb.Options{Cases: d.Cases, Reference: codes, Exports: func(_ context.Context, k *casework.Case) []web.Link {
		return []web.Link{{Label: "PDF", Href: fmt.Sprintf("/cases/%d/file.pdf", k.ID)}}
	}})
	d.serve(riskweb.New(riskweb.Options{Assessments: assessments, Cargo: d.Cargo, Reference: codes, Audit: trail{d}, Work: d.pages}))
	return d
}

// trail is what the pages of risk record on.
type trail struct{ *desk }

func (t trail) Saw(ctx context.Context, kind string, ids ...string) error {
	return t.reg.Audit.Saw(ctx, kind, ids...)
}

func (t trail) Record(ctx context.Context, e identity.Entry) error {
	return t.reg.Audit.Record(ctx, t.db.Write, e)
}

func (d *desk) unitOf(_ context.Context, scope cargo.ScopeID) (identity.Unit, error) {
	if u, ok := d.units[scope]; ok {
		return u, nil
	}
	return identity.Unit{}, fault.New(fault.NotFound, "there is no such traffic")
}

// people are two officers and the head of a unit, and an officer of another one.
func (d *desk) people() {
	console := identity.With(context.Background(), identity.Console(identity.Unit{}))
	for _, u := range []struct {
		code, country string
		officers      map[string]identity.Role
	}{
		{"KGOSS-PCU", "KG", map[string]identity.Role{"aigul": identity.RoleOfficer, "bakyt": identity.RoleOfficer, "head": identity.RoleHead}},
		{"EGALY-PCU", "EG", map[string]identity.Role{"stranger": identity.RoleHead}},
	} {
		unit, err := d.reg.Units.Ensure(console, identity.Unit{Code: u.code, Name: u.code, Country: u.country, Timezone: "Asia/Bishkek", Language: "en"})
		d.ok(err)
		scope, err := d.Cargo.LiveScope(console, unit.ID)
		d.ok(err)
		d.ok(d.Risk.SetUp(console, scope.ID, u.country))
		d.units[scope.ID] = unit
		for name, role := range u.officers {
			o, _, err := d.reg.Officers.Add(console, unit.ID, identity.NewOfficer{Username: name, Name: names[name], Language: "en", Role: role, Password: "vessel-anchor-rope"})
			d.ok(err)
			d.views[name], err = d.reg.Officers.Viewer(console, o.ID, unit.ID)
			d.ok(err)
			d.scopes[name] = scope
		}
	}
}

var names = map[string]string{"aigul": "Айгүл Токтосунова", "bakyt": "Бакыт Осмонов", "head": "Нурлан Абдыкадыров", "stranger": "Samir Hassan"}

// as is the context in which an officer works.
func (d *desk) as(officer string) context.Context {
	return cargoweb.WithScope(identity.With(context.Background(), d.views[officer]), d.scopes[officer])
}

func (d *desk) scope() cargo.ScopeID { return d.scopes["aigul"].ID }

func (d *desk) ok(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// serve answers requests as the officer who is named in the header or cookie Officer.
func (d *desk) serve(queue *riskweb.Pages) {
	site := web.NewSite(web.Options{Logger: slog.New(slog.DiscardHandler), Frame: func(ctx context.Context) web.Frame {
		return web.Frame{Unit: "KGOSS-PCU", Officer: "Айгүл", Nav: append(append(riskweb.Nav(ctx), d.pages.Nav(ctx)...), caseweb.SettingsNav(ctx)...)}
	}})
	site.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := r.Context()
			name := r.Header.Get("Officer")
			if c, err := r.Cookie("officer"); err == nil {
				name = c.Value
			}
			if v, ok := d.views[name]; ok {
				ctx = web.SetZone(web.SetOwner(cargoweb.WithScope(identity.With(ctx, v), d.scopes[name]), name), v.Unit.Location())
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	})
	require := func(a identity.Action, h web.Handler) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			if _, err := identity.May(r.Context(), a); err != nil {
				return err
			}
			return h(w, r)
		}
	}
	queue.Routes(site, require)
	d.pages.Routes(site, require)
	d.server = httptest.NewServer(site.Handler())
	d.Cleanup(d.server.Close)
}

// answer is what the server said.
type answer struct {
	status int
	body   string
	header http.Header
}

func (d *desk) send(r *http.Request, officer, lang string) answer {
	d.Helper()
	r.Header.Set("Officer", officer)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "lang", Value: lang})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	d.ok(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	d.ok(err)
	return answer{res.StatusCode, string(body), res.Header}
}

func (d *desk) ask(path, officer, lang string) answer {
	d.Helper()
	r, err := http.NewRequest(http.MethodGet, d.server.URL+path, nil)
	d.ok(err)
	return d.send(r, officer, lang)
}

func (d *desk) get(path string) answer {
	d.Helper()
	a := d.ask(path, "aigul", "en")
	if a.status != http.StatusOK {
		d.Fatalf("GET %s: %d\n%s", path, a.status, a.body)
	}
	return a
}

func (d *desk) post(path, officer string, pairs ...string) answer {
	d.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequest(http.MethodPost, d.server.URL+path, strings.NewReader(form.Encode()))
	d.ok(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return d.send(r, officer, "en")
}

// file is one file of a form.
type file struct {
	field, name string
	body        []byte
}

func (d *desk) upload(path, officer string, files []file, pairs ...string) answer {
	d.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		d.ok(form.WriteField(pairs[i], pairs[i+1]))
	}
	for _, f := range files {
		part, err := form.CreateFormFile(f.field, f.name)
		d.ok(err)
		_, err = part.Write(f.body)
		d.ok(err)
	}
	d.ok(form.Close())
	r, err := http.NewRequest(http.MethodPost, d.server.URL+path, &body)
	d.ok(err)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return d.send(r, officer, "en")
}

// photo is a small JPEG that differs by its shade.
func (d *desk) photo(shade uint8) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 160, 120))
	for x := range 160 {
		for y := range 120 {
			img.Set(x, y, color.RGBA{shade, uint8(x), uint8(y), 255})
		}
	}
	var out bytes.Buffer
	d.ok(jpeg.Encode(&out, img, nil))
	return out.Bytes()
}

// newUUID is the key of another form.
func (d *desk) newUUID() string {
	d.keys++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", d.keys)
}

func (d *desk) save(officer string, cs ...*cargo.Consignment) {
	d.Helper()
	d.ok(d.db.InTx(context.Background(), func(tx *sql.Tx) error {
		_, err := d.Cargo.Save(context.Background(), tx, d.scopes[officer].ID, cs)
		return err
	}))
	storetest.Drain(d.T, d.bus)
}

// consignment returns the id of a document.
func (d *desk) consignment(number string) int64 {
	d.Helper()
	hits, err := d.Cargo.Find(context.Background(), d.scope(), number, 10)
	d.ok(err)
	for _, h := range hits {
		if h.Kind == cargo.KeyDocument && len(h.Value) == len(number) {
			return h.Consignment
		}
	}
	d.Fatalf("there is no consignment %s", number)
	return 0
}

func (d *desk) id(number string) string { return strconv.FormatInt(d.consignment(number), 10) }

// open opens a case and returns its address.
func (d *desk) open(officer string, numbers ...string) string {
	d.Helper()
	var ids []int64
	for _, n := range numbers {
		ids = append(ids, d.consignment(n))
	}
	done, err := d.Open(d.as(officer), d.scope(), casework.Opening{Consignments: ids, Origin: casework.FromQueue})
	d.ok(err)
	return "/cases/" + strconv.FormatInt(done.Case, 10)
}

// load returns the case at an address.
func (d *desk) load(path string) *casework.Case {
	d.Helper()
	id, err := strconv.ParseInt(strings.Split(path, "/")[2], 10, 64)
	d.ok(err)
	k, err := d.Case(d.as("head"), d.scope(), id)
	d.ok(err)
	return k
}

func (d *desk) version(path string) string { return strconv.Itoa(d.load(path).Version) }

var formAction = regexp.MustCompile(`(?s)<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>`)
var hidden = regexp.MustCompile(`<input type="hidden" name="(version|key)" value="([^"]*)"`)

// fill returns the version and key of a form as a page shows it, and its further fields.
func (d *desk) fill(page, action string, pairs ...string) []string {
	d.Helper()
	for _, m := range formAction.FindAllStringSubmatch(page, -1) {
		if m[1] == action {
			for _, h := range hidden.FindAllStringSubmatch(m[2], -1) {
				pairs = append(pairs, h[1], h[2])
			}
			return pairs
		}
	}
	d.Fatalf("the page has no form for %s", action)
	return nil
}

const longName = `Общество с ограниченной ответственностью «Өзгөн Транс Логистик Сервис Центр имени Ысык-Көлдүн жээгиндеги соода кызматтары»`

// traffic is what a unit gets: containers with and without seals, a reefer, loose goods,
// long names and hostile text.
func traffic() []*cargo.Consignment {
	var out []*cargo.Consignment
	now := time.Now()
	for n := range 12 {
		c := &cargo.Consignment{
			Document:  cargo.TransportDocument{Number: fmt.Sprintf("CASE%04d", n), Kind: cargo.DocumentMaster, Issued: now.AddDate(0, 0, -20)},
			Nature:    cargo.NatureImport,
			Transport: cargo.TransportMeans{Mode: cargo.Modes[n%4], ID: fmt.Sprintf("01KG%03dABC", n)},
			Journey: cargo.Journey{Departure: now.AddDate(0, 0, -9), Arrival: now.AddDate(0, 0, n%5), Places: []cargo.Place{
				{Role: cargo.PlaceLoading, Code: []string{"CNSHA", "ECGYE", "AEJEA"}[n%3]}, {Role: cargo.PlaceUnloading, Code: "KGOSS"}}},
			Parties: []cargo.Party{{Role: cargo.Consignor, Name: fmt.Sprintf("Trading House %d Co., Ltd", n%5), Country: "CN"},
				{Role: cargo.Consignee, Name: fmt.Sprintf("ОсОО «Ак-Жол %d»", n%7), Country: "KG"}},
			Goods: []cargo.GoodsItem{{Number: 1, Description: []string{"GENERAL CARGO", "Подшипники шариковые", "FRESH BANANAS"}[n%3], HS: []string{"", "848210", "080390"}[n%3],
				Packages: 10 + n, GrossMass: 1000 * float64(n+1), NetMass: 900 * float64(n+1), Value: cargo.Money{Amount: 500 * float64(n), Currency: "USD"}}},
			Equipment: []cargo.Equipment{{Number: fmt.Sprintf("MSCU%06d%d", n*7, n%10), SizeType: []string{"45G1", "22R1", "22G1"}[n%3], Fullness: cargo.FCL,
				Seals: []cargo.Seal{{Number: fmt.Sprintf("SEAL%d", n)}}}},
			Totals: cargo.Totals{Packages: 10 + n, GrossMass: 1000 * float64(n+1), Containers: 1},
		}
		out = append(out, c)
	}
	long := &cargo.Consignment{Document: cargo.TransportDocument{Number: "LONG/" + strings.Repeat("9", 50)},
		Parties: []cargo.Party{{Role: cargo.Consignee, Name: longName}, {Role: cargo.Consignor, Name: `<script>alert("x")</script>`}},
		Goods:   []cargo.GoodsItem{{Number: 1, Description: "Товар: запасные части для машин, не поименованные в другом месте", GrossMass: 10}}}
	return append(out, long)
}

// busy is a desk with traffic.
func busy(t *testing.T) *desk {
	d := newDesk(t)
	d.save("aigul", traffic()...)
	d.save("stranger", &cargo.Consignment{Document: cargo.TransportDocument{Number: "SECRET"}})
	return d
}

// worked is a case in which everything has happened, and its address.
func (d *desk) worked() string {
	d.Helper()
	path := d.open("aigul", "CASE0001", "LONG/"+strings.Repeat("9", 50))
	k := d.load(path)
	ctx := d.as("aigul")
	at := func() casework.Ref {
		return casework.Ref{Scope: k.Scope, Case: k.ID, Saw: d.load(path).Version}
	}
	must := func(_ casework.Done, err error) { d.Helper(); d.ok(err) }
	must(d.Hold(ctx, at(), casework.Reason{Code: "suspicion", Words: "<script>alert(1)</script> the floor is new"}))
	must(d.PlanExamination(ctx, at(), casework.Plan{Place: "Темир жол кампасы 2", At: time.Now().Add(time.Hour), Until: time.Now().Add(3 * time.Hour),
		Team: []int64{d.views["aigul"].Officer.ID, d.views["bakyt"].Officer.ID}, Words: "Болторез"}))
	must(d.OrderExamination(ctx, at()))
	items := d.load(path).Examination.Items
	must(d.CheckItem(ctx, at(), casework.Entry{Item: items[0].ID, State: casework.ItemInOrder}))
	must(d.CheckItem(d.as("bakyt"), at(), casework.Entry{Item: items[0].ID, State: casework.ItemNotInOrder, Words: "The number inside is another one"}))
	for _, i := range items {
		if i.Input == casework.InputSeal {
			must(d.CheckItem(ctx, at(), casework.Entry{Item: i.ID, State: casework.ItemInOrder, Seal: &casework.SealRecord{Number: i.Subject, View: true, Verify: true, Tug: true, Twist: true}}))
		}
	}
	must(d.Note(ctx, at(), "Look at the floor, @bakyt.\nIt was painted."))
	must(d.AddTask(ctx, at(), casework.NewTask{Text: "Ask the carrier for the stowage plan", For: d.views["bakyt"].Officer.ID, Due: time.Now().Add(24 * time.Hour)}))
	must(d.AddTask(ctx, at(), casework.NewTask{Text: "Done already"}))
	must(d.CloseTask(ctx, at(), d.load(path).Tasks[1].Seq))
	must(d.SetDeadline(ctx, at(), time.Now().Add(-48*time.Hour)))
	must(d.Attach(ctx, at(), casework.Upload{Name: "floor.jpg", Caption: "The floor", Item: items[0].ID, Consignment: items[0].Consignment}, bytes.NewReader(d.photo(9))))
	stale := at()
	stale.Saw = 1
	if _, err := d.Hold(d.as("bakyt"), stale, casework.Reason{Code: "intelligence", Words: "Told by the line"}); !fault.Is(err, fault.Conflict) {
		d.Fatalf("an act on version 1: %v", err)
	}
	must(d.RecordOutcome(ctx, at(), casework.Outcome{Consignment: d.consignment("CASE0001"), Method: casework.Full, Result: casework.Seizure, Arrests: 2, Words: "Behind the front wall",
		Photos: []int{d.load(path).Attachments[0].Seq},
		Goods: []casework.FoundGoods{{Category: casework.Tobacco, Description: "Сигареты без акцизных марок", Quantity: 120000, Unit: casework.Stick,
			Value: cargo.Money{Amount: 9600, Currency: "USD"}, Concealment: "false-wall", Position: "front-wall"}}}))
	return path
}
