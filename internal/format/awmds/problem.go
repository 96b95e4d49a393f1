package awmds

import "tidewaiter/internal/fault"

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
func (p Problem) String() string { return p.say(p.Reason).String() }

// say puts the place before a reason: a string, or a fault.Phrase that can be said in
// another language.
func (p Problem) say(reason any) fault.Phrase {
	switch {
	case p.Field != "" && p.Value != "":
		return fault.Say("line %d, %s, %q: %s", p.Line, p.Field, p.Value, reason)
	case p.Field != "":
		return fault.Say("line %d, %s: %s", p.Line, p.Field, reason)
	case p.Value != "":
		return fault.Say("line %d, %q: %s", p.Line, p.Value, reason)
	}
	return fault.Say("line %d: %s", p.Line, reason)
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
