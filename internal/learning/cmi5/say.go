package cmi5

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"tidewaiter/internal/learning/xapi"
)

// object is a JSON object.
type object = map[string]any

func activities(ids ...string) []any {
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = object{"objectType": "Activity", "id": id}
	}
	return list
}

// Data is the state document LMS.LaunchData (§10.2).
func (l Launch) Data() ([]byte, error) {
	d := object{
		"contextTemplate": object{
			"contextActivities": object{"grouping": activities(l.Publisher)},
			"extensions":        object{extSession: l.Session},
		},
		"launchMode": l.Mode, "moveOn": l.MoveOn,
	}
	if l.Parameters != "" {
		d["launchParameters"] = l.Parameters
	}
	if l.Mastery != nil {
		d["masteryScore"] = *l.Mastery
	}
	if l.ReturnURL != "" {
		d["returnURL"] = l.ReturnURL
	}
	if l.Entitlement != "" {
		d["entitlementKey"] = object{"courseStructure": l.Entitlement}
	}
	return json.Marshal(d)
}

// Address returns the address that launches the unit (§8.1).
func (l Launch) Address(endpoint, fetch string) (string, error) {
	at, err := url.Parse(l.URL)
	if err != nil {
		return "", fmt.Errorf("address of a unit: %w", err)
	}
	query := url.Values{
		"endpoint": {endpoint}, "fetch": {fetch}, "actor": {string(l.Actor)}, "registration": {l.Registration}, "activityId": {l.Activity},
	}
	if at.RawQuery != "" { // 13.1.4.0-3: what the unit's own address asks stays as it is
		at.RawQuery += "&"
	}
	at.RawQuery += query.Encode()
	return at.String(), nil
}

// statement is what all statements of the LMS have in common.
func (l Launch) statement(id xapi.UUID, verb Verb, at time.Time, what object, grouping string, categories ...string) object {
	return object{
		"id": id.String(), "actor": l.Actor, "timestamp": xapi.FormatTime(at), "object": what,
		"verb": object{"id": verb, "display": object{"en": string(verb[strings.LastIndexByte(string(verb), '/')+1:])}},
		"context": object{
			"registration": l.Registration,
			"contextActivities": object{
				"category": activities(append([]string{categoryCMI5}, categories...)...), "grouping": activities(grouping),
			},
			"extensions": object{extSession: l.Session},
		},
	}
}

func (l Launch) unit() object { return object{"objectType": "Activity", "id": l.Activity} }

func parse(s object) (*xapi.Statement, error) {
	body, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return xapi.ParseStatement(body, xapi.V200)
}

// SayLaunched is said before a unit is launched (§9.3.1, §9.6.3).
func (l Launch) SayLaunched(id xapi.UUID, at time.Time) (*xapi.Statement, error) {
	s := l.statement(id, Launched, at, l.unit(), l.Publisher)
	ext := s["context"].(object)["extensions"].(object)
	ext[extMode], ext[extURL], ext[extMoveOn] = l.Mode, l.URL, l.MoveOn
	if l.Mastery != nil {
		ext[extMastery] = *l.Mastery
	}
	if l.Parameters != "" {
		ext[extParameters] = l.Parameters
	}
	return parse(s)
}

// SayAbandoned is said of a session that ended without a word; lasted is the time from
// its launch to its last statement (§9.3.6, 9.5.4.2).
func (l Launch) SayAbandoned(id xapi.UUID, at time.Time, lasted time.Duration) (*xapi.Statement, error) {
	s := l.statement(id, Abandoned, at, l.unit(), l.Publisher)
	s["result"] = object{"duration": Duration(lasted)}
	return parse(s)
}

// SayWaived is said of a unit that a learner need not take; the launch has a session of
// its own (§9.3.7).
func (l Launch) SayWaived(id xapi.UUID, at time.Time, reason string) (*xapi.Statement, error) {
	s := l.statement(id, Waived, at, l.unit(), l.Publisher, categoryMoveOn)
	s["result"] = object{"success": true, "completion": true, "extensions": object{reasonOfWaiver: reason}}
	return parse(s)
}

// SaySatisfied is said of a block or course whose units all meet their criteria; activity
// is the id that the LMS gave it (§9.3.9).
func (l Launch) SaySatisfied(id xapi.UUID, at time.Time, g Group, activity string) (*xapi.Statement, error) {
	kind := typeBlock
	if g.Course {
		kind = typeCourse
	}
	return parse(l.statement(id, Satisfied, at, object{"objectType": "Activity", "id": activity, "definition": object{"type": kind}}, g.Publisher))
}

// Duration writes a duration by ISO 8601, in seconds with two decimals.
func Duration(d time.Duration) string { return fmt.Sprintf("PT%.2fS", max(0, d.Seconds())) }
