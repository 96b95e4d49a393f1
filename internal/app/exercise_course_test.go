package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/exercise"
)

// TestCoursesExercise leads from a course's page to its exercise, and the exercise counts
// for the course; its schemes and its seed are nowhere to be read on the way.
func TestCoursesExercise(t *testing.T) {
	s := newAcademy(t)
	tasks := s.courseTasks()
	if len(tasks) == 0 {
		t.Fatal("no course has an exercise")
	}
	course := tasks[0].Course
	key := exercise.CourseKey(course)
	aigul := s.as("aigul")
	aigul.post("/courses/" + course + "/enrol")
	if page := aigul.page("/courses/" + course); !strings.Contains(page, `href="/exercises/tasks/`+key+`"`) {
		t.Error("the course's page does not lead to its exercise")
	}
	page := aigul.page("/exercises/tasks/" + key)
	for _, secret := range append(tasks[0].Schemes, fmt.Sprintf(`value="%d"`, tasks[0].Seed)) {
		if strings.Contains(page, secret) {
			t.Errorf("the task's page tells %q", secret)
		}
	}
	_, _, home := aigul.post("/exercises/tasks/"+key, "level", "evident")
	s.must(s.Bus.Drain(s.ctx, nil))
	aigul.post(home + "/enter")
	o, err := s.Identity.Officers.ByUsername(s.ctx, "aigul")
	s.must(err)
	viewer, err := s.Identity.Officers.Viewer(s.ctx, o.ID, s.unit.ID)
	s.must(err)
	as := identity.With(s.ctx, viewer)
	runs, err := s.Exercises.Runs(as)
	s.must(err)
	aigul.post(home+"/select", "consignment", s.consignments(runs[0].Scope)[0], "words", "a feeling")
	aigul.post(home + "/hand-in")
	s.must(s.Bus.Drain(s.ctx, nil))
	mine, err := s.Studies.Mine(as, course)
	s.must(err)
	if mine.ExerciseAt.IsZero() {
		t.Error("the course does not know that its exercise was handed in")
	}
	if status, _, _ := aigul.post("/exercises/tasks/"+exercise.CourseKey("none"), "level", "usual"); status != http.StatusNotFound {
		t.Errorf("an exercise of no course: %d", status)
	}
	if load, err := s.Bus.Load(s.ctx); err != nil || load.Refused > 0 {
		t.Errorf("%+v, %v", load, err)
	}
}
