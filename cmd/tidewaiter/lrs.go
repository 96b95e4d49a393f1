package main

import (
	"context"
	"fmt"
	"time"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/xapi"
)

type lrsCommand struct {
	Add    lrsAdd    `cmd:"" help:"Let a program use the record store at /xapi; prints its secret."`
	List   lrsList   `cmd:"" help:"List the programs that may use the record store."`
	Revoke lrsRevoke `cmd:"" help:"End a program's access. What it sent stays."`
}

// console is who lets programs in: they belong to no unit.
var console = identity.Console(identity.Unit{})

type lrsAdd struct {
	Name  string   `arg:"" help:"Name of the program: its user name, and the authority of what it sends."`
	Scope []string `help:"What it may do: statements/write, statements/read, statements/read/mine, state, profile, define, all/read, all. Without: statements/write and statements/read/mine." placeholder:"SCOPE"`
	Xapi  string   `name:"xapi" help:"Version of xAPI by which requests are answered that do not say theirs." enum:"2.0.0,1.0.3" default:"2.0.0"`
}

// Run gives out the secret.
func (l *lrsAdd) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	scopes := make([]learning.Scope, len(l.Scope))
	for i, s := range l.Scope {
		scopes[i] = learning.Scope(s)
	}
	client, secret, err := a.Records.Clients.Add(identity.With(ctx, console), l.Name, scopes, xapi.Version(l.Xapi))
	if err == nil {
		fmt.Printf("client %s, %v: %s\n", client.Name, client.Scopes, secret)
	}
	return err
}

type lrsList struct{}

// Run lists the programs.
func (lrsList) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	clients, err := a.Records.Clients.All(ctx)
	for _, client := range clients {
		fmt.Printf("%s\t%v\t%s\t%s\n", client.Name, client.Scopes, client.Created.Format(time.DateOnly), standing(client.Revoked))
	}
	return err
}

type lrsRevoke struct {
	Name string `arg:"" help:"Name of the program."`
}

// Run ends the access.
func (l *lrsRevoke) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Records.Clients.Revoke(identity.With(ctx, console), l.Name)
}
