package intake

import (
	"context"
	"database/sql"
	"io"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/table"
)

// sampleRows is how many rows a proposal is made from, and shown with.
const sampleRows = 20

// Proposal is what a table's headings and first rows suggest.
type Proposal struct {
	Fingerprint string
	Heading     []string
	Sample      [][]string
	Mapping     table.Mapping
	Missing     string // why the mapping cannot be used as it is; empty when it can
	Remembered  bool   // a person has confirmed it for this sender before
}

// propose reads the beginning of an import's table.
func (s *Imports) propose(ctx context.Context, im *Import) (Proposal, error) {
	raw, err := s.evidence.Open(ctx, im.Hash)
	if err != nil {
		return Proposal{}, err
	}
	defer raw.Close()
	return propose(raw)
}

func propose(r io.Reader) (Proposal, error) {
	rows, err := table.Open(r)
	if err != nil {
		return Proposal{}, err
	}
	defer rows.Close()
	p := Proposal{Heading: rows.Heading.Texts(), Sample: rows.Sample(sampleRows)}
	p.Fingerprint = table.Fingerprint(p.Heading)
	p.Mapping = table.Propose(p.Heading, p.Sample)
	if err := p.Mapping.Check(); err != nil {
		p.Missing = err.Error()
	}
	return p, nil
}

// Proposal returns what the columns of an import's table seem to be: what a person
// confirmed for its sender before, else what the headings and rows suggest.
func (s *Imports) Proposal(ctx context.Context, scope cargo.ScopeID, id int64) (Proposal, error) {
	im, err := s.Get(ctx, scope, id)
	if err != nil {
		return Proposal{}, err
	}
	if im.Format != CSV && im.Format != XLSX {
		return Proposal{}, fault.New(fault.Invalid, "a %s file has no columns to map", im.Format)
	}
	p, err := s.propose(ctx, im)
	if err != nil {
		return p, err
	}
	known, ok, err := selectMapping(ctx, s.db.Read, scope, im.Sender, p.Fingerprint)
	if ok {
		p.Mapping, p.Remembered = known, true
	}
	return p, err
}

// Confirm remembers a mapping for the import's sender and heading, and reads the import
// by it. The mapping's fault.Invalid says what is missing.
func (s *Imports) Confirm(ctx context.Context, scope cargo.ScopeID, id int64, sender string, m table.Mapping, officer int64) error {
	im, err := s.Get(ctx, scope, id)
	if err != nil {
		return err
	}
	if err := m.Check(); err != nil {
		return err
	}
	sender = firstOf(strings.TrimSpace(sender), im.Sender)
	p, err := s.propose(ctx, im)
	if err != nil {
		return err
	}
	m.Fingerprint = p.Fingerprint
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		moved, err := moveImport(ctx, tx, id, []State{Mapping}, Reading)
		if err != nil {
			return err
		}
		if !moved {
			return fault.New(fault.Conflict, "the columns of this file have already been confirmed")
		}
		if err := upsertMapping(ctx, tx, scope, sender, p.Fingerprint, m, officer); err != nil {
			return err
		}
		if err := updateMapping(ctx, tx, id, sender, m); err != nil {
			return err
		}
		if err := s.noteImport(ctx, tx, actConfirmed, im); err != nil {
			return err
		}
		return s.bus.Announce(ctx, tx, Stored{Import: id})
	})
}
