package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"tidewaiter/internal/app"
	"tidewaiter/internal/fault"
)

type demoCommand struct {
	Listen       string `help:"Address to listen on." default:"127.0.0.1:8080" env:"TIDEWAITER_LISTEN"`
	Data         string `help:"Database of the demo." default:"data/demo.db" placeholder:"DSN"`
	Consignments int    `help:"Consignments of each generated month." default:"2000"`
	Months       int    `help:"Months of work before this one." default:"3"`
	Seed         uint64 `help:"Seed of the generated world." default:"7"`
	Fresh        bool   `help:"Begin anew, with an empty database."`
	SetupOnly    bool   `help:"Set the demo up and stop."`
}

// Run sets the demo up, if it is not there yet, and serves it.
func (d *demoCommand) Run(ctx context.Context, c *cli) error {
	isFile := !strings.Contains(d.Data, "://")
	if d.Fresh && !isFile {
		return fault.New(fault.Invalid, "--fresh empties files only").WithHint("drop and make the PostgreSQL database by hand")
	}
	if _, err := os.Stat(d.Data); isFile && (d.Fresh || os.IsNotExist(err)) {
		if err := d.prepare(ctx, c); err != nil {
			return err
		}
	}
	return d.demo(ctx, c, d.Data, !d.SetupOnly)
}

// prepare sets the demo up in a file aside, so that one that was broken off is never
// taken for a whole one.
func (d *demoCommand) prepare(ctx context.Context, c *cli) error {
	part := d.Data + ".part"
	for _, name := range []string{part, d.Data} {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(name + suffix); err != nil && !os.IsNotExist(err) {
				return err
			}
		}
	}
	if err := d.demo(ctx, c, part, false); err != nil {
		return err
	}
	return os.Rename(part, d.Data)
}

// demo fills a database that has no demo yet, and serves it.
func (d *demoCommand) demo(ctx context.Context, c *cli, database string, serve bool) error {
	a, err := app.Open(ctx, app.Config{Database: database, Reference: c.Reference, Log: c.logger()})
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Start(ctx); err != nil {
		return err
	}
	show, done := progressLine(os.Stderr)
	accounts, err := a.Demo(ctx, app.DemoOptions{Seed: d.Seed, Consignments: d.Consignments, Months: d.Months, Progress: show})
	done()
	if err != nil || !serve {
		return err
	}
	return a.Serve(ctx, app.ServeConfig{Listen: d.Listen, Demo: accounts, Ready: func(address string) {
		fmt.Fprintf(os.Stderr, "\n  Tidewaiter's demo is at %s\n\n", address)
		for _, account := range accounts {
			fmt.Fprintf(os.Stderr, "    %-14s  sign in as %s, password %s\n", account.Role, account.Username, account.Password)
		}
		fmt.Fprintln(os.Stderr, "\n  Everything in it is made up. Ctrl-C ends it.")
		openBrowser(address)
	}})
}

// openBrowser opens the address where there is a desktop; nobody minds when it fails.
func openBrowser(address string) {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return
	}
	if path, err := exec.LookPath("xdg-open"); err == nil {
		_ = exec.Command(path, address).Start()
	}
}
