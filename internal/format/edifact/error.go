package edifact

import (
	"fmt"

	"tidewaiter/internal/fault"
)

// ErrorKind tells what is wrong with the bytes.
type ErrorKind string

// Kinds of Error.
const (
	BadTag    ErrorKind = "tag"       // the segment does not begin with a tag
	BadSyntax ErrorKind = "syntax"    // UNA declares characters that cannot work
	TooLong   ErrorKind = "too-long"  // no terminator within the allowed length
	Truncated ErrorKind = "truncated" // the file ends in the middle of a segment
	NotText   ErrorKind = "not-text"  // UTF-16, or no EDIFACT at all
)

// Error is a place in the interchange that cannot be read. The Reader goes on
// behind it, save for NotText.
type Error struct {
	Kind    ErrorKind
	Offset  int64  // in bytes from the start of the file
	Length  int    // bytes concerned, as far as they were read
	Segment int    // 1-based, in the message; in the file where there is no message
	Message string // reference of the message, if any
	fault   *fault.Error
}

// Error returns the sentence with its place.
func (e *Error) Error() string { return e.fault.Error() }

// Unwrap returns the fault, of kind fault.Invalid.
func (e *Error) Unwrap() error { return e.fault }

func (r *Reader) fail(kind ErrorKind, offset int64, length int, format string, args ...any) *Error {
	number := r.number + 1
	where := fault.Say("segment %d", number)
	if r.message.Reference != "" {
		where = fault.Say("segment %d of message %s", number, clip(r.message.Reference))
	}
	return &Error{
		Kind: kind, Offset: offset, Length: length, Segment: number, Message: r.message.Reference,
		fault: fault.New(fault.Invalid, "%s, byte %d: %s", where, offset, fault.Say(format, args...)),
	}
}

// Warning is something wrong that did not keep the Reader from reading.
type Warning struct {
	Code    string // count, reference, charset, terminator, una, missing, unbalanced
	Offset  int64
	Segment int // as in Error
	Message string
	Text    string
}

// String returns the sentence with its place.
func (w Warning) String() string {
	return fmt.Sprintf("segment %d, byte %d: %s", w.Segment, w.Offset, w.Text)
}

// maxWarnings bounds what a hostile file can make us remember.
const maxWarnings = 1000

func (r *Reader) warn(code string, offset int64, format string, args ...any) {
	if len(r.warnings) >= maxWarnings {
		r.dropped++
		return
	}
	r.warnings = append(r.warnings, Warning{
		Code: code, Offset: offset, Segment: r.number, Message: r.message.Reference,
		Text: fmt.Sprintf(format, args...),
	})
}

// Warnings returns what was forgiven so far: the first 1,000 of it, and how many
// more there were.
func (r *Reader) Warnings() (list []Warning, more int) { return r.warnings, r.dropped }

// clip shortens a value from outside for a sentence.
func clip(s string) string {
	const limit = 60
	for i := range s {
		if i >= limit {
			return s[:i] + "…"
		}
	}
	return s
}
