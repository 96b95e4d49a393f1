// Package course is what a course is made of: a folder that a person can write and keep
// under version control, with lessons in Markdown, pictures, a bank of questions and
// course.toml. It reads and checks such folders, draws tests, shows questions in an order
// that gives nothing away, marks answers, and says how well each question works.
//
// Everything here is a function of its arguments. docs/courses.md tells an author how a
// course is written.
package course
