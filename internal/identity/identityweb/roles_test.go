package identityweb_test

import (
	"strconv"
	"strings"
	"testing"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// Every page and form against every role: who gets what.
func TestWhoMayWhat(t *testing.T) {
	d := newDesk(t)
	aigul := "/officers/" + itoa(d.ids["aigul"].ID)
	unit := "/units/" + itoa(d.osh.ID)
	const everybody, heads, system = "aigul bakyt chinara root", "bakyt chinara root", "root"
	table := []struct{ method, path, who string }{
		{"GET", "/", everybody}, {"GET", "/unit", everybody}, {"GET", "/account", everybody}, {"GET", "/account/password", everybody},
		{"POST", "/account", everybody}, {"POST", "/account/password", everybody}, {"POST", "/account/sessions/1/end", everybody},
		{"GET", "/officers", heads}, {"GET", "/officers/new", heads}, {"POST", "/officers", heads}, {"GET", aigul, heads},
		{"POST", aigul + "/role", heads}, {"POST", aigul + "/close", heads}, {"POST", aigul + "/open", heads},
		{"GET", "/audit", heads}, {"GET", "/audit/chain", heads},
		{"POST", "/officers/join", system}, {"GET", "/units", system}, {"GET", "/units/new", system}, {"POST", "/units", system},
		{"GET", unit, system}, {"POST", unit, system},
	}
	people := map[string]*browser{}
	for _, name := range strings.Fields(everybody) {
		people[name] = d.as(name)
	}
	people["root"].post("/unit", "unit", itoa(d.osh.ID))
	for _, row := range table {
		stranger := d.browser().do(row.method, row.path, nil)
		if stranger.StatusCode != 303 || !strings.HasPrefix(stranger.Header.Get("Location"), "/sign-in") {
			t.Errorf("%s %s: a stranger got %d to %q", row.method, row.path, stranger.StatusCode, stranger.Header.Get("Location"))
		}
		for name, b := range people {
			if row.path == aigul+"/close" && name != "bakyt" || row.path == aigul+"/open" && name == "aigul" {
				continue // closing ends aigul's session; one may is enough
			}
			got := b.do(row.method, row.path, nil)
			may := strings.Contains(row.who, name)
			if may == (got.StatusCode == 403) || got.StatusCode >= 500 || strings.HasPrefix(got.Header.Get("Location"), "/sign-in") {
				t.Errorf("%s %s by %s: got %d to %q, may %v", row.method, row.path, name, got.StatusCode, got.Header.Get("Location"), may)
			}
		}
		if row.path == aigul+"/close" {
			people["bakyt"].post(aigul + "/open")
			people["aigul"] = d.as("aigul")
		}
	}
}

func TestHeadCannotReachIntoAnotherUnit(t *testing.T) {
	d := newDesk(t)
	b := d.as("bakyt")
	farid := "/officers/" + itoa(d.ids["farid"].ID)
	root := "/officers/" + itoa(d.ids["root"].ID)
	b.get(farid).want(t, "another unit's officer", 404)
	b.post(farid+"/close").want(t, "close", 404)
	b.post(root+"/reset?system=1").want(t, "reset of the system's administrator", 404)
	b.post("/officers/"+itoa(d.ids["chinara"].ID)+"/reset").want(t, "reset of an administrator", 403, "may not give or take this role")
	b.post("/officers/"+itoa(d.ids["bakyt"].ID)+"/role", "role", "officer").want(t, "own role", 403)
	b.post("/officers?system=1", "username", "mole", "name", "Mole", "language", "en", "role", "administrator").want(t, "an administrator", 403)
	b.get("/audit?unit="+itoa(d.port.ID)).want(t, "another unit's trail", 403)
}

func TestOfficersLife(t *testing.T) {
	d := newDesk(t)
	b := d.as("bakyt")
	b.get("/officers").want(t, "list", 200, "Name of aigul", "Name of chinara")
	b.post("/officers", "username", "no good", "language", "en", "role", "officer").
		want(t, "a bad one", 422, "Enter a name", "The user name must be", `href="#username"`)
	a := b.post("/officers", "username", "daniyar", "name", "Данияр <script>", "language", "ru", "role", "officer")
	a.want(t, "add", 200, "Данияр &lt;script&gt;")
	if a.Header.Get("Cache-Control") != "no-store" {
		t.Error("the page with the password may be cached")
	}
	oneTime := between(a.body, `<strong class="code">`, `</strong>`)
	b.post("/officers", "username", "daniyar", "name", "Другой", "language", "ru", "role", "officer").want(t, "twice", 409, "Another officer has this user name")

	fresh := d.browser()
	fresh.post("/sign-in", "username", "daniyar", "password", oneTime).wantRedirect(t, "sign in", "/")
	fresh.get("/").wantRedirect(t, "before the own password", "/account/password")
	fresh.get("/account/password").want(t, "in the officer's language", 200, "Вы вошли с одноразовым паролем")
	fresh.post("/account/password", "current", oneTime, "password", "daniyar-12345", "repeat", "daniyar-12345").want(t, "with the name in it", 422, "не должен содержать имя")
	fresh.post("/account/password", "current", oneTime, "password", "harbour-lamp-tide", "repeat", "other").want(t, "two different", 422, "не совпадают")
	other := d.browser()
	other.post("/sign-in", "username", "daniyar", "password", oneTime)
	fresh.post("/account/password", "current", oneTime, "password", "harbour-lamp-tide", "repeat", "harbour-lamp-tide").wantRedirect(t, "change", "/account")
	fresh.get("/").want(t, "this session goes on", 200, "for daniyar")
	other.get("/").wantRedirect(t, "the other session has ended", "/sign-in")

	members, err := d.registry.Officers.ByUsername(d.console, "daniyar")
	if err != nil {
		t.Fatal(err)
	}
	page := "/officers/" + itoa(members.ID)
	b.post(page+"/role", "role", "head").wantRedirect(t, "role", page)
	fresh.get("/officers").want(t, "as a head", 200)
	b.post(page+"/close").wantRedirect(t, "close", page)
	fresh.get("/").wantRedirect(t, "a closed account", "/sign-in")
	b.get(page).want(t, "closed", 200, "Closed", "Open the account again")
	b.post(page+"/leave").wantRedirect(t, "leave", "/officers")
	b.get(page).want(t, "gone", 404)
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	inner, _, _ := strings.Cut(rest, to)
	return inner
}

func TestOwnAccount(t *testing.T) {
	d := newDesk(t)
	b, second := d.as("aigul"), d.as("aigul")
	page := b.get("/account")
	page.want(t, "account", 200, "Name of aigul", "This one")
	id := between(page.body, "/account/sessions/", "/end")
	b.post("/account/sessions/"+id+"/end").wantRedirect(t, "end the other", "/account")
	second.get("/").wantRedirect(t, "the ended session", "/sign-in")
	b.get("/").want(t, "this session", 200)
	b.post("/account", "name", "", "language", "xx").want(t, "a bad form", 422, "Enter a name", "Choose one of the languages")
	b.post("/account", "name", "Айгүл", "language", "ky").wantRedirect(t, "save", "/account")
	b.get("/account").want(t, "in Kyrgyz", 200, "Эсебиңиз сакталды", `lang="ky"`)
	third := d.as("aigul")
	b.post("/account/sign-out-everywhere").wantRedirect(t, "everywhere", "/sign-in")
	third.get("/").wantRedirect(t, "the third", "/sign-in")
	b.get("/").wantRedirect(t, "this one", "/sign-in")
}

func TestUnits(t *testing.T) {
	d := newDesk(t)
	b := d.as("root")
	b.get("/units").want(t, "list", 200, "KGOSS-PCU", "Kyrgyzstan", "Egypt")
	form := []string{"code", "GEPTI-PCU", "name", "Poti", "country", "ge", "place", "GEPTI", "timezone", "Asia/Tbilisi", "language", "en"}
	b.post("/units", form...).wantRedirect(t, "add", "/units")
	b.post("/units", form...).want(t, "twice", 409, "Another unit has this code")
	b.post("/units", "code", "?", "timezone", "Local").want(t, "bad", 422, "Enter a name", "The time zone must be")
	page := b.get("/units/" + itoa(d.osh.ID))
	page.want(t, "form", 200, `value="Asia/Bishkek"`, `name="version" value="1"`)
	change := []string{"code", "KGOSS-PCU", "name", "Osh", "country", "KG", "timezone", "Asia/Bishkek", "language", "ky", "version", "1"}
	b.post("/units/"+itoa(d.osh.ID), change...).wantRedirect(t, "change", "/units")
	b.post("/units/"+itoa(d.osh.ID), change...).want(t, "an old version", 409)
	b.get("/units/12345").want(t, "absent", 404)
	b.get("/units/x").want(t, "no number", 404)
	b.post("/unit", "unit", itoa(d.osh.ID))
	b.post("/officers/join", "join-username", "farid", "join-role", "officer").wantRedirect(t, "join", "/officers")
	b.post("/officers/join", "join-username", "farid", "join-role", "officer").want(t, "join twice", 409, "already")
	b.post("/officers/join", "join-username", "no-one", "join-role", "officer").want(t, "join nobody", 404, "no officer")
	b.get("/officers?system=1").want(t, "system", 200, "Name of root")
}

func TestAuditPage(t *testing.T) {
	d := newDesk(t)
	d.browser().post("/sign-in", "username", "aigul", "password", "wrong-password-1")
	b := d.as("bakyt")
	for range 60 {
		b.post("/account", "name", "Bakyt", "language", "en")
	}
	page := b.get("/audit")
	page.want(t, "trail", 200, "Changed the own account", "Bakyt", "127.0.0.1")
	next := strings.ReplaceAll(between(page.body, `rel="next" href="`, `"`), "&amp;", "&")
	if next == "" {
		t.Fatal("60 entries fit on one page of 50")
	}
	b.get(next).want(t, "second page", 200, "Failed to sign in", "First page")
	b.get("/audit?act=officer.sign-in-failed").want(t, "filter", 200, "Name of aigul")
	if strings.Contains(b.get("/audit?act=officer.sign-in-failed").body, "<td data-label=\"What was done\"><span>Signed in") {
		t.Error("the filter shows other acts")
	}
	b.get("/audit?from=2099-01-01").want(t, "empty", 200, "Nothing fits this filter")
	b.get("/audit?from=x&to=y&before=z&officer=q&kind=%3Cscript%3E").want(t, "nonsense", 200)
	if err := d.registry.Audit.Flush(d.console); err != nil {
		t.Fatal(err)
	}
	b.get("/audit/chain").want(t, "chain", 200, "The trail is whole")
}

// Every code, role and break has a sentence in every language.
func TestEverySentenceExists(t *testing.T) {
	ids := []string{"identity.role.system"}
	for _, c := range identity.ProblemCodes() {
		ids = append(ids, "identity.problem."+c)
	}
	for _, r := range identity.Roles {
		ids = append(ids, "identity.role."+string(r), "identity.role."+string(r)+".hint")
	}
	for _, k := range []identity.BreakKind{identity.EntryAltered, identity.EntryMissing, identity.SealMissing, identity.EntryInserted} {
		ids = append(ids, "identity.chain.break."+string(k))
	}
	for _, id := range ids {
		said := map[string]bool{}
		for _, l := range web.Languages {
			said[web.T(web.SetLanguage(t.Context(), l), id)] = true
		}
		if !web.Known(id) || len(said) != len(web.Languages) && id != "identity.role.administrator" {
			t.Errorf("%s is said in %d ways", id, len(said))
		}
	}
}
