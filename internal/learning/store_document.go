package learning

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

func selectDocument(ctx context.Context, q store.Querier, p Place) (d Document, err error) {
	err = q.QueryRowContext(ctx, `SELECT content_type, etag, body, updated_at FROM learning_documents WHERE place = $1`, p.key()).
		Scan(&d.ContentType, &d.ETag, &d.Body, &d.Updated)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "there is no document with the id %.100q", p.Name)
	}
	return d, err
}

// lockDocument returns the document at a place, or nil, and keeps others from writing it
// until the transaction ends.
func lockDocument(ctx context.Context, tx *sql.Tx, p Place) (*Document, error) {
	if _, err := tx.ExecContext(ctx, `UPDATE learning_documents SET etag = etag WHERE place = $1`, p.key()); err != nil {
		return nil, err
	}
	d, err := selectDocument(ctx, tx, p)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &d, err
}

func insertDocument(ctx context.Context, tx *sql.Tx, p Place, d Document) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO learning_documents (place, owner, registration, name, content_type, etag, body, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.key(), p.Owner.key(), p.Registration, p.Name, store.Text(d.ContentType), d.ETag, d.Body, store.Time(d.Updated))
	return err
}

func updateDocument(ctx context.Context, tx *sql.Tx, p Place, d Document) error {
	_, err := tx.ExecContext(ctx, `UPDATE learning_documents SET content_type = $1, etag = $2, body = $3, updated_at = $4 WHERE place = $5`,
		store.Text(d.ContentType), d.ETag, d.Body, store.Time(d.Updated), p.key())
	return err
}

func selectDocumentNames(ctx context.Context, q store.Querier, o Owner, registration string, since time.Time) (names []string, last time.Time, err error) {
	text := `SELECT name, updated_at FROM learning_documents WHERE owner = $1 AND updated_at > $2`
	args := []any{o.key(), store.Time(since)}
	if registration != "" {
		text += ` AND registration = $3`
		args = append(args, registration)
	}
	names = []string{}
	seen := map[string]bool{} // one name may stand in several registrations
	err = store.Select(ctx, q, text+` ORDER BY updated_at, name`, args, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name, &last)
		if !seen[name] {
			names = append(names, name)
		}
		seen[name] = true
		return err
	})
	return names, last, err
}

func deleteDocument(ctx context.Context, tx *sql.Tx, p Place) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM learning_documents WHERE place = $1`, p.key())
	return err
}

func deleteDocuments(ctx context.Context, q store.Querier, o Owner, registration string) error {
	text, args := `DELETE FROM learning_documents WHERE owner = $1`, []any{o.key()}
	if registration != "" {
		text += ` AND registration = $2`
		args = append(args, registration)
	}
	_, err := q.ExecContext(ctx, text, args...)
	return err
}

func insertAttachment(ctx context.Context, q store.Querier, sha2, file string, size int64) error {
	_, err := q.ExecContext(ctx, `INSERT INTO learning_attachments (sha2, file, size) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, sha2, file, size)
	return err
}

// selectAttachment returns the hash of the evidence, or fault.NotFound.
func selectAttachment(ctx context.Context, q store.Querier, sha2 string) (file string, err error) {
	err = q.QueryRowContext(ctx, `SELECT file FROM learning_attachments WHERE sha2 = $1`, sha2).Scan(&file)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "the attachment %.12s was not sent", sha2)
	}
	return file, err
}
