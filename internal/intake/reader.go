package intake

import (
	"bytes"
	"io"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/table"
)

// Reader reads the records of one file without a database: what Recognise finds it to
// be, a table by the mapping that its headings suggest.
type Reader struct {
	Format Format
	src    source
}

// NewReader recognises the format of r. It returns fault.Invalid for a file that is
// not read here, with what it seems to be.
func NewReader(r io.Reader) (*Reader, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	format, err := Recognise(head[:n])
	if err != nil {
		return nil, err
	}
	src, err := openSource(io.MultiReader(bytes.NewReader(head[:n]), r), format, nil)
	return &Reader{Format: format, src: src}, err
}

// Next returns the next record, io.EOF behind the last, or fault.Invalid with its place
// where the rest of the file cannot be read.
func (r *Reader) Next() (*Record, error) { return r.src.next() }

// Warnings returns what was odd so far and cost nothing.
func (r *Reader) Warnings() []Warning { return r.src.warnings() }

// Sender returns who sent the file, as far as it says so far.
func (r *Reader) Sender() string { return r.src.sender() }

func openSource(r io.Reader, format Format, mapping *table.Mapping) (source, error) {
	switch format {
	case CUSCAR:
		return newCUSCAR(r), nil
	case AWMDS:
		return newAWMDS(r)
	case CSV, XLSX:
		return newTable(r, mapping)
	}
	return nil, fault.New(fault.Invalid, "files of the format %q are not read by this version", format)
}
