package identity

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
)

// The table of permissions, as a person would say it.
func TestPermissions(t *testing.T) {
	roles := map[string]Viewer{
		"stranger":      {},
		"officer":       {Role: RoleOfficer},
		"head":          {Role: RoleHead},
		"administrator": {Role: RoleAdministrator},
		"system":        {Role: RoleAdministrator, System: true},
	}
	may := map[Action]string{
		SeeQueue: "officer head administrator system", Import: "officer head administrator system",
		Mend: "officer head administrator system", Decide: "officer head administrator system",
		EditLists: "head administrator system", ManageOfficers: "head administrator system",
		Learn: "officer head administrator system", Teach: "head administrator system",
		SeeAudit: "head administrator system", ManageUnits: "system", "fly": "",
	}
	for a := range permissions {
		if _, listed := may[a]; !listed {
			t.Errorf("%s is in no test", a)
		}
	}
	for a, who := range may {
		for name, v := range roles {
			err := v.May(a)
			if want := slices.Contains(strings.Fields(who), name); want != (err == nil) || !want && !fault.Is(err, fault.Denied) {
				t.Errorf("%s by %s: %v", a, name, err)
			}
		}
	}
	if _, err := May(context.Background(), SeeQueue); !fault.Is(err, fault.Denied) {
		t.Errorf("nobody: %v", err)
	}
}

// A wider role may all that a narrower one may, and nobody grants more than they hold.
func TestRolesNest(t *testing.T) {
	actions := []Action{"nothing"}
	for a := range permissions {
		actions = append(actions, a)
	}
	rapid.Check(t, func(t *rapid.T) {
		narrow := Viewer{Role: rapid.SampledFrom(Roles).Draw(t, "narrow"), Unit: Unit{ID: 1}}
		wide := Viewer{Role: rapid.SampledFrom(Roles).Draw(t, "wide"), Unit: Unit{ID: 1}, System: rapid.Bool().Draw(t, "system")}
		a := rapid.SampledFrom(actions).Draw(t, "action")
		if wide.Role.rank() >= narrow.Role.rank() && narrow.Can(a) && !wide.Can(a) {
			t.Fatalf("%s may %s, %s may not", narrow.Role, a, wide.Role)
		}
		unit, role := rapid.Int64Range(0, 2).Draw(t, "unit"), rapid.SampledFrom(Roles).Draw(t, "role")
		if narrow.mayGrant(unit, role) == nil && (unit != 1 || role.rank() > narrow.Role.rank() || !narrow.Can(ManageOfficers)) {
			t.Fatalf("%s may make a %s in unit %d", narrow.Role, role, unit)
		}
		if wide.System && (wide.mayGrant(unit, role) == nil) != (unit != SystemUnit || role == RoleAdministrator) {
			t.Fatalf("system, %s in unit %d", role, unit)
		}
	})
}
