package main

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"
)

// options say what is measured.
type options struct {
	Sizes   []int  // consignments, ascending
	Keep    string // folder that stays; empty for a temporary one
	Program string // the program as built
	Peer    string // folder of the peer's module
	Quick   bool
	Command string // as it was called
	Profile string // file for a processor profile; empty for none
}

func parseSizes(text string) ([]int, error) {
	var sizes []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 || len(sizes) > 0 && n <= sizes[len(sizes)-1] {
			return nil, fmt.Errorf("-sizes %s: want ascending numbers of consignments, parted by commas", text)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

// bench is one run.
type bench struct {
	options
	dir  string
	show *progress
	rep  *report
}

// run measures everything.
func run(ctx context.Context, o options) (*report, error) {
	b := &bench{options: o, dir: o.Keep, show: newProgress(os.Stderr)}
	defer b.show.done()
	stop, err := startProfile(o.Profile)
	if err != nil {
		return nil, err
	}
	defer stop()
	if b.Peer == "" {
		b.Peer = "bench"
	}
	if b.dir == "" {
		if b.dir, err = os.MkdirTemp("", "tidewaiter-bench-"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(b.dir)
	} else if err := os.MkdirAll(b.dir, 0o750); err != nil {
		return nil, err
	}
	b.rep = &report{Command: o.Command, Machine: thisMachine(), Start: time.Now(), Sizes: o.Sizes}
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{
		{"tokenize", b.tokenize}, {"read", b.read}, {"assess", b.assess}, {"database", b.database},
	} {
		if err := part.measure(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	b.rep.End, b.rep.LoadEnd = time.Now(), loadAverage()
	return b.rep, nil
}

// rounds is how often what is quick is repeated; the best round counts, as the others
// were disturbed.
func (b *bench) rounds() int {
	if b.Quick {
		return 2
	}
	return 5
}

// best runs fn several times and returns its shortest time in seconds.
func (b *bench) best(fn func() error) (float64, error) {
	var least time.Duration
	for i := range b.rounds() {
		start := time.Now()
		if err := fn(); err != nil {
			return 0, err
		}
		if took := time.Since(start); i == 0 || took < least {
			least = took
		}
	}
	return max(least.Seconds(), 1e-9), nil
}

// startProfile writes a processor profile to the file until stop is called.
func startProfile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}
