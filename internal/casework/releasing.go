package casework

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
)

// Bulk is a release of several consignments of low risk in one act, without cases.
type Bulk struct {
	Consignments []int64
	Reason       Reason // of ReasonRelease
	Rest         bool   // release those that may be, even if others may not
	Key          string // as in Ref
}

// Refusal says why a consignment was not released.
type Refusal struct {
	Consignment int64  `json:"consignment"`
	Document    string `json:"document"`
	Why         Why    `json:"why"`
	Case        int64  `json:"case,omitempty"` // when it is in one
	Number      string `json:"number,omitempty"`
}

// Why is a reason against a release in bulk. Pages look up "case.refusal.<why>".
type Why string

// Reasons against a release in bulk.
const (
	NotLow      Why = "not-low"      // to be examined or looked at
	NotAssessed Why = "not-assessed" // nothing is known of it yet
	InCase      Why = "in-case"      // an open case decides
	IsReleased  Why = "is-released"  // this version is released already
	IsWithdrawn Why = "is-withdrawn" // the sender has cancelled the document
)

// Whys lists the reasons against a release in bulk.
var Whys = []Why{NotLow, NotAssessed, InCase, IsReleased, IsWithdrawn}

// BulkAnswer is what became of a bulk.
type BulkAnswer struct {
	Released []int64   `json:"released"`
	Refused  []Refusal `json:"refused"`
	Again    bool      `json:"-"` // the act was here already, under the same key
}

// maxBulk bounds one act.
const maxBulk = 1000

// Release lets consignments of low risk go: of channel release, and below the score from
// which the unit examines. Unless b.Rest is set, nothing is released when one may not be,
// and the error is a fault.Conflict; either way the answer says which and why. Each
// release is recorded for itself, on the trail and for the statistics.
func (s *Cases) Release(ctx context.Context, scope cargo.ScopeID, b Bulk) (BulkAnswer, error) {
	if _, err := identity.May(ctx, identity.Decide); err != nil {
		return BulkAnswer{}, err
	}
	if err := b.check(); err != nil {
		return BulkAnswer{}, err
	}
	b.Reason.Words = store.Text(b.Reason.Words)
	unit, err := s.Unit(ctx, scope)
	if err != nil {
		return BulkAnswer{}, err
	}
	bases, err := s.bases(ctx, scope, b.Consignments)
	if err != nil {
		return BulkAnswer{}, err
	}
	var answer BulkAnswer
	err = s.DB.InTx(ctx, func(tx *sql.Tx) error {
		answer, err = s.releaseIn(ctx, tx, unit, scope, b, bases)
		return err
	})
	if store.IsUnique(err) {
		err = fault.Wrap(fault.Conflict, err, "somebody else has decided about one of these consignments at this moment").
			WithHint("load the queue again")
	}
	return answer, err
}

func (b Bulk) check() error {
	if n := len(b.Consignments); n == 0 || n > maxBulk {
		return invalid("consignments", "choose 1 to %d consignments", maxBulk)
	}
	if err := checkKey(b.Key); err != nil {
		return err
	}
	return b.Reason.check(ReasonRelease, false)
}

// releaseIn releases what may be released. An error undoes everything but the answer.
func (s *Cases) releaseIn(ctx context.Context, tx *sql.Tx, unit identity.Unit, scope cargo.ScopeID, b Bulk, bases []Basis) (BulkAnswer, error) {
	v, _ := identity.From(ctx)
	before, officer, known, err := selectBatch(ctx, tx, scope, b.Key)
	switch {
	case err != nil:
		return BulkAnswer{}, err
	case known && officer != v.Officer.ID:
		return BulkAnswer{}, errKeyTaken
	case known:
		return before, nil
	}
	if err := lockOpenings(ctx, tx, scope, s.now().In(unit.Location()).Year()); err != nil {
		return BulkAnswer{}, err
	}
	low, refused, err := s.sift(ctx, tx, bases)
	if err != nil {
		return BulkAnswer{}, err
	}
	answer := BulkAnswer{Refused: refused}
	if len(refused) > 0 && !b.Rest {
		return answer, fault.New(fault.Conflict, "%d of %d consignments may not be released together", len(refused), len(bases)).
			WithHint("release the rest, or look at those that are named")
	}
	err = s.release(ctx, tx, unit, scope, b, low, &answer)
	return answer, err
}

// Refusals says which of the consignments Release would refuse, and why: the question
// before the act.
func (s *Cases) Refusals(ctx context.Context, scope cargo.ScopeID, consignments []int64) ([]Refusal, error) {
	if _, err := identity.May(ctx, identity.Decide); err != nil {
		return nil, err
	}
	bases, err := s.bases(ctx, scope, consignments)
	if err != nil {
		return nil, err
	}
	_, refused, err := s.sift(ctx, s.DB.Read, bases)
	return refused, err
}

// sift parts those that may be released from those that may not.
func (s *Cases) sift(ctx context.Context, q store.Querier, bases []Basis) (low []Basis, refused []Refusal, err error) {
	ids := make([]int64, len(bases))
	for i, b := range bases {
		ids[i] = b.Consignment
	}
	open, err := selectOpenCases(ctx, q, ids)
	if err != nil {
		return nil, nil, err
	}
	released, err := selectReleasedVersions(ctx, q, ids)
	if err != nil {
		return nil, nil, err
	}
	for _, b := range bases {
		r := Refusal{Consignment: b.Consignment, Document: b.Document}
		c, in := open[b.Consignment]
		switch {
		case in:
			r.Why, r.Case, r.Number = InCase, c.ID, c.Number
		case b.Withdrawn:
			r.Why = IsWithdrawn
		case !b.Assessed:
			r.Why = NotAssessed
		case b.High || b.Random || b.Channel != risk.Release:
			r.Why = NotLow
		case released[b.Consignment] == b.Version:
			r.Why = IsReleased
		default:
			low = append(low, b)
			continue
		}
		refused = append(refused, r)
	}
	return low, refused, nil
}

// release records the releases.
func (s *Cases) release(ctx context.Context, tx *sql.Tx, unit identity.Unit, scope cargo.ScopeID, b Bulk, low []Basis, answer *BulkAnswer) error {
	v, _ := identity.From(ctx)
	now, batch := s.now(), store.NewID()
	results := make([]ConsignmentResult, len(low))
	for i, basis := range low {
		answer.Released = append(answer.Released, basis.Consignment)
		results[i] = ConsignmentResult{
			Consignment: basis.Consignment, Version: basis.Version, Ending: Released, Selection: ByOfficer, Inclusion: basis.Inclusion,
			Channel: basis.Channel, Score: basis.Score, Indicators: basis.Indicators, Loading: basis.Loading, Unloading: basis.Unloading,
			Arrival: basis.Arrival, Received: basis.Received, ConcludedAt: now,
		}
	}
	if err := insertReleases(ctx, tx, scope, batch, v.Officer.ID, b.Reason, now, low); err != nil {
		return err
	}
	feed, err := nextFeed(ctx, tx, scope)
	if err != nil {
		return err
	}
	if err := s.count(ctx, tx, feed, unit, scope, 0, results); err != nil {
		return err
	}
	for _, basis := range low {
		err := s.Audit.Record(ctx, tx, identity.Entry{
			Act: auditReleased, ObjectKind: "consignment", ObjectID: strconv.FormatInt(basis.Consignment, 10), Unit: unit.ID, At: now,
			Detail: map[string]any{"version": basis.Version, "reason": b.Reason, "batch": batch, "together": len(low)},
		})
		if err != nil {
			return err
		}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return insertBatch(ctx, tx, scope, batch, v.Officer.ID, b.Key, body)
}

// ReleaseOf returns who released the consignment without a case, and why, or a
// fault.NotFound.
func (s *Cases) ReleaseOf(ctx context.Context, scope cargo.ScopeID, consignment int64) (ReleaseNote, error) {
	if _, err := identity.May(ctx, identity.SeeQueue); err != nil {
		return ReleaseNote{}, err
	}
	return selectRelease(ctx, s.DB.Read, scope, consignment)
}

// ReleaseNote is a release without a case.
type ReleaseNote struct {
	Consignment int64
	Version     int // of the consignment
	Reason      Reason
	Officer     int64
	At          time.Time
}
