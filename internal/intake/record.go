package intake

import (
	"tidewaiter/internal/cargo"
)

// Record is one transport document as it was read.
type Record struct {
	Number      int                // counted from 1 in the file
	Consignment *cargo.Consignment // nil when the record is lost: it goes to quarantine whole
	Document    string             // the document's number, where it was readable
	At          cargo.Span         // the record in the file
	Problems    []Problem          // of a lost record, or of fields that came in empty
}

// source is what reads one format, record by record.
type source interface {
	// next returns the next record, io.EOF behind the last, or a fault.Invalid with its
	// place where the rest of the file cannot be read. All records before that place
	// have been returned by then.
	next() (*Record, error)
	// warnings returns what was odd in the file so far and cost nothing.
	warnings() []Warning
	// sender returns who sent the file, as far as it says.
	sender() string
}
