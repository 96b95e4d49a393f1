package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"tidewaiter/internal/app"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/simulate"
)

type simulateCommand struct {
	Seed         uint64  `help:"The same seed writes the same bytes." default:"1"`
	Consignments int     `help:"Consignments of the month." default:"5000" short:"n"`
	Format       string  `help:"cuscar (UN/EDIFACT), awmds (ASYCUDA World XML) or csv." enum:"cuscar,awmds,csv" default:"cuscar"`
	Out          string  `help:"Folder to write to; it must be empty or not exist." type:"path" placeholder:"DIR"`
	Month        string  `help:"The month, such as 2026-10." placeholder:"YYYY-MM"`
	Planted      float64 `help:"Share of consignments that belong to a scheme." default:"0.02"`
	Twins        float64 `help:"Share of consignments that look like one and are innocent." default:"0.04"`
	History      int     `help:"Months of past before the month, written to history/." default:"18"`
	Evaluate     bool    `help:"Assess the month as a unit would, and print how well the ranking finds what was planted."`
	Blank        bool    `help:"Evaluate a unit that begins with the month, without its past."`
}

// Run writes the world, and evaluates the ranking where that is asked for.
func (s *simulateCommand) Run(ctx context.Context, c *cli) error {
	o := simulate.Options{Seed: s.Seed, Consignments: s.Consignments, PlantedRate: s.Planted, TwinRate: s.Twins, History: s.History}
	if s.Month != "" {
		month, err := time.Parse("2006-01", s.Month)
		if err != nil {
			return fault.New(fault.Invalid, "--month %q is not a month", s.Month).WithHint("write it as 2026-10")
		}
		o.Month = month
	}
	dir := s.Out
	switch {
	case dir == "" && !s.Evaluate:
		return fault.New(fault.Invalid, "there is nowhere to write to").WithHint("say --out DIR, or --evaluate")
	case dir == "":
		temporary, err := os.MkdirTemp("", "tidewaiter-simulate-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		dir = temporary
	}
	show, done := progressLine(os.Stderr)
	sum, err := simulate.Write(dir, simulate.Format(s.Format), o, func(n int) { show(fmt.Sprintf("writing, %d consignments", n)) })
	done()
	if err != nil {
		return err
	}
	fmt.Printf("%d consignments in %d files, %d planted, %d twins; %d amended; %d in the past\n",
		sum.Consignments, sum.Files, sum.Planted, sum.Twins, sum.Amended, sum.Past)
	if !s.Evaluate {
		return nil
	}
	report, err := app.Evaluate(ctx, dir, !s.Blank, app.AssessOptions{
		Reference: c.Reference, Home: "KG", Capacity: risk.DefaultCapacity(),
		Progress: func(file string, n int) { show(fmt.Sprintf("assessing %s: %d", file, n)) },
	})
	done()
	if err == nil {
		fmt.Print(report)
	}
	return err
}
