package play

import (
	"context"
	"encoding/json"

	"tidewaiter/internal/learning/cmi5"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/learning/xapi"
)

// outcome is what is said of a unit of SCORM in the record store.
type outcome struct {
	completed bool
	success   string
}

func outcomeOf(g *Progress) outcome { return outcome{g.Completed, g.Success} }

// sayOutcome says in the record store what a commit has changed, so that the record of a
// learner is whole whatever a package is made by. Statements have ids that follow from the
// session: a commit that is sent again says nothing new.
func (p *Player) sayOutcome(ctx context.Context, u pack.Unit, r *Registration, s *Session, before outcome, g *Progress) error {
	var statements []*xapi.Statement
	add := func(verb cmi5.Verb, name string, result object) error {
		if g.Score != nil {
			result["score"] = object{"scaled": *g.Score}
		}
		body, err := json.Marshal(object{
			"id": derived(s.Key, name).String(), "actor": r.Actor, "timestamp": xapi.FormatTime(g.Updated), "result": result,
			"verb":    object{"id": verb, "display": object{"en": name}},
			"object":  object{"objectType": "Activity", "id": s.Launch.Activity, "definition": object{"name": object{"und": u.Title.In("en")}, "type": "http://adlnet.gov/expapi/activities/lesson"}},
			"context": object{"registration": r.Key, "platform": "Tidewaiter"},
		})
		if err != nil {
			return err
		}
		one, err := xapi.ParseStatement(body, xapi.V200)
		statements = append(statements, one)
		return err
	}
	if g.Completed && !before.completed {
		if err := add(cmi5.Completed, "completed", object{"completion": true}); err != nil {
			return err
		}
	}
	if g.Success != before.success && g.Success != "" {
		verb := map[string]cmi5.Verb{passed: cmi5.Passed, failed: cmi5.Failed}[g.Success]
		if err := add(verb, g.Success, object{"success": g.Success == passed}); err != nil {
			return err
		}
	}
	if len(statements) == 0 {
		return nil
	}
	return p.say(ctx, statements...)
}

// preferences is the document of a learner's preferences (cmi5 §11).
func preferences(language string) ([]byte, error) {
	if language == "" {
		language = "en"
	}
	return json.Marshal(object{"languagePreference": language, "audioPreference": "on"})
}
