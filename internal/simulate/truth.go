package simulate

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"tidewaiter/internal/fault"
)

// Period says whether a consignment is of the month or of the past before it.
type Period string

// The periods.
const (
	ThisMonth Period = "month"
	Past      Period = "history"
)

// Truth is what is true of one transport document.
type Truth struct {
	Document string
	File     string // the file that first reported it
	Planted  bool   // it belongs to a scheme
	Twin     bool   // it looks like the scheme and is innocent
	Scheme   string // the scheme, or the one that it resembles; else empty
	Period   Period
	Note     string // the traces that were left, for people
	Case     int    // numbers what belongs together, from 1; 0 for what belongs to nothing. Files do not hold it
}

var truthHeading = []string{"document", "file", "planted", "twin", "scheme", "period", "note"}

// maxTruthField bounds one field of a truth file read back.
const maxTruthField = 4096

// TruthWriter writes truth.csv row by row.
type TruthWriter struct{ w *csv.Writer }

// NewTruthWriter writes the heading to w.
func NewTruthWriter(w io.Writer) (*TruthWriter, error) {
	t := &TruthWriter{csv.NewWriter(w)}
	return t, t.w.Write(truthHeading)
}

// Write adds one row.
func (t *TruthWriter) Write(r Truth) error {
	return t.w.Write([]string{r.Document, r.File, bit(r.Planted), bit(r.Twin), r.Scheme, string(r.Period), r.Note})
}

// Close flushes what is buffered; it does not close the file below.
func (t *TruthWriter) Close() error { t.w.Flush(); return t.w.Error() }

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// ReadTruth reads what TruthWriter wrote. A file that is not one gets fault.Invalid
// with the line.
func ReadTruth(r io.Reader) ([]Truth, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = len(truthHeading)
	c.ReuseRecord = true
	var rows []Truth
	for {
		rec, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "the truth file cannot be read")
		}
		line, _ := c.FieldPos(0)
		if rows == nil {
			if strings.Join(rec, ",") != strings.Join(truthHeading, ",") {
				return nil, fault.New(fault.Invalid, "line %d is not the heading of a truth file", line).
					WithHint("expected %s", strings.Join(truthHeading, ","))
			}
			rows = make([]Truth, 0, 1024)
			continue
		}
		row, err := truthRow(rec)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "line %d of the truth file", line)
		}
		rows = append(rows, row)
	}
	if rows == nil {
		return nil, fault.New(fault.Invalid, "the truth file is empty")
	}
	return rows, nil
}

func truthRow(rec []string) (Truth, error) {
	for i, s := range rec {
		if len(s) > maxTruthField {
			return Truth{}, fmt.Errorf("%s is longer than %d bytes", truthHeading[i], maxTruthField)
		}
	}
	t := Truth{
		Document: strings.Clone(rec[0]), File: strings.Clone(rec[1]), Planted: rec[2] == "1", Twin: rec[3] == "1",
		Scheme: strings.Clone(rec[4]), Period: Period(strings.Clone(rec[5])), Note: strings.Clone(rec[6]),
	}
	switch {
	case t.Document == "":
		return t, errors.New("document is empty")
	case rec[2] != "0" && rec[2] != "1" || rec[3] != "0" && rec[3] != "1":
		return t, fmt.Errorf("planted %q and twin %q must be 0 or 1", rec[2], rec[3])
	case t.Period != ThisMonth && t.Period != Past:
		return t, fmt.Errorf("period %q is neither %s nor %s", rec[5], ThisMonth, Past)
	}
	return t, nil
}
