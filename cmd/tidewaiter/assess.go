package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"tidewaiter/internal/app"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/risk"
)

type assessCommand struct {
	Files   []string `arg:"" help:"Manifest files: EDIFACT CUSCAR, ASYCUDA XML, CSV or XLSX." name:"file" type:"path"`
	Format  string   `help:"Output: table, ndjson (a line for each consignment) or csv (a row for each piece of evidence)." enum:"table,ndjson,csv" default:"table"`
	Limit   int      `help:"Rows of the table." default:"20"`
	Home    string   `help:"Country of the unit, ISO 3166-1 alpha-2." placeholder:"CC" env:"TIDEWAITER_HOME_COUNTRY"`
	Examine int      `help:"Examinations that the unit can do in a day." default:"10"`
	Look    int      `help:"Closer looks that the unit can take in a day." default:"40"`
	Random  float64  `help:"Share that is chosen at random, whatever the score." default:"0.01"`
	Seed    uint64   `help:"Seed of the random choice." default:"1"`
}

// Run assesses the files and prints the ranking; what could not be read goes to
// standard error, and makes the exit code 3.
func (a *assessCommand) Run(ctx context.Context, c *cli) error {
	progress, done := progressLine(os.Stderr)
	capacity := risk.DefaultCapacity()
	capacity.Examine, capacity.Look = a.Examine, a.Look
	result, err := app.Assess(ctx, a.Files, app.AssessOptions{
		Reference: c.Reference, Home: a.Home,
		Capacity: capacity,
		Draw:     risk.Draw{Seed: a.Seed, Share: a.Random},
		Progress: func(file string, n int) { progress(fmt.Sprintf("%s: %d consignments", file, n)) },
	})
	done()
	if err != nil {
		return err
	}
	report(os.Stderr, result)
	switch a.Format {
	case "ndjson":
		err = app.WriteNDJSON(os.Stdout, result.Ranked)
	case "csv":
		err = app.WriteCSV(os.Stdout, result.Ranked)
	default:
		err = app.WriteTable(os.Stdout, result.Ranked, a.Limit)
	}
	if err != nil {
		return err
	}
	if n := len(result.Refused) + lost(result); n > 0 {
		return fault.New(fault.Invalid, "%d files or records could not be read", n).WithHint("they are named above")
	}
	return nil
}

func lost(a *app.Assessment) (n int) {
	for _, p := range a.Problems {
		if p.Lost {
			n++
		}
	}
	return n
}

// report says what could not be read, and what was odd.
func report(w io.Writer, a *app.Assessment) {
	for _, p := range a.Problems {
		what := "field left empty"
		if p.Lost {
			what = "record left out"
		}
		fmt.Fprintf(w, "%s: %s, %s %q: %s (%s)\n", p.File, p.Place, p.Field, p.Value, p.Reason, what)
	}
	for _, warning := range a.Warnings {
		place := ""
		if warning.Place != "" {
			place = warning.Place + ": "
		}
		fmt.Fprintf(w, "%s: %s%s\n", warning.File, place, warning.Reason)
	}
	for _, err := range a.Refused {
		fmt.Fprintln(w, err)
	}
}
