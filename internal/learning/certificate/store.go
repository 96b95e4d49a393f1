package certificate

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"tidewaiter/internal/store"
)

func insertCertificate(ctx context.Context, q store.Querier, c Certificate) error {
	title, err := json.Marshal(c.Title)
	if err != nil {
		return fmt.Errorf("write the title of course %s: %w", c.Course, err)
	}
	_, err = q.ExecContext(ctx, `INSERT INTO certificate_awards (id, number, officer_id, unit_id, course_id, version, edition, holder, unit, title, sought,
		score, minutes, completed_at, issued_at, revoked_by, reason, replaced_by, list, place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, '', 0, $16, $17)`,
		c.ID, c.Number, c.Officer, c.UnitID, c.Course, c.Version, c.Edition, store.Text(c.Name), store.Text(c.Unit), string(title), sought(c),
		c.Score, c.Minutes, c.At, c.Issued, c.list, c.place)
	return err
}

// sought is what a search goes through, in small letters: SQLite folds Latin ones only.
func sought(c Certificate) string {
	words := []string{c.Name, c.Number, Spaced(c.Number), c.Course}
	for _, lang := range []string{"en", "ru", "ky"} {
		words = append(words, c.Title[lang])
	}
	return strings.ToLower(store.Text(strings.Join(words, "\n")))
}

const certificateColumns = `SELECT id, number, officer_id, unit_id, course_id, version, edition, holder, unit, title, score, minutes, completed_at, issued_at,
	revoked_at, revoked_by, reason, replaced_by, list, place FROM certificate_awards WHERE `

// selectCertificates returns those that a condition is true of.
func selectCertificates(ctx context.Context, q store.Querier, where string, args ...any) (list []Certificate, err error) {
	err = store.Select(ctx, q, certificateColumns+where, args, func(r *sql.Rows) error {
		c, err := scanCertificate(r)
		list = append(list, c)
		return err
	})
	return list, err
}

func scanCertificate(r *sql.Rows) (c Certificate, err error) {
	var title []byte
	var revoked sql.NullTime
	err = r.Scan(&c.ID, &c.Number, &c.Officer, &c.UnitID, &c.Course, &c.Version, &c.Edition, &c.Name, &c.Unit, &title, &c.Score, &c.Minutes, &c.At, &c.Issued,
		&revoked, &c.RevokedBy, &c.Reason, &c.ReplacedBy, &c.list, &c.place)
	if err != nil {
		return c, err
	}
	c.Revoked = revoked.Time
	if err := json.Unmarshal(title, &c.Title); err != nil {
		return c, fmt.Errorf("read the title on certificate %d: %w", c.ID, err)
	}
	return c, nil
}

func selectNewest(ctx context.Context, q store.Querier, officer int64, course, version string) (Certificate, bool, error) {
	list, err := selectCertificates(ctx, q, `officer_id = $1 AND course_id = $2 AND version = $3 ORDER BY edition DESC LIMIT 1`, officer, course, version)
	if err != nil || len(list) == 0 {
		return Certificate{}, false, err
	}
	return list[0], true, nil
}

func selectOfUnit(ctx context.Context, q store.Querier, unit int64, words string, before int64, limit int) ([]Certificate, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	plain := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(store.Text(strings.TrimSpace(words))))
	return selectCertificates(ctx, q, `unit_id = $1 AND id < $2 AND sought LIKE $3 ESCAPE '\' ORDER BY id DESC LIMIT $4`, unit, before, "%"+plain+"%", limit)
}

func countCertificates(ctx context.Context, q store.Querier) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM certificate_awards`).Scan(&n)
	return n, err
}

func freePlace(ctx context.Context, q store.Querier, list, place int) (bool, error) {
	var taken int
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM certificate_awards WHERE list = $1 AND place = $2`, list, place).Scan(&taken)
	return taken == 0, err
}

// updateRevoked reports whether the certificate was good until now.
func updateRevoked(ctx context.Context, q store.Querier, id int64, at time.Time, by int64, reason string, replacedBy int64) (bool, error) {
	done, err := q.ExecContext(ctx, `UPDATE certificate_awards SET revoked_at = $1, revoked_by = $2, reason = $3, replaced_by = $4 WHERE id = $5 AND revoked_at IS NULL`,
		at, by, reason, replacedBy, id)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// selectRevokedPlaces returns the places of a status list that are revoked, and whether the
// list has been begun.
func selectRevokedPlaces(ctx context.Context, q store.Querier, list int) (places []int, begun bool, err error) {
	var n int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM certificate_awards WHERE list = $1`, list).Scan(&n); err != nil || n == 0 {
		return nil, false, err
	}
	err = store.Select(ctx, q, `SELECT place FROM certificate_awards WHERE list = $1 AND revoked_at IS NOT NULL`, []any{list}, func(r *sql.Rows) error {
		var place int
		err := r.Scan(&place)
		places = append(places, place)
		return err
	})
	return places, true, err
}

// insertKey adds a key; of two that are to have the same place in the row of keys one is a
// fault.Conflict.
func insertKey(ctx context.Context, q store.Querier, serial int, seed []byte, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO certificate_keys (serial, seed, made_at) VALUES ($1, $2, $3)`, serial, seed, at)
	return err
}

func selectSeeds(ctx context.Context, q store.Querier) (seeds [][]byte, err error) {
	err = store.Select(ctx, q, `SELECT seed FROM certificate_keys ORDER BY serial`, nil, func(r *sql.Rows) error {
		var seed []byte
		err := r.Scan(&seed)
		seeds = append(seeds, seed)
		return err
	})
	return seeds, err
}

// selectUntil returns until when an address waits; the zero time for one that need not.
func selectUntil(ctx context.Context, q store.Querier, address string) (until time.Time, err error) {
	err = q.QueryRowContext(ctx, `SELECT until FROM certificate_guesses WHERE address = $1`, address).Scan(&until)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return until, err
}

// countGuess adds one to an address's failures, and returns how many they are.
func countGuess(ctx context.Context, q store.Querier, address string, at time.Time) (failures int64, err error) {
	err = q.QueryRowContext(ctx, `INSERT INTO certificate_guesses (address, failures, failed_at, until) VALUES ($1, 1, $2, $2)
		ON CONFLICT (address) DO UPDATE SET failures = certificate_guesses.failures + 1, failed_at = excluded.failed_at RETURNING failures`, address, at).Scan(&failures)
	return failures, err
}

func updateWait(ctx context.Context, q store.Querier, address string, until time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE certificate_guesses SET until = $1 WHERE address = $2`, until, address)
	return err
}

func deleteGuesses(ctx context.Context, q store.Querier, before time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM certificate_guesses WHERE failed_at < $1`, before)
	return err
}
