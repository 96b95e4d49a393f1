package learning

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// model is what a record store should find, in the plainest way.
type model struct {
	ids    []xapi.UUID // in the order in which they were kept
	keys   map[xapi.UUID]map[xapi.Key]bool
	target map[xapi.UUID]xapi.UUID
	voided map[xapi.UUID]bool
	voids  map[xapi.UUID]bool
}

func (m *model) has(id xapi.UUID, key xapi.Key, depth int) bool {
	if depth > 20 {
		return false
	}
	if m.keys[id][key] {
		return true
	}
	to, ok := m.target[id]
	return ok && m.has(to, key, depth+1)
}

func (m *model) find(keys []xapi.Key, ascending bool) (found []xapi.UUID) {
	for _, id := range m.ids {
		all := !m.voided[id]
		for _, k := range keys {
			all = all && m.has(id, k, 0)
		}
		if all {
			found = append(found, id)
		}
	}
	if !ascending {
		slices.Reverse(found)
	}
	return found
}

// draft is a statement that the model knows.
type draft struct {
	id     xapi.UUID
	text   string
	target xapi.UUID
	refers bool
	voids  bool
}

const voidedVerb = "http://adlnet.gov/expapi/verbs/voided"

func drawDraft(r *rand.Rand, known []xapi.UUID, later []xapi.UUID) draft {
	d := draft{id: xapi.NewUUID()}
	verb, object := fmt.Sprintf("http://example.com/verb/%d", r.IntN(4)), fmt.Sprintf(`{"id":"http://example.com/activity/%d"}`, r.IntN(300))
	if r.IntN(20) == 0 && len(known) > 0 {
		d.refers, d.target = true, known[r.IntN(len(known))]
		if r.IntN(3) == 0 && len(later) > 0 {
			d.target = later[r.IntN(len(later))]
		}
		if d.voids = r.IntN(3) == 0; d.voids {
			verb = voidedVerb
		}
		object = fmt.Sprintf(`{"objectType":"StatementRef","id":%q}`, d.target)
	}
	d.text = fmt.Sprintf(`{"id":%q,"actor":{"mbox":"mailto:a%d@example.com"},"verb":{"id":%q},"object":%s}`, d.id, r.IntN(50), verb, object)
	return d
}

// fill keeps statements in the record store and in the model.
func (m *model) fill(t *testing.T, records *Records, c Client, n int) {
	r := rand.New(rand.NewPCG(1, 2))
	planned := make([]xapi.UUID, 40) // that others are about before they come
	for i := range planned {
		planned[i] = xapi.NewUUID()
	}
	for len(m.ids) < n {
		text := "["
		size := 1 + r.IntN(300)
		for i := range size {
			d := drawDraft(r, m.ids, planned)
			if r.IntN(200) == 0 && len(planned) > 0 && len(m.ids) > n/2 {
				old := d.id
				d.id, planned = planned[0], planned[1:]
				d.text = `{"id":"` + d.id.String() + d.text[len(`{"id":"`)+len(old.String()):]
			}
			if i > 0 {
				text += ","
			}
			text += d.text
			m.add(t, d)
		}
		statements, err := xapi.ParseStatements([]byte(text+"]"), xapi.V200)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := records.Keep(t.Context(), c, statements); err != nil {
			t.Fatal(err)
		}
	}
	for id, to := range m.target {
		if m.voids[id] && !m.voids[to] {
			m.voided[to] = true
		}
	}
}

func (m *model) add(t *testing.T, d draft) {
	s, err := xapi.Read([]byte(d.text))
	if err != nil {
		t.Fatal(err)
	}
	m.ids = append(m.ids, d.id)
	m.keys[d.id] = map[xapi.Key]bool{}
	for _, k := range s.Keys() {
		m.keys[d.id][k] = true
	}
	if d.refers {
		m.target[d.id], m.voids[d.id] = d.target, d.voids
	}
}

func newClient(t *testing.T, records *Records) Client {
	c, _, err := records.Clients.Add(t.Context(), fmt.Sprint("client ", store.NewID()), []Scope{All}, xapi.V200)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// findAll turns all pages.
func findAll(t *testing.T, records *Records, c Client, q Query) (found []xapi.UUID) {
	for {
		page, err := records.Find(t.Context(), c, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range page.Statements {
			s, err := xapi.Read(k.Body)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, s.ID)
		}
		if q.Cursor = page.More; page.More == 0 {
			return found
		}
	}
}

// Over segments that are sealed and those that are not, with references and voiding in
// both, the record store finds what a plain search finds; and so does another process.
func TestFindAgainstModel(t *testing.T) {
	if testing.Short() {
		t.Skip("keeps 10,000 statements")
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		records := NewRecords(db, evidence.NewFiles(db), Options{})
		c := newClient(t, records)
		other := NewRecords(db, evidence.NewFiles(db), Options{}) // as another process is
		if got := findAll(t, other, c, Query{}); len(got) != 0 {
			t.Fatalf("%d statements in the beginning", len(got))
		}
		m := &model{keys: map[xapi.UUID]map[xapi.Key]bool{}, target: map[xapi.UUID]xapi.UUID{}, voided: map[xapi.UUID]bool{}, voids: map[xapi.UUID]bool{}}
		m.fill(t, records, c, 2*segmentSize+segmentSize/2)
		l, err := selectLedger(t.Context(), db.Read)
		if err != nil || l.sealed != 2 {
			t.Fatalf("%d segments are sealed, %v", l.sealed, err)
		}
		r := rand.New(rand.NewPCG(3, 4))
		agent := func(n int) xapi.Key {
			a, err := xapi.ParseAgent(fmt.Sprintf(`{"mbox":"mailto:a%d@example.com"}`, n), xapi.V200)
			if err != nil {
				t.Fatal(err)
			}
			return a.Key(false)
		}
		for i := range 60 {
			var keys []xapi.Key
			if r.IntN(2) == 0 {
				keys = append(keys, agent(r.IntN(52)))
			}
			if r.IntN(2) == 0 {
				keys = append(keys, xapi.ActivityKey(fmt.Sprintf("http://example.com/activity/%d", r.IntN(301)), r.IntN(2) == 0))
			}
			if r.IntN(2) == 0 {
				keys = append(keys, xapi.VerbKey(fmt.Sprintf("http://example.com/verb/%d", r.IntN(4))))
			}
			q := Query{Keys: keys, Ascending: r.IntN(2) == 0, Limit: 1 + r.IntN(MaxPage)}
			reader := records
			if i%2 == 0 {
				reader = other
			}
			got, want := findAll(t, reader, c, q), m.find(keys, q.Ascending)
			if !slices.Equal(got, want) {
				t.Fatalf("query %d: %d keys, ascending %t, pages of %d: found %d, want %d", i, len(keys), q.Ascending, q.Limit, len(got), len(want))
			}
		}
	})
}

// Requests that come at once are committed together, each as if it were alone.
func TestKeepingAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		records := NewRecords(db, evidence.NewFiles(db), Options{})
		c := newClient(t, records)
		shared := xapi.NewUUID()
		var wait sync.WaitGroup
		var mu sync.Mutex
		kept, clashes := 0, 0
		for worker := range 8 {
			wait.Go(func() {
				for i := range 10 {
					text := fmt.Sprintf(`[{"actor":{"mbox":"mailto:a@example.com"},"verb":{"id":"http://example.com/%d"},"object":{"id":"http://example.com/x"}}`, i)
					if i%5 == 4 { // one of them is the first to say something under this id
						text += fmt.Sprintf(`,{"id":%q,"actor":{"mbox":"mailto:a%d@example.com"},"verb":{"id":"http://example.com/x"},"object":{"id":"http://example.com/x"}}`, shared, worker)
					}
					statements, err := xapi.ParseStatements([]byte(text+"]"), xapi.V200)
					if err != nil {
						t.Error(err)
						return
					}
					_, err = records.Keep(context.Background(), c, statements)
					mu.Lock()
					if fault.Is(err, fault.Conflict) {
						clashes++
					} else if err == nil {
						kept++
					} else {
						t.Error(err)
					}
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		found := findAll(t, records, c, Query{})
		// Two of the sixteen requests with the shared id say the same: those of its winner.
		if clashes != 14 || kept != 66 || len(found) != 66+1 {
			t.Errorf("%d requests kept, %d clashed, %d statements; want 66, 14 and 67", kept, clashes, len(found))
		}
		var last time.Time
		page, err := records.Find(t.Context(), c, Query{Ascending: true, Limit: MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range page.Statements {
			if !k.Stored.After(last) {
				t.Fatalf("%v is not after %v", k.Stored, last)
			}
			last = k.Stored
		}
	})
}

// A failure of the database is told to everybody who waits, and the next request works.
func TestKeepingAfterAFailure(t *testing.T) {
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	records := NewRecords(db, evidence.NewFiles(db), Options{})
	c := newClient(t, records)
	keep := func() error {
		statements, err := xapi.ParseStatements([]byte(`{"actor":{"mbox":"mailto:a@example.com"},"verb":{"id":"http://example.com/x"},"object":{"id":"http://example.com/x"}}`), xapi.V200)
		if err != nil {
			t.Fatal(err)
		}
		_, err = records.Keep(t.Context(), c, statements)
		return err
	}
	if _, err := db.Write.Exec(`ALTER TABLE learning_statements RENAME TO learning_gone`); err != nil {
		t.Fatal(err)
	}
	if err := keep(); err == nil || fault.KindOf(err) != fault.Failure {
		t.Fatalf("kept without a table: %v", err)
	}
	if _, err := db.Write.Exec(`ALTER TABLE learning_gone RENAME TO learning_statements`); err != nil {
		t.Fatal(err)
	}
	if err := keep(); err != nil {
		t.Fatal(err)
	}
	if got := findAll(t, records, c, Query{}); len(got) != 1 {
		t.Errorf("%d statements", len(got))
	}
}
