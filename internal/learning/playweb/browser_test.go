package playweb_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tidewaiter/internal/learning/play"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

// browser is a school with a tab in which aigul works.
type browser struct {
	*school
	tab context.Context
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	if !web.Bundled() || web.Asset("package-frame.js") == "" {
		t.Skip("the bundle is not built: run make assets")
	}
	tab := webtest.Browser(t)
	b := &browser{school: newSchool(t, storetest.Open(t, storetest.DSN(t, store.SQLite))), tab: tab}
	within, cancel := context.WithTimeout(tab, 2*time.Minute)
	t.Cleanup(cancel)
	b.tab = within
	b.do(webtest.Screen(b.pages.URL, 1280, map[string]string{"officer": "aigul", "lang": "en"}))
	return b
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.tab, actions...); err != nil {
		b.Fatal(err)
	}
}

// start opens a package and launches one of its units.
func (b *browser) start(page string, unit int) {
	b.Helper()
	b.do(chromedp.Navigate(b.pages.URL+page), chromedp.Click(fmt.Sprintf(`form[action$="/units/%d/launch"] button`, unit)))
}

// until waits for something to be so.
func (b *browser) until(what string, so func() bool) {
	b.Helper()
	for range 300 {
		if so() {
			return
		}
		select {
		case <-b.tab.Done():
			b.Fatalf("%s: %v", what, b.tab.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	var html string
	html, _ = chromedp.Run(b.tab, chromedp.Evaluate[string](`document.body.innerText`))
	b.Fatalf("%s did not come about; the page says:\n%s", what, html)
}

// unit returns what aigul did in a unit.
func (b *browser) unit(id int64, unit int) *play.Progress {
	b.Helper()
	r, err := b.Mine(b.as("aigul"), id)
	b.ok(err)
	if r == nil || r.Progress[unit] == nil {
		return &play.Progress{}
	}
	return r.Progress[unit]
}

// id is the number of a package in the path of its page.
func (b *browser) id(page string) (id int64) {
	b.Helper()
	if _, err := fmt.Sscanf(page, "/packages/%d", &id); err != nil {
		b.Fatal(err)
	}
	return id
}

// visit is a unit that finds the API, does what its script says with it, and tells the
// server what it saw by a commit.
func visit(api, script string) string {
	return `<!DOCTYPE html><title>unit</title><p>A unit</p><script>
	let api = null;
	for (let w = window; w !== w.parent && !api; ) { w = w.parent; api = w.` + api + `; }
	` + script + `</script>`
}

const visit12 = `
	api.LMSInitialize("");
	const where = api.LMSGetValue("cmi.core.lesson_location");
	if (where === "") {
		api.LMSSetValue("cmi.core.lesson_location", "page 3");
		api.LMSSetValue("cmi.suspend_data", "name=" + api.LMSGetValue("cmi.core.student_name"));
		api.LMSSetValue("cmi.core.lesson_status", "incomplete");
		api.LMSSetValue("cmi.core.exit", "suspend");
		window.addEventListener("pagehide", () => api.LMSFinish(""));
	} else {
		api.LMSSetValue("cmi.suspend_data", api.LMSGetValue("cmi.suspend_data") + ";entry=" + api.LMSGetValue("cmi.core.entry") + ";where=" + where);
		api.LMSSetValue("cmi.core.score.raw", "85");
		api.LMSSetValue("cmi.core.lesson_status", "completed");
		api.LMSFinish("");
	}`

// A unit of SCORM 1.2 is launched, left, resumed where it was, and passed by its mastery
// score.
func TestSCORM12InABrowser(t *testing.T) {
	b := newBrowser(t)
	page := b.bring("imsmanifest.xml", manifest12, "index.html", visit("API", visit12))
	id := b.id(page)
	b.start(page, 1)
	b.until("the first values", func() bool { return strings.Contains(string(b.unit(id, 0).CMI), "page 3") })
	b.do(chromedp.Click("form[data-leave] button"), chromedp.WaitReady("ol.lessons"))
	if g := b.unit(id, 0); !g.Suspended || g.Done() || !strings.Contains(string(g.CMI), "name=AIGUL") {
		t.Fatalf("left: %+v %s", g, g.CMI)
	}
	b.start(page, 1)
	b.until("completion", func() bool { return b.unit(id, 0).Done() })
	if g := b.unit(id, 0); g.Success != "passed" || g.Score == nil || *g.Score != 0.85 || !strings.Contains(string(g.CMI), "entry=resume;where=page 3") {
		t.Errorf("completed: %+v %s", g, g.CMI)
	}
	b.do(chromedp.Navigate(b.pages.URL+page), chromedp.WaitReady("ol.lessons"))
	if text, err := chromedp.Run(b.tab, chromedp.Evaluate[string](`document.querySelector("ol.lessons").innerText`)); err != nil || !strings.Contains(text, "Passed") || !strings.Contains(text, "85") {
		t.Errorf("the page says %q, %v", text, err)
	}
}

const visit2004 = `
	api.Initialize("");
	const where = api.GetValue("cmi.location");
	if (where === "") {
		api.SetValue("cmi.location", "page 2");
		api.SetValue("cmi.exit", "suspend");
		api.SetValue("cmi.interactions.0.id", "q1");
		api.SetValue("cmi.interactions.0.type", "choice");
		api.SetValue("cmi.interactions.0.learner_response", "a");
		api.Commit("");
	} else {
		api.SetValue("cmi.suspend_data", "entry=" + api.GetValue("cmi.entry") + ";count=" + api.GetValue("cmi.interactions._count"));
		api.SetValue("cmi.score.scaled", "0.75");
		api.SetValue("cmi.success_status", "passed");
		api.SetValue("cmi.completion_status", "completed");
		api.SetValue("adl.nav.request", "continue");
		api.Terminate("");
	}`

// A unit of SCORM 2004 is resumed with its interactions, though the tab was closed without
// a word, and leads on to the next one.
func TestSCORM2004InABrowser(t *testing.T) {
	b := newBrowser(t)
	page := b.bring("imsmanifest.xml", manifest2004, "index.html", visit("API_1484_11", visit2004))
	id := b.id(page)
	b.start(page, 1)
	b.until("the first values", func() bool { return strings.Contains(string(b.unit(id, 0).CMI), "page 2") })
	b.do(chromedp.Navigate("about:blank"))
	b.start(page, 1)
	b.until("completion", func() bool { return b.unit(id, 0).Done() })
	if g := b.unit(id, 0); g.Success != "passed" || *g.Score != 0.75 || !strings.Contains(string(g.CMI), "entry=resume;count=1") {
		t.Errorf("completed: %+v %s", g, g.CMI)
	}
	b.until("the next unit", func() bool { return strings.Contains(string(b.unit(id, 1).CMI), "page 2") })
}

// A unit of cmi5 has the window, speaks to the record store from its own origin, and leads
// back.
func TestCMI5InABrowser(t *testing.T) {
	b := newBrowser(t)
	page := b.bring("cmi5.xml", courseOf("index.html", `moveOn="Completed"`), "index.html", `<!DOCTYPE html><title>unit</title><script type="module">
	const launch = new URL(location.href).searchParams, registration = launch.get("registration"), activityId = launch.get("activityId");
	const {"auth-token": token} = await (await fetch(launch.get("fetch"), {method: "POST"})).json();
	const headers = {Authorization: "Basic " + token, "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"};
	const at = (path, query) => launch.get("endpoint") + path + "?" + new URLSearchParams(query);
	const data = await (await fetch(at("/activities/state", {stateId: "LMS.LaunchData", activityId, agent: launch.get("actor"), registration}), {headers})).json();
	await fetch(at("/agents/profile", {profileId: "cmi5LearnerPreferences", agent: launch.get("actor")}), {headers});
	const say = async (verb, result, ...more) => {
		const context = structuredClone(data.contextTemplate);
		context.registration = registration;
		context.contextActivities.category = [{id: "https://w3id.org/xapi/cmi5/context/categories/cmi5"}, ...more];
		const body = {id: crypto.randomUUID(), timestamp: new Date().toISOString(), actor: JSON.parse(launch.get("actor")),
			verb: {id: "http://adlnet.gov/expapi/verbs/" + verb}, object: {id: activityId}, context, result};
		return (await fetch(launch.get("endpoint") + "/statements", {method: "POST", headers, body: JSON.stringify(body)})).status;
	};
	await say("initialized");
	await say("completed", {completion: true, duration: "PT1S"}, {id: "https://w3id.org/xapi/cmi5/context/categories/moveon"});
	await say("terminated", {duration: "PT1S"});
	location.href = data.returnURL;
	</script>`)
	b.start(page, 1)
	b.until("completion", func() bool {
		r, err := b.Mine(b.as("aigul"), b.id(page))
		return err == nil && r != nil && !r.Completed.IsZero()
	})
	b.until("the way back", func() bool {
		at, err := chromedp.Run(b.tab, chromedp.Evaluate[string](`location.href`))
		return err == nil && at == b.pages.URL+page
	})
}

// Foreign script reaches neither the page around it nor its cookies, sends nothing in the
// officer's name, and loads nothing from elsewhere.
func TestHostileContentInABrowser(t *testing.T) {
	b := newBrowser(t)
	stranger := 0
	b.content.Config.Handler = count(b.content.Config.Handler, &stranger)
	page := b.bring("imsmanifest.xml", manifest12, "index.html", visit("API", `
	(async () => {
		const tried = [];
		const attempt = async (name, act) => { try { tried.push(name + "=" + await act()); } catch (e) { tried.push(name + "=no"); } };
		await attempt("dom", () => top.document.title);
		await attempt("location", () => top.location.href);
		await attempt("lead", () => { top.location.href = "about:blank"; return "no"; });
		await attempt("cookie", () => document.cookie || "no");
		await attempt("read", async () => (await fetch("`+b.pages.URL+`/packages", {credentials: "include"})).status);
		await attempt("write", async () => (await fetch("`+b.pages.URL+`/packages/1/remove", {method: "POST", mode: "no-cors", credentials: "include"})).type);
		await attempt("elsewhere", async () => (await fetch("https://example.org/")).status);
		await attempt("worker", async () => { await navigator.serviceWorker.register("index.html"); return "yes"; });
		await attempt("open", () => { const w = window.open("`+b.pages.URL+`/packages"); return w.document.title; });
		api.LMSInitialize("");
		api.LMSSetValue("cmi.suspend_data", tried.join(" "));
		api.LMSCommit("");
	})();`))
	id := b.id(page)
	b.start(page, 1)
	b.until("the report", func() bool { return strings.Contains(string(b.unit(id, 0).CMI), "open=") })
	report := string(b.unit(id, 0).CMI)
	for _, name := range []string{"dom", "location", "cookie", "read", "elsewhere", "worker", "open"} {
		if !strings.Contains(report, name+"=no") {
			t.Errorf("%s was possible: %s", name, report)
		}
	}
	if at, err := chromedp.Run(b.tab, chromedp.Evaluate[string](`location.pathname`)); err != nil || !strings.HasPrefix(at, page+"/play/") {
		t.Errorf("the page was led to %s, %v", at, err)
	}
	if _, err := b.Get(b.as("aigul"), id); err != nil {
		t.Errorf("the package was removed: %v", err)
	}
	if stranger > 0 {
		t.Errorf("%d requests for content came with cookies", stranger)
	}
}

// count counts requests that bring cookies.
func count(next http.Handler, n *int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Cookies()) > 0 {
			*n++
		}
		next.ServeHTTP(w, r)
	})
}

// The pages hold to what axe-core finds, and to the width of a phone.
func TestPagesInABrowser(t *testing.T) {
	b := newBrowser(t)
	axe := webtest.Axe(t)
	b.bring("imsmanifest.xml", manifest2004, "index.html", visit("API_1484_11", visit2004))
	page := b.bring("cmi5.xml", courseOf("index.html", `moveOn="Completed"`), "index.html", "")
	b.launched(page)
	scorm := b.bring("imsmanifest.xml", manifest12, "index.html", visit("API", ``))
	l := b.ask("aigul", http.MethodPost, scorm+"/units/1/launch").header.Get("Location")
	for _, c := range []struct {
		officer, path, lang string
		width               int64
	}{
		{"head", "/packages", "en", 1280}, {"head", "/packages", "ky", 390}, {"head", page, "ru", 390}, {"head", page, "en", 1280}, {"aigul", page, "ky", 390},
		{"aigul", l, "ru", 390}, {"aigul", l, "en", 1280},
	} {
		for _, theme := range []string{"light", "dark"} {
			name := strings.ReplaceAll(strings.Trim(c.path[:min(len(c.path), 12)], "/"), "/", "-")
			t.Run(fmt.Sprintf("%s-%s-%d-%s-%s", name, c.officer, c.width, theme, c.lang), func(t *testing.T) {
				b.do(webtest.Screen(b.pages.URL, c.width, map[string]string{"officer": c.officer, "lang": c.lang, "theme": theme}),
					chromedp.Navigate(b.pages.URL+c.path), chromedp.WaitReady("main"), webtest.Shot(t))
				webtest.Inspect(t, b.tab, axe, c.officer+" "+c.path)
			})
		}
	}
}
