package resultweb_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/resultweb"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
	"tidewaiter/internal/web"
)

// desk is a unit at work behind a served site, and another unit that may see nothing.
type desk struct {
	*testing.T
	db     *store.DB
	bus    *bus.Bus
	reg    *identity.Registry
	cases  *casework.Cases
	units  [2]identity.Unit
	scopes [2]cargo.Scope
	people [2]identity.Viewer // aigul of the first, stranger of the second
	raw    raw
	server *httptest.Server

	mu sync.Mutex
	at time.Time
}

// raw are files by import; they are the first unit's.
type raw struct {
	scope cargo.ScopeID
	files map[int64]string
}

func (f raw) Excerpt(_ context.Context, scope cargo.ScopeID, id, offset int64, length int) ([]byte, error) {
	text, kept := f.files[id]
	if !kept || scope != f.scope {
		return nil, fault.New(fault.NotFound, "no such file")
	}
	return []byte(text[offset : int(offset)+length]), nil
}

const day = 24 * time.Hour

func newDesk(t *testing.T, db *store.DB) *desk {
	t.Helper()
	d := &desk{T: t, db: db, at: time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)}
	db.SetClock(d.clock)
	d.reg = identity.Open(db, slog.New(slog.DiscardHandler), identity.WithCost(identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}))
	d.bus = storetest.StartBus(t, db, func(b *bus.Bus) {
		keep := cargo.NewConsignments(db, b)
		d.cases = casework.New(casework.Needs{
			DB: db, Bus: b, Cargo: keep, Risk: risk.NewAssessments(db, b, keep, risk.Reference{}), Files: evidence.NewFiles(db),
			Officers: d.reg.Officers, Audit: d.reg.Audit, Unit: d.unitOf,
		})
	})
	console := identity.With(context.Background(), identity.Console(identity.Unit{}))
	for i, u := range []struct{ code, name, country, officer string }{
		{"KGOSS-PCU", "Ош", "KG", "Айгүл Өмүрова"}, {"EGALY-PCU", "Alexandria", "EG", "stranger"},
	} {
		var err error
		d.units[i], err = d.reg.Units.Ensure(console, identity.Unit{Code: u.code, Name: u.name, Country: u.country, Timezone: "Asia/Bishkek", Language: "en"})
		d.ok(err)
		d.scopes[i], err = d.cases.Cargo.LiveScope(console, d.units[i].ID)
		d.ok(err)
		d.ok(d.cases.Risk.SetUp(console, d.scopes[i].ID, u.country))
		o, _, err := d.reg.Officers.Add(console, d.units[i].ID, identity.NewOfficer{
			Username: fmt.Sprintf("officer%d", i), Name: u.officer, Language: "en", Role: identity.RoleHead, Password: "vessel-anchor-rope"})
		d.ok(err)
		d.people[i], err = d.reg.Officers.Viewer(console, o.ID, d.units[i].ID)
		d.ok(err)
	}
	d.raw = raw{d.scopes[0].ID, map[int64]string{}}
	d.quiet()
	d.serve()
	return d
}

// quiet lets nothing be examined by its score until a test says so.
func (d *desk) quiet() {
	set, err := d.cases.Risk.Settings(d.as(0), d.scopes[0].ID)
	d.ok(err)
	set.Capacity = risk.Capacity{ExamineFloor: 100, LookFloor: 100}
	set.Draw.Share, set.Reason = 0, "for the test"
	_, err = d.cases.Risk.SaveSettings(d.as(0), d.scopes[0].ID, set)
	d.ok(err)
}

func (d *desk) as(unit int) context.Context {
	return identity.With(context.Background(), d.people[unit])
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) turn(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

func (d *desk) unitOf(_ context.Context, scope cargo.ScopeID) (identity.Unit, error) {
	for i, s := range d.scopes {
		if s.ID == scope {
			return d.units[i], nil
		}
	}
	return identity.Unit{}, fault.New(fault.NotFound, "no such scope")
}

func (d *desk) ok(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// serve answers as the officer of the unit in the header or cookie "unit"; without one as
// nobody.
func (d *desk) serve() {
	site := web.NewSite(web.Options{Logger: slog.New(slog.DiscardHandler), Frame: func(ctx context.Context) web.Frame {
		return web.Frame{Nav: resultweb.Nav(ctx)}
	}})
	site.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := r.Context()
			unit := r.Header.Get("Unit")
			if c, err := r.Cookie("unit"); err == nil {
				unit = c.Value
			}
			if unit == "0" || unit == "1" {
				i := int(unit[0] - '0')
				ctx = cargoweb.WithScope(identity.With(ctx, d.people[i]), d.scopes[i])
				zone, err := time.LoadLocation("Asia/Bishkek")
				d.ok(err)
				ctx = web.SetZone(ctx, zone)
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	})
	pages := resultweb.New(resultweb.Options{Cases: d.cases, Reference: reference.Embedded(), Raw: d.raw})
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

type answer struct {
	status int
	body   []byte
	header http.Header
}

// ask gets an address as the officer of a unit; -1 is nobody.
func (d *desk) ask(path string, unit int, lang string) answer {
	d.Helper()
	r, err := http.NewRequest("GET", d.server.URL+path, nil)
	d.ok(err)
	r.Header.Set("Unit", fmt.Sprint(unit))
	r.AddCookie(&http.Cookie{Name: "lang", Value: lang})
	res, err := http.DefaultClient.Do(r)
	d.ok(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	d.ok(err)
	return answer{res.StatusCode, body, res.Header}
}

func (d *desk) get(path, lang string) answer {
	d.Helper()
	a := d.ask(path, 0, lang)
	if a.status != http.StatusOK {
		d.Fatalf("GET %s: %d\n%s", path, a.status, a.body)
	}
	return a
}

// consignment is a plain one of one container.
func consignment(number, from string) *cargo.Consignment {
	return &cargo.Consignment{
		Document:  cargo.TransportDocument{Number: number, Type: "705"},
		Transport: cargo.TransportMeans{Mode: cargo.ModeRail},
		Journey: cargo.Journey{Arrival: time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC), Places: []cargo.Place{
			{Role: cargo.PlaceLoading, Code: from}, {Role: cargo.PlaceUnloading, Code: "KGOSS"}}},
		Parties: []cargo.Party{{Role: cargo.Consignor, Name: "=HYPERLINK(\"http://x\")", Address: "8 Harbour Road", Country: "CN"},
			{Role: cargo.Consignee, Name: "ОсОО «Өзгөн Ңурлан Трейд»", Address: "Ленина 4", Country: "KG"}},
		Goods: []cargo.GoodsItem{{Number: 1, Description: "ceramic floor tiles", HS: "690721", Packages: 20, GrossMass: 20602}},
		Equipment: []cargo.Equipment{{Number: "TGCU0235724", SizeType: "22G1", Fullness: cargo.FCL,
			Seals: []cargo.Seal{{Number: "SEAL77"}}}},
	}
}

func (d *desk) save(unit int, batch ...*cargo.Consignment) (ids []int64) {
	d.Helper()
	d.ok(d.db.InTx(context.Background(), func(tx *sql.Tx) error {
		_, err := d.cases.Cargo.Save(context.Background(), tx, d.scopes[unit].ID, batch)
		return err
	}))
	storetest.Drain(d.T, d.bus)
	for _, c := range batch {
		ids = append(ids, c.ID)
	}
	return ids
}

// ref follows a case through its versions.
type ref struct {
	*desk
	casework.Ref
}

func (d *desk) open(unit int, ids ...int64) *ref {
	d.Helper()
	done, err := d.cases.Open(d.as(unit), d.scopes[unit].ID, casework.Opening{Consignments: ids, Origin: casework.FromQueue})
	d.ok(err)
	return &ref{d, casework.Ref{Scope: d.scopes[unit].ID, Case: done.Case, Saw: done.Version}}
}

func (r *ref) did(done casework.Done, err error) casework.Done {
	r.Helper()
	r.ok(err)
	r.Saw = done.Version
	return done
}

func (r *ref) conclude(o casework.Outcome) {
	r.Helper()
	ctx := r.as(0)
	r.did(r.cases.RecordOutcome(ctx, r.Ref, o))
	end := casework.Conclusion{Ending: casework.Released, Reason: casework.Reason{Code: "examined-clear"}}
	if o.Result == casework.Seizure || o.Result == casework.Irregularity {
		end = casework.Conclusion{Ending: casework.Found, Reason: casework.Reason{Code: "seized"}}
	}
	r.did(r.cases.Conclude(ctx, r.Ref, end))
}

// tobacco is a seizure of cigarettes.
func tobacco(id int64, sticks float64) casework.Outcome {
	return casework.Outcome{Consignment: id, Method: casework.Full, Result: casework.Seizure, Arrests: 1, Words: "За плиткой.",
		Goods: []casework.FoundGoods{{Category: casework.Tobacco, Description: "=1+1 сигареты", Quantity: sticks, Unit: casework.Stick,
			Value: cargo.Money{Amount: 4500, Currency: "USD"}, Concealment: "among-goods", Position: "load-middle"}}}
}

func nothing(id int64) casework.Outcome {
	return casework.Outcome{Consignment: id, Method: casework.Partial, Result: casework.NothingFound}
}

// months works through days of examinations: n of them, each third finds cigarettes. It
// ends on the day of the last one.
func (d *desk) months(n int) {
	d.Helper()
	var batch []*cargo.Consignment
	for i := range n {
		batch = append(batch, consignment(fmt.Sprintf("DOC%05d", i), []string{"CNSHA", "CNURC", "AEJEA"}[i%3]))
	}
	for i, id := range d.save(0, batch...) {
		r := d.open(0, id)
		if i%3 == 0 {
			r.conclude(tobacco(id, 1000))
		} else {
			r.conclude(nothing(id))
		}
		d.turn(day)
	}
}

const paperPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

const message = "UNB+UNOC:3+CRC+KG'UNH+1+CUSCAR:D:95B:UN'CNI+1+RAW1'GID+1+3:CT'FTX+AAA+++СЕКРЕТ'UNT+5+1'"

// full opens a case in which everything was done that can be done.
func (d *desk) full() *ref {
	d.Helper()
	c := consignment("RAW/1 ..\\evil", "CNSHA")
	from := strings.Index(message, "CNI")
	d.raw.files[5] = message
	c.Source = cargo.Source{Import: 5, File: "манифест.edi", Format: "cuscar", Sender: "CRC", At: cargo.Span{Offset: int64(from), Length: strings.Index(message, "UNT") - from}}
	other := consignment("DOC-2", "CNURC")
	ids := d.save(0, c, other)
	ctx := d.as(0)
	r := d.open(0, ids...)
	d.turn(time.Hour)
	r.did(d.cases.Hold(ctx, r.Ref, casework.Reason{Code: "suspicion", Words: "Пломба не та, что в документах."}))
	r.did(d.cases.Note(ctx, r.Ref, "Көңүл буруңуздар: ң, ө, ү."))
	r.did(d.cases.PlanExamination(ctx, r.Ref, casework.Plan{Place: "Terminal 2", Team: []int64{d.people[0].Officer.ID}, At: d.clock()}))
	k, err := d.cases.Case(ctx, r.Scope, r.Case)
	d.ok(err)
	for i, item := range k.Examination.Items[:3] {
		e := casework.Entry{Item: item.ID, State: casework.ItemInOrder}
		if item.Input == casework.InputSeal {
			e.Seal = &casework.SealRecord{Number: "SEAL77", View: true, Verify: true, Tug: true, Twist: true}
		}
		if i == 0 {
			e.State, e.Words = casework.ItemNotInOrder, "Номер закрашен."
		}
		r.did(d.cases.CheckItem(ctx, r.Ref, e))
	}
	r.did(d.cases.Attach(ctx, r.Ref, casework.Upload{Name: "../../Фото дверей.jpg", Caption: "Двери", Consignment: ids[0]}, bytes.NewReader(photo(d.T))))
	r.did(d.cases.Attach(ctx, r.Ref, casework.Upload{Name: "invoice.pdf"}, strings.NewReader(paperPDF)))
	r.did(d.cases.RecordOutcome(ctx, r.Ref, nothing(ids[1])))
	r.did(d.cases.RecordOutcome(ctx, r.Ref, tobacco(ids[0], 5000)))
	r.did(d.cases.Conclude(ctx, r.Ref, casework.Conclusion{Ending: casework.Found, Reason: casework.Reason{Code: "seized"}}))
	d.turn(time.Hour)
	corrected := tobacco(ids[0], 5200)
	corrected.Correction = "Counted again at the store."
	r.did(d.cases.RecordOutcome(ctx, r.Ref, corrected))
	r.did(d.cases.Addendum(ctx, r.Ref, "Передано следователю."))
	return r
}

// broken gets an address and returns the error of reading its answer to the end.
func (d *desk) broken(path string) error {
	d.Helper()
	r, err := http.NewRequest("GET", d.server.URL+path, nil)
	d.ok(err)
	r.Header.Set("Unit", "0")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// length gets an address and returns how long its answer is.
func (d *desk) length(path string) int64 {
	d.Helper()
	r, err := http.NewRequest("GET", d.server.URL+path, nil)
	d.ok(err)
	r.Header.Set("Unit", "0")
	res, err := http.DefaultClient.Do(r)
	d.ok(err)
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	d.ok(err)
	return n
}
