package learningweb_test

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/learningweb"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/web"
)

func TestVersionHeader(t *testing.T) {
	eachVersion(t, func(w *world) {
		name := "client" + string(w.version)
		speaker := w.as(name, learning.All)
		for _, path := range []string{"/statements", "/agents", "/activities", "/agents/profile", "/activities/profile", "/activities/state"} {
			for _, bad := range []string{"", "0.95", "1.1.0", "3", "BAD"} {
				got := speaker.ask("GET", path, nil, "X-Experience-API-Version", bad).is(400, "XAPI-00331 XAPI-00321")
				if v := got.header.Get("X-Experience-API-Version"); v != string(w.version) {
					w.Errorf("XAPI-00331: refused in version %q, want the client's own %q", v, w.version)
				}
			}
		}
		for header, want := range map[string]string{"1.0": "1.0.3", "1.0.1": "1.0.3", "2.0": "2.0.0", "2.0.7": "2.0.0"} {
			got := w.ask("GET", "/statements?limit=1", nil, "X-Experience-API-Version", header).is(200, "XAPI-00333")
			if v := got.header.Get("X-Experience-API-Version"); v != want {
				w.Errorf("XAPI-00333: %s is answered by %s, want %s", header, v, want)
			}
		}
		w.ask("PUT", "/statements?statementId="+xapi.NewUUID().String(), statement("a", "b", "c"), "X-Experience-API-Version", "").is(400, "XAPI-00331")
		w.ask("POST", "/statements", statement("a", "b", "c"), "X-Experience-API-Version", "").is(400, "XAPI-00331")
	})
}

func TestAbout(t *testing.T) {
	eachVersion(t, func(w *world) {
		var about struct{ Version []string }
		got := w.ask("GET", "/about", nil, "X-Experience-API-Version", "", "Authorization", "").is(200, "XAPI-00315 XAPI-00316 XAPI-00319 XAPI-00321").into(&about)
		if strings.Join(about.Version, " ") != "2.0.0 1.0.3" || got.header.Get("X-Experience-API-Version") == "" {
			w.Errorf("XAPI-00317 XAPI-00318: %v", about.Version)
		}
		if v := w.ask("GET", "/about", nil).header.Get("X-Experience-API-Version"); v != string(w.version) {
			w.Errorf("XAPI-00333: %s is answered by %s", w.version, v)
		}
	})
}

func TestCredentials(t *testing.T) {
	eachVersion(t, func(w *world) {
		basic := func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(s)) }
		for _, bad := range []string{"", basic("RobCIsNot:AUserOnThisLRS"), basic("suite:wrong"), basic("suite:"), basic(":"), basic("suite"), "Basic:" + basic("suite:" + w.secret)[6:], "Bearer " + w.secret,
			basic("suite:" + w.secret + "0"), basic("su\x00ite:" + w.secret)} {
			got := w.ask("GET", "/statements", nil, "Authorization", bad).is(401, "XAPI-00334")
			if !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Basic ") {
				w.Errorf("XAPI-00334: %q is not asked for credentials", bad)
			}
		}
		w.ask("GET", "/statements", nil).is(200, "XAPI-00335")
	})
}

func TestHead(t *testing.T) {
	eachVersion(t, func(w *world) {
		id := w.keep(statement("aigul", "read", "lesson"))[0]
		for _, path := range []string{"/about", "/statements", "/statements?statementId=" + id, "/statements?attachments=true", "/agents" + query("agent", agent("aigul")),
			"/activities" + query("activityId", activityID("lesson"))} {
			got := w.ask("HEAD", path, nil).is(200, "XAPI-00125 XAPI-00126")
			if len(got.body) > 0 || got.header.Get("Content-Type") == "" {
				w.Errorf("XAPI-00125: HEAD %s has %d bytes of %s", path, len(got.body), got.header.Get("Content-Type"))
			}
		}
		w.ask("HEAD", "/statements?statementId="+xapi.NewUUID().String(), nil).is(404, "XAPI-00125")
	})
}

// The alternate syntax of 1.0.3 sends everything in the form of a POST; 2.0.0 has none.
func TestAlternateSyntax(t *testing.T) {
	each(t, func(w *world) {
		const form = "application/x-www-form-urlencoded"
		post := func(method string, fields url.Values, headers ...string) reply {
			return w.ask("POST", "/statements?method="+method, fields.Encode(), append([]string{"Content-Type", form}, headers...)...)
		}
		w.version = xapi.V103
		w.keep(statement("aigul", "read", "lesson"))
		post("GET", url.Values{"limit": {"1"}}).is(200, "XAPI-00148 XAPI-00336").has("XAPI-00148", `"statements":[{`, `"more":"`)
		id := xapi.NewUUID().String()
		put := url.Values{"statementId": {id}, "content": {statement("aigul", "read", "lesson")}}
		post("PUT", put).is(204, "XAPI-00336")
		w.ask("GET", "/statements?statementId="+id, nil).is(200, "XAPI-00336")

		// Headers come from the form, too.
		put.Set("statementId", xapi.NewUUID().String())
		put.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(w.name+":"+w.secret)))
		put.Set("X-Experience-API-Version", "1.0.3")
		post("PUT", put, "Authorization", "", "X-Experience-API-Version", "").is(204, "XAPI-00336")
		put.Set("X-Experience-API-Version", "0.8")
		post("PUT", put).is(400, "XAPI-00336")
		put.Set("X-Experience-API-Version", "2.0.0")
		post("PUT", put, "X-Experience-API-Version", "").is(400, "XAPI-00336")
		doc := url.Values{"profileId": {"p"}, "agent": {agent("a")}, "content": {`{"n":1}`}, "If-None-Match": {"*"}}
		for _, status := range []int{204, 412} {
			w.ask("POST", "/agents/profile?method=PUT", doc.Encode(), "Content-Type", form).is(status, "XAPI-00336")
		}

		post("PUT", url.Values{"statementId": {xapi.NewUUID().String()}}).is(400, "XAPI-00336")
		post("PATCH", put).is(400, "XAPI-00336")
		w.ask("POST", "/statements?method=PUT&statementId="+id, put.Encode(), "Content-Type", form).is(400, "XAPI-00336")
		w.ask("POST", "/statements?method=PUT", `{"statementId":"x"}`, "Content-Type", "application/json").is(400, "XAPI-00336")
		w.ask("POST", "/statements?method=PUT", "%zz", "Content-Type", form).is(400, "XAPI-00336")
		w.ask("PUT", "/statements?method=POST", put.Encode(), "Content-Type", form).is(400, "XAPI-00336")

		w.version = xapi.V200
		for _, method := range []string{"GET", "PUT", "POST"} {
			post(method, url.Values{"limit": {"1"}, "content": {statement("a", "b", "c")}}).is(400, "alternate syntax of 2.0.0")
			w.ask("PUT", "/statements?method="+method, nil).is(400, "alternate syntax of 2.0.0")
		}
	})
}

func TestMethodsAndPaths(t *testing.T) {
	each(t, func(w *world) {
		w.ask("DELETE", "/statements", nil).is(405, "methods")
		w.ask("POST", "/about", "{}").is(405, "methods")
		w.ask("GET", "/nothing", nil).is(404, "paths")
		got := w.ask("OPTIONS", "/statements", nil, "Authorization", "", "Origin", "https://packages.example", "Access-Control-Request-Method", "PUT").is(204, "origins")
		if got.header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(got.header.Get("Access-Control-Allow-Methods"), "PUT") ||
			!strings.Contains(got.header.Get("Access-Control-Allow-Headers"), "X-Experience-API-Version") || got.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("pages of other origins are told %v", got.header)
		}
		w.ask("POST", "/statements", strings.Repeat(" ", 16<<20+1)+"[]").is(413, "bounds")
		w.ask("POST", "/statements", "").is(400, "bounds")
		w.ask("POST", "/statements", "["+strings.Repeat(statement("a", "b", "c")+",", 10_000)+statement("a", "b", "c")+"]").is(413, "bounds").has("bounds", "10000")
	})
}

// As part of the site the record store takes what pages of other origins send; the site's
// own forms do not.
func TestOtherOriginsThroughTheSite(t *testing.T) {
	each(t, func(w *world) {
		log := slog.New(slog.DiscardHandler)
		site := web.NewSite(web.Options{Logger: log, Programs: []string{learningweb.Root + "/"}})
		learningweb.Mount(site, w.records, log)
		w.server = httptest.NewServer(site.Handler())
		t.Cleanup(w.server.Close)
		foreign := []string{"Origin", "https://packages.example", "Sec-Fetch-Site", "cross-site"}
		got := w.ask("POST", "/statements", statement("a", "b", "c"), foreign...).is(200, "origins")
		if got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("a page of another origin is told %v", got.header)
		}
		w.ask("POST", "/../language", "lang=ky", append(foreign, "Content-Type", "application/x-www-form-urlencoded")...).is(403, "origins")
	})
}

func TestActivitiesAndAgents(t *testing.T) {
	eachVersion(t, func(w *world) {
		v := string(w.version)
		id := activityID("defined" + v)
		w.ask("GET", "/activities"+query("activityId", id), nil).is(200, "XAPI-00253").has("XAPI-00253", fmt.Sprintf(`{"objectType":"Activity","id":%q}`, id))
		told := func(definition string) {
			w.keep(fmt.Sprintf(`{"actor":{"name":"Aigul %s","mbox":"mailto:aigul%s@example.com"},"verb":{"id":"http://x.y"},"object":{"id":%q,"definition":%s}}`, definition[10:12], v, id, definition))
		}
		told(`{"name":{"en":"meeting"},"type":"http://example.com/t"}`)
		told(`{"name":{"fr":"réunion"}}`)
		told(`{"name":{"fr":"réunion"}}`)
		w.ask("GET", "/activities"+query("activityId", id), nil).has("XAPI-00254",
			fmt.Sprintf(`{"objectType":"Activity","id":%q,"definition":{"name":{"en":"meeting","fr":"réunion"},"type":"http://example.com/t"}}`, id))
		w.ask("GET", "/activities", nil).is(400, "XAPI-00250")
		w.ask("GET", "/activities?activityId=x", nil).is(400, "XAPI-00250")

		w.ask("GET", "/agents"+query("agent", agent("aigul"+v)), nil).is(200, "XAPI-00236 XAPI-00245 XAPI-00248").
			has("XAPI-00237 XAPI-00238 XAPI-00239", `"objectType":"Person"`, `"name":["Aigul en","Aigul fr"]`, `"mbox":["mailto:aigul`+v+`@example.com"]`)
		w.ask("GET", "/agents"+query("agent", agent("nobody")), nil).is(200, "XAPI-00248").lacks("XAPI-00238", `"name"`)
		w.ask("GET", "/agents", nil).is(400, "XAPI-00243")
		w.ask("GET", "/agents"+query("agent", `{"name":"x"}`), nil).is(400, "XAPI-00249")
	})
}

// Every requirement that the public suite tests has a test of ours: its id stands in the
// tests of this package or of package xapi.
func TestEveryRequirementHasATest(t *testing.T) {
	var ours strings.Builder
	for _, dir := range []string{".", "../xapi"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f.Name(), "_test.go") {
				text, err := os.ReadFile(dir + "/" + f.Name())
				if err != nil {
					t.Fatal(err)
				}
				ours.Write(text)
			}
		}
	}
	id := regexp.MustCompile(`XAPI-\d{5}`)
	missing := map[string]bool{}
	for _, name := range []string{"tests-1.0.3.tsv", "tests-2.0.0.tsv"} {
		list, err := os.ReadFile("../../../../shared/data/xapi/" + name)
		if os.IsNotExist(err) {
			t.Skip("the list of the suite's tests does not lie beside the checkout")
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range id.FindAllString(string(list), -1) {
			if !strings.Contains(ours.String(), want) {
				missing[want] = true
			}
		}
	}
	for want := range missing {
		t.Errorf("no test names %s", want)
	}
}
