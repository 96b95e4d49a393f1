package identity

import (
	"context"
	"maps"
	"slices"

	"tidewaiter/internal/fault"
)

// Viewer is an officer at work: signed in, and acting for one unit.
type Viewer struct {
	Officer Officer
	Unit    Unit   // zero when there is no unit yet
	Role    Role   // in Unit
	System  bool   // an administrator of the whole system
	Units   []Unit // those that the officer may switch to
	Session int64  // 0 outside of a session
	Address string // where the request came from, for the trail
}

type viewerKey struct{}

// With returns a context in which v acts.
func With(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// From returns who acts in ctx, and false where nobody does.
func From(ctx context.Context) (Viewer, bool) {
	v, ok := ctx.Value(viewerKey{}).(Viewer)
	return v, ok
}

// Console is the viewer for what runs without a person at a page: the command line,
// the demo, a watched folder. It may do everything, and the trail shows officer 0.
func Console(unit Unit) Viewer {
	return Viewer{Unit: unit, Role: RoleAdministrator, System: true, Address: "console"}
}

// Action is something that needs a permission.
type Action string

// The actions. Each has its line in the table of permissions.
const (
	SeeQueue       Action = "see-queue"       // queue, consignments, imports of the unit
	Import         Action = "import"          // bring in files
	Mend           Action = "mend"            // correct and retry what was quarantined
	Decide         Action = "decide"          // open, assign and conclude cases
	EditLists      Action = "edit-lists"      // lists, weights and capacity of the unit's targeting
	ManageOfficers Action = "manage-officers" // of the own unit
	Learn          Action = "learn"           // take courses and exercises, see the own record
	Teach          Action = "teach"           // enrol, bring in packages, see the learners' progress
	SeeAudit       Action = "see-audit"       // of the own unit; of all for the system's administrator
	ManageUnits    Action = "manage-units"    // add and change units
)

// permission is the narrowest role that may, and whether the membership must be of the
// whole system.
type permission struct {
	least  Role
	system bool
	what   fault.Phrase
}

var permissions = map[Action]permission{
	SeeQueue:       {least: RoleOfficer, what: fault.Say("see the cargo of this unit")},
	Import:         {least: RoleOfficer, what: fault.Say("import files")},
	Mend:           {least: RoleOfficer, what: fault.Say("mend quarantined records")},
	Decide:         {least: RoleOfficer, what: fault.Say("decide about consignments")},
	EditLists:      {least: RoleHead, what: fault.Say("change the lists and weights of this unit")},
	ManageOfficers: {least: RoleHead, what: fault.Say("manage the officers of this unit")},
	Learn:          {least: RoleOfficer, what: fault.Say("take courses")},
	Teach:          {least: RoleHead, what: fault.Say("enrol learners and see their progress")},
	SeeAudit:       {least: RoleHead, what: fault.Say("see the audit trail")},
	ManageUnits:    {least: RoleAdministrator, system: true, what: fault.Say("manage units")},
}

// May returns nil when v may do the action, else a fault.Denied that says so.
func (v Viewer) May(a Action) error {
	p, known := permissions[a]
	if !known {
		return fault.New(fault.Denied, "nobody may %q: there is no such action", string(a))
	}
	if v.System {
		return nil
	}
	if p.system || v.Role.rank() < p.least.rank() {
		who := fault.Say("the head of the unit")
		if p.system {
			who = fault.Say("the administrator of the system")
		}
		return fault.New(fault.Denied, "your account may not %s", p.what).WithHint("ask %s", who)
	}
	return nil
}

// Can is May for a page that shows or hides a link.
func (v Viewer) Can(a Action) bool { return v.May(a) == nil }

// May returns the viewer in ctx when it may do the action, else a fault.Denied.
func May(ctx context.Context, a Action) (Viewer, error) {
	v, ok := From(ctx)
	if !ok {
		return Viewer{}, ErrNobody
	}
	return v, v.May(a)
}

// mayGrant tells whether v may give the role in the unit: nobody gives more than they
// hold, and only the system's administrator gives a role in another unit.
func (v Viewer) mayGrant(unit int64, role Role) error {
	if err := v.May(ManageOfficers); err != nil {
		return err
	}
	switch {
	case unit == SystemUnit && role != RoleAdministrator:
		return problem(fault.Invalid, "role", "role-unknown")
	case v.System:
		return nil
	case unit != v.Unit.ID:
		return ErrOtherUnit
	case role.rank() > v.Role.rank():
		return ErrRank
	}
	return nil
}

// Grantable returns the roles that v may give in its unit.
func (v Viewer) Grantable() []Role {
	var roles []Role
	for _, r := range Roles {
		if v.mayGrant(v.Unit.ID, r) == nil {
			roles = append(roles, r)
		}
	}
	return roles
}

// Actions returns every action, for the check that each language has a sentence for it.
func Actions() []Action {
	return slices.Sorted(maps.Keys(permissions))
}
