package course

import (
	"io/fs"
	"slices"
)

// Skills are what courses and exercises train.
var Skills = []string{"profiling", "drugs", "strategic", "counterfeit", "documents", "seals", "exchange", "xray", "facilitation"}

// Course is one course.
type Course struct {
	ID        string     `toml:"-"` // name of its folder
	Version   string     `toml:"version"`
	Minutes   int        `toml:"minutes"` // that a learner needs, all in all
	Skills    []string   `toml:"skills"`
	Requires  []string   `toml:"requires"` // courses to be completed before
	Title     Text       `toml:"title"`
	Summary   Text       `toml:"summary"`
	Aims      []Text     `toml:"aim"`
	Lessons   []Lesson   `toml:"lesson"`
	Pretest   Test       `toml:"pretest"`
	Posttest  Test       `toml:"posttest"`
	Exercise  Exercise   `toml:"exercise"`
	Sources   []Source   `toml:"source"`
	Questions []Question `toml:"-"`

	files fs.FS
}

// Lesson is a page to read, with questions to practise on at its end.
type Lesson struct {
	ID      string `toml:"id"` // stem of its files
	Minutes int    `toml:"minutes"`
	Title   Text   `toml:"-"` // the first heading of each file
	body    Text   // Markdown below the heading
}

// Test says how a test is drawn from the bank. Without questions there is none.
type Test struct {
	PerLesson int `toml:"per_lesson"` // questions of each lesson
	Minutes   int `toml:"minutes"`    // 0: no limit
	Pass      int `toml:"pass"`       // per cent; 0: nothing to pass
	Attempts  int `toml:"attempts"`   // 0: one
}

// Tries is how often the test may be taken.
func (t Test) Tries() int { return max(1, t.Attempts) }

// Passed tells whether a score, 0 to 1, is enough.
func (t Test) Passed(score float64) bool { return score*100 >= float64(t.Pass)-1e-9 }

// Exercise is the course's exercise in a synthetic month of traffic. Without consignments
// there is none.
type Exercise struct {
	Seed         uint64   `toml:"seed"`
	Consignments int      `toml:"consignments"`
	Select       int      `toml:"select"` // how many the learner may select
	Schemes      []string `toml:"schemes"`
	Task         Text     `toml:"task"`
}

// Source is a publication that lessons cite by its id.
type Source struct {
	ID        string `toml:"id"`
	Title     string `toml:"title"`
	Publisher string `toml:"publisher"`
	Year      int    `toml:"year"`
	URL       string `toml:"url"`
}

// Lesson returns a lesson by its id.
func (c *Course) Lesson(id string) (Lesson, bool) {
	i := c.place(id)
	if i < 0 {
		return Lesson{}, false
	}
	return c.Lessons[i], true
}

func (c *Course) place(lesson string) int {
	return slices.IndexFunc(c.Lessons, func(l Lesson) bool { return l.ID == lesson })
}

// Neighbours returns the lessons before and after one; empty at the ends.
func (c *Course) Neighbours(lesson string) (before, after Lesson) {
	i := c.place(lesson)
	if i > 0 {
		before = c.Lessons[i-1]
	}
	if i >= 0 && i+1 < len(c.Lessons) {
		after = c.Lessons[i+1]
	}
	return before, after
}

// Question returns a question by its id.
func (c *Course) Question(id string) (*Question, bool) {
	i := slices.IndexFunc(c.Questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return nil, false
	}
	return &c.Questions[i], true
}

// Ask returns the questions of a lesson for a use, in the order of the bank.
func (c *Course) Ask(lesson string, use Use) (list []*Question) {
	for i := range c.Questions {
		if q := &c.Questions[i]; q.Lesson == lesson && q.Use == use {
			list = append(list, q)
		}
	}
	return list
}

// Picture returns a picture of the course by its path, such as pictures/door.svg.
func (c *Course) Picture(path string) ([]byte, error) { return fs.ReadFile(c.files, path) }

// Files are the files of the course's folder.
func (c *Course) Files() fs.FS { return c.files }
