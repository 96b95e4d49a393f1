package risk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

// verdicts is a column of risk_outcomes.
type verdicts struct {
	Right []string `json:"right,omitempty"`
	Wrong []string `json:"wrong,omitempty"`
}

func upsertLessons(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, lessons []Lesson, feed int64) error {
	rows := make([][]any, len(lessons))
	for i, l := range lessons {
		fired, err := json.Marshal(l.Fired)
		if err != nil {
			return err
		}
		said, err := json.Marshal(verdicts{l.Right, l.Wrong})
		if err != nil {
			return err
		}
		rows[i] = []any{l.Consignment, int64(scope), l.Version, l.Revision, l.At, string(l.Selection), l.Examined, l.Found,
			store.Text(l.Result), store.Text(l.Category), string(said), l.Drawn, l.Inclusion, l.Day, int64(l.Score / Step), string(l.Channel), string(fired), feed}
	}
	return store.InsertRows(ctx, tx, `INSERT INTO risk_outcomes (consignment_id, scope_id, version, revision, at, selection, examined, found,
		result, category, verdicts, drawn, inclusion, day, score, channel, fired, feed) VALUES`, rows,
		`ON CONFLICT (consignment_id) DO UPDATE SET version = excluded.version, revision = excluded.revision, at = excluded.at,
		selection = excluded.selection, examined = excluded.examined, found = excluded.found, result = excluded.result,
		category = excluded.category, verdicts = excluded.verdicts, drawn = excluded.drawn, inclusion = excluded.inclusion,
		day = excluded.day, score = excluded.score, channel = excluded.channel, fired = excluded.fired, feed = excluded.feed
		WHERE excluded.at > risk_outcomes.at OR (excluded.at = risk_outcomes.at AND excluded.revision >= risk_outcomes.revision)`)
}

// selectLessons visits the scope's outcomes that were written after a feed, oldest
// feed first.
func selectLessons(ctx context.Context, q store.Querier, scope cargo.ScopeID, after, to int64, visit func(*Lesson)) error {
	return store.Select(ctx, q, `SELECT consignment_id, version, revision, at, selection, examined, found, result, category, verdicts,
		drawn, inclusion, day, score, channel, fired FROM risk_outcomes WHERE scope_id = $1 AND feed > $2 AND feed <= $3 ORDER BY feed`,
		[]any{int64(scope), after, to}, func(rows *sql.Rows) error {
			var l Lesson
			var said, fired []byte
			var score int64
			err := rows.Scan(&l.Consignment, &l.Version, &l.Revision, &l.At, &l.Selection, &l.Examined, &l.Found, &l.Result, &l.Category,
				&said, &l.Drawn, &l.Inclusion, &l.Day, &score, &l.Channel, &fired)
			if err != nil {
				return err
			}
			l.At, l.Score = l.At.UTC(), LogOdds(score)*Step
			var v verdicts
			if err := errors.Join(jsonv2.Unmarshal(said, &v), jsonv2.Unmarshal(fired, &l.Fired)); err != nil {
				return fmt.Errorf("outcome of consignment %d: %w", l.Consignment, err)
			}
			l.Right, l.Wrong = v.Right, v.Wrong
			visit(&l)
			return nil
		})
}

func selectDayCut(ctx context.Context, q store.Querier, scope cargo.ScopeID, day int) (cut dayCut, err error) {
	err = store.Select(ctx, q, `SELECT channel, count(*), min(score) FROM risk_queue
		WHERE scope_id = $1 AND day = $2 AND NOT random AND NOT withdrawn GROUP BY channel`, []any{int64(scope), day}, func(rows *sql.Rows) error {
		var channel Channel
		var n int
		var least int64
		if err := rows.Scan(&channel, &n, &least); err != nil {
			return err
		}
		switch channel {
		case Examine:
			cut.examined, cut.examine = n, LogOdds(least)*Step
		case Look:
			cut.looked, cut.look = n, LogOdds(least)*Step
		}
		return nil
	})
	return cut, err
}

// selectEngineWeights returns base and weights of one version of a scope's settings; the
// lists, which are most of it, are left unread.
func selectEngineWeights(ctx context.Context, q store.Querier, scope cargo.ScopeID, version int) (Settings, error) {
	var raw []byte
	err := q.QueryRowContext(ctx, `SELECT body FROM risk_settings WHERE scope_id = $1 AND version = $2`, int64(scope), version).Scan(&raw)
	if err != nil {
		return Settings{}, fmt.Errorf("weights of settings %d of scope %d: %w", version, scope, err)
	}
	return readWeights(raw)
}

func readWeights(raw []byte) (Settings, error) {
	var body struct {
		Engine struct {
			Base    LogOdds            `json:"base"`
			Weights map[string]LogOdds `json:"weights"`
		} `json:"engine"`
	}
	err := json.Unmarshal(raw, &body)
	return Settings{Base: body.Engine.Base, Weights: body.Engine.Weights}, err
}
