package learningweb_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/xapi"
)

// resource is one of those that hold documents, with parameters that name one.
type resource struct {
	path  string
	name  string // parameter with the document's id
	owner []string
	ids   map[string]string // requirements by what is done
}

var resources = []resource{
	{"/activities/state", "stateId", []string{"activityId", activityID("doc"), "agent", agent("aigul")}, map[string]string{
		"put": "XAPI-00190 XAPI-00230", "post": "XAPI-00189 XAPI-00231 XAPI-00233", "get": "XAPI-00188 XAPI-00192 XAPI-00217", "delete": "XAPI-00187 XAPI-00191 XAPI-00216",
		"list": "XAPI-00193", "since": "XAPI-00195 XAPI-00221", "bad since": "XAPI-00204", "merge": "XAPI-00234 XAPI-00183 XAPI-00184", "no merge": "XAPI-00232 XAPI-00229",
		"bad JSON": "XAPI-00235", "no name": "XAPI-00206 XAPI-00211", "no activityId": "XAPI-00207 XAPI-00208 XAPI-00209 XAPI-00210",
		"no agent": "XAPI-00212 XAPI-00213 XAPI-00214 XAPI-00215", "bad agent": "XAPI-00196 XAPI-00197 XAPI-00198 XAPI-00199",
	}},
	{"/agents/profile", "profileId", []string{"agent", agent("aigul")}, map[string]string{
		"put": "XAPI-00273 XAPI-00282", "post": "XAPI-00272 XAPI-00283 XAPI-00280", "get": "XAPI-00274 XAPI-00259 XAPI-00269", "delete": "XAPI-00271",
		"list": "XAPI-00270", "since": "XAPI-00275 XAPI-00268", "bad since": "XAPI-00260", "merge": "XAPI-00279", "no merge": "XAPI-00278 XAPI-00281",
		"bad JSON": "XAPI-00284", "no name": "XAPI-00265 XAPI-00266 XAPI-00267", "no agent": "XAPI-00261 XAPI-00262 XAPI-00263 XAPI-00264",
		"bad agent": "XAPI-00255 XAPI-00256 XAPI-00257 XAPI-00258",
	}},
	{"/activities/profile", "profileId", []string{"activityId", activityID("doc")}, map[string]string{
		"put": "XAPI-00287 XAPI-00293 XAPI-00311", "post": "XAPI-00286 XAPI-00292 XAPI-00312 XAPI-00310", "get": "XAPI-00290 XAPI-00288", "delete": "XAPI-00285 XAPI-00291",
		"list": "XAPI-00289", "since": "XAPI-00294 XAPI-00303", "bad since": "XAPI-00295", "merge": "XAPI-00308", "no merge": "XAPI-00309 XAPI-00313",
		"bad JSON": "XAPI-00314", "no name": "XAPI-00300 XAPI-00301 XAPI-00302", "no activityId": "XAPI-00296 XAPI-00297 XAPI-00298 XAPI-00299",
	}},
}

// at is the address of a document, or of all when it has no name.
func (r resource) at(name string, more ...string) string {
	params := append(slices.Clone(r.owner), more...)
	if name != "" {
		params = append(params, r.name, name)
	}
	return r.path + query(params...)
}

// eachResource runs a test on every engine, for both versions and all resources.
func eachResource(t *testing.T, test func(w *world, r resource)) {
	eachVersion(t, func(w *world) {
		for _, r := range resources {
			r.owner = slices.Clone(r.owner)
			r.owner[1] = strings.Replace(r.owner[1], "aigul", "aigul"+string(w.version), 1) // the two versions share a database
			r.owner[1] = strings.Replace(r.owner[1], "/doc", "/doc"+string(w.version), 1)
			test(w, r)
		}
	})
}

func TestDocuments(t *testing.T) {
	eachResource(t, func(w *world, r resource) {
		at := r.at("seal notes/1 №")
		w.ask("GET", at, nil).is(404, r.ids["get"])
		w.ask("PUT", at, `{"a":1.50}`, "If-None-Match", "*").is(204, r.ids["put"])
		got := w.ask("GET", at, nil).is(200, r.ids["get"]).has(r.ids["get"], `{"a":1.50}`)
		if tag := got.header.Get("ETag"); len(tag) != 42 || tag[0] != '"' || got.header.Get("Content-Type") != "application/json" {
			w.Errorf("XAPI-00322: %s has the ETag %s, type %s", at, tag, got.header.Get("Content-Type"))
		}
		if at, err := http.ParseTime(got.header.Get("Last-Modified")); err != nil || time.Since(at) > time.Minute {
			w.Errorf("%s was modified at %v, %v", r.path, at, err)
		}
		w.ask("GET", at, nil, "If-None-Match", got.header.Get("ETag")).is(304, "XAPI-00322")
		w.ask("HEAD", at, nil).is(200, "XAPI-00125 XAPI-00126")

		w.ask("POST", at, `{"b":{"x":1}}`).is(204, r.ids["post"])
		w.ask("POST", at, `{"b":{"y":2}}`).is(204, r.ids["merge"])
		w.ask("GET", at, nil).has(r.ids["merge"], `{"a":1.50,"b":{"y":2}}`)

		w.ask("POST", at, "plain", "Content-Type", "text/plain").is(400, r.ids["no merge"])
		w.ask("POST", at, `[1]`).is(400, r.ids["no merge"])
		w.ask("POST", at, `{"b":`).is(400, r.ids["bad JSON"])
		w.ask("POST", r.at("fresh"), `{"b":`).is(400, r.ids["bad JSON"])
		w.ask("GET", at, nil).has(r.ids["no merge"], `{"a":1.50,"b":{"y":2}}`)
		bytes := "\x00\xff\x01 not JSON"
		w.ask("POST", r.at("bytes"), bytes, "Content-Type", "application/octet-stream").is(204, r.ids["post"])
		w.ask("POST", r.at("bytes"), `{"a":1}`).is(400, r.ids["no merge"])
		if got := w.ask("GET", r.at("bytes"), nil); string(got.body) != bytes || got.header.Get("Content-Type") != "application/octet-stream" {
			w.Errorf("%s: %q, %s", r.ids["get"], got.body, got.header.Get("Content-Type"))
		}

		w.ask("DELETE", at, nil).is(204, r.ids["delete"])
		w.ask("GET", at, nil).is(404, r.ids["delete"])
		w.ask("DELETE", at, nil).is(204, r.ids["delete"])
	})
}

func TestDocumentNames(t *testing.T) {
	eachResource(t, func(w *world, r resource) {
		w.ask("GET", r.at(""), nil).is(200, r.ids["list"]).has(r.ids["list"], `[]`)
		w.ask("POST", r.at("one"), `{}`).is(204, r.ids["post"])
		w.ask("POST", r.at("two"), `{}`).is(204, r.ids["post"])
		var names []string
		got := w.ask("GET", r.at(""), nil).is(200, r.ids["list"]).into(&names)
		slices.Sort(names)
		if !slices.Equal(names, []string{"one", "two"}) || got.header.Get("Last-Modified") == "" {
			w.Errorf("%s: %v, modified %s", r.ids["list"], names, got.header.Get("Last-Modified"))
		}
		w.ask("GET", r.at("", "since", xapi.FormatTime(time.Now().Add(-time.Minute))), nil).has(r.ids["since"], `"one"`, `"two"`)
		w.ask("GET", r.at("", "since", xapi.FormatTime(time.Now().Add(time.Minute))), nil).has(r.ids["since"], `[]`)
		w.ask("GET", r.at("", "since", "yesterday"), nil).is(400, r.ids["bad since"])
		w.ask("GET", r.at("one", "since", "yesterday"), nil).is(400, r.ids["bad since"])
	})
}

// Nothing is done without saying to what.
func TestDocumentParameters(t *testing.T) {
	eachResource(t, func(w *world, r resource) {
		ask := func(method, address, ids string) {
			w.Helper()
			w.ask(method, address, `{}`, "If-None-Match", "*").is(400, ids)
		}
		ask("PUT", r.at(""), r.ids["no name"])
		ask("POST", r.at(""), r.ids["no name"])
		if r.path != "/activities/state" {
			ask("DELETE", r.at(""), r.ids["no name"])
		}
		for i := 0; i < len(r.owner); i += 2 {
			without := slices.Delete(slices.Clone(r.owner), i, i+2)
			broken := slices.Clone(r.owner)
			broken[i+1] = "true"
			for _, method := range []string{"GET", "PUT", "POST", "DELETE"} {
				ask(method, r.path+query(append(without, r.name, "x")...), r.ids["no "+r.owner[i]])
				ask(method, r.path+query(append(broken, r.name, "x")...), r.ids["bad "+r.owner[i]]+" XAPI-00012")
			}
		}
		for _, method := range []string{"GET", "PUT", "POST", "DELETE"} {
			ask(method, r.at("x", "unknown", "1"), "XAPI-00324")
			ask(method, r.at("x", r.name, "y"), "XAPI-00324")
			ask(method, r.path+query(append(slices.Clone(r.owner), r.name, "")...), "XAPI-00012")
			if r.path == "/activities/state" {
				ask(method, r.at("x", "registration", "7"), "XAPI-00200 XAPI-00201 XAPI-00202 XAPI-00203")
			}
		}
		ask("PUT", r.at(strings.Repeat("x", 3000)), "bounds")
		ask("PUT", r.at("a\x00b"), "bounds")
		w.ask("PUT", r.at("large"), strings.Repeat("x", learning.MaxDocument+1), "If-None-Match", "*", "Content-Type", "text/plain").is(413, "bounds")
	})
}

// The states of two registrations are apart.
func TestRegistrations(t *testing.T) {
	eachVersion(t, func(w *world) {
		r := resources[0]
		r.owner = []string{"activityId", activityID("registered" + string(w.version)), "agent", agent("aigul")}
		one, two := xapi.NewUUID().String(), xapi.NewUUID().String()
		w.ask("PUT", r.at("s", "registration", one), `{"n":1}`).is(204, "XAPI-00218")
		w.ask("POST", r.at("s", "registration", strings.ToUpper(two)), `{"n":2}`).is(204, "XAPI-00227")
		w.ask("POST", r.at("s"), `{"n":3}`).is(204, "XAPI-00227")
		w.ask("GET", r.at("s", "registration", one), nil).has("XAPI-00220", `{"n":1}`)
		w.ask("GET", r.at("s", "registration", two), nil).has("XAPI-00220", `{"n":2}`)
		w.ask("GET", r.at("s"), nil).has("XAPI-00220", `{"n":3}`)
		w.ask("GET", r.at(""), nil).has("XAPI-00193", `["s"]`)
		w.ask("GET", r.at("", "registration", xapi.NewUUID().String()), nil).has("XAPI-00220", `[]`)
		w.ask("DELETE", r.at("", "registration", one), nil).is(204, "XAPI-00219 XAPI-00194")
		w.ask("GET", r.at("s", "registration", one), nil).is(404, "XAPI-00219")
		w.ask("GET", r.at("s", "registration", two), nil).is(200, "XAPI-00219")
		w.ask("DELETE", r.at(""), nil).is(204, "XAPI-00194")
		w.ask("GET", r.at("s"), nil).is(404, "XAPI-00194")
		w.ask("GET", r.at("s", "registration", two), nil).is(404, "XAPI-00194")
	})
}

// XAPI-00322: nobody writes over what he has not seen.
func TestConcurrency(t *testing.T) {
	eachResource(t, func(w *world, r resource) {
		at := r.at("shared")
		state103 := r.path == "/activities/state" && w.version == xapi.V103
		status := map[bool]int{true: 204, false: 409}
		if w.version == xapi.V103 && !state103 {
			w.ask("PUT", at, `{"n":0}`).is(400, "XAPI-00273 XAPI-00287 XAPI-00322")
		}
		w.ask("PUT", at, `{"n":1}`, "If-Match", `"1234"`).is(412, "XAPI-00322")
		w.ask("PUT", at, `{"n":1}`, "If-None-Match", "*").is(204, "XAPI-00322")
		tag := w.ask("GET", at, nil).header.Get("ETag")
		w.ask("PUT", at, `{"n":2}`, "If-None-Match", "*").is(412, "XAPI-00322")
		w.ask("PUT", at, `{"n":2}`, "If-None-Match", tag).is(412, "XAPI-00322")
		w.ask("PUT", at, `{"n":2}`, "If-Match", `"1234"`).is(412, "XAPI-00322").has("XAPI-00322", "changed")
		w.ask("POST", at, `{"n":2}`, "If-Match", `"1234"`).is(412, "XAPI-00322")
		w.ask("DELETE", at, nil, "If-Match", `"1234"`).is(412, "XAPI-00322")
		w.ask("GET", at, nil).has("XAPI-00322", `{"n":1}`)
		w.ask("PUT", at, `{"n":2}`).is(status[state103], "XAPI-00322")
		if !state103 {
			w.ask("GET", at, nil).has("XAPI-00322", `{"n":1}`)
		}
		tag = w.ask("GET", at, nil).header.Get("ETag")
		w.ask("PUT", at, `{"n":3}`, "If-Match", `"1234", `+tag).is(204, "XAPI-00322")
		w.ask("PUT", at, `{"n":4}`, "If-Match", tag).is(412, "XAPI-00322")
		tag = w.ask("GET", at, nil).header.Get("ETag")
		w.ask("POST", at, `{"m":1}`, "If-Match", "W/"+tag).is(204, "XAPI-00322")
		w.ask("GET", at, nil).has("XAPI-00322", `{"n":3,"m":1}`)
		w.ask("DELETE", at, nil, "If-Match", "*").is(204, "XAPI-00322")
		w.ask("PUT", at, `{"n":5}`, "If-Match", "*").is(412, "XAPI-00322")
	})
}

// Many write at once: every one with the tag that he read, and none is lost.
func TestCountingTogether(t *testing.T) {
	each(t, func(w *world) {
		at := resources[1].at("counter")
		w.ask("PUT", at, `{"n":0}`, "If-None-Match", "*").is(204, "XAPI-00322")
		const workers, rounds = 4, 5
		done := make(chan error, workers)
		for range workers {
			go func() {
				for done2 := 0; done2 < rounds; {
					got := w.ask("GET", at, nil)
					var doc struct{ N int }
					got.into(&doc)
					switch status := w.ask("PUT", at, fmt.Sprintf(`{"n":%d}`, doc.N+1), "If-Match", got.header.Get("ETag")).status; status {
					case 204:
						done2++
					case 412:
					default:
						done <- fmt.Errorf("status %d", status)
						return
					}
				}
				done <- nil
			}()
		}
		for range workers {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
		w.ask("GET", at, nil).has("XAPI-00322", fmt.Sprintf(`{"n":%d}`, workers*rounds))
	})
}
