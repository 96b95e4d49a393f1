package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options say what is measured.
type options struct {
	Sizes   []int  // consignments, ascending
	Keep    string // folder that stays; empty for a temporary one
	Program string // the program as built
	Peer    string // folder of the peer's module
	Quick   bool
	Only    []string // parts; none for all
	Command string   // as it was called
	Save    func(*report) error
	Shift   time.Duration // how long the crew works
	Profile string        // file for a processor profile; empty for none
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
		{"tokenize", b.tokenize}, {"read", b.read}, {"assess", b.assess}, {"database", b.database}, {"records", b.records}, {"work", b.work},
	} {
		if len(b.Only) > 0 && !slices.Contains(b.Only, part.name) {
			continue
		}
		if err := part.measure(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
		if err := b.Save(b.rep); err != nil {
			return nil, err
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

// taken is how long something took, in seconds: by the clock, and of the processor.
// Where others use the machine, the latter is what it would take alone.
type taken struct{ clock, processor float64 }

// best runs fn several times and returns the shortest of both times.
func (b *bench) best(fn func() error) (taken, error) {
	least := taken{math.Inf(1), math.Inf(1)}
	for range b.rounds() {
		t, err := once(fn)
		if err != nil {
			return t, err
		}
		least = taken{min(least.clock, t.clock), min(least.processor, t.processor)}
	}
	return least, nil
}

func once(fn func() error) (taken, error) {
	start, processor := time.Now(), processorTime()
	err := fn()
	return taken{max(time.Since(start).Seconds(), 1e-9), max(processorTime()-processor, 1e-9)}, err
}

// processorTime is what this process has used so far, in seconds.
func processorTime() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
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
