package main

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"tidewaiter/internal/learning/xapi"
)

// recordWorld makes statements of learners who take courses: the same for the same
// number, so that filters are known to find something.
type recordWorld struct{ learners int }

// newRecordWorld returns a world in which so many statements are made: each learner has
// some fifty.
func newRecordWorld(statements int) *recordWorld { return &recordWorld{max(20, statements/50)} }

const (
	recordCourses = 9
	recordLessons = 25
	recordMentors = 40
)

// recordVerbs are what learners do, of a hundred statements; nobody answers in the last
// course.
var recordVerbs = []struct {
	name  string
	until uint32
}{{"experienced", 45}, {"answered", 78}, {"initialized", 84}, {"terminated", 90}, {"progressed", 95}, {"completed", 98}, {"failed", 99}, {"passed", 100}}

// recordFacts are what a statement says.
type recordFacts struct {
	learner, course, lesson, mentor int
	verb                            string
	registration                    xapi.UUID
}

func (w *recordWorld) facts(i int) recordFacts {
	h := sha256.Sum256(strconv.AppendInt(nil, int64(i), 10))
	number := func(at int) uint32 { return uint32(h[at])<<16 | uint32(h[at+1])<<8 | uint32(h[at+2]) }
	f := recordFacts{
		learner: int(number(0)) % w.learners, course: int(number(3)) % recordCourses,
		lesson: int(number(6)) % recordLessons, mentor: int(number(9)) % recordMentors,
	}
	draw := number(12) % 100
	for _, v := range recordVerbs {
		if f.verb = v.name; draw < v.until {
			break
		}
	}
	if f.verb == "answered" && f.course == recordCourses-1 {
		f.verb = "experienced"
	}
	f.registration = uuidOf(fmt.Sprintf("registration %d %d", f.learner, f.course))
	return f
}

// uuidOf returns the same identifier for the same text.
func uuidOf(text string) xapi.UUID {
	sum := sha256.Sum256([]byte(text))
	return xapi.UUID(sum[:16])
}

func statementID(i int) string { return uuidOf(fmt.Sprintf("statement %d", i)).String() }

func verbID(name string) string { return "http://adlnet.gov/expapi/verbs/" + name }

func courseID(course int) string { return fmt.Sprintf("https://tidewaiter.example/courses/%d", course) }

func lessonID(course, lesson int) string {
	return fmt.Sprintf("%s/lessons/%d", courseID(course), lesson)
}

func learnerJSON(learner int) string {
	return fmt.Sprintf(`{"objectType":"Agent","account":{"homePage":"https://tidewaiter.example/officers","name":"officer-%06d"},"name":"Officer No. %d"}`, learner, learner)
}

func mentorJSON(mentor int) string {
	return fmt.Sprintf(`{"objectType":"Agent","mbox":"mailto:mentor-%d@tidewaiter.example","name":"Mentor No. %d"}`, mentor, mentor)
}

// batch returns statements as a request sends them.
func (w *recordWorld) batch(first, n int) []byte {
	out := []byte{'['}
	for i := range n {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, w.statement(first+i)...)
	}
	return append(out, ']')
}

// statement returns one statement of about 1.8 kB.
func (w *recordWorld) statement(i int) []byte {
	f := w.facts(i)
	at := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(i%100_000_000) * 100 * time.Millisecond)
	return fmt.Appendf(nil, `{"id":%q,"actor":%s,"verb":{"id":%q,"display":{"en":%q,"ru":"действие: %s","ky":"аракет: %s"}},`+
		`"object":{"objectType":"Activity","id":%q,"definition":{"type":"http://adlnet.gov/expapi/activities/lesson",`+
		`"name":{"en":"Lesson %d: what seals tell, and what they do not","ru":"Урок %d: о чём говорят пломбы","ky":"%d-сабак: пломбалар эмнени айтат"},`+
		`"description":{"en":"Number, maker, way of locking; marks of glue, heat and drilling; the seal in the papers and the seal on the door.",`+
		`"ru":"Номер, изготовитель, запирание; следы клея, нагрева и сверления."}}},`+
		`"result":{"score":{"scaled":0.%02d,"raw":%d,"min":0,"max":100},"success":%t,"completion":true,"duration":"PT%dM%d.25S",`+
		`"response":"The number on the door ends in %d and the one in the papers does not; the shackle was glued."},`+
		`"context":{"registration":%q,"instructor":%s,"language":"ky","platform":"Tidewaiter",`+
		`"contextActivities":{"parent":[{"id":%q}],"grouping":[{"id":"https://tidewaiter.example/programmes/2026"}],"category":[{"id":"https://w3id.org/xapi/cmi5/context/categories/moveon"}]},`+
		`"extensions":{"https://tidewaiter.example/xapi/session":"session-%d-%d","https://tidewaiter.example/xapi/unit":"KG-OSS",`+
		`"https://tidewaiter.example/xapi/screen":{"width":1366,"height":768,"path":"/courses/%d/lessons/%d"}}},"timestamp":%q}`,
		statementID(i), learnerJSON(f.learner), verbID(f.verb), f.verb, f.verb, f.verb, lessonID(f.course, f.lesson), f.lesson, f.lesson, f.lesson,
		i%100, i%101, i%3 > 0, i%50, i%60, i%10, f.registration.String(), mentorJSON(f.mentor), courseID(f.course), f.learner, i%7, f.course, f.lesson, xapi.FormatTime(at))
}

// recordCase is one way to ask for statements; each query for something else.
type recordCase struct {
	name    string
	query   func(i int) url.Values
	nothing bool // it finds none
}

// cases returns every filter, alone and together, for so many statements.
func (w *recordWorld) cases(size int) []recordCase {
	pick := func(i int) recordFacts { return w.facts(i * 37 % size) }
	return slices.Concat(alone(pick), together(pick), forms(size, pick))
}

// ask makes the queries of a case from the facts of one statement each.
func ask(pick func(int) recordFacts, set func(v url.Values, f recordFacts)) func(int) url.Values {
	return func(i int) url.Values {
		v := url.Values{}
		set(v, pick(i))
		return v
	}
}

// alone are the filters one by one.
func alone(pick func(int) recordFacts) []recordCase {
	return []recordCase{
		{name: "no filter", query: func(int) url.Values { return url.Values{} }},
		{name: "verb", query: ask(pick, func(v url.Values, f recordFacts) { v.Set("verb", verbID(f.verb)) })},
		{name: "activity", query: ask(pick, func(v url.Values, f recordFacts) { v.Set("activity", lessonID(f.course, f.lesson)) })},
		{name: "activity, also related", query: ask(pick, func(v url.Values, f recordFacts) {
			v.Set("activity", courseID(f.course))
			v.Set("related_activities", "true")
		})},
		{name: "agent", query: ask(pick, func(v url.Values, f recordFacts) { v.Set("agent", learnerJSON(f.learner)) })},
		{name: "agent, also related", query: ask(pick, func(v url.Values, f recordFacts) {
			v.Set("agent", mentorJSON(f.mentor))
			v.Set("related_agents", "true")
		})},
		{name: "registration", query: ask(pick, func(v url.Values, f recordFacts) { v.Set("registration", f.registration.String()) })},
	}
}

// together are filters of which all must hold, and bounds in time.
func together(pick func(int) recordFacts) []recordCase {
	since := xapi.FormatTime(time.Now().Add(-time.Hour * 24 * 365))
	return []recordCase{
		{name: "agent and verb", query: ask(pick, func(v url.Values, f recordFacts) {
			v.Set("agent", learnerJSON(f.learner))
			v.Set("verb", verbID(f.verb))
		})},
		{name: "agent, verb and activity, ascending", query: ask(pick, func(v url.Values, f recordFacts) {
			v.Set("agent", learnerJSON(f.learner))
			v.Set("verb", verbID(f.verb))
			v.Set("activity", lessonID(f.course, f.lesson))
			v.Set("ascending", "true")
		})},
		{name: "two that thousands have, and none both", nothing: true, query: ask(pick, func(v url.Values, _ recordFacts) {
			v.Set("verb", verbID("answered"))
			v.Set("activity", courseID(recordCourses-1))
			v.Set("related_activities", "true")
		})},
		{name: "since and until", query: ask(pick, func(v url.Values, f recordFacts) {
			v.Set("since", since)
			v.Set("until", xapi.FormatTime(time.Now()))
			v.Set("verb", verbID(f.verb))
		})},
	}
}

// forms are other orders, pages and forms of answer.
func forms(size int, pick func(int) recordFacts) []recordCase {
	form := func(name, value string) func(int) url.Values {
		return ask(pick, func(v url.Values, f recordFacts) {
			v.Set("verb", verbID(f.verb))
			v.Set(name, value)
		})
	}
	return []recordCase{
		{name: "ascending", query: func(int) url.Values { return url.Values{"ascending": {"true"}} }},
		{name: "format ids", query: form("format", "ids")},
		{name: "format canonical", query: form("format", "canonical")},
		{name: "with attachments", query: form("attachments", "true")},
		{name: "deep in the pages", query: func(i int) url.Values {
			return url.Values{"verb": {verbID("experienced")}, "cursor": {strconv.FormatInt(int64(size/2+i), 36)}}
		}},
		{name: "one by its id", query: func(i int) url.Values {
			return url.Values{"statementId": {statementID(i * 37 % size)}}
		}},
	}
}
