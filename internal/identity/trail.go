package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tidewaiter/internal/store"
)

// AuditFilter picks entries; a zero field picks all.
type AuditFilter struct {
	Unit       int64
	Officer    int64
	Act        string
	ObjectKind string
	ObjectID   string
	From, To   time.Time // To is not included
	Before     int64     // entries older than this id: the Next of a page
	Limit      int       // 50 when zero, 500 at most
}

// where renders the filter as conditions with their arguments.
func (f AuditFilter) where() (string, []any) {
	conditions, args := []string{"1 = 1"}, []any{}
	add := func(set bool, condition string, arg any) {
		if set {
			args = append(args, arg)
			conditions = append(conditions, fmt.Sprintf("%s $%d", condition, len(args)))
		}
	}
	add(f.Unit != 0, "a.unit_id =", f.Unit)
	add(f.Officer != 0, "a.officer_id =", f.Officer)
	add(f.Act != "", "a.act =", f.Act)
	add(f.ObjectKind != "", "a.object_kind =", f.ObjectKind)
	add(f.ObjectID != "", "a.object_id =", f.ObjectID)
	add(!f.From.IsZero(), "a.at >=", store.Time(f.From))
	add(!f.To.IsZero(), "a.at <", store.Time(f.To))
	add(f.Before != 0, "a.id <", f.Before)
	return strings.Join(conditions, " AND "), args
}

// Recorded is an entry as it is listed.
type Recorded struct {
	ID          int64
	At          time.Time
	Officer     int64
	OfficerName string // empty for the console, and for nobody
	Unit        int64
	UnitCode    string
	Act         string
	ObjectKind  string
	ObjectID    string
	ObjectName  string // of an officer or a unit; empty for other domains' objects
	Detail      json.RawMessage
	Address     string
	Seq         int64 // its place in the chain; 0 while it waits to be sealed
}

// AuditPage is a page of the trail, the latest first. Next is 0 on the last page.
type AuditPage struct {
	Entries []Recorded
	Next    int64
}

// List returns entries of the viewer's unit, or of any for the system's administrator.
// Errors: fault.Denied.
func (a *Audit) List(ctx context.Context, f AuditFilter) (AuditPage, error) {
	v, err := May(ctx, SeeAudit)
	if err != nil {
		return AuditPage{}, err
	}
	if !v.System {
		if f.Unit != 0 && f.Unit != v.Unit.ID {
			return AuditPage{}, ErrOtherUnit
		}
		f.Unit = v.Unit.ID
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, 500)
	entries, err := selectAudit(ctx, a.db.Read, f, f.Limit+1)
	if err != nil {
		return AuditPage{}, err
	}
	p := AuditPage{Entries: entries}
	if len(entries) > f.Limit {
		p.Entries = entries[:f.Limit]
		p.Next = p.Entries[f.Limit-1].ID
	}
	return p, nil
}

// Acts returns every act that is on the trail, in order. Errors: fault.Denied.
func (a *Audit) Acts(ctx context.Context) ([]string, error) {
	if _, err := May(ctx, SeeAudit); err != nil {
		return nil, err
	}
	return selectActs(ctx, a.db.Read)
}
