package learningweb_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/learning/xapi"
)

func TestFilters(t *testing.T) {
	eachVersion(t, func(w *world) {
		registration := xapi.NewUUID().String()
		v := string(w.version) // the two versions share a database
		context := `"context":{"registration":"` + registration + `","instructor":` + agent("mentor"+v) + `,"contextActivities":{"parent":[{"id":"` + activityID("course"+v) + `"}]}}`
		ids := w.keep(
			statement("aigul"+v, "read"+v, "lesson"+v, context),
			statement("bakyt"+v, "read"+v, "quiz"+v),
			statement("aigul"+v, "passed"+v, "quiz"+v),
			fmt.Sprintf(`{"actor":{"objectType":"Group","member":[%s,%s]},"verb":{"id":%q},"object":{"objectType":"SubStatement","actor":%s,"verb":{"id":%q},"object":{"id":%q}}}`,
				agent("dinara"+v), agent("bakyt"+v), verbID("planned"+v), agent("aigul"+v), verbID("read"+v), activityID("lesson"+v)),
			fmt.Sprintf(`{"actor":%s,"verb":{"id":%q},"object":{"objectType":"Agent","mbox":"mailto:dinara%s@example.com"}}`, agent("mentor"+v), verbID("met"+v), v),
		)
		for _, c := range []struct {
			ids    string
			params []string
			want   string // statements, the newest first
		}{
			{"XAPI-00180", []string{"verb", verbID("read" + v)}, "10"},
			{"XAPI-00179", []string{"activity", activityID("quiz" + v)}, "21"},
			{"XAPI-00179", []string{"activity", activityID("course" + v)}, ""},
			{"XAPI-00177", []string{"activity", activityID("course" + v), "related_activities", "true"}, "0"},
			{"XAPI-00177", []string{"activity", activityID("lesson" + v), "related_activities", "true"}, "30"},
			{"XAPI-00177", []string{"activity", activityID("lesson" + v), "related_activities", "false"}, "0"},
			{"XAPI-00181", []string{"agent", agent("aigul" + v)}, "20"},
			{"XAPI-00181", []string{"agent", agent("bakyt" + v)}, "31"}, // a member of the group, too
			{"XAPI-00181", []string{"agent", `{"objectType":"Agent","name":"any","mbox":"mailto:dinara` + v + `@example.com"}`}, "43"},
			{"XAPI-00176", []string{"agent", agent("aigul" + v), "related_agents", "true"}, "320"},
			{"XAPI-00176", []string{"agent", agent("mentor" + v), "related_agents", "true"}, "40"},
			{"XAPI-00178", []string{"registration", strings.ToUpper(registration)}, "0"},
			{"XAPI-00154", []string{"agent", agent("aigul" + v), "verb", verbID("passed" + v)}, "2"},
			{"XAPI-00154", []string{"agent", agent("aigul" + v), "verb", verbID("passed" + v), "activity", activityID("lesson" + v)}, ""},
			{"XAPI-00166", []string{"verb", verbID("read" + v), "ascending", "true"}, "01"},
			{"XAPI-00166", []string{"verb", verbID("read" + v), "ascending", "false"}, "10"},
			{"XAPI-00173", []string{"verb", verbID("read" + v), "limit", "1"}, "1"},
			{"XAPI-00149 XAPI-00109", []string{"verb", verbID("nobody")}, ""},
		} {
			found := w.find(c.ids+" XAPI-00164 XAPI-00110 XAPI-00113", c.params...)
			var got string
			for _, id := range found.ids() {
				got += fmt.Sprint(slices.Index(ids, id))
			}
			if got != c.want {
				w.Errorf("%s: %v finds %q, want %q", c.ids, c.params, got, c.want)
			}
			if (found.More != "") != slices.Contains(c.params, "limit") {
				w.Errorf("XAPI-00109: %v has more: %q", c.params, found.More)
			}
		}
	})
}

// Since is before what is found, until is not after it.
func TestTimesOfStorage(t *testing.T) {
	eachVersion(t, func(w *world) {
		verb := "timed" + string(w.version)
		var all []string
		for range 3 {
			all = append(all, w.keep(statement("aigul", verb, "x"), statement("aigul", verb, "y"))...)
		}
		var stored []string
		for _, s := range w.find("XAPI-00165", "verb", verbID(verb), "ascending", "true").Statements {
			stored = append(stored, s["stored"].(string))
		}
		if !slices.IsSorted(stored) || len(slices.Compact(slices.Clone(stored))) != 6 {
			w.Fatalf("XAPI-00166: stored at %v", stored)
		}
		for i, at := range stored {
			if got := w.find("XAPI-00175", "verb", verbID(verb), "since", at, "ascending", "true").ids(); !slices.Equal(got, all[i+1:]) {
				w.Errorf("XAPI-00162 XAPI-00175: since number %d finds %d, want %d", i, len(got), len(all[i+1:]))
			}
			if got := w.find("XAPI-00174", "verb", verbID(verb), "until", at, "ascending", "true").ids(); !slices.Equal(got, all[:i+1]) {
				w.Errorf("XAPI-00174: until number %d finds %d, want %d", i, len(got), i+1)
			}
			if got := w.find("XAPI-00174", "verb", verbID(verb), "since", stored[0], "until", at).ids(); len(got) != i {
				w.Errorf("XAPI-00175: between number 0 and %d are %d", i, len(got))
			}
		}
		for _, bad := range []string{"yesterday", "2012-06-01", "7"} {
			w.ask("GET", "/statements"+query("since", bad), nil).is(400, "XAPI-00012")
			w.ask("GET", "/statements"+query("until", bad), nil).is(400, "XAPI-00012")
		}
	})
}

func TestBadParameters(t *testing.T) {
	eachVersion(t, func(w *world) {
		for name, values := range map[string][]string{
			"agent":              {"not JSON", "{}", `{"objectType":"Group","member":[{"mbox":"mailto:a@example.com"}]}`, `{"mbox":"a@example.com"}`},
			"verb":               {"read", ""},
			"activity":           {"lesson", ""},
			"registration":       {"7", ""},
			"related_activities": {"yes", ""},
			"related_agents":     {"1"},
			"limit":              {"-1", "ten", "1.5"},
			"format":             {"short", ""},
			"attachments":        {"TRUE"},
			"ascending":          {"down"},
			"cursor":             {"", "0", "?", "-5", "99999999999999999999"},
			"unknown":            {"x"},
		} {
			for _, value := range values {
				w.ask("GET", "/statements"+query(name, value), nil).is(400, "XAPI-00012 XAPI-00324")
			}
		}
		for _, name := range []string{"StatementId", "VoidedStatementId", "Agent", "Verb", "Activity", "Registration", "Related_Activities", "Related_Agents",
			"Since", "Until", "Limit", "Format", "Attachments", "Ascending"} {
			w.ask("GET", "/statements"+query(name, "true"), nil).is(400, "XAPI-00325")
		}
		w.ask("GET", "/statements?limit=1&limit=2", nil).is(400, "XAPI-00324")
		w.ask("PUT", "/statements"+query("StatementId", xapi.NewUUID().String()), statement("a", "b", "c")).is(400, "XAPI-00325")
		w.ask("POST", "/statements?foo=bar", statement("a", "b", "c")).is(400, "XAPI-00324")
		w.ask("GET", "/statements?%zz", nil).is(400, "XAPI-00324")
	})
}

// Pages hang together, whatever is kept while they are turned.
func TestMore(t *testing.T) {
	eachVersion(t, func(w *world) {
		verb := "paged" + string(w.version)
		var all []string
		for i := range 7 {
			all = append(all, w.keep(statement("aigul", verb, fmt.Sprint(i)))...)
		}
		turn := func(ascending string) (got []string) {
			found := w.find("XAPI-00114", "verb", verbID(verb), "limit", "3", "ascending", ascending)
			for pages := 1; ; pages++ {
				got = append(got, found.ids()...)
				if found.More == "" {
					return got
				}
				if !strings.HasPrefix(found.More, "/xapi/statements?") || pages > 5 {
					w.Fatalf("XAPI-00108: page %d leads to %q", pages, found.More)
				}
				if ascending == "false" {
					w.keep(statement("aigul", verb, "meanwhile"))
				}
				next := found.More
				found = result{}
				w.ask("GET", strings.TrimPrefix(next, "/xapi"), nil).is(200, "XAPI-00108 XAPI-00111").into(&found)
			}
		}
		if got := turn("true"); !slices.Equal(got, all) {
			w.Errorf("XAPI-00111: %d statements, want %d in their order", len(got), len(all))
		}
		slices.Reverse(all)
		if got := turn("false"); !slices.Equal(got, all) {
			w.Errorf("XAPI-00111: backwards %v, want %v", got, all)
		}
		if got := w.find("XAPI-00173", "verb", verbID(verb), "limit", "0"); len(got.Statements) != 9 {
			w.Errorf("limit 0 is the most there can be: %d", len(got.Statements))
		}
	})
}

// A statement about a statement is found by what finds the other, whichever came first.
func TestReferences(t *testing.T) {
	eachVersion(t, func(w *world) {
		v := string(w.version)
		target, confirmed, last := xapi.NewUUID().String(), xapi.NewUUID().String(), xapi.NewUUID().String()
		early := statement("ben"+v, "passed"+v, "explosives"+v, `"id":"`+target+`"`)
		middle := about("andrew"+v, verbID("confirmed"+v), target, `"id":"`+confirmed+`"`)
		end := about("carol"+v, verbID("filed"+v), confirmed, `"id":"`+last+`"`)
		want := []string{target, confirmed, last}
		slices.Sort(want)
		w.keep(end) // before the one that it is about
		w.keep(middle)
		w.keep(early)
		for _, params := range [][]string{
			{"agent", agent("ben" + v)}, {"activity", activityID("explosives" + v)}, {"verb", verbID("passed" + v)},
			{"agent", agent("ben" + v), "verb", verbID("passed" + v)},
		} {
			got := w.find("XAPI-00162", params...).ids()
			slices.Sort(got)
			if !slices.Equal(got, want) {
				w.Errorf("XAPI-00162: %v finds %v, want all three", params, got)
			}
		}
		if got := w.find("XAPI-00162", "agent", agent("andrew"+v)).ids(); len(got) != 2 || slices.Contains(got, target) {
			w.Errorf("XAPI-00162: the one who confirmed finds %v", got)
		}
		w.keep(about("mentor", voided, target))
		if got := w.find("XAPI-00162", "agent", agent("ben"+v)).ids(); len(got) != 3 || slices.Contains(got, target) {
			w.Errorf("XAPI-00162: after voiding, its filter finds %v", got) // two that are about it, and the one that voids
		}
	})
}

// A circle of references ends.
func TestReferencesInACircle(t *testing.T) {
	each(t, func(w *world) {
		a, b := xapi.NewUUID().String(), xapi.NewUUID().String()
		w.keep(about("x", verbID("one"), b, `"id":"`+a+`"`), about("y", verbID("two"), a, `"id":"`+b+`"`))
		w.keep(about("z", verbID("three"), a), about("z", verbID("three"), b))
		if got := w.find("circle", "agent", agent("x")).ids(); len(got) != 4 {
			t.Errorf("found %v", got)
		}
	})
}

func TestFormatsOverHTTP(t *testing.T) {
	eachVersion(t, func(w *world) {
		name := "formats" + string(w.version)
		text := func(language, word string) string {
			return fmt.Sprintf(`{"actor":{"name":"Aigul","mbox":"mailto:aigul@example.com"},"verb":{"id":%q,"display":{"en":"read","ky":"окуду"}},
				"object":{"id":%q,"definition":{"name":{%q:%q}}}}`, verbID(name), activityID(name), language, word)
		}
		id := w.keep(text("en", "Lesson"))[0]
		w.keep(text("ky", "Сабак"))
		at := "/statements" + query("statementId", id)
		w.ask("GET", at, nil).has("XAPI-00168", `"name":{"en":"Lesson"}`, `"name":"Aigul"`)
		w.ask("GET", at+"&format=exact", nil).has("XAPI-00170", `"name":{"en":"Lesson"}`, `"display":{"en":"read","ky":"окуду"}`)
		w.ask("GET", at+"&format=ids", nil).has("XAPI-00171", `"actor":{"mbox":"mailto:aigul@example.com"}`, fmt.Sprintf(`"verb":{"id":%q}`, verbID(name)),
			fmt.Sprintf(`"object":{"id":%q}`, activityID(name)))
		w.ask("GET", at+"&format=canonical", nil, "Accept-Language", "ky, en;q=0.5").has("XAPI-00169 XAPI-00172", `"name":{"ky":"Сабак"}`, `"display":{"ky":"окуду"}`, `"name":"Aigul"`)
		w.ask("GET", at+"&format=canonical", nil, "Accept-Language", "en-GB").has("XAPI-00172", `"name":{"en":"Lesson"}`, `"display":{"en":"read"}`)
		w.ask("GET", "/statements"+query("verb", verbID(name), "format", "canonical"), nil, "Accept-Language", "fr;q=x").is(200, "XAPI-00172").has("XAPI-00169", `"en":"Lesson"`)
	})
}

// The header tells until when everything that was sent is found.
func TestConsistentThrough(t *testing.T) {
	eachVersion(t, func(w *world) {
		w.keep(statement("aigul", "read", "lesson"))
		for _, path := range []string{"/statements", "/statements?limit=1", "/statements?format=ids", "/statements?attachments=true", "/statements?LIMIT=1",
			"/statements?agent=" + url.QueryEscape(agent("aigul")), "/statements?since=2012-06-01T19:09:13.245Z"} {
			through, ok := xapi.ParseTime(w.ask("GET", path, nil).header.Get("X-Experience-API-Consistent-Through"), w.version)
			if !ok || time.Since(through) > time.Minute {
				w.Errorf("XAPI-00153: %s: %v", path, through)
			}
		}
		var s struct{ Stored string }
		id := w.keep(statement("aigul", "read", "lesson"))[0]
		got := w.ask("GET", "/statements?statementId="+id, nil).into(&s)
		if through := got.header.Get("X-Experience-API-Consistent-Through"); through < s.Stored {
			w.Errorf("XAPI-00153: %s, and a statement stored at %s is there", through, s.Stored)
		}
	})
}
