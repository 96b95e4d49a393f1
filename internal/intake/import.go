package intake

import (
	"time"

	"tidewaiter/internal/cargo"
)

// Format is a format that is recognised from a file's content.
type Format string

// The formats that are read.
const (
	CUSCAR Format = "cuscar"
	AWMDS  Format = "awmds"
	CSV    Format = "csv"
	XLSX   Format = "xlsx"
)

// Via is the way by which a file came in.
type Via string

// The ways in.
const (
	ViaPage    Via = "page"
	ViaCommand Via = "command"
	ViaAPI     Via = "api"
	ViaFolder  Via = "folder"
)

// State is how far an import has come.
type State string

// States of an import. Mapping waits for a person to confirm which column is what.
const (
	Mapping   State = "mapping"
	Reading   State = "reading"
	Done      State = "done"
	Refused   State = "refused"
	Cancelled State = "cancelled"
)

// Import is a file that came in and what became of it.
type Import struct {
	ID       int64         `json:"id,string"`
	Scope    cargo.ScopeID `json:"-"`
	Hash     string        `json:"sha256"`
	Name     string        `json:"name"`
	Sender   string        `json:"sender"`
	Format   Format        `json:"format"`
	Via      Via           `json:"via"`
	Officer  int64         `json:"-"`
	Size     int64         `json:"size"`
	State    State         `json:"state"`
	Reason   string        `json:"reason,omitempty"` // why it was refused
	Received time.Time     `json:"received"`
	Ended    time.Time     `json:"ended,omitzero"`

	BytesDone   int64     `json:"bytes_done"`
	Records     int       `json:"records"` // read so far, quarantined ones included
	Quarantined int       `json:"quarantined"`
	Warnings    []Warning `json:"warnings,omitempty"`
	cargo.Saved

	Known bool `json:"known,omitempty"` // the same file was here before: nothing changed
}

// Warning is something odd in a file that cost nothing, such as a wrong segment count.
type Warning struct {
	Place  string `json:"place,omitempty"`
	Reason string `json:"reason"`
}

// maxWarnings is how many warnings of a file are kept one by one; the rest is counted.
const maxWarnings = 100

// Problem is a value that could not be read, and where it stands.
type Problem struct {
	Place    string // segment 12, line 40, row 17 column C
	Document string // number of the transport document, where it was readable
	Field    string // a cargo field path, or the format's own name
	Value    string
	Reason   string
	At       cargo.Span
}

// Quarantined is one problem of one record, waiting for a person.
type Quarantined struct {
	ID     int64
	Import int64
	Record int  // counted from 1 in the file
	Part   int  // problems of one record, counted from 1
	Lost   bool // the whole record is out; otherwise it came in without this field
	Problem
	State   QuarantineState
	Mended  string // the record as it was mended
	Officer int64
	Ended   time.Time
}

// QuarantineState says whether somebody has dealt with a problem.
type QuarantineState string

// States of a quarantined record.
const (
	Open      QuarantineState = "open"
	Mended    QuarantineState = "mended"
	Dismissed QuarantineState = "dismissed"
)
