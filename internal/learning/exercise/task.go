package exercise

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tidewaiter/internal/fault"
)

// Task is what a learner is asked to do: to select, before the ship arrives, the most
// suspicious consignments of a month of traffic.
type Task struct {
	Course       string            `json:"course,omitempty"` // that it belongs to; empty for a coordinator's own
	Title        map[string]string `json:"title"`            // by language
	Text         map[string]string `json:"text,omitempty"`   // by language
	Seed         uint64            `json:"seed"`             // 0: of chance
	Consignments int               `json:"consignments"`     // of the month
	Select       int               `json:"select"`           // how many the learner may select
	Schemes      []string          `json:"schemes"`          // that are planted
	Skill        []string          `json:"skill,omitempty"`  // that it trains
}

// In returns the text of a language, else English, else any.
func In(text map[string]string, language string) string {
	for _, l := range []string{language, "en", "ru", "ky"} {
		if s := text[l]; s != "" {
			return s
		}
	}
	return ""
}

// Skills that are rated. An exercise that names none trains the first.
var Skills = []string{"profiling", "drugs", "strategic", "counterfeit", "documents", "seals", "exchange", "xray", "facilitation"}

// skills returns the skills that the task trains.
func (t Task) skills() []string {
	if len(t.Skill) == 0 {
		return Skills[:1]
	}
	return t.Skill
}

// Limits of a task.
const (
	LeastConsignments = 40
	MostConsignments  = 400
	LeastSelect       = 2
	MostSelect        = 30
	mostTitle         = 120
	mostText          = 2000
)

// FieldError is a fault of one field of a form.
type FieldError struct {
	Field string
	Fault *fault.Error
}

// Error says the fault.
func (e *FieldError) Error() string { return e.Fault.Error() }

// Unwrap returns the fault.
func (e *FieldError) Unwrap() error { return e.Fault }

func wrong(field, format string, args ...any) error {
	return &FieldError{Field: field, Fault: fault.New(fault.Invalid, format, args...)}
}

// check returns what is wrong with a coordinator's task, as a FieldError. schemes are
// those that can be planted.
func (t Task) check(schemes []string) error {
	for _, text := range t.Title {
		if n := utf8.RuneCountInString(text); n > mostTitle {
			return wrong("title", "a title has at most %d characters", mostTitle)
		}
	}
	for _, text := range t.Text {
		if utf8.RuneCountInString(text) > mostText {
			return wrong("text", "a task is told in at most %d characters", mostText)
		}
	}
	switch {
	case strings.TrimSpace(In(t.Title, "en")) == "":
		return wrong("title", "an exercise needs a title")
	case t.Consignments < LeastConsignments || t.Consignments > MostConsignments:
		return wrong("consignments", "an exercise has %d to %d consignments", LeastConsignments, MostConsignments)
	case t.Select < LeastSelect || t.Select > MostSelect || t.Select*8 > t.Consignments:
		return wrong("select", "a learner selects %d to %d consignments, and at most one in eight", LeastSelect, MostSelect)
	case len(t.Schemes) == 0:
		return wrong("schemes", "choose at least one scheme")
	}
	for _, name := range t.Schemes {
		if !slices.Contains(schemes, name) {
			return wrong("schemes", "there is no scheme %q", name)
		}
	}
	for _, skill := range t.Skill {
		if !slices.Contains(Skills, skill) {
			return wrong("skill", "there is no skill %q", skill)
		}
	}
	return nil
}

// Level is how hard an exercise is made.
type Level string

// Levels, from the easiest.
const (
	Evident Level = "evident" // many traces, few look-alikes
	Usual   Level = "usual"
	Hard    Level = "hard" // few cases with few traces among many look-alikes
)

// Levels lists the levels, the easiest first.
var Levels = []Level{Evident, Usual, Hard}

// shape is what a level makes of a task: planted documents and innocent look-alikes for
// each one that may be selected, how readily traces are left against the usual, and the
// rating that nobody has corrected yet.
type shape struct{ planted, twins, traces, rating float64 }

var shapes = map[Level]shape{
	Evident: {1, 0.5, 1.6, 1000},
	Usual:   {0.75, 1, 1, 1200},
	Hard:    {0.5, 2, 0.6, 1400},
}

// Order is the world that a task at a level asks for.
type Order struct {
	Seed         uint64
	Month        time.Time // the first day of the month that is worked
	Consignments int
	Planted      int // documents
	Twins        int
	Traces       float64 // how readily traces are left, 1 as usual
	Schemes      []string
}

// order returns what to make for the level.
func (t Task) order(level Level, seed uint64, month time.Time) Order {
	s := shapes[level]
	count := func(share float64) int { return max(1, int(math.Round(share*float64(t.Select)))) }
	return Order{
		Seed: seed, Month: month, Consignments: t.Consignments, Planted: count(s.planted), Twins: count(s.twins),
		Traces: s.traces, Schemes: t.Schemes,
	}
}

// fingerprint tells worlds of a unit apart: the task with all that it says, the level, the
// officer's turn at it, and the month. Who changes a task makes another version of it.
func (t Task) fingerprint(key string, level Level, turn int, month time.Time) string {
	body, err := json.Marshal(t)
	if err != nil {
		panic(fmt.Sprintf("exercise: a task of texts and numbers: %v", err)) // cannot happen
	}
	sum := sha256.Sum256(fmt.Appendf(body, "|%s|%s|%d|%s", key, level, turn, month.Format("2006-01")))
	return hex.EncodeToString(sum[:16])
}

// monthAfter is the month that is worked: what is to come, so that there is time until the
// ship arrives.
func monthAfter(now time.Time) time.Time {
	now = now.UTC()
	return time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC)
}
