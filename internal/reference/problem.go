package reference

import (
	"errors"
	"unicode/utf8"

	"tidewaiter/internal/fault"
)

// Problem is the way in which a value fails to be an identifier.
type Problem int8

// Problems of an identifier.
const (
	// NoProblem is a value that is right as far as its own text can tell.
	NoProblem Problem = iota
	// Malformed is a value whose shape no identifier of the kind has.
	Malformed
	// CheckDigit is a value of the right shape whose check digit does not fit the rest.
	CheckDigit
	// Reserved is a value of the right shape that the standard leaves unused.
	Reserved
)

// String returns ok, malformed, check digit or reserved.
func (p Problem) String() string {
	switch p {
	case Malformed:
		return "malformed"
	case CheckDigit:
		return "check digit"
	case Reserved:
		return "reserved"
	default:
		return "ok"
	}
}

// Error says what is wrong with an identifier. It unwraps to a fault.Invalid with
// the same sentence and hint.
type Error struct {
	Noun    fault.Phrase // container number, HS code, ...
	Value   string       // as it came, cut where it is long
	Problem Problem
	Text    fault.Phrase // what is wrong, without noun and value
	Hint    fault.Phrase // what it could be instead; may be empty
}

// Error returns the sentence and the hint.
func (e *Error) Error() string { return e.Unwrap().Error() }

// Unwrap returns the fault for the edges.
func (e *Error) Unwrap() error {
	f := fault.New(fault.Invalid, "%s %q: %s", e.Noun, e.Value, e.Text)
	if e.Hint.IsZero() {
		return f
	}
	return f.WithHint("%s", e.Hint)
}

// ProblemOf returns the problem that a Parse function reported.
func ProblemOf(err error) Problem {
	var e *Error
	if errors.As(err, &e) {
		return e.Problem
	}
	return NoProblem
}

// What the identifiers are called in sentences.
var (
	airWaybillNoun = fault.Say("air waybill number")
	containerNoun  = fault.Say("container number")
	countryNoun    = fault.Say("country")
	hsNoun         = fault.Say("HS code")
	imoNoun        = fault.Say("IMO ship number")
	locodeNoun     = fault.Say("UN/LOCODE")
	sizeTypeNoun   = fault.Say("container size-type")
	unNoun         = fault.Say("UN number")
	wagonNoun      = fault.Say("wagon number")
)

func malformed(noun fault.Phrase, value, text string, args ...any) *Error {
	return wrong(noun, value, Malformed, text, args...)
}

func wrong(noun fault.Phrase, value string, p Problem, text string, args ...any) *Error {
	return &Error{Noun: noun, Value: clip(value), Problem: p, Text: fault.Say(text, args...)}
}

func (e *Error) hint(text string, args ...any) *Error {
	e.Hint = fault.Say(text, args...)
	return e
}

// clip keeps a hostile value from filling a page or a log.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
