package casework

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
)

// resultRow is a row of casework_results.
type resultRow struct {
	ID    int64
	Scope cargo.ScopeID
	Case  int64 // 0 for a release without a case
	Day   int   // of the conclusion, in the unit's time
	ConsignmentResult

	hours                                float64 // the rest as it is stored, when it was read
	indicators, right, wrong, categories string
}

// nextFeed counts a change of the scope's results and holds its row until the transaction
// ends, so that changes become visible in the order of their numbers.
func nextFeed(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID) (int64, error) {
	feed, err := nextSerial(ctx, tx, scope, feedYear)
	return int64(feed), err
}

// feedYear is the year under which casework_serials counts the changes of results.
const feedYear = 0

// retireResults marks earlier results of a case as no longer the newest: of one
// consignment, or of all for 0.
func retireResults(ctx context.Context, q store.Querier, feed, id, consignment int64) error {
	_, err := q.ExecContext(ctx, `UPDATE casework_results SET newest = FALSE, feed = $1 WHERE case_id = $2 AND case_id <> 0
		AND newest AND (consignment_id = $3 OR $3 = 0)`, feed, id, consignment)
	return err
}

// retireReleases marks releases without a case as no longer the newest word about the
// consignments.
func retireReleases(ctx context.Context, q store.Querier, feed int64, consignments []int64) error {
	for _, id := range consignments {
		_, err := q.ExecContext(ctx, `UPDATE casework_results SET newest = FALSE, feed = $1
			WHERE consignment_id = $2 AND case_id = 0 AND newest`, feed, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// countResults returns how many results of the case there are of each consignment.
func countResults(ctx context.Context, q store.Querier, id int64, consignments []int64) (map[int64]int, error) {
	out := map[int64]int{}
	err := store.SelectIn(ctx, q, `SELECT consignment_id, count(*) FROM casework_results WHERE case_id = $1 AND case_id <> 0 AND consignment_id IN %s
		GROUP BY consignment_id`, []any{id}, consignments, func(rows *sql.Rows) error {
		var consignment int64
		var n int
		err := rows.Scan(&consignment, &n)
		out[consignment] = n
		return err
	})
	return out, err
}

func insertResults(ctx context.Context, q store.Querier, feed int64, results []resultRow) error {
	rows := make([][]any, len(results))
	for i, r := range results {
		rows[i] = []any{r.ID, int64(r.Scope), r.Case, r.Consignment, r.Revision, true, store.Time(r.ConcludedAt), r.Day, r.Hours(), string(r.Ending),
			r.Examined, string(r.Method), string(r.Selection), r.Inclusion, string(r.Result), string(r.Channel), eighths(r.Score),
			r.Loading, r.Unloading, strings.Join(r.Indicators, " "), strings.Join(r.Right, " "), strings.Join(r.Wrong, " "),
			joinCategories(r.Categories), r.Value, r.Arrests, feed}
	}
	return store.InsertRows(ctx, q, `INSERT INTO casework_results (id, scope_id, case_id, consignment_id, version, newest, concluded_at, day, hours,
		ending, examined, method, selection, inclusion, result, channel, score, loading, unloading, indicators, proved_right, proved_wrong,
		categories, value, arrests, feed) VALUES`, rows, "")
}

func joinCategories(cs []Category) string {
	words := make([]string, len(cs))
	for i, c := range cs {
		words[i] = string(c)
	}
	return strings.Join(words, " ")
}

// selectResultsSince visits the rows that have changed after a number of the feed, oldest
// first: with their number, and whether they count.
func selectResultsSince(ctx context.Context, q store.Querier, scope cargo.ScopeID, after int64, visit func(r *resultRow, feed int64, newest bool)) error {
	query := `SELECT id, newest, day, hours, ending, examined, selection, result, channel, loading, unloading, indicators,
		proved_right, proved_wrong, categories, value, arrests, feed FROM casework_results WHERE scope_id = $1 AND feed > $2`
	if after == 0 {
		query += ` AND newest`
	}
	return store.Select(ctx, q, query+` ORDER BY feed, id`, []any{int64(scope), after}, func(rows *sql.Rows) error {
		var r resultRow
		var feed int64
		var newest bool
		var ending, selection, result, channel string // plain texts are scanned in half the time
		err := rows.Scan(&r.ID, &newest, &r.Day, &r.hours, &ending, &r.Examined, &selection, &result, &channel,
			&r.Loading, &r.Unloading, &r.indicators, &r.right, &r.wrong, &r.categories, &r.Value, &r.Arrests, &feed)
		if err != nil {
			return err
		}
		r.Ending, r.Selection, r.Result, r.Channel = Ending(ending), Selection(selection), Result(result), risk.Channel(channel)
		visit(&r, feed, newest)
		return nil
	})
}

// ResultRow is a result as a line of a spreadsheet.
type ResultRow struct {
	Consignment int64
	Case        int64  // 0 for a release without a case
	Number      string // of the case
	ConcludedAt time.Time
	Hours       float64 // that the goods waited
	Ending      Ending
	Examined    bool
	Method      Method
	Selection   Selection
	Inclusion   float64
	Result      Result
	Channel     risk.Channel
	Score       risk.LogOdds
	Loading     string
	Unloading   string
	Indicators  string // ids parted by spaces, as in the next three
	Right       string
	Wrong       string
	Categories  string
	Value       float64 // US dollars
	Arrests     int
}

// selectResultRows returns the rows of the ids in their order.
func selectResultRows(ctx context.Context, q store.Querier, scope cargo.ScopeID, ids []int64) ([]ResultRow, error) {
	found := make(map[int64]ResultRow, len(ids))
	err := store.SelectIn(ctx, q, `SELECT r.id, r.scope_id, r.consignment_id, r.case_id, coalesce(c.number, ''), r.concluded_at, r.hours, r.ending,
		r.examined, r.method, r.selection, r.inclusion, r.result, r.channel, r.score, r.loading, r.unloading, r.indicators, r.proved_right,
		r.proved_wrong, r.categories, r.value, r.arrests FROM casework_results r LEFT JOIN casework_cases c ON c.id = r.case_id
		WHERE r.id IN %s`, nil, ids, func(rows *sql.Rows) error {
		var r ResultRow
		var id, score int64
		var of cargo.ScopeID
		err := rows.Scan(&id, &of, &r.Consignment, &r.Case, &r.Number, &r.ConcludedAt, &r.Hours, &r.Ending, &r.Examined, &r.Method,
			&r.Selection, &r.Inclusion, &r.Result, &r.Channel, &score, &r.Loading, &r.Unloading, &r.Indicators, &r.Right, &r.Wrong,
			&r.Categories, &r.Value, &r.Arrests)
		r.ConcludedAt, r.Score = r.ConcludedAt.UTC(), ofEighths(score)
		if of == scope {
			found[id] = r
		}
		return err
	})
	out := make([]ResultRow, 0, len(ids))
	for _, id := range ids {
		if r, there := found[id]; there {
			out = append(out, r)
		}
	}
	return out, err
}
