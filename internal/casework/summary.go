package casework

import (
	"reflect"
	"slices"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
)

// Summary is a case as a line of a list.
type Summary struct {
	ID           int64
	Scope        cargo.ScopeID
	Number       string
	Title        string
	State        State
	Ending       Ending // of the last conclusion; "" when there was none
	Origin       Origin
	Version      int
	Acts         int
	Owner        int64
	OpenedBy     int64
	OpenedAt     time.Time
	ChangedAt    time.Time
	ConcludedAt  time.Time // zero while the case is open
	Deadline     time.Time // zero for none
	Score        risk.LogOdds
	Assessed     bool // false: Score says nothing
	Random       bool // the random draw chose one of the consignments
	Consignments int
	Waiting      int // acts that were set aside and wait
}

// Summary returns the case as a line of a list.
func (c *Case) Summary() Summary {
	s := Summary{
		ID: c.ID, Scope: c.Scope, Number: c.Number, Title: c.Title, State: c.State, Ending: c.Conclusion.Ending, Origin: c.Origin,
		Version: c.Version, Acts: len(c.Acts), Owner: c.Owner, OpenedBy: c.OpenedBy, OpenedAt: c.OpenedAt, ChangedAt: c.ChangedAt,
		ConcludedAt: c.ConcludedAt, Deadline: c.Deadline, Consignments: len(c.Present()),
	}
	s.Score, s.Assessed = c.Score()
	for _, m := range c.Present() {
		s.Random = s.Random || m.Random
	}
	for _, a := range c.SetAside {
		if a.Waiting() {
			s.Waiting++
		}
	}
	return s
}

func eighths(x risk.LogOdds) int64   { return int64(x / risk.Step) }
func ofEighths(n int64) risk.LogOdds { return risk.LogOdds(n) * risk.Step }

// caseIndex is the rows by which a case is found: of its consignments, people, tasks and
// words. Each row begins with the case.
type caseIndex [4][][]any

func indexOf(c *Case) caseIndex {
	if len(c.Acts) == 0 {
		return caseIndex{}
	}
	return caseIndex{memberRows(c), peopleRows(c), taskRows(c), wordRows(c)}
}

func memberRows(c *Case) (rows [][]any) {
	for _, m := range c.Consignments {
		rows = append(rows, []any{c.ID, m.Consignment, c.State.Open() && !m.Removed})
	}
	return rows
}

func peopleRows(c *Case) (rows [][]any) {
	add := func(part string, officers ...int64) {
		officers = slices.Clone(officers)
		slices.Sort(officers)
		for _, o := range slices.Compact(officers) {
			if o != 0 {
				rows = append(rows, []any{c.ID, o, part})
			}
		}
	}
	add("owner", c.Owner)
	add("watcher", c.Watchers...)
	if p := c.Examination.Plan; p != nil {
		add("team", p.Team...)
	}
	var doers []int64
	for _, t := range c.Tasks {
		if !t.Done {
			doers = append(doers, t.For)
		}
	}
	add("task", doers...)
	return rows
}

func taskRows(c *Case) (rows [][]any) {
	for _, t := range c.Tasks {
		done := t.Done || !c.State.Open() // a concluded case leaves nothing to do
		rows = append(rows, []any{c.ID, t.Seq, int64(c.Scope), t.For, t.Text, store.NullTime(t.Due), done})
	}
	return rows
}

func wordRows(c *Case) (rows [][]any) {
	seen := map[string]bool{}
	add := func(text string) {
		for _, w := range cargo.NameWords(text) {
			if len(rows) < maxSearchWords && !seen[w] {
				seen[w] = true
				rows = append(rows, []any{c.ID, int64(c.Scope), []byte(w)})
			}
		}
	}
	add(c.Number)
	add(c.Title)
	for _, m := range c.Consignments {
		add(m.Document)
		for _, e := range m.Equipment {
			add(e)
		}
		add(m.Consignor)
		add(m.Consignee)
	}
	return rows
}

// maxSearchWords bounds by how many words a case is found.
const maxSearchWords = 1000

func sameRows(a, b [][]any) bool { return len(a) == len(b) && (len(a) == 0 || reflect.DeepEqual(a, b)) }
