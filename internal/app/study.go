package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/author"
	"tidewaiter/internal/learning/content"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/learning/study"
	"tidewaiter/internal/learning/xapi"
)

// openStudies plugs courses into what they need. folder holds courses of the service's own
// beside those that come with the program; one of the same name replaces it.
func (a *App) openStudies(folder string) (*study.Studies, error) {
	shelf, err := content.Courses()
	if err != nil { // a test holds them against the rules; a flaw must not keep a unit from its work
		a.Log.Error("courses that come with the program", "error", err)
	}
	if folder != "" {
		own, err := course.ReadAll(os.DirFS(folder))
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "the courses in %s", folder)
		}
		shelf = append(own, shelf...)
	}
	a.Authors = &author.Desk{DB: a.DB, Audit: a.Identity.Audit}
	shown := &bookcase{desk: a.Authors, log: a.Log, given: shelf, shelf: unique(shelf), changes: -1}
	studies := study.New(study.Needs{DB: a.DB, Bus: a.Bus, Shelf: shown.show, Officers: a.Identity.Officers, Audit: a.Identity.Audit})
	bus.Subscribe(a.Bus, "learning", "records.deed", a.recordDeed)
	return studies, nil
}

// bookcase is what is offered: what was written here, then the service's own folder, then
// what comes with the program.
type bookcase struct {
	desk    *author.Desk
	log     *slog.Logger
	given   []*course.Course
	mu      sync.Mutex
	shelf   study.Shelf
	changes int64 // of the desk, when the shelf was filled
	looked  time.Time
}

// freshness is for how long nobody asks the database whether something was published, as
// another process may have done.
const freshness = 2 * time.Second

// show returns the courses that are offered now. What cannot be read leaves the shelf as
// it is.
func (b *bookcase) show() study.Shelf {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.looked) < freshness {
		return b.shelf
	}
	b.looked = time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	changes, err := b.desk.Changes(ctx)
	if err != nil || changes == b.changes {
		return b.shelf
	}
	written, err := b.desk.Published(ctx)
	if err != nil {
		b.log.Error("courses that were written here", "error", err)
	}
	b.shelf, b.changes = unique(append(written, b.given...)), changes
	return b.shelf
}

// unique leaves the first course of each name.
func unique(all []*course.Course) (shelf study.Shelf) {
	seen := map[string]bool{}
	for _, c := range all {
		if !seen[c.ID] {
			shelf = append(shelf, c)
		}
		seen[c.ID] = true
	}
	return shelf
}

// recorder is the program itself as a client of its record store.
var recorder = learning.Client{Name: "tidewaiter", Scopes: []learning.Scope{learning.WriteStatements, learning.Define}, Version: xapi.V200}

// recordDeed keeps what a learner did as an xAPI statement, the same one every time.
func (a *App) recordDeed(ctx context.Context, d study.Deed) error {
	officer, err := a.Identity.Officers.Get(ctx, d.Officer)
	if err != nil {
		return err
	}
	shown := course.Text{"en": d.Course}
	if c, err := a.Studies.Shelf().Course(d.Course); err == nil {
		shown = c.Title
	}
	body, err := json.Marshal(deedStatement(d, officer.Username, officer.Name, shown))
	if err != nil {
		return err
	}
	s, err := xapi.ParseStatement(body, xapi.V200)
	if err != nil {
		return fmt.Errorf("statement of a learner's deed: %w", err)
	}
	_, err = a.Records.Keep(ctx, recorder, []*xapi.Statement{s})
	return err
}

// recordHome is the home page of the accounts and activities of this program's own statements.
const recordHome = "https://tidewaiter.invalid"

// deedStatement returns the statement (IEEE 9274.1.1, clause 4.1). Its id follows from the
// deed, so that a deed delivered twice is kept once.
func deedStatement(d study.Deed, username, name string, title course.Text) map[string]any {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s %d", d.Enrolment, d.Verb, d.Part, d.Attempt))
	registration := sha256.Sum256(fmt.Appendf(nil, "enrolment %d", d.Enrolment))
	root := recordHome + "/courses/" + d.Course
	object := map[string]any{"objectType": "Activity", "id": root, "definition": map[string]any{
		"type": "http://adlnet.gov/expapi/activities/course", "name": title,
	}}
	context := map[string]any{"registration": uuidOf(registration).String(), "platform": "Tidewaiter"}
	if d.Part != "" {
		object = map[string]any{"objectType": "Activity", "id": root + "/" + d.Part}
		context["contextActivities"] = map[string]any{"parent": []any{map[string]any{"objectType": "Activity", "id": root}}}
	}
	s := map[string]any{
		"id":     uuidOf(sum).String(),
		"actor":  map[string]any{"objectType": "Agent", "name": name, "account": map[string]any{"homePage": recordHome, "name": username}},
		"verb":   map[string]any{"id": "http://adlnet.gov/expapi/verbs/" + string(d.Verb), "display": map[string]any{"en": string(d.Verb)}},
		"object": object, "context": context, "timestamp": xapi.FormatTime(d.At),
	}
	if result := deedResult(d); len(result) > 0 {
		s["result"] = result
	}
	return s
}

func deedResult(d study.Deed) map[string]any {
	result := map[string]any{}
	if d.Score != nil {
		result["score"] = map[string]any{"scaled": *d.Score}
	}
	switch d.Verb {
	case study.Passed, study.Failed:
		result["success"] = d.Verb == study.Passed
	case study.Done:
		result["completion"] = true
	case study.Answered:
		result["response"] = d.Answer
	}
	return result
}

// uuidOf makes a version 8 UUID (RFC 9562 §5.8) of a hash.
func uuidOf(sum [32]byte) (id xapi.UUID) {
	copy(id[:], sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return id
}
