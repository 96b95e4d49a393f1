package main

import (
	"fmt"
	"os"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/reference"
)

type referenceCommand struct {
	Import referenceImport `cmd:"" help:"Load an official list: the UNECE UN/LOCODE release, an HS nomenclature, container owner prefixes."`
	Show   referenceShow   `cmd:"" help:"Show which lists are loaded."`
}

type referenceImport struct {
	Kind    string `arg:"" help:"places (UN/LOCODE, zip or CSV parts), hs (CSV) or owners (CSV)." enum:"places,hs,owners"`
	File    string `arg:"" help:"The list as its publisher gives it." type:"existingfile"`
	Release string `help:"Name of the release, where the file does not say, such as 2024-1."`
	Partial bool   `help:"The file is not the whole list: a code that it lacks stays unknown, not wrong."`
}

// Run reads a list and writes it to the folder where it is found at the next start.
func (r *referenceImport) Run(c *cli) error {
	f, err := os.Open(r.File)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "cannot open the list")
	}
	defer f.Close()
	report, err := reference.Import(reference.Kind(r.Kind), f, c.Reference, reference.ImportOptions{Name: r.File, Release: r.Release, Partial: r.Partial})
	if err != nil {
		return err
	}
	for _, row := range report.Rows {
		fmt.Fprintln(os.Stderr, row)
	}
	fmt.Printf("%s %s: %d rows loaded, %d skipped, %d could not be read\n", report.List.Kind, report.List.Release, report.List.Rows, report.Skipped, report.Bad)
	return nil
}

type referenceShow struct{}

// Run lists what is loaded.
func (referenceShow) Run(c *cli) error {
	d, err := reference.Load(c.Reference)
	if err != nil {
		return err
	}
	lists := d.Lists()
	for _, l := range lists {
		whole := "partial"
		if l.Full {
			whole = "whole"
		}
		fmt.Printf("%s\t%s\t%d rows\t%s\n", l.Kind, l.Release, l.Rows, whole)
	}
	if len(lists) == 0 {
		fmt.Println("no official list is loaded; codes that the built-in tables lack are called unknown to us, not wrong")
	}
	return nil
}
