package identityweb_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tidewaiter/internal/identity"
)

func TestSignInAndOut(t *testing.T) {
	d := newDesk(t)
	b := d.browser()
	b.get("/").wantRedirect(t, "a stranger", "/sign-in")
	b.get("/officers/?x=1").want(t, "no such page", 404)
	b.get("/audit?act=x").wantRedirect(t, "a stranger at the trail", "/sign-in?next=%2Faudit%3Fact%3Dx")
	b.get("/sign-in?next=/audit").want(t, "sign-in page", 200, `name="password"`, `value="/audit"`)
	a := b.post("/sign-in", "username", "bakyt", "password", password, "next", "/audit?act=x")
	a.wantRedirect(t, "sign in", "/audit?act=x")
	b.get("/").want(t, "home", 200, "queue of KGOSS-PCU for bakyt")
	b.get("/sign-in").wantRedirect(t, "sign-in page when signed in", "/")
	b.post("/sign-out").wantRedirect(t, "sign out", "/sign-in")
	b.get("/").wantRedirect(t, "after signing out", "/sign-in")
	b.get("/sign-in").want(t, "the flash", 200, "You have signed out.")
}

func TestSessionCookie(t *testing.T) {
	d := newDesk(t)
	b := d.browser()
	cookie := func(a answer) *http.Cookie {
		for _, c := range a.Cookies() {
			if c.Name == "session" {
				return c
			}
		}
		return nil
	}
	if c := cookie(b.get("/sign-in")); c != nil {
		t.Errorf("a stranger gets a session: %v", c)
	}
	// A token that somebody planted is not taken over.
	b.header.Set("Cookie", "session=planted-token-planted-token-planted-token-1")
	c := cookie(b.post("/sign-in", "username", "aigul", "password", password))
	if c == nil || c.Value == "" || strings.Contains(c.Value, "planted") {
		t.Fatalf("the session is %v", c)
	}
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || !c.Expires.IsZero() {
		t.Errorf("the cookie is %v", c)
	}
	// Signing in again ends the session under the old token.
	b.header.Set("Cookie", "session="+c.Value)
	again := cookie(b.post("/sign-in", "username", "bakyt", "password", password))
	if again == nil || again.Value == c.Value {
		t.Fatalf("the token stays %v", again)
	}
	b.client.Jar = nil
	b.header.Set("Cookie", "session="+c.Value)
	b.get("/").wantRedirect(t, "the old token", "/sign-in")
	b.header.Set("Cookie", "session="+again.Value)
	b.get("/").want(t, "the new token", 200, "for bakyt")
}

var digits = regexp.MustCompile(`value="[^"]*"`)

// Nobody learns from the answer which accounts exist.
func TestSignInTellsNothing(t *testing.T) {
	d := newDesk(t)
	if err := d.registry.Officers.SetActive(d.console, d.ids["farid"].ID, false); err != nil {
		t.Fatal(err)
	}
	var first string
	for _, who := range [][2]string{{"aigul", "wrong-password-1"}, {"nobody-here", password}, {"farid", password}} {
		a := d.browser().post("/sign-in", "username", who[0], "password", who[1])
		a.want(t, who[0], 422, "The user name or the password is wrong")
		if strings.Contains(a.body, who[1]) {
			t.Errorf("%s: the password is in the page", who[0])
		}
		body := digits.ReplaceAllString(a.body, "")
		if first == "" {
			first = body
		}
		if body != first {
			t.Errorf("%s: the answer differs", who[0])
		}
	}
}

func TestThrottleSaysHowLong(t *testing.T) {
	d := newDesk(t)
	b := d.browser()
	b.header.Set("Accept-Language", "ru")
	var a answer
	for range 7 {
		a = b.post("/sign-in", "username", "aigul", "password", "wrong-password-1")
	}
	a.want(t, "throttled", 429, "Слишком много попыток. Подождите")
	if a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	b.post("/sign-in", "username", "aigul", "password", password).want(t, "the right password, too soon", 429)
}

func TestCrossOriginIsRefused(t *testing.T) {
	d := newDesk(t)
	b := d.as("root")
	b.header.Set("Sec-Fetch-Site", "cross-site")
	b.header.Set("Origin", "https://evil.example")
	for _, path := range []string{"/sign-in", "/sign-out", "/account", "/units", "/officers", "/account/sign-out-everywhere"} {
		b.post(path, "username", "root", "password", password).want(t, path, 403)
	}
	b.header = http.Header{}
	b.get("/").want(t, "still signed in", 200)
}

func TestNoOpenRedirect(t *testing.T) {
	d := newDesk(t)
	for _, next := range []string{
		"https://evil.example", "//evil.example", `/\evil.example`, `\/evil`, "javascript:alert(1)", "/\t/evil.example",
		"///evil", "/%0d%0aevil", "evil", "/sign-out", "/sign-in?next=x", "http:/evil", strings.Repeat("/x", 2000), "/.//evil.example\n",
	} {
		a := d.browser().post("/sign-in", "username", "aigul", "password", password, "next", next)
		to := a.Header.Get("Location")
		if a.StatusCode != 303 || to != "/" && (to != next || strings.ContainsAny(to[1:2], `/\`)) {
			t.Errorf("%q: sent to %q", next, to)
		}
		if next[0] != '/' && to != "/" {
			t.Errorf("%q: sent to %q", next, to)
		}
	}
	d.browser().post("/sign-in", "username", "aigul", "password", password, "next", "/x?y=z").wantRedirect(t, "a good one", "/x?y=z")
}

func TestChoiceOfUnit(t *testing.T) {
	d := newDesk(t)
	if err := d.registry.Officers.Join(d.console, identity.Membership{Officer: d.ids["aigul"].ID, Unit: d.port.ID, Role: identity.RoleOfficer}); err != nil {
		t.Fatal(err)
	}
	b := d.browser()
	b.post("/sign-in", "username", "aigul", "password", password, "next", "/x").wantRedirect(t, "two units", "/unit?next=%2Fx")
	b.get("/unit?next=%2Fx").want(t, "the choice", 200, d.osh.Name, d.port.Name)
	b.post("/unit", "unit", itoa(d.osh.ID), "next", "/x").wantRedirect(t, "choose", "/x")
	b.get("/").want(t, "home", 200, "KGOSS-PCU")
	b.post("/unit", "unit", itoa(d.port.ID)).wantRedirect(t, "switch", "/")
	b.get("/").want(t, "home", 200, "EGALY-PCU")
	d.as("bakyt").post("/unit", "unit", itoa(d.port.ID)).want(t, "a unit of others", 403)
}
