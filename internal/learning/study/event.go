package study

import "time"

// Completed is announced, once, when an officer has completed a course.
type Completed struct {
	Enrolment int64     `json:"enrolment"`
	Officer   int64     `json:"officer"`
	Unit      int64     `json:"unit"` // where the officer was enrolled
	Course    string    `json:"course"`
	Version   string    `json:"version"`
	Score     float64   `json:"score"` // of the passed test, 0 to 1
	Minutes   int       `json:"minutes"`
	At        time.Time `json:"at"`
}

// EventName names the event.
func (Completed) EventName() string { return "study.completed" }

// Deed is announced for every step of a learner.
type Deed struct {
	Enrolment int64     `json:"enrolment"`
	Officer   int64     `json:"officer"`
	Course    string    `json:"course"`
	Verb      Verb      `json:"verb"`
	Part      string    `json:"part,omitempty"` // of the course, such as lessons/01-why; "": the course itself
	Attempt   int       `json:"attempt,omitempty"`
	Score     *float64  `json:"score,omitempty"`
	Answer    string    `json:"answer,omitempty"`
	At        time.Time `json:"at"`
}

// EventName names the event.
func (Deed) EventName() string { return "study.deed" }

// Verb is what was done, by its name in the ADL vocabulary.
type Verb string

// The verbs.
const (
	Registered Verb = "registered"
	Attempted  Verb = "attempted"
	Answered   Verb = "answered"
	Passed     Verb = "passed"
	Failed     Verb = "failed"
	Done       Verb = "completed"
)
