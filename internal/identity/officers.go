package identity

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// Officers are the use-cases on officers and their memberships.
type Officers struct {
	db       *store.DB
	audit    *Audit
	now      func() time.Time
	hash     *hasher
	throttle *throttle
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

func officerEntry(act string, officer int64, detail any) Entry {
	return Entry{Act: act, ObjectKind: "officer", ObjectID: idText(officer), Detail: detail}
}

// Any reports whether there is an officer at all; a program that has none tells how to
// add the first.
func (s *Officers) Any(ctx context.Context) (bool, error) { return anyOfficer(ctx, s.db.Read) }

// Get returns the officer, or a fault.NotFound. It asks for no permission.
func (s *Officers) Get(ctx context.Context, id int64) (Officer, error) {
	o, _, err := selectOfficer(ctx, s.db.Read, "id", id)
	return o, err
}

// ByUsername returns the officer, or a fault.NotFound. It asks for no permission: it is
// for the command line, not for a page that a stranger reaches.
func (s *Officers) ByUsername(ctx context.Context, username string) (Officer, error) {
	o, _, err := selectOfficer(ctx, s.db.Read, "username", foldUsername(username))
	return o, err
}

// OfUnit returns the members of the unit by name. It asks for no permission beyond
// being a viewer of that unit: colleagues see each other (to assign a case).
func (s *Officers) OfUnit(ctx context.Context, unit int64) ([]Member, error) {
	v, ok := From(ctx)
	if !ok || !v.System && v.Unit.ID != unit {
		return nil, ErrOtherUnit
	}
	return selectMembers(ctx, s.db.Read, unit)
}

// Viewer returns who the officer is at work, for the unit when the officer may act for
// it, else for the first. Errors: fault.Denied for a closed account and for one that
// belongs to no unit; fault.NotFound.
func (s *Officers) Viewer(ctx context.Context, officer, unit int64) (Viewer, error) {
	o, _, err := selectOfficer(ctx, s.db.Read, "id", officer)
	if err != nil {
		return Viewer{}, err
	}
	if !o.Active {
		return Viewer{}, ErrClosed
	}
	ms, err := selectMemberships(ctx, s.db.Read, officer)
	if err != nil {
		return Viewer{}, err
	}
	if len(ms) == 0 {
		return Viewer{}, ErrNoUnit
	}
	all, err := selectUnits(ctx, s.db.Read)
	if err != nil {
		return Viewer{}, err
	}
	return viewerOf(o, ms, all, unit), nil
}

// viewerOf picks the unit and the role there.
func viewerOf(o Officer, ms []Membership, all []Unit, unit int64) Viewer {
	v := Viewer{Officer: o}
	roles := map[int64]Role{}
	for _, m := range ms {
		roles[m.Unit] = m.Role
	}
	v.System = roles[SystemUnit] == RoleAdministrator
	for _, u := range all {
		if v.System || roles[u.ID] != "" {
			v.Units = append(v.Units, u)
		}
	}
	if len(v.Units) > 0 {
		at := max(0, slices.IndexFunc(v.Units, func(u Unit) bool { return u.ID == unit }))
		v.Unit = v.Units[at]
	}
	v.Role = roles[v.Unit.ID]
	if v.System {
		v.Role = RoleAdministrator
	}
	return v
}

// Add opens an account with a membership in the unit (SystemUnit for an administrator
// of the system) and returns it, with a one-time password when n has none. Errors:
// fault.Denied; fault.Invalid with Problems; fault.Conflict with Problems when the user
// name is taken.
func (s *Officers) Add(ctx context.Context, unit int64, n NewOfficer) (Officer, string, error) {
	v, err := May(ctx, ManageOfficers)
	if err != nil {
		return Officer{}, "", err
	}
	if n, err = n.clean(); err != nil {
		return Officer{}, "", err
	}
	if err := v.mayGrant(unit, n.Role); err != nil {
		return Officer{}, "", err
	}
	password, oneTime := n.Password, ""
	if password == "" {
		oneTime = oneTimePassword()
		password = oneTime
	}
	encoded, err := s.hash.hash(ctx, password)
	if err != nil {
		return Officer{}, "", err
	}
	o := Officer{ID: store.NewID(), Username: n.Username, Name: n.Name, Language: n.Language, Active: true, MustChange: oneTime != ""}
	err = s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertOfficer(ctx, tx, o, encoded, s.now()); err != nil {
			return err
		}
		if err := s.join(ctx, tx, Membership{o.ID, unit, n.Role}); err != nil {
			return err
		}
		e := officerEntry("officer.added", o.ID, map[string]any{"username": o.Username, "name": o.Name, "role": n.Role})
		e.Unit = unit
		return s.audit.Record(ctx, tx, e)
	})
	if err != nil {
		return Officer{}, "", taken(err, "username", "username-taken")
	}
	return o, oneTime, nil
}

// Ensure returns the officer with n's user name, and adds it where there is none yet;
// an officer who is there is left as is, with password and memberships.
func (s *Officers) Ensure(ctx context.Context, unit int64, n NewOfficer) (Officer, error) {
	o, err := s.ByUsername(ctx, n.Username)
	if !fault.Is(err, fault.NotFound) {
		return o, err
	}
	o, _, err = s.Add(ctx, unit, n)
	return o, err
}

// join inserts the membership of a unit that exists.
func (s *Officers) join(ctx context.Context, tx *sql.Tx, m Membership) error {
	if m.Unit != SystemUnit {
		if _, err := selectUnit(ctx, tx, "id", m.Unit); err != nil {
			return err
		}
	}
	return insertMembership(ctx, tx, m)
}

// Join makes an officer of another unit a member of this one, too. Only the system's
// administrator may. Errors: fault.Denied, fault.NotFound, fault.Conflict.
func (s *Officers) Join(ctx context.Context, m Membership) error {
	v, err := May(ctx, ManageUnits)
	if err != nil {
		return err
	}
	if m.Role.rank() == 0 {
		return problem(fault.Invalid, "role", "role-unknown")
	}
	if err := v.mayGrant(m.Unit, m.Role); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		if _, _, err := selectOfficer(ctx, tx, "id", m.Officer); err != nil {
			return err
		}
		if err := s.join(ctx, tx, m); err != nil {
			return err
		}
		e := officerEntry("officer.joined", m.Officer, map[string]any{"role": m.Role})
		e.Unit = m.Unit
		return s.audit.Record(ctx, tx, e)
	})
}
