// Package fault names the kinds of error that a person may be told about, and
// carries the sentence that they read: what is wrong, where, and what to do.
//
// A core returns a fault where the caller can do something about it; the edges
// map its kind once to an HTTP status and to an exit code. Any other error is a
// failure of ours: its text goes to the log and a reference number to the person.
package fault

import (
	"errors"
	"net/http"
)

// Kind says whose turn it is: what a person asked for is not there, is not
// well-formed, clashes with what somebody else did, or is not theirs to do.
type Kind int

// The kinds of fault. Failure is everything that is nobody's fault but ours.
const (
	Failure Kind = iota
	NotFound
	Invalid
	Conflict
	Denied
	TooMany
)

// Error is a fault with the sentence for a person, a hint, and the cause, if any. It is made
// by New or Wrap. Pages say it in the person's language: web.Sentence, web.Hint, web.Explain.
type Error struct {
	Kind  Kind
	Text  string // one English sentence, names the place: file, segment or row, field, value
	Hint  string // what to do about it; may be empty
	Cause error

	Sentence, Advice Phrase // Text and Hint, to be said in another language
}

// Error returns the English sentence, and the hint behind it.
func (e *Error) Error() string {
	s := e.Text
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// WithHint returns a copy that tells what to do.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Advice = Say(format, args...)
	c.Hint = c.Advice.String()
	return &c
}

// New returns a fault of the kind with a sentence made as by Say.
func New(kind Kind, format string, args ...any) *Error {
	return Wrap(kind, nil, format, args...)
}

// Wrap returns a fault of the kind that keeps the cause for errors.Is and the log.
func Wrap(kind Kind, cause error, format string, args ...any) *Error {
	sentence := Say(format, args...)
	return &Error{Kind: kind, Text: sentence.String(), Cause: cause, Sentence: sentence}
}

// KindOf returns the kind of the first fault in err's chain, else Failure.
func KindOf(err error) Kind {
	var f *Error
	if errors.As(err, &f) {
		return f.Kind
	}
	return Failure
}

// Is reports whether err is a fault of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Status returns the HTTP status for err.
func Status(err error) int {
	switch KindOf(err) {
	case NotFound:
		return http.StatusNotFound
	case Invalid:
		return http.StatusUnprocessableEntity
	case Conflict:
		return http.StatusConflict
	case Denied:
		return http.StatusForbidden
	case TooMany:
		return http.StatusTooManyRequests
	default:
		return http.StatusInternalServerError
	}
}

// Exit codes of the program. Bad usage, bad input and failure are told apart, so
// that a script can.
const (
	ExitOK      = 0
	ExitFailure = 1
	ExitUsage   = 2
	ExitInput   = 3
)

// ExitCode returns the exit code for err.
func ExitCode(err error) int {
	switch {
	case err == nil:
		return ExitOK
	case KindOf(err) == Failure:
		return ExitFailure
	default:
		return ExitInput
	}
}
