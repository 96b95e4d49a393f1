package intake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// batchRecords is how many records are saved in one transaction: large enough that
// the disk does not bound the rate, small enough that pages get their turn.
const batchRecords = 500

// batchBytes ends a batch early, so that long records do not fill the memory.
const batchBytes = 8 << 20

// read hears Stored: it reads a kept file into consignments. It may be interrupted at
// any point and is simply called again: what was saved is skipped.
func (s *Imports) read(ctx context.Context, e Stored) error {
	im, err := selectImport(ctx, s.db.Read, e.Import)
	if err != nil || im.State != Reading {
		return err
	}
	im.Reason, im.Ended = "", time.Time{} // of an earlier attempt
	src, done, err := s.open(ctx, im, nil)
	if err == nil {
		defer done()
		err = s.readAll(ctx, im, src)
	}
	if fault.Is(err, fault.Invalid) {
		im.State, im.Reason, im.Ended = Refused, err.Error(), s.db.Now()
		if im.Records > 0 {
			im.State = Done // what stood before the break is in; the reason says what is not
		}
		_, err = updateProgress(context.WithoutCancel(ctx), s.db.Write, im)
	}
	if err != nil {
		return fmt.Errorf("import %d, %s: %w", im.ID, im.Name, err)
	}
	return nil
}

// batch is some records on their way into the tables.
type batch struct {
	records []*Record
	sender  string // as far as the file has said by then
	err     error  // behind the records: io.EOF or what broke the reading
}

// readAll reads ahead in one goroutine while it saves in another.
func (s *Imports) readAll(ctx context.Context, im *Import, src source) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan batch, 2)
	go readBatches(ctx, src, im.Records, batches)
	for b := range batches {
		last := b.err != nil
		if errors.Is(b.err, io.EOF) {
			b.err = nil
		}
		if last && b.err == nil {
			im.State, im.Ended, im.BytesDone = Done, s.db.Now(), im.Size
		}
		im.Sender = firstOf(im.Sender, b.sender)
		if last {
			im.Warnings = limitWarnings(src.warnings())
		}
		going, err := s.saveBatch(ctx, im, b.records)
		if err != nil || !going {
			cancel()
			for range batches { // let the reader end before its file is closed
			}
			return err
		}
		if b.err != nil {
			return b.err
		}
	}
	return ctx.Err()
}

// readBatches skips the records that were saved before, and sends the rest.
func readBatches(ctx context.Context, src source, skip int, out chan<- batch) {
	defer close(out)
	for {
		b := batch{records: make([]*Record, 0, batchRecords)}
		for size := 0; len(b.records) < batchRecords && size < batchBytes && b.err == nil; {
			rec, err := src.next()
			switch {
			case err != nil:
				b.err = err
			case skip > 0:
				skip--
			default:
				b.records = append(b.records, rec)
				size += rec.At.Length
			}
		}
		b.sender = clip(src.sender(), 200)
		select {
		case out <- b:
		case <-ctx.Done():
			return
		}
		if b.err != nil {
			return
		}
	}
}

func limitWarnings(all []Warning) []Warning {
	if len(all) <= maxWarnings {
		return all
	}
	more := Warning{Reason: fmt.Sprintf("and %d more warnings", len(all)-maxWarnings)}
	return append(all[:maxWarnings:maxWarnings], more)
}

// saveBatch saves consignments, quarantined records and progress in one transaction. It
// reports false when somebody has cancelled the import.
func (s *Imports) saveBatch(ctx context.Context, im *Import, records []*Record) (going bool, err error) {
	next := *im
	var good []*cargo.Consignment
	var held []Quarantined
	for _, rec := range records {
		held = append(held, quarantine(im, rec)...)
		if c := rec.Consignment; c != nil {
			s.complete(im, rec)
			good = append(good, c)
		}
		next.BytesDone = max(next.BytesDone, rec.At.Offset+int64(rec.At.Length))
	}
	next.Records += len(records)
	next.Quarantined += len(held)
	err = s.db.InTx(ctx, func(tx *sql.Tx) error {
		saved, err := s.cargo.Save(ctx, tx, im.Scope, good)
		if err != nil {
			return err
		}
		next.Saved.Add(saved)
		if err := insertQuarantined(ctx, tx, im.Scope, held); err != nil {
			return err
		}
		if going, err = updateProgress(ctx, tx, &next); err != nil || going {
			return err
		}
		return errCancelled
	})
	if errors.Is(err, errCancelled) {
		return false, nil
	}
	if err == nil {
		*im = next
	}
	return going, err
}

var errCancelled = errors.New("the import was cancelled")

// complete says where a consignment comes from.
func (s *Imports) complete(im *Import, rec *Record) {
	src := &rec.Consignment.Source
	src.Import, src.File, src.Format, src.Sender, src.At = im.ID, im.Name, string(im.Format), im.Sender, rec.At
}

// quarantine turns the problems of a record into rows for a person.
func quarantine(im *Import, rec *Record) (out []Quarantined) {
	for i, p := range rec.Problems {
		p.Value, p.Document = store.Text(clip(p.Value, 200)), store.Text(p.Document)
		p.Place, p.Field, p.Reason = store.Text(p.Place), store.Text(p.Field), store.Text(p.Reason)
		out = append(out, Quarantined{Import: im.ID, Record: rec.Number, Part: i + 1, Lost: rec.Consignment == nil, Problem: p, State: Open})
	}
	if rec.Consignment == nil && len(out) == 0 {
		out = append(out, Quarantined{Import: im.ID, Record: rec.Number, Part: 1, Lost: true, State: Open,
			Problem: Problem{Document: rec.Document, Reason: "the record could not be read", At: rec.At}})
	}
	return out
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
