// Package resultweb shows what the unit's work came to, and hands it out: results as a
// page, as tables for a spreadsheet, and one case as a file with its evidence.
//
//	pages := resultweb.New(resultweb.Options{Cases: cases, Reference: codes, Raw: imports})
//	pages.Routes(site, accounts.Require)
//
// Nothing here says who found how much: results are the unit's. Every rate stands with
// its 95 % interval, and where the numbers are too small to say anything the page says
// so instead of a figure that would be believed.
//
// What is handed out is put on the audit trail before its first byte leaves, and is
// written as it is read: an export holds little memory, however long it is. One that
// fails on the way is broken off, so that nobody takes a half for a whole.
package resultweb
