package main

import (
	"context"
	"fmt"
	"os"

	"tidewaiter/internal/app"
	"tidewaiter/internal/learning/post"
)

type serveCommand struct {
	Listen        string    `help:"Address to listen on." default:"127.0.0.1:8080" env:"TIDEWAITER_LISTEN"`
	Content       string    `name:"content-listen" help:"Address of the second listener, for the files of packages; without it the port behind the first one's." env:"TIDEWAITER_CONTENT_LISTEN" placeholder:"HOST:PORT"`
	ContentOrigin string    `help:"Where a reverse proxy serves the second listener, on a host name of its own." env:"TIDEWAITER_CONTENT_ORIGIN" placeholder:"https://HOST"`
	Secure        bool      `help:"The pages are reached over TLS, by a reverse proxy: cookies are bound to it."`
	Proxy         []string  `name:"trusted-proxy" help:"Address or network of a reverse proxy, whose word on where a request comes from is taken." placeholder:"CIDR"`
	Mail          mailFlags `embed:"" prefix:"mail-"`
	Watch         []string  `help:"Folder whose files are imported as they arrive: CODE=DIR for the unit CODE." placeholder:"CODE=DIR"`
}

// mailFlags say where reminders of courses that are due are handed in.
type mailFlags struct {
	Server   string `help:"Mail server for reminders of courses that are due; without one there are none." env:"TIDEWAITER_MAIL_SERVER" placeholder:"HOST:PORT"`
	Security string `help:"How the connection is protected: starttls, tls, none." enum:"starttls,tls,none" default:"starttls" env:"TIDEWAITER_MAIL_SECURITY"`
	User     string `help:"Name to sign in with there." env:"TIDEWAITER_MAIL_USER"`
	Password string `help:"Its password; better said by the environment, which other users of the machine cannot see." env:"TIDEWAITER_MAIL_PASSWORD"`
	From     string `help:"Address that reminders come from." env:"TIDEWAITER_MAIL_FROM" placeholder:"ADDRESS"`
}

func (m mailFlags) settings() post.Settings {
	return post.Settings{Server: m.Server, Security: post.Security(m.Security), User: m.User, Password: m.Password, From: m.From}
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
	return a.Serve(ctx, app.ServeConfig{Listen: s.Listen, Secure: s.Secure, ContentListen: s.Content, ContentOrigin: s.ContentOrigin, Proxies: s.Proxy, Mail: s.Mail.settings(), Ready: func(address string) {
		fmt.Fprintln(os.Stderr, "Tidewaiter is at", address)
	}})
}
