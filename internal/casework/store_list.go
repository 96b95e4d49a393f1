package casework

import (
	"context"
	"database/sql"
	"fmt"
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

func (f Filter) condition(scope cargo.ScopeID, viewer int64) *condition {
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
	for _, w := range f.words() {
		c.add("c.id IN (SELECT w.case_id FROM casework_words w WHERE w.scope_id = ? AND w.word >= ? AND w.word < ?)",
			int64(scope), []byte(w), append([]byte(w), 0xff))
	}
	return c
}

var orders = map[Order]string{
	ByOpening:  "c.id DESC",
	ByDeadline: "c.deadline IS NULL, c.deadline, c.id",
	ByScore:    "c.score IS NULL, c.score DESC, c.id",
	ByChange:   "c.changed_at DESC, c.id DESC",
}

func selectSummaries(ctx context.Context, q store.Querier, scope cargo.ScopeID, f Filter, viewer int64, offset, size int) (out []Summary, err error) {
	c := f.condition(scope, viewer)
	order := orders[f.Order]
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
	if p.Cases, err = selectSummaries(ctx, q, scope, f, viewer, offset, size); err != nil {
		return p, err
	}
	if offset == 0 && len(p.Cases) < size {
		p.Total = len(p.Cases)
		return p, nil
	}
	c := f.condition(scope, viewer)
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM casework_cases c`+c.where(), c.args...).Scan(&p.Total)
	return p, err
}

func countStates(ctx context.Context, q store.Querier, scope cargo.ScopeID, f Filter, viewer int64) (map[State]int, error) {
	out := map[State]int{}
	c := f.condition(scope, viewer)
	err := store.Select(ctx, q, `SELECT c.state, count(*) FROM casework_cases c`+c.where()+` GROUP BY c.state`, c.args, func(rows *sql.Rows) error {
		var s State
		var n int
		err := rows.Scan(&s, &n)
		out[s] = n
		return err
	})
	return out, err
}

func selectTasks(ctx context.Context, q store.Querier, scope cargo.ScopeID, officer int64, limit int) (out []CaseTask, err error) {
	err = store.Select(ctx, q, `SELECT t.case_id, c.number, t.seq, t.text, t.officer_id, t.due FROM casework_tasks t
		JOIN casework_cases c ON c.id = t.case_id WHERE t.scope_id = $1 AND t.officer_id = $2 AND NOT t.done
		ORDER BY t.due IS NULL, t.due, t.case_id, t.seq LIMIT $3`, []any{int64(scope), officer, limit}, func(rows *sql.Rows) error {
		var t CaseTask
		var due sql.NullTime
		err := rows.Scan(&t.Case, &t.Number, &t.Seq, &t.Text, &t.For, &due)
		t.Due = utc(due)
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
