package certificateweb_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tidewaiter/internal/learning/certificate"
	"tidewaiter/internal/learning/certificate/badge"
)

const home = badge.Home("https://learn.example.org")

func TestMine(t *testing.T) {
	d := newDesk(t, home)
	d.get("officer", "/certificates").want(t, "before the first", http.StatusOK, "You have no certificate yet")
	one := d.issue("officer")
	page := fmt.Sprintf("/certificates/%d", one.ID)
	d.get("officer", "/certificates").want(t, "mine", http.StatusOK, "Seals and their manipulation", certificate.Spaced(one.Number), page, "23 Nov 2026")
	d.get("colleague", "/certificates").lacks(t, "a colleague's", certificate.Spaced(one.Number))
	mine := d.get("officer", page)
	mine.want(t, "mine", http.StatusOK, "Valid", "/paper?lang=ky", "/badge", "https://learn.example.org/verify/"+one.Number)
	mine.lacks(t, "mine", "/revoke", "/reissue", "Certificates of the unit")
	d.get("head", page).want(t, "for the head", http.StatusOK, "/revoke", "/reissue")
}

// Addresses of certificates are of no use to others, whatever they ask for.
func TestOthersGetNothing(t *testing.T) {
	d := newDesk(t, home)
	one := d.issue("officer")
	for _, who := range []string{"colleague", "strange-officer", "strange-head", ""} {
		for _, path := range []string{"", "/paper", "/paper?lang=ru", "/badge", "/badge.svg"} {
			a := d.get(who, fmt.Sprintf("/certificates/%d%s", one.ID, path))
			if a.StatusCode != http.StatusNotFound && a.StatusCode != http.StatusForbidden {
				t.Errorf("%s gets %s: %d", who, path, a.StatusCode)
			}
			a.lacks(t, who, one.Name, certificate.Spaced(one.Number), one.Number)
		}
		for _, path := range []string{"/revoke", "/reissue"} {
			a := d.post(who, fmt.Sprintf("/certificates/%d%s", one.ID, path), "reason", "x", "name", "x", "new-reason", "x")
			if a.StatusCode != http.StatusNotFound && a.StatusCode != http.StatusForbidden {
				t.Errorf("%s posts %s: %d", who, path, a.StatusCode)
			}
		}
	}
	d.get("officer", "/certificates/unit").want(t, "the unit's, for an officer", http.StatusForbidden)
	d.get("strange-head", "/certificates/unit").lacks(t, "for another unit", one.Name)
	d.get("", "/verify/"+one.Number).want(t, "still", http.StatusOK, "This certificate is valid.")
}

func TestOfUnit(t *testing.T) {
	d := newDesk(t, home)
	d.get("head", "/certificates/unit").want(t, "none", http.StatusOK, "Nobody in this unit")
	d.issue("officer")
	d.issue("colleague")
	d.get("head", "/certificates/unit").want(t, "all", http.StatusOK, "(officer)", "(colleague)")
	found := d.get("head", "/certificates/unit?q=COLL")
	found.want(t, "found", http.StatusOK, "(colleague)", `value="COLL"`)
	found.lacks(t, "found", "(officer)")
	d.get("head", "/certificates/unit?q=zzz").want(t, "not found", http.StatusOK, "No certificate has these words")
}

func TestRevoke(t *testing.T) {
	d := newDesk(t, home)
	one := d.issue("officer")
	page := fmt.Sprintf("/certificates/%d", one.ID)
	d.post("head", page+"/revoke", "reason", " ").want(t, "without a reason", http.StatusUnprocessableEntity, `id="reason-error"`, "Say why")
	if a := d.post("head", page+"/revoke", "reason", "copied"); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != page {
		t.Fatalf("revoked: %d to %s", a.StatusCode, a.Header.Get("Location"))
	}
	after := d.get("officer", page)
	after.want(t, "afterwards", http.StatusOK, "Revoked", "copied")
	after.lacks(t, "afterwards", "/paper", page+"/badge")
	d.get("officer", page+"/paper").want(t, "its paper", http.StatusConflict)
	d.get("officer", page+"/badge").want(t, "its badge", http.StatusConflict)
	d.post("head", page+"/revoke", "reason", "again").want(t, "again", http.StatusConflict)
	public := d.get("", "/verify/"+one.Number)
	public.want(t, "for the public", http.StatusOK, "was revoked on 23 Nov 2026", one.Name)
	public.lacks(t, "for the public", "copied", "valid.")
}

func TestReissue(t *testing.T) {
	d := newDesk(t, home)
	one := d.issue("officer")
	page := fmt.Sprintf("/certificates/%d", one.ID)
	d.post("head", page+"/reissue", "name", "", "new-reason", "married").want(t, "without a name", http.StatusUnprocessableEntity, `id="name-error"`)
	d.post("head", page+"/reissue", "name", "Айгүл Сыдыкова", "new-reason", "").want(t, "without a reason", http.StatusUnprocessableEntity, `id="new-reason-error"`, "Айгүл Сыдыкова")
	a := d.post("head", page+"/reissue", "name", "Айгүл Сыдыкова", "new-reason", "married")
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") == page {
		t.Fatalf("%d to %s", a.StatusCode, a.Header.Get("Location"))
	}
	d.get("officer", a.Header.Get("Location")).want(t, "the new one", http.StatusOK, "Айгүл Сыдыкова", "Valid")
	d.get("officer", page).want(t, "the old one", http.StatusOK, "Replaced", a.Header.Get("Location"))
	d.get("", "/verify/"+one.Number).want(t, "for the public", http.StatusOK, "replaced by a new one on 23 Nov 2026")
}

func TestVerify(t *testing.T) {
	d := newDesk(t, home)
	one := d.issue("officer")
	d.get("", "/verify").want(t, "the form", http.StatusOK, `name="number"`, `type="file"`)
	if a := d.get("", "/verify?number=+"+strings.ToLower(certificate.Spaced(one.Number))); a.Header.Get("Location") != "/verify/"+one.Number {
		t.Errorf("typed: %d to %q", a.StatusCode, a.Header.Get("Location"))
	}
	found := d.get("", "/verify/"+one.Number)
	found.want(t, "found", http.StatusOK, "This certificate is valid.", one.Name, "Seals and their manipulation", one.Award.Unit, "23 Nov 2026")
	if found.Header.Get("Cache-Control") != "no-store" {
		t.Error("a verdict may be kept by caches")
	}
	found.lacks(t, "found", "92.5", "93%")
	d.get("", "/verify/HELLO").want(t, "no number", http.StatusUnprocessableEntity, `id="number-error"`, "not the number")
	d.get("", "/verify?number=%3Cb%3E").want(t, "no number", http.StatusUnprocessableEntity, "&lt;b&gt;")
	d.get("", "/verify/222222222222").want(t, "unknown", http.StatusNotFound, "No certificate with the number 2222-2222-2222")
	for range 10 {
		d.get("", "/verify/222222222222")
	}
	a := d.get("", "/verify/"+one.Number)
	a.want(t, "after many", http.StatusTooManyRequests, "Wait")
	a.lacks(t, "after many", one.Name)
	if a.Header.Get("Retry-After") == "" {
		t.Error("nobody says how long to wait")
	}
	d.address = "192.0.2.2"
	d.get("", "/verify/"+one.Number).want(t, "somebody else", http.StatusOK, one.Name)
}

func TestVerifyBadge(t *testing.T) {
	d := newDesk(t, home)
	one := d.issue("officer")
	file := d.get("officer", fmt.Sprintf("/certificates/%d/badge", one.ID))
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="badge-`+certificate.Spaced(one.Number)+`.jwt"` {
		t.Errorf("the file is %s", got)
	}
	d.upload(file.body).want(t, "as it is", http.StatusOK, "exactly as it was signed", "This certificate is valid.", one.Name)
	at := len(file.body) / 2
	other := "A"
	if file.body[at] == 'A' {
		other = "B"
	}
	altered := d.upload(file.body[:at] + other + file.body[at+1:])
	altered.want(t, "altered", http.StatusUnprocessableEntity, `id="badge-error"`, "altered")
	altered.lacks(t, "altered", one.Name)
	picture := d.get("officer", fmt.Sprintf("/certificates/%d/badge.svg", one.ID))
	picture.want(t, "the picture", http.StatusOK, "Seals and", "openbadges:credential")
	d.upload(picture.body).want(t, "the picture", http.StatusOK, "exactly as it was signed", one.Name)
	d.upload("<svg></svg>").want(t, "a picture of nothing", http.StatusUnprocessableEntity, "no badge")
	d.upload("hello").want(t, "something else", http.StatusUnprocessableEntity, "no badge")
	d.upload("").want(t, "an empty file", http.StatusUnprocessableEntity, "no badge")
	d.upload(strings.Repeat("a", 200<<10)).want(t, "a large file", http.StatusRequestEntityTooLarge)
	d.post("", "/verify/badge").want(t, "no file", http.StatusUnprocessableEntity, "Choose a badge file")
	d.ok(d.certs.Revoke(with(d.people["head"]), one.ID, "copied"))
	d.upload(file.body).want(t, "revoked", http.StatusOK, "was revoked on", "exactly as it was signed")
}

// What is fetched from here proves a badge far away, without this program.
func TestProvenElsewhere(t *testing.T) {
	d := newDesk(t, home)
	one := d.issue("officer")
	file := d.get("officer", fmt.Sprintf("/certificates/%d/badge", one.ID))
	document := d.get("", "/.well-known/did.json")
	if document.Header.Get("Access-Control-Allow-Origin") != "*" || !json.Valid([]byte(document.body)) {
		t.Errorf("the document: %v", document.Header)
	}
	ring := badge.Ring{}
	d.ok(ring.ReadDocument([]byte(document.body)))
	v, err := ring.Verify(file.body, d.now())
	d.ok(err)
	path, ok := strings.CutPrefix(v.Status.List, string(home))
	if !ok || !v.Known || v.Issuer.ID != "did:web:learn.example.org" || v.ID != "https://learn.example.org/verify/"+one.Number {
		t.Fatalf("%+v", v)
	}
	revoked := func() bool {
		t.Helper()
		standing, err := ring.ReadList(d.get("", path).body, d.now())
		d.ok(err)
		is, err := v.Revoked(standing)
		d.ok(err)
		return is
	}
	if revoked() {
		t.Error("revoked before it was")
	}
	d.ok(d.certs.Revoke(with(d.people["head"]), one.ID, "copied"))
	if !revoked() {
		t.Error("the status list does not say that it was revoked")
	}
	d.get("", "/badges/status/2").want(t, "a list that was not begun", http.StatusNotFound)
	d.get("", "/badges/status/x").want(t, "no list", http.StatusNotFound)
}
