package learning

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

func insertPostings(ctx context.Context, tx *sql.Tx, rows [][]any) error {
	return store.InsertRows(ctx, tx, `INSERT INTO learning_postings (key, segment, members) VALUES`, rows, "")
}

// selectPostings returns who has a key in the segments from low up to, and without, high.
func selectPostings(ctx context.Context, q store.Querier, key xapi.Key, low, high int64) (map[int64]*bitmap, error) {
	found := map[int64]*bitmap{}
	err := store.Select(ctx, q, `SELECT segment, members FROM learning_postings WHERE key = $1 AND segment >= $2 AND segment < $3`,
		[]any{key[:], low, high}, func(r *sql.Rows) error {
			var segment int64
			var row sql.RawBytes
			if err := r.Scan(&segment, &row); err != nil {
				return err
			}
			b, err := readPosting(row)
			if err != nil {
				return fmt.Errorf("segment %d: %w", segment, err)
			}
			found[segment] = b
			return nil
		})
	return found, err
}

// extendPosting adds a statement to a posting that has been written.
func extendPosting(ctx context.Context, tx *sql.Tx, key xapi.Key, segment int64, offset uint16) error {
	var row []byte
	err := tx.QueryRowContext(ctx, `SELECT members FROM learning_postings WHERE key = $1 AND segment = $2`, key[:], segment).Scan(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return insertPostings(ctx, tx, [][]any{{key[:], segment, posting([]uint16{offset})}})
	}
	if err != nil {
		return err
	}
	b, err := readPosting(row)
	if err != nil {
		return err
	}
	b.set(offset)
	_, err = tx.ExecContext(ctx, `UPDATE learning_postings SET members = $1 WHERE key = $2 AND segment = $3`, posting(b.members()), key[:], segment)
	return err
}

// selectDefinitions returns the JSON of what is known of activities.
func selectDefinitions(ctx context.Context, q store.Querier, keys []xapi.Key) (map[xapi.Key][]byte, error) {
	found := map[xapi.Key][]byte{}
	err := store.SelectIn(ctx, q, `SELECT key, definition FROM learning_activities WHERE key IN %s`, nil, asBytes(keys), func(r *sql.Rows) error {
		var key, definition []byte
		err := r.Scan(&key, &definition)
		if err == nil {
			found[xapi.Key(key)] = definition
		}
		return err
	})
	return found, err
}

func upsertDefinition(ctx context.Context, tx *sql.Tx, key xapi.Key, definition []byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO learning_activities (key, definition) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET definition = excluded.definition`, key[:], definition)
	return err
}

func nameRow(agent xapi.Key, d digest, name string) []any {
	return []any{agent[:], d[:], store.Text(name)}
}

func insertNames(ctx context.Context, tx *sql.Tx, rows [][]any) error {
	return store.InsertRows(ctx, tx, `INSERT INTO learning_names (agent, name_key, name) VALUES`, rows, `ON CONFLICT DO NOTHING`)
}

func selectNames(ctx context.Context, q store.Querier, agent xapi.Key) (names []string, err error) {
	err = store.Select(ctx, q, `SELECT name FROM learning_names WHERE agent = $1 ORDER BY name LIMIT 100`, []any{agent[:]}, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		names = append(names, name)
		return err
	})
	return names, err
}
