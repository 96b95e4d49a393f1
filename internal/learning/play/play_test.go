package play

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// school is a unit with a head and an officer, and another unit.
type school struct {
	*testing.T
	*Player
	bus    *bus.Bus
	people map[string]identity.Viewer
	now    time.Time
	heard  chan Completed
}

func newSchool(t *testing.T, db *store.DB) *school {
	t.Helper()
	s := &school{T: t, people: map[string]identity.Viewer{}, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), heard: make(chan Completed, 10)}
	db.SetClock(func() time.Time { return s.now })
	t.Cleanup(func() { db.SetClock(nil) })
	registry := identity.Open(db, slog.New(slog.DiscardHandler), identity.WithCost(identity.Cost{MemoryKiB: 8, Passes: 1, Lanes: 1}), identity.WithClock(db.Now))
	s.bus = storetest.StartBus(t, db, func(b *bus.Bus) {
		bus.Subscribe(b, "test", "completed", func(_ context.Context, c Completed) error { s.heard <- c; return nil })
	})
	files := evidence.NewFiles(db)
	s.Player = New(Needs{DB: db, Bus: s.bus, Files: files, Records: learning.NewRecords(db, files, learning.Options{}), Audit: registry.Audit, Home: "https://home.example"})
	for code, officers := range map[string]map[string]identity.Role{
		"KGOSS-PCU": {"head": identity.RoleHead, "aigul": identity.RoleOfficer, "bakyt": identity.RoleOfficer}, "KGFRU-PCU": {"stranger": identity.RoleHead},
	} {
		unit, err := registry.Units.Ensure(identity.With(t.Context(), identity.Console(identity.Unit{})), identity.Unit{Code: code, Name: code, Country: "KG", Timezone: "Asia/Bishkek", Language: "en"})
		s.must(err)
		console := identity.With(t.Context(), identity.Console(unit))
		for name, role := range officers {
			o, err := registry.Officers.Ensure(console, unit.ID, identity.NewOfficer{Username: name, Name: name, Language: "en", Role: role, Password: "tide-and-time"})
			s.must(err)
			s.people[name], err = registry.Officers.Viewer(console, o.ID, unit.ID)
			s.must(err)
		}
	}
	return s
}

func (s *school) as(name string) context.Context {
	return identity.With(s.Context(), s.people[name])
}

func (s *school) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// archive makes a zip archive of names and contents in turns.
func archive(files ...string) *bytes.Reader {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			panic(err)
		}
	}
	z.Close()
	return bytes.NewReader(b.Bytes())
}

// scorm12 is a package of two units, of which the second comes after the first.
func scorm12() *bytes.Reader {
	return archive("imsmanifest.xml", `<manifest identifier="M"><metadata><schemaversion>1.2</schemaversion></metadata>
<organizations><organization identifier="O"><title>Seals</title>
<item identifier="I1" identifierref="R1" parameters="?lang=en"><title>One</title><masteryscore>70</masteryscore></item>
<item identifier="I2" identifierref="R1"><title>Two</title><prerequisites>I1</prerequisites></item></organization></organizations>
<resources><resource identifier="R1" scormtype="sco" href="a/index.html"/></resources></manifest>`, "a/index.html", "<p>hello</p>", "big.bin", strings.Repeat("0123456789", 100_000))
}

var places = Places{Origin: "https://pages.example", Endpoint: "https://pages.example/xapi", Fetch: "https://pages.example/fetch", Content: "https://content.example/files"}

func (s *school) bring(r io.Reader) *Package {
	s.Helper()
	one, err := s.Import(s.as("head"), `C:\courses\seals.zip`, r)
	s.must(err)
	return one
}

func (s *school) launched(name string, id int64, unit int) Launched {
	s.Helper()
	l, err := s.Launch(s.as(name), Order{Package: id, Unit: unit, Places: places})
	s.must(err)
	return l
}

func commit(sequence int64, cmi string) Commit {
	return Commit{Sequence: sequence, Data: json.RawMessage(`{"cmi":` + cmi + `}`), Completion: "incomplete"}
}

func TestAUnitOfSCORMIsResumedAndCompleted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		one := s.bring(scorm12())
		if one.Name != "seals.zip" || one.Standard != pack.SCORM12 {
			t.Fatalf("%+v", one)
		}
		l := s.launched("aigul", one.ID, 0)
		if !strings.HasPrefix(l.URL, "https://content.example/files/") || !strings.HasSuffix(l.URL, "/a/index.html?lang=en") {
			t.Errorf("launched at %s", l.URL)
		}
		s.now = s.now.Add(10 * time.Minute)
		c := commit(1, `{"core":{"lesson_location":"page 3","lesson_status":"incomplete","session_time":"00:10:00"},"suspend_data":"abc"}`)
		c.Seconds = 600
		_, err := s.Commit(s.as("aigul"), l.Session, c)
		s.must(err)
		if _, err := s.Commit(s.as("aigul"), l.Session, commit(1, `{"suspend_data":"late"}`)); err != nil {
			t.Errorf("a late commit: %v", err)
		}

		// A new launch abandons the open session, and goes on where it was.
		again := s.launched("aigul", one.ID, 0)
		if _, err := s.Commit(s.as("aigul"), l.Session, commit(2, `{}`)); !fault.Is(err, fault.Conflict) {
			t.Errorf("commit to an abandoned session: %v", err)
		}
		run, err := s.Play(s.as("aigul"), again.Session, "Aigul")
		s.must(err)
		var said struct {
			CMI struct {
				Core map[string]any `json:"core"`
			} `json:"cmi"`
		}
		s.must(json.Unmarshal(run.Said, &said))
		core := said.CMI.Core
		if !bytes.Equal(run.Suspended, c.Data) || core["entry"] != "resume" || core["total_time"] != "0000:10:00" || core["student_name"] != "Aigul" {
			t.Errorf("begins with %s and %s", run.Suspended, run.Said)
		}
		if _, err := s.Launch(s.as("aigul"), Order{Package: one.ID, Unit: 1, Places: places}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the second unit before the first: %v", err)
		}

		score := 0.8
		c = Commit{Sequence: 1, Data: json.RawMessage(`{"cmi":{}}`), Completion: "completed", Success: "passed", Score: &score, Seconds: 9e9, Ended: true}
		again = s.launched("aigul", one.ID, 0)
		g, err := s.Commit(s.as("aigul"), again.Session, c)
		s.must(err)
		if !g.Done() || *g.Score != 0.8 || g.Seconds > 700 || g.Suspended {
			t.Errorf("completed: %+v", g)
		}
		c.Score, c.Completion, c.Success = nil, "incomplete", "failed"
		again = s.launched("aigul", one.ID, 0)
		if g, err = s.Commit(s.as("aigul"), again.Session, c); err != nil || !g.Done() || *g.Score != 0.8 {
			t.Errorf("what is done was undone: %+v %v", g, err)
		}
		c.Completion = "completed"
		_, err = s.Commit(s.as("aigul"), s.launched("aigul", one.ID, 1).Session, c)
		s.must(err)
		storetest.Drain(t, s.bus)
		select {
		case done := <-s.heard:
			t.Errorf("completed with a failed unit: %+v", done)
		default:
		}
		c.Success = "passed"
		for range 2 {
			_, err = s.Commit(s.as("aigul"), s.launched("aigul", one.ID, 1).Session, c)
			s.must(err)
		}
		storetest.Drain(t, s.bus)
		if len(s.heard) != 1 {
			t.Errorf("completion was announced %d times", len(s.heard))
		}
		page, err := s.Records.Find(t.Context(), recorder, learning.Query{Ascending: true})
		s.must(err)
		var verbs []string
		for _, kept := range page.Statements {
			one, err := xapi.Read(kept.Body)
			s.must(err)
			verbs = append(verbs, path.Base(one.Node().Get("verb").Str("id")))
		}
		if want := []string{"completed", "passed", "completed", "failed", "passed"}; !slices.Equal(verbs, want) {
			t.Errorf("the record says %q, want %q", verbs, want)
		}
	})
}

// Everybody sees their own, those who teach their unit's, and nobody another unit's.
func TestWhoMay(t *testing.T) {
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	s := newSchool(t, db)
	if _, err := s.Import(s.as("aigul"), "x", scorm12()); !fault.Is(err, fault.Denied) {
		t.Errorf("an officer brings a package in: %v", err)
	}
	one := s.bring(scorm12())
	l := s.launched("aigul", one.ID, 0)
	for _, c := range []struct {
		who  string
		kind fault.Kind
	}{{"bakyt", fault.NotFound}, {"stranger", fault.NotFound}} {
		if _, err := s.Play(s.as(c.who), l.Session, ""); !fault.Is(err, c.kind) {
			t.Errorf("%s plays another's session: %v", c.who, err)
		}
		if _, err := s.Commit(s.as(c.who), l.Session, commit(1, `{}`)); !fault.Is(err, c.kind) {
			t.Errorf("%s commits to another's session: %v", c.who, err)
		}
		if err := s.Abandon(s.as(c.who), l.Session); !fault.Is(err, c.kind) {
			t.Errorf("%s abandons another's session: %v", c.who, err)
		}
	}
	if _, err := s.Get(s.as("stranger"), one.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger sees the package: %v", err)
	}
	if _, err := s.Launch(s.as("stranger"), Order{Package: one.ID, Places: places}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger launches: %v", err)
	}
	if _, err := s.Launch(s.as("bakyt"), Order{Package: one.ID, Places: places, Actor: json.RawMessage(`{"account":{"homePage":"https://x.example","name":"x"}}`)}); !fault.Is(err, fault.Denied) {
		t.Errorf("an officer launches for somebody else: %v", err)
	}
	s.must(s.Remove(s.as("head"), one.ID))
	if _, err := s.Launch(s.as("aigul"), Order{Package: one.ID, Places: places}); !fault.Is(err, fault.NotFound) {
		t.Errorf("launched after it was removed: %v", err)
	}
}

// An address of content holds while its session does, for the files of its package.
func TestContent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSchool(t, db)
		one := s.bring(scorm12())
		l := s.launched("aigul", one.ID, 0)
		key := strings.Split(strings.TrimPrefix(l.URL, places.Content+"/"), "/")[0]
		c, err := s.Content(t.Context(), key, "big.bin")
		s.must(err)
		if _, err := c.Seek(999_990, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if end, err := io.ReadAll(c); string(end) != "0123456789" || err != nil || c.Origin != places.Origin {
			t.Errorf("the end of a file: %q %v", end, err)
		}
		for _, at := range [][2]string{{key, "none.html"}, {key, "../a/index.html"}, {"wrong", "a/index.html"}, {"", "a/index.html"}} {
			if _, err := s.Content(t.Context(), at[0], at[1]); !fault.Is(err, fault.NotFound) {
				t.Errorf("content of %q: %v", at, err)
			}
		}
		s.now = s.now.Add(13 * time.Hour)
		if _, err := s.Content(t.Context(), key, "a/index.html"); !fault.Is(err, fault.NotFound) {
			t.Errorf("content of an old session: %v", err)
		}
	})
}

// What is stored without compression is read where it stands, at any place.
func TestStoredFilesAreReadAtAnyPlace(t *testing.T) {
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	s := newSchool(t, db)
	body := make([]byte, 1_300_000)
	for i := range body {
		body[i] = byte(i * i >> 3)
	}
	blob, err := s.Files.Keep(t.Context(), bytes.NewReader(body))
	s.must(err)
	rapid.Check(t, func(rt *rapid.T) {
		at := rapid.IntRange(0, len(body)-1).Draw(rt, "at")
		n := rapid.IntRange(1, len(body)-at).Draw(rt, "n")
		c, err := s.open(t.Context(), blob.Hash, pack.File{Offset: int64(at), Packed: int64(n), Size: int64(n)})
		if err != nil {
			rt.Fatal(err)
		}
		if got, err := io.ReadAll(c); err != nil || !bytes.Equal(got, body[at:at+n]) {
			rt.Fatalf("%d bytes at %d: %d, %v", n, at, len(got), err)
		}
	})
}

func TestPrerequisites(t *testing.T) {
	p := &pack.Package{Standard: pack.SCORM12, Units: make([]pack.Unit, 3), Tree: []pack.Node{
		{ID: "G", Unit: -1, Children: []pack.Node{{ID: "A", Unit: 0}, {ID: "B", Unit: 1}}}, {ID: "C", Unit: 2}}}
	for _, c := range []struct {
		text string
		done []int
		want bool
	}{
		{"", nil, true}, {"A", nil, false}, {"A", []int{0}, true}, {"A&B", []int{0}, false}, {"A & B", []int{0, 1}, true}, {"A|B", []int{1}, true},
		{"G", []int{0}, false}, {"G", []int{0, 1}, true}, {"unknown", nil, true}, {"A&B|C", []int{2}, true}, {`A="x"`, nil, true},
	} {
		r := &Registration{Progress: map[int]*Progress{}}
		for _, i := range c.done {
			r.Progress[i] = &Progress{Completed: true}
		}
		p.Units[2].Prerequisites = c.text
		if got := Offered(p, r, 2); got != c.want {
			t.Errorf("%q with %v done: %v", c.text, c.done, got)
		}
	}
}

// A group of SCORM 2004 without choice is gone through in its order.
func TestControlModes(t *testing.T) {
	p := &pack.Package{Standard: pack.SCORM2004, Units: make([]pack.Unit, 3), Tree: []pack.Node{
		{ID: "G", Unit: -1, Choice: false, Flow: true, Children: []pack.Node{{ID: "A", Unit: 0, Choice: true}, {ID: "B", Unit: 1, Choice: true}}}, {ID: "C", Unit: 2, Choice: true}}}
	r := &Registration{Progress: map[int]*Progress{}}
	if !Offered(p, nil, 0) || Offered(p, r, 1) || !Offered(p, r, 2) {
		t.Error("before the first unit")
	}
	r.Progress[0] = &Progress{Success: passed}
	if !Offered(p, r, 1) {
		t.Error("after the first unit")
	}
}
