package cmi5

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/xapi"
)

// Launch is one launch of an assignable unit by a learner.
type Launch struct {
	Actor        json.RawMessage `json:"actor"` // an agent with an account (§9.2)
	Registration string          `json:"registration"`
	Session      string          `json:"session"`
	Activity     string          `json:"activity"`  // id that the LMS gave the unit (§8.1.5)
	Publisher    string          `json:"publisher"` // id of the unit in the course structure
	Mode         Mode            `json:"mode"`
	MoveOn       string          `json:"moveOn"`
	Mastery      *float64        `json:"mastery,omitempty"`
	Parameters   string          `json:"parameters,omitempty"`
	Entitlement  string          `json:"entitlement,omitempty"`
	ReturnURL    string          `json:"returnUrl,omitempty"`
	URL          string          `json:"url"` // of the unit, without what the launch adds
}

// Heard are the cmi5 defined statements that were kept, by verb: their ids, so that one
// that is sent again is known.
type Heard map[Verb]string

// Past is what the rules for the next statement hang on.
type Past struct {
	Preferences bool  // were asked for in this session
	Session     Heard // in this session
	Unit        Heard // about the unit, in the whole registration
}

func refuse(format string, args ...any) error { return fault.New(fault.Denied, format, args...) }

// Admit refuses a statement that breaks a rule (fault.Denied), and notes one that is cmi5
// defined in the past.
func (l Launch) Admit(s *xapi.Statement, past *Past) error {
	n := s.Node()
	verb := Verb(n.Get("verb").Str("id"))
	if err := l.general(s, n, verb); err != nil {
		return err
	}
	defined := has(n, "category", categoryCMI5)
	if !defined && has(n, "category", categoryMoveOn) {
		return refuse("9.6.2.2-2: the category moveon is for cmi5 defined statements")
	}
	if defined && past.Session[verb] == s.ID.String() && s.HasID() { // sent again
		return nil
	}
	if err := inOrder(verb, defined, past); err != nil {
		return err
	}
	if !defined {
		return nil
	}
	if err := l.defined(n, verb, past); err != nil {
		return err
	}
	past.Session[verb] = s.ID.String()
	past.Unit[verb] = s.ID.String()
	return nil
}

// general are the rules of every statement of a unit.
func (l Launch) general(s *xapi.Statement, n *xapi.Node, verb Verb) error {
	context := n.Get("context")
	actor, err := xapi.ParseAgent(string(l.Actor), xapi.V103)
	if err != nil {
		return err
	}
	stamp := n.Str("timestamp")
	switch {
	case !s.HasID():
		return refuse("9.1.0.0-1: a statement needs an id")
	case stamp == "":
		return refuse("9.7.0.0-1: a statement needs a timestamp")
	case !strings.HasSuffix(stamp, "Z") && !strings.HasSuffix(stamp, "+00:00"):
		return refuse("9.7.0.0-2: a timestamp must be in UTC")
	case verb == voided:
		return refuse("6.3.0.0-1: a unit may not void statements")
	case s.Actor().Identity != actor.Identity || n.Get("actor").Str("objectType") == "Group":
		return refuse("8.1.3.0-3: the actor must be the one of the launch")
	case !strings.EqualFold(context.Str("registration"), l.Registration):
		return refuse("9.6.1.0-1: the registration must be the one of the launch")
	case context.Get("extensions").Str(extSession) != l.Session:
		return refuse("9.6.3.1-4: the session id must be the one of the launch data")
	case !has(n, "grouping", l.Publisher):
		return refuse("10.2.1.0-6: the context must be made from the context template")
	}
	return nil
}

// inOrder holds that a session begins and ends (§7.1).
func inOrder(verb Verb, defined bool, past *Past) error {
	first := defined && verb == Initialized
	switch {
	case past.Session[Terminated] != "":
		return refuse("9.3.0.0-5: the session is terminated")
	case first && !past.Preferences:
		return refuse("11.0.0.0-3: the learner preferences must be read first")
	case first && past.Session[Initialized] != "":
		return refuse("9.3.2.0-3: the session is initialized already")
	case !first && past.Session[Initialized] == "":
		return refuse("9.3.0.0-4: the session must be initialized first")
	}
	return nil
}

// defined are the rules of cmi5 defined statements (§9.3 to §9.6).
func (l Launch) defined(n *xapi.Node, verb Verb, past *Past) error {
	counts := verb == Passed || verb == Failed || verb == Completed
	switch {
	case !counts && verb != Initialized && verb != Terminated:
		return refuse("9.3.0.0-1: a unit does not use the verb %s", verb)
	case n.Get("object").Str("id") != l.Activity:
		return refuse("8.1.5.0-6: the object must be the activity of the launch")
	case counts && l.Mode != Normal:
		return refuse("10.2.2.0-5: in the mode %s nothing is passed, failed or completed", l.Mode)
	case counts != has(n, "category", categoryMoveOn):
		return refuse("9.6.2.2-1: the category moveon stands with passed, failed and completed, and with nothing else")
	case past.Session[verb] != "":
		return refuse("9.3.0.0-2: the session has a statement with this verb already")
	case verb == Completed && past.Unit[Completed] != "":
		return refuse("9.3.0.0-6: the unit is completed already in this registration")
	case verb == Passed && past.Unit[Passed] != "":
		return refuse("9.3.0.0-7: the unit is passed already in this registration")
	case verb == Failed && past.Unit[Passed] != "":
		return refuse("9.3.0.0-8: the unit is passed already in this registration")
	case (verb == Passed || verb == Failed) && past.Session[Passed]+past.Session[Failed] != "":
		return refuse("9.3.0.0-3: the session is passed or failed already")
	}
	return l.result(n, verb)
}

// result are the rules of §9.5.
func (l Launch) result(n *xapi.Node, verb Verb) error {
	result := n.Get("result")
	judged := verb == Passed || verb == Failed
	duration := judged || verb == Completed || verb == Terminated
	switch {
	case duration && result.Str("duration") == "":
		return refuse("9.5.4.1: the result must have a duration")
	case truth(result.Get("success")) != map[Verb]string{Passed: "true", Failed: "false"}[verb]:
		return refuse("9.5.2.0: success is true with passed, false with failed, and stands nowhere else")
	case truth(result.Get("completion")) != map[Verb]string{Completed: "true"}[verb]:
		return refuse("9.5.3.0: completion is true with completed, and stands nowhere else")
	}
	score := result.Get("score")
	if score == nil {
		return nil
	}
	if !judged {
		return refuse("9.5.1.0-2: a score stands with passed and failed only")
	}
	if score.Get("raw") != nil && (score.Get("min") == nil || score.Get("max") == nil) {
		return refuse("9.5.1.0-3: a raw score needs min and max")
	}
	return l.mastery(n, verb, score)
}

// mastery holds a score against the launch's (9.3.4.0-2, 9.3.5.0-2, 9.6.3.2-2).
func (l Launch) mastery(n *xapi.Node, verb Verb, score *xapi.Node) error {
	if l.Mastery == nil {
		return nil
	}
	said, ok := number(n.Get("context").Get("extensions").Get(extMastery))
	if !ok || said != *l.Mastery {
		return refuse("9.6.3.2-2: the context must have the mastery score of the launch data")
	}
	scaled, ok := number(score.Get("scaled"))
	if ok && (scaled >= *l.Mastery) != (verb == Passed) {
		return refuse("9.5.1.0-1: a scaled score of %v is not %s by a mastery score of %v", scaled, verb[strings.LastIndexByte(string(verb), '/')+1:], *l.Mastery)
	}
	return nil
}

// truth returns "true" or "false", and "" for what is not there.
func truth(n *xapi.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Kind == xapi.True:
		return "true"
	}
	return "false"
}

func number(n *xapi.Node) (float64, bool) {
	if n == nil || n.Kind != xapi.Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	return f, err == nil
}

// has reports whether a list of context activities holds an id.
func has(n *xapi.Node, list, id string) bool {
	activities := n.Get("context").Get("contextActivities").Get(list)
	return activities != nil && slices.ContainsFunc(activities.Items, func(a *xapi.Node) bool { return a.Str("id") == id })
}

// CheckOwner refuses documents that do not belong to the launch's actor, activity and
// registration (8.1.3.0-3, 8.1.4.0-3, 11.0.0.0-1). activity and agent are empty where a
// document has none.
func (l Launch) CheckOwner(activity, agent, actor, registration string) error {
	switch {
	case agent != "" && agent != actor:
		return refuse("8.1.3.0-3: the agent must be the actor of the launch")
	case activity != "" && activity != l.Activity:
		return refuse("8.1.5.0-6: the activity must be the one of the launch")
	case activity != "" && agent != "" && !strings.EqualFold(registration, l.Registration):
		return refuse("8.1.4.0-3: the registration must be the one of the launch")
	}
	return nil
}

// CheckState refuses changes of the launch data; no name means all documents.
func CheckState(name string) error {
	if name == LaunchData || name == "" {
		return refuse("10.2.1.0-5: a unit may not change or delete %s", LaunchData)
	}
	return nil
}

// languages is a list of language tags (RFC 5646), comma-separated (§11.1).
var languages = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*(\s*,\s*[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)*$`)

// CheckPreferences refuses learner preferences that are none (§11).
func CheckPreferences(contentType string, body []byte) error {
	var p struct {
		Languages *string `json:"languagePreference"`
		Audio     *string `json:"audioPreference"`
	}
	switch {
	case !xapi.IsJSON(contentType) || json.Unmarshal(body, &p) != nil:
		return refuse("11.0.0.0-5: learner preferences are a JSON object")
	case p.Languages == nil || p.Audio == nil:
		return refuse("11.0.0.0-5: learner preferences have a languagePreference and an audioPreference")
	case !languages.MatchString(*p.Languages):
		return refuse("11.1.0.0-1: languagePreference is a list of language tags, separated by commas")
	case *p.Audio != "on" && *p.Audio != "off":
		return refuse("11.2.0.0-1: audioPreference is on or off")
	}
	return nil
}
