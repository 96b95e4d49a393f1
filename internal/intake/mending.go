package intake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
)

// maxMended bounds the text of a mended record, in bytes.
const maxMended = 1 << 20

// Quarantine returns quarantined records of an import, or of all imports for 0, whose
// ids come after another.
func (s *Imports) Quarantine(ctx context.Context, scope cargo.ScopeID, importID int64, onlyOpen bool, after int64, limit int) ([]Quarantined, error) {
	return selectQuarantine(ctx, s.db.Read, scope, importID, onlyOpen, after, limit)
}

// OpenProblems returns how many quarantined problems of the scope wait for a person.
func (s *Imports) OpenProblems(ctx context.Context, scope cargo.ScopeID) (int, error) {
	return countOpen(ctx, s.db.Read, scope)
}

// Held returns a quarantined record with the text of its record, to be mended.
func (s *Imports) Held(ctx context.Context, scope cargo.ScopeID, id int64) (Quarantined, string, error) {
	it, err := selectQuarantined(ctx, s.db.Read, scope, id)
	if err != nil {
		return it, "", err
	}
	im, err := selectImport(ctx, s.db.Read, it.Import)
	if err != nil {
		return it, "", err
	}
	text, _, err := s.heldText(ctx, im, it.Record)
	return it, text, err
}

// Siblings returns all problems of the record that a quarantined problem is of.
func (s *Imports) Siblings(ctx context.Context, scope cargo.ScopeID, it Quarantined) ([]Quarantined, error) {
	if _, err := s.Get(ctx, scope, it.Import); err != nil {
		return nil, err
	}
	return selectRecord(ctx, s.db.Read, it.Import, it.Record)
}

// record reads the n-th record of an import's file again.
func (s *Imports) record(ctx context.Context, im *Import, n int, mended *splice) (*Record, error) {
	src, done, err := s.open(ctx, im, mended)
	if err != nil {
		return nil, err
	}
	defer done()
	for {
		rec, err := src.next()
		if errors.Is(err, io.EOF) {
			return nil, fault.New(fault.Invalid, "the text holds no record").WithHint("keep the first segment, element or row as it is")
		}
		if err != nil {
			return nil, err
		}
		if rec.Number == n {
			return rec, mended.only(rec, src)
		}
	}
}

// Mend reads a quarantined record again from the text that a person made of it, in its
// place in the file. When it can be read it is saved, as an amendment where an earlier
// version came in, and its problems are closed. Otherwise a fault.Invalid names the
// first problem that is left. Where a later file has said more of the document, that
// holds, and mending is a fault.Conflict. The evidence stays as it came.
func (s *Imports) Mend(ctx context.Context, scope cargo.ScopeID, id int64, text string, officer int64) (*cargo.Consignment, error) {
	if len(text) > maxMended {
		return nil, fault.New(fault.Invalid, "the record is longer than %d bytes", maxMended)
	}
	it, err := selectQuarantined(ctx, s.db.Read, scope, id)
	if err != nil {
		return nil, err
	}
	im, err := selectImport(ctx, s.db.Read, it.Import)
	if err != nil {
		return nil, err
	}
	rec, err := s.mended(ctx, im, it.Record, text)
	if err != nil {
		return nil, err
	}
	if len(rec.Problems) > 0 || rec.Consignment == nil {
		return nil, stillWrong(rec)
	}
	s.complete(im, rec)
	rec.Consignment.Source.Mended = true
	err = s.db.InTx(ctx, func(tx *sql.Tx) error {
		latest, err := s.cargo.LatestImport(ctx, tx, scope, rec.Consignment.Document.Key())
		if err != nil {
			return err
		}
		if latest > im.ID {
			return fault.New(fault.Conflict, "a later message about %s has come in since", rec.Consignment.Document.Number).
				WithHint("dismiss this record; the later message holds")
		}
		c := rec.Consignment
		if _, err := s.cargo.Save(ctx, tx, scope, []*cargo.Consignment{c}); err != nil {
			return err
		}
		if err := s.note(ctx, tx, actMended, "quarantine", id, map[string]any{"document": c.Document.Number, "version": c.Version}); err != nil {
			return err
		}
		return endQuarantined(ctx, tx, it, Mended, text, officer)
	})
	if err != nil {
		return nil, fmt.Errorf("mend record %d of import %d: %w", it.Record, im.ID, err)
	}
	return rec.Consignment, nil
}

func stillWrong(rec *Record) error {
	var first error // nil where nobody can say what is wrong
	if len(rec.Problems) > 0 {
		first = &Unmended{rec.Problems[0]}
	}
	return fault.Wrap(fault.Invalid, first, "the record still cannot be read").WithHint("mend it and try again")
}

// Unmended is the first problem that a mended record still has. It is the cause of the
// fault.Invalid, so that a page can say it in its language.
type Unmended struct{ Problem }

// Error returns the English words.
func (u *Unmended) Error() string {
	return fmt.Sprintf("%s, %s %q: %s", u.Place, u.Field, clip(u.Value, 80), u.Reason)
}

// Dismiss closes a record's problems without reading it again, with a reason.
func (s *Imports) Dismiss(ctx context.Context, scope cargo.ScopeID, id int64, reason string, officer int64) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.New(fault.Invalid, "a record is not dismissed without a reason").WithHint("say in a few words why it is not needed")
	}
	it, err := selectQuarantined(ctx, s.db.Read, scope, id)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := s.note(ctx, tx, actDismissed, "quarantine", id, map[string]any{"reason": reason}); err != nil {
			return err
		}
		return endQuarantined(ctx, tx, it, Dismissed, clip(reason, 500), officer)
	})
}
