package main

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

// The plain statements that pages are compared with. They read the tables of the
// domains: that is what a baseline is for.

// measure runs the plain query for the filter's rows some times.
func (f *filterCase) measure(ctx context.Context, db *store.DB, scope cargo.ScopeID, quick bool) error {
	text := `SELECT consignment_id, version, score, channel, random, withdrawn, mode, day, loading, unloading, consignor, consignee, notify, indicators
		FROM risk_queue WHERE scope_id = $1` + f.where + ` ORDER BY score DESC, consignment_id LIMIT 50`
	args := append([]any{int64(scope)}, f.args...)
	if f.offset > 0 {
		text += ` OFFSET ` + strconv.Itoa(f.offset)
	}
	most, budget := 20, 2*time.Second
	if quick {
		most, budget = 3, time.Second
	}
	var took []time.Duration
	for start := time.Now(); len(took) < 3 || len(took) < most && time.Since(start) < budget; {
		f.ids = f.ids[:0]
		begin := time.Now()
		err := store.Select(ctx, db.Read, text, args, func(rows *sql.Rows) error {
			var r [14]any
			into := make([]any, len(r))
			for i := range r {
				into[i] = &r[i]
			}
			err := rows.Scan(into...)
			f.ids = append(f.ids, r[0].(int64))
			return err
		})
		if err != nil {
			return err
		}
		took = append(took, time.Since(begin))
	}
	f.baseline = median(took)
	return nil
}

// key is a number as the search's table holds it.
func key(text string) []byte {
	keep := func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}
	return []byte(strings.Map(keep, text))
}

func lookUpKey(ctx context.Context, db *store.DB, scope cargo.ScopeID, text string) error {
	return lookUp(ctx, db, `SELECT consignment_id FROM cargo_keys WHERE scope_id = $1 AND value = $2 LIMIT 30`, int64(scope), key(text))
}

func lookUpKeys(ctx context.Context, db *store.DB, scope cargo.ScopeID, text string) error {
	k := key(text)
	return lookUp(ctx, db, `SELECT consignment_id FROM cargo_keys WHERE scope_id = $1 AND value >= $2 AND value < $3 LIMIT 30`,
		int64(scope), k, append(slices.Clone(k), 0xFF))
}

func lookUpWord(ctx context.Context, db *store.DB, scope cargo.ScopeID, name string) error {
	words := strings.Fields(cargo.NormalName(name))
	if len(words) == 0 {
		return nil
	}
	return lookUp(ctx, db, `SELECT party_id FROM cargo_party_words WHERE scope_id = $1 AND word = $2 LIMIT 30`, int64(scope), []byte(words[0]))
}

func lookUpBody(ctx context.Context, db *store.DB, id int64) error {
	return lookUp(ctx, db, `SELECT body FROM cargo_versions WHERE consignment_id = $1`, id)
}

func lookUp(ctx context.Context, db *store.DB, text string, args ...any) error {
	return store.Select(ctx, db.Read, text, args, func(rows *sql.Rows) error {
		var x any
		return rows.Scan(&x)
	})
}
