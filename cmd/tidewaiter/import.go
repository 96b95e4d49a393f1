package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"tidewaiter/internal/app"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/intake"
)

type importCommand struct {
	Files  []string `arg:"" help:"Manifest files: EDIFACT CUSCAR, ASYCUDA XML, CSV or XLSX." name:"file" type:"existingfile"`
	Unit   string   `help:"Code of the unit whose traffic it is; needed when there are several." placeholder:"CODE" env:"TIDEWAITER_UNIT"`
	Sender string   `help:"Who sent the files, where they do not say." placeholder:"NAME"`
	Accept bool     `help:"Accept the proposed columns of a CSV or XLSX file that no one has confirmed yet."`
	JSON   bool     `help:"Print a line of JSON for each file." name:"json"`
}

// Run imports the files one after the other, and waits until they are assessed.
func (i *importCommand) Run(ctx context.Context, c *cli) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Start(ctx); err != nil {
		return err
	}
	if i.Unit == "" {
		if i.Unit, err = a.OnlyUnit(ctx); err != nil {
			return err
		}
	}
	ctx, _, scope, err := a.Unit(ctx, i.Unit)
	if err != nil {
		return err
	}
	bad := 0
	for _, path := range i.Files {
		im, err := i.importFile(ctx, a, scope, path)
		if err != nil {
			return err
		}
		if im.State != intake.Done || im.Quarantined > 0 || im.Reason != "" {
			bad++
		}
		if err := i.print(im); err != nil {
			return err
		}
	}
	show, done := progressLine(os.Stderr)
	err = a.Bus.Drain(ctx, func(left int) { show(fmt.Sprintf("assessing, %d batches left", left)) })
	done()
	if err == nil && bad > 0 {
		return fault.New(fault.Invalid, "%d of %d files could not be read, or not in full", bad, len(i.Files)).
			WithHint("see Imports and Quarantine in the pages")
	}
	return err
}

func (i *importCommand) importFile(ctx context.Context, a *app.App, scope cargo.Scope, path string) (*intake.Import, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "cannot open the file")
	}
	defer f.Close()
	show, done := progressLine(os.Stderr)
	defer done()
	up := intake.Upload{Scope: scope.ID, Name: path, Sender: i.Sender, Via: intake.ViaCommand, Accept: i.Accept}
	return a.ImportFile(ctx, up, f, func(im *intake.Import) {
		show(fmt.Sprintf("%s %s %d consignments", im.Name, bar(im.BytesDone, im.Size), im.Records))
	})
}

func (i *importCommand) print(im *intake.Import) error {
	if i.JSON {
		return json.NewEncoder(os.Stdout).Encode(im)
	}
	switch {
	case im.Known:
		fmt.Printf("%s: the same file was imported on %s; nothing changes\n", im.Name, im.Received.Format("2006-01-02 15:04"))
	case im.State == intake.Mapping:
		fmt.Printf("%s: somebody has to confirm which column is what, in the pages under Imports, or with --accept\n", im.Name)
	case im.State == intake.Refused:
		fmt.Printf("%s: refused: %s\n", im.Name, im.Reason)
	default:
		fmt.Printf("%s: %s, %d new, %d amended, %d unchanged, %d quarantined, %d warnings\n",
			im.Name, im.Format, im.New, im.Amended, im.Unchanged, im.Quarantined, len(im.Warnings))
		if im.Reason != "" {
			fmt.Printf("%s: the rest could not be read: %s\n", im.Name, im.Reason)
		}
	}
	return nil
}
