package awmds

import (
	"fmt"

	"tidewaiter/internal/fault"
)

// Problem is what is wrong with a value, a Bol or the file, and where it stands.
type Problem struct {
	Line   int
	Offset int64
	Length int
	Field  string // path of the consignment's field, or the tag where it is none
	Value  string // as it stands, cut to 80 characters
	Reason string
	Fatal  bool // the Bol, or the rest of the file, cannot be taken
}

// String returns the problem as one line for a person.
func (p Problem) String() string {
	s := fmt.Sprintf("line %d", p.Line)
	if p.Field != "" {
		s += ", " + p.Field
	}
	if p.Value != "" {
		s += fmt.Sprintf(", %q", p.Value)
	}
	return s + ": " + p.Reason
}

// Err returns the problem as a fault.Invalid.
func (p Problem) Err(hint string) error {
	return fault.New(fault.Invalid, "%s", p.String()).WithHint("%s", hint)
}

func clip(s string) string {
	n := 0
	for i := range s {
		if n++; n > 80 {
			return s[:i] + "…"
		}
	}
	return s
}
