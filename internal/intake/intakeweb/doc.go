// Package intakeweb shows files that come in: the list of imports and the form that
// sends files, what became of each, the columns of a table to be confirmed, the raw
// text around a place, and the quarantine with its mending. It also holds the HTTP API
// by which programs send files.
package intakeweb
