package main

import (
	"bytes"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"tidewaiter/internal/simulate"
)

// The traffic that is measured: three years that end with the simulator's month.
const (
	mostMonths = 36
	monthDays  = 30
	aMonth     = 27_000 // consignments of a busy unit, about 900 a day
)

// months returns over how many months n consignments are spread, so that days are as
// busy in a small run as in a large one.
func months(n int) int { return min(mostMonths, max(1, n/aMonth)) }

// batches yields n consignments as batches of manifests, each an interchange, from the
// first month to the last. Every month is a world of its own, with its own companies:
// two months of one world would repeat document numbers.
func batches(n int) iter.Seq2[[]*simulate.Manifest, error] {
	return func(yield func([]*simulate.Manifest, error) bool) {
		total := months(n)
		for m := range total {
			o := simulate.Defaults(uint64(1+m), n*(m+1)/total-n*m/total)
			o.History, o.Month = 0, simulate.DefaultMonth.AddDate(0, m+1-total, 0)
			stream, err := simulate.NewStream(o)
			if err != nil {
				yield(nil, err)
				return
			}
			var batch []*simulate.Manifest
			for x := range stream.Month() {
				if x.Amendment {
					continue // every document is to be new
				}
				if len(batch) > 0 && batch[0].Batch != x.Batch {
					if !yield(batch, nil) {
						return
					}
					batch = nil
				}
				batch = append(batch, x)
			}
			if len(batch) > 0 && !yield(batch, nil) {
				return
			}
		}
	}
}

// dayFile is what the senders of a day sent, their interchanges one behind the other.
type dayFile struct {
	Path         string
	Consignments int
	Bytes        int64
}

// writeDays writes n consignments to files of a day's traffic each.
func (b *bench) writeDays(n int) ([]dayFile, error) {
	dir := filepath.Join(b.dir, "manifests")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	aDay := max(1, n/(months(n)*monthDays))
	var files []dayFile
	var text bytes.Buffer
	held, done := 0, 0
	flush := func() error {
		f := dayFile{Path: filepath.Join(dir, fmt.Sprintf("day%05d.edi", len(files)+1)), Consignments: held, Bytes: int64(text.Len())}
		files = append(files, f)
		err := os.WriteFile(f.Path, text.Bytes(), 0o640)
		held = 0
		text.Reset()
		return err
	}
	for batch, err := range batches(n) {
		if err != nil {
			return nil, err
		}
		if err := simulate.EncodeCUSCAR(&text, batch); err != nil {
			return nil, err
		}
		for _, x := range batch {
			held += len(x.Consignments)
			done += len(x.Consignments)
		}
		b.show.tick("writing manifests: %s of %s consignments", size(done), size(n))
		if held >= aDay {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	if held > 0 {
		return files, flush()
	}
	return files, nil
}
