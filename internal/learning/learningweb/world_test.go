package learningweb_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tidewaiter/internal/evidence"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/learningweb"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// world is a record store that is served, with a client who may do everything.
type world struct {
	*testing.T
	records      *learning.Records
	server       *httptest.Server
	name, secret string
	version      xapi.Version
}

// each runs a test on every engine.
func each(t *testing.T, test func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := &world{T: t, version: xapi.V200, records: learning.NewRecords(db, evidence.NewFiles(db), learning.Options{Home: "http://example.com/xapi"})}
		w.server = httptest.NewServer(learningweb.New(w.records, slog.New(slog.DiscardHandler)))
		t.Cleanup(w.server.Close)
		w.name, w.secret = "suite", w.client("suite", learning.All)
		test(w)
	})
}

// eachVersion runs a test on every engine for both versions of the standard.
func eachVersion(t *testing.T, test func(w *world)) {
	each(t, func(w *world) {
		for _, v := range xapi.Versions {
			w.T.Run(string(v), func(t *testing.T) {
				speaking := *w
				speaking.T, speaking.version = t, v
				test(&speaking)
			})
		}
	})
}

// client lets another client in and returns its secret.
func (w *world) client(name string, scopes ...learning.Scope) string {
	w.Helper()
	_, secret, err := w.records.Clients.Add(w.Context(), name, scopes, w.version)
	if err != nil {
		w.Fatal(err)
	}
	return secret
}

// as returns the world as another client sees it.
func (w *world) as(name string, scopes ...learning.Scope) *world {
	other := *w
	other.name, other.secret = name, w.client(name, scopes...)
	return &other
}

// reply is an answer.
type reply struct {
	*world
	what   string
	status int
	header http.Header
	body   []byte
}

// ask sends a request; headers are names and values in turns, and "" removes one.
func (w *world) ask(method, path string, body any, headers ...string) reply {
	w.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	case []byte:
		content = bytes.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			w.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(w.Context(), method, w.server.URL+learningweb.Root+path, content)
	if err != nil {
		w.Fatal(err)
	}
	r.SetBasicAuth(w.name, w.secret)
	r.Header.Set("X-Experience-API-Version", string(w.version))
	if content != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	resp, err := w.server.Client().Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		w.Fatal(err)
	}
	return reply{w, fmt.Sprintf("%s %s (%s)", method, path, w.version), resp.StatusCode, resp.Header, got}
}

// is expects a status.
func (r reply) is(status int, ids string) reply {
	r.Helper()
	if r.status != status {
		r.Errorf("%s: %s: %d, want %d: %.300s", ids, r.what, r.status, status, r.body)
	}
	return r
}

// has expects parts of the body.
func (r reply) has(ids string, parts ...string) reply {
	r.Helper()
	for _, part := range parts {
		if !bytes.Contains(r.body, []byte(part)) {
			r.Errorf("%s: %s: no %s in %.1000s", ids, r.what, part, r.body)
		}
	}
	return r
}

// lacks expects parts of the body not to be there.
func (r reply) lacks(ids string, parts ...string) reply {
	r.Helper()
	for _, part := range parts {
		if bytes.Contains(r.body, []byte(part)) {
			r.Errorf("%s: %s: %s is in %.1000s", ids, r.what, part, r.body)
		}
	}
	return r
}

// into reads the JSON of the body.
func (r reply) into(v any) reply {
	r.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		r.Fatalf("%s: %v in %.300s", r.what, err, r.body)
	}
	return r
}

// result is what GET of statements answers.
type result struct {
	Statements []map[string]any
	More       string
}

// find asks for statements by parameters, which are names and values in turns.
func (w *world) find(ids string, params ...string) result {
	w.Helper()
	var found result
	w.ask("GET", "/statements"+query(params...), nil).is(200, ids).into(&found)
	return found
}

// ids are those of the statements, in their order.
func (r result) ids() (all []string) {
	for _, s := range r.Statements {
		all = append(all, s["id"].(string))
	}
	return all
}

func query(params ...string) string {
	if len(params) == 0 {
		return ""
	}
	v := url.Values{}
	for i := 0; i < len(params); i += 2 {
		v.Add(params[i], params[i+1])
	}
	return "?" + v.Encode()
}

// keep sends statements and returns their ids.
func (w *world) keep(statements ...string) (ids []string) {
	w.Helper()
	w.ask("POST", "/statements", "["+strings.Join(statements, ",")+"]").is(200, "XAPI-00146 XAPI-00147").into(&ids)
	if len(ids) != len(statements) {
		w.Fatalf("%d statements have %d ids", len(statements), len(ids))
	}
	return ids
}

// statement returns a statement of a learner who did something, with more properties.
func statement(learner, verb, activity string, more ...string) string {
	s := fmt.Sprintf(`{"actor":%s,"verb":{"id":%q},"object":{"id":%q}`, agent(learner), verbID(verb), activityID(activity))
	for _, m := range more {
		s += "," + m
	}
	return s + "}"
}

func agent(name string) string { return fmt.Sprintf(`{"mbox":"mailto:%s@example.com"}`, name) }

func verbID(name string) string { return "http://example.com/verbs/" + name }

func activityID(name string) string { return "http://example.com/activities/" + name }

// about returns a statement about a statement.
func about(learner, verb, id string, more ...string) string {
	s := fmt.Sprintf(`{"actor":%s,"verb":{"id":%q},"object":{"objectType":"StatementRef","id":%q}`, agent(learner), verb, id)
	for _, m := range more {
		s += "," + m
	}
	return s + "}"
}

const voided = "http://adlnet.gov/expapi/verbs/voided"
