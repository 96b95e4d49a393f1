// Package reference holds the code tables and identifiers of international trade:
// container numbers and size-types (ISO 6346), ship numbers (IMO), air waybills
// (IATA), wagons (UIC, 1520 mm), dangerous goods (UN), countries (ISO 3166-1),
// places (UN/LOCODE), goods (HS), packages (UN/ECE Rec. 21) and container owners.
//
// Every identifier is a small value type with a Parse function. Parse takes what
// senders really write, returns the normal form, and an *Error that says what is
// wrong: a shape that cannot be one (Malformed), a check digit that does not fit
// (CheckDigit), or a code that the standard leaves unused (Reserved).
//
// Whether a well-formed code exists is another question, answered by a Directory:
// the tables built in are partial, so a code that they lack is unknown to us, not
// wrong. Only where an official list has been imported (Directory.Full) may a caller
// say that the code is not in it.
package reference
