package app

import (
	"bytes"
	"testing"

	"tidewaiter/internal/learning/content"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/learning/pack"
)

// What a course is exported as, the reader of foreign packages takes in: every lesson and
// the test are units, in each language.
func TestExportedCourseIsAPackage(t *testing.T) {
	all, err := content.Courses()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		for _, lang := range course.Languages {
			var b bytes.Buffer
			if err := c.WriteCmi5(&b, lang); err != nil {
				t.Fatalf("%s in %s: %v", c.ID, lang, err)
			}
			p, err := pack.Read(bytes.NewReader(b.Bytes()), int64(b.Len()), pack.Usual)
			if err != nil {
				t.Fatalf("%s in %s: %v", c.ID, lang, err)
			}
			if p.Standard != pack.CMI5 || len(p.Units) != len(c.Lessons)+1 {
				t.Errorf("%s in %s: %s with %d units, want %d", c.ID, lang, p.Standard, len(p.Units), len(c.Lessons)+1)
			}
		}
	}
}
