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
	Consignments int    `help:"Consignments of the generated month." default:"5000"`
	Seed         uint64 `help:"Seed of the generated world." default:"7"`
	Fresh        bool   `help:"Begin anew, with an empty database."`
	SetupOnly    bool   `help:"Set the demo up and stop."`
}

// Run sets the demo up, if it is not there yet, and serves it.
func (d *demoCommand) Run(ctx context.Context, c *cli) error {
	if d.Fresh && strings.Contains(d.Data, "://") {
		return fault.New(fault.Invalid, "--fresh empties files only").WithHint("drop and make the PostgreSQL database by hand")
	}
	if d.Fresh {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(d.Data + suffix); err != nil && !os.IsNotExist(err) {
				return err
			}
		}
	}
	a, err := app.Open(ctx, app.Config{Database: d.Data, Reference: c.Reference, Log: c.logger()})
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Start(ctx); err != nil {
		return err
	}
	show, done := progressLine(os.Stderr)
	accounts, err := a.Demo(ctx, app.DemoOptions{Seed: d.Seed, Consignments: d.Consignments, Progress: show})
	done()
	if err != nil || d.SetupOnly {
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
