package play

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tidewaiter/internal/learning/cmi5"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/store"
)

func insertPackage(ctx context.Context, tx *sql.Tx, p *Package) error {
	body, err := json.Marshal(p.Package)
	if err != nil {
		return fmt.Errorf("encode a package: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO play_packages (id, unit_id, name, file, size, body, imported_by, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.ID, p.Unit, p.Name, p.File, p.Size, string(body), p.ImportedBy, store.Time(p.ImportedAt))
	if err != nil {
		return fmt.Errorf("save a package: %w", err)
	}
	rows := make([][]any, len(p.Files))
	for i, f := range p.Files {
		rows[i] = []any{p.ID, f.Path, int64(f.Method), f.Offset, f.Packed, f.Size}
	}
	return store.InsertRows(ctx, tx, `INSERT INTO play_files (package_id, path, method, start, packed, size) VALUES`, rows, "")
}

func removePackage(ctx context.Context, tx *sql.Tx, id int64, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE play_packages SET removed_at = $1 WHERE id = $2`, store.Time(at), id)
	return err
}

// selectPackages returns the packages that a condition holds for, the newest first.
func selectPackages(ctx context.Context, q store.Querier, where string, args ...any) (list []*Package, err error) {
	err = store.Select(ctx, q, `SELECT id, unit_id, name, file, size, body, imported_by, imported_at, removed_at FROM play_packages
		WHERE `+where+` ORDER BY id DESC`, args, func(rows *sql.Rows) error {
		p := &Package{}
		var body []byte
		var removed sql.NullTime
		if err := rows.Scan(&p.ID, &p.Unit, &p.Name, &p.File, &p.Size, &body, &p.ImportedBy, &p.ImportedAt, &removed); err != nil {
			return err
		}
		p.ImportedAt, p.Removed = p.ImportedAt.UTC(), removed.Time
		list = append(list, p)
		return json.Unmarshal(body, &p.Package)
	})
	return list, err
}

// selectPackageOf returns the package of a registration, also one that was removed.
func selectPackageOf(ctx context.Context, q store.Querier, registration int64) (*Package, error) {
	list, err := selectPackages(ctx, q, `id = (SELECT package_id FROM play_registrations WHERE id = $1)`, registration)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errNoPackage
	}
	return list[0], nil
}

// selectFile returns a file of the package of a registration, and the hash of its archive.
func selectFile(ctx context.Context, q store.Querier, registration int64, path string) (hash string, f pack.File, err error) {
	f.Path = path
	var method int64
	err = q.QueryRowContext(ctx, `SELECT p.file, f.method, f.start, f.packed, f.size FROM play_registrations r
		JOIN play_packages p ON p.id = r.package_id JOIN play_files f ON f.package_id = p.id
		WHERE r.id = $1 AND f.path = $2`, registration, store.Text(path)).Scan(&hash, &method, &f.Offset, &f.Packed, &f.Size)
	f.Method = uint16(method)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoContent
	}
	return hash, f, err
}

// insertRegistration leaves the one that there is already.
func insertRegistration(ctx context.Context, tx *sql.Tx, r *Registration) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO play_registrations (id, key, package_id, unit_id, officer_id, home, account, actor, satisfied, begun_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '[]', $9) ON CONFLICT (package_id, home, account) DO NOTHING`,
		r.ID, r.Key, r.Package, r.Unit, r.Officer, r.Home, r.Account, string(r.Actor), store.Time(r.Begun))
	return err
}

func lockRegistration(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE play_registrations SET begun_at = begun_at WHERE id = $1`, id)
	return err
}

func updateRegistration(ctx context.Context, tx *sql.Tx, r *Registration) error {
	if r.Satisfied == nil {
		r.Satisfied = []string{}
	}
	satisfied, err := json.Marshal(r.Satisfied)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE play_registrations SET satisfied = $1, completed_at = $2 WHERE id = $3`, string(satisfied), store.NullTime(r.Completed), r.ID)
	return err
}

// selectRegistrations returns the registrations that a condition holds for, in the order
// of their beginning, with their progress.
func selectRegistrations(ctx context.Context, q store.Querier, where string, args ...any) (list []*Registration, err error) {
	byID := map[int64]*Registration{}
	var ids []int64
	err = store.Select(ctx, q, `SELECT id, key, package_id, unit_id, officer_id, home, account, actor, satisfied, begun_at, completed_at
		FROM play_registrations WHERE `+where+` ORDER BY id`, args, func(rows *sql.Rows) error {
		r := &Registration{Progress: map[int]*Progress{}}
		var actor, satisfied []byte
		var completed sql.NullTime
		if err := rows.Scan(&r.ID, &r.Key, &r.Package, &r.Unit, &r.Officer, &r.Home, &r.Account, &actor, &satisfied, &r.Begun, &completed); err != nil {
			return err
		}
		r.Actor, r.Begun, r.Completed = actor, r.Begun.UTC(), completed.Time.UTC()
		list, ids = append(list, r), append(ids, r.ID)
		byID[r.ID] = r
		return json.Unmarshal(satisfied, &r.Satisfied)
	})
	if err != nil || len(ids) == 0 {
		return list, err
	}
	err = store.SelectIn(ctx, q, `SELECT registration_id, unit, completed, success, score, seconds, heard, suspended, cmi, updated_at
		FROM play_units WHERE registration_id IN %s`, nil, ids, func(rows *sql.Rows) error {
		g := &Progress{}
		var registration int64
		var score sql.NullFloat64
		var heard []byte
		if err := rows.Scan(&registration, &g.Unit, &g.Completed, &g.Success, &score, &g.Seconds, &heard, &g.Suspended, &g.CMI, &g.Updated); err != nil {
			return err
		}
		if score.Valid {
			g.Score = &score.Float64
		}
		byID[registration].Progress[g.Unit] = g
		return json.Unmarshal(heard, &g.Heard)
	})
	return list, err
}

func saveProgress(ctx context.Context, tx *sql.Tx, registration int64, g *Progress) error {
	heard, err := json.Marshal(g.Heard)
	if err != nil {
		return err
	}
	var score sql.NullFloat64
	if g.Score != nil {
		score = sql.NullFloat64{Float64: *g.Score, Valid: true}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO play_units (registration_id, unit, completed, success, score, seconds, heard, suspended, cmi, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (registration_id, unit) DO UPDATE SET completed = excluded.completed,
		success = excluded.success, score = excluded.score, seconds = excluded.seconds, heard = excluded.heard, suspended = excluded.suspended,
		cmi = excluded.cmi, updated_at = excluded.updated_at`,
		registration, g.Unit, g.Completed, g.Success, score, g.Seconds, string(heard), g.Suspended, []byte(g.CMI), store.Time(g.Updated))
	return err
}

func insertSession(ctx context.Context, tx *sql.Tx, s *Session) error {
	launch, err := json.Marshal(s.Launch)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO play_sessions (id, key, registration_id, unit, launch, content_hash, fetch_hash, secret_hash, launched_at,
		expires_at, last_at, sequence, seconds, preferences, heard, abandoned, origin) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10, 0, $11, $12, '{}', $13, $14)`,
		s.ID, s.Key, s.Registration, s.Unit, string(launch), s.contentHash, s.fetchHash, store.Time(s.Launched), store.Time(s.Expires), store.Time(s.Last),
		s.Seconds, false, false, s.Origin)
	return err
}

func selectSession(ctx context.Context, q store.Querier, where string, args ...any) (*Session, error) {
	list, err := selectSessions(ctx, q, where, args...)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errNoSession
	}
	return list[0], nil
}

func selectSessions(ctx context.Context, q store.Querier, where string, args ...any) (list []*Session, err error) {
	err = store.Select(ctx, q, `SELECT id, key, registration_id, unit, launch, content_hash, fetch_hash, secret_hash, fetched_at, launched_at, expires_at,
		last_at, sequence, seconds, preferences, heard, ended_at, abandoned, origin FROM play_sessions WHERE `+where+` ORDER BY id`, args, func(rows *sql.Rows) error {
		s := &Session{Heard: cmi5.Heard{}}
		var launch, heard []byte
		var fetched, ended sql.NullTime
		if err := rows.Scan(&s.ID, &s.Key, &s.Registration, &s.Unit, &launch, &s.contentHash, &s.fetchHash, &s.secretHash, &fetched, &s.Launched, &s.Expires,
			&s.Last, &s.Sequence, &s.Seconds, &s.Preferences, &heard, &ended, &s.Abandoned, &s.Origin); err != nil {
			return err
		}
		s.Fetched, s.Ended = store.TimeOf(fetched), store.TimeOf(ended)
		s.Launched, s.Expires, s.Last = s.Launched.UTC(), s.Expires.UTC(), s.Last.UTC()
		list = append(list, s)
		return errors.Join(json.Unmarshal(launch, &s.Launch), json.Unmarshal(heard, &s.Heard))
	})
	return list, err
}

func updateSession(ctx context.Context, tx *sql.Tx, s *Session) error {
	heard, err := json.Marshal(s.Heard)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE play_sessions SET last_at = $1, sequence = $2, heard = $3, ended_at = $4 WHERE id = $5`,
		store.Time(s.Last), s.Sequence, string(heard), store.NullTime(s.Ended), s.ID)
	return err
}

// endSession reports false where the session had ended already.
func endSession(ctx context.Context, db *store.DB, id int64, at time.Time, abandoned bool) (bool, error) {
	result, err := db.Write.ExecContext(ctx, `UPDATE play_sessions SET ended_at = $1, abandoned = $2 WHERE id = $3 AND ended_at IS NULL`, store.Time(at), abandoned, id)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// tradeToken reports false where somebody did so before.
func tradeToken(ctx context.Context, db *store.DB, id int64, secretHash string, at time.Time) (bool, error) {
	result, err := db.Write.ExecContext(ctx, `UPDATE play_sessions SET secret_hash = $1, fetched_at = $2 WHERE id = $3 AND fetched_at IS NULL`, secretHash, store.Time(at), id)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

func notePreferences(ctx context.Context, db *store.DB, id int64) error {
	_, err := db.Write.ExecContext(ctx, `UPDATE play_sessions SET preferences = $1 WHERE id = $2`, true, id)
	return err
}
