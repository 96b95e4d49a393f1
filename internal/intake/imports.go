package intake

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/evidence"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/table"
	"tidewaiter/internal/store"
)

// Imports are the use-cases of files that come in.
type Imports struct {
	db       *store.DB
	bus      *bus.Bus
	cargo    *cargo.Consignments
	evidence *evidence.Files
	trail    Trail
	log      *slog.Logger
}

// NewImports returns the use-cases and subscribes the reading of files to the bus.
func NewImports(db *store.DB, b *bus.Bus, c *cargo.Consignments, files *evidence.Files, trail Trail, log *slog.Logger) *Imports {
	s := &Imports{db: db, bus: b, cargo: c, evidence: files, trail: trail, log: log}
	bus.Subscribe(b, "intake", "intake.read", s.read)
	return s
}

// Stored is announced when a file is kept and can be read.
type Stored struct {
	Import int64 `json:"import"`
}

// EventName is intake.stored.
func (Stored) EventName() string { return "intake.stored" }

// Upload says whose file comes in, and how.
type Upload struct {
	Scope   cargo.ScopeID
	Name    string // at the sender's
	Sender  string // where known; otherwise what the file says
	Via     Via
	Officer int64
	Accept  bool // accept the proposed mapping of a table without asking
}

// Receive keeps a file as evidence and announces it for reading. A file that is
// recognised as none that we read is kept too, as a refused import with its reason. The
// same file in the same scope returns the earlier import, with Known set.
func (s *Imports) Receive(ctx context.Context, up Upload, r io.Reader) (*Import, error) {
	blob, err := s.evidence.Keep(ctx, r)
	if err != nil {
		return nil, err
	}
	im, err := selectImportOf(ctx, s.db.Read, up.Scope, blob.Hash)
	if err == nil {
		im.Known = true
		return im, nil
	}
	if !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	im = &Import{
		ID: store.NewID(), Scope: up.Scope, Hash: blob.Hash, Name: cleanName(up.Name), Sender: strings.TrimSpace(up.Sender),
		Via: up.Via, Officer: up.Officer, Size: blob.Size, Received: s.db.Now(), State: Reading,
	}
	mapping, err := s.recognise(ctx, im, up.Accept)
	if fault.Is(err, fault.Invalid) {
		im.State, im.Reason, im.Ended = Refused, err.Error(), im.Received
	} else if err != nil {
		return nil, err
	}
	err = s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertImport(ctx, tx, im); err != nil {
			return err
		}
		if err := s.noteImport(ctx, tx, actReceived, im); err != nil {
			return err
		}
		if im.State != Reading {
			return nil
		}
		if mapping != nil {
			if err := updateMapping(ctx, tx, im.ID, im.Sender, *mapping); err != nil {
				return err
			}
		}
		if mapping != nil && up.Accept { // who accepts a proposal confirms it for the sender
			if err := upsertMapping(ctx, tx, im.Scope, im.Sender, mapping.Fingerprint, *mapping, im.Officer); err != nil {
				return err
			}
		}
		return s.bus.Announce(ctx, tx, Stored{Import: im.ID})
	})
	if fault.Is(err, fault.Conflict) { // the same file came in twice at the same moment
		im, err = selectImportOf(ctx, s.db.Read, up.Scope, blob.Hash)
		if err == nil {
			im.Known = true
		}
	}
	return im, err
}

// recognise sets the format of an import. For a table it returns the mapping to read it
// by, or sets the state to Mapping when a person has to confirm one.
func (s *Imports) recognise(ctx context.Context, im *Import, accept bool) (*table.Mapping, error) {
	head, err := s.evidence.Excerpt(ctx, im.Hash, 0, headSize)
	if err != nil {
		return nil, err
	}
	if im.Format, err = Recognise(head); err != nil || im.Format != CSV && im.Format != XLSX {
		return nil, err
	}
	proposal, err := s.propose(ctx, im)
	if err != nil {
		return nil, err
	}
	known, ok, err := selectMapping(ctx, s.db.Read, im.Scope, im.Sender, proposal.Fingerprint)
	if err != nil {
		return nil, err
	}
	switch {
	case ok:
		return &known, nil
	case accept && proposal.Missing == "":
		return &proposal.Mapping, nil
	}
	im.State = Mapping
	return nil, nil
}

// cleanName keeps the last part of a file name, at most 200 bytes of it.
func cleanName(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == "/" {
		return ""
	}
	if len(name) > 200 {
		name = strings.ToValidUTF8(name[:200], "")
	}
	return strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r < 0x20 {
			return -1
		}
		return r
	}, name), "")
}

// Get returns an import of the scope, or fault.NotFound.
func (s *Imports) Get(ctx context.Context, scope cargo.ScopeID, id int64) (*Import, error) {
	im, err := selectImport(ctx, s.db.Read, id)
	if err == nil && im.Scope != scope {
		return nil, fault.New(fault.NotFound, "there is no import %d", id)
	}
	return im, err
}

// Recent returns the imports of the scope received before a moment, newest first.
func (s *Imports) Recent(ctx context.Context, scope cargo.ScopeID, before time.Time, limit int) ([]*Import, error) {
	return selectImports(ctx, s.db.Read, scope, before, limit)
}

// Senders returns at most 200 names of senders of the scope, in alphabetical order.
func (s *Imports) Senders(ctx context.Context, scope cargo.ScopeID) ([]string, error) {
	return selectSenders(ctx, s.db.Read, scope)
}

// Cancel ends the reading of an import. What was saved stays; Resume goes on.
func (s *Imports) Cancel(ctx context.Context, scope cargo.ScopeID, id int64) error {
	im, err := s.Get(ctx, scope, id)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		moved, err := moveImport(ctx, tx, id, []State{Reading, Mapping}, Cancelled)
		if err == nil && !moved {
			return fault.New(fault.Conflict, "the import has already ended")
		}
		if err != nil {
			return err
		}
		return s.noteImport(ctx, tx, actCancelled, im)
	})
}

// Resume goes on with an import that was cancelled or refused.
func (s *Imports) Resume(ctx context.Context, scope cargo.ScopeID, id int64) error {
	im, err := s.Get(ctx, scope, id)
	if err != nil {
		return err
	}
	mapping, err := s.recognise(ctx, im, false)
	if err != nil {
		return err
	}
	if _, confirmed, err := selectImportMapping(ctx, s.db.Read, id); err != nil {
		return err
	} else if confirmed {
		im.State, mapping = Reading, nil
	}
	to := Reading
	if im.State == Mapping {
		to = Mapping
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		moved, err := moveImport(ctx, tx, id, []State{Cancelled, Refused}, to)
		if err != nil || !moved {
			return err
		}
		if err := s.noteImport(ctx, tx, actResumed, im); err != nil || to == Mapping {
			return err
		}
		if mapping != nil {
			if err := updateMapping(ctx, tx, id, im.Sender, *mapping); err != nil {
				return err
			}
		}
		return s.bus.Announce(ctx, tx, Stored{Import: id})
	})
}

// Excerpt returns bytes of an import's raw file.
func (s *Imports) Excerpt(ctx context.Context, scope cargo.ScopeID, id, offset int64, length int) ([]byte, error) {
	im, err := s.Get(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	return s.evidence.Excerpt(ctx, im.Hash, offset, length)
}

// Raw returns a reader of an import's raw file.
func (s *Imports) Raw(ctx context.Context, scope cargo.ScopeID, id int64) (*Import, io.ReadCloser, error) {
	im, err := s.Get(ctx, scope, id)
	if err != nil {
		return nil, nil, err
	}
	r, err := s.evidence.Open(ctx, im.Hash)
	return im, r, err
}

// open returns a source over the import's file with some bytes replaced, or as it came.
func (s *Imports) open(ctx context.Context, im *Import, mended *splice) (source, func(), error) {
	raw, err := s.evidence.Open(ctx, im.Hash)
	if err != nil {
		return nil, nil, err
	}
	var in io.Reader = raw
	if mended != nil {
		in = mended.over(raw)
	}
	mapping, _, err := selectImportMapping(ctx, s.db.Read, im.ID)
	if err == nil {
		var src source
		if src, err = openSource(in, im.Format, &mapping); err == nil {
			return src, func() { raw.Close() }, nil
		}
	}
	raw.Close()
	return nil, nil, err
}

// splice replaces a span of a file by the text that a person made of it.
type splice struct {
	at   cargo.Span
	text []byte
}

func (p *splice) over(r io.Reader) io.Reader {
	return io.MultiReader(io.LimitReader(r, p.at.Offset), bytes.NewReader(p.text), &skipReader{r: r, n: int64(p.at.Length)})
}

// skipReader leaves out the first n bytes of r.
type skipReader struct {
	r io.Reader
	n int64
}

func (s *skipReader) Read(p []byte) (int, error) {
	if s.n > 0 {
		if _, err := io.CopyN(io.Discard, s.r, s.n); err != nil && !errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("skip the mended record: %w", err)
		}
		s.n = 0
	}
	return s.r.Read(p)
}
