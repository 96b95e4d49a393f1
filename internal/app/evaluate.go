package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/simulate"
)

// Evaluate assesses a world that simulate.Write made, as a unit would have seen it:
// the past, the month and the amendments, all read back from the files. It returns how
// well the ranking finds what was planted. With past false the unit begins with the
// month.
func Evaluate(ctx context.Context, dir string, past bool, o AssessOptions) (simulate.Report, error) {
	engine, err := NewEngine(o.Reference, o.Home)
	if err != nil {
		return simulate.Report{}, err
	}
	truth, err := readTruth(filepath.Join(dir, simulate.TruthFile))
	if err != nil {
		return simulate.Report{}, err
	}
	memory := risk.NewMemory()
	folders := []string{simulate.HistoryFolder, ".", simulate.AmendmentsFolder}
	if !past {
		folders = folders[1:]
	}
	var scores []simulate.Scored
	for _, folder := range folders {
		all, err := readFolder(ctx, filepath.Join(dir, folder), o)
		if err != nil {
			return simulate.Report{}, err
		}
		for _, r := range rank(engine, memory, all, o.Capacity, o.Draw) {
			if folder != simulate.HistoryFolder {
				scores = append(scores, simulate.Scored{Document: r.Document.Number, Score: float64(r.Score)})
			}
		}
	}
	return simulate.Evaluate(scores, truth), nil
}

func readTruth(path string) ([]simulate.Truth, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return simulate.ReadTruth(f)
}

// readFolder reads all manifest files of a folder; a folder that is not there is empty.
func readFolder(ctx context.Context, dir string, o AssessOptions) ([]*cargo.Consignment, error) {
	paths, err := manifestFiles(dir)
	if err != nil {
		return nil, err
	}
	var read Assessment
	var all []*cargo.Consignment
	for _, path := range paths {
		cs, err := read.readFile(ctx, path, o.Progress)
		if err != nil {
			return nil, err
		}
		all = append(all, cs...)
	}
	if len(read.Refused) > 0 {
		return nil, fmt.Errorf("%d files of the generated world cannot be read, the first: %w", len(read.Refused), read.Refused[0])
	}
	return all, nil
}

// manifestFiles lists the files of a folder by name, without the truth.
func manifestFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil, nil
	}
	var paths []string
	for _, e := range entries {
		if !e.IsDir() && e.Name() != simulate.TruthFile {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	sort.Strings(paths)
	return paths, err
}
