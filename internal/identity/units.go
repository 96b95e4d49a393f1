package identity

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// Units are the use-cases on units.
type Units struct {
	db    *store.DB
	audit *Audit
	now   func() time.Time
}

// Get returns the unit, or a fault.NotFound. It asks for no permission: a unit's name
// is no secret among officers.
func (s *Units) Get(ctx context.Context, id int64) (Unit, error) {
	return selectUnit(ctx, s.db.Read, "id", id)
}

// ByCode returns the unit with the code, or a fault.NotFound.
func (s *Units) ByCode(ctx context.Context, code string) (Unit, error) {
	return selectUnit(ctx, s.db.Read, "code", code)
}

// All returns all units in the order of their codes. It asks for no permission.
func (s *Units) All(ctx context.Context) ([]Unit, error) { return selectUnits(ctx, s.db.Read) }

// Add adds a unit and returns it with its id. Errors: fault.Denied; fault.Invalid with
// Problems; fault.Conflict with Problems when the code is taken.
func (s *Units) Add(ctx context.Context, u Unit) (Unit, error) {
	if _, err := May(ctx, ManageUnits); err != nil {
		return Unit{}, err
	}
	u, err := u.clean()
	if err != nil {
		return Unit{}, err
	}
	u.ID, u.Version = store.NewID(), 1
	err = s.db.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertUnit(ctx, tx, u, s.now()); err != nil {
			return err
		}
		return s.audit.Record(ctx, tx, unitEntry("unit.added", u))
	})
	return u, taken(err, "code", "code-taken")
}

// Ensure returns the unit with u's code, and adds it where there is none yet.
func (s *Units) Ensure(ctx context.Context, u Unit) (Unit, error) {
	old, err := s.ByCode(ctx, u.Code)
	if !fault.Is(err, fault.NotFound) {
		return old, err
	}
	return s.Add(ctx, u)
}

// Change saves the unit. Errors: as of Add, and a fault.Conflict when somebody has
// changed it since u.Version, and fault.NotFound.
func (s *Units) Change(ctx context.Context, u Unit) (Unit, error) {
	if _, err := May(ctx, ManageUnits); err != nil {
		return Unit{}, err
	}
	u, err := u.clean()
	if err != nil {
		return Unit{}, err
	}
	err = s.db.InTx(ctx, func(tx *sql.Tx) error {
		if _, err := selectUnit(ctx, tx, "id", u.ID); err != nil {
			return err
		}
		if err := updateUnit(ctx, tx, u); err != nil {
			return err
		}
		return s.audit.Record(ctx, tx, unitEntry("unit.changed", u))
	})
	u.Version++
	return u, taken(err, "code", "code-taken")
}

func unitEntry(act string, u Unit) Entry {
	return Entry{Act: act, Unit: u.ID, ObjectKind: "unit", ObjectID: idText(u.ID), Detail: map[string]any{
		"code": u.Code, "name": u.Name, "country": u.Country, "place": u.Place,
		"timezone": u.Timezone, "language": u.Language,
	}}
}

// taken turns a unique violation into the problem of the field.
func taken(err error, field, code string) error {
	if fault.Is(err, fault.Conflict) && store.IsUnique(err) {
		return problem(fault.Conflict, field, code)
	}
	return err
}

// absent turns sql.ErrNoRows into a fault.NotFound.
func absent(err error, sentence fault.Phrase) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "%s", sentence)
	}
	return err
}
