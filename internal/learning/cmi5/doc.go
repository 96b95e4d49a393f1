// Package cmi5 holds the rules of cmi5 1.0 (Quartz) that need no database: which
// statements an assignable unit may send in its session, when units, blocks and courses
// are satisfied, and what the LMS itself says. Numbers such as 9.3.0.0-4 are those of the
// conformance requirements; § are sections of the specification.
//
// Its refusals are read by those who write content, in English.
package cmi5
