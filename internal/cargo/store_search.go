package cargo

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// fingerprint makes two mentions the same party: the registration number, where
// stated, else the normal name with the country.
func fingerprint(p *Party) int64 {
	key := "id\x00" + squeeze(p.ID)
	if p.ID == "" {
		key = "name\x00" + NormalName(p.Name) + "\x00" + strings.ToUpper(p.Country)
	}
	sum := sha256.Sum256([]byte(key))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// named reports whether a party says enough to be found again.
func named(p *Party) bool { return p.ID != "" || NormalName(p.Name) != "" }

// insertParties keeps the parties of the records that are not known yet, the words of
// their names, and which consignments they have a part in.
func insertParties(ctx context.Context, tx *sql.Tx, scope ScopeID, records []record) error {
	prints := map[int64]*Party{}
	for _, r := range records {
		for i := range r.c.Parties {
			if p := &r.c.Parties[i]; named(p) {
				prints[fingerprint(p)] = p
			}
		}
	}
	ids, err := selectPrints(ctx, tx, scope, prints)
	if err != nil {
		return err
	}
	var parties, words [][]any
	for print, p := range prints {
		if ids[print] != 0 {
			continue
		}
		ids[print] = store.NewID()
		parties = append(parties, []any{ids[print], int64(scope), print, p.Name, p.City, p.Country})
		for _, w := range strings.Fields(NormalName(p.Name)) {
			words = append(words, []any{int64(scope), []byte(w), ids[print]})
		}
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO cargo_parties (id, scope_id, fingerprint, name, city, country) VALUES`, parties, ""); err != nil {
		return err
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO cargo_party_words (scope_id, word, party_id) VALUES`, words, `ON CONFLICT DO NOTHING`); err != nil {
		return err
	}
	var parts [][]any
	for _, r := range records {
		for i := range r.c.Parties {
			if p := &r.c.Parties[i]; named(p) {
				parts = append(parts, []any{ids[fingerprint(p)], r.c.ID, string(p.Role)})
			}
		}
	}
	return store.InsertRows(ctx, tx, `INSERT INTO cargo_consignment_parties (party_id, consignment_id, role) VALUES`, parts, `ON CONFLICT DO NOTHING`)
}

func selectPrints(ctx context.Context, q store.Querier, scope ScopeID, prints map[int64]*Party) (map[int64]int64, error) {
	keys := make([]int64, 0, len(prints))
	for k := range prints {
		keys = append(keys, k)
	}
	ids := make(map[int64]int64, len(keys))
	err := store.SelectIn(ctx, q, `SELECT fingerprint, id FROM cargo_parties WHERE scope_id = $1 AND fingerprint IN %s`,
		[]any{int64(scope)}, keys, func(rows *sql.Rows) error {
			var print, id int64
			err := rows.Scan(&print, &id)
			ids[print] = id
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("look for known parties: %w", err)
	}
	return ids, nil
}

func selectPartyIDs(ctx context.Context, q store.Querier, scope ScopeID, cs []*Consignment) (map[int64]map[PartyRole]int64, error) {
	prints := map[int64]*Party{}
	for _, c := range cs {
		for i := range c.Parties {
			if p := &c.Parties[i]; named(p) {
				prints[fingerprint(p)] = p
			}
		}
	}
	ids, err := selectPrints(ctx, q, scope, prints)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]map[PartyRole]int64, len(cs))
	for _, c := range cs {
		roles := map[PartyRole]int64{}
		for i := range c.Parties {
			if p := &c.Parties[i]; named(p) && roles[p.Role] == 0 {
				roles[p.Role] = ids[fingerprint(p)]
			}
		}
		out[c.ID] = roles
	}
	return out, nil
}

func selectKeys(ctx context.Context, q store.Querier, scope ScopeID, prefix string, limit int) (hits []Hit, err error) {
	err = store.Select(ctx, q, `SELECT value, kind, consignment_id FROM cargo_keys
		WHERE scope_id = $1 AND value >= $2 AND value < $3 ORDER BY value, kind, consignment_id LIMIT $4`,
		[]any{int64(scope), []byte(prefix), append([]byte(prefix), 0xFF), limit}, func(rows *sql.Rows) error {
			var value []byte
			var h Hit
			if err := rows.Scan(&value, &h.Kind, &h.Consignment); err != nil {
				return err
			}
			h.Value = string(value)
			hits = append(hits, h)
			return nil
		})
	return hits, err
}

// selectParties looks the last word up as a beginning, and the others as they are.
func selectParties(ctx context.Context, q store.Querier, scope ScopeID, words []string, limit int) (hits []PartyHit, err error) {
	last := words[len(words)-1]
	args := []any{int64(scope), []byte(last), append([]byte(last), 0xFF)}
	var where strings.Builder
	for _, w := range words[:len(words)-1] {
		args = append(args, []byte(w))
		fmt.Fprintf(&where, ` AND EXISTS (SELECT 1 FROM cargo_party_words o
			WHERE o.scope_id = $1 AND o.word = $%d AND o.party_id = w.party_id)`, len(args))
	}
	args = append(args, limit)
	err = store.Select(ctx, q, `SELECT DISTINCT p.id, p.name, p.city, p.country FROM cargo_party_words w JOIN cargo_parties p ON p.id = w.party_id
		WHERE w.scope_id = $1 AND w.word >= $2 AND w.word < $3`+where.String()+fmt.Sprintf(` ORDER BY p.name, p.id LIMIT $%d`, len(args)),
		args, func(rows *sql.Rows) error {
			var h PartyHit
			err := rows.Scan(&h.ID, &h.Name, &h.City, &h.Country)
			hits = append(hits, h)
			return err
		})
	return hits, err
}

func selectParty(ctx context.Context, q store.Querier, scope ScopeID, id int64) (PartyHit, error) {
	h := PartyHit{ID: id}
	err := q.QueryRowContext(ctx, `SELECT name, city, country FROM cargo_parties WHERE id = $1 AND scope_id = $2`, id, int64(scope)).
		Scan(&h.Name, &h.City, &h.Country)
	if errors.Is(err, sql.ErrNoRows) {
		return h, fault.New(fault.NotFound, "there is no party %d in this unit's traffic", id)
	}
	return h, err
}

func selectLatestImport(ctx context.Context, q store.Querier, scope ScopeID, key string) (id int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT v.import_id FROM cargo_consignments c
		JOIN cargo_versions v ON v.consignment_id = c.id AND v.version = c.version
		WHERE c.scope_id = $1 AND c.document_key = $2`, int64(scope), key).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}
