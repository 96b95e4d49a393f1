package main

import (
	"context"
	"fmt"
	"os"

	"tidewaiter/internal/app"
)

type serveCommand struct {
	Listen string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"TIDEWAITER_LISTEN"`
	Secure bool     `help:"The pages are reached over TLS, by a reverse proxy: cookies are bound to it."`
	Proxy  []string `name:"trusted-proxy" help:"Address or network of a reverse proxy, whose word on where a request comes from is taken." placeholder:"CIDR"`
	Watch  []string `help:"Folder whose files are imported as they arrive: CODE=DIR for the unit CODE." placeholder:"CODE=DIR"`
}

// Run serves until the program is told to stop.
func (s *serveCommand) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Watch(ctx, s.Watch); err != nil {
		return err
	}
	return a.Serve(ctx, app.ServeConfig{Listen: s.Listen, Secure: s.Secure, Proxies: s.Proxy, Ready: func(address string) {
		fmt.Fprintln(os.Stderr, "Tidewaiter is at", address)
	}})
}
