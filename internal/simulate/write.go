package simulate

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
)

// Format is how the files are written.
type Format string

// The formats.
const (
	CUSCAR Format = "cuscar" // UN/EDIFACT: an interchange for each service, sender and day
	AWMDS  Format = "awmds"  // ASYCUDA World XML: a file for each voyage
	CSV    Format = "csv"    // a table for each service, sender and day, headed in English or Russian
)

// Formats lists them.
var Formats = []Format{CUSCAR, AWMDS, CSV}

// The folders below the output, and the file that tells the truth.
const (
	HistoryFolder    = "history"
	AmendmentsFolder = "amendments"
	TruthFile        = "truth.csv"
)

// Summary counts what was written.
type Summary struct {
	Files, Consignments int // of the month
	Amended             int // documents in amendments/
	Past                int // consignments in history/
	Planted, Twins      int
}

// Write makes the world of the options as files in dir: the month at the top, later
// amendments in amendments/, the past in history/, and truth.csv about all. To load it
// as it would have come, import history, then the month, then the amendments. The
// folder must be empty or not exist; else fault.Conflict. progress may be nil; it is
// told how many consignments have been written.
func Write(dir string, format Format, o Options, progress func(done int)) (Summary, error) {
	var sum Summary
	s, err := NewStream(o)
	if err != nil {
		return sum, err
	}
	encode, err := encoder(format)
	if err != nil {
		return sum, err
	}
	if err := empty(dir); err != nil {
		return sum, err
	}
	w := &folder{dir: dir, encode: encode, single: format == AWMDS, progress: progress, sum: &sum, dice: newDice(s.world.Seed, 4)}
	if err := w.all(s); err != nil {
		return sum, fmt.Errorf("write the world to %s: %w", dir, err)
	}
	return sum, nil
}

func encoder(f Format) (func(*folder, []*Manifest) (string, []byte, error), error) {
	switch f {
	case CUSCAR:
		return (*folder).cuscar, nil
	case AWMDS:
		return (*folder).awmds, nil
	case CSV:
		return (*folder).csv, nil
	}
	return nil, fault.New(fault.Invalid, "unknown format %q", f).WithHint("cuscar, awmds or csv")
}

func empty(dir string) error {
	list, err := os.ReadDir(dir)
	if err == nil && len(list) > 0 {
		return fault.New(fault.Conflict, "the folder %s is not empty", dir).WithHint("name a new one")
	}
	return os.MkdirAll(dir, 0o755)
}

// folder writes manifests to files; those of one batch wait for each other.
type folder struct {
	dir      string
	encode   func(*folder, []*Manifest) (string, []byte, error)
	single   bool // the format takes one voyage a file
	progress func(int)
	sum      *Summary
	truth    *TruthWriter
	batch    []*Manifest
	dice     *dice // for what goes wrong in the sending
	done     int
}

func (w *folder) all(s *Stream) (err error) {
	f, err := os.Create(filepath.Join(w.dir, TruthFile))
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	if w.truth, err = NewTruthWriter(f); err != nil {
		return err
	}
	for m := range s.Month() {
		if err := w.add(m); err != nil {
			return err
		}
	}
	for m := range s.History() {
		if err := w.add(m); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	return w.truth.Close()
}

func (w *folder) add(m *Manifest) error {
	if len(w.batch) > 0 && w.batch[0].Batch != m.Batch {
		if err := w.flush(); err != nil {
			return err
		}
	}
	w.batch = append(w.batch, m)
	return nil
}

func (w *folder) flush() error {
	if len(w.batch) == 0 {
		return nil
	}
	list := w.batch
	w.batch = nil
	if w.single {
		for i := range list {
			if err := w.file(list[i : i+1]); err != nil {
				return err
			}
		}
		return nil
	}
	return w.file(list)
}

func (w *folder) file(list []*Manifest) error {
	name, data, err := w.encode(w, list)
	if err != nil {
		return fmt.Errorf("%s: %w", list[0].Batch, err)
	}
	switch {
	case list[0].Amendment:
		name = filepath.Join(AmendmentsFolder, name)
	case list[0].Period == Past:
		name = filepath.Join(HistoryFolder, name)
	default:
		w.sum.Files++
	}
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	// Exclusive: two voyages must never be given the same name.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return w.tell(filepath.ToSlash(name), list)
}

// tell writes the truth of a file and counts it.
func (w *folder) tell(name string, list []*Manifest) error {
	for _, m := range list {
		n := len(m.Consignments)
		if m.Amendment {
			w.sum.Amended += n
			continue
		}
		if m.Period == Past {
			w.sum.Past += n
		} else {
			w.sum.Consignments += n
		}
		for _, t := range m.Truth {
			t.File = name
			if t.Planted {
				w.sum.Planted++
			}
			if t.Twin {
				w.sum.Twins++
			}
			if err := w.truth.Write(t); err != nil {
				return err
			}
		}
		w.done += n
		if w.progress != nil {
			w.progress(w.done)
		}
	}
	return nil
}

// fileName is what a carrier would call the file.
func fileName(m *Manifest, extension string) string {
	what := "MANIFEST"
	if m.Amendment {
		what = "AMENDMENT"
	}
	place := m.Unloading.Code
	if m.Lane != "" {
		place += "_" + strings.ToUpper(strings.ReplaceAll(m.Lane, "-", ""))
	}
	return clean(m.Sender.Code+"_"+place+"_"+m.Arrival.Format("20060102")+"_"+what+"_"+m.Reference) + extension
}

var unclean = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

func clean(s string) string { return unclean.ReplaceAllString(s, "-") }

func (w *folder) cuscar(list []*Manifest) (string, []byte, error) {
	var b bytes.Buffer
	if err := EncodeCUSCAR(&b, list); err != nil {
		return "", nil, err
	}
	data := b.Bytes()
	if w.dice.chance(0.03) {
		data = miscount(data, w.dice.between(1, 3))
	}
	return fileName(list[0], ".edi"), data, nil
}

var countInUNT = regexp.MustCompile(`UNT\+(\d+)\+`)

// miscount makes the segment count of the first message wrong, as some senders' is.
func miscount(data []byte, by int) []byte {
	at := countInUNT.FindSubmatchIndex(data)
	if at == nil {
		return data
	}
	n, err := strconv.Atoi(string(data[at[2]:at[3]]))
	if err != nil {
		return data
	}
	return bytes.Join([][]byte{data[:at[2]], []byte(strconv.Itoa(n + by)), data[at[3]:]}, nil)
}

func (w *folder) awmds(list []*Manifest) (string, []byte, error) {
	var b bytes.Buffer
	err := writeAWMDS(&b, list[0])
	return fileName(list[0], ".xml"), b.Bytes(), err
}

func (w *folder) csv(list []*Manifest) (string, []byte, error) {
	var b bytes.Buffer
	err := writeCSV(&b, list)
	return fileName(list[0], ".csv"), b.Bytes(), err
}
