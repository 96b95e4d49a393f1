package evidence

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

func insertBlob(ctx context.Context, q store.Querier, b Blob) error {
	_, err := q.ExecContext(ctx, `INSERT INTO evidence_files (hash, blob_id, size, created_at) VALUES ($1, $2, $3, $4)`,
		b.Hash, b.id, b.Size, store.Time(time.Now()))
	return err
}

func selectBlob(ctx context.Context, q store.Querier, hash string) (Blob, error) {
	b := Blob{Hash: hash}
	err := q.QueryRowContext(ctx, `SELECT blob_id, size FROM evidence_files WHERE hash = $1`, hash).Scan(&b.id, &b.Size)
	if errors.Is(err, sql.ErrNoRows) {
		return b, fault.New(fault.NotFound, "no file with the hash %.12s is kept", hash)
	}
	return b, err
}

func insertChunk(ctx context.Context, q store.Querier, blob int64, n int, data []byte) error {
	_, err := q.ExecContext(ctx, `INSERT INTO evidence_chunks (blob_id, n, data) VALUES ($1, $2, $3)`, blob, n, data)
	return err
}

func selectChunk(ctx context.Context, q store.Querier, blob int64, n int) (data []byte, err error) {
	err = q.QueryRowContext(ctx, `SELECT data FROM evidence_chunks WHERE blob_id = $1 AND n = $2`, blob, n).Scan(&data)
	return data, err
}

func deleteChunks(ctx context.Context, q store.Querier, blob int64) error {
	_, err := q.ExecContext(ctx, `DELETE FROM evidence_chunks WHERE blob_id = $1`, blob)
	return err
}

// deleteAbandoned deletes the pieces of blobs that are older than an id and that no
// kept file has.
func deleteAbandoned(ctx context.Context, q store.Querier, before int64) (int64, error) {
	result, err := q.ExecContext(ctx, `DELETE FROM evidence_chunks WHERE blob_id < $1
		AND NOT EXISTS (SELECT 1 FROM evidence_files f WHERE f.blob_id = evidence_chunks.blob_id)`, before)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
