package cmi5

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/learning/xapi"
)

var mastery = 0.9

var launch = Launch{
	Actor:        json.RawMessage(`{"objectType":"Agent","account":{"homePage":"https://home.example","name":"aigul"}}`),
	Registration: "ccaf384c-f8d4-4e7a-8304-49af58f0b170", Session: "S1", Activity: "https://home.example/packages/1/units/1",
	Publisher: "https://example.org/au", Mode: Normal, MoveOn: OnCompletedAndPassed, Mastery: &mastery, URL: "https://content.example/index.html?a=1#top",
}

// change alters a statement that a unit sends.
type change func(s object)

func set(value any, path ...string) change {
	return func(s object) {
		for _, name := range path[:len(path)-1] {
			if s[name] == nil {
				s[name] = object{}
			}
			s = s[name].(object)
		}
		if last := path[len(path)-1]; value == nil {
			delete(s, last)
		} else {
			s[last] = value
		}
	}
}

// statement is one that a unit may send.
func statement(t testing.TB, verb Verb, changes ...change) *xapi.Statement {
	t.Helper()
	s := object{}
	raw, err := json.Marshal(launch.statement(xapi.NewUUID(), verb, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), launch.unit(), launch.Publisher))
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		t.Fatal(err)
	}
	context := s["context"].(object)
	list := context["contextActivities"].(object)
	switch verb {
	case Initialized:
	case Completed:
		set(object{"completion": true, "duration": "PT1S"}, "result")(s)
	case Passed, Failed:
		set(object{"success": verb == Passed, "duration": "PT1S"}, "result")(s)
	case Terminated:
		set(object{"duration": "PT1S"}, "result")(s)
	default: // cmi5 allowed
		delete(list, "category")
	}
	if verb == Completed || verb == Passed || verb == Failed {
		list["category"] = append(list["category"].([]any), activities(categoryMoveOn)...)
	}
	for _, c := range changes {
		c(s)
	}
	body, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := xapi.ParseStatement(body, xapi.V103)
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return parsed
}

const experienced Verb = "http://adlnet.gov/expapi/verbs/experienced"

func running() *Past {
	return &Past{Preferences: true, Session: Heard{Initialized: "x"}, Unit: Heard{}}
}

func scored(scaled float64) change {
	return func(s object) {
		set(object{"scaled": scaled, "raw": scaled * 100, "min": 0, "max": 100}, "result", "score")(s)
		set(0.9, "context", "extensions", extMastery)(s)
	}
}

// A whole session passes, and what follows it does not.
func TestASession(t *testing.T) {
	past := &Past{Session: Heard{}, Unit: Heard{}}
	if err := launch.Admit(statement(t, Initialized), past); !fault.Is(err, fault.Denied) {
		t.Errorf("initialized before the preferences were read: %v", err)
	}
	past.Preferences = true
	if err := launch.Admit(statement(t, experienced), past); !fault.Is(err, fault.Denied) {
		t.Errorf("a statement before initialized: %v", err)
	}
	for _, s := range []*xapi.Statement{
		statement(t, Initialized), statement(t, experienced), statement(t, Passed, scored(0.9)), statement(t, Completed), statement(t, Terminated),
	} {
		if err := launch.Admit(s, past); err != nil {
			t.Errorf("%s: %v", s.Node().Get("verb").Str("id"), err)
		}
		if err := launch.Admit(s, past); err != nil && s.Node().Get("verb").Str("id") != string(experienced) {
			t.Errorf("the same once more: %v", err)
		}
	}
	if err := launch.Admit(statement(t, experienced), past); !fault.Is(err, fault.Denied) {
		t.Errorf("a statement after terminated: %v", err)
	}
	if !Met(launch.MoveOn, past.Unit) {
		t.Error("the criterion is not met")
	}
}

// Each of these breaks one rule; the number is that of the requirement.
func TestStatementsThatAreRefused(t *testing.T) {
	noMoveOn := func(s object) {
		set(activities(categoryCMI5), "context", "contextActivities", "category")(s)
	}
	for _, c := range []struct {
		rule string
		verb Verb
		past func(*Past)
		how  change
	}{
		{"9.1.0.0-1", experienced, nil, set(nil, "id")},
		{"9.7.0.0-1", experienced, nil, set(nil, "timestamp")},
		{"9.7.0.0-2", experienced, nil, set("2026-11-02T09:00:00-06:00", "timestamp")},
		{"6.3.0.0-1", voided, nil, set(object{"objectType": "StatementRef", "id": xapi.NewUUID().String()}, "object")},
		{"8.1.3.0-3", Passed, nil, set("Group", "actor", "objectType")},
		{"8.1.3.0-3", Passed, nil, set(object{"mbox": "mailto:a@example.org"}, "actor")},
		{"9.6.1.0-1", Passed, nil, set(nil, "context")},
		{"9.6.1.0-1", Passed, nil, set(nil, "context", "registration")},
		{"9.6.1.0-1", Passed, nil, set(xapi.NewUUID().String(), "context", "registration")},
		{"9.6.3.1-4", experienced, nil, set(nil, "context", "extensions")},
		{"10.2.1.0-6", experienced, nil, set(activities("https://example.org/other"), "context", "contextActivities", "grouping")},
		{"9.6.2.2-2", experienced, nil, set(activities(categoryMoveOn), "context", "contextActivities", "category")},
		{"9.3.2.0-3", Initialized, nil, nil},
		{"9.3.0.0-1", Launched, nil, set(activities(categoryCMI5), "context", "contextActivities", "category")},
		{"8.1.5.0-6", Passed, nil, set("https://example.org/au", "object", "id")},
		{"9.6.2.2-1", Completed, nil, noMoveOn},
		{"9.6.2.2-1", Passed, nil, noMoveOn},
		{"9.6.2.2-1", Failed, nil, noMoveOn},
		{"9.6.2.2-1", Terminated, nil, set(activities(categoryCMI5, categoryMoveOn), "context", "contextActivities", "category")},
		{"9.3.0.0-2", Completed, func(p *Past) { p.Session[Completed] = "x" }, nil},
		{"9.3.0.0-6", Completed, func(p *Past) { p.Unit[Completed] = "x" }, nil},
		{"9.3.0.0-7", Passed, func(p *Past) { p.Unit[Passed] = "x" }, nil},
		{"9.3.0.0-8", Failed, func(p *Past) { p.Unit[Passed] = "x" }, nil},
		{"9.3.0.0-3", Passed, func(p *Past) { p.Session[Failed] = "x" }, nil},
		{"9.3.0.0-3", Failed, func(p *Past) { p.Session[Passed] = "x" }, nil},
		{"9.5.4.1", Terminated, nil, set(nil, "result")},
		{"9.5.4.1", Completed, nil, set(nil, "result", "duration")},
		{"9.5.4.1", Passed, nil, set(nil, "result", "duration")},
		{"9.5.4.1", Failed, nil, set(nil, "result", "duration")},
		{"9.5.2.0", Passed, nil, set(nil, "result", "success")},
		{"9.5.2.0", Passed, nil, set(false, "result", "success")},
		{"9.5.2.0", Failed, nil, set(true, "result", "success")},
		{"9.5.2.0", Completed, nil, set(true, "result", "success")},
		{"9.5.3.0", Completed, nil, set(nil, "result", "completion")},
		{"9.5.3.0", Completed, nil, set(false, "result", "completion")},
		{"9.5.3.0", Passed, nil, set(true, "result", "completion")},
		{"9.5.1.0-2", Completed, nil, scored(0.5)},
		{"9.5.1.0-3", Passed, nil, set(object{"raw": 90, "max": 100}, "result", "score")},
		{"9.5.1.0-1", Passed, nil, scored(0.89)},
		{"9.5.1.0-1", Failed, nil, scored(0.9)},
		{"9.6.3.2-2", Passed, nil, set(object{"scaled": 0.95}, "result", "score")},
	} {
		past := running()
		if c.past != nil {
			c.past(past)
		}
		var changes []change
		if c.how != nil {
			changes = append(changes, c.how)
		}
		err := launch.Admit(statement(t, c.verb, changes...), past)
		if !fault.Is(err, fault.Denied) || !strings.HasPrefix(err.Error(), c.rule+":") {
			t.Errorf("%s by %s: %v", c.rule, c.verb, err)
		}
	}
}

func TestNothingCountsInBrowseAndReview(t *testing.T) {
	for _, mode := range []Mode{Browse, Review} {
		l := launch
		l.Mode = mode
		for _, verb := range []Verb{Passed, Failed, Completed} {
			if err := l.Admit(statement(t, verb), running()); !fault.Is(err, fault.Denied) {
				t.Errorf("%s in %s: %v", verb, mode, err)
			}
		}
		if err := l.Admit(statement(t, Terminated), running()); err != nil {
			t.Errorf("terminated in %s: %v", mode, err)
		}
	}
}

func TestMoveOn(t *testing.T) {
	for _, c := range []struct {
		moveOn string
		heard  []Verb
		want   bool
	}{
		{OnPassed, nil, false}, {OnPassed, []Verb{Passed}, true}, {OnPassed, []Verb{Completed}, false}, {OnCompleted, []Verb{Completed}, true},
		{OnCompletedAndPassed, []Verb{Completed}, false}, {OnCompletedAndPassed, []Verb{Completed, Passed}, true},
		{OnCompletedOrPassed, []Verb{Passed}, true}, {OnCompletedOrPassed, []Verb{Failed}, false}, {NotApplicable, nil, true}, {OnPassed, []Verb{Waived}, true},
	} {
		h := Heard{}
		for _, v := range c.heard {
			h[v] = "x"
		}
		if Met(c.moveOn, h) != c.want {
			t.Errorf("%s with %v is %v", c.moveOn, c.heard, !c.want)
		}
	}
}

// A block is satisfied exactly when all units below it are, and stands behind those
// within it; the course is last.
func TestGroupsAreSatisfiedFromWithin(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := &pack.Package{ID: "course"}
		var grow func(depth int, name string) []pack.Node
		grow = func(depth int, name string) (nodes []pack.Node) {
			for i := range rapid.IntRange(1, 3).Draw(rt, "children") {
				id := fmt.Sprintf("%s/%d", name, i)
				if depth > 0 && rapid.Bool().Draw(rt, "block") {
					nodes = append(nodes, pack.Node{ID: id, Unit: -1, Children: grow(depth-1, id)})
					continue
				}
				p.Units = append(p.Units, pack.Unit{ID: id, MoveOn: OnCompleted})
				nodes = append(nodes, pack.Node{ID: id, Unit: len(p.Units) - 1})
			}
			return nodes
		}
		p.Tree = grow(3, "")
		done := map[int]bool{}
		for i := range p.Units {
			done[i] = rapid.Float64().Draw(rt, "luck") < 0.8
		}
		var order []string
		for _, g := range SatisfiedGroups(p, func(i int) Heard {
			if done[i] {
				return Heard{Completed: "x"}
			}
			return nil
		}) {
			order = append(order, g.Publisher)
		}
		var check func(nodes []pack.Node, id string) bool
		check = func(nodes []pack.Node, id string) bool {
			whole := true
			for _, n := range nodes {
				if n.Unit >= 0 {
					whole = whole && done[n.Unit]
					continue
				}
				inner := check(n.Children, n.ID)
				whole = whole && inner
				if inner && slices.Contains(order, id) && slices.Index(order, n.ID) > slices.Index(order, id) {
					rt.Fatalf("%s stands before %s", id, n.ID)
				}
			}
			if slices.Contains(order, id) != whole {
				rt.Fatalf("%s is satisfied: %v, of %v", id, !whole, order)
			}
			return whole
		}
		check(p.Tree, "course")
	})
}

func TestTheLaunchAddress(t *testing.T) {
	at, err := launch.Address("https://pages.example/xapi", "https://pages.example/fetch/T")
	if err != nil || !strings.HasPrefix(at, "https://content.example/index.html?a=1&activityId=") || !strings.HasSuffix(at, "#top") ||
		!strings.Contains(at, "fetch=https%3A%2F%2Fpages.example%2Ffetch%2FT") {
		t.Errorf("%s %v", at, err)
	}
}

func TestPreferences(t *testing.T) {
	for body, good := range map[string]bool{
		`{"languagePreference":"ky,ru-RU, en","audioPreference":"on"}`: true, `{"languagePreference":"","audioPreference":"on"}`: false,
		`{"languagePreference":"ky"}`: false, `{"audioPreference":"off"}`: false, `{"languagePreference":"not a list","audioPreference":"on"}`: false,
		`{"languagePreference":"ky","audioPreference":"loud"}`: false, `[]`: false, `x`: false,
	} {
		if err := CheckPreferences("application/json", []byte(body)); (err == nil) != good {
			t.Errorf("%s: %v", body, err)
		}
	}
	if CheckPreferences("text/plain", []byte(`{"languagePreference":"ky","audioPreference":"on"}`)) == nil {
		t.Error("preferences as plain text")
	}
}

// What the program says itself is a valid statement.
func TestTheProgramsOwnStatements(t *testing.T) {
	now, id := time.Now(), xapi.NewUUID()
	for name, say := range map[string]func() (*xapi.Statement, error){
		"launched":  func() (*xapi.Statement, error) { return launch.SayLaunched(id, now) },
		"abandoned": func() (*xapi.Statement, error) { return launch.SayAbandoned(id, now, 90*time.Second) },
		"waived":    func() (*xapi.Statement, error) { return launch.SayWaived(id, now, "Tested Out") },
		"satisfied": func() (*xapi.Statement, error) {
			return launch.SaySatisfied(id, now, Group{Publisher: "https://example.org/course", Course: true}, "https://home.example/c")
		},
	} {
		s, err := say()
		if err != nil || s.ID != id || !strings.HasSuffix(s.Node().Get("verb").Str("id"), name) || !has(s.Node(), "category", categoryCMI5) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
