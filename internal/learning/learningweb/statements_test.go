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

func TestSendingStatements(t *testing.T) {
	eachVersion(t, func(w *world) {
		id := xapi.NewUUID().String()
		one := statement("aigul", "read", "lesson", `"id":"`+id+`"`)
		w.ask("PUT", "/statements?statementId="+id, one).is(204, "XAPI-00139 XAPI-00143 XAPI-00144 XAPI-00335")
		w.ask("PUT", "/statements", one).is(400, "XAPI-00145")
		w.ask("PUT", "/statements?statementId=7", one).is(400, "XAPI-00144 XAPI-00012")
		w.ask("PUT", "/statements?statementId="+xapi.NewUUID().String(), one).is(400, "XAPI-00144")
		w.ask("PUT", "/statements?statementId="+id, "["+one+"]").is(400, "XAPI-00144")
		w.ask("PUT", "/statements?statementId="+id, strings.Repeat(" ", 100)+"["+one+"]").is(400, "XAPI-00144")
		w.ask("GET", "/statements?statementId="+id, nil).is(200, "XAPI-00156 XAPI-00158 XAPI-00159").
			has("XAPI-00027", `"id":"`+id+`"`).
			has("XAPI-00099", `"authority":{"objectType":"Agent","account":{"homePage":"http://example.com/xapi","name":"suite"}}`)

		// The same again changes nothing; something else is refused, with all that came along.
		w.ask("PUT", "/statements?statementId="+id, one).is(204, "XAPI-00142")
		w.ask("POST", "/statements", one).is(200, "XAPI-00142").has("XAPI-00146", id)
		other := strings.Replace(one, "read", "left", 1)
		w.ask("PUT", "/statements?statementId="+id, other).is(409, "XAPI-00142")
		beside := xapi.NewUUID().String()
		w.ask("POST", "/statements", "["+statement("aigul", "read", "lesson", `"id":"`+beside+`"`)+","+other+"]").is(409, "XAPI-00142")
		w.ask("GET", "/statements?statementId="+beside, nil).is(404, "XAPI-00142")
		w.ask("GET", "/statements?statementId="+id, nil).is(200, "XAPI-00142").lacks("XAPI-00142", "left")

		// One bad statement, and none of the request is kept.
		w.ask("POST", "/statements", "["+statement("aigul", "read", "lesson", `"id":"`+beside+`"`)+`,{"actor":{}}]`).is(400, "XAPI-00182 XAPI-00326")
		w.ask("GET", "/statements?statementId="+beside, nil).is(404, "XAPI-00182 XAPI-00326")

		fresh := w.keep(statement("aigul", "read", "lesson"))[0] // XAPI-00026
		if _, ok := xapi.ParseUUID(fresh); !ok {
			w.Errorf("XAPI-00026: the id %s", fresh)
		}
		w.ask("PUT", "/statements?statementId="+beside, statement("aigul", "read", "lesson")).is(204, "XAPI-00144")
		w.ask("GET", "/statements?statementId="+beside, nil).is(200, "XAPI-00144")
	})
}

// What is answered is what was sent, to the digit and the letter.
func TestStatementsComeBackAsTheyWere(t *testing.T) {
	eachVersion(t, func(w *world) {
		before := time.Now().Add(-time.Second)
		id := w.keep(statement("aigul", "answered", "seal", `"result":{"score":{"scaled":0.6767676767676767,"raw":1e1},"extensions":{"http://example.com/x":{"b":null,"a":[0.10]}}}`,
			`"context":{"contextActivities":{"category":{"id":"http://example.com/one"}}}`))[0]
		got := w.ask("GET", "/statements?statementId="+id, nil).is(200, "XAPI-00002").
			has("XAPI-00002 XAPI-00080", `"scaled":0.6767676767676767`, `"raw":1e1`, `{"http://example.com/x":{"b":null,"a":[0.10]}}`).
			has("XAPI-00096", `"category":[{"id":"http://example.com/one"}]`)
		var s struct{ Stored, Timestamp string }
		got.into(&s)
		stored, ok := xapi.ParseTime(s.Stored, xapi.V200)
		if !ok || stored.Before(before) || s.Timestamp != s.Stored || stored.Nanosecond() == 0 {
			w.Errorf("XAPI-00022 XAPI-00023 XAPI-00122: stored %s, timestamp %s", s.Stored, s.Timestamp)
		}
		modified, err := http.ParseTime(got.header.Get("Last-Modified"))
		if err != nil || !modified.Equal(stored.Truncate(time.Second)) {
			w.Errorf("Last-Modified is %s of a statement stored at %s", got.header.Get("Last-Modified"), s.Stored)
		}
		cyrillic := w.keep(statement("aigul", "left", "port", `"result":{"response":"пломба үзүлгөн 封条 \ud83d\udea2"}`))[0]
		w.ask("GET", "/statements?statementId="+cyrillic, nil).has("XAPI-00015", "пломба үзүлгөн 封条 🚢")
		future := w.keep(statement("aigul", "left", "port", fmt.Sprintf(`"timestamp":%q`, time.Now().Add(5*time.Minute).Format(time.RFC3339))))
		w.ask("GET", "/statements?statementId="+future[0], nil).is(200, "XAPI-00022")
		old := w.keep(statement("aigul", "left", "port", `"version":"1.0.2"`))[0]
		w.ask("GET", "/statements?statementId="+old, nil).has("XAPI-00332 XAPI-00330", `"version":"1.0.2"`)
	})
}

func TestOneStatementTakesNoFilters(t *testing.T) {
	eachVersion(t, func(w *world) {
		id := w.keep(statement("aigul", "read", "lesson"))[0]
		for name, value := range map[string]string{
			"agent": agent("aigul"), "verb": verbID("read"), "activity": activityID("lesson"), "registration": xapi.NewUUID().String(), "related_activities": "true",
			"related_agents": "true", "since": "2012-06-01T19:09:13.245Z", "until": "2030-06-01T19:09:13.245Z", "limit": "1", "ascending": "true",
		} {
			w.ask("GET", "/statements"+query("statementId", id, name, value), nil).is(400, "XAPI-00151")
			w.ask("GET", "/statements"+query("voidedStatementId", id, name, value), nil).is(400, "XAPI-00150")
		}
		w.ask("GET", "/statements"+query("statementId", id, "voidedStatementId", id), nil).is(400, "XAPI-00151")
		w.ask("GET", "/statements"+query("statementId", id, "format", "ids", "attachments", "false"), nil).is(200, "XAPI-00151 XAPI-00161")
		w.ask("GET", "/statements"+query("statementId", "x"), nil).is(400, "XAPI-00012")
		w.ask("GET", "/statements"+query("statementId", xapi.NewUUID().String()), nil).is(404, "XAPI-00156")
	})
}

func TestVoiding(t *testing.T) {
	eachVersion(t, func(w *world) {
		activity := "voiding" + string(w.version)
		id := w.keep(statement("aigul", "read", activity))[0]
		w.ask("GET", "/statements?voidedStatementId="+id, nil).is(404, "XAPI-00018")
		voiding := w.keep(about("mentor", voided, id))[0]
		w.ask("GET", "/statements?statementId="+id, nil).is(404, "XAPI-00018 XAPI-00163")
		w.ask("GET", "/statements?voidedStatementId="+id, nil).is(200, "XAPI-00018 XAPI-00155 XAPI-00157").has("XAPI-00155", id)
		w.ask("GET", "/statements"+query("voidedStatementId", id, "format", "ids"), nil).is(200, "XAPI-00150")
		w.ask("GET", "/statements?statementId="+voiding, nil).is(200, "XAPI-00016")

		// Filters do not find it, but the one that is about it.
		if got := w.find("XAPI-00018 XAPI-00162", "activity", activityID(activity)).ids(); !slices.Equal(got, []string{voiding}) {
			w.Errorf("XAPI-00162: found %v, want %s", got, voiding)
		}

		// What voids can not be voided.
		w.keep(about("mentor", voided, voiding))
		w.ask("GET", "/statements?statementId="+voiding, nil).is(200, "XAPI-00016")
		w.ask("GET", "/statements?voidedStatementId="+voiding, nil).is(404, "XAPI-00016")

		// A statement that comes after the one that voids it.
		late := xapi.NewUUID().String()
		w.keep(about("mentor", voided, late))
		w.keep(statement("aigul", "read", "late", `"id":"`+late+`"`))
		w.ask("GET", "/statements?voidedStatementId="+late, nil).is(200, "XAPI-00019")
		together := xapi.NewUUID().String()
		w.keep(about("mentor", voided, together), statement("aigul", "read", "late", `"id":"`+together+`"`))
		w.ask("GET", "/statements?voidedStatementId="+together, nil).is(200, "XAPI-00019")
		w.ask("POST", "/statements", statement("mentor", "x", "y", `"result":{}`)).is(200, "XAPI-00019")
	})
}

// Nobody takes back what others sent, but who may do everything.
func TestVoidingWhatOthersSent(t *testing.T) {
	each(t, func(w *world) {
		id := w.keep(statement("aigul", "read", "lesson"))[0]
		other := w.as("other", learning.WriteStatements, learning.ReadStatements)
		other.ask("POST", "/statements", about("mentor", voided, id)).is(403, "voiding")
		mine := other.keep(statement("aigul", "read", "lesson"))[0]
		other.keep(about("mentor", voided, mine))
		w.ask("GET", "/statements?voidedStatementId="+mine, nil).is(200, "voiding")
		theirs := other.keep(statement("aigul", "read", "lesson"))[0]
		w.keep(about("mentor", voided, theirs))
		w.ask("GET", "/statements?voidedStatementId="+theirs, nil).is(200, "voiding")
		ahead := xapi.NewUUID().String()
		other.keep(about("mentor", voided, ahead)) // before it is there
		w.keep(statement("aigul", "read", "lesson", `"id":"`+ahead+`"`))
		w.ask("GET", "/statements?statementId="+ahead, nil).is(200, "voiding")
	})
}

// A client that may read its own statements only sees no others, by no way.
func TestScopes(t *testing.T) {
	each(t, func(w *world) {
		theirs := w.keep(statement("aigul", "read", "lesson"))[0]
		mine := w.as("mine", learning.WriteStatements, learning.ReadMine)
		id := mine.keep(statement("aigul", "read", "lesson"))[0]
		if got := mine.find("scopes").ids(); !slices.Equal(got, []string{id}) {
			t.Errorf("read/mine sees %v, want %s", got, id)
		}
		if got := mine.find("scopes", "agent", agent("aigul")).ids(); !slices.Equal(got, []string{id}) {
			t.Errorf("read/mine finds %v, want %s", got, id)
		}
		mine.ask("GET", "/statements?statementId="+theirs, nil).is(404, "scopes")
		mine.ask("GET", "/activities/state"+query("activityId", "http://x.y", "agent", agent("a")), nil).is(403, "scopes")
		writer := w.as("writer", learning.WriteStatements)
		writer.keep(statement("aigul", "read", "lesson"))
		writer.ask("GET", "/statements", nil).is(403, "scopes")
		writer.ask("GET", "/agents"+query("agent", agent("aigul")), nil).is(403, "scopes")
		reader := w.as("reader", learning.ReadAll)
		if got := reader.find("scopes").ids(); len(got) != 3 {
			t.Errorf("all/read sees %d statements", len(got))
		}
		reader.ask("POST", "/statements", statement("aigul", "read", "lesson")).is(403, "scopes")
		doc := query("activityId", "http://x.y", "profileId", "p")
		reader.ask("PUT", "/activities/profile"+doc, "{}", "If-None-Match", "*").is(403, "scopes")
		reader.ask("GET", "/activities/profile"+doc, nil).is(404, "scopes")
		profile := w.as("profile", learning.UseProfile)
		profile.ask("PUT", "/activities/profile"+doc, "{}", "If-None-Match", "*").is(204, "scopes")
		profile.ask("DELETE", "/activities/state"+query("activityId", "http://x.y", "agent", agent("a")), nil).is(403, "scopes")

		// Only who may define is believed what it tells of activities.
		writer.keep(`{"actor":` + agent("a") + `,"verb":{"id":"http://x.y"},"object":{"id":"http://example.com/told","definition":{"name":{"en":"wrong"}}}}`)
		w.ask("GET", "/activities?activityId=http://example.com/told", nil).lacks("scopes", "wrong")

		if err := w.records.Clients.Revoke(t.Context(), "reader"); err != nil {
			t.Fatal(err)
		}
		reader.ask("GET", "/statements", nil).is(401, "XAPI-00334")
	})
}
