// Package study is what officers do with courses: they are enrolled, read lessons, answer
// questions, take the test before and after, and complete the course. Their record goes
// with them from unit to unit; whoever teaches in a unit sees its officers' progress and
// how well the questions work.
//
// An officer has one enrolment in a course. A course is completed when every lesson is
// read, the test after it is passed, and its exercise, where it has one, has been handed
// in: Completed is announced then, once. Every step is announced as Deed, which the
// program keeps as an xAPI statement.
//
// The tests before and after are drawn by the enrolment's seed, so that they share no
// question where the bank has enough (course.Draw). Answers are kept as they were given.
package study
