package main

import (
	"context"
	"fmt"
	"time"

	"tidewaiter/internal/app"
	"tidewaiter/internal/identity"
)

type tokenCommand struct {
	Add    tokenAdd    `cmd:"" help:"Give out a token by which a program sends files to a unit; prints its secret."`
	List   tokenList   `cmd:"" help:"List the tokens of a unit."`
	Revoke tokenRevoke `cmd:"" help:"End a token."`
}

// tokenUnit names the unit whose tokens are meant.
type tokenUnit struct {
	Unit string `help:"Code of the unit; needed when there are several." placeholder:"CODE" env:"TIDEWAITER_UNIT"`
}

// open opens the database and finds the unit.
func (t tokenUnit) open(ctx context.Context, c *cli) (context.Context, *app.App, identity.Unit, error) {
	a, err := c.open(ctx)
	if err != nil {
		return ctx, nil, identity.Unit{}, err
	}
	code := t.Unit
	if code == "" {
		code, err = a.OnlyUnit(ctx)
	}
	var unit identity.Unit
	if err == nil {
		ctx, unit, _, err = a.Unit(ctx, code)
	}
	if err != nil {
		a.Close()
	}
	return ctx, a, unit, err
}

type tokenAdd struct {
	tokenUnit
	Name string `arg:"" help:"Whose program it is for."`
	Role string `help:"What it may do: send files as an officer, or as the head also bring in packages of courses and launch their units." enum:"officer,head" default:"officer"`
}

// Run gives out the token.
func (t *tokenAdd) Run(ctx context.Context, c *cli) error {
	ctx, a, unit, err := t.open(ctx, c)
	if err != nil {
		return err
	}
	defer a.Close()
	token, secret, err := a.Identity.Tokens.AddAs(ctx, unit.ID, t.Name, identity.Role(t.Role))
	if err == nil {
		fmt.Printf("token %s of unit %s: %s\n", token.Name, unit.Code, secret)
	}
	return err
}

type tokenList struct{ tokenUnit }

// Run lists the tokens.
func (t *tokenList) Run(ctx context.Context, c *cli) error {
	ctx, a, unit, err := t.open(ctx, c)
	if err != nil {
		return err
	}
	defer a.Close()
	tokens, err := a.Identity.Tokens.OfUnit(ctx, unit.ID)
	for _, token := range tokens {
		fmt.Printf("%s\t%s\t%s\n", token.Name, token.Created.Format(time.DateOnly), standing(token.Revoked))
	}
	return err
}

// standing says whether access is good, or when it was revoked.
func standing(revoked time.Time) string {
	if revoked.IsZero() {
		return "good"
	}
	return "revoked " + revoked.Format(time.DateOnly)
}

type tokenRevoke struct {
	tokenUnit
	Name string `arg:"" help:"Name of the token."`
}

// Run ends the token.
func (t *tokenRevoke) Run(ctx context.Context, c *cli) error {
	ctx, a, unit, err := t.open(ctx, c)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Identity.Tokens.Revoke(ctx, unit.ID, t.Name)
}
