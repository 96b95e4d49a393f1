package identity

import (
	"context"
	"database/sql"

	"tidewaiter/internal/fault"
)

// SetRole changes the role of a member of the unit. Nobody changes their own, so there
// is always somebody left who may. Errors: fault.Denied, fault.Invalid, fault.NotFound,
// and fault.Conflict when somebody else has changed it meanwhile.
func (s *Officers) SetRole(ctx context.Context, m Membership) error {
	if m.Role.rank() == 0 {
		return problem(fault.Invalid, "role", "role-unknown")
	}
	return s.changeMembership(ctx, m.Officer, m.Unit, func(tx *sql.Tx, v Viewer, old Role) error {
		if err := v.mayGrant(m.Unit, m.Role); err != nil {
			return err
		}
		if err := updateMembership(ctx, tx, m, old); err != nil {
			return err
		}
		e := officerEntry("officer.role-changed", m.Officer, map[string]any{"from": old, "to": m.Role})
		e.Unit = m.Unit
		return s.audit.Record(ctx, tx, e)
	})
}

// Leave ends a membership in the unit; the account stays. Errors: as of SetRole.
func (s *Officers) Leave(ctx context.Context, officer, unit int64) error {
	return s.changeMembership(ctx, officer, unit, func(tx *sql.Tx, v Viewer, old Role) error {
		if err := deleteMembership(ctx, tx, Membership{officer, unit, old}); err != nil {
			return err
		}
		e := officerEntry("officer.left", officer, map[string]any{"role": old})
		e.Unit = unit
		return s.audit.Record(ctx, tx, e)
	})
}

// changeMembership runs fn in a transaction with the role that the officer has, which
// the viewer in ctx may take away.
func (s *Officers) changeMembership(ctx context.Context, officer, unit int64, fn func(*sql.Tx, Viewer, Role) error) error {
	v, err := May(ctx, ManageOfficers)
	if err != nil {
		return err
	}
	if officer == v.Officer.ID {
		return ErrOwnRole
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		ms, err := selectMemberships(ctx, tx, officer)
		if err != nil {
			return err
		}
		for _, m := range ms {
			if m.Unit != unit {
				continue
			}
			if err := v.mayGrant(unit, m.Role); err != nil {
				return err
			}
			return fn(tx, v, m.Role)
		}
		return ErrNotMember
	})
}

// mayManage tells whether v may close or reset an account with these memberships: an
// account that is also another unit's is not for one head to close.
func (v Viewer) mayManage(ms []Membership) error {
	if err := v.May(ManageOfficers); err != nil || v.System {
		return err
	}
	here := false
	for _, m := range ms {
		here = here || m.Unit == v.Unit.ID
	}
	if !here {
		return ErrNotMember
	}
	for _, m := range ms {
		if m.Unit != v.Unit.ID {
			return ErrAlsoThere
		}
		if err := v.mayGrant(m.Unit, m.Role); err != nil {
			return err
		}
	}
	return nil
}

// changeAccount runs fn in a transaction on an account that the viewer in ctx may manage.
func (s *Officers) changeAccount(ctx context.Context, officer int64, fn func(*sql.Tx, Officer) error) error {
	v, err := May(ctx, ManageOfficers)
	if err != nil {
		return err
	}
	if officer == v.Officer.ID {
		return ErrOwnAccount
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		o, _, err := selectOfficer(ctx, tx, "id", officer)
		if err != nil {
			return err
		}
		ms, err := selectMemberships(ctx, tx, officer)
		if err != nil {
			return err
		}
		if err := v.mayManage(ms); err != nil {
			return err
		}
		return fn(tx, o)
	})
}

// SetActive closes the account, which ends its sessions, or opens it again. Errors:
// fault.Denied, fault.NotFound.
func (s *Officers) SetActive(ctx context.Context, officer int64, active bool) error {
	return s.changeAccount(ctx, officer, func(tx *sql.Tx, o Officer) error {
		if err := updateActive(ctx, tx, officer, active); err != nil {
			return err
		}
		act := "officer.opened"
		if !active {
			act = "officer.closed"
			if err := revokeSessions(ctx, tx, officer, 0, s.now()); err != nil {
				return err
			}
		}
		return s.audit.Record(ctx, tx, officerEntry(act, officer, nil))
	})
}

// ResetPassword gives the officer a one-time password, which it returns, and ends the
// officer's sessions. Errors: fault.Denied, fault.NotFound.
func (s *Officers) ResetPassword(ctx context.Context, officer int64) (string, error) {
	if _, err := May(ctx, ManageOfficers); err != nil {
		return "", err // before the cost of a hash
	}
	oneTime := oneTimePassword()
	encoded, err := s.hash.hash(ctx, oneTime)
	if err != nil {
		return "", err
	}
	err = s.changeAccount(ctx, officer, func(tx *sql.Tx, o Officer) error {
		if err := resetPassword(ctx, tx, officer, encoded); err != nil {
			return err
		}
		if err := revokeSessions(ctx, tx, officer, 0, s.now()); err != nil {
			return err
		}
		if err := deleteThrottle(ctx, tx, accountSubject(o.Username)); err != nil {
			return err
		}
		return s.audit.Record(ctx, tx, officerEntry("officer.password-reset", officer, nil))
	})
	if err != nil {
		return "", err
	}
	return oneTime, nil
}
