// Package cuscar reads and writes UN/EDIFACT CUSCAR messages, the customs cargo
// report, of the directories D.95B to D.16A.
//
// A Reader yields one Bill at a time, with the Manifest that it stands in. It judges
// segments by their tag and qualifier and by what they follow, not by strict order,
// because senders of different directories and countries order them differently. Each
// value has a Mark with the place where it was read; what cannot be read is a Problem
// with its place, and a bill with a fatal one is to be set aside as a whole.
//
// Field names in marks and problems are those of tidewaiter/internal/cargo.
package cuscar
