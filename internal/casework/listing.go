package casework

import (
	"context"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// Filter picks cases; a zero field picks all.
type Filter struct {
	States    []State
	Origin    Origin
	Owner     int64     // officer
	Nobody    bool      // cases without an owner; Owner is left aside
	Mine      bool      // the viewer owns or watches it, is of its team, or has a task in it
	Text      string    // beginnings of words: number, document, container, party, title
	DueBefore time.Time // open cases with a deadline before
	Waiting   bool      // something was set aside and waits
	Random    bool      // with a consignment that the random draw chose
	Order     Order
}

// Order is in which order cases are listed.
type Order string

// Orders of a list.
const (
	ByOpening  Order = ""         // the latest first
	ByDeadline Order = "deadline" // the most urgent first; cases without one come last
	ByScore    Order = "score"    // the highest first
	ByChange   Order = "change"   // the latest first
)

// Orders lists the orders.
var Orders = []Order{ByOpening, ByDeadline, ByScore, ByChange}

// Page is a part of a list.
type Page struct {
	Cases []Summary
	Total int  // of all pages
	More  bool // a text was found in more cases than Total, which is not counted on
}

// maxHits is how far the cases are counted in which a text is found.
const maxHits = 1000

// maxPage bounds a page of a list.
const maxPage = 200

// List returns the cases that the filter picks, size of them (200 at most) from the
// offset on.
func (s *Cases) List(ctx context.Context, scope cargo.ScopeID, f Filter, offset, size int) (Page, error) {
	v, err := identity.May(ctx, identity.SeeQueue)
	if err != nil {
		return Page{}, err
	}
	return selectPage(ctx, s.DB.Read, scope, f, v.Officer.ID, max(0, offset), min(max(1, size), maxPage))
}

// Column is a column of the board.
type Column struct {
	State State
	Count int
	Cases []Summary // the first ones
}

// Board returns a column for each state that the filter leaves, with at most size cases
// (50 at most) in each: open ones by their score, concluded ones the latest first.
func (s *Cases) Board(ctx context.Context, scope cargo.ScopeID, f Filter, size int) ([]Column, error) {
	v, err := identity.May(ctx, identity.SeeQueue)
	if err != nil {
		return nil, err
	}
	return selectBoard(ctx, s.DB.Read, scope, f, v.Officer.ID, min(max(1, size), 50))
}

func (f Filter) has(state State) bool {
	for _, s := range f.States {
		if s == state {
			return true
		}
	}
	return len(f.States) == 0
}

// Case returns everything about a case, or a fault.NotFound.
func (s *Cases) Case(ctx context.Context, scope cargo.ScopeID, id int64) (*Case, error) {
	if _, err := identity.May(ctx, identity.SeeQueue); err != nil {
		return nil, err
	}
	return selectCase(ctx, s.DB.Read, scope, id)
}

// CaseTask is a task with its case, as it stands in an officer's list.
type CaseTask struct {
	Case   int64
	Number string // of the case
	Seq    int
	Text   string
	For    int64 // 0 for anybody
	Due    time.Time
}

// Tasks returns what is to be done in open cases by the officer, or by anybody for 0: at
// most limit (200 at most) tasks, the most urgent first.
func (s *Cases) Tasks(ctx context.Context, scope cargo.ScopeID, officer int64, limit int) ([]CaseTask, error) {
	if _, err := identity.May(ctx, identity.SeeQueue); err != nil {
		return nil, err
	}
	return selectTasks(ctx, s.DB.Read, scope, officer, min(max(1, limit), maxPage))
}

// Mark is what was decided about a consignment, for the queue.
type Mark struct {
	Consignment int64
	Case        int64 // the open case, else the latest one; 0 when there was none
	Number      string
	State       State
	Ending      Ending    // of a concluded case; Released for a release without a case
	Released    bool      // without a case
	Version     int       // of the consignment that was released without a case
	At          time.Time // of the last act, or of the release
}

// Marks returns what was decided about each of the consignments of the scope. Those that
// nobody has decided about are left out.
func (s *Cases) Marks(ctx context.Context, scope cargo.ScopeID, consignments []int64) (map[int64]Mark, error) {
	if _, err := identity.May(ctx, identity.SeeQueue); err != nil {
		return nil, err
	}
	marks, err := selectReleases(ctx, s.DB.Read, scope, consignments)
	if err != nil {
		return nil, err
	}
	return marks, addCaseMarks(ctx, s.DB.Read, scope, consignments, marks)
}

// CasesOf returns all cases that a consignment is or was in, the latest first.
func (s *Cases) CasesOf(ctx context.Context, scope cargo.ScopeID, consignment int64) ([]Summary, error) {
	if _, err := identity.May(ctx, identity.SeeQueue); err != nil {
		return nil, err
	}
	return selectCasesOf(ctx, s.DB.Read, scope, consignment)
}

// words returns the words of a text by which cases are looked for.
func (f Filter) words() []string {
	words := cargo.NameWords(store.Text(f.Text))
	return words[:min(len(words), 8)]
}
