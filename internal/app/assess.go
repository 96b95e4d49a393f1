package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/risk"
)

// AssessOptions are what an assessment without a database needs to be told.
type AssessOptions struct {
	Reference string // folder of imported code lists; may be missing
	Home      string // the unit's country, ISO 3166-1 alpha-2; may be empty
	Capacity  risk.Capacity
	Draw      risk.Draw
	Progress  func(file string, records int)
}

// Ranked is a consignment with its assessment and the place that both give it.
type Ranked struct {
	*cargo.Consignment
	risk.Assessment
	Channel risk.Channel
	Random  bool
}

// Assessment of some files: the ranking, and what could not be read.
type Assessment struct {
	Ranked   []Ranked // best first
	Warnings []FileWarning
	Problems []FileProblem
	Refused  []error // files, or ends of files, that could not be read
}

// FileWarning is a warning with its file.
type FileWarning struct {
	File string
	intake.Warning
}

// FileProblem is a problem with its file.
type FileProblem struct {
	File string
	Lost bool // the record is left out; otherwise it came in without the field
	intake.Problem
}

// Assess reads files and ranks their consignments, without a database. Consignments
// are assessed in the order of their arrival, each with the past that those before it
// make, as a unit would have seen them. Of a document that comes again the last
// version is ranked.
func Assess(ctx context.Context, paths []string, o AssessOptions) (*Assessment, error) {
	engine, err := NewEngine(o.Reference, o.Home)
	if err != nil {
		return nil, err
	}
	out := &Assessment{}
	var all []*cargo.Consignment
	for _, path := range paths {
		cs, err := out.readFile(ctx, path, o.Progress)
		if err != nil {
			return nil, err
		}
		all = append(all, cs...)
	}
	out.Ranked = Rank(engine, all, o.Capacity, o.Draw)
	return out, nil
}

// readFile reads one file as far as it can be read. Only a cancelled context and a
// file that cannot be opened are errors; all else is told in the assessment.
func (a *Assessment) readFile(ctx context.Context, path string, progress func(string, int)) ([]*cargo.Consignment, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "cannot open the file")
	}
	defer f.Close()
	name := filepath.Base(path)
	r, err := intake.NewReader(f)
	if err != nil {
		a.Refused = append(a.Refused, fmt.Errorf("%s: %w", name, err))
		return nil, nil
	}
	var all []*cargo.Consignment
	for ctx.Err() == nil {
		rec, err := r.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				a.Refused = append(a.Refused, fmt.Errorf("%s: %w", name, err))
			}
			break
		}
		for _, p := range rec.Problems {
			a.Problems = append(a.Problems, FileProblem{File: name, Lost: rec.Consignment == nil, Problem: p})
		}
		if c := rec.Consignment; c != nil {
			c.Source.File, c.Source.Format, c.Source.At = name, string(r.Format), rec.At
			all = append(all, c)
		}
		if progress != nil && rec.Number%500 == 0 {
			progress(name, rec.Number)
		}
	}
	for _, w := range r.Warnings() {
		a.Warnings = append(a.Warnings, FileWarning{File: name, Warning: w})
	}
	return all, ctx.Err()
}

// Rank assesses consignments in the order of their arrival and gives each its channel.
func Rank(engine *risk.Engine, all []*cargo.Consignment, capacity risk.Capacity, draw risk.Draw) []Ranked {
	memory := risk.NewMemory()
	return rank(engine, memory, all, capacity, draw)
}

func rank(engine *risk.Engine, memory *risk.Memory, all []*cargo.Consignment, capacity risk.Capacity, draw risk.Draw) []Ranked {
	sort.SliceStable(all, func(i, j int) bool { return arrival(all[i]).Before(arrival(all[j])) })
	newest := map[string]int{}
	version := map[string]int{}
	var ranked []Ranked
	for len(all) > 0 {
		n := 1
		for n < len(all) && n < 500 && risk.Day(arrival(all[n])) == risk.Day(arrival(all[0])) {
			n++
		}
		for _, c := range all[:n] {
			version[c.Document.Key()]++
			c.Version = version[c.Document.Key()]
		}
		for i, found := range engine.AssessAll(all[:n], memory) {
			r := Ranked{Consignment: all[i], Assessment: found, Random: draw.Chosen(0, all[i].Document.Key())}
			if at, again := newest[all[i].Document.Key()]; again {
				ranked[at] = r
				continue
			}
			newest[all[i].Document.Key()] = len(ranked)
			ranked = append(ranked, r)
		}
		all = all[n:]
	}
	divide(ranked, capacity)
	sort.SliceStable(ranked, func(i, j int) bool { return ranked[i].Score > ranked[j].Score })
	return ranked
}

func arrival(c *cargo.Consignment) time.Time {
	if c.Journey.Arrival.IsZero() {
		return c.Journey.Departure
	}
	return c.Journey.Arrival
}

// divide gives each day's consignments their channels.
func divide(ranked []Ranked, capacity risk.Capacity) {
	days := map[int][]int{}
	for i := range ranked {
		if ranked[i].Random {
			ranked[i].Channel = risk.Examine // besides what the capacity allows
			continue
		}
		ranked[i].Channel = risk.Release
		if !ranked[i].Withdrawn {
			day := risk.Day(arrival(ranked[i].Consignment))
			days[day] = append(days[day], i)
		}
	}
	for _, at := range days {
		scored := make([]risk.Scored, len(at))
		for k, i := range at {
			scored[k] = risk.Scored{Key: ranked[i].Document.Key(), Score: ranked[i].Score}
		}
		for k, channel := range risk.Divide(scored, capacity) {
			ranked[at[k]].Channel = channel
		}
	}
}
