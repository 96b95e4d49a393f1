package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/certificate/badge"
)

type badgeCommand struct {
	Verify badgeVerify `cmd:"" help:"Say whether a badge file is unaltered and good, without a database or a network."`
	Issuer badgeIssuer `cmd:"" help:"Print the document with the keys that sign badges here, did.json."`
	Rotate badgeRotate `cmd:"" help:"Make a new key that signs badges from now on. What the old ones signed stays good."`
}

type badgeVerify struct {
	File   string `arg:"" help:"Badge file (.jwt, .jws, .svg)." type:"existingfile"`
	Key    string `help:"The issuer's did.json. Without it a badge that names its own key is checked for alterations only." type:"existingfile" placeholder:"FILE"`
	Status string `help:"The issuer's status list, from /badges/status/N, signed by the same issuer." type:"existingfile" placeholder:"FILE"`
}

// Run prints what the badge says and how it stands. A badge that is altered, foreign or
// revoked is bad input.
func (b *badgeVerify) Run() error {
	ring := badge.Ring{}
	if b.Key != "" {
		raw, err := readFile(b.Key)
		if err != nil {
			return err
		}
		if err := ring.ReadDocument(raw); err != nil {
			return err
		}
	}
	file, err := readFile(b.File)
	if err != nil {
		return err
	}
	v, err := ring.Verify(badge.Unbake(file), time.Now())
	if err != nil {
		return err
	}
	fmt.Printf("holder   %s\ncourse   %s (%s, version %s)\nunit     %s\nfrom     %s\nnumber   %s\nissuer   %s\n",
		v.Holder(), v.Name, v.Subject.Achievement.Code, v.Subject.Achievement.Version, v.Credential.Issuer.Name, v.From, v.Number(), v.Credential.Issuer.ID)
	if v.Known {
		fmt.Println("signed   by a key of the issuer's document; unaltered")
	} else {
		fmt.Println("signed   unaltered; the badge itself names the key: whose it is, only --key can tell")
	}
	return b.status(ring, v)
}

// status prints whether the badge was revoked.
func (b *badgeVerify) status(ring badge.Ring, v badge.Verified) error {
	if b.Status == "" {
		fmt.Println("status   not checked: --status FILE")
		return nil
	}
	raw, err := readFile(b.Status)
	if err != nil {
		return err
	}
	list, err := ring.ReadList(string(raw), time.Now())
	if err != nil {
		return err
	}
	revoked, err := v.Revoked(list)
	if err != nil {
		return err
	}
	if revoked {
		return fault.New(fault.Invalid, "the badge was revoked, by the status list of %s", list.At.Format(time.DateOnly))
	}
	fmt.Println("status   good on", list.At.Format(time.DateOnly))
	return nil
}

// readFile reads a badge, document or list, none of which is large.
func readFile(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "cannot read %s", path)
	}
	return raw, nil
}

type badgeIssuer struct{}

// Run prints the document.
func (badgeIssuer) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	raw, err := a.Certificates.Document(ctx)
	if err == nil {
		fmt.Println(string(raw))
	}
	return err
}

type badgeRotate struct{}

// Run makes the key.
func (badgeRotate) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	id, err := a.Certificates.RotateKey(identity.With(ctx, console))
	if err == nil {
		fmt.Println("badges are signed by the key", id)
	}
	return err
}
