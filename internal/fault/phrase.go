package fault

import "fmt"

// Phrase is words for a person that can still be said in another language: the English
// format, by which a catalogue knows the sentence, and what is put into it. The catalogues
// are internal/web/locale/faults.*.json; internal/faults_test.go holds the source against them.
type Phrase struct {
	Format string
	Args   []any  // a Phrase among them, or a fault, is said in the same language
	ID     string // of a message of the pages that says it, for a Term
	text   string
}

// Say returns a phrase made as by fmt.Sprintf. The format begins with a small letter and
// has no full stop, since it may stand within another. An int is a count or a position and
// is written as the language groups digits; an int64 is an id or an offset and is not.
func Say(format string, args ...any) Phrase {
	return Phrase{Format: format, Args: args, text: fmt.Sprintf(format, args...)}
}

// Term is a word that pages say under an id of their own, such as the name of a state or of
// a column; english is what the log and the command line say, and a page without that id.
func Term(id, english string) Phrase {
	return Phrase{Format: "%s", Args: []any{english}, ID: id, text: english}
}

// String returns the English words.
func (p Phrase) String() string { return p.text }

// IsZero reports whether the phrase says nothing.
func (p Phrase) IsZero() bool { return p.text == "" }
