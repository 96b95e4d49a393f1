package identity

import "tidewaiter/internal/fault"

// Refusals of this package that have one sentence each. ErrCredentials stands with SignIn.
var (
	ErrNobody     = fault.New(fault.Denied, "sign in first")
	ErrClosed     = fault.New(fault.Denied, "this account is closed").WithHint("ask the head of your unit")
	ErrNoUnit     = fault.New(fault.Denied, "your account belongs to no unit").WithHint("ask an administrator")
	ErrOtherUnit  = fault.New(fault.Denied, "this belongs to another unit").WithHint("ask an administrator")
	ErrRank       = fault.New(fault.Denied, "your account may not give or take this role").WithHint("ask an administrator")
	ErrOwnRole    = fault.New(fault.Denied, "nobody changes their own role").WithHint("ask a colleague who may")
	ErrOwnAccount = fault.New(fault.Denied, "nobody closes or resets their own account").WithHint("ask a colleague who may")
	ErrAlsoThere  = fault.New(fault.Denied, "this officer belongs to another unit, too").WithHint("ask an administrator")
	ErrNotMember  = fault.New(fault.NotFound, "there is no such officer in this unit")
	ErrStale      = fault.New(fault.Conflict, "somebody else has changed this meanwhile").WithHint("load the page again")
	ErrCrowd      = fault.New(fault.TooMany, "too many people are signing in at once").WithHint("try again in a minute")
)
