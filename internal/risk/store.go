package risk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

// queueRow is a row of risk_queue.
type queueRow struct {
	Row
	inclusion float64
	feed      int64
}

// nextFeed counts a change of the scope and holds its row until the transaction ends,
// so that changes become visible in the order of their numbers.
func nextFeed(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID) (feed int64, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO risk_feeds (scope_id, feed) VALUES ($1, 1)
		ON CONFLICT (scope_id) DO UPDATE SET feed = risk_feeds.feed + 1 RETURNING feed`, int64(scope)).Scan(&feed)
	if err != nil {
		return 0, fmt.Errorf("count the change: %w", err)
	}
	return feed, nil
}

func selectFeed(ctx context.Context, q store.Querier, scope cargo.ScopeID) (feed int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT feed FROM risk_feeds WHERE scope_id = $1`, int64(scope)).Scan(&feed)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return feed, err
}

func notAssessed(ctx context.Context, q store.Querier, refs []cargo.VersionRef) ([]cargo.VersionRef, error) {
	ids := make([]int64, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	done := map[cargo.VersionRef]bool{}
	err := store.SelectIn(ctx, q, `SELECT consignment_id, version FROM risk_assessments WHERE consignment_id IN %s`, nil, ids,
		func(rows *sql.Rows) error {
			var r cargo.VersionRef
			err := rows.Scan(&r.ID, &r.Version)
			done[r] = true
			return err
		})
	var todo []cargo.VersionRef
	for _, r := range refs {
		if !done[r] {
			todo = append(todo, r)
		}
	}
	return todo, err
}

func insertAssessments(ctx context.Context, q store.Querier, kept []Kept) error {
	rows := make([][]any, len(kept))
	for i, k := range kept {
		findings, err := json.Marshal(k.Findings)
		if err != nil {
			return err
		}
		rows[i] = []any{k.Consignment, k.Version, float64(k.Score), float64(k.Base), k.Engine, k.Settings, string(findings), k.At}
	}
	return store.InsertRows(ctx, q, `INSERT INTO risk_assessments (consignment_id, version, score, base, engine, settings, findings, assessed_at) VALUES`, rows, "")
}

func scanKept(rows *sql.Rows) (Kept, error) {
	var k Kept
	var findings []byte
	if err := rows.Scan(&k.Consignment, &k.Version, &k.Score, &k.Base, &k.Engine, &k.Settings, &findings, &k.At); err != nil {
		return k, err
	}
	k.At = k.At.UTC()
	return k, jsonv2.Unmarshal(findings, &k.Findings) // in half the time of encoding/json
}

const keptColumns = `SELECT a.consignment_id, a.version, a.score, a.base, a.engine, a.settings, a.findings, a.assessed_at FROM risk_assessments a`

func selectNewest(ctx context.Context, q store.Querier, ids []int64) (map[int64]Kept, error) {
	out := make(map[int64]Kept, len(ids))
	err := store.SelectIn(ctx, q, keptColumns+` JOIN risk_queue r ON r.consignment_id = a.consignment_id AND r.version = a.version
		WHERE r.consignment_id IN %s`, nil, ids, func(rows *sql.Rows) error {
		k, err := scanKept(rows)
		out[k.Consignment] = k
		return err
	})
	return out, err
}

// selectAllVersions returns all assessments of consignments, oldest version first.
func selectAllVersions(ctx context.Context, q store.Querier, ids []int64) (map[int64][]Kept, error) {
	out := make(map[int64][]Kept, len(ids))
	err := store.SelectIn(ctx, q, keptColumns+` WHERE a.consignment_id IN %s ORDER BY a.version`, nil, ids, func(rows *sql.Rows) error {
		k, err := scanKept(rows)
		out[k.Consignment] = append(out[k.Consignment], k)
		return err
	})
	return out, err
}

const queueColumns = `SELECT consignment_id, version, score, channel, random, inclusion, withdrawn, mode, day, loading, unloading,
	consignor, consignee, notify, indicators, feed FROM risk_queue`

func scanQueueRow(rows *sql.Rows, r *queueRow) error {
	var score int64
	var indicators string
	err := rows.Scan(&r.Consignment, &r.Version, &score, &r.Channel, &r.Random, &r.inclusion, &r.Withdrawn, &r.Mode, &r.Day,
		&r.Loading, &r.Unloading, &r.Consignor, &r.Consignee, &r.Notify, &indicators, &r.feed)
	r.Score = LogOdds(score) * Step
	r.Indicators = strings.Fields(indicators)
	return err
}

// countQueueSince returns how many rows selectQueueSince would visit, or somewhat fewer
// when rows are being written.
func countQueueSince(ctx context.Context, q store.Querier, scope cargo.ScopeID, after, to int64) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM risk_queue WHERE scope_id = $1 AND feed > $2 AND feed <= $3`, int64(scope), after, to).Scan(&n)
	return n, err
}

func selectQueueSince(ctx context.Context, q store.Querier, scope cargo.ScopeID, after, to int64, visit func(*queueRow)) error {
	return store.Select(ctx, q, queueColumns+` WHERE scope_id = $1 AND feed > $2 AND feed <= $3`, []any{int64(scope), after, to},
		func(rows *sql.Rows) error {
			var r queueRow
			if err := scanQueueRow(rows, &r); err != nil {
				return err
			}
			visit(&r)
			return nil
		})
}

// selectRows hides the scope from SQLite's planner, which would rather walk through all
// of the scope than look the few ids up.
func selectRows(ctx context.Context, q store.Querier, scope cargo.ScopeID, ids []int64) (map[int64]Queued, error) {
	out := make(map[int64]Queued, len(ids))
	err := store.SelectIn(ctx, q, queueColumns+` WHERE +scope_id = $1 AND consignment_id IN %s`, []any{int64(scope)}, ids,
		func(rows *sql.Rows) error {
			var r queueRow
			err := scanQueueRow(rows, &r)
			out[r.Consignment] = Queued{r.Row, r.inclusion}
			return err
		})
	return out, err
}

// upsertQueue writes the rows, and returns the days that consignments have moved away
// from. A row of an older version than the one in the queue changes nothing.
func upsertQueue(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, rows []queueRow) (left []int, err error) {
	ids := make([]int64, len(rows))
	values := make([][]any, len(rows))
	for i, r := range rows {
		ids[i] = r.Consignment
		values[i] = []any{r.Consignment, int64(scope), r.Version, int64(r.Score / Step), string(r.Channel), r.Random, r.inclusion,
			r.Withdrawn, int(r.Mode), r.Day, r.Loading, r.Unloading, r.Consignor, r.Consignee, r.Notify, strings.Join(r.Indicators, " "), r.feed}
	}
	err = store.SelectIn(ctx, tx, `SELECT DISTINCT day FROM risk_queue WHERE consignment_id IN %s`, nil, ids, func(rows *sql.Rows) error {
		var day int
		err := rows.Scan(&day)
		left = append(left, day)
		return err
	})
	if err != nil {
		return nil, err
	}
	return left, store.InsertRows(ctx, tx, `INSERT INTO risk_queue (consignment_id, scope_id, version, score, channel, random, inclusion,
		withdrawn, mode, day, loading, unloading, consignor, consignee, notify, indicators, feed) VALUES`, values,
		`ON CONFLICT (consignment_id) DO UPDATE SET version = excluded.version, score = excluded.score, channel = excluded.channel,
		random = excluded.random, inclusion = excluded.inclusion, withdrawn = excluded.withdrawn, mode = excluded.mode, day = excluded.day,
		loading = excluded.loading, unloading = excluded.unloading, consignor = excluded.consignor, consignee = excluded.consignee,
		notify = excluded.notify, indicators = excluded.indicators, feed = excluded.feed WHERE excluded.version >= risk_queue.version`)
}

// drawn is what the random draw said of a consignment when it first came.
type drawn struct {
	chosen bool
	share  float64
}

// selectDrawn returns what the draw said of those consignments that are in the queue.
func selectDrawn(ctx context.Context, q store.Querier, cs []*cargo.Consignment) (map[int64]drawn, error) {
	ids := make([]int64, len(cs))
	for i, c := range cs {
		ids[i] = c.ID
	}
	out := map[int64]drawn{}
	err := store.SelectIn(ctx, q, `SELECT consignment_id, random, inclusion FROM risk_queue WHERE consignment_id IN %s`, nil, ids,
		func(rows *sql.Rows) error {
			var id int64
			var d drawn
			err := rows.Scan(&id, &d.chosen, &d.share)
			out[id] = d
			return err
		})
	return out, err
}

// selectDays returns the days from a day on on which something arrives.
func selectDays(ctx context.Context, q store.Querier, scope cargo.ScopeID, from int) (days []int, err error) {
	err = store.Select(ctx, q, `SELECT DISTINCT day FROM risk_queue WHERE scope_id = $1 AND day >= $2 ORDER BY day`,
		[]any{int64(scope), from}, func(rows *sql.Rows) error {
			var day int
			err := rows.Scan(&day)
			days = append(days, day)
			return err
		})
	return days, err
}

// selectBest returns the highest scores of a day that the draw has not chosen.
func selectBest(ctx context.Context, q store.Querier, scope cargo.ScopeID, day, limit int) (out []Row, err error) {
	err = store.Select(ctx, q, `SELECT consignment_id, score FROM risk_queue
		WHERE scope_id = $1 AND day = $2 AND NOT random AND NOT withdrawn ORDER BY score DESC, consignment_id LIMIT $3`,
		[]any{int64(scope), day, limit}, func(rows *sql.Rows) error {
			var r Row
			var score int64
			err := rows.Scan(&r.Consignment, &score)
			r.Score = LogOdds(score) * Step
			out = append(out, r)
			return err
		})
	return out, err
}

// selectRaised returns which consignments of a day are in another channel than release,
// those of the draw left out.
func selectRaised(ctx context.Context, q store.Querier, scope cargo.ScopeID, day int) (map[int64]Channel, error) {
	out := map[int64]Channel{}
	err := store.Select(ctx, q, `SELECT consignment_id, channel FROM risk_queue
		WHERE scope_id = $1 AND day = $2 AND channel <> 'release' AND NOT random`, []any{int64(scope), day}, func(rows *sql.Rows) error {
		var id int64
		var channel Channel
		err := rows.Scan(&id, &channel)
		out[id] = channel
		return err
	})
	return out, err
}

func updateChannel(ctx context.Context, q store.Querier, id int64, channel Channel, feed int64) error {
	_, err := q.ExecContext(ctx, `UPDATE risk_queue SET channel = $1, feed = $2 WHERE consignment_id = $3`, string(channel), feed, id)
	return err
}

// loadMemory adds what the unit remembers of everything that the consignments touch.
func loadMemory(ctx context.Context, q store.Querier, scope cargo.ScopeID, engine *Engine, cs []*cargo.Consignment, memory *Memory) error {
	seen := map[Key]bool{}
	var keys []int64
	for _, c := range cs {
		for _, k := range engine.Keys(c) {
			if !seen[k] && memory.Trace(k) == nil {
				keys = append(keys, int64(k))
			}
			seen[k] = true
		}
	}
	return store.SelectIn(ctx, q, `SELECT key, trace FROM risk_memory WHERE scope_id = $1 AND key IN %s`, []any{int64(scope)}, keys,
		func(rows *sql.Rows) error {
			var key int64
			var body []byte
			if err := rows.Scan(&key, &body); err != nil {
				return err
			}
			t := &Trace{}
			if err := t.UnmarshalBinary(body); err != nil {
				return fmt.Errorf("what is remembered under %d: %w", key, err)
			}
			memory.Load(Key(key), t)
			return nil
		})
}

func saveMemory(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, memory *Memory) error {
	changed := memory.Changed()
	rows := make([][]any, len(changed))
	for i, k := range changed {
		body, err := memory.Trace(k).MarshalBinary()
		if err != nil {
			return err
		}
		rows[i] = []any{int64(scope), int64(k), body}
	}
	return store.InsertRows(ctx, tx, `INSERT INTO risk_memory (scope_id, key, trace) VALUES`, rows,
		`ON CONFLICT (scope_id, key) DO UPDATE SET trace = excluded.trace`)
}
