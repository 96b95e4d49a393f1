// Command bench measures how fast the program is, each figure beside its target and as
// a ratio to a baseline that was measured in the same run, and writes BENCHMARKS.md.
// `make bench` calls it from the root of the repository, after `make build`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, out, err := parseFlags(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		err = writeReport(ctx, o, out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parseFlags(args []string) (options, string, error) {
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	o := options{Command: strings.Join(append([]string{"go run ./internal/bench"}, args...), " ")}
	out := f.String("out", "BENCHMARKS.md", "file to write")
	sizes := f.String("sizes", "10000,100000,1000000", "numbers of consignments to measure at, ascending")
	f.StringVar(&o.Keep, "keep", "", "folder for the generated files and the database, kept afterwards")
	f.StringVar(&o.Program, "program", "bin/tidewaiter", "the program as built")
	only := f.String("only", "", "parts to measure, parted by commas: tokenize, read, assess, database, records, work; empty for all")
	f.DurationVar(&o.Shift, "shift", 10*time.Minute, "how long the officers of casework are at work")
	f.StringVar(&o.Profile, "cpuprofile", "", "file to write a processor profile of this process to")
	f.BoolVar(&o.Quick, "quick", false, "fewer rounds and requests: for trying things out")
	if err := f.Parse(args); err != nil {
		return o, "", err
	}
	if *only != "" {
		o.Only = strings.Split(*only, ",")
	}
	var err error
	o.Sizes, err = parseSizes(*sizes)
	return o, *out, err
}

// writeReport measures, and writes the report after every step, so that a run which is
// broken off leaves what it has found.
func writeReport(ctx context.Context, o options, out string) error {
	o.Save = func(r *report) error { return os.WriteFile(out, []byte(r.markdown()), 0o644) }
	rep, err := run(ctx, o)
	if err != nil {
		return err
	}
	return o.Save(rep)
}
