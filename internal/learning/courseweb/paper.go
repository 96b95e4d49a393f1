package courseweb

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"tidewaiter/internal/learning/course"
)

// paper is a sheet of questions on a page: to be answered, or reviewed.
type paper struct {
	Course    *course.Course
	Questions []*course.Question
	Seed      uint64
	Attempt   int
	Answers   map[string]course.Answer
	Marks     map[string]float64
	Review    bool // marks are shown
	Whole     bool // right answers too
}

// field names the field of a question, or of one of its parts.
func field(q *course.Question, part ...int) string {
	name := "q." + q.ID
	for _, i := range part {
		name += "." + strconv.Itoa(i)
	}
	return name
}

// byPart reports that the question has a field for each part.
func byPart(q *course.Question) bool { return q.Kind == course.Matching || q.Kind == course.Ordering }

// answersOf reads the answers to questions from a form.
func answersOf(r *http.Request, questions []*course.Question) map[string]course.Answer {
	answers := map[string]course.Answer{}
	for _, q := range questions {
		var a course.Answer
		if byPart(q) {
			for i := range q.Parts() {
				a = append(a, r.FormValue(field(q, i)))
			}
		} else {
			a = append(a, r.Form[field(q)]...)
			if q.Kind == course.Hotspot { // the picture's answer, else that of the list
				a = course.Answer{r.FormValue(field(q) + ".at")}
				if a.Empty() {
					a = course.Answer{r.FormValue(field(q))}
				}
			}
		}
		if !a.Empty() {
			answers[q.ID] = a
		}
	}
	return answers
}

// questionsOf returns the questions of a sheet that the course still has.
func questionsOf(c *course.Course, ids []string) (list []*course.Question) {
	for _, id := range ids {
		if q, ok := c.Question(id); ok {
			list = append(list, q)
		}
	}
	return list
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// shape is a rectangle as attributes of SVG.
type shape struct{ X, Y, Width, Height string }

func svgText(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func shapeOf(s course.Spot) shape {
	return shape{svgText(s.X), svgText(s.Y), svgText(s.Width), svgText(s.Height)}
}

// canvas returns the size of a hotspot's picture.
func (p paper) canvas(q *course.Question) (width, height string) {
	w, h, err := p.Course.Canvas(q.Picture)
	if err != nil {
		return "640", "360" // course.Read has refused it
	}
	return svgText(w), svgText(h)
}

// Preview shows the questions of a course as learners will meet them, for its author.
func Preview(c *course.Course) templ.Component {
	p := paper{Course: c}
	for i := range c.Questions {
		p.Questions = append(p.Questions, &c.Questions[i])
	}
	return questions(p)
}
