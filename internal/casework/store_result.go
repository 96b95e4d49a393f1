package casework

import (
	"context"
	"database/sql"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

// resultRow is a row of casework_results.
type resultRow struct {
	ID    int64
	Scope cargo.ScopeID
	Case  int64 // 0 for a release without a case
	Day   int   // of the conclusion, in the unit's time
	ConsignmentResult
}

// retireResults marks earlier results of a case as no longer the newest: of one
// consignment, or of all for 0.
func retireResults(ctx context.Context, q store.Querier, id, consignment int64) error {
	_, err := q.ExecContext(ctx, `UPDATE casework_results SET newest = FALSE WHERE case_id = $1 AND case_id <> 0 AND newest AND ($2 = 0 OR consignment_id = $3)`,
		id, consignment, consignment)
	return err
}

// retireReleases marks releases without a case as no longer the newest word about the
// consignments.
func retireReleases(ctx context.Context, q store.Querier, consignments []int64) error {
	for _, id := range consignments {
		_, err := q.ExecContext(ctx, `UPDATE casework_results SET newest = FALSE WHERE consignment_id = $1 AND case_id = 0 AND newest`, id)
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

func insertResults(ctx context.Context, q store.Querier, results []resultRow) error {
	rows := make([][]any, len(results))
	for i, r := range results {
		rows[i] = []any{r.ID, int64(r.Scope), r.Case, r.Consignment, r.Revision, true, store.Time(r.ConcludedAt), r.Day, r.Hours(), string(r.Ending),
			r.Examined, string(r.Method), string(r.Selection), r.Inclusion, string(r.Result), string(r.Channel), eighths(r.Score),
			r.Loading, r.Unloading, strings.Join(r.Indicators, " "), strings.Join(r.Right, " "), strings.Join(r.Wrong, " "),
			joinCategories(r.Categories), r.Value, r.Arrests}
	}
	return store.InsertRows(ctx, q, `INSERT INTO casework_results (id, scope_id, case_id, consignment_id, version, newest, concluded_at, day, hours,
		ending, examined, method, selection, inclusion, result, channel, score, loading, unloading, indicators, proved_right, proved_wrong,
		categories, value, arrests) VALUES`, rows, "")
}

func joinCategories(cs []Category) string {
	words := make([]string, len(cs))
	for i, c := range cs {
		words[i] = string(c)
	}
	return strings.Join(words, " ")
}
