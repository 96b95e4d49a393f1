package main

import (
	"context"
	"fmt"

	"tidewaiter/internal/identity"
)

type unitCommand struct {
	Add  unitAdd  `cmd:"" help:"Add a unit, or change the one with this code."`
	List unitList `cmd:"" help:"List the units."`
}

type unitAdd struct {
	Code     string `arg:"" help:"Short and unique, such as KGOSS-PCU."`
	Name     string `arg:"" help:"Name of the unit."`
	Country  string `help:"ISO 3166-1 alpha-2." required:"" placeholder:"CC"`
	Place    string `help:"UN/LOCODE of the unit's place." placeholder:"CCXXX"`
	Timezone string `help:"IANA time zone." default:"UTC"`
	Language string `help:"Language of officers who have not chosen one." enum:"en,ru,ky" default:"en"`
}

// Run adds the unit.
func (u *unitAdd) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	unit, _, err := a.AddUnit(ctx, identity.Unit{
		Code: u.Code, Name: u.Name, Country: u.Country, Place: u.Place, Timezone: u.Timezone, Language: u.Language,
	})
	if err == nil {
		fmt.Printf("unit %s, %s\n", unit.Code, unit.Name)
	}
	return err
}

type unitList struct{}

// Run lists the units.
func (unitList) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	units, err := a.Identity.Units.All(ctx)
	for _, u := range units {
		fmt.Printf("%s\t%s\t%s\t%s\n", u.Code, u.Country, u.Place, u.Name)
	}
	return err
}

type officerCommand struct {
	Add   officerAdd   `cmd:"" help:"Add an officer to a unit; prints a one-time password."`
	Reset officerReset `cmd:"" help:"Give an officer a new one-time password."`
}

type officerAdd struct {
	Username string `arg:"" help:"E-mail address or short name."`
	Name     string `arg:"" help:"Name of the officer."`
	Unit     string `help:"Code of the unit; needed when there are several." placeholder:"CODE" env:"TIDEWAITER_UNIT"`
	Role     string `help:"officer, head or administrator." enum:"officer,head,administrator" default:"officer"`
	System   bool   `help:"Administrator of the whole system, not of one unit."`
	Language string `help:"Language of the pages." enum:"en,ru,ky" default:"en"`
}

// Run adds the officer.
func (o *officerAdd) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	unit := identity.Unit{}
	if !o.System {
		if o.Unit == "" {
			if o.Unit, err = a.OnlyUnit(ctx); err != nil {
				return err
			}
		}
		if _, unit, _, err = a.Unit(ctx, o.Unit); err != nil {
			return err
		}
	} else {
		o.Role = string(identity.RoleAdministrator)
	}
	ctx = identity.With(ctx, identity.Console(unit))
	officer, password, err := a.Identity.Officers.Add(ctx, unit.ID, identity.NewOfficer{
		Username: o.Username, Name: o.Name, Language: o.Language, Role: identity.Role(o.Role),
	})
	if err == nil {
		fmt.Printf("officer %s, one-time password: %s\n", officer.Username, password)
	}
	return err
}

type officerReset struct {
	Username string `arg:"" help:"E-mail address or short name."`
}

// Run gives a new password.
func (o *officerReset) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	ctx = identity.With(ctx, identity.Console(identity.Unit{}))
	officer, err := a.Identity.Officers.ByUsername(ctx, o.Username)
	if err != nil {
		return err
	}
	password, err := a.Identity.Officers.ResetPassword(ctx, officer.ID)
	if err == nil {
		fmt.Printf("officer %s, one-time password: %s\n", officer.Username, password)
	}
	return err
}
