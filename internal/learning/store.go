package learning

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

// ledger is the row that every commit locks.
type ledger struct {
	next    int64
	stored  time.Time
	sealed  int64
	changes int64
}

func scanLedger(scan func(...any) error) (l ledger, err error) {
	err = scan(&l.next, &l.stored, &l.sealed, &l.changes)
	return l, err
}

// keeping is PostgreSQL's number of the lock that says that statements are being kept.
const keeping = 0x78415049 // "xAPI"

// lockLedger waits until no other transaction keeps statements, and reads the ledger.
func (r *Records) lockLedger(ctx context.Context, tx *sql.Tx) (ledger, error) {
	if r.db.Dialect == store.Postgres {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, keeping); err != nil {
			return ledger{}, err
		}
	}
	return scanLedger(tx.QueryRowContext(ctx, `UPDATE learning_ledger SET changes = changes WHERE id = 1 RETURNING next, stored, sealed, changes`).Scan)
}

// nobodyKeeps reports whether no process keeps statements at this moment. It is
// PostgreSQL's only; a lock that is asked for as part of a statement ends with it.
func nobodyKeeps(ctx context.Context, q store.Querier) (free bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT pg_try_advisory_xact_lock_shared($1)`, keeping).Scan(&free)
	return free, err
}

func selectLedger(ctx context.Context, q store.Querier) (ledger, error) {
	return scanLedger(q.QueryRowContext(ctx, `SELECT next, stored, sealed, changes FROM learning_ledger WHERE id = 1`).Scan)
}

func updateLedger(ctx context.Context, tx *sql.Tx, l ledger) error {
	_, err := tx.ExecContext(ctx, `UPDATE learning_ledger SET next = $1, stored = $2, sealed = $3, changes = $4 WHERE id = 1`,
		l.next, store.Time(l.stored), l.sealed, l.changes)
	return err
}

// statementRow is a statement with what is kept beside it.
type statementRow struct {
	Kept
	client int64
	voided bool
	keys   []xapi.Key
}

func packKeys(keys []xapi.Key) []byte {
	out := make([]byte, 0, len(keys)*len(xapi.Key{}))
	for _, k := range keys {
		out = append(out, k[:]...)
	}
	return out
}

func unpackKeys(packed []byte) []xapi.Key {
	keys := make([]xapi.Key, 0, len(packed)/len(xapi.Key{}))
	for part := range slices.Chunk(packed, len(xapi.Key{})) {
		keys = append(keys, xapi.Key(part))
	}
	return keys
}

// insertStatements inserts statements with their packed bodies.
func insertStatements(ctx context.Context, tx *sql.Tx, fresh []*entry, packed [][]byte) error {
	rows := make([][]any, len(fresh))
	for i, e := range fresh {
		rows[i] = []any{e.seq, e.statement.ID[:], e.client.ID, store.Time(e.stored), e.voided, packKeys(e.keys), packed[i]}
	}
	return store.InsertRows(ctx, tx, `INSERT INTO learning_statements (seq, statement_id, client_id, stored, voided, keys, body) VALUES`, rows, "")
}

const statementColumns = `SELECT seq, client_id, stored, voided, keys, body FROM learning_statements`

func scanStatement(scan func(...any) error) (row statementRow, packed []byte, err error) {
	var keys []byte
	err = scan(&row.seq, &row.client, &row.Stored, &row.voided, &keys, &packed)
	row.keys = unpackKeys(keys)
	return row, packed, err
}

// selectStatement returns the statement with an id, or fault.NotFound.
func (p *press) selectStatement(ctx context.Context, q store.Querier, id xapi.UUID) (statementRow, error) {
	row, packed, err := scanStatement(q.QueryRowContext(ctx, statementColumns+` WHERE statement_id = $1`, id[:]).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return row, noStatement(id)
	}
	if err == nil {
		row.Body, err = p.unpack(ctx, q, packed)
	}
	return row, err
}

func (p *press) selectNumber(ctx context.Context, q store.Querier, seq int64) (statementRow, error) {
	row, packed, err := scanStatement(q.QueryRowContext(ctx, statementColumns+` WHERE seq = $1`, seq).Scan)
	if err == nil {
		row.Body, err = p.unpack(ctx, q, packed)
	}
	if err != nil {
		err = fmt.Errorf("statement number %d: %w", seq, err)
	}
	return row, err
}

func selectStored(ctx context.Context, q store.Querier, seq int64) (at time.Time, err error) {
	err = q.QueryRowContext(ctx, `SELECT stored FROM learning_statements WHERE seq = $1`, seq).Scan(&at)
	return at, err
}

// selectKept returns which of the ids are those of statements that are kept.
func selectKept(ctx context.Context, q store.Querier, ids []xapi.UUID) (map[xapi.UUID]bool, error) {
	kept := map[xapi.UUID]bool{}
	err := store.SelectIn(ctx, q, `SELECT statement_id FROM learning_statements WHERE statement_id IN %s`, nil, asBytes(ids), func(r *sql.Rows) error {
		var id []byte
		err := r.Scan(&id)
		if err == nil {
			kept[xapi.UUID(id)] = true
		}
		return err
	})
	return kept, err
}

func asBytes[T ~[16]byte](ids []T) [][]byte {
	out := make([][]byte, len(ids))
	for i := range ids {
		out[i] = ids[i][:]
	}
	return out
}

// selectBodies returns statements in the order of their numbers given.
func (p *press) selectBodies(ctx context.Context, q store.Querier, numbers []int64) ([]Kept, error) {
	place := make(map[int64]int, len(numbers))
	for i, n := range numbers {
		place[n] = i
	}
	kept := make([]Kept, len(numbers))
	err := store.SelectIn(ctx, q, `SELECT seq, stored, body FROM learning_statements WHERE seq IN %s`, nil, numbers, func(r *sql.Rows) error {
		var k Kept
		err := r.Scan(&k.seq, &k.Stored, &k.Body)
		kept[place[k.seq]] = k
		return err
	})
	for i := range kept { // when the rows have been let go: a dictionary may have to be read
		if err == nil {
			kept[i].Body, err = p.unpack(ctx, q, kept[i].Body)
		}
	}
	return kept, err
}

func insertDictionary(ctx context.Context, tx *sql.Tx, id int64, body []byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO learning_dictionaries (id, body) VALUES ($1, $2)`, id, body)
	return err
}

func selectDictionary(ctx context.Context, q store.Querier, id int64) (body []byte, err error) {
	err = q.QueryRowContext(ctx, `SELECT body FROM learning_dictionaries WHERE id = $1`, id).Scan(&body)
	if err != nil {
		err = fmt.Errorf("dictionary %d of statements: %w", id, err)
	}
	return body, err
}

// selectNewestDictionary returns the id of the last dictionary, or 0.
func selectNewestDictionary(ctx context.Context, q store.Querier) (id int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT id FROM learning_dictionaries ORDER BY id DESC LIMIT 1`).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

// selectKeys visits what statements are found by, from one number up to, and without,
// another.
func selectKeys(ctx context.Context, q store.Querier, from, to int64, visit func(seq int64, keys []xapi.Key)) error {
	return store.Select(ctx, q, `SELECT seq, keys FROM learning_statements WHERE seq >= $1 AND seq < $2 ORDER BY seq`, []any{from, to}, func(r *sql.Rows) error {
		var seq int64
		var keys sql.RawBytes
		err := r.Scan(&seq, &keys)
		if err == nil {
			visit(seq, unpackKeys(keys))
		}
		return err
	})
}

func updateStatement(ctx context.Context, tx *sql.Tx, seq int64, keys []xapi.Key, voided bool) error {
	_, err := tx.ExecContext(ctx, `UPDATE learning_statements SET keys = $1, voided = $2 WHERE seq = $3`, packKeys(keys), voided, seq)
	return err
}

func insertReferences(ctx context.Context, tx *sql.Tx, refs []reference) error {
	rows := make([][]any, len(refs))
	for i, ref := range refs {
		rows[i] = []any{ref.target[:], ref.seq, ref.voids}
	}
	return store.InsertRows(ctx, tx, `INSERT INTO learning_references (target, seq, voids) VALUES`, rows, "")
}

// selectReferences adds the statements that are about each of the ids to a map, and an
// entry for each id that none is about.
func selectReferences(ctx context.Context, q store.Querier, ids []xapi.UUID, into map[xapi.UUID][]reference) error {
	for _, id := range ids {
		into[id] = nil
	}
	return store.SelectIn(ctx, q, `SELECT target, seq, voids FROM learning_references WHERE target IN %s`, nil, asBytes(ids), func(r *sql.Rows) error {
		var target []byte
		var ref reference
		if err := r.Scan(&target, &ref.seq, &ref.voids); err != nil {
			return err
		}
		ref.target = xapi.UUID(target)
		into[ref.target] = append(into[ref.target], ref)
		return nil
	})
}
