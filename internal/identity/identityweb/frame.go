package identityweb

import (
	"context"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
)

// Frame returns what stands around a page of the viewer in ctx: the unit, the person,
// and the menu items of identity's pages, which app puts behind its own.
func Frame(ctx context.Context) web.Frame {
	v, ok := identity.From(ctx)
	if !ok {
		return web.Frame{}
	}
	f := web.Frame{
		Unit: v.Unit.Name, Officer: v.Officer.Name, Role: roleName(ctx, v.Role, v.System),
		Account: "/account", SignOut: "/sign-out",
	}
	if !v.Officer.MustChange {
		f.Nav = nav(ctx, v)
	}
	return f
}

func nav(ctx context.Context, v identity.Viewer) []web.NavItem {
	var items []web.NavItem
	add := func(shown bool, item web.NavItem) {
		if shown {
			item.Apart = len(items) == 0
			item.Label = web.T(ctx, "identity.nav."+item.ID)
			items = append(items, item)
		}
	}
	add(v.Can(identity.ManageOfficers), web.NavItem{ID: "officers", Icon: "users", Href: "/officers"})
	add(v.Can(identity.ManageUnits), web.NavItem{ID: "units", Icon: "building", Href: "/units"})
	add(v.Can(identity.SeeAudit), web.NavItem{ID: "audit", Icon: "history", Href: "/audit"})
	add(len(v.Units) > 1, web.NavItem{ID: "unit", Icon: "switch-horizontal", Href: "/unit"})
	return items
}

// roleName says the role in the person's language.
func roleName(ctx context.Context, role identity.Role, system bool) string {
	if system {
		return web.T(ctx, "identity.role.system")
	}
	return web.T(ctx, "identity.role."+string(role))
}
