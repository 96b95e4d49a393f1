package intakeweb

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"tidewaiter/internal/store/storetest"
)

const bearer = "Bearer open sesame"

func decode(t *testing.T, a answer) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(a.body), &m); err != nil {
		t.Fatalf("%v in %q", err, a.body)
	}
	return m
}

func TestTheAPITakesAFile(t *testing.T) {
	h := newHouse(t)
	h.viewer = nil
	a := h.do("POST", "/api/v1/imports?sender=ACME&name=m.edi", strings.NewReader(goodCUSCAR), "Authorization", bearer, "Content-Type", "application/octet-stream")
	a.has(t, http.StatusAccepted, `"name":"m.edi"`, `"via":"api"`, `"sender":"ACME"`)
	at := a.Header().Get("Location")
	storetest.Drain(t, h.bus)
	got := decode(t, h.get(at, "Authorization", bearer))
	if got["state"] != "done" || got["records"] != 2.0 || got["new"] != 1.0 || got["quarantined"] != 1.0 {
		t.Errorf("import: %v", got)
	}
	if id, ok := got["id"].(string); !ok || !strings.HasSuffix(at, "/"+id) {
		t.Errorf("id %v, want the text at the end of %s: a number would be rounded", got["id"], at)
	}
	again := decode(t, h.do("POST", "/api/v1/imports", strings.NewReader(goodCUSCAR), "Authorization", bearer))
	if again["known"] != true || again["id"] != got["id"] {
		t.Errorf("the same file: %v", again)
	}

	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "list.csv")
	if err != nil {
		t.Fatal(err)
	}
	part.Write([]byte(goodCSV))
	form.Close()
	h.do("POST", "/api/v1/imports", &b, "Authorization", bearer, "Content-Type", form.FormDataContentType()).
		has(t, http.StatusAccepted, `"name":"list.csv"`, `"state":"mapping"`)
	list := decode(t, h.get("/api/v1/imports?limit=1", "Authorization", bearer))
	if n := len(list["imports"].([]any)); n != 1 {
		t.Errorf("%d imports, want the newest only", n)
	}
	if got := h.acts(); got != "import.received import.received" {
		t.Errorf("the trail has %q", got)
	}
}

func TestTheAPIRefuses(t *testing.T) {
	h := newHouse(t)
	h.viewer = nil
	for _, c := range []struct {
		method, path, body, auth, kind string
		status                         int
	}{
		{"POST", "/api/v1/imports", goodCUSCAR, "", "", 401},
		{"POST", "/api/v1/imports", goodCUSCAR, "Bearer wrong", "", 401},
		{"GET", "/api/v1/imports", "", "", "", 401},
		{"GET", "/api/v1/imports/1", "", "", "", 401},
		{"GET", "/api/v1/imports/1", "", bearer, "", 404},
		{"GET", "/api/v1/imports/x", "", bearer, "", 422},
		{"GET", "/api/v1/imports?limit=100000", "", bearer, "", 422},
		{"POST", "/api/v1/imports", "--x--", bearer, "multipart/form-data; boundary=x", 422},
		{"POST", "/api/v1/imports", "nothing", bearer, "multipart/form-data", 422},
	} {
		a := h.do(c.method, c.path, strings.NewReader(c.body), "Authorization", c.auth, "Content-Type", c.kind)
		if a.Code != c.status || a.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d %s %s, want %d as problem+json", c.method, c.path, a.Code, a.Header().Get("Content-Type"), a.body, c.status)
		}
	}
	a := h.do("POST", "/api/v1/imports", strings.NewReader("%PDF-1.7"), "Authorization", bearer)
	a.has(t, http.StatusAccepted, `"state":"refused"`, "PDF")
}

func TestTheAPISpeaksTheLanguageAsked(t *testing.T) {
	h := newHouse(t)
	h.viewer = nil
	for _, c := range []struct{ path, auth, language, tag, says string }{
		{"/api/v1/imports/12345", bearer, "ru", "ru", "Импорта 12345 нет"},
		{"/api/v1/imports/12345", bearer, "ky-KG, en;q=0.5", "ky", "12345 импорту жок"},
		{"/api/v1/imports/12345", bearer, "fr", "en", "There is no import 12345"},
		{"/api/v1/imports/12345", "", "ru", "ru", "Нужен токен"},
	} {
		a := h.do("GET", c.path, nil, "Authorization", c.auth, "Accept-Language", c.language)
		detail, _ := decode(t, a)["detail"].(string)
		if !strings.HasPrefix(detail, c.says) || a.Header().Get("Content-Language") != c.tag {
			t.Errorf("%s in %s: %q in %q, want %q", c.path, c.language, detail, a.Header().Get("Content-Language"), c.says)
		}
	}
}

func TestTheAPIIsDescribed(t *testing.T) {
	h := newHouse(t)
	h.viewer = nil
	doc := decode(t, h.get("/api/v1/openapi.json"))
	if v, _ := doc["openapi"].(string); !strings.HasPrefix(v, "3.1") {
		t.Errorf("openapi %v", doc["openapi"])
	}
	paths := doc["paths"].(map[string]any)
	for _, p := range []string{"/api/v1/imports", "/api/v1/imports/{id}"} {
		if paths[p] == nil {
			t.Errorf("%s is not described", p)
		}
	}
}
