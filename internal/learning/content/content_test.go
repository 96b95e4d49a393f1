package content

import (
	"slices"
	"strings"
	"testing"

	"tidewaiter/internal/learning/course"
)

// Every course that comes with the program is whole: five lessons and 25 questions at
// least, in three languages that say the same in the same order, with sources.
func TestCourses(t *testing.T) {
	all, err := Courses()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range all {
		ids = append(ids, c.ID)
		if len(c.Lessons) < 5 || len(c.Questions) < 25 || c.Pretest.PerLesson == 0 || c.Posttest.PerLesson == 0 || c.Exercise.Consignments == 0 || len(c.Sources) < 5 {
			t.Errorf("%s: %d lessons, %d questions, %d sources, tests %+v %+v, exercise %+v", c.ID, len(c.Lessons), len(c.Questions), len(c.Sources), c.Pretest, c.Posttest, c.Exercise)
		}
		for _, l := range c.Lessons {
			checkLesson(t, c, l)
		}
		for _, q := range c.Questions {
			if m := q.Mark(3, q.Solve(3)); m != 1 {
				t.Errorf("%s: the right answer to %s is marked %v", c.ID, q.ID, m)
			}
		}
	}
	want := []string{
		"counterfeit-goods", "drugs-precursors", "information-exchange", "risk-management", "seals", "shipping-documents", "strategic-goods",
		"supply-chain-security", "xray-interpretation",
	}
	if !slices.Equal(ids, want) {
		t.Errorf("courses %v, want %v", ids, want)
	}
}

// checkLesson demands that a lesson says the same in every language.
func checkLesson(t *testing.T, c *course.Course, l course.Lesson) {
	t.Helper()
	shapes := map[string][]int{}
	for _, lang := range course.Languages {
		p, err := c.Render(l, lang, "/")
		if err != nil {
			t.Fatal(err)
		}
		if p.Lang != lang || len(p.Sources) == 0 || !strings.Contains(p.HTML, `class="card"`) {
			t.Errorf("%s/%s in %s: language %s, %d sources, or no card", c.ID, l.ID, lang, p.Lang, len(p.Sources))
		}
		for _, mark := range []string{"<h2>", "<img", `class="card"`, `href="#source-`, "<table>", "<!-- raw HTML"} {
			shapes[lang] = append(shapes[lang], strings.Count(p.HTML, mark))
		}
		if n := shapes[lang][5]; n > 0 {
			t.Errorf("%s/%s in %s: raw HTML is left out %d times", c.ID, l.ID, lang, n)
		}
	}
	if !slices.Equal(shapes["en"], shapes["ru"]) || !slices.Equal(shapes["en"], shapes["ky"]) {
		t.Errorf("%s/%s: headings, pictures, cards, citations, tables differ: %v", c.ID, l.ID, shapes)
	}
}
