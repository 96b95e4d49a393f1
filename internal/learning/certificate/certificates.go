package certificate

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"strconv"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/certificate/badge"
	"tidewaiter/internal/store"
)

// Needs are what Certificates work with.
type Needs struct {
	DB    *store.DB
	Audit *identity.Audit
	Home  badge.Home // where certificates are verified; may be empty
}

// Certificates are the use-cases of those who earned certificates, of those who teach, and
// of anybody who is shown one.
type Certificates struct{ Needs }

// New returns the use-cases.
func New(n Needs) *Certificates { return &Certificates{n} }

var errNone = fault.New(fault.NotFound, "there is no such certificate")

// Issue gives out the certificate of an award, or returns the newest that was issued for
// the officer, course and version before. It asks for no permission: the program calls it
// when a course is completed. An award that says too little is a fault.Invalid.
func (s *Certificates) Issue(ctx context.Context, a Award) (Certificate, error) {
	a, err := a.clean()
	if err != nil {
		return Certificate{}, err
	}
	var c Certificate
	err = s.DB.InTx(ctx, func(tx *sql.Tx) error {
		var found bool
		if c, found, err = selectNewest(ctx, tx, a.Officer, a.Course, a.Version); found || err != nil {
			return err
		}
		if c, err = s.insert(ctx, tx, a, 1); err != nil {
			return err
		}
		e := entry("certificate.issued", c, nil)
		if _, asked := identity.From(ctx); !asked {
			e.Officer, e.Unit = a.Officer, a.UnitID
		}
		return s.Audit.Record(ctx, tx, e)
	})
	return c, err
}

// insert issues an edition of a certificate at a place of a status list that is free. Places
// are drawn, so that they tell nobody who came after whom (BSL §6.1).
func (s *Certificates) insert(ctx context.Context, tx *sql.Tx, a Award, edition int) (Certificate, error) {
	c := Certificate{ID: store.NewID(), Number: newNumber(), Award: a, Edition: edition, Issued: s.DB.Now()}
	c.At = store.Time(c.At)
	n, err := countCertificates(ctx, tx)
	if err != nil {
		return c, err
	}
	c.list = 1 + n/listFill
	for free := false; !free; {
		c.place = rand.IntN(badge.Places)
		if free, err = freePlace(ctx, tx, c.list, c.place); err != nil {
			return c, err
		}
	}
	return c, insertCertificate(ctx, tx, c)
}

// listFill is how many certificates go onto a list before the next one is begun: so few
// that drawing finds a free place soon.
const listFill = badge.Places * 3 / 4

// entry is an entry of the audit trail about a certificate.
func entry(act string, c Certificate, more map[string]any) identity.Entry {
	detail := map[string]any{"course": c.Course, "version": c.Version, "officer": strconv.FormatInt(c.Officer, 10)}
	for k, v := range more {
		detail[k] = v
	}
	return identity.Entry{Act: act, ObjectKind: "certificate", ObjectID: strconv.FormatInt(c.ID, 10), Detail: detail}
}

// Mine returns the viewer's certificates, the newest first.
func (s *Certificates) Mine(ctx context.Context) ([]Certificate, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, err
	}
	return selectCertificates(ctx, s.DB.Read, `officer_id = $1 ORDER BY id DESC`, v.Officer.ID)
}

// Page is a part of a unit's certificates.
type Page struct {
	Certificates []Certificate
	Next         int64 // Before of the next page; 0: this is the last
}

// OfUnit returns certificates that were earned in the viewer's unit, the newest first:
// those issued before one, and of holders whose name has the words; 0 and "" are all. It
// needs Teach.
func (s *Certificates) OfUnit(ctx context.Context, words string, before int64, limit int) (Page, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return Page{}, err
	}
	list, err := selectOfUnit(ctx, s.DB.Read, v.Unit.ID, words, before, limit+1)
	if err != nil {
		return Page{}, err
	}
	p := Page{Certificates: list}
	if len(list) > limit {
		p.Certificates = list[:limit]
		p.Next = list[limit-1].ID
	}
	return p, nil
}

// Get returns a certificate of the viewer's own or, for those who teach, of the viewer's
// unit; any other is a fault.NotFound.
func (s *Certificates) Get(ctx context.Context, id int64) (Certificate, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return Certificate{}, err
	}
	return s.get(ctx, s.DB.Read, id, func(c Certificate) bool { return c.Officer == v.Officer.ID || teaches(v, c) })
}

// teaches reports whether the viewer answers for a certificate.
func teaches(v identity.Viewer, c Certificate) bool {
	return v.Can(identity.Teach) && v.Unit.ID == c.UnitID
}

// MayChange reports whether the viewer may revoke a certificate and issue it anew.
func (s *Certificates) MayChange(ctx context.Context, c Certificate) bool {
	v, ok := identity.From(ctx)
	return ok && teaches(v, c)
}

func (s *Certificates) get(ctx context.Context, q store.Querier, id int64, may func(Certificate) bool) (Certificate, error) {
	list, err := selectCertificates(ctx, q, `id = $1`, id)
	if err != nil {
		return Certificate{}, err
	}
	if len(list) == 0 || !may(list[0]) {
		return Certificate{}, errNone
	}
	return list[0], nil
}

// Revoke ends a certificate's validity, for a reason. It needs Teach, in the unit where the
// certificate was earned; one that is revoked already is a fault.Conflict.
func (s *Certificates) Revoke(ctx context.Context, id int64, reason string) error {
	reason, err := cleanReason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, id, func(tx *sql.Tx, v identity.Viewer, c Certificate) error {
		return s.revoke(ctx, tx, v, c, reason, 0, "certificate.revoked")
	})
}

// Reissue issues a certificate anew with the holder's name as it should be, and revokes
// the old one. Permission and errors are those of Revoke, and a name or reason that is
// missing is a fault.Invalid.
func (s *Certificates) Reissue(ctx context.Context, id int64, name, reason string) (Certificate, error) {
	reason, err := cleanReason(reason)
	if err != nil {
		return Certificate{}, err
	}
	if name, err = cleanName(name); err != nil {
		return Certificate{}, err
	}
	var next Certificate
	err = s.change(ctx, id, func(tx *sql.Tx, v identity.Viewer, old Certificate) error {
		a := old.Award
		a.Name = name
		if next, err = s.insert(ctx, tx, a, old.Edition+1); err != nil {
			return err
		}
		if err := s.revoke(ctx, tx, v, old, reason, next.ID, "certificate.replaced"); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, entry("certificate.issued", next, map[string]any{"edition": next.Edition}))
	})
	return next, err
}

// change runs fn on a certificate that the viewer answers for and that is good.
func (s *Certificates) change(ctx context.Context, id int64, fn func(*sql.Tx, identity.Viewer, Certificate) error) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *sql.Tx) error {
		c, err := s.get(ctx, tx, id, func(c Certificate) bool { return teaches(v, c) })
		if err != nil {
			return err
		}
		return fn(tx, v, c)
	})
}

func (s *Certificates) revoke(ctx context.Context, tx *sql.Tx, v identity.Viewer, c Certificate, reason string, replacedBy int64, act string) error {
	done, err := updateRevoked(ctx, tx, c.ID, s.DB.Now(), v.Officer.ID, store.Text(reason), replacedBy)
	if err != nil {
		return err
	}
	if !done {
		return fault.New(fault.Conflict, "this certificate has been revoked already")
	}
	return s.Audit.Record(ctx, tx, entry(act, c, map[string]any{"reason": reason}))
}

// Find returns the certificate with a number, as ParseNumber gives it, for whoever asks
// from the address. Numbers that are not there are counted: after a few, the address waits
// (fault.TooMany with a *Wait as its cause). A number that is not there is a fault.NotFound.
func (s *Certificates) Find(ctx context.Context, number, address string) (Certificate, error) {
	if err := s.admit(ctx, address); err != nil {
		return Certificate{}, err
	}
	list, err := selectCertificates(ctx, s.DB.Read, `number = $1`, store.Text(number))
	if err != nil {
		return Certificate{}, err
	}
	if len(list) == 0 {
		return Certificate{}, s.missed(ctx, address)
	}
	return list[0], nil
}
