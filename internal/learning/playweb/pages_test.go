package playweb_test

import (
	"net/http"
	"strings"
	"testing"

	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// A package that breaks a rule is refused next to the field, with the place, in the
// officer's language.
func TestARefusedPackage(t *testing.T) {
	s := newSchool(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	for _, c := range []struct {
		name  string
		body  []byte
		wants string
	}{
		{"slip", archive("cmi5.xml", courseOf("index.html", ""), "../../etc/passwd", "x"), "unsafe path"},
		{"bomb", archive("cmi5.xml", courseOf("index.html", ""), "index.html", strings.Repeat("\x00", 64<<20)), "far more than it holds"},
		{"entity", archive("cmi5.xml", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>`+courseOf("index.html", "")), "document type"},
		{"no file", archive("cmi5.xml", courseOf("index.html", "")), "cmi5.xml, line 2, &lt;url&gt;"},
		{"nothing", []byte("hello"), "neither a zip archive"},
	} {
		a := s.upload("head", c.name, c.body)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.wants) || !strings.Contains(a.body, `href="#file"`) {
			t.Errorf("%s: %d\n%s", c.name, a.status, a.body)
		}
	}
	if a := s.upload("aigul", "x.zip", archive("cmi5.xml", courseOf("https://example.org/", ""))); a.status != http.StatusForbidden {
		t.Errorf("an officer brings a package in: %d", a.status)
	}
	if list := s.ask("head", http.MethodGet, "/packages"); !strings.Contains(list.body, "There are no packages") {
		t.Error("something of what was refused is there")
	}
}

// Another unit's packages and sessions are not found.
func TestOthersFindNothing(t *testing.T) {
	s := newSchool(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	page := s.bring("imsmanifest.xml", manifest12, "index.html", "")
	played := s.ask("aigul", http.MethodPost, page+"/units/1/launch").header.Get("Location")
	if played == "" {
		t.Fatal("no session")
	}
	for _, c := range []struct{ method, path string }{
		{http.MethodGet, page}, {http.MethodPost, page + "/units/1/launch"}, {http.MethodPost, page + "/remove"}, {http.MethodGet, played},
		{http.MethodPost, played + "/leave"},
	} {
		if a := s.ask("stranger", c.method, c.path); a.status != http.StatusNotFound {
			t.Errorf("%s %s: %d", c.method, c.path, a.status)
		}
		if a := s.ask("nobody", c.method, c.path); a.status == http.StatusOK || a.status == http.StatusSeeOther {
			t.Errorf("%s %s by nobody: %d", c.method, c.path, a.status)
		}
	}
}

// The origin of the content answers to secrets only, and says how far its content reaches.
func TestTheOriginOfTheContent(t *testing.T) {
	s := newSchool(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	page := s.bring("imsmanifest.xml", manifest12, "index.html", "<p>hello</p>", "data.weird", "x")
	played := s.ask("aigul", http.MethodPost, page+"/units/1/launch").header.Get("Location")
	body := s.ask("aigul", http.MethodGet, played).body
	at := strings.Index(body, s.contentURL()+"/frame/")
	if at < 0 {
		t.Fatalf("no frame in the page:\n%s", body)
	}
	secret, _, _ := strings.Cut(body[at+len(s.contentURL()+"/frame/"):], `"`)
	get := func(path string) answer {
		r, err := http.NewRequest(http.MethodGet, s.content.URL+path, nil)
		s.ok(err)
		return s.send(r)
	}
	for path, kind := range map[string]string{"/files/" + secret + "/index.html": "text/html", "/files/" + secret + "/data.weird": "application/octet-stream", "/frame/" + secret: "text/html"} {
		a := get(path)
		policy := a.header.Get("Content-Security-Policy")
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), kind) || a.header.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(policy, "sandbox allow-scripts") || strings.Contains(policy, "allow-top-navigation") || !strings.Contains(policy, "frame-ancestors ") ||
			!strings.Contains(policy, s.pages.URL) || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
	}
	for _, path := range []string{"/", "/packages", "/files/", "/files/" + secret + "/", "/files/" + secret + "/none", "/files/wrong/index.html", "/files/" + secret + "/..%2f..%2fetc/passwd",
		"/frame/wrong", "/sign-in", "/api/v1/packages", "/xapi/about"} {
		if a := get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// An asset has no run time: to have opened it completes it, and the page leads back.
func TestAnAsset(t *testing.T) {
	s := newSchool(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	page := s.bring("imsmanifest.xml", strings.Replace(manifest12, `scormtype="sco"`, `scormtype="asset"`, 1), "index.html", "<p>a paper</p>")
	played := s.ask("aigul", http.MethodPost, page+"/units/1/launch").header.Get("Location")
	if a := s.ask("aigul", http.MethodGet, played); a.status != http.StatusOK || !strings.Contains(a.header.Get("Content-Security-Policy"), "frame-src "+s.contentURL()) {
		t.Fatalf("play: %d %v", a.status, a.header)
	}
	if a := s.ask("aigul", http.MethodPost, played+"/leave"); a.status != http.StatusSeeOther || a.header.Get("Location") != page {
		t.Errorf("leave: %d %v", a.status, a.header)
	}
	if a := s.ask("aigul", http.MethodGet, page); !strings.Contains(a.body, "Completed") {
		t.Errorf("not completed:\n%s", a.body)
	}
	if a := s.ask("head", http.MethodGet, page); !strings.Contains(a.body, "AIGUL") || !strings.Contains(a.body, "1/1") {
		t.Errorf("the head does not see it:\n%s", a.body)
	}
	if a := s.ask("head", http.MethodPost, page+"/remove"); a.status != http.StatusSeeOther {
		t.Errorf("remove: %d", a.status)
	}
	if a := s.ask("aigul", http.MethodGet, page); a.status != http.StatusNotFound {
		t.Errorf("a removed package: %d", a.status)
	}
}
