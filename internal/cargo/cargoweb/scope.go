package cargoweb

import (
	"context"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
)

type scopeKey struct{}

// WithScope returns a context whose pages work in the scope.
func WithScope(ctx context.Context, scope cargo.Scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, scope)
}

// ScopeOf returns the scope that the pages of the context work in. Without one nobody
// may see any consignment: fault.Denied.
func ScopeOf(ctx context.Context) (cargo.Scope, error) {
	scope, ok := ctx.Value(scopeKey{}).(cargo.Scope)
	if !ok {
		return scope, fault.New(fault.Denied, "you are not working in any unit's traffic").WithHint("choose a unit first")
	}
	return scope, nil
}
