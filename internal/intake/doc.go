// Package intake is the arrival of a file or message: it recognises the format from
// the content, has a format reader turn it into records, maps those to consignments
// and saves them together with the raw bytes.
//
// Nothing is lost: the bytes are kept as evidence under their hash, what cannot be
// read is quarantined record by record with its place, field, value and reason, and
// can be mended and read again. The same file twice changes nothing. Reading is a job
// that was recorded with the bytes, so that a crash between the two loses nothing.
package intake
