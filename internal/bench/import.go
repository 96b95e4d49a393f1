package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tidewaiter/internal/app"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/risk"
)

// The unit that the traffic belongs to, and the officer who looks at it.
var (
	benchUnit    = identity.Unit{Code: "BENCH", Name: "Measured unit", Country: "KG", Place: "KGOSS", Timezone: "Asia/Bishkek", Language: "en"}
	benchOfficer = identity.NewOfficer{Username: "bench", Name: "Measuring Officer", Language: "en", Role: identity.RoleOfficer, Password: "tide-and-time"}
)

// database fills a database through intake and measures at each size on the way: how
// quickly it fills, and how quickly pages are answered from it.
func (b *bench) database(ctx context.Context) error {
	files, err := b.writeDays(b.Sizes[len(b.Sizes)-1])
	if err != nil {
		return err
	}
	path := filepath.Join(b.dir, "bench.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		os.Remove(path + suffix) // of an earlier run that was kept
	}
	filling := b.rep.section("Import", "CUSCAR files of a day's traffic each (some 900 consignments), by the program's own way in: "+
		"app.Open, Imports.Receive, deliveries by the bus. SQLite in WAL mode with synchronous=FULL; each batch of up to 500 is one transaction. "+
		"Four fifths of each stretch are read first, with the events for the assessment waiting in the same transactions, and then assessed; "+
		"of the last fifth, reading and assessing go on at once and share the one writing connection. Each column is the stretch from the size before.")
	serving := newServing(b.rep)
	at := 0
	for _, n := range b.Sizes {
		var part []dayFile
		first := at
		for ; len(files) > 0 && at < n; files = files[1:] {
			part = append(part, files[0])
			at += files[0].Consignments
		}
		if err := b.fill(ctx, filling, path, part, n, at-first); err != nil {
			return fmt.Errorf("fill to %d: %w", n, err)
		}
		if err := b.serve(ctx, serving, path, n); err != nil {
			return fmt.Errorf("serve %d: %w", n, err)
		}
		if err := b.Save(b.rep); err != nil {
			return err
		}
	}
	if b.Keep == "" {
		return nil
	}
	filling.note("The database is kept in `%s`.", path)
	return nil
}

// fill imports the files and measures.
func (b *bench) fill(ctx context.Context, s *section, path string, files []dayFile, size, count int) error {
	a, err := app.Open(ctx, app.Config{Database: path})
	if err != nil {
		return err
	}
	defer a.Close()
	unit, scope, err := a.AddUnit(ctx, benchUnit)
	if err != nil {
		return err
	}
	ctx = identity.With(ctx, identity.Console(unit))
	if _, err := a.Identity.Officers.Ensure(ctx, unit.ID, benchOfficer); err != nil {
		return err
	}
	before, err := measureTables(ctx, a.DB)
	if err != nil {
		return err
	}
	used := processorTime()
	sum, took, err := b.fillApart(ctx, a, scope.ID, files)
	if err != nil {
		return err
	}
	if sum.New != count {
		s.note("At %d: %d of %d consignments are new, %d amended, %d unchanged.", size, sum.New, count, sum.Amended, sum.Unchanged)
	}
	used = processorTime() - used
	after, err := measureTables(ctx, a.DB)
	if err != nil {
		return err
	}
	s.add(figure{What: "processor time of all that", At: size, Value: used * 1e6 / float64(count), Unit: "µs each", Low: true})
	s.add(figure{What: "database file", At: size, Value: fileMiB(path), Unit: "MiB", Low: true})
	b.show.step("inserting plain rows at %d", size)
	sample := min(count, 20_000)
	plain, err := plainRows(ctx, a.DB, before, after, count, sample)
	if err != nil {
		return err
	}
	than := float64(sample) / plain
	base := "plain rows, as many and as large, 500 consignments a transaction"
	s.add(figure{What: "imported, everything durable", At: size, Value: took.imported, Unit: "/s", Target: 3000, Base: base, Than: than})
	s.add(figure{What: "then assessed, and in the queue", At: size, Value: took.assessed, Unit: "/s", Base: base, Than: than})
	s.add(figure{What: "both at once: imported", At: size, Value: took.importedAtOnce, Unit: "/s", Base: base, Than: than})
	s.add(figure{What: "both at once: in the queue", At: size, Value: took.assessedAtOnce, Unit: "/s", Base: base, Than: than})
	return nil
}

// rates are consignments a second.
type rates struct{ imported, assessed, importedAtOnce, assessedAtOnce float64 }

// fillApart reads four fifths of the files with their assessments waiting in the queue of
// jobs, then assesses them; the last fifth it reads and assesses at once, as the program
// does at work.
func (b *bench) fillApart(ctx context.Context, a *app.App, scope cargo.ScopeID, files []dayFile) (sum cargo.Saved, took rates, err error) {
	cut := max(len(files)*4/5, 1)
	if err := a.Start(ctx); err != nil {
		return sum, took, err
	}
	if err := a.Bus.Pause(ctx, risk.Queue); err != nil {
		return sum, took, err
	}
	start := time.Now()
	if sum, err = b.receive(ctx, a.Imports, scope, files[:cut]); err != nil {
		return sum, took, err
	}
	took.imported = float64(sum.New) / time.Since(start).Seconds()
	start = time.Now()
	if err := a.Bus.Resume(ctx, risk.Queue); err != nil {
		return sum, took, err
	}
	drain := func() error {
		return a.Bus.Drain(ctx, func(left int) { b.show.tick("assessing: %d batches left", left) })
	}
	if err := drain(); err != nil {
		return sum, took, err
	}
	took.assessed = float64(sum.New) / time.Since(start).Seconds()
	start = time.Now()
	rest, err := b.receive(ctx, a.Imports, scope, files[cut:])
	if err != nil {
		return sum, took, err
	}
	took.importedAtOnce = float64(rest.New) / time.Since(start).Seconds()
	err = drain()
	took.assessedAtOnce = float64(rest.New) / time.Since(start).Seconds()
	sum.Add(rest)
	return sum, took, err
}

// receive hands the files to intake one after the other, and waits until the last one
// has been read.
func (b *bench) receive(ctx context.Context, imports *intake.Imports, scope cargo.ScopeID, files []dayFile) (cargo.Saved, error) {
	var sum cargo.Saved
	var open []int64
	settle := func() error {
		for len(open) > 0 {
			im, err := imports.Get(ctx, scope, open[0])
			if err != nil || im.State == intake.Reading {
				return err
			}
			if im.State != intake.Done || im.Reason != "" {
				return fmt.Errorf("%s: %s %s", im.Name, im.State, im.Reason)
			}
			sum.Add(im.Saved)
			open = open[1:]
			b.show.tick("importing: %s consignments", size(sum.New))
		}
		return nil
	}
	for _, f := range files {
		id, err := b.receiveFile(ctx, imports, scope, f.Path)
		if err != nil {
			return sum, err
		}
		open = append(open, id)
		if err := settle(); err != nil {
			return sum, err
		}
	}
	for len(open) > 0 {
		select {
		case <-ctx.Done():
			return sum, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
		if err := settle(); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

func (b *bench) receiveFile(ctx context.Context, imports *intake.Imports, scope cargo.ScopeID, path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	im, err := imports.Receive(ctx, intake.Upload{Scope: scope, Name: filepath.Base(path), Via: intake.ViaCommand}, f)
	if err != nil {
		return 0, err
	}
	return im.ID, nil
}

func fileMiB(path string) float64 {
	var n int64
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(path + suffix); err == nil {
			n += info.Size()
		}
	}
	return float64(n) / (1 << 20)
}
