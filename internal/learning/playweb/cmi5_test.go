package playweb_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidewaiter/internal/learning/play"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

type object = map[string]any

// au is an assignable unit as it runs: what the launch gave it, and its credentials.
type au struct {
	*school
	launch  url.Values
	auth    string
	context object

	id, last string // of the next statement, if it is to have a certain one, and of the last
}

var opening = regexp.MustCompile(`href="(http://localhost[^"]+)"`)

// launched launches the first unit by the page, as an officer does.
func (s *school) launched(page string) *au {
	s.Helper()
	a := s.ask("aigul", http.MethodPost, page+"/units/1/launch")
	m := opening.FindStringSubmatch(a.body)
	if a.status != http.StatusOK || m == nil || !strings.Contains(a.header.Get("Refresh"), "fetch=") {
		s.Fatalf("launch: %d\n%s", a.status, a.body)
	}
	at, err := url.Parse(html.UnescapeString(m[1]))
	s.ok(err)
	return &au{school: s, launch: at.Query()}
}

// fetch trades the token.
func (u *au) fetch() object {
	u.Helper()
	r, err := http.NewRequest(http.MethodPost, u.launch.Get("fetch"), nil)
	u.ok(err)
	r.Header.Set("Origin", u.contentURL())
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	a := u.send(r)
	out := object{}
	if err := json.Unmarshal([]byte(a.body), &out); err != nil || a.status != http.StatusOK || a.header.Get("Access-Control-Allow-Origin") != "*" ||
		!strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		u.Fatalf("fetch: %d %s %v", a.status, a.body, err)
	}
	return out
}

// xapi sends a request to the record store with the session's credentials.
func (u *au) xapi(method, path string, query url.Values, body any) answer {
	u.Helper()
	var content []byte
	if body != nil {
		var err error
		content, err = json.Marshal(body)
		u.ok(err)
	}
	r, err := http.NewRequest(method, u.launch.Get("endpoint")+path+"?"+query.Encode(), bytes.NewReader(content))
	u.ok(err)
	r.Header.Set("Authorization", "Basic "+u.auth)
	r.Header.Set("X-Experience-API-Version", "1.0.3")
	r.Header.Set("Content-Type", "application/json")
	return u.send(r)
}

// state is the query of a state document of the unit.
func (u *au) state(id string) url.Values {
	return url.Values{"stateId": {id}, "activityId": {u.launch.Get("activityId")}, "agent": {u.launch.Get("actor")}, "registration": {u.launch.Get("registration")}}
}

// begin does what a unit does before it begins (§10, §11).
func (u *au) begin() {
	u.Helper()
	u.auth, _ = u.fetch()["auth-token"].(string)
	a := u.xapi(http.MethodGet, "/activities/state", u.state("LMS.LaunchData"), nil)
	var data struct {
		Context object `json:"contextTemplate"`
		Mode    string `json:"launchMode"`
		Params  string `json:"launchParameters"`
		Return  string `json:"returnURL"`
	}
	if err := json.Unmarshal([]byte(a.body), &data); err != nil || data.Mode != "Normal" || data.Params != "p" || !strings.HasPrefix(data.Return, u.pages.URL) {
		u.Fatalf("launch data: %d %s", a.status, a.body)
	}
	u.context = data.Context
	u.xapi(http.MethodGet, "/agents/profile", url.Values{"profileId": {"cmi5LearnerPreferences"}, "agent": {u.launch.Get("actor")}}, nil)
}

// say sends a cmi5 defined statement and returns the status.
func (u *au) say(verb string, result object) int {
	u.Helper()
	var actor object
	u.ok(json.Unmarshal([]byte(u.launch.Get("actor")), &actor))
	context := maps.Clone(u.context)
	context["registration"] = u.launch.Get("registration")
	activities := maps.Clone(context["contextActivities"].(object))
	category := []any{object{"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}}
	if result["completion"] != nil || result["success"] != nil {
		category = append(category, object{"id": "https://w3id.org/xapi/cmi5/context/categories/moveon"})
	}
	activities["category"] = category
	context["contextActivities"] = activities
	if u.last = u.id; u.last == "" {
		u.last = xapi.NewUUID().String()
	}
	u.id = ""
	s := object{"id": u.last, "timestamp": time.Now().UTC().Format(time.RFC3339), "actor": actor, "context": context,
		"verb": object{"id": "http://adlnet.gov/expapi/verbs/" + verb}, "object": object{"id": u.launch.Get("activityId")}}
	if result != nil {
		s["result"] = result
	}
	return u.xapi(http.MethodPost, "/statements", nil, s).status
}

// verbs returns what was said in the registration, in its order.
func (u *au) verbs() (list []string) {
	u.Helper()
	reader := *u
	reader.auth = base64.StdEncoding.EncodeToString([]byte(u.name + ":" + u.secret))
	a := reader.xapi(http.MethodGet, "/statements", url.Values{"registration": {u.launch.Get("registration")}, "ascending": {"true"}}, nil)
	var page struct {
		Statements []struct {
			Verb struct {
				ID string `json:"id"`
			} `json:"verb"`
		} `json:"statements"`
	}
	u.ok(json.Unmarshal([]byte(a.body), &page))
	for _, s := range page.Statements {
		list = append(list, s.Verb.ID[strings.LastIndexByte(s.Verb.ID, '/')+1:])
	}
	return list
}

func (u *au) want(what string, got, want int) {
	u.Helper()
	if got != want {
		u.Errorf("%s: %d, want %d", what, got, want)
	}
}

// A session of cmi5 from launch to its end, as a unit lives it.
func TestASessionOfCMI5(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		page := s.bring("cmi5.xml", courseOf("index.html?a=1", `moveOn="CompletedAndPassed"`), "index.html", "<p>hello</p>")
		u := s.launched(page)
		u.want("a statement before the token", u.say2("experienced"), http.StatusUnauthorized)
		u.begin()
		if again := u.fetch(); again["auth-token"] != nil || again["error-code"] != "1" {
			t.Errorf("the token once more: %v", again)
		}
		u.want("completed before initialized", u.say("completed", object{"completion": true, "duration": "PT1S"}), http.StatusForbidden)
		u.want("initialized", u.say("initialized", nil), http.StatusOK)
		u.want("write launch data", u.xapi(http.MethodPut, "/activities/state", u.state("LMS.LaunchData"), object{}).status, http.StatusForbidden)
		u.want("delete all state", u.xapi(http.MethodDelete, "/activities/state", without(u.state(""), "stateId"), nil).status, http.StatusForbidden)
		u.want("own state", u.xapi(http.MethodPut, "/activities/state", u.state("bookmark"), object{"page": 3}).status, http.StatusNoContent)
		other := u.state("bookmark")
		other.Set("agent", `{"mbox":"mailto:a@example.org"}`)
		u.want("another's state", u.xapi(http.MethodGet, "/activities/state", other, nil).status, http.StatusForbidden)
		u.want("preferences that are none", u.xapi(http.MethodPut, "/agents/profile", url.Values{"profileId": {"cmi5LearnerPreferences"}, "agent": {u.launch.Get("actor")}}, object{}).status, http.StatusForbidden)
		u.id = u.last // which an earlier statement has: the record store refuses, and nothing counts
		u.want("passed by a used id", u.say("passed", object{"success": true, "duration": "PT1S"}), http.StatusConflict)
		u.want("passed", u.say("passed", object{"success": true, "duration": "PT1S", "score": object{"scaled": 0.9}}), http.StatusOK)
		u.want("passed twice", u.say("passed", object{"success": true, "duration": "PT1S"}), http.StatusForbidden)
		u.want("completed", u.say("completed", object{"completion": true, "duration": "PT1S"}), http.StatusOK)
		u.want("terminated", u.say("terminated", object{"duration": "PT1S"}), http.StatusOK)
		u.want("after the end", u.say("initialized", nil), http.StatusUnauthorized)
		u.want("state after the end", u.xapi(http.MethodGet, "/activities/state", u.state("bookmark"), nil).status, http.StatusUnauthorized)
		if got, want := u.verbs(), []string{"launched", "initialized", "passed", "completed", "satisfied", "satisfied", "terminated"}; !slices.Equal(got, want) {
			t.Errorf("said %q, want %q", got, want)
		}
		if shown := s.ask("aigul", http.MethodGet, page); !strings.Contains(shown.body, "Passed") || !strings.Contains(shown.body, "90") {
			t.Errorf("the page does not say that it is passed:\n%s", shown.body)
		}

		again := s.launched(page)
		if again.launch.Get("registration") != u.launch.Get("registration") || again.launch.Get("activityId") != u.launch.Get("activityId") {
			t.Error("a second launch has another registration or activity")
		}
		again.begin()
		again.want("initialized", again.say("initialized", nil), http.StatusOK)
		if a := again.xapi(http.MethodGet, "/activities/state", again.state("bookmark"), nil); a.body != `{"page":3}` {
			t.Errorf("resumed with %q", a.body)
		}
		again.want("completed again", again.say("completed", object{"completion": true, "duration": "PT1S"}), http.StatusForbidden)
		third := s.launched(page)
		again.want("after it was abandoned", again.say("terminated", object{"duration": "PT1S"}), http.StatusUnauthorized)
		if said := third.verbs(); said[len(said)-2] != "abandoned" || said[len(said)-1] != "launched" {
			t.Errorf("said %q", said)
		}
	})
}

// Of many who trade a token at once one gets credentials, and of many statements that may
// stand once one is kept.
func TestOneOfMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		u := s.launched(s.bring("cmi5.xml", courseOf("index.html", `moveOn="Completed"`), "index.html", ""))
		token := path.Base(u.launch.Get("fetch"))
		var traded atomic.Int32
		many(8, func() {
			if _, err := s.Fetch(t.Context(), token); err == nil {
				traded.Add(1)
			} else if !errors.Is(err, play.ErrFetched) {
				t.Error(err)
			}
		})
		if traded.Load() != 1 {
			t.Fatalf("the token was traded %d times", traded.Load())
		}
		u = s.launched("/packages/" + strings.Split(u.launch.Get("activityId"), "/")[4])
		u.begin()
		u.want("initialized", u.say("initialized", nil), http.StatusOK)
		var kept atomic.Int32
		many(8, func() {
			mine := *u
			if mine.say("completed", object{"completion": true, "duration": "PT1S"}) == http.StatusOK {
				kept.Add(1)
			}
		})
		count := 0
		for _, verb := range u.verbs() {
			if verb == "completed" {
				count++
			}
		}
		if kept.Load() != 1 || count != 1 {
			t.Errorf("%d were taken and %d kept", kept.Load(), count)
		}
	})
}

func many(n int, do func()) {
	var wait sync.WaitGroup
	for range n {
		wait.Go(do)
	}
	wait.Wait()
}

// say2 sends a statement before there is a context.
func (u *au) say2(verb string) int {
	u.Helper()
	return u.xapi(http.MethodPost, "/statements", nil, object{"verb": verb}).status
}

func without(v url.Values, name string) url.Values {
	v.Del(name)
	return v
}

// A unit without criterion is satisfied when the learner is registered, before its launch;
// a waived one at once.
func TestNotApplicableAndWaived(t *testing.T) {
	s := newSchool(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	u := s.launched(s.bring("cmi5.xml", courseOf("index.html", ""), "index.html", ""))
	if got, want := u.verbs(), []string{"satisfied", "satisfied", "launched"}; !slices.Equal(got, want) {
		t.Errorf("said %q, want %q", got, want)
	}
	page := s.bring("cmi5.xml", courseOf("index.html", `moveOn="Passed"`), "index.html", "")
	u = s.launched(page)
	form := []string{"registration", u.launch.Get("registration"), "unit", "0", "reason", "Administrative"}
	if a := s.ask("aigul", http.MethodPost, page+"/waive", form...); a.status != http.StatusForbidden {
		t.Errorf("a learner waives: %d", a.status)
	}
	if a := s.ask("stranger", http.MethodPost, page+"/waive", form...); a.status != http.StatusNotFound {
		t.Errorf("a stranger waives: %d", a.status)
	}
	if a := s.ask("head", http.MethodPost, page+"/waive", form...); a.status != http.StatusSeeOther {
		t.Errorf("waive: %d %s", a.status, a.body)
	}
	if a := s.ask("head", http.MethodPost, page+"/waive", form...); a.status != http.StatusConflict {
		t.Errorf("waive twice: %d", a.status)
	}
	if got, want := u.verbs(), []string{"launched", "waived", "satisfied", "satisfied"}; !slices.Equal(got, want) {
		t.Errorf("said %q, want %q", got, want)
	}
}

// What a conformance suite, or another system, does by the API.
func TestTheAPI(t *testing.T) {
	s := newSchool(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	call := func(method, path, kind string, body []byte) answer {
		r, err := http.NewRequest(method, s.pages.URL+"/api/v1"+path, bytes.NewReader(body))
		s.ok(err)
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.AddCookie(&http.Cookie{Name: "officer", Value: "head"})
		return s.send(r)
	}
	if a := call(http.MethodPost, "/packages", "application/zip", []byte("no package")); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "neither a zip") {
		t.Errorf("no package: %d %s", a.status, a.body)
	}
	a := call(http.MethodPost, "/packages", "application/zip", archive("cmi5.xml", courseOf("index.html", ""), "index.html", ""))
	var made struct{ ID, Standard string }
	if s.ok(json.Unmarshal([]byte(a.body), &made)); a.status != http.StatusCreated || made.Standard != "cmi5" {
		t.Fatalf("import: %d %s", a.status, a.body)
	}
	order := `{"actor":{"account":{"homePage":"https://other.example","name":"a"}},"mode":"Browse","returnUrl":"https://other.example/back"}`
	a = call(http.MethodPost, "/packages/"+made.ID+"/units/1/launch", "application/json", []byte(order))
	var launched struct{ URL, Registration, Session string }
	if s.ok(json.Unmarshal([]byte(a.body), &launched)); a.status != http.StatusOK || !strings.HasPrefix(launched.URL, s.contentURL()+"/files/") {
		t.Fatalf("launch: %d %s", a.status, a.body)
	}
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{http.MethodPost, "/packages/" + made.ID + "/units/2/launch", order, http.StatusNotFound},
		{http.MethodPost, "/packages/" + made.ID + "/units/1/launch", `{"actor":{"mbox":"mailto:a@example.org"}}`, http.StatusUnprocessableEntity},
		{http.MethodPost, "/sessions/" + launched.Session + "/abandon", "", http.StatusNoContent},
		{http.MethodPost, "/sessions/" + launched.Session + "/abandon", "", http.StatusConflict},
		{http.MethodPost, "/registrations/" + launched.Registration + "/units/1/waive", `{"reason":"Tested Out"}`, http.StatusNoContent},
		{http.MethodPost, "/registrations/none/units/1/waive", `{"reason":"Tested Out"}`, http.StatusNotFound},
		{http.MethodDelete, "/packages/" + made.ID, "", http.StatusNoContent},
		{http.MethodDelete, "/packages/" + made.ID, "", http.StatusNotFound},
	} {
		if a := call(c.method, c.path, "application/json", []byte(c.body)); a.status != c.want {
			t.Errorf("%s %s: %d %s, want %d", c.method, c.path, a.status, a.body, c.want)
		}
	}
}
