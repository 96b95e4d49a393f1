package identity

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Role is what an officer does in a unit.
type Role string

// The roles, from the narrowest to the widest.
const (
	RoleOfficer       Role = "officer"       // works on cargo
	RoleHead          Role = "head"          // also answers for the unit: its officers, lists and trail
	RoleAdministrator Role = "administrator" // also for the system, when a member of unit 0
)

// Roles are all roles, from the narrowest to the widest.
var Roles = []Role{RoleOfficer, RoleHead, RoleAdministrator}

// rank is 1 to 3, or 0 for a role that is none.
func (r Role) rank() int { return slices.Index(Roles, r) + 1 }

// SystemUnit is the unit id of a membership that holds for the whole system.
const SystemUnit int64 = 0

// Officer is a person with an account.
type Officer struct {
	ID         int64
	Username   string // an email address or a short name, in lower case
	Name       string
	Language   string
	Active     bool
	MustChange bool      // signed in with a one-time password; chooses a new one first
	SignedInAt time.Time // zero: never
}

// Membership says that the officer has the role in the unit.
type Membership struct {
	Officer int64
	Unit    int64
	Role    Role
}

// Member is an officer of a unit, with the role there.
type Member struct {
	Officer
	Role Role
}

// NewOfficer is what is needed to open an account. With an empty Password the officer
// gets a one-time password.
type NewOfficer struct {
	Username string
	Name     string
	Language string
	Role     Role
	Password string
}

var usernameForm = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._+@-]{1,99}$`)

// foldUsername returns the name as it is stored and compared.
func foldUsername(s string) string { return strings.ToLower(strings.TrimSpace(normal(s))) }

// clean returns the new officer as it is stored, and what is wrong with it.
func (n NewOfficer) clean() (NewOfficer, error) {
	n.Username = foldUsername(n.Username)
	n.Name = strings.TrimSpace(n.Name)
	var ps Problems
	checkName(&ps, n.Name)
	if !usernameForm.MatchString(n.Username) {
		ps.add("username", "username-form")
	}
	checkLanguage(&ps, n.Language)
	if n.Role.rank() == 0 {
		ps.add("role", "role-unknown")
	}
	if n.Password != "" {
		if code := passwordProblem(n.Password, n.Username); code != "" {
			ps.add("password", code)
		}
	}
	return n, ps.fault()
}
