package casework

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tidewaiter/internal/fault"
)

// Reason is why an officer did something: a code from a list, and words.
type Reason struct {
	Code  string `json:"code,omitempty"`
	Words string `json:"words,omitempty"`
}

// ReasonKind is what a reason is for. It is the key of its list of codes.
type ReasonKind string

// Kinds of reason.
const (
	ReasonHold     ReasonKind = "hold"
	ReasonLift     ReasonKind = "lift"     // of a hold
	ReasonConclude ReasonKind = "conclude" // one of the three below, by the ending
	ReasonRelease  ReasonKind = "release"
	ReasonFound    ReasonKind = "found"
	ReasonRefer    ReasonKind = "refer"
	ReasonReopen   ReasonKind = "reopen"
)

// OtherReason is the code that every list ends with. It needs words.
const OtherReason = "other"

// Reasons are the codes of each kind, in the order in which pages offer them. Pages look
// up "case.reason.<kind>.<code>".
var Reasons = map[ReasonKind][]string{
	ReasonHold: {"documents-missing", "awaiting-scan", "awaiting-examination", "awaiting-analysis", "awaiting-authority",
		"suspicion", "intelligence", OtherReason},
	ReasonLift: {"documents-received", "cleared-by-authority", "suspicion-cleared", "held-by-mistake", OtherReason},
	ReasonRelease: {"examined-clear", "scan-clear", "documents-in-order", "low-risk", "known-trader", "discrepancy-settled",
		"already-left", "no-capacity", "opened-by-mistake", OtherReason},
	ReasonFound:  {"seized", "detained", "fined", "returned", "destroyed", "discrepancy-settled", OtherReason},
	ReasonRefer:  {"investigation", "competent-authority", "other-unit", "laboratory", OtherReason},
	ReasonReopen: {"new-information", "concluded-by-mistake", "authority-asks", OtherReason},
}

// Bounds of what a person writes, in characters.
const (
	MinWords = 10 // where a reason in words is asked for
	maxWords = 2000
	maxText  = 10_000
	maxLine  = 200
)

// check returns a fault.Invalid when the reason is none of its kind. Where words are
// needed they have MinWords characters.
func (r Reason) check(kind ReasonKind, needWords bool) error {
	if !slices.Contains(Reasons[kind], r.Code) {
		return invalid("reason", "choose a reason from the list")
	}
	if needWords || r.Code == OtherReason {
		return checkWords("words", r.Words)
	}
	return checkLength("words", r.Words, maxWords)
}

// checkWords returns a fault.Invalid when a reason in words says nothing.
func checkWords(field, words string) error {
	if utf8.RuneCountInString(strings.TrimSpace(words)) < MinWords {
		return invalid(field, "say why in words, in %d characters at least", MinWords)
	}
	return checkLength(field, words, maxWords)
}

func checkLength(field, text string, most int) error {
	if n := utf8.RuneCountInString(text); n > most {
		return invalid(field, "the text has %d characters; %d are the most", n, most)
	}
	return nil
}

// FieldError is a fault.Invalid that knows the form's field it is about.
type FieldError struct {
	Field string
	Fault *fault.Error
}

// Error returns the sentence of the fault.
func (e *FieldError) Error() string { return e.Fault.Error() }

// Unwrap returns the fault.
func (e *FieldError) Unwrap() error { return e.Fault }

func invalid(field, format string, args ...any) error {
	return &FieldError{field, fault.New(fault.Invalid, format, args...)}
}
