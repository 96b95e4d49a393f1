package identity

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// exec runs a statement and returns how many rows it changed.
func exec(ctx context.Context, q store.Querier, text string, args ...any) (int64, error) {
	res, err := q.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// must runs a statement that changes one row, and is a conflict when it changes none.
func must(ctx context.Context, q store.Querier, text string, args ...any) error {
	n, err := exec(ctx, q, text, args...)
	if err == nil && n == 0 {
		return ErrStale
	}
	return err
}

// Units.

const unitColumns = `id, code, name, country, place, timezone, language, version`

func scanUnit(scan func(...any) error) (u Unit, err error) {
	err = scan(&u.ID, &u.Code, &u.Name, &u.Country, &u.Place, &u.Timezone, &u.Language, &u.Version)
	return u, err
}

func selectUnit(ctx context.Context, q store.Querier, key string, value any) (Unit, error) {
	row := q.QueryRowContext(ctx, `SELECT `+unitColumns+` FROM identity_units WHERE `+key+` = $1`, value)
	u, err := scanUnit(row.Scan)
	return u, absent(err, fault.Say("there is no such unit"))
}

func selectUnits(ctx context.Context, q store.Querier) (units []Unit, err error) {
	err = store.Select(ctx, q, `SELECT `+unitColumns+` FROM identity_units ORDER BY code`, nil, func(r *sql.Rows) error {
		u, err := scanUnit(r.Scan)
		units = append(units, u)
		return err
	})
	return units, err
}

func insertUnit(ctx context.Context, q store.Querier, u Unit, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO identity_units (`+unitColumns+`, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		u.ID, u.Code, u.Name, u.Country, u.Place, u.Timezone, u.Language, u.Version, at)
	return err
}

func updateUnit(ctx context.Context, q store.Querier, u Unit) error {
	return must(ctx, q, `UPDATE identity_units SET code = $1, name = $2, country = $3, place = $4,
		timezone = $5, language = $6, version = version + 1 WHERE id = $7 AND version = $8`,
		u.Code, u.Name, u.Country, u.Place, u.Timezone, u.Language, u.ID, u.Version)
}

// Officers and memberships.

const officerColumns = `o.id, o.username, o.name, o.language, o.active, o.must_change, o.signed_in_at`

func scanOfficer(scan func(...any) error, more ...any) (o Officer, err error) {
	var signedIn sql.NullTime
	err = scan(append([]any{&o.ID, &o.Username, &o.Name, &o.Language, &o.Active, &o.MustChange, &signedIn}, more...)...)
	o.SignedInAt = signedIn.Time
	return o, err
}

// selectOfficer returns the officer and the password's hash.
func selectOfficer(ctx context.Context, q store.Querier, key string, value any) (o Officer, password string, err error) {
	row := q.QueryRowContext(ctx, `SELECT `+officerColumns+`, o.password FROM identity_officers o WHERE o.`+key+` = $1`, value)
	o, err = scanOfficer(row.Scan, &password)
	return o, password, absent(err, fault.Say("there is no such officer"))
}

func selectMembers(ctx context.Context, q store.Querier, unit int64) (members []Member, err error) {
	err = store.Select(ctx, q, `SELECT `+officerColumns+`, m.role FROM identity_memberships m
		JOIN identity_officers o ON o.id = m.officer_id WHERE m.unit_id = $1 ORDER BY o.name, o.id`,
		[]any{unit}, func(r *sql.Rows) error {
			var m Member
			var err error
			m.Officer, err = scanOfficer(r.Scan, &m.Role)
			members = append(members, m)
			return err
		})
	return members, err
}

func anyOfficer(ctx context.Context, q store.Querier) (found bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM identity_officers)`).Scan(&found)
	return found, err
}

func insertOfficer(ctx context.Context, q store.Querier, o Officer, password string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO identity_officers
		(id, username, name, language, active, password, must_change, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		o.ID, o.Username, o.Name, o.Language, o.Active, password, o.MustChange, at)
	return err
}

func updateSignedIn(ctx context.Context, q store.Querier, id int64, at time.Time) error {
	return must(ctx, q, `UPDATE identity_officers SET signed_in_at = $1 WHERE id = $2`, at, id)
}

func updateProfile(ctx context.Context, q store.Querier, id int64, name, language string) error {
	return must(ctx, q, `UPDATE identity_officers SET name = $1, language = $2 WHERE id = $3`, name, language, id)
}

func updateActive(ctx context.Context, q store.Querier, id int64, active bool) error {
	return must(ctx, q, `UPDATE identity_officers SET active = $1 WHERE id = $2`, active, id)
}

// updatePassword replaces the hash when it is still the old one.
func updatePassword(ctx context.Context, q store.Querier, id int64, old, fresh string, mustChange bool) (bool, error) {
	n, err := exec(ctx, q, `UPDATE identity_officers SET password = $1, must_change = $2 WHERE id = $3 AND password = $4`,
		fresh, mustChange, id, old)
	return n == 1, err
}

func resetPassword(ctx context.Context, q store.Querier, id int64, fresh string) error {
	return must(ctx, q, `UPDATE identity_officers SET password = $1, must_change = $2 WHERE id = $3`, fresh, true, id)
}

func selectMemberships(ctx context.Context, q store.Querier, officer int64) (ms []Membership, err error) {
	err = store.Select(ctx, q, `SELECT unit_id, role FROM identity_memberships WHERE officer_id = $1 ORDER BY unit_id`,
		[]any{officer}, func(r *sql.Rows) error {
			m := Membership{Officer: officer}
			err := r.Scan(&m.Unit, &m.Role)
			ms = append(ms, m)
			return err
		})
	return ms, err
}

func insertMembership(ctx context.Context, q store.Querier, m Membership) error {
	_, err := q.ExecContext(ctx, `INSERT INTO identity_memberships (officer_id, unit_id, role) VALUES ($1, $2, $3)`,
		m.Officer, m.Unit, m.Role)
	return err
}

func updateMembership(ctx context.Context, q store.Querier, m Membership, old Role) error {
	return must(ctx, q, `UPDATE identity_memberships SET role = $1 WHERE officer_id = $2 AND unit_id = $3 AND role = $4`,
		m.Role, m.Officer, m.Unit, old)
}

func deleteMembership(ctx context.Context, q store.Querier, m Membership) error {
	return must(ctx, q, `DELETE FROM identity_memberships WHERE officer_id = $1 AND unit_id = $2 AND role = $3`,
		m.Officer, m.Unit, m.Role)
}

// Failures to sign in.

// lockThrottle returns the subject's failures, and holds its row until the transaction ends.
func lockThrottle(ctx context.Context, q store.Querier, subject string, now time.Time) (n int64, failed, until time.Time, err error) {
	if _, err = q.ExecContext(ctx, `INSERT INTO identity_throttle (subject, failures, failed_at, until_at)
		VALUES ($1, 0, $2, $2) ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject`, subject, now); err != nil {
		return 0, failed, until, err
	}
	err = q.QueryRowContext(ctx, `SELECT failures, failed_at, until_at FROM identity_throttle WHERE subject = $1`, subject).
		Scan(&n, &failed, &until)
	return n, failed, until, err
}

func updateThrottle(ctx context.Context, q store.Querier, subject string, n int64, failed, until time.Time) error {
	return must(ctx, q, `UPDATE identity_throttle SET failures = $1, failed_at = $2, until_at = $3 WHERE subject = $4`,
		n, failed, until, subject)
}

func forgiveThrottle(ctx context.Context, q store.Querier, subject string, now time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE identity_throttle SET failures = failures - 1, until_at = $1
		WHERE subject = $2 AND failures > 0`, now, subject)
	return err
}

func deleteThrottle(ctx context.Context, q store.Querier, subject string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM identity_throttle WHERE subject = $1`, subject)
	return err
}

func deleteThrottles(ctx context.Context, q store.Querier, before time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM identity_throttle WHERE failed_at < $1`, before)
	return err
}

// Sessions.

type sessionRow struct {
	id, officer    int64
	hash, data     string
	address, agent string
	expires        time.Time
	revoked        bool
}

func (r sessionRow) live(now time.Time) bool { return r.id != 0 && !r.revoked && r.expires.After(now) }

// selectSession returns the session with the token's hash, or the zero row.
func selectSession(ctx context.Context, q store.Querier, hash string) (r sessionRow, err error) {
	var revoked sql.NullTime
	err = q.QueryRowContext(ctx, `SELECT id, officer_id, data, expires_at, revoked_at FROM identity_sessions WHERE token_hash = $1`, hash).
		Scan(&r.id, &r.officer, &r.data, &r.expires, &revoked)
	if err == sql.ErrNoRows {
		return sessionRow{}, nil
	}
	r.hash, r.revoked = hash, revoked.Valid
	return r, err
}

func selectSessions(ctx context.Context, q store.Querier, officer int64, now time.Time) (list []Session, err error) {
	err = store.Select(ctx, q, `SELECT id, created_at, seen_at, address, agent FROM identity_sessions
		WHERE officer_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY seen_at DESC, id DESC`,
		[]any{officer, now}, func(r *sql.Rows) error {
			var s Session
			err := r.Scan(&s.ID, &s.CreatedAt, &s.SeenAt, &s.Address, &s.Agent)
			list = append(list, s)
			return err
		})
	return list, err
}

func upsertSession(ctx context.Context, q store.Querier, r sessionRow, now time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO identity_sessions
		(id, token_hash, officer_id, data, address, agent, created_at, seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)
		ON CONFLICT (token_hash) DO UPDATE SET officer_id = excluded.officer_id, data = excluded.data,
			address = excluded.address, agent = excluded.agent, seen_at = excluded.seen_at, expires_at = excluded.expires_at
		WHERE identity_sessions.revoked_at IS NULL`,
		r.id, r.hash, r.officer, r.data, r.address, r.agent, now, r.expires)
	return err
}

func revokeToken(ctx context.Context, q store.Querier, hash string, now time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE identity_sessions SET revoked_at = $1 WHERE token_hash = $2 AND revoked_at IS NULL`, now, hash)
	return err
}

// revokeSessions ends one session of the officer, or all with id 0.
func revokeSessions(ctx context.Context, q store.Querier, officer, id int64, now time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE identity_sessions SET revoked_at = $1
		WHERE officer_id = $2 AND (id = $3 OR $3 = 0) AND revoked_at IS NULL`, now, officer, id)
	return err
}

func deleteExpiredSessions(ctx context.Context, q store.Querier, now time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM identity_sessions WHERE expires_at < $1`, now)
	return err
}

// The trail and its chain.

const auditColumns = `a.id, a.at, a.officer_id, a.unit_id, a.act, a.object_kind, a.object_id, a.detail, a.address`

func insertAudit(ctx context.Context, q store.Querier, rows []auditRow) error {
	values, pending := make([][]any, len(rows)), make([][]any, len(rows))
	for i, r := range rows {
		values[i] = []any{r.ID, r.At, r.Officer, r.Unit, r.Act, r.ObjectKind, r.ObjectID, r.Detail, r.Address}
		pending[i] = []any{r.ID}
	}
	err := store.InsertRows(ctx, q, `INSERT INTO identity_audit
		(id, at, officer_id, unit_id, act, object_kind, object_id, detail, address) VALUES`, values, "")
	if err != nil {
		return err
	}
	return store.InsertRows(ctx, q, `INSERT INTO identity_audit_pending (entry_id) VALUES`, pending, "")
}

func countPending(ctx context.Context, q store.Querier) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM identity_audit_pending`).Scan(&n)
	return n, err
}

func selectPending(ctx context.Context, q store.Querier, limit int) (rows []auditRow, err error) {
	err = store.Select(ctx, q, `SELECT `+auditColumns+` FROM identity_audit_pending p
		JOIN identity_audit a ON a.id = p.entry_id ORDER BY a.id LIMIT $1`, []any{limit}, func(r *sql.Rows) error {
		var a auditRow
		err := r.Scan(&a.ID, &a.At, &a.Officer, &a.Unit, &a.Act, &a.ObjectKind, &a.ObjectID, &a.Detail, &a.Address)
		rows = append(rows, a)
		return err
	})
	return rows, err
}

// lockHead returns the end of the chain, and holds it until the transaction ends.
func lockHead(ctx context.Context, q store.Querier) (seq int64, hash string, err error) {
	if err := must(ctx, q, `UPDATE identity_audit_head SET seq = seq WHERE id = 1`); err != nil {
		return 0, "", err
	}
	return selectHead(ctx, q)
}

func selectHead(ctx context.Context, q store.Querier) (seq int64, hash string, err error) {
	err = q.QueryRowContext(ctx, `SELECT seq, hash FROM identity_audit_head WHERE id = 1`).Scan(&seq, &hash)
	return seq, hash, err
}

func insertSeals(ctx context.Context, q store.Querier, seals []seal) error {
	rows, ids := make([][]any, len(seals)), make([]any, len(seals))
	for i, s := range seals {
		rows[i], ids[i] = []any{s.Seq, s.Entry, s.Hash}, s.Entry
	}
	if err := store.InsertRows(ctx, q, `INSERT INTO identity_audit_seals (seq, entry_id, hash) VALUES`, rows, ""); err != nil {
		return err
	}
	if _, err := exec(ctx, q, `DELETE FROM identity_audit_pending WHERE entry_id IN `+store.In(1, len(ids)), ids...); err != nil {
		return err
	}
	last := seals[len(seals)-1]
	return must(ctx, q, `UPDATE identity_audit_head SET seq = $1, hash = $2 WHERE id = 1`, last.Seq, last.Hash)
}

// selectChain calls visit on each seal up to the length, in order, with its entry, which
// is zero where it is gone.
func selectChain(ctx context.Context, q store.Querier, length int64, visit func(seal, auditRow)) error {
	return store.Select(ctx, q, `SELECT s.seq, s.entry_id, s.hash, a.at, a.officer_id, a.unit_id, a.act, a.object_kind,
		a.object_id, a.detail, a.address FROM identity_audit_seals s LEFT JOIN identity_audit a ON a.id = s.entry_id
		WHERE s.seq <= $1 ORDER BY s.seq`, []any{length}, func(r *sql.Rows) error {
		var s seal
		var at sql.NullTime
		var officer, unit sql.NullInt64
		var text [5]sql.NullString
		err := r.Scan(&s.Seq, &s.Entry, &s.Hash, &at, &officer, &unit, &text[0], &text[1], &text[2], &text[3], &text[4])
		if err != nil {
			return err
		}
		var a auditRow
		if at.Valid {
			a = auditRow{s.Entry, at.Time, officer.Int64, unit.Int64, text[0].String, text[1].String,
				text[2].String, text[3].String, text[4].String}
		}
		visit(s, a)
		return nil
	})
}

// selectUnsealed returns entries that neither have a seal nor wait for one.
func selectUnsealed(ctx context.Context, q store.Querier, limit int) (ids []int64, err error) {
	err = store.Select(ctx, q, `SELECT a.id FROM identity_audit a
		WHERE NOT EXISTS (SELECT 1 FROM identity_audit_seals s WHERE s.entry_id = a.id)
		AND NOT EXISTS (SELECT 1 FROM identity_audit_pending p WHERE p.entry_id = a.id) ORDER BY a.id LIMIT $1`,
		[]any{limit}, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		})
	return ids, err
}

func selectAudit(ctx context.Context, q store.Querier, f AuditFilter, limit int) (list []Recorded, err error) {
	where, args := f.where()
	text := `SELECT ` + auditColumns + `, coalesce(o.name, ''), coalesce(u.code, ''), coalesce(s.seq, 0),
		coalesce(oo.name, ou.code, '') FROM identity_audit a
		LEFT JOIN identity_officers o ON o.id = a.officer_id
		LEFT JOIN identity_units u ON u.id = a.unit_id
		LEFT JOIN identity_audit_seals s ON s.entry_id = a.id
		LEFT JOIN identity_officers oo ON a.object_kind = 'officer' AND a.object_id = CAST(oo.id AS TEXT)
		LEFT JOIN identity_units ou ON a.object_kind = 'unit' AND a.object_id = CAST(ou.id AS TEXT)
		WHERE ` + where + fmt.Sprintf(` ORDER BY a.id DESC LIMIT %d`, limit)
	err = store.Select(ctx, q, text, args, func(r *sql.Rows) error {
		var a Recorded
		var detail string
		err := r.Scan(&a.ID, &a.At, &a.Officer, &a.Unit, &a.Act, &a.ObjectKind, &a.ObjectID, &detail, &a.Address,
			&a.OfficerName, &a.UnitCode, &a.Seq, &a.ObjectName)
		a.Detail = []byte(detail)
		list = append(list, a)
		return err
	})
	return list, err
}

// selectActs steps through the index from act to act, which reads a few rows where
// DISTINCT would read them all.
func selectActs(ctx context.Context, q store.Querier) (acts []string, err error) {
	for last := ""; ; {
		err := q.QueryRowContext(ctx, `SELECT act FROM identity_audit WHERE act > $1 ORDER BY act LIMIT 1`, last).Scan(&last)
		if err == sql.ErrNoRows {
			return acts, nil
		}
		if err != nil {
			return nil, err
		}
		acts = append(acts, last)
	}
}
