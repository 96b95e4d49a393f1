package app

import (
	"context"

	"tidewaiter/internal/identity/identityweb"
	"tidewaiter/internal/web"
)

// routes registers the pages of all domains.
func (a *App) routes(site *web.Site, accounts *identityweb.Pages) {
}

// frame is what stands around a page: the menu of the domains before identity's own.
func (a *App) frame(ctx context.Context) web.Frame {
	return identityweb.Frame(ctx)
}
