// Package xapi reads, checks, compares and formats what the Experience API says:
// statements, agents, activities and documents, by versions 1.0.3 and 2.0.0 (IEEE
// 9274.1.1-2023). Everything here is a function of its arguments; package learning keeps
// the records, and learningweb speaks HTTP.
//
// A statement stays the JSON that was sent: names keep their order and numbers their
// digits. What the standard lets a record store change is changed and nothing else.
package xapi
