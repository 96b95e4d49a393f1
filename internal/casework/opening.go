package casework

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// Opening is what a case is opened with.
type Opening struct {
	Consignments []int64
	Origin       Origin
	Proposed     bool   // leaves the case for somebody else to select
	Title        string // empty for one of the documents
	Because      string // in words; needed for ByHand and FromMessage
	Key          string // as in Ref
}

// Open opens a case with one or several consignments; the officer in ctx is its owner.
// Errors: fault.Denied; fault.Invalid with a FieldError; fault.NotFound for a consignment
// of another scope; fault.Conflict, an OpenElsewhere, for one that is in an open case.
func (s *Cases) Open(ctx context.Context, scope cargo.ScopeID, o Opening) (Done, error) {
	if _, err := identity.May(ctx, identity.Decide); err != nil {
		return Done{}, err
	}
	d, err := s.opened(ctx, scope, o)
	if err != nil {
		return Done{}, err
	}
	done, err := s.open(ctx, scope, d, o.Key)
	if fault.Is(err, fault.Conflict) { // two at once: the other one has it now
		if e, known, _ := selectEarlier(ctx, s.DB.Read, scope, o.Key); known {
			return again(ctx, e.caseID, e)
		}
		err = s.openElsewhere(ctx, s.DB.Read, d.Consignments, err)
	}
	return done, err
}

// opened returns the first act of a case, with what is known of its consignments.
func (s *Cases) opened(ctx context.Context, scope cargo.ScopeID, o Opening) (*opened, error) {
	if len(o.Consignments) > maxMembers {
		return nil, invalid("consignments", "a case holds 1 to %d consignments", maxMembers)
	}
	bases, err := s.bases(ctx, scope, o.Consignments)
	if err != nil {
		return nil, err
	}
	d := &opened{Title: strings.TrimSpace(o.Title), State: Selected, Origin: o.Origin, Because: o.Because, Consignments: bases}
	if o.Proposed {
		d.State = Proposed
	}
	if d.Title == "" {
		d.Title = titleOf(bases)
	}
	return d, nil
}

// titleOf names a case by its first document.
func titleOf(bases []Basis) string {
	if len(bases) == 0 {
		return ""
	}
	title := []rune(bases[0].Document)
	if len(title) > maxLine-10 {
		title = title[:maxLine-10]
	}
	if len(bases) == 1 {
		return string(title)
	}
	return fmt.Sprintf("%s +%d", string(title), len(bases)-1)
}

// open saves the first act.
func (s *Cases) open(ctx context.Context, scope cargo.ScopeID, d *opened, key string) (done Done, err error) {
	if err := checkKey(key); err != nil {
		return done, err
	}
	unit, err := s.Unit(ctx, scope)
	if err != nil {
		return done, err
	}
	c := &Case{ID: store.NewID(), Scope: scope}
	if err := d.check(c); err != nil {
		return done, err
	}
	var before error
	err = s.DB.InTx(ctx, func(tx *sql.Tx) error {
		e, known, err := selectEarlier(ctx, tx, scope, key)
		if known {
			done, before = again(ctx, e.caseID, e)
			return nil
		}
		if err != nil {
			return err
		}
		year := s.now().In(unit.Location()).Year()
		serial, err := nextSerial(ctx, tx, scope, year) // also the lock that puts openings in a row
		if err != nil {
			return err
		}
		if err := s.openElsewhere(ctx, tx, d.Consignments, nil); err != nil {
			return err
		}
		d.Number = fmt.Sprintf("%s-%d-%04d", unit.Code, year, serial)
		done, err = s.record(ctx, tx, unit, c, d, Act{Key: key})
		return err
	})
	if err != nil {
		return Done{}, err
	}
	return done, before
}

// OpenElsewhere is a fault.Conflict: a consignment is in another open case.
type OpenElsewhere struct {
	Consignment int64
	Case        int64
	Number      string
	Fault       *fault.Error
}

// Error returns the sentence of the fault.
func (e *OpenElsewhere) Error() string { return e.Fault.Error() }

// Unwrap returns the fault.
func (e *OpenElsewhere) Unwrap() error { return e.Fault }

// openElsewhere returns an OpenElsewhere for the first consignment that is in an open
// case, else the other error.
func (s *Cases) openElsewhere(ctx context.Context, q store.Querier, bases []Basis, other error) error {
	ids := make([]int64, len(bases))
	for i, b := range bases {
		ids[i] = b.Consignment
	}
	open, err := selectOpenCases(ctx, q, ids)
	if err != nil {
		return err
	}
	for _, b := range bases {
		if c, in := open[b.Consignment]; in {
			return &OpenElsewhere{b.Consignment, c.ID, c.Number,
				fault.New(fault.Conflict, "consignment %s is in case %s already", b.Document, c.Number).WithHint("go on in that case")}
		}
	}
	return other
}
