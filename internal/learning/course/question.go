package course

import "fmt"

// Use says what a question is for: to practise at the end of a lesson, or to test. A
// learner who practises never sees a question of the tests.
type Use string

// The uses.
const (
	Practice Use = "practice"
	Testing  Use = "test"
)

// Kind is how a question is answered.
type Kind string

// The kinds.
const (
	Single   Kind = "single"   // one of the choices
	Multiple Kind = "multiple" // all that are right
	Matching Kind = "matching" // to each left its right
	Ordering Kind = "ordering" // the steps in their order
	Numeric  Kind = "numeric"  // a number, within a tolerance
	Short    Kind = "short"    // a word or a few
	Hotspot  Kind = "hotspot"  // a place on a picture
)

// Question is one question of the bank.
type Question struct {
	ID        string   `toml:"id"`
	Lesson    string   `toml:"lesson"`
	Use       Use      `toml:"use"`
	Kind      Kind     `toml:"kind"`
	Text      Text     `toml:"text"`
	Why       Text     `toml:"why,omitempty"` // shown after the answer
	Choices   []Choice `toml:"choice,omitempty"`
	Pairs     []Pair   `toml:"pair,omitempty"`
	Steps     []Text   `toml:"step,omitempty"` // in their right order
	Answer    float64  `toml:"answer,omitzero"`
	Tolerance float64  `toml:"tolerance,omitzero"` // absolute, in Unit
	Unit      string   `toml:"unit,omitempty"`
	Accept    []string `toml:"accept,omitempty"`
	Picture   string   `toml:"picture,omitempty"`
	Spots     []Spot   `toml:"spot,omitempty"`
}

// Choice is one choice.
type Choice struct {
	Right bool   `toml:"right,omitempty"`
	EN    string `toml:"en,omitempty"`
	RU    string `toml:"ru,omitempty"`
	KY    string `toml:"ky,omitempty"`
}

// Text returns the choice's text.
func (c Choice) Text() Text { return Text{"en": c.EN, "ru": c.RU, "ky": c.KY} }

// Pair is what belongs together.
type Pair struct {
	Left  Text `toml:"left"`
	Right Text `toml:"right"`
}

// Spot is a rectangle on the picture, in the units of its viewBox.
type Spot struct {
	Right  bool    `toml:"right"`
	X      float64 `toml:"x"`
	Y      float64 `toml:"y"`
	Width  float64 `toml:"width"`
	Height float64 `toml:"height"`
	Label  Text    `toml:"label"` // what stands there
}

// Parts is of how many pieces the question's answer is put together: choices, pairs,
// steps or spots; 1 where it is typed.
func (q *Question) Parts() int {
	switch q.Kind {
	case Single, Multiple:
		return len(q.Choices)
	case Matching:
		return len(q.Pairs)
	case Ordering:
		return len(q.Steps)
	case Hotspot:
		return len(q.Spots)
	}
	return 1
}

// Least and most pieces of a question.
const (
	leastParts = 2
	mostParts  = 12
)

// check says what is wrong with the question.
func (q *Question) check() (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	need := func(t Text, what string) {
		for _, l := range t.missing() {
			say("%s has no text in %s", what, l)
		}
		for _, l := range t.unknown() {
			say("%s has a text in %q, which is no language of the program", what, l)
		}
	}
	need(q.Text, "text")
	need(q.Why, "why")
	if q.Use != Practice && q.Use != Testing {
		say("use is %q, not practice or test", string(q.Use))
	}
	for _, c := range q.Choices {
		need(c.Text(), "a choice")
	}
	for _, p := range q.Pairs {
		need(p.Left, "the left of a pair")
		need(p.Right, "the right of a pair")
	}
	for _, s := range q.Steps {
		need(s, "a step")
	}
	for _, s := range q.Spots {
		need(s.Label, "the label of a spot")
	}
	return append(wrong, q.checkKind()...)
}

// checkKind says what the question lacks for its kind.
func (q *Question) checkKind() (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	right := 0
	for _, c := range q.Choices {
		if c.Right {
			right++
		}
	}
	for _, s := range q.Spots {
		if s.Right {
			right++
		}
	}
	switch q.Kind {
	case Single:
		if right != 1 {
			say("has %d right choices; a single choice has one", right)
		}
	case Multiple:
		if right < 1 || right == len(q.Choices) {
			say("has %d right choices of %d; some are right and some are wrong", right, len(q.Choices))
		}
	case Numeric:
		if q.Tolerance < 0 {
			say("has a tolerance below zero")
		}
		return wrong
	case Short:
		if len(q.Accept) == 0 {
			say("accepts nothing")
		}
		return wrong
	case Hotspot:
		if right < 1 || q.Picture == "" {
			say("needs a picture and a right spot")
		}
	case Matching, Ordering:
	default:
		say("is of the kind %q, which there is not", string(q.Kind))
		return wrong
	}
	if n := q.Parts(); n < leastParts || n > mostParts {
		say("has %d parts to choose from; %d to %d are possible", n, leastParts, mostParts)
	}
	return wrong
}
