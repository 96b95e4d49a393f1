// Package learning keeps what learners did. The record store holds xAPI statements, which
// are numbered in the order in which they become visible and never change, and documents:
// state and profiles.
//
// Statements of several requests are committed in one transaction (commit.go). What they
// are found by is an inverted index in segments (segment.go): the newest statements in
// memory, read from the database as they come (tail.go), older ones as postings that are
// written once for 4,096 statements. Any combination of filters is an intersection of
// bitmaps, segment by segment (find.go).
package learning
