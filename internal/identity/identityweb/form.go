package identityweb

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// fieldErrors says the problems of err in the person's language; none for another error.
func fieldErrors(ctx context.Context, err error) []c.FieldError {
	var out []c.FieldError
	for _, p := range identity.ProblemsOf(err) {
		out = append(out, c.FieldError{Field: p.Field, Text: web.T(ctx, "identity.problem."+p.Code)})
	}
	return out
}

// throttled says the wait that err asks for, or "".
func throttled(ctx context.Context, w http.ResponseWriter, err error) string {
	var wait *identity.Wait
	if !errors.As(err, &wait) {
		return ""
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(wait.For.Seconds())))
	return web.T(ctx, "identity.throttled", "Wait", web.Duration(ctx, wait.For))
}

// pathID returns the id in the address, or a fault.NotFound.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "%s", web.T(r.Context(), "web.error.notfound.detail"))
	}
	return id, nil
}

func languageOptions() []c.Option {
	var out []c.Option
	for _, l := range web.Languages {
		out = append(out, c.Option{Value: string(l), Label: l.Name()})
	}
	return out
}

func roleOptions(ctx context.Context, roles []identity.Role) []c.Option {
	var out []c.Option
	for _, r := range roles {
		out = append(out, c.Option{Value: string(r), Label: roleName(ctx, r, false), Hint: web.T(ctx, "identity.role."+string(r)+".hint")})
	}
	return out
}

// idText writes an id as it stands in an address.
func idText(id int64) string { return strconv.FormatInt(id, 10) }
