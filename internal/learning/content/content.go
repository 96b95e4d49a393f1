// Package content holds the courses that come with the program, as an author would write
// them: one folder each below courses.
package content

import (
	"embed"
	"io/fs"

	"tidewaiter/internal/learning/course"
)

//go:embed courses
var files embed.FS

// Courses returns the courses that come with the program, by the names of their folders.
func Courses() ([]*course.Course, error) {
	folder, err := fs.Sub(files, "courses")
	if err != nil {
		return nil, err
	}
	return course.ReadAll(folder)
}
