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
	Months       int     `help:"Months of traffic, one after the other, each with so many consignments." default:"1"`
	Learn        bool    `help:"Learn weights from three months' examinations, and print how the fourth month is ranked with them."`
	Worlds       int     `help:"Worlds to learn in, each with the next seed." default:"5"`
	Examine      int     `help:"Examinations a day, to learn from." default:"10"`
	Detection    float64 `help:"Probability that an examination finds what is planted." default:"0.9"`
}

// Run writes the world, and evaluates the ranking where that is asked for.
func (s *simulateCommand) Run(ctx context.Context, c *cli) error {
	o := simulate.Options{Seed: s.Seed, Consignments: s.Consignments, PlantedRate: s.Planted, TwinRate: s.Twins, History: s.History, Months: s.Months}
	if s.Month != "" {
		month, err := time.Parse("2006-01", s.Month)
		if err != nil {
			return fault.New(fault.Invalid, "--month %q is not a month", s.Month).WithHint("write it as 2026-10")
		}
		o.Month = month
	}
	if s.Learn {
		return s.learn(ctx, c, o)
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

// learn makes the experiment of learning and prints what came of it.
func (s *simulateCommand) learn(ctx context.Context, c *cli, o simulate.Options) error {
	if s.Worlds < 1 || s.Examine < 0 || !(s.Detection >= 0 && s.Detection <= 1) {
		return fault.New(fault.Invalid, "cannot learn in %d worlds with %d examinations a day that find %g", s.Worlds, s.Examine, s.Detection).
			WithHint("ask for at least one world, and a probability of 0 to 1")
	}
	capacity := risk.DefaultCapacity()
	capacity.Examine = s.Examine
	show, done := progressLine(os.Stderr)
	report, err := app.Learn(ctx, app.LearnOptions{World: o, Worlds: s.Worlds, Detection: s.Detection, Told: show,
		Assess: app.AssessOptions{Reference: c.Reference, Home: "KG", Capacity: capacity, Draw: risk.Draw{Seed: 1, Share: 0.01}}})
	done()
	if err == nil {
		fmt.Print(report)
	}
	return err
}
