// Tidewaiter is an open workbench for port control units: it ranks what arrives, with
// reasons that an officer can check. Each subcommand has a file of its own here, and
// only calls package app.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	_ "time/tzdata" // units name their zones, on machines that may have no list of them

	"github.com/alecthomas/kong"

	"tidewaiter/internal/app"
	"tidewaiter/internal/fault"
)

// cli is the command line. Exit codes: 0 done, 1 failure of ours, 2 bad usage, 3 bad
// input.
type cli struct {
	Database  string `help:"Database: path of a SQLite file, or postgres://user:password@host/name." default:"data/tidewaiter.db" env:"TIDEWAITER_DATABASE" placeholder:"DSN"`
	Reference string `help:"Folder of imported code lists." default:"data/reference" env:"TIDEWAITER_REFERENCE" type:"path" placeholder:"DIR"`
	Courses   string `help:"Folder of further courses (docs/courses.md)." env:"TIDEWAITER_COURSES" type:"path" placeholder:"DIR"`
	PublicURL string `name:"public-url" help:"Address at which the pages are reached from outside: certificates are verified there." env:"TIDEWAITER_PUBLIC_URL" placeholder:"https://HOST"`
	Log       string `help:"What is logged to standard error: debug, info, warn, error." enum:"debug,info,warn,error" default:"info" env:"TIDEWAITER_LOG"`
	LogFormat string `help:"Format of the log: text or json." enum:"text,json" default:"text" env:"TIDEWAITER_LOG_FORMAT"`

	Assess   assessCommand    `cmd:"" help:"Rank the consignments of manifest files, without a database."`
	Import   importCommand    `cmd:"" help:"Take manifest files into a unit's traffic."`
	Serve    serveCommand     `cmd:"" help:"Serve the pages and the API, and do the jobs."`
	Demo     demoCommand      `cmd:"" help:"Set up a working unit with a generated month of traffic, and serve it."`
	Simulate simulateCommand  `cmd:"" help:"Write a month of plausible trade with known truth, as files in real formats."`
	Refer    referenceCommand `cmd:"" name:"reference" help:"Load official code lists, or show what is loaded."`
	Unit     unitCommand      `cmd:"" help:"Add a unit, or list the units."`
	Officer  officerCommand   `cmd:"" help:"Add an officer, or give a new password."`
	Token    tokenCommand     `cmd:"" help:"Give out, list or end the tokens by which programs send files."`
	Lrs      lrsCommand       `cmd:"" name:"lrs" help:"Let programs use the learning record store (xAPI), list them, or end their access."`
	Badge    badgeCommand     `cmd:"" help:"Verify a badge of a certificate, or see to the keys that sign badges."`
	Course   courseCommand    `cmd:"" help:"Check courses, and bring in questions."`
	Version  versionCommand   `cmd:"" help:"Print the version."`
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	fmt.Println("tidewaiter", app.Version)
	return nil
}

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("tidewaiter"),
		kong.Description("An open workbench for port control units: what arrives, ranked, with reasons that an officer can check."),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		panic(err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		var usage *kong.ParseError
		if errors.As(err, &usage) {
			fmt.Fprintf(os.Stderr, "tidewaiter: %v\nSee tidewaiter --help, or tidewaiter COMMAND --help.\n", err)
		}
		return fault.ExitUsage
	}
	slog.SetDefault(c.logger())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(&c); err != nil {
		fmt.Fprintf(os.Stderr, "tidewaiter: %v\n", err)
		return fault.ExitCode(err)
	}
	return fault.ExitOK
}

// open opens the database; the caller closes it.
func (c *cli) open(ctx context.Context) (*app.App, error) {
	return app.Open(ctx, app.Config{Database: c.Database, Reference: c.Reference, Courses: c.Courses, PublicURL: c.PublicURL, Log: c.logger()})
}

func (c *cli) logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}
