package casework

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

// condition collects the conditions of a statement with their arguments.
type condition struct {
	parts []string
	args  []any
}

// add adds a condition, in which each ? stands for the next argument.
func (c *condition) add(text string, args ...any) {
	for _, a := range args {
		c.args = append(c.args, a)
		text = strings.Replace(text, "?", fmt.Sprintf("$%d", len(c.args)), 1)
	}
	c.parts = append(c.parts, text)
}

func (c *condition) where() string { return " WHERE " + strings.Join(c.parts, " AND ") }

// condition renders the filter for the cases c.
func (f Filter) condition(ctx context.Context, q store.Querier, scope cargo.ScopeID, viewer int64) (*condition, error) {
	c := &condition{}
	c.add("c.scope_id = ?", int64(scope))
	if len(f.States) > 0 {
		states := make([]any, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		c.add("c.state IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
	}
	if f.Origin != "" {
		c.add("c.origin = ?", string(f.Origin))
	}
	switch {
	case f.Nobody:
		c.add("c.owner_id = 0")
	case f.Owner != 0:
		c.add("c.owner_id = ?", f.Owner)
	}
	if f.Mine {
		c.add("c.id IN (SELECT p.case_id FROM casework_people p WHERE p.officer_id = ?)", viewer)
	}
	if !f.DueBefore.IsZero() {
		c.add("c.deadline < ? AND c.deadline IS NOT NULL AND c.state <> 'concluded'", store.Time(f.DueBefore))
	}
	if f.Waiting {
		c.add("c.waiting > 0")
	}
	if f.Random {
		c.add("c.random")
	}
	return c, c.words(ctx, q, scope, f.words())
}

// fewCases is up to how many cases of a word are looked up by the word; those of a more
// frequent one are told by looking at each case, until the page is full. Tests lower it.
var fewCases = 1000

// words adds the conditions of a text.
func (c *condition) words(ctx context.Context, q store.Querier, scope cargo.ScopeID, words []string) error {
	for _, w := range words {
		from, to := []byte(w), append([]byte(w), 0xff)
		var n int
		err := q.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM casework_words WHERE scope_id = $1 AND word >= $2 AND word < $3
			LIMIT $4) few`, int64(scope), from, to, fewCases).Scan(&n)
		if err != nil {
			return err
		}
		if n < fewCases {
			c.add("c.id IN (SELECT w.case_id FROM casework_words w WHERE w.scope_id = ? AND w.word >= ? AND w.word < ?)", int64(scope), from, to)
		} else {
			c.add("EXISTS (SELECT 1 FROM casework_words w WHERE w.case_id = c.id AND w.word >= ? AND w.word < ?)", from, to)
		}
	}
	return nil
}

var orders = map[Order]string{
	ByOpening:  "c.id DESC",
	ByDeadline: "c.deadline IS NULL, c.deadline, c.id",
	ByScore:    "c.score IS NULL, c.score DESC, c.id",
	ByChange:   "c.changed_at DESC, c.id DESC",
}

func (c *condition) summaries(ctx context.Context, q store.Querier, o Order, offset, size int) (out []Summary, err error) {
	order := orders[o]
	if order == "" {
		order = orders[ByOpening]
	}
	limit := fmt.Sprintf(" LIMIT %d OFFSET %d", size, offset)
	err = store.Select(ctx, q, summaryColumns+c.where()+" ORDER BY "+order+limit, c.args, func(rows *sql.Rows) error {
		s, err := scanSummary(rows.Scan)
		out = append(out, s)
		return err
	})
	return out, err
}

func selectPage(ctx context.Context, q store.Querier, scope cargo.ScopeID, f Filter, viewer int64, offset, size int) (p Page, err error) {
	c, err := f.condition(ctx, q, scope, viewer)
	if err != nil {
		return p, err
	}
	if p.Cases, err = c.summaries(ctx, q, f.Order, offset, size); err != nil {
		return p, err
	}
	if offset == 0 && len(p.Cases) < size {
		p.Total = len(p.Cases)
		return p, nil
	}
	limit := ""
	if f.Text != "" {
		limit = fmt.Sprintf(" LIMIT %d", maxHits+1)
	}
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM casework_cases c`+c.where()+limit+`) picked`, c.args...).Scan(&p.Total)
	if f.Text != "" && p.Total > maxHits {
		p.Total, p.More = maxHits, true
	}
	return p, err
}

// selectBoard returns the columns of the states with their first cases.
func selectBoard(ctx context.Context, q store.Querier, scope cargo.ScopeID, f Filter, viewer int64, size int) ([]Column, error) {
	c, err := f.condition(ctx, q, scope, viewer)
	if err != nil {
		return nil, err
	}
	counts := map[State]int{}
	err = store.Select(ctx, q, `SELECT c.state, count(*) FROM casework_cases c`+c.where()+` GROUP BY c.state`, c.args, func(rows *sql.Rows) error {
		var s State
		var n int
		err := rows.Scan(&s, &n)
		counts[s] = n
		return err
	})
	if err != nil {
		return nil, err
	}
	var board []Column
	for _, state := range States {
		if !f.has(state) {
			continue
		}
		column := Column{State: state, Count: counts[state]}
		if column.Count > 0 {
			one := &condition{parts: slices.Clone(c.parts), args: slices.Clone(c.args)}
			one.add("c.state = ?", string(state))
			order := ByScore
			if state == Closed {
				order = ByOpening
			}
			if column.Cases, err = one.summaries(ctx, q, order, 0, size); err != nil {
				return nil, err
			}
		}
		board = append(board, column)
	}
	return board, nil
}

func selectTasks(ctx context.Context, q store.Querier, scope cargo.ScopeID, officer int64, limit int) (out []CaseTask, err error) {
	err = store.Select(ctx, q, `SELECT t.case_id, c.number, t.seq, t.text, t.officer_id, t.due FROM casework_tasks t
		JOIN casework_cases c ON c.id = t.case_id WHERE t.scope_id = $1 AND t.officer_id = $2 AND NOT t.done
		ORDER BY t.due IS NULL, t.due, t.case_id, t.seq LIMIT $3`, []any{int64(scope), officer, limit}, func(rows *sql.Rows) error {
		var t CaseTask
		var due sql.NullTime
		err := rows.Scan(&t.Case, &t.Number, &t.Seq, &t.Text, &t.For, &due)
		t.Due = store.TimeOf(due)
		out = append(out, t)
		return err
	})
	return out, err
}

// addCaseMarks adds the open case of each consignment, else the latest one.
func addCaseMarks(ctx context.Context, q store.Querier, scope cargo.ScopeID, ids []int64, marks map[int64]Mark) error {
	return store.SelectIn(ctx, q, `SELECT m.consignment_id, c.scope_id, c.id, c.number, c.state, c.ending, c.changed_at
		FROM casework_consignments m JOIN casework_cases c ON c.id = m.case_id WHERE m.consignment_id IN %s
		AND (m.is_open OR c.state = 'concluded') ORDER BY m.is_open, c.id`, nil, ids, func(rows *sql.Rows) error {
		var m Mark
		var of cargo.ScopeID
		if err := rows.Scan(&m.Consignment, &of, &m.Case, &m.Number, &m.State, &m.Ending, &m.At); err != nil || of != scope {
			return err
		}
		m.At = m.At.UTC()
		if before, released := marks[m.Consignment]; released && before.Released && m.State == Closed && before.At.After(m.At) {
			return nil // released anew after the case
		}
		marks[m.Consignment] = m // later rows are later cases, and the open one is the last
		return nil
	})
}

func selectCasesOf(ctx context.Context, q store.Querier, scope cargo.ScopeID, consignment int64) (out []Summary, err error) {
	err = store.Select(ctx, q, summaryColumns+` JOIN casework_consignments m ON m.case_id = c.id
		WHERE m.consignment_id = $1 AND c.scope_id = $2 ORDER BY c.id DESC`, []any{consignment, int64(scope)}, func(rows *sql.Rows) error {
		s, err := scanSummary(rows.Scan)
		out = append(out, s)
		return err
	})
	return out, err
}
