package cmi5

// Verb is a verb of cmi5 (§9.3), by its IRI.
type Verb string

// The verbs.
const (
	Launched    Verb = "http://adlnet.gov/expapi/verbs/launched"
	Initialized Verb = "http://adlnet.gov/expapi/verbs/initialized"
	Completed   Verb = "http://adlnet.gov/expapi/verbs/completed"
	Passed      Verb = "http://adlnet.gov/expapi/verbs/passed"
	Failed      Verb = "http://adlnet.gov/expapi/verbs/failed"
	Terminated  Verb = "http://adlnet.gov/expapi/verbs/terminated"
	Abandoned   Verb = "https://w3id.org/xapi/adl/verbs/abandoned"
	Waived      Verb = "https://w3id.org/xapi/adl/verbs/waived"
	Satisfied   Verb = "https://w3id.org/xapi/adl/verbs/satisfied"

	voided Verb = "http://adlnet.gov/expapi/verbs/voided"
)

// Mode is the launch mode (§10.2.2).
type Mode string

// The modes: in the last two nothing counts.
const (
	Normal Mode = "Normal"
	Browse Mode = "Browse"
	Review Mode = "Review"
)

// The criteria of moveOn (§13.1.4).
const (
	OnPassed             = "Passed"
	OnCompleted          = "Completed"
	OnCompletedAndPassed = "CompletedAndPassed"
	OnCompletedOrPassed  = "CompletedOrPassed"
	NotApplicable        = "NotApplicable"
)

// The names of documents (§10, §11).
const (
	LaunchData  = "LMS.LaunchData"
	Preferences = "cmi5LearnerPreferences"
)

const (
	categoryCMI5   = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
	categoryMoveOn = "https://w3id.org/xapi/cmi5/context/categories/moveon"

	extension      = "https://w3id.org/xapi/cmi5/context/extensions/"
	extSession     = extension + "sessionid"
	extMastery     = extension + "masteryscore"
	extMode        = extension + "launchmode"
	extURL         = extension + "launchurl"
	extMoveOn      = extension + "moveon"
	extParameters  = extension + "launchparameters"
	reasonOfWaiver = "https://w3id.org/xapi/cmi5/result/extensions/reason"

	typeBlock  = "https://w3id.org/xapi/cmi5/activitytype/block"
	typeCourse = "https://w3id.org/xapi/cmi5/activitytype/course"
)
