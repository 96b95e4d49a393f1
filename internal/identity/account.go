package identity

import (
	"context"
	"database/sql"
	"strings"

	"tidewaiter/internal/fault"
)

// ChangeProfile sets the viewer's own name and language. Errors: fault.Invalid with Problems.
func (s *Officers) ChangeProfile(ctx context.Context, name, language string) error {
	v, ok := From(ctx)
	if !ok || v.Officer.ID == 0 {
		return ErrNobody
	}
	name = strings.TrimSpace(name)
	var ps Problems
	checkName(&ps, name)
	checkLanguage(&ps, language)
	if err := ps.fault(); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := updateProfile(ctx, tx, v.Officer.ID, name, language); err != nil {
			return err
		}
		detail := map[string]any{"name": name, "language": language}
		return s.audit.Record(ctx, tx, officerEntry("officer.profile-changed", v.Officer.ID, detail))
	})
}

// SetLanguage sets the viewer's own language and nothing else; it is not on the trail.
// Errors: fault.Invalid with Problems.
func (s *Officers) SetLanguage(ctx context.Context, language string) error {
	v, ok := From(ctx)
	if !ok || v.Officer.ID == 0 {
		return ErrNobody
	}
	var ps Problems
	if checkLanguage(&ps, language); len(ps) > 0 {
		return ps.fault()
	}
	return updateProfile(ctx, s.db.Write, v.Officer.ID, v.Officer.Name, language)
}

// ChangePassword changes the viewer's own password and ends all of the viewer's
// sessions, this one included: the page opens a new one. Errors: fault.Invalid with
// Problems; fault.TooMany, since a stolen session must not serve to guess the password.
func (s *Officers) ChangePassword(ctx context.Context, current, fresh string) error {
	v, ok := From(ctx)
	if !ok || v.Officer.ID == 0 {
		return ErrNobody
	}
	o, encoded, err := selectOfficer(ctx, s.db.Read, "id", v.Officer.ID)
	if err != nil {
		return err
	}
	if code := passwordProblem(fresh, o.Username); code != "" {
		return problem(fault.Invalid, "password", code)
	}
	if normal(fresh) == normal(current) {
		return problem(fault.Invalid, "password", "password-same")
	}
	if err := s.throttle.take(ctx, o.Username, ""); err != nil {
		return err
	}
	match, _, err := s.hash.verify(ctx, encoded, current)
	if err != nil {
		return err
	}
	if !match {
		return problem(fault.Invalid, "current", "current-wrong")
	}
	replaced, err := s.hash.hash(ctx, fresh)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error { return s.replacePassword(ctx, tx, o, encoded, replaced) })
}

func (s *Officers) replacePassword(ctx context.Context, tx *sql.Tx, o Officer, old, replaced string) error {
	done, err := updatePassword(ctx, tx, o.ID, old, replaced, false)
	if err != nil {
		return err
	}
	if !done {
		return ErrStale
	}
	if err := s.throttle.forgive(ctx, tx, o.Username, ""); err != nil {
		return err
	}
	if err := revokeSessions(ctx, tx, o.ID, 0, s.now()); err != nil {
		return err
	}
	return s.audit.Record(ctx, tx, officerEntry("officer.password-changed", o.ID, nil))
}
