package intakeweb

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
	"tidewaiter/internal/web"
)

// house is a site with the pages of intake, on SQLite.
type house struct {
	t      *testing.T
	pages  *Pages
	bus    *bus.Bus
	scope  cargo.Scope
	unit   identity.Unit
	viewer *identity.Viewer // nil: nobody is signed in
	site   http.Handler
	db     *store.DB
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, db: storetest.Open(t, storetest.DSN(t, store.SQLite))}
	ctx := context.Background()
	p := &Pages{DB: h.db, Poll: 10 * time.Millisecond}
	registry := identity.Open(h.db, slog.New(slog.DiscardHandler))
	h.bus = storetest.StartBus(t, h.db, func(b *bus.Bus) {
		p.Cargo = cargo.NewConsignments(h.db, b)
		p.Imports = intake.NewImports(h.db, b, p.Cargo, evidence.NewFiles(h.db), registry.Audit, slog.New(slog.DiscardHandler))
	})
	p.Audit = registry.Audit
	unit, err := registry.Units.Ensure(identity.With(ctx, identity.Console(identity.Unit{})), identity.Unit{Code: "OSH", Name: "Osh", Country: "KG", Timezone: "Asia/Bishkek", Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	h.unit = unit
	if h.scope, err = p.Cargo.LiveScope(ctx, unit.ID); err != nil {
		t.Fatal(err)
	}
	h.pages = p
	h.viewer = &identity.Viewer{Officer: identity.Officer{ID: 7, Name: "Aida"}, Unit: unit, Role: identity.RoleOfficer, Address: "192.0.2.1"}
	site := web.NewSite(web.Options{Logger: slog.New(slog.DiscardHandler)})
	site.Use(h.middleware)
	p.Register(site)
	p.RegisterAPI(NewAPI(site, APIOptions{Authenticate: h.token}))
	h.site = site.Handler()
	return h
}

func (h *house) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.viewer != nil {
			r = r.WithContext(cargoweb.WithScope(identity.With(r.Context(), *h.viewer), h.scope))
		}
		next.ServeHTTP(w, r)
	})
}

// token lets in whoever knows the word.
func (h *house) token(r *http.Request) (context.Context, error) {
	if r.Header.Get("Authorization") != "Bearer open sesame" {
		return nil, identity.ErrNobody
	}
	v := identity.Viewer{Unit: h.unit, Role: identity.RoleOfficer}
	return cargoweb.WithScope(identity.With(r.Context(), v), h.scope), nil
}

// answer is what a request came to.
type answer struct {
	*httptest.ResponseRecorder
	body string
}

func (h *house) do(method, path string, body io.Reader, headers ...string) answer {
	h.t.Helper()
	r := httptest.NewRequest(method, path, body)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.site.ServeHTTP(w, r)
	return answer{w, strings.ReplaceAll(w.Body.String(), "\u00a0", " ")}
}

func (h *house) get(path string, headers ...string) answer {
	h.t.Helper()
	return h.do("GET", path, nil, headers...)
}

func (h *house) post(path string, form url.Values, headers ...string) answer {
	h.t.Helper()
	return h.do("POST", path, strings.NewReader(form.Encode()), append(headers, "Content-Type", "application/x-www-form-urlencoded")...)
}

// send sends files as the form of the page does: pairs of name and content.
func (h *house) send(sender string, files ...string) answer {
	h.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.WriteField("sender", sender)
	for i := 0; i+1 < len(files); i += 2 {
		part, err := form.CreateFormFile("files", files[i])
		if err != nil {
			h.t.Fatal(err)
		}
		io.WriteString(part, files[i+1])
	}
	form.Close()
	return h.do("POST", "/imports", &b, "Content-Type", form.FormDataContentType())
}

// take sends a file and waits until it is read; it returns the address of its import.
func (h *house) take(name, body string) string {
	h.t.Helper()
	a := h.send("", name, body)
	if a.Code != http.StatusSeeOther {
		h.t.Fatalf("send %s: %d %s", name, a.Code, a.body)
	}
	storetest.Drain(h.t, h.bus)
	return strings.TrimSuffix(a.Header().Get("Location"), "/mapping")
}

// has checks the status and that the page says all of these.
func (a answer) has(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.Code != status {
		t.Errorf("status %d, want %d: %.2000s", a.Code, status, a.body)
	}
	for _, s := range texts {
		if !strings.Contains(a.body, s) {
			t.Errorf("the page does not say %q", s)
		}
	}
}

// acts returns the acts on the trail, oldest first.
func (h *house) acts() string {
	h.t.Helper()
	rows, err := h.db.Read.Query(`SELECT act, object_kind, officer_id FROM identity_audit WHERE act LIKE 'import.%' OR act LIKE 'quarantine.%' ORDER BY id`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var act, kind string
		var officer int64
		if err := rows.Scan(&act, &kind, &officer); err != nil {
			h.t.Fatal(err)
		}
		out = append(out, act)
	}
	return strings.Join(out, " ")
}

var (
	inlineScript = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<]|\son[a-z]+=|javascript:`)
	inlineStyle  = regexp.MustCompile(`(?i)<style|\sstyle=`)
	untranslated = regexp.MustCompile(`>[^<]*\b(intake|web|cargo)\.[a-z]+[a-z.]*[^<]*<`)
)

// sound checks what holds for every page.
func sound(t *testing.T, name, body string) {
	t.Helper()
	for _, re := range []*regexp.Regexp{inlineScript, inlineStyle, untranslated} {
		if at := re.FindString(body); at != "" {
			t.Errorf("%s holds %q", name, at)
		}
	}
}

const goodCSV = "B/L number;Consignee;Packages;Gross weight, kg;Description of goods;Arrival\n" +
	"TW-1;Нурлан Трейд;10;1200,5;Рис;09.03.2026\nTW-2;<script>alert(1)</script>;ten;800;\"Чай; зелёный\";10.03.2026\nTW-3;Ак-Жол;4;abc;Мука;31.02.2026\n"

const goodCUSCAR = "UNB+UNOC:3+ACME LINE+ECA+260301:1010+1'\nUNH+1+CUSCAR:D:95B:UN'\nBGM+85+1+9'\nTDT+20+V1+1++ACME:172:166:ACME+++9074729:146::EVER'\n" +
	"CNI+1+ED1'\nRFF+BM:ED1'\nNAD+CZ++ACME TRADING:STREET 1:SHANGHAI'\nGID+1+10:BG'\nFTX+AAA+++RICE'\nMEA+AAE+G+KGM:100'\n" +
	"CNI+2+ED2'\nRFF+BM:ED2'\nGID+1+10:BG'\nFTX+AAA+++SPARE PARTS'\nMEA+AAE+G+KGM:ten'\nUNT+13+1'\nUNZ+1+1'\n"
