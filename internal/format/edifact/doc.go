// Package edifact reads and writes UN/EDIFACT interchanges (ISO 9735, syntax
// versions 1 to 4) as a stream of segments.
//
// A Reader takes what real senders send: byte-order marks, line breaks and tabs
// between and inside segments, line breaks instead of terminators, interchanges
// without UNA or UNB, apostrophes that nobody released, wrong counts in UNT and
// UNZ, and text in another character set than UNB declares. What it had to forgive
// is reported by Warnings; what it cannot read is an *Error with its place, after
// which the next call of Next goes on behind the next terminator.
//
// Memory is bounded by the longest segment that is allowed. The repetition
// separator of syntax version 4 is not interpreted: the directories up to D.16A
// define no repeating element in cargo messages, and senders write it as text.
package edifact
