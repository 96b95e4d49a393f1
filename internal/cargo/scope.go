package cargo

// ScopeID names the traffic that a consignment belongs to: a unit's live traffic,
// or an exercise. Nothing ever crosses from one scope into another.
type ScopeID int64

// ScopeKind says whether a scope is real.
type ScopeKind string

// Kinds of scope.
const (
	Live     ScopeKind = "live"
	Exercise ScopeKind = "exercise"
)

// Scope is a body of traffic that is worked as one.
type Scope struct {
	ID    ScopeID
	Kind  ScopeKind
	Unit  int64 // the unit whose traffic or exercise it is
	Title string
}
